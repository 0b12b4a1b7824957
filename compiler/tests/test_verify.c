// SPDX-License-Identifier: Apache-2.0
/* The parts of verify that no whole object reaches: verifier logs, branches that CO-RE decides, nested members. */
#include <bpf/libbpf.h>
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "toolchain/clang.h"
#include "toolchain/load.h"
#include "verify/verify_impl.h"

static struct tpc_ctx ctx;

static void setup(void)
{
	ck_assert_int_eq(tpc_ctx_init(&ctx, (size_t)256 << 20), 0);
}

static void teardown(void)
{
	tpc_ctx_done(&ctx);
}

static const char new_log[] = "0: R1=ctx() R10=fp0\n"
			      "; - index: 0 @ policy.yaml:12\n"
			      "0: (18) r3 = 0xffffc90000176000\n"
			      "; static helper @ ./tpc/bpf/path.h:7\n"
			      "12: (79) r7 = *(u64 *)(r1 +16384)\n"
			      "invalid bpf_context access off=16384 size=8\n"
			      "processed 6 insns (limit 1000000)\n";

START_TEST(reads_logs)
{
	const char *file;
	uint32_t n;

	ck_assert_str_eq(log_reason(ctx.arena, new_log), "invalid bpf_context access off=16384 size=8");
	ck_assert(log_place(ctx.arena, new_log, &file, &n));
	ck_assert_str_eq(file, "policy.yaml");
	ck_assert_uint_eq(n, 12);
	ck_assert(log_insn(new_log, &n));
	ck_assert_uint_eq(n, 12);
	ck_assert(!log_place(ctx.arena, "; x @ tpc/a.h:1\n; y @ :\n; z\n", &file, &n));
	ck_assert(!log_insn("99999999999999: (95) exit\n", &n));
	ck_assert(!log_insn("", &n));
	ck_assert_str_eq(log_reason(ctx.arena, ""), "no reason given");
	ck_assert_str_eq(log_reason(ctx.arena, "\n\n"), "no reason given");
	ck_assert_str_eq(log_reason(ctx.arena, "0: (95) exit\n"), "0: (95) exit");
}
END_TEST

/* ---- flow ---- */

#define INSN(c, d, s, o, i)                                                                                  \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
#define MOV(d, i) INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define JEQ(d, i, o) INSN(BPF_JMP | BPF_JEQ | BPF_K, d, 0, o, i)
#define JA(o) INSN(BPF_JMP | BPF_JA, 0, 0, o, 0)
#define QUIT INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

/* What of @insns is reached when instruction 0, a CO-RE relocation, is @answer: a letter each, 'x' where it is. */
static const char *reach(const struct bpf_insn *insns, uint32_t n, struct known answer)
{
	struct section s = { .name = "kprobe/x", .data = (const unsigned char *)insns, .ninsns = n };
	struct verify v = { .c = &ctx };
	uint8_t reached[32] = { 0 };
	static char ret[33];

	ck_assert_uint_le(n, 32);
	s.marks = tpc_new_array(ctx.arena, uint8_t, n);
	s.marks[0] = MARK_CORE;
	tpc_vec_push(ctx.arena, &v.sections)->name = "";
	*tpc_vec_push(ctx.arena, &v.sections) = s;
	*tpc_vec_push(ctx.arena, &v.funcs) = (struct func){ .name = "x", .section = 1, .n = n };
	*tpc_vec_push(ctx.arena, &v.relos) = (struct core_relo){ .section = 1, .access = "0" };
	ck_assert_int_eq(flow_reach(&v, 0, &answer, reached), 0);
	memset(ret, 0, sizeof(ret));
	for (uint32_t i = 0; i < n; i++)
		ret[i] = reached[i] ? 'x' : '.';
	return ret;
}

