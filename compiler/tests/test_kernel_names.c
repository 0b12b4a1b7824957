// SPDX-License-Identifier: Apache-2.0
/* Names of numbers that policies write. */
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "kernel/names.h"
#include "suite.h"

static uint32_t value(enum kernel_names set, const char *s)
{
	uint32_t v = 0;

	ck_assert_msg(kernel_name_value(set, s, (uint32_t)strlen(s), &v, NULL), "%s", s);
	return v;
}

static const char *near(enum kernel_names set, const char *s)
{
	const char *best = "unset";
	uint32_t v;

	ck_assert_msg(!kernel_name_value(set, s, (uint32_t)strlen(s), &v, &best), "%s", s);
	return best;
}

START_TEST(names_have_the_numbers_of_the_kernel)
{
	ck_assert_uint_eq(value(KERNEL_CAPS, "CAP_CHOWN"), 0);
	ck_assert_uint_eq(value(KERNEL_CAPS, "CAP_SYS_ADMIN"), 21);
	ck_assert_uint_eq(value(KERNEL_CAPS, "CAP_CHECKPOINT_RESTORE"), 40);
	ck_assert_uint_eq(value(KERNEL_FAMILIES, "AF_INET6"), AF_INET6);
	ck_assert_uint_eq(value(KERNEL_FAMILIES, "AF_VSOCK"), AF_VSOCK);
	ck_assert_uint_eq(value(KERNEL_FAMILIES, "AF_MCTP"), 45);
	ck_assert_uint_eq(value(KERNEL_PROTOCOLS, "IPPROTO_UDP"), 17);
	ck_assert_uint_eq(value(KERNEL_PROTOCOLS, "IPPROTO_MPTCP"), 262);
	ck_assert_uint_eq(value(KERNEL_TCP_STATES, "TCP_LISTEN"), 10);
	ck_assert_uint_eq(value(KERNEL_FILE_TYPES, "pipe"), S_IFIFO);
	ck_assert_uint_eq(value(KERNEL_FILE_TYPES, "regular"), S_IFREG);
	ck_assert_uint_eq(value(KERNEL_NAMESPACES, "PidForChildren"), 4);
	ck_assert_uint_eq(value(KERNEL_NAMESPACES, "User"), 9);
}
END_TEST

START_TEST(capabilities_are_read_loosely_others_are_not)
{
	ck_assert_uint_eq(value(KERNEL_CAPS, " cap_Bpf\t"), 39);
	ck_assert_str_eq(near(KERNEL_FAMILIES, "af_inet"), "AF_INET");
	ck_assert_str_eq(near(KERNEL_FAMILIES, "AF_INET "), "AF_INET");
	ck_assert_str_eq(near(KERNEL_NAMESPACES, "uts"), "Uts");
}
END_TEST

START_TEST(wrong_names_get_the_nearest_one)
{
	ck_assert_str_eq(near(KERNEL_CAPS, "CAP_SYS_ADMINN"), "CAP_SYS_ADMIN");
	ck_assert_str_eq(near(KERNEL_TCP_STATES, "TCP_ESTABLISHD"), "TCP_ESTABLISHED");
	ck_assert_ptr_null(near(KERNEL_PROTOCOLS, "something else"));
	ck_assert_ptr_null(near(KERNEL_CAPS, ""));
	ck_assert_ptr_null(near(KERNEL_CAPS, "   "));
}
END_TEST

START_TEST(a_name_ends_where_its_length_says)
{
	uint32_t v;

	ck_assert(kernel_name_value(KERNEL_FILE_TYPES, "regular", 3, &v, NULL));
	ck_assert_uint_eq(v, S_IFREG);
	ck_assert(!kernel_name_value(KERNEL_FILE_TYPES, "reg\0ular", 8, &v, NULL));
}
END_TEST

/* The first name of each number leads back to it. */
START_TEST(numbers_have_their_first_name)
{
	uint32_t n = 0;

	ck_assert_str_eq(kernel_value_name(KERNEL_FAMILIES, 1), "AF_UNIX");
	ck_assert_str_eq(kernel_value_name(KERNEL_FILE_TYPES, S_IFSOCK), "sock");
	ck_assert_ptr_null(kernel_value_name(KERNEL_CAPS, 41));
	for (uint32_t set = 0; set < KERNEL_NAMES_MAX; set++) {
		ck_assert_ptr_nonnull(kernel_names_noun((enum kernel_names)set));
		for (uint32_t v = 0; v <= UINT16_MAX; v++) {
			const char *name = kernel_value_name((enum kernel_names)set, v);

			if (!name)
				continue;
			n++;
			ck_assert_uint_eq(value((enum kernel_names)set, name), v);
		}
	}
	ck_assert_uint_eq(n, 41 + 46 + 30 + 12 + 7 + 10);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("names");

	tcase_add_test(t, names_have_the_numbers_of_the_kernel);
	tcase_add_test(t, capabilities_are_read_loosely_others_are_not);
	tcase_add_test(t, wrong_names_get_the_nearest_one);
	tcase_add_test(t, a_name_ends_where_its_length_says);
	tcase_add_test(t, numbers_have_their_first_name);
	return run_suite("kernel_names", t);
}
