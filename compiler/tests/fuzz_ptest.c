// SPDX-License-Identifier: Apache-2.0
/*
 * libFuzzer: any bytes as cases and as recorded events, against policies with every type of argument. Whatever they
 * are, there are verdicts or a diagnostic, never an internal error. Corpus: testdata/fuzz/ptest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ptest/ptest.h"
#include "tpc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char policies[] =
	"apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: a}\nspec:\n"
	"  podSelector: {matchLabels: {app: web}}\n"
	"  hostSelector: {}\n"
	"  kprobes:\n"
	"  - call: sys_openat\n    return: true\n    returnArg: {index: 0, type: int}\n"
	"    args:\n    - {index: 0, type: fd}\n    - {index: 1, type: string, label: name}\n"
	"    - {index: 2, type: int}\n"
	"    selectors:\n    - matchArgs:\n      - {index: 1, operator: Prefix, values: [/etc/]}\n"
	"      - {index: 2, operator: Mask, values: [\"3\"]}\n"
	"      matchReturnArgs:\n      - {index: 0, operator: LT, values: [\"0\"]}\n"
	"      matchActions: [{action: Override, argError: -1}]\n"
	"    - matchBinaries:\n      - {operator: In, values: [/bin/sh], followChildren: true}\n"
	"      matchPIDs:\n      - {operator: NotIn, values: [1], followForks: true}\n"
	"    - matchNamespaces:\n      - {namespace: Mnt, operator: NotIn, values: [host_ns]}\n"
	"      matchNamespaceChanges:\n      - {operator: In, values: [Net]}\n"
	"      matchCapabilityChanges:\n      - {type: Effective, operator: NotIn, values: [CAP_CHOWN]}\n"
	"  - call: tcp_connect\n    syscall: false\n    args:\n    - {index: 0, type: sock}\n"
	"    selectors:\n    - matchArgs:\n      - {index: 0, operator: DAddr, values: [10.0.0.0/8]}\n"
	"      - {index: 0, operator: NotDPort, values: [\"80:90\"]}\n"
	"      - {index: 0, operator: State, values: [TCP_CLOSE]}\n"
	"---\n"
	"apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: b}\nspec:\n"
	"  kprobes:\n"
	"  - call: sys_openat\n    args:\n    - {index: 1, type: string}\n"
	"  - call: security_capset\n    syscall: false\n    args:\n"
	"    - {index: 2, type: cap_effective}\n    - {index: 3, type: cap_effective}\n"
	"    - {index: 4, type: file}\n    - {index: 5, type: uint64}\n"
	"    selectors:\n    - matchArgs:\n      - {args: [0, 1], operator: CapabilitiesGained}\n"
	"      - {index: 4, operator: FileType, values: [reg]}\n"
	"      - {operator: CelExpr, values: [\"arg3 + 1u > 5u\"]}\n"
	"  tracepoints:\n  - subsystem: raw_syscalls\n    event: sys_enter\n    args:\n"
	"    - {index: 4, type: syscall64}\n    selectors:\n    - matchArgs:\n"
	"      - {index: 4, operator: Equal, values: [\"59\"]}\n"
	"  uprobes:\n  - path: /bin/x\n    symbols: [main]\n    args:\n    - {index: 0, type: char_buf, sizeArgIndex: 2}\n"
	"    selectors:\n    - matchArgs:\n      - {index: 0, operator: Postfix, values: [x]}\n";

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz_ptest: %s\n", what);
	abort();
}

static void check_diags(struct tpc_ctx *c)
{
	for (uint32_t i = 0; i < c->diags.list.len; i++)
		must(c->diags.list.items[i]->code != TPC_E_INTERNAL, c->diags.list.items[i]->msg);
}

static void run_cases(struct tpc_ctx *c, const struct ptest_units *u, const char *text, size_t size)
{
	struct tpc_buf out = TPC_BUF(c->arena), updated = out;
	uint32_t file = tpc_source_add(&c->sources, "fuzz.yaml", text, size), left = 0;
	struct ptest_result r;

	ptest_run(c, u, file, &r);
	must(r.outcomes.len || c->diags.nerrors, "neither a case nor a word");
	must(!r.counts[PTEST_UNDECIDED] || c->diags.nerrors, "not judged, and not said why");
	for (int f = PTEST_TEXT; f <= PTEST_JSON; f++)
		ptest_print(c, u, &r, (enum ptest_format)f, true, &out);
	if (!c->diags.nerrors && ptest_update(c, u, file, &updated, &left))
		must(updated.len, "updated to nothing");
}

static void replay(struct tpc_ctx *c, const struct ptest_units *u, const char *text, size_t size)
{
	struct tpc_buf out = TPC_BUF(c->arena);
	struct ptest_replay r;

	ptest_replay(c, u, "fuzz.json", text, size, &r);
	ptest_print_replay(c, &r, PTEST_TEXT, &out);
	ptest_print_replay(c, &r, PTEST_JSON, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tpc_opts o = { .opt = 2, .arena_ceiling = 64 << 20 };
	struct ptest_units u;
	struct tpc *t;

	if (tpc_open(&t, &o) < 0)
		return 0;
	must(!tpc_add_yaml(t, "p.yaml", policies, sizeof(policies) - 1) && !tpc_build(t),
	     "the policies are wrong");
	u = (struct ptest_units){ tpc_lowered(t), tpc_unit(t), NULL };
	run_cases(tpc_context(t), &u, (const char *)data, size);
	check_diags(tpc_context(t));
	replay(tpc_context(t), &u, (const char *)data, size);
	check_diags(tpc_context(t));
	tpc_close(t);
	return 0;
}