START_TEST(follows_what_core_decides)
{
	/* if (exists) r0 = 1; */
	const struct bpf_insn branch[] = { MOV(1, 0), JEQ(1, 0, 1), MOV(0, 1), QUIT };
	/* Through another register and arithmetic. */
	const struct bpf_insn copy[] = { MOV(1, 7),
					 INSN(BPF_ALU64 | BPF_MOV | BPF_X, 2, 1, 0, 0),
					 INSN(BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, 1),
					 JEQ(2, 1, 1),
					 MOV(0, 1),
					 QUIT };
	/* A loop: r1 changes, so nothing is known of it the second time. */
	const struct bpf_insn loop[] = { MOV(1, 0), INSN(BPF_ALU64 | BPF_ADD | BPF_K, 1, 0, 0, 1),
					 JEQ(1, 5, 1), JA(-3), QUIT };
	const struct known zero = { KNOWN_VALUE, 0 }, one = { KNOWN_VALUE, 1 }, unknown = { KNOWN_NOT, 0 },
			   poison = { KNOWN_POISON, 0 };

	ck_assert_str_eq(reach(branch, 4, zero), "xx.x");
	ck_assert_str_eq(reach(branch, 4, one), "xxxx");
	/* Not known: the instruction's own number says nothing. */
	ck_assert_str_eq(reach(branch, 4, unknown), "xxxx");
	ck_assert_str_eq(reach(branch, 4, poison), "x...");
	ck_assert_str_eq(reach(copy, 6, zero), "xxxx.x");
	ck_assert_str_eq(reach(copy, 6, one), "xxxxxx");
	ck_assert_str_eq(reach(loop, 5, zero), "xxxxx");
}
END_TEST

/* ---- the longest way ---- */

/* Of two functions side by side, the first of which is the program. */
static uint64_t longest(const struct bpf_insn *insns, uint32_t nprogram, uint32_t n, uint32_t call)
{
	struct section s = { .name = "kprobe/x", .data = (const unsigned char *)insns, .ninsns = n };
	struct verify v = { .c = &ctx };
	uint64_t ret[2] = { 0 };
	struct func *f;

	s.calls = tpc_new_array(ctx.arena, uint32_t, n);
	if (nprogram < n)
		s.calls[call] = 2;
	tpc_vec_push(ctx.arena, &v.sections)->name = "";
	*tpc_vec_push(ctx.arena, &v.sections) = s;
	f = tpc_vec_push(ctx.arena, &v.funcs);
	*f = (struct func){ .name = "x", .section = 1, .n = nprogram, .is_program = true };
	if (nprogram < n) {
		*tpc_vec_push(ctx.arena, &f->callees) = 1;
		*tpc_vec_push(ctx.arena, &v.funcs) =
			(struct func){ .name = "y", .section = 1, .first = nprogram, .n = n - nprogram };
	}
	ck_assert_int_eq(longest_ways(&v, ret), 0);
	return ret[0];
}

START_TEST(finds_the_longest_way)
{
	/* Three instructions on one side, one on the other. */
	const struct bpf_insn branch[] = { MOV(0, 0), JEQ(1, 0, 3), MOV(0, 1), MOV(0, 2), MOV(0, 3), QUIT };
	/* Both halves of a 64-bit load are one. */
	const struct bpf_insn load[] = { INSN(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 0), { 0 }, QUIT };
	/* The loop of three counts whole, and so does what comes behind it; what is never reached does not. */
	const struct bpf_insn loop[] = { MOV(1, 0), JEQ(1, 5, 2), MOV(1, 1), JA(-3),
					 MOV(0, 0), QUIT,	  MOV(0, 0) };
	/* A loop in a loop, left from the inner one. */
	const struct bpf_insn nested[] = { MOV(1, 0), JEQ(1, 1, -1), JEQ(1, 2, -3), QUIT };
	/* The short side calls the second function, of five. */
	const struct bpf_insn call[] = { JEQ(1, 0, 2), MOV(0, 1),
					 QUIT,	       INSN(BPF_JMP | BPF_CALL, 0, 1, 0, 0),
					 QUIT,	       MOV(0, 1),
					 MOV(0, 2),    MOV(0, 3),
					 MOV(0, 4),    QUIT };

	ck_assert_uint_eq(longest(branch, 6, 6, 0), 6);
	ck_assert_uint_eq(longest(load, 3, 3, 0), 2);
	ck_assert_uint_eq(longest(loop, 7, 7, 0), 6);
	ck_assert_uint_eq(longest(nested, 4, 4, 0), 4);
	ck_assert_uint_eq(longest(call, 5, 10, 3), 3 + 5);
}
END_TEST

/* ---- CO-RE ---- */

static const char kernel_c[] =
	"struct inner { long pad; union { struct { int deep; }; char c[4]; }; };\n"
	"struct file { long first; struct { int other; struct inner in; }; char name[8]; };\n"
	"struct number { unsigned long grown; };\n"
	"enum choice { NONE, SOME = 7 };\n"
	"struct file *f; struct number *n; enum choice c;\n";

