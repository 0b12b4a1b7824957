// SPDX-License-Identifier: Apache-2.0
/*
 * Generated BPF and user space must lay abi.h out alike. The BPF side is the BTF of testdata/abi/abi_check.bpf.c,
 * made by clang for BPF; the other side is this program. Both also must know the same structs and members, so
 * that one that is added to abi.h alone fails here.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <check.h>

#include <tpc/abi.h>

struct member {
	const char *name;
	size_t off, size;
};

struct layout {
	const char *name;
	size_t size, nmembers;
	const struct member *members;
};

#define M(type, field) { #field, offsetof(struct type, field), sizeof(((struct type *)0)->field) }
#define LAYOUT(type)                                                                                         \
	{ #type, sizeof(struct type), sizeof(type##_members) / sizeof(struct member), type##_members }

static const struct member tpc_event_hdr_members[] = {
	M(tpc_event_hdr, size),
	M(tpc_event_hdr, kind),
	M(tpc_event_hdr, pad),
	M(tpc_event_hdr, time),
};

static const struct member tpc_task_id_members[] = {
	M(tpc_task_id, pid),
	M(tpc_task_id, tid),
	M(tpc_task_id, start),
};

static const struct member tpc_hook_event_members[] = {
	M(tpc_hook_event, h),	     M(tpc_hook_event, task),	 M(tpc_hook_event, hook),
	M(tpc_hook_event, selector), M(tpc_hook_event, actions), M(tpc_hook_event, nargs),
};

static const struct member tpc_arg_members[] = {
	M(tpc_arg, type),
	M(tpc_arg, flags),
	M(tpc_arg, len),
};

static const struct member tpc_arg_path_members[] = {
	M(tpc_arg_path, mode),
	M(tpc_arg_path, flags),
	M(tpc_arg_path, fd),
	M(tpc_arg_path, names_len),
};

static const struct member tpc_arg_user_ns_members[] = {
	M(tpc_arg_user_ns, level),
	M(tpc_arg_user_ns, uid),
	M(tpc_arg_user_ns, gid),
	M(tpc_arg_user_ns, inum),
};

static const struct member tpc_arg_cred_members[] = {
	M(tpc_arg_cred, uid),	      M(tpc_arg_cred, gid),	  M(tpc_arg_cred, euid),
	M(tpc_arg_cred, egid),	      M(tpc_arg_cred, suid),	  M(tpc_arg_cred, sgid),
	M(tpc_arg_cred, fsuid),	      M(tpc_arg_cred, fsgid),	  M(tpc_arg_cred, securebits),
	M(tpc_arg_cred, pad),	      M(tpc_arg_cred, permitted), M(tpc_arg_cred, effective),
	M(tpc_arg_cred, inheritable), M(tpc_arg_cred, user_ns),
};

static const struct member tpc_arg_perf_event_members[] = {
	M(tpc_arg_perf_event, type),	    M(tpc_arg_perf_event, pad),
	M(tpc_arg_perf_event, config),	    M(tpc_arg_perf_event, probe_offset),
	M(tpc_arg_perf_event, kprobe_func),
};

static const struct member tpc_task_was_members[] = {
	M(tpc_task_was, namespaces),
	M(tpc_task_was, forked),
	M(tpc_task_was, pad),
	M(tpc_task_was, caps),
};

static const struct member tpc_exec_event_members[] = {
	M(tpc_exec_event, h),	    M(tpc_exec_event, task),	 M(tpc_exec_event, parent),
	M(tpc_exec_event, uid),	    M(tpc_exec_event, auid),	 M(tpc_exec_event, binary_len),
	M(tpc_exec_event, cwd_len), M(tpc_exec_event, args_len), M(tpc_exec_event, flags),
};

static const struct member tpc_clone_event_members[] = {
	M(tpc_clone_event, h),
	M(tpc_clone_event, task),
	M(tpc_clone_event, parent),
};

static const struct member tpc_exit_event_members[] = {
	M(tpc_exit_event, h),
	M(tpc_exit_event, task),
	M(tpc_exit_event, code),
	M(tpc_exit_event, pad),
};

static const struct member tpc_stat_members[] = {
	M(tpc_stat, matched),	M(tpc_stat, posted), M(tpc_stat, enforced),
	M(tpc_stat, monitored), M(tpc_stat, lost),
};

static const struct member tpc_field_desc_members[] = {
	M(tpc_field_desc, off),	      M(tpc_field_desc, size), M(tpc_field_desc, kind),
	M(tpc_field_desc, is_signed), M(tpc_field_desc, pad),
};

static const struct member tpc_task_state_members[] = {
	M(tpc_task_state, bits),
};

static const struct member tpc_arg_sock_members[] = {
	M(tpc_arg_sock, saddr), M(tpc_arg_sock, daddr),	   M(tpc_arg_sock, cookie),
	M(tpc_arg_sock, mark),	M(tpc_arg_sock, priority), M(tpc_arg_sock, family),
	M(tpc_arg_sock, type),	M(tpc_arg_sock, protocol), M(tpc_arg_sock, sport),
	M(tpc_arg_sock, dport), M(tpc_arg_sock, state),	   M(tpc_arg_sock, pad),
};

static const struct member tpc_arg_skb_members[] = {
	M(tpc_arg_skb, saddr), M(tpc_arg_skb, daddr),	 M(tpc_arg_skb, len),	 M(tpc_arg_skb, hash),
	M(tpc_arg_skb, mark),  M(tpc_arg_skb, priority), M(tpc_arg_skb, family), M(tpc_arg_skb, protocol),
	M(tpc_arg_skb, sport), M(tpc_arg_skb, dport),
};

static const struct member tpc_arg_sockaddr_members[] = {
	M(tpc_arg_sockaddr, addr),
	M(tpc_arg_sockaddr, family),
	M(tpc_arg_sockaddr, port),
	M(tpc_arg_sockaddr, pad),
};

static const struct member tpc_arg_sockaddr_un_members[] = {
	M(tpc_arg_sockaddr_un, family),
	M(tpc_arg_sockaddr_un, is_abstract),
	M(tpc_arg_sockaddr_un, path_len),
};

static const struct layout layouts[] = {
	LAYOUT(tpc_event_hdr),
	LAYOUT(tpc_task_id),
	LAYOUT(tpc_hook_event),
	LAYOUT(tpc_arg),
	LAYOUT(tpc_arg_path),
	LAYOUT(tpc_exec_event),
	LAYOUT(tpc_clone_event),
	LAYOUT(tpc_exit_event),
	LAYOUT(tpc_stat),
	LAYOUT(tpc_field_desc),
	LAYOUT(tpc_task_state),
	LAYOUT(tpc_arg_user_ns),
	LAYOUT(tpc_arg_cred),
	LAYOUT(tpc_arg_perf_event),
	LAYOUT(tpc_task_was),
	LAYOUT(tpc_arg_sock),
	LAYOUT(tpc_arg_skb),
	LAYOUT(tpc_arg_sockaddr),
	LAYOUT(tpc_arg_sockaddr_un),
};
#define NLAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

static struct btf *btf;

static void open_object(void)
{
	const char *path = getenv("TPC_ABI_OBJECT");

	ck_assert_ptr_nonnull(path);
	btf = btf__parse_elf(path, NULL);
	ck_assert_msg(btf != NULL, "no BTF in %s", path);
}

static void close_object(void)
{
	btf__free(btf);
	btf = NULL;
}

START_TEST(same_layout)
{
	const struct layout *l = &layouts[_i];
	const struct btf_member *m;
	const struct btf_type *t;
	int id = btf__find_by_name_kind(btf, l->name, BTF_KIND_STRUCT);

	ck_assert_msg(id > 0, "struct %s is not in the BPF object", l->name);
	t = btf__type_by_id(btf, id);
	ck_assert_msg(t->size == l->size, "struct %s: %u bytes in BPF, %zu here", l->name, t->size, l->size);
	ck_assert_msg(btf_vlen(t) == l->nmembers, "struct %s: %u members in BPF, %zu here", l->name,
		      btf_vlen(t), l->nmembers);
	m = btf_members(t);
	for (size_t i = 0; i < l->nmembers; i++, m++) {
		const struct member *want = &l->members[i];

		ck_assert_str_eq(btf__name_by_offset(btf, m->name_off), want->name);
		ck_assert_msg(btf_member_bitfield_size(t, i) == 0, "%s.%s is a bitfield", l->name,
			      want->name);
		ck_assert_msg(btf_member_bit_offset(t, i) == want->off * 8,
			      "%s.%s: at bit %u in BPF, at byte %zu here", l->name, want->name,
			      btf_member_bit_offset(t, i), want->off);
		ck_assert_msg(btf__resolve_size(btf, m->type) == (__s64)want->size,
			      "%s.%s: %lld bytes in BPF, %zu here", l->name, want->name,
			      (long long)btf__resolve_size(btf, m->type), want->size);
	}
}
END_TEST

/* Nothing hides between members: what two sides see as padding, one of them may leave unwritten. */
START_TEST(no_padding)
{
	const struct layout *l = &layouts[_i];
	size_t end = 0;

	for (size_t i = 0; i < l->nmembers; i++) {
		ck_assert_msg(l->members[i].off == end, "struct %s: %zu bytes of padding before %s", l->name,
			      l->members[i].off - end, l->members[i].name);
		end += l->members[i].size;
	}
	ck_assert_msg(l->size == end, "struct %s: %zu bytes of padding at its end", l->name, l->size - end);
}
END_TEST

