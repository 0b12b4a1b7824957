// SPDX-License-Identifier: Apache-2.0
/*
 * libFuzzer: any bytes as a CEL expression. Whatever they are, there is a fault within them or a tree that has a
 * value and whose printed text reads back as the same. Corpus: testdata/fuzz/cel; scripts/fuzz.sh runs it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cel/cel.h"

#define NVARS 6

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct cel_var vars[NVARS] = {
	{ "arg0", CEL_INT32, true, NULL },	 { "arg1", CEL_UINT32, true, NULL },
	{ "arg2", CEL_INT, true, NULL },	 { "arg3", CEL_UINT, true, NULL },
	{ "arg4", CEL_INT, false, "it is not" }, { "flag", CEL_BOOL, true, NULL },
};

/* As cel_print() names them. */
static const struct cel_var printed[NVARS] = {
	{ "v0", CEL_INT32, true, NULL }, { "v1", CEL_UINT32, true, NULL }, { "v2", CEL_INT, true, NULL },
	{ "v3", CEL_UINT, true, NULL },	 { "v4", CEL_INT, false, "no" },   { "v5", CEL_BOOL, true, NULL },
};

static const uint64_t inputs[][NVARS] = {
	{ 0, 0, 0, 0, 0, 0 },
	{ 1, 1, 1, 1, 1, 1 },
	{ UINT64_MAX, UINT32_MAX, UINT64_MAX, UINT64_MAX, 0, 1 },
	{ INT32_MAX, 1u << 31, INT64_MAX, 1ull << 63, 0, 0 },
};

/* A fault that is none of a crash, for the fuzzer to keep. */
static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz_cel: %s\n", what);
	abort();
}

static void read_back(struct tpc_arena *a, const struct cel_node *n)
{
	const char *text = cel_print(a, n);
	const struct cel_node *again;
	struct cel_fault f;

	if (strlen(text) > CEL_TEXT_MAX)
		return;
	again = cel_parse(a, text, (uint32_t)strlen(text), printed, NVARS, &f);
	must(again, text);
	must(again->depth == n->depth && !strcmp(cel_print(a, again), text), text);
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		must(cel_eval(n, inputs[i]) <= 1, text);
		must(cel_eval(n, inputs[i]) == cel_eval(again, inputs[i]), text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tpc_arena *a = tpc_arena_new(16 << 20);
	struct cel_fault f = { 0 };
	const struct cel_node *n;

	if (!a)
		return 0;
	n = cel_parse(a, (const char *)data, (uint32_t)size, vars, NVARS, &f);
	if (n) {
		must(n->type == CEL_BOOL && n->depth <= CEL_DEPTH_MAX, "a tree that is not allowed");
		must(n->at <= size && n->len <= size - n->at, "a tree outside of the text");
		read_back(a, n);
	} else {
		must(f.what && *f.what, "a fault without a word");
		must(f.at <= size && f.len <= size - f.at, "a fault outside of the text");
	}
	must(!tpc_arena_exhausted(a), "16 MiB for a short text");
	tpc_arena_free(a);
	return 0;
}