/* Another order than the kernel's, less of it, and nothing of how it is nested. */
static const char local_c[] =
	"struct inner { int deep; int lost; };\n"
	"struct file { char name[4]; struct inner in; long first; void *other; };\n"
	"struct file___old { long gone; }; struct number { unsigned grown; };\n"
	"enum choice { SOME___x = 1, MORE }; struct absent { int x; };\n"
	"struct file *f; struct file___old *o; struct number *n; enum choice c; struct absent *a;\n";

static struct btf *btf_of(const char *c)
{
	static const struct clang_header none[] = { { NULL, NULL, 0 } };
	struct clang_opts o = { .arch = "x86_64", .headers = none };
	char path[] = "/tmp/tpc-verify-XXXXXX";
	struct clang_object obj;
	struct btf *btf;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(clang_compile(&ctx, c, strlen(c), &o, &obj), 0);
	ck_assert_int_eq(write(fd, obj.data, obj.len), (ssize_t)obj.len);
	btf = btf__parse(path, NULL);
	close(fd);
	unlink(path);
	ck_assert_ptr_nonnull(btf);
	return btf;
}

static const struct question {
	const char *name, *access;
	uint32_t kind;
	int64_t want; /* -1: poison */
	const char *why;
} questions[] = {
	{ "file", "0:2", BPF_CORE_FIELD_BYTE_OFFSET, 0, NULL },
	{ "file", "0:0", BPF_CORE_FIELD_BYTE_OFFSET, 32, NULL },
	{ "file", "0:0:3", BPF_CORE_FIELD_BYTE_OFFSET, 35, NULL },
	{ "file", "0:1:0", BPF_CORE_FIELD_BYTE_OFFSET, 24, NULL },
	{ "file", "0:1:1", BPF_CORE_FIELD_BYTE_OFFSET, -1, "struct 'inner' has no member 'lost'" },
	{ "file", "0:1:1", BPF_CORE_FIELD_EXISTS, 0, NULL },
	{ "file", "0:1:0", BPF_CORE_FIELD_EXISTS, 1, NULL },
	{ "file", "0:3", BPF_CORE_FIELD_BYTE_OFFSET, -1, "member 'other' of" },
	{ "file", "0:0", BPF_CORE_FIELD_BYTE_SIZE, 8, NULL },
	{ "file___old", "0:0", BPF_CORE_FIELD_BYTE_OFFSET, -1, "struct 'file' has no member 'gone'" },
	{ "number", "0:0", BPF_CORE_FIELD_BYTE_SIZE, 8, NULL },
	{ "absent", "0:0", BPF_CORE_FIELD_BYTE_OFFSET, -1, "there is no struct 'absent'" },
	{ "absent", "0:0", BPF_CORE_FIELD_EXISTS, 0, NULL },
	{ "choice", "0", BPF_CORE_ENUMVAL_EXISTS, 1, NULL },
	{ "choice", "0", BPF_CORE_ENUMVAL_VALUE, 7, NULL },
	{ "choice", "1", BPF_CORE_ENUMVAL_EXISTS, 0, NULL },
	{ "choice", "1", BPF_CORE_ENUMVAL_VALUE, -1, "enum 'choice' has no 'MORE'" },
	{ "choice", "2", BPF_CORE_ENUMVAL_VALUE, -1, "no such CO-RE relocation" },
	{ "file", "0:9", BPF_CORE_FIELD_BYTE_OFFSET, -1, "no such CO-RE relocation" },
	{ "file", "0:", BPF_CORE_FIELD_BYTE_OFFSET, -1, "no such CO-RE relocation" },
	{ "file", "99999999999999999999", BPF_CORE_FIELD_BYTE_OFFSET, -1, "no such CO-RE relocation" },
};