/* "struct tpc_" at the start of a line of abi.h defines one: each must be in the table above. */
START_TEST(every_struct_is_compared)
{
	const char *root = getenv("TPC_SOURCE_ROOT");
	char path[4096], line[512], name[128];
	size_t defined = 0;
	FILE *f;

	ck_assert_ptr_nonnull(root);
	ck_assert_int_lt(snprintf(path, sizeof(path), "%s/runtime/include/tpc/abi.h", root),
			 (int)sizeof(path));
	f = fopen(path, "re");
	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f)) {
		bool found = false;

		if (sscanf(line, "struct %127[a-z0-9_] {", name) != 1)
			continue;
		defined++;
		for (size_t i = 0; i < NLAYOUTS && !found; i++)
			found = strcmp(layouts[i].name, name) == 0;
		ck_assert_msg(found, "struct %s is in abi.h and not in this test", name);
	}
	fclose(f);
	ck_assert_uint_eq(defined, NLAYOUTS);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("abi");
	TCase *t = tcase_create("layout");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, open_object, close_object);
	tcase_add_loop_test(t, same_layout, 0, NLAYOUTS);
	suite_add_tcase(s, t);
	t = tcase_create("header");
	tcase_add_loop_test(t, no_padding, 0, NLAYOUTS);
	tcase_add_test(t, every_struct_is_compared);
	suite_add_tcase(s, t);

	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
