// SPDX-License-Identifier: Apache-2.0
/* Where objects come from, with testdata/bundle/: bytes that are no ELF file, for nothing is loaded here. */
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "source.h"
#include "support.h"

static struct rt_error e;
static struct rt_buf got;

static const char *data(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/testdata/bundle/%s", getenv("TPC_SOURCE_ROOT"), name);
	return path;
}

static void setup(void)
{
	e = (struct rt_error){ 0 };
	got = (struct rt_buf){ 0 };
}

static void teardown(void)
{
	rt_buf_free(&got);
}

static struct sign_key key(const char *name)
{
	struct sign_key k;

	ck_assert_msg(!source_read_key(data(name), &k, &e), "%s", e.text);
	return k;
}

static void refused(const char *name, const struct sign_key *k, const char *says)
{
	ck_assert_msg(source_read(data(name), k, &got, &e), "%s was taken", name);
	ck_assert_int_eq(e.status, RT_INPUT);
	ck_assert_msg(strstr(e.text, says) != NULL, "'%s' does not say '%s'", e.text, says);
	rt_buf_free(&got);
}

static bool known_machine(void)
{
	struct utsname u;

	return !uname(&u) && bundle_arch(u.machine);
}

START_TEST(keys)
{
	struct sign_key k;

	key("key.pub");
	ck_assert(source_read_key(data("message"), &k, &e));
	ck_assert_int_eq(e.status, RT_INPUT);
	ck_assert_int_eq(source_read_key(data("signed.tar"), &k, &e), -EFBIG);
	ck_assert_int_eq(source_read_key(data("none"), &k, &e), -ENOENT);
}
END_TEST

START_TEST(files)
{
	struct sign_key k = key("key.pub"), other = key("other.pub");

	ck_assert_msg(!source_read(data("message"), NULL, &got, &e), "%s", e.text);
	rt_buf_free(&got);
	ck_assert_msg(!source_read(data("message"), &k, &got, &e), "%s", e.text);
	ck_assert_str_eq(got.s, "the bytes of an object");
	rt_buf_free(&got);
	refused("message", &other, "not loaded: signed with key");
	refused("key.pub", &k, "key.pub.sig' cannot be read: No such file");
	refused("none", NULL, "cannot be read: No such file");
}
END_TEST

/* A file's signature beside other bytes. */
START_TEST(exchanged)
{
	static const char *const texts[] = { "the bytes of an objecT", "the bytes of an object\n", "" };
	struct sign_key k = key("key.pub");
	char path[] = "/tmp/tpc-source-XXXXXX", sig[sizeof(path) + 4];
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	snprintf(sig, sizeof(sig), "%s.sig", path);
	ck_assert_int_eq(symlink(data("message.sig"), sig), 0);
	for (size_t i = 0; i < RT_ARRAY_LEN(texts); i++) {
		ck_assert_int_eq(ftruncate(fd, 0), 0);
		ck_assert_int_eq(pwrite(fd, texts[i], strlen(texts[i]), 0), (ssize_t)strlen(texts[i]));
		ck_assert(source_read(path, &k, &got, &e));
		ck_assert_msg(strstr(e.text, "not loaded: the signature is not of these bytes") != NULL, "%s",
			      e.text);
		rt_buf_free(&got);
	}
	close(fd);
	unlink(path);
	unlink(sig);
}
END_TEST

START_TEST(archives)
{
	struct sign_key k = key("key.pub"), other = key("other.pub");
	char want[64];
	struct utsname u;

	if (!known_machine())
		return;
	uname(&u);
	snprintf(want, sizeof(want), "object for %s", bundle_arch(u.machine));
	ck_assert_msg(!source_read(data("unsigned.tar"), NULL, &got, &e), "%s", e.text);
	ck_assert_str_eq(got.s, want);
	rt_buf_free(&got);
	ck_assert_msg(!source_read(data("signed.tar"), &k, &got, &e), "%s", e.text);
	ck_assert_str_eq(got.s, want);
	rt_buf_free(&got);
	refused("unsigned.tar", &k, "not loaded: the image is not signed");
	refused("signed.tar", &other, "not loaded: signed with key");
}
END_TEST

START_TEST(another_machine)
{
	refused("s390x.tar", NULL, "linux/s390x");
	refused("s390x.tar", NULL, "no image for this machine");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("source");
	TCase *t = tcase_create("source");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, keys);
	tcase_add_test(t, files);
	tcase_add_test(t, exchanged);
	tcase_add_test(t, archives);
	tcase_add_test(t, another_machine);
	suite_add_tcase(s, t);
	return support_run(s);
}
