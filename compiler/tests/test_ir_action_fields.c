// SPDX-License-Identifier: Apache-2.0
/* Every field of the schema's action against every action: told where the action does not read it, and only there. */
#include "frontend/schema_impl.h"
#include "ir/lower.h"
#include "tests/read_yaml.h"

#define SPEC                                                                                                 \
	"  enforcers: [{calls: [sys_dup]}]\n"                                                                \
	"  %s\n"                                                                                             \
	"    args: [{index: 0, type: %s}]\n"                                                                 \
	"    selectors: [{matchActions: [{action: %s, %s: %s}]}]\n"

/* Which actions read a field: cilium/tetragon, pkg/selectors/kernel.go, ParseMatchAction(). */
static const struct {
	const char *field, *value, *readers;
} reads[] = {
	{ "argUrl", "http://a/", "GetUrl" },
	{ "argFqdn", "a.b", "DnsLookup" },
	{ "argError", "-1", "Override NotifyEnforcer" },
	{ "argSig", "9", "Signal NotifyEnforcer" },
	{ "argSock", "0", "TrackSock UntrackSock" },
	{ "argIndex", "0", "Set" },
	{ "argValue", "1", "Set" },
	{ "argRegs", "[rax=1]", "Override" },
	{ "argNewSymbol", "a", "Override" },
	{ "argNewAddr", "1", "Override" },
	{ "argNewOffset", "1", "Override" },
	{ "rateLimit", "5", "Post" },
	{ "rateLimitScope", "global", "Post" },
	{ "kernelStackTrace", "true", "Post" },
	{ "userStackTrace", "true", "Post" },
	{ "imaHash", "true", "Post" },
};
#define NREADS (sizeof(reads) / sizeof(reads[0]))

static const struct schema_object *action_table(void)
{
	for (uint32_t i = 0; i < schema_selector.nfields; i++)
		if (!strcmp(schema_selector.fields[i].name, "matchActions"))
			return schema_selector.fields[i].object;
	return NULL;
}

/* "'argSig' has no effect on 'Post'", with its hint. */
static bool is_told(const char *field, const char *action)
{
	const char *want = tpc_sprintf(ctx.arena, "'%s' has no effect on '%s'", field, action);

	for (uint32_t i = 0; i < ctx.diags.list.len; i++) {
		const struct tpc_diag *d = ctx.diags.list.items[i];

		if (d->code == TPC_W_NO_EFFECT && !strncmp(d->msg, want, strlen(want))) {
			ck_assert_ptr_nonnull(d->hint);
			return true;
		}
	}
	return false;
}

static bool tells(const char *hook, const char *type, const char *action, size_t nr)
{
	bool told;

	read_setup();
	read_text(tpc_sprintf(ctx.arena, HEAD SPEC, hook, type, action, reads[nr].field, reads[nr].value));
	ck_assert_uint_eq(ctx.diags.nerrors, 0);
	ir_lower(&ctx, &policies, NULL);
	told = is_told(reads[nr].field, action);
	read_teardown();
	return told;
}

/* A word of a list that blanks separate. */
static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += len)
		if ((at == list || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

START_TEST(all_fields_are_known_here)
{
	const struct schema_object *table = action_table();

	ck_assert_ptr_nonnull(table);
	ck_assert_uint_eq(table->nfields, NREADS + 1); /* and 'action' */
	for (uint32_t i = 0; i < table->nfields; i++) {
		size_t nr = 0;

		while (nr < NREADS && strcmp(table->fields[i].name, reads[nr].field))
			nr++;
		ck_assert_msg(nr < NREADS || !strcmp(table->fields[i].name, "action"), "%s has no row",
			      table->fields[i].name);
	}
}
END_TEST

START_TEST(told_where_nothing_reads_it)
{
	for (uint32_t i = 0; i < schema_actions.len; i++) {
		const char *action = schema_actions.items[i].name;
		bool read = has_word(reads[_i].readers, action);

		ck_assert_msg(tells("uprobes:\n  - path: /bin/sh\n    symbols: [main]", "sock", action,
				    (size_t)_i) != read,
			      "%s on %s", reads[_i].field, action);
	}
}
END_TEST

/* What Override reads of uprobes alone, and what a result is beside it. */
START_TEST(override_of_a_function)
{
	for (size_t i = 0; i < NREADS; i++) {
		bool user = !strncmp(reads[i].field, "argNew", 6) || !strcmp(reads[i].field, "argRegs");

		if (!strcmp(reads[i].readers, "Override"))
			ck_assert_int_eq(tells("kprobes:\n  - call: sys_dup", "int", "Override", i), user);
	}
}
END_TEST

START_TEST(a_result_beside_registers)
{
	read_setup();
	read_text(HEAD "  uprobes:\n  - path: /bin/sh\n    symbols: [main]\n    selectors:\n"
		       "    - matchActions: [{action: Override, argError: 1, argRegs: [rax=1]}]\n");
	ir_lower(&ctx, &policies, NULL);
	ck_assert_uint_eq(ctx.diags.nwarnings, 1);
	ck_assert_str_eq(ctx.diags.list.items[0]->msg, "'argError' has no effect beside 'argRegs'");
	read_teardown();
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("action fields");

	tcase_add_test(t, all_fields_are_known_here);
	tcase_add_loop_test(t, told_where_nothing_reads_it, 0, NREADS);
	tcase_add_test(t, override_of_a_function);
	tcase_add_test(t, a_result_beside_registers);
	return run_suite("ir_action_fields", t);
}
