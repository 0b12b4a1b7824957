// SPDX-License-Identifier: Apache-2.0
/*
 * Cases on compiled code that is wrong: the cases of a policy run on code made of another one, which differs in one
 * place, as if the back end had a fault there. Each must be seen, and only in the cases that it is about.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ptest/ptest.h"
#include "suite.h"
#include "toolchain/clang.h"
#include "tpc.h"

/* Read by both: the rules that are judged, and with one text replaced the rules that are compiled. */
struct slip {
	const char *name;      /* of testdata/ptest */
	const char *from, *to; /* NULL: nothing */
	const char *differs;   /* name of a case that must see it */
	const char *in;	       /* a part of what is said of it */
};

static const struct slip slips[] = {
	/* Tests: of paths by each operator, masks, ranges, bits of the task, its id. */
	{ "bpf-files", "Equal, values: [/etc/passwd", "Equal, values: [/etc/passwx", "passwd", "no match" },
	{ "bpf-files", "/etc/shadow, /]", "/etc/shadow]", "the root", "no match" },
	{ "bpf-files", "Mask, values: [\"2\", \"4\"]", "Mask, values: [\"2\", \"1\"]", "no bit",
	  "selector 1" },
	{ "bpf-files", "Prefix, values: [/srv/www/, /home]", "Prefix, values: [/srv/www/, /home/]", "a home",
	  "no match" },
	{ "bpf-files", "NotPostfix, values: [.html", "Postfix, values: [.html", "a site", "no match" },
	{ "bpf-files", "values: [/dev/null]", "values: [/dev/nul]", "but not that", "selector 3" },
	{ "bpf-files", "values: [/usr/local/bin/,", "values: [/usr/local/lib/,", "setuid", "no match" },
	{ "bpf-process", "In, values: [/usr/bin/gdb,", "In, values: [/usr/bin/gdbx,", "gdb", "no match" },
	{ "bpf-process", "NotIn, values: [1, 100]", "NotIn, values: [2, 100]", "init",
	  "a match that posts nothing" },
	{ "bpf-process", "\"12:12\"", "\"13:13\"", "twelve", "no match" },
	{ "bpf-tracepoint", "values: [passwd, ../shadow]", "values: [passwd2, ../shadow]", "nearly",
	  "selector 2" },
	{ "bpf-tracepoint", "LT, values: [\"-5\"]", "LT, values: [\"-6\"]", "home", "no match" },
	/* Who it is: namespaces, capabilities, process ids; texts anywhere. */
	{ "bpf-who", "values: [/.ssh/, keys]", "values: [/.ssh/, kexs]", "keys", "no match" },
	{ "bpf-who", "values: [Secret]", "values: [Secrex]", "secret", "no match" },
	{ "bpf-who", "[host_ns, \"7\"]", "[\"7\"]", "of the host", "selector 1" },
	{ "bpf-who", "namespace: Mnt, operator: NotIn", "namespace: Net, operator: NotIn", "of the seventh",
	  "selector 1" },
	{ "bpf-who", "type: Effective", "type: Permitted", "secret", "no match" },
	{ "bpf-who", "values: [needle]", "values: [need]", "nearly a needle", "selector 1" },
	{ "bpf-who", "isNamespacePID: true", "isNamespacePID: false", "the ninth", "selector 1" },
	/* What follows. */
	{ "bpf-files", "matchActions: [{action: NoPost}]", "matchActions: [{action: Post}]", "a site",
	  "[Post]" },
	{ "bpf-files", "argSig: 15", "argSig: 16", "setuid", "signal 16" },
	{ "bpf-files", "argError: -13", "argError: -1", "of tmp", "result -13" },
	{ "bpf-files", "{action: Override, argError: -1}, {action: Sigkill}",
	  "{action: Override, argError: -1}", "netcat", "[Post, Override]" },
	{ "bpf-files", "an account file", "another file", "passwd", "another file" },
	{ "bpf-files", "[accounts, files]", "[accounts]", "passwd", "tags" },
	{ "bpf-process", "value: monitor", "value: enforce", "gdb", "and would enforce" },
	/* And nothing where nothing is wrong. */
	{ "bpf-files", NULL, NULL, NULL, NULL },
};

static char *read_text(const char *name, const char *end)
{
	const char *root = getenv("TPC_SOURCE_ROOT");
	char path[4096], *text = calloc(1, 1 << 16);
	FILE *f;

	ck_assert_msg(root && text, "TPC_SOURCE_ROOT names the sources");
	snprintf(path, sizeof(path), "%s/testdata/ptest/%s%s", root, name, end);
	f = fopen(path, "r");
	ck_assert_msg(f != NULL, "%s", path);
	ck_assert_uint_lt(fread(text, 1, (1 << 16) - 1, f), (1 << 16) - 1);
	fclose(f);
	return text;
}

