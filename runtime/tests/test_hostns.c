// SPDX-License-Identifier: Apache-2.0
/* The host's namespaces, in folders that look like /proc. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostns.h"
#include "support.h"

static const char *const kinds[TPC_NS_KINDS] = {
	"uts", "ipc", "mnt", "pid", "pid_for_children", "net", "time", "time_for_children", "cgroup", "user"
};
static char proc[64], place[160];
static struct rt_error e;
static uint32_t numbers[TPC_NS_KINDS];

static const char *at(const char *kind)
{
	snprintf(place, sizeof(place), "%s/1/ns/%s", proc, kind);
	return place;
}

static void make(void)
{
	char target[64];

	strcpy(proc, "/tmp/tpc-hostns-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(proc));
	snprintf(place, sizeof(place), "%s/1", proc);
	ck_assert_int_eq(mkdir(place, 0700), 0);
	ck_assert_int_eq(mkdir(at(""), 0700), 0);
	for (unsigned i = 0; i < TPC_NS_KINDS; i++) {
		/* The initial pid namespace has the same number on every machine. */
		snprintf(target, sizeof(target), "x:[%u]",
			 strcmp(kinds[i], "pid") ? 4026531000U + i : 4026531836U);
		ck_assert_int_eq(symlink(target, at(kinds[i])), 0);
	}
}

static void drop(void)
{
	for (unsigned i = 0; i < TPC_NS_KINDS; i++)
		unlink(at(kinds[i]));
	rmdir(at(""));
	snprintf(place, sizeof(place), "%s/1", proc);
	rmdir(place);
	rmdir(proc);
}

static void put(const char *kind, const char *target)
{
	unlink(at(kind));
	if (target)
		ck_assert_int_eq(symlink(target, at(kind)), 0);
}

START_TEST(all_kinds)
{
	ck_assert_int_eq(hostns_read_at(proc, numbers, &e), 0);
	for (unsigned i = 0; i < TPC_NS_KINDS; i++)
		ck_assert_uint_eq(numbers[i], i == 3 ? 4026531836 : 4026531000 + i);
}
END_TEST

START_TEST(kernel_without_time_namespaces)
{
	put("time", NULL);
	put("time_for_children", NULL);
	ck_assert_int_eq(hostns_read_at(proc, numbers, &e), 0);
	ck_assert_uint_eq(numbers[6], 0);
	ck_assert_uint_eq(numbers[7], 0);
	ck_assert_uint_eq(numbers[9], 4026531009);
}
END_TEST

START_TEST(container)
{
	put("pid", "pid:[4026532201]");
	ck_assert_int_eq(hostns_read_at(proc, numbers, &e), -EXDEV);
	ck_assert_ptr_nonnull(strstr(e.text, "hostPID"));
	ck_assert_int_eq(e.status, RT_ENVIRONMENT);
}
END_TEST

START_TEST(nothing_there)
{
	put("pid", NULL);
	ck_assert_int_eq(hostns_read_at(proc, numbers, &e), -ENOENT);
	ck_assert_int_eq(hostns_read_at("/nowhere", numbers, &e), -ENOENT);
	put("uts", "uts");
	ck_assert_int_eq(hostns_read_at(proc, numbers, &e), -EBADMSG);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("hostns");
	TCase *t = tcase_create("hostns");

	tcase_add_checked_fixture(t, make, drop);
	tcase_add_test(t, all_kinds);
	tcase_add_test(t, kernel_without_time_namespaces);
	tcase_add_test(t, container);
	tcase_add_test(t, nothing_there);
	suite_add_tcase(s, t);
	return support_run(s);
}