static void ask(struct btf *local, const struct btf *kernel, const struct question *q)
{
	static const struct bpf_insn insn;
	struct section s = { .name = "kprobe/x", .data = (const unsigned char *)&insn, .ninsns = 1 };
	struct verify v = { .c = &ctx, .btf = local };
	bool is_enum = q->kind >= BPF_CORE_ENUMVAL_EXISTS;
	int id = btf__find_by_name_kind(local, q->name, is_enum ? BTF_KIND_ENUM : BTF_KIND_STRUCT);
	struct core_answer a;

	ck_assert_int_gt(id, 0);
	*tpc_vec_push(ctx.arena, &v.sections) = s;
	*tpc_vec_push(ctx.arena, &v.relos) =
		(struct core_relo){ .type = (uint32_t)id, .kind = q->kind, .access = q->access };
	core_resolve(&v, kernel, &a);
	if (q->want < 0) {
		ck_assert_msg(a.known.what == KNOWN_POISON, "%s %s", q->name, q->access);
		ck_assert_msg(strstr(a.why, q->why) != NULL, "%s", a.why);
		return;
	}
	ck_assert_msg(a.known.what == KNOWN_VALUE, "%s %s: %s", q->name, q->access, a.why ? a.why : "");
	ck_assert_int_eq((int64_t)a.known.value, q->want);
}

START_TEST(finds_members)
{
	struct btf *local = btf_of(local_c), *kernel = btf_of(kernel_c);

	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		ask(local, kernel, &questions[i]);
	btf__free(local);
	btf__free(kernel);
}
END_TEST

/* ---- where a verifier's instruction comes from ---- */

static void add_func(struct verify *v, const char *name, uint32_t section, uint32_t first, uint32_t n)
{
	*tpc_vec_push(ctx.arena, &v->funcs) =
		(struct func){ .name = name, .section = section, .first = first, .n = n };
}

/* "N" of the name that it is in, "-": nowhere. */
static const char *linked(const struct verify *v, uint32_t n)
{
	uint32_t section, insn;

	if (!linked_place(v, "prog", n, &section, &insn))
		return "-";
	return tpc_sprintf(ctx.arena, "%u:%u", section, insn);
}

/* prog (4) calls b (3), which calls c (2), and a (5) twice; d (1) is nobody's. */
START_TEST(finds_linked_instructions)
{
	uint32_t calls_prog[4] = { 0, 3, 2, 2 }, calls_text[11] = { [5] = 4, [6] = 3, [9] = 4 };
	struct verify v = { .c = &ctx };

	*tpc_vec_push(ctx.arena, &v.sections) = (struct section){ .name = "" };
	*tpc_vec_push(ctx.arena, &v.sections) = (struct section){ .name = "kprobe/x", .calls = calls_prog };
	*tpc_vec_push(ctx.arena, &v.sections) = (struct section){ .name = ".text", .calls = calls_text };
	add_func(&v, "prog", 1, 0, 4);
	add_func(&v, "a", 2, 0, 5);
	add_func(&v, "b", 2, 5, 3);
	add_func(&v, "c", 2, 8, 2);
	add_func(&v, "d", 2, 10, 1);
	ck_assert_str_eq(linked(&v, 0), "1:0");
	ck_assert_str_eq(linked(&v, 3), "1:3");
	ck_assert_str_eq(linked(&v, 4), "2:5"); /* b */
	ck_assert_str_eq(linked(&v, 6), "2:7");
	ck_assert_str_eq(linked(&v, 7), "2:8"); /* c, which b calls */
	ck_assert_str_eq(linked(&v, 8), "2:9");
	ck_assert_str_eq(linked(&v, 9), "2:0"); /* a */
	ck_assert_str_eq(linked(&v, 13), "2:4");
	ck_assert_str_eq(linked(&v, 14), "-");
	ck_assert_str_eq(linked(&v, UINT32_MAX), "-");
}
END_TEST

/* ---- whole objects of any bytes ---- */

START_TEST(survives_any_bytes)
{
	struct verify_opts o = { .min_kernel = 6 << 16 | 1, .max_insns = 1 };
	struct verify_report r;
	char bytes[256];

	for (size_t len = 0; len < sizeof(bytes); len++) {
		for (size_t i = 0; i < len; i++)
			bytes[i] = (char)(i * 37 + len);
		memcpy(bytes, "\177ELF\2\1\1", len < 7 ? len : 7);
		verify_object(&ctx, "x", bytes, len, &o, &r);
		ck_assert_uint_gt(verify_failed(&r), 0);
		ck_assert_uint_eq(ctx.diags.list.len, 0);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("verify");
	TCase *t = tcase_create("verify");
	SRunner *r = srunner_create(s);
	int failed;

	libbpf_set_print(NULL);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, reads_logs);
	tcase_add_test(t, follows_what_core_decides);
	tcase_add_test(t, finds_the_longest_way);
	tcase_add_test(t, finds_members);
	tcase_add_test(t, finds_linked_instructions);
	tcase_add_test(t, survives_any_bytes);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