static char *replace(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	char *out = calloc(1, 1 << 17);

	ck_assert_msg(out && at, "'%s' is not in the policy", from);
	snprintf(out, 1 << 17, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	return out;
}

static struct tpc *build(const char *text)
{
	const struct tpc_opts o = { .opt = 2 };
	struct tpc *t;

	ck_assert_int_eq(tpc_open(&t, &o), 0);
	ck_assert_int_eq(tpc_add_yaml(t, "p.yaml", text, strlen(text)), 0);
	ck_assert_int_eq(tpc_build(t), 0);
	ck_assert_ptr_null(tpc_not_yet(t));
	return t;
}

static void run(struct tpc *judged, struct tpc *compiled, const char *cases, struct ptest_result *ret)
{
	struct tpc_ctx *c = tpc_context(judged);
	struct ptest_units u = { tpc_lowered(judged), tpc_unit(judged), NULL };
	struct tpc_buf manifest = TPC_BUF(tpc_context(compiled)->arena);
	struct clang_object object;
	struct ptest_code code;

	ck_assert_int_eq(tpc_emit_cases(compiled, &object), 0);
	ck_assert_int_eq(tpc_emit_manifest(compiled, &manifest), 0);
	code = (struct ptest_code){ object.data, object.len, tpc_buf_text(&manifest) };
	ck_assert_int_eq(ptest_bpf_open(c, u.optimised, &code, &u.bpf), 0);
	ptest_run(c, &u, tpc_source_add(&c->sources, "c.yaml", cases, strlen(cases)), ret);
	ptest_bpf_close(u.bpf);
}

static void judge(const struct slip *s, const struct ptest_result *r)
{
	const struct ptest_outcome *o;
	bool seen = false;

	ck_assert_uint_gt(r->outcomes.len, 10);
	tpc_vec_foreach (o, &r->outcomes) {
		ck_assert_msg(o->bpf == PTEST_BPF_RAN || o->bpf == PTEST_BPF_DIFFERS, "%s: %s", o->name,
			      o->bpf_why);
		ck_assert_int_eq(o->status, o->bpf == PTEST_BPF_RAN ? PTEST_GOOD : PTEST_DIFFERS);
		if (!s->differs || strcmp(o->name, s->differs))
			continue;
		seen = true;
		ck_assert_msg(o->why && strstr(o->why, s->in) && strstr(o->why, "evaluator"), "%s: %s",
			      o->name, o->why ? o->why : "no difference is seen");
	}
	ck_assert(seen == (s->differs != NULL));
	/* Most cases are about something else. */
	ck_assert_uint_lt(r->bpf_counts[PTEST_BPF_DIFFERS], r->outcomes.len * 3 / 4);
	ck_assert(s->differs || !r->bpf_counts[PTEST_BPF_DIFFERS]);
}

START_TEST(a_slip_is_seen)
{
	const struct slip *s = &slips[_i];
	char *policy = read_text(s->name, ".yaml"), *cases = read_text(s->name, ".cases.yaml");
	char *other = s->from ? replace(policy, s->from, s->to) : strdup(policy);
	struct tpc *judged = build(policy), *compiled = build(other);
	struct ptest_result r;

	run(judged, compiled, cases, &r);
	judge(s, &r);
	tpc_close(judged);
	tpc_close(compiled);
	free(policy);
	free(cases);
	free(other);
}
END_TEST

/* Whether there is anything to be tested here, asked before check forks. */
static int ask(void)
{
	static const char text[] =
		"apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: p}\n"
		"spec:\n  kprobes:\n  - call: sys_dup\n";
	struct tpc *t;
	const struct tpc_opts o = { .opt = 2 };
	struct ptest_code code = { "", 0, "{}" };
	struct ptest_bpf *b = NULL;
	int r;

	if (tpc_open(&t, &o) || tpc_add_yaml(t, "p.yaml", text, strlen(text)) || tpc_build(t))
		return -EINVAL;
	r = ptest_bpf_open(tpc_context(t), tpc_unit(t), &code, &b);
	ptest_bpf_close(b);
	tpc_close(t);
	return r;
}

int main(void)
{
	TCase *t = tcase_create("ptest_bpf");
	int r;

	libbpf_set_print(NULL);
	r = ask();
	if (r) {
		printf("1..0 # SKIP the kernel does not let this process run BPF programs: %s\n",
		       strerror(-r));
		return 0;
	}
	tcase_add_loop_test(t, a_slip_is_seen, 0, sizeof(slips) / sizeof(slips[0]));
	return run_suite("ptest_bpf", t);
}
