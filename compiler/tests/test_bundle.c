// SPDX-License-Identifier: Apache-2.0
/* Archives as they are written and read again, and keys. The object in them is any bytes: only the commands look into it. */
#include <errno.h>
#include <string.h>

#include "bundle/image.h"
#include "bundle/pack.h"
#include "suite.h"

static struct tpc_ctx ctx;
static char object_a[5000], object_b[70000];

static void setup(void)
{
	ck_assert_int_eq(tpc_ctx_init(&ctx, (size_t)256 << 20), 0);
	for (size_t i = 0; i < sizeof(object_a); i++)
		object_a[i] = (char)(i * i >> 3);
	memset(object_b, 'b', sizeof(object_b));
}

static void teardown(void)
{
	tpc_ctx_done(&ctx);
}

static struct image_object object(const char *arch, const char *name, const void *data, size_t len)
{
	return (struct image_object){ .path = name,
				      .name = name,
				      .data = data,
				      .len = len,
				      .arch = arch,
				      .programs = "{\"p\":\"lsm\"}",
				      .maps = "{}",
				      .manifest = "{\"abi\":1}" };
}

static struct tpc_buf build(const struct image_object *objects, uint32_t n, const struct secret_key *key)
{
	struct image_opts o = { .objects = objects, .nobjects = n, .tag = "latest", .epoch = 7, .key = key };
	struct tpc_buf out = TPC_BUF(ctx.arena);

	ck_assert_int_eq(image_build(&ctx, &o, &out), 0);
	return out;
}

START_TEST(one_image_comes_back)
{
	struct image_object o = object("amd64", "a.bpf.o", object_a, sizeof(object_a));
	struct tpc_buf out = build(&o, 1, NULL), again = build(&o, 1, NULL);
	struct bundle_error e;
	struct bundle b;

	ck_assert_uint_eq(out.len, again.len);
	ck_assert_mem_eq(out.data, again.data, out.len);
	ck_assert(bundle_is_archive(out.data, out.len));
	ck_assert_msg(!bundle_open(out.data, out.len, &b, &e), "%s", e.text);
	ck_assert_uint_eq(b.nimages, 1);
	ck_assert_str_eq(b.images[0].arch, "amd64");
	ck_assert_str_eq(b.images[0].object_name, "a.bpf.o");
	ck_assert_uint_eq(b.images[0].object_len, sizeof(object_a));
	ck_assert_mem_eq(b.images[0].object, object_a, sizeof(object_a));
	ck_assert_str_eq(json_string_value(json_object_get(b.images[0].labels, BUNDLE_LABEL_PROGRAMS)),
			 o.programs);
	ck_assert_ptr_null(b.images[0].signature);
	ck_assert_uint_eq(b.images[0].nlayers, 1);
	bundle_close(&b);
}
END_TEST

START_TEST(two_images_in_any_order)
{
	struct image_object ab[] = { object("amd64", "a.o", object_a, sizeof(object_a)),
				     object("arm64", "a.o", object_b, sizeof(object_b)) };
	struct image_object ba[] = { ab[1], ab[0] };
	struct tpc_buf out = build(ab, 2, NULL), other = build(ba, 2, NULL);
	struct bundle_error e;
	struct bundle b;

	ck_assert_uint_eq(out.len, other.len);
	ck_assert_mem_eq(out.data, other.data, out.len);
	ck_assert_msg(!bundle_open(out.data, out.len, &b, &e), "%s", e.text);
	ck_assert_uint_eq(b.nimages, 2);
	ck_assert_str_eq(b.images[1].arch, "arm64");
	ck_assert_mem_eq(b.images[1].object, object_b, sizeof(object_b));
	bundle_close(&b);
}
END_TEST

START_TEST(every_cut_is_refused)
{
	struct image_object o = object("amd64", "a.bpf.o", object_a, 100);
	struct tpc_buf out = build(&o, 1, NULL);
	struct bundle_error e;
	struct bundle b;

	for (size_t n = 0; n < out.len - 512; n += n % 512 < 4 ? 1 : 61) {
		char *cut = malloc(n + 1); /* so that a sanitizer sees the first byte too many */

		memcpy(cut, out.data, n);
		ck_assert_msg(bundle_open(cut, n, &b, &e), "cut at %zu", n);
		ck_assert(e.text[0] && !e.machine);
		free(cut);
	}
}
END_TEST

