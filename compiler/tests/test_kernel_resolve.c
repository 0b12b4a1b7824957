// SPDX-License-Identifier: Apache-2.0
/* Member paths: where they lead, and what is wrong with those that do not. */
#include <string.h>

#include "base/buf.h"
#include "kernel_sample.h"
#include "suite.h"

static struct tpc_arena *a;
static struct kernel *k;
static char *folder;

static void setup(void)
{
	a = tpc_arena_new(1 << 20);
	ck_assert_ptr_nonnull(a);
	k = sample_kernel(&folder);
}

static void teardown(void)
{
	kernel_close(k);
	sample_folder_remove(folder);
	tpc_arena_free(a);
}

static void show_step(struct tpc_buf *b, const struct kernel_step *s)
{
	switch (s->kind) {
	case KERNEL_STEP_DEREF:
		tpc_buf_puts(b, " *");
		break;
	case KERNEL_STEP_INDEX:
		tpc_buf_printf(b, " [%u]+%u", s->index, s->offset);
		break;
	case KERNEL_STEP_MEMBER:
		tpc_buf_printf(b, " %s.%s+%u", s->owner, s->member, s->offset);
		if (s->bit_size)
			tpc_buf_printf(b, ":%u:%u", s->bit_offset, s->bit_size);
		break;
	}
}

/* "int -4", "array 12[2] of array 6": what lies at the end. */
static const char *shape(uint32_t type, const char *path)
{
	static const char *const kinds[] = {
		"other", "number", "enum", "pointer", "struct", "union", "array"
	};
	struct kernel_fault fault;
	const struct kernel_step *s;
	struct kernel_path p;

	ck_assert(kernel_resolve(k, a, type, path, (uint32_t)strlen(path), 10, &p, &fault));
	s = &p.steps.items[p.steps.len - 1];
	if (s->shape.kind == KERNEL_SHAPE_ARRAY)
		return tpc_sprintf(a, "array %u[%u] of %s %u", s->shape.size, s->shape.nelems,
				   kinds[s->element.kind], s->element.size);
	return tpc_sprintf(a, "%s %s%u", kinds[s->shape.kind], s->shape.is_signed ? "-" : "", s->shape.size);
}

/* "TYPE: STEPS", or "fault AT+LEN WHAT (NEAR)". */
static const char *resolve(uint32_t type, const char *path)
{
	struct tpc_buf b = TPC_BUF(a);
	struct kernel_fault fault;
	struct kernel_step *s;
	struct kernel_path p;

	if (!kernel_resolve(k, a, type, path, (uint32_t)strlen(path), 10, &p, &fault)) {
		tpc_buf_printf(&b, "fault %u+%u %s", fault.at, fault.len, fault.what);
		if (fault.near)
			tpc_buf_printf(&b, " (%s)", fault.near);
		return tpc_buf_text(&b);
	}
	tpc_buf_printf(&b, "%s:", kernel_type_name(k, a, p.type));
	tpc_vec_foreach (s, &p.steps)
		show_step(&b, s);
	return tpc_buf_text(&b);
}

static const char *from(const char *type, const char *path)
{
	return resolve(kernel_find_type(k, type, NULL), path);
}

START_TEST(members_are_added_up)
{
	ck_assert_str_eq(from("file", "f_path"), "struct path: file.f_path+16");
	ck_assert_str_eq(from("file", "f_path.dentry"), "struct dentry *: file.f_path+16 path.dentry+8");
	ck_assert_str_eq(from("file", "f_path.dentry.d_flags"),
			 "unsigned int: file.f_path+16 path.dentry+8 * dentry.d_flags+0");
	ck_assert_str_eq(from("task_struct", "comm"), "char [16]: task_struct.comm+0");
	ck_assert_str_eq(from("task_struct", "cred.cap_effective.val"),
			 "long unsigned int: task_struct.cred+16 * cred.cap_effective+8 .val+0");
}
END_TEST

START_TEST(anonymous_members_are_looked_through)
{
	ck_assert_str_eq(from("file", "f_mode"), "unsigned int: file.+0 .f_mode+0");
	ck_assert_str_eq(from("file", "f_llist"), "void *: file.+0 .+8 .f_llist+0");
}
END_TEST

