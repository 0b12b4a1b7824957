// SPDX-License-Identifier: Apache-2.0
/*
 * libFuzzer: any bytes as a policy, through every stage but clang and printed in every way. Whatever they are,
 * there are texts or a diagnostic, and no crash. Corpus: testdata/fuzz/policy; scripts/fuzz.sh runs it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "ir/lower.h"
#include "tpc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A fault that is none of a crash, for the fuzzer to keep. */
static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz_policy: %s\n", what);
	abort();
}

static void print_diags(struct tpc_ctx *c)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return;
	tpc_diags_sort(&c->diags);
	tpc_diags_print_text(&c->diags, f, true);
	tpc_diags_print_json(&c->diags, f);
	tpc_diags_print_sarif(&c->diags, f);
	fclose(f);
	free(text);
	for (uint32_t i = 0; i < c->diags.list.len; i++)
		must(c->diags.list.items[i]->code != TPC_E_INTERNAL, c->diags.list.items[i]->msg);
}

static void emit(struct tpc *t)
{
	struct tpc_buf ir = TPC_BUF(tpc_context(t)->arena), c = ir, manifest = ir;

	must(!tpc_emit_ir(t, &ir) && ir.len, "no IR of what was built");
	if (tpc_emit_c(t, &c)) {
		must(tpc_context(t)->diags.nerrors, "no C of what was built, and nothing said");
		return; /* there is no code for it yet */
	}
	must(c.len, "no C of what was built");
	must(!tpc_emit_manifest(t, &manifest) && manifest.len, "no manifest of what was built");
}

static void compile(const char *text, size_t size, int opt)
{
	/* A small kernel's types, where there are any: what resolve names is looked up in them. */
	struct tpc_opts o = { .opt = opt,
			      .arena_ceiling = 64 << 20,
			      .btf = getenv("TPC_TEST_BTF"),
			      .min_kernel = IR_KERNEL(5, 15),
			      .compat_tetragon = opt == 2 };
	struct tpc *t;
	int r;

	if (tpc_open(&t, &o) < 0)
		return;
	r = tpc_add_yaml(t, "fuzz.yaml", text, size);
	must(!r || tpc_context(t)->diags.nerrors, "wrong input that nothing was said about");
	must(r || tpc_policy_count(t), "neither a policy nor a diagnostic");
	if (!r)
		r = tpc_build(t);
	must(!r || tpc_context(t)->diags.nerrors, "refused without a word");
	if (!r)
		emit(t);
	print_diags(tpc_context(t));
	tpc_close(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	compile((const char *)data, size, 0);
	compile((const char *)data, size, 2);
	return 0;
}