START_TEST(signatures)
{
	struct image_object o = object("amd64", "a.bpf.o", object_a, sizeof(object_a));
	struct secret_key key, read;
	struct sign_key pub;
	struct bundle_error e;
	const char *text;
	struct tpc_buf out;
	struct bundle b;

	ck_assert_int_eq(key_make(&key), 0);
	text = key_secret_text(ctx.arena, &key);
	ck_assert_msg(!key_read(text, strlen(text), &read, &e), "%s", e.text);
	ck_assert_mem_eq(&read, &key, sizeof(key));
	text = key_public_text(ctx.arena, &key);
	ck_assert_msg(!sign_read_key(text, strlen(text), &pub, &e), "%s", e.text);
	out = build(&o, 1, &key);
	ck_assert_msg(!bundle_open(out.data, out.len, &b, &e), "%s", e.text);
	text = b.images[0].signature;
	ck_assert_ptr_nonnull(text);
	ck_assert_msg(!sign_check(&pub, b.images[0].manifest, b.images[0].manifest_len, text, strlen(text),
				  &e),
		      "%s", e.text);
	ck_assert(
		sign_check(&pub, b.images[0].manifest, b.images[0].manifest_len - 1, text, strlen(text), &e));
	bundle_close(&b);
	/* Each byte of a signature counts, but for those of the comment that nobody signed and of its own ends. */
	text = key_sign(ctx.arena, &key, "message", 7);
	for (size_t i = 0; i <= strlen(text); i++) {
		char *bad = tpc_strdup(ctx.arena, text);
		size_t line = (size_t)(strchr(text, '\n') - text);

		bad[i] = i == strlen(text) ? 'x' : (char)(bad[i] ^ 4);
		if (i >= sizeof(SIGN_COMMENT) - 1 && i < line)
			continue;
		if (i >= strlen(text) - 1)
			continue;
		ck_assert_msg(sign_check(&pub, "message", 7, bad, strlen(text), &e), "byte %zu", i);
	}
	ck_assert_int_eq(sign_check(&pub, "message", 7, text, strlen(text), &e), 0);
}
END_TEST

START_TEST(what_does_not_go_together)
{
	struct image_object twice[] = { object("amd64", "a.o", object_a, 1),
					object("amd64", "b.o", object_a, 2) };
	struct image_object names[] = { object("amd64", "", object_a, 1), object("amd64", "..", object_a, 1),
					object("amd64", "a/b", object_a, 1),
					object("amd64", "a\nb", object_a, 1) };
	struct image_opts o = { .objects = twice, .nobjects = 2, .tag = "latest" };
	struct tpc_buf out = TPC_BUF(ctx.arena);

	ck_assert_int_eq(image_build(&ctx, &o, &out), -EINVAL);
	ck_assert_uint_eq(ctx.diags.nerrors, 1);
	o.nobjects = 1;
	for (size_t i = 0; i < 4; i++) {
		o.objects = &names[i];
		ck_assert_int_eq(image_build(&ctx, &o, &out), -EINVAL);
	}
	ck_assert_uint_eq(out.len, 0);
	ck_assert(image_good_tag("v1.0-rc_1"));
	ck_assert(!image_good_tag("") && !image_good_tag(".a") && !image_good_tag("a b") &&
		  !image_good_tag("a/b"));
}
END_TEST

START_TEST(labels_are_sorted)
{
	struct image_pair pairs[] = { { "b", "lsm" }, { "a", "kprobe" } }, bad = { "\xff", "x" };

	ck_assert_str_eq(image_label(ctx.arena, pairs, 2), "{\"a\":\"kprobe\",\"b\":\"lsm\"}");
	ck_assert_str_eq(image_label(ctx.arena, NULL, 0), "{}");
	ck_assert_ptr_null(image_label(ctx.arena, &bad, 1));
}
END_TEST

START_TEST(what_is_an_archive)
{
	char elf[512] = "\177ELF";

	memcpy(elf + 257, "ustar", 5);
	ck_assert(!bundle_is_archive(elf, sizeof(elf)));
	elf[0] = 'x';
	ck_assert(bundle_is_archive(elf, sizeof(elf)));
	ck_assert(!bundle_is_archive(elf, 262));
	ck_assert(!bundle_is_archive("", 0));
	ck_assert_str_eq(bundle_arch("x86_64"), "amd64");
	ck_assert_ptr_null(bundle_arch("amd64"));
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("bundle");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, one_image_comes_back);
	tcase_add_test(t, two_images_in_any_order);
	tcase_add_test(t, every_cut_is_refused);
	tcase_add_test(t, signatures);
	tcase_add_test(t, what_does_not_go_together);
	tcase_add_test(t, labels_are_sorted);
	tcase_add_test(t, what_is_an_archive);
	return run_suite("bundle", t);
}