START_TEST(pointers_are_followed_by_themselves)
{
	struct kernel_func f;

	ck_assert(kernel_find_func(k, "vfs_write", &f));
	ck_assert_str_eq(resolve(f.params[0].type, "f_mode"), "unsigned int: * file.+0 .f_mode+0");
	ck_assert_str_eq(resolve(f.params[1].type, "[3]"), "const char: * [3]+3");
	ck_assert_str_eq(from("odd", "fpp.f_path"), "struct path: odd.fpp+8 * * file.f_path+16");
	ck_assert_str_eq(from("odd", "fpp[2].f_path"), "struct path: odd.fpp+8 * [2]+16 * file.f_path+16");
}
END_TEST

START_TEST(elements_are_picked)
{
	ck_assert_str_eq(from("task_struct", "files[3].f_mode"),
			 "unsigned int: task_struct.files+24 [3]+24 * file.+0 .f_mode+0");
	ck_assert_str_eq(from("odd", "grid[1][2]"), "short unsigned int: odd.grid+16 [1]+6 [2]+4");
	ck_assert_str_eq(from("odd", "grid[1]"), "short unsigned int [3]: odd.grid+16 [1]+6");
	/* An array without a number of elements ends nowhere. */
	ck_assert_str_eq(from("odd", "rest[1000]"), "unsigned int: odd.rest+64 [1000]+4000");
}
END_TEST

START_TEST(ends_have_shapes)
{
	ck_assert_str_eq(shape(kernel_find_type(k, "file", NULL), "f_path"), "struct 16");
	ck_assert_str_eq(shape(kernel_find_type(k, "file", NULL), "f_path.dentry"), "pointer 8");
	ck_assert_str_eq(shape(kernel_find_type(k, "file", NULL), "f_path.dentry.d_flags"), "number 4");
	ck_assert_str_eq(shape(kernel_find_type(k, "task_struct", NULL), "comm"), "array 16[16] of number 1");
	ck_assert_str_eq(shape(kernel_find_type(k, "task_struct", NULL), "comm[3]"), "number -1");
	ck_assert_str_eq(shape(kernel_find_type(k, "odd", NULL), "grid"), "array 12[2] of array 6");
	ck_assert_str_eq(shape(kernel_find_type(k, "odd", NULL), "grid[1]"), "array 6[3] of number 2");
	ck_assert_str_eq(shape(kernel_find_type(k, "odd", NULL), "rest"), "array 0[0] of number 4");
}
END_TEST

START_TEST(bitfields_tell_their_bits)
{
	ck_assert_str_eq(from("odd", "low"), "unsigned int: odd.low+0:3:5");
	ck_assert_str_eq(from("odd", "high"), "unsigned int: odd.high+4:3:2");
}
END_TEST

START_TEST(dots_may_stand_as_tetragon_has_them)
{
	ck_assert_str_eq(from("file", ".f_path"), "struct path: file.f_path+16");
	ck_assert_str_eq(from("file", "f_path."), "struct path: file.f_path+16");
	ck_assert_str_eq(from("task_struct", "files[0]f_path"),
			 "struct path: task_struct.files+24 [0]+0 * file.f_path+16");
}
END_TEST

START_TEST(faults_name_the_part)
{
	ck_assert_str_eq(from("file", "f_paht"), "fault 0+6 struct file has no member 'f_paht' (f_path)");
	ck_assert_str_eq(from("file", "f_path.dentry.d_flag"),
			 "fault 14+6 struct dentry has no member 'd_flag' (d_flags)");
	ck_assert_str_eq(from("file", "f_mode.x"), "fault 7+1 unsigned int has no members");
	ck_assert_str_eq(from("file", "f_llist.next"), "fault 8+4 void has no members");
	ck_assert_str_eq(from("file", "f_mode[1]"),
			 "fault 6+3 unsigned int is neither an array nor a pointer");
	ck_assert_str_eq(from("file", "f_path[0]"),
			 "fault 6+3 struct path is neither an array nor a pointer");
	ck_assert_str_eq(from("odd", "gone.x"), "fault 5+1 struct secret is not defined in this BTF");
	ck_assert_str_eq(from("odd", "gone[1]"),
			 "fault 4+3 struct secret has no size that an index could count in");
	ck_assert_str_eq(from("task_struct", "files[4]"),
			 "fault 5+3 the array has 4 elements, counted from 0");
	ck_assert_str_eq(from("odd", "rest[4294967295]"), "fault 4+12 the index leads too far");
	ck_assert_str_eq(
		from("task_struct", "files.f_path"),
		"fault 6+6 struct file *[4] is an array: one of its elements must be picked, as in [0]");
}
END_TEST

