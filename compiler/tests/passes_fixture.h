// SPDX-License-Identifier: Apache-2.0
/* For the tests of passes: a unit with one kprobe, and passes run on it by name. */
#ifndef TPC_TESTS_PASSES_FIXTURE_H
#define TPC_TESTS_PASSES_FIXTURE_H

#include <string.h>

#include "passes/passes.h"
#include "tests/ir_build.h"
#include "tests/suite.h"

static struct tpc_ctx ctx, *c = &ctx;
static struct ir_unit *u;
static struct ir_program *p;
static struct ir_chain *ch;

static inline void setup(void)
{
	ck_assert_int_eq(tpc_ctx_init(c, 64 << 20), 0);
	u = build_unit(c);
	p = &u->programs.items[0];
	ch = build_chain(c, u, p);
}

static inline void teardown(void)
{
	tpc_ctx_done(c);
}

/* Runs the passes named, separated by blanks, whether or not a level has them. */
static inline void run(const char *names)
{
	while (*names) {
		size_t len = strcspn(names, " ");
		const struct pass *pass = passes;

		while (pass->name && (strlen(pass->name) != len || strncmp(pass->name, names, len)))
			pass++;
		ck_assert_ptr_nonnull(pass->name);
		pass->run(c, u);
		names += len + (names[len] == ' ');
	}
}

static inline void expect_rules(const char *rules)
{
	ck_assert_str_eq(show_rules(c, p), rules);
}

static inline const struct tpc_diag *warning(uint32_t nr)
{
	ck_assert_uint_gt(c->diags.list.len, nr);
	ck_assert_int_eq(c->diags.list.items[nr]->code, TPC_W_SELECTOR_DEAD);
	return c->diags.list.items[nr];
}

#endif
