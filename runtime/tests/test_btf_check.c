// SPDX-License-Identifier: Apache-2.0
#include <bpf/btf.h>
#include <errno.h>
#include <string.h>

#include "btf_check.h"
#include "support.h"

static struct btf *btf;
static struct rt_error e;
enum { INT = 1, PTR, STRUCT, TYPEDEF, CONST, ARRAY, PROTO, FUNC, VAR, SECTION, ENUM, TYPES };

static void setup(void)
{
	btf = btf__new_empty();
	ck_assert_int_eq(btf__add_int(btf, "int", 4, BTF_INT_SIGNED), INT);
	ck_assert_int_eq(btf__add_ptr(btf, STRUCT), PTR);
	ck_assert_int_eq(btf__add_struct(btf, "s", 8), STRUCT);
	ck_assert_int_eq(btf__add_field(btf, "next", PTR, 0, 0), 0);
	ck_assert_int_eq(btf__add_typedef(btf, "t", CONST), TYPEDEF);
	ck_assert_int_eq(btf__add_const(btf, INT), CONST);
	ck_assert_int_eq(btf__add_array(btf, INT, TYPEDEF, 4), ARRAY);
	ck_assert_int_eq(btf__add_func_proto(btf, INT), PROTO);
	ck_assert_int_eq(btf__add_func_param(btf, "ctx", PTR), 0);
	ck_assert_int_eq(btf__add_func(btf, "f", BTF_FUNC_GLOBAL, PROTO), FUNC);
	ck_assert_int_eq(btf__add_var(btf, "v", BTF_VAR_GLOBAL_ALLOCATED, ARRAY), VAR);
	ck_assert_int_eq(btf__add_datasec(btf, ".data", 16), SECTION);
	ck_assert_int_eq(btf__add_datasec_var_info(btf, VAR, 0, 16), 0);
	ck_assert_int_eq(btf__add_enum(btf, "e", 4), ENUM);
	ck_assert_int_eq(btf__add_enum_value(btf, "one", 1), 0);
}

static void teardown(void)
{
	btf__free(btf);
}

static struct btf_type *type(uint32_t id)
{
	return (struct btf_type *)(uintptr_t)btf__type_by_id(btf, id);
}

static int check(void)
{
	uint32_t len;
	const void *raw = btf__raw_data(btf, &len);

	return btf_check(raw, len, &e);
}

START_TEST(good)
{
	ck_assert_msg(check() == 0, "%s", e.text);
}
END_TEST

START_TEST(broken)
{
	uint32_t far = TYPES + (_i % 2 ? 0 : 0x7fffffff);

	switch (_i / 2) {
	case 0:
		type(PTR)->type = far;
		break;
	case 1:
		btf_members(type(STRUCT))->type = far;
		break;
	case 2:
		btf_members(type(STRUCT))->name_off = 1 << 20;
		break;
	case 3:
		btf_array(type(ARRAY))->type = far;
		break;
	case 4:
		btf_params(type(PROTO))->type = far;
		break;
	case 5:
		type(PROTO)->type = far;
		break;
	case 6:
		type(FUNC)->type = _i % 2 ? far : INT;
		break;
	case 7:
		btf_var_secinfos(type(SECTION))->type = _i % 2 ? far : INT;
		break;
	case 8:
		btf_enum(type(ENUM))->name_off = 1 << 20;
		break;
	case 9:
		type(VAR)->type = far;
		break;
	case 10: /* round and round */
		type(CONST)->type = _i % 2 ? CONST : TYPEDEF;
		break;
	case 11:
		btf_array(type(ARRAY))->type = ARRAY;
		break;
	default:
		type(INT)->name_off = 1 << 20;
	}
	ck_assert_int_eq(check(), -EINVAL);
	ck_assert_ptr_nonnull(strstr(e.text, "broken BTF"));
}
END_TEST

START_TEST(not_btf)
{
	ck_assert_int_eq(btf_check("", 0, &e), -EINVAL);
	ck_assert_int_eq(btf_check("\x9f\xeb\x01", 3, &e), -EINVAL);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rt_btf_check");
	TCase *t = tcase_create("btf_check");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, good);
	tcase_add_loop_test(t, broken, 0, 26);
	tcase_add_test(t, not_btf);
	suite_add_tcase(s, t);
	return support_run(s);
}