START_TEST(texts_that_are_no_path)
{
	ck_assert_str_eq(from("file", ""), "fault 0+0 the path names no member");
	ck_assert_str_eq(from("file", "."), "fault 0+1 the path names no member");
	ck_assert_str_eq(from("file", "f_path..mnt"), "fault 6+2 a name is missing between two dots");
	ck_assert_str_eq(from("task_struct", "files.[1]"), "fault 5+1 there is no dot before an index");
	ck_assert_str_eq(from("task_struct", "files[]"), "fault 5+2 the index is missing");
	ck_assert_str_eq(from("task_struct", "files[1"), "fault 5+2 ']' is missing");
	ck_assert_str_eq(from("task_struct", "files[x]"),
			 "fault 5+2 an index is a number in brackets, as in [2]");
	ck_assert_str_eq(from("task_struct", "files[-1]"),
			 "fault 5+2 an index is a number in brackets, as in [2]");
	ck_assert_str_eq(from("task_struct", "files1]"), "fault 6+1 ']' without '['");
	ck_assert_str_eq(from("task_struct", "files[99999999999]"), "fault 5+11 the index is too large");
}
END_TEST

START_TEST(paths_are_bounded)
{
	struct kernel_fault fault;
	struct kernel_path p;
	uint32_t odd = kernel_find_type(k, "odd", NULL);
	char *name = memset(tpc_arena_alloc(a, 100001, 1), 'x', 100000);

	ck_assert(kernel_resolve(k, a, odd, "fpp[0].f_path.mnt", 17, 4, &p, &fault));
	ck_assert(!kernel_resolve(k, a, odd, "fpp[0].f_path.mnt", 17, 3, &p, &fault));
	ck_assert_str_eq(fault.what, "the path has more than 3 parts");
	ck_assert_uint_eq(fault.at, 14);
	ck_assert(!kernel_resolve(k, a, odd, name, 100000, 10, &p, &fault));
	ck_assert_str_eq(fault.what, "the name is too long");
	/* Only so much of the text is the path. */
	ck_assert(kernel_resolve(k, a, odd, "lowest", 3, 10, &p, &fault));
}
END_TEST

/* Anonymous structs within each other, eight a level: 8^16 ways, if nobody counts. */
START_TEST(nests_are_not_searched_forever)
{
	struct btf *b = btf__new_empty();
	struct kernel_opts o = { 0 };
	struct kernel *e;
	struct kernel_fault fault;
	struct kernel_path p;
	int inner = btf__add_struct(b, NULL, 4);
	char *path;

	for (int i = 0; i < 40; i++) {
		int outer = btf__add_struct(b, i == 39 ? "nest" : NULL, 4);

		for (int j = 0; j < 8; j++)
			ck_assert_int_eq(btf__add_field(b, NULL, inner, 0, 0), 0);
		inner = outer;
	}
	path = sample_write_btf(folder, "nest", b);
	o.btf = path;
	ck_assert_int_eq(kernel_open(&e, &o), 0);
	ck_assert(!kernel_resolve(e, a, kernel_find_type(e, "nest", NULL), "x", 1, 10, &p, &fault));
	ck_assert_str_eq(fault.what, "struct nest has no member 'x'");
	kernel_close(e);
	btf__free(b);
	free(path);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("resolve");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, members_are_added_up);
	tcase_add_test(t, anonymous_members_are_looked_through);
	tcase_add_test(t, pointers_are_followed_by_themselves);
	tcase_add_test(t, elements_are_picked);
	tcase_add_test(t, ends_have_shapes);
	tcase_add_test(t, bitfields_tell_their_bits);
	tcase_add_test(t, dots_may_stand_as_tetragon_has_them);
	tcase_add_test(t, faults_name_the_part);
	tcase_add_test(t, texts_that_are_no_path);
	tcase_add_test(t, paths_are_bounded);
	tcase_add_test(t, nests_are_not_searched_forever);
	return run_suite("kernel_resolve", t);
}
