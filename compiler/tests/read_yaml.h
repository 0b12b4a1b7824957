// SPDX-License-Identifier: Apache-2.0
/* For tests of the front end: a text through frontend_read(), and its diagnostics as text. */
#ifndef TPC_TESTS_READ_YAML_H
#define TPC_TESTS_READ_YAML_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/frontend.h"
#include "suite.h"

static struct tpc_ctx ctx;
static struct tpc_policy_list policies;

static inline void read_setup(void)
{
	memset(&policies, 0, sizeof(policies));
	ck_assert_int_eq(tpc_ctx_init(&ctx, 256 << 20), 0);
}

static inline void read_teardown(void)
{
	tpc_ctx_done(&ctx);
}

static inline void read_bytes(const char *text, size_t len)
{
	frontend_read(&ctx, tpc_source_add(&ctx.sources, "p.yaml", text, len), &policies);
	tpc_diags_sort(&ctx.diags);
}

static inline void read_text(const char *text)
{
	read_bytes(text, strlen(text));
}

/* The diagnostics as they are printed; free() them. Not inlined: gcc 12 warns of a dangling pointer that is none. */
__attribute__((noinline, unused)) static char *printed(bool json)
{
	char *s = NULL;
	size_t len;
	FILE *f = open_memstream(&s, &len);

	ck_assert_ptr_nonnull(f);
	if (json)
		tpc_diags_print_json(&ctx.diags, f);
	else
		tpc_diags_print_text(&ctx.diags, f, false);
	fclose(f);
	return s;
}

static inline void expect_printed(const char *want)
{
	char *s = printed(false);

	ck_assert_str_eq(s, want);
	free(s);
}

/* Exactly one diagnostic with @code, at @line and @col. */
static inline void expect_one(enum tpc_diag_code code, uint32_t line, uint32_t col)
{
	struct tpc_place pl;
	char *s = printed(false);

	ck_assert_msg(ctx.diags.list.len == 1, "expected one diagnostic:\n%s", s);
	ck_assert_msg(ctx.diags.list.items[0]->code == code, "expected %s:\n%s", tpc_diag_code_id(code), s);
	ck_assert(tpc_source_place(&ctx.sources, ctx.diags.list.items[0]->at, &pl));
	ck_assert_msg(pl.line == line && pl.col == col, "expected %u:%u:\n%s", line, col, s);
	free(s);
}

/* Text of one policy around some lines of spec, which are indented by two. */
#define HEAD "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: p}\nspec:\n"
#define HEAD_LINES 4

#endif
