// SPDX-License-Identifier: Apache-2.0
/* What tpc knows of threats, hooks and agents: all rows are sound, references lead somewhere, lookups find them. */
#include <string.h>

#include "review/knowledge.h"
#include "suite.h"

#define THREATS_LEAST 100
#define AGENTS_LEAST 140

static struct tpc_ctx ctx;
static struct knowledge known;

static void setup(void)
{
	ck_assert_int_eq(tpc_ctx_init(&ctx, (size_t)64 << 20), 0);
	knowledge_read(&ctx, NULL, 0, &known);
}

static void teardown(void)
{
	tpc_ctx_done(&ctx);
}

START_TEST(rows_are_sound)
{
	if (ctx.diags.list.len)
		tpc_diags_print_text(&ctx.diags, stderr, false);
	ck_assert_uint_eq(ctx.diags.list.len, 0);
}
END_TEST

START_TEST(there_are_enough)
{
	ck_assert_uint_ge(known.threats.len, THREATS_LEAST);
	ck_assert_uint_ge(known.agents.len, AGENTS_LEAST);
}
END_TEST

START_TEST(threats_are_whole)
{
	for (uint32_t i = 0; i < known.threats.len; i++) {
		const struct know_threat *t = known.threats.items[i];

		ck_assert_msg(t->hooks.len, "%s has no hook", t->id.s);
		for (uint32_t j = 0; j < t->hooks.len; j++)
			ck_assert_msg(t->hooks.items[j].row, "%s: %s", t->id.s, t->hooks.items[j].hook.s);
		ck_assert_msg(t->alternatives.len, "%s has no alternative", t->id.s);
		ck_assert_msg(t->fidelity.len, "%s: when is it hardly ever legitimate?", t->id.s);
	}
}
END_TEST

START_TEST(agents_are_whole)
{
	for (uint32_t i = 0; i < known.agents.len; i++) {
		const struct know_agent *a = known.agents.items[i];

		ck_assert_msg(a->binaries.len, "%s has no binary", a->name.s);
		ck_assert_msg(a->source.len, "%s has no source", a->name.s);
		for (uint32_t j = 0; j < a->triggers.len; j++)
			ck_assert_msg(know_threat_find(&known, a->triggers.items[j].s, NULL), "%s: %s",
				      a->name.s, a->triggers.items[j].s);
	}
}
END_TEST

static bool links_to(const struct know_link *items, uint32_t n, const struct know_hook *h)
{
	for (uint32_t i = 0; i < n; i++)
		if (items[i].row == h)
			return true;
	return false;
}

static bool is_spoken_of(const struct know_hook *h)
{
	uint32_t n;

	if (know_uses_of(&known, h, &n))
		return true;
	for (uint32_t i = 0; i < known.threats.len; i++)
		if (links_to(known.threats.items[i]->alternatives.items,
			     known.threats.items[i]->alternatives.len, h))
			return true;
	for (uint32_t i = 0; i < known.hooks.len; i++) {
		const struct know_hook *o = known.hooks.items[i];

		if (links_to(o->siblings.items, o->siblings.len, h) || (o->better && o->better->row == h))
			return true;
	}
	return false;
}

/* A row that nothing leads to must lead somewhere itself: a policy may use the hook. */
START_TEST(no_hook_is_alone)
{
	for (uint32_t i = 0; i < known.hooks.len; i++) {
		const struct know_hook *h = known.hooks.items[i];

		ck_assert_msg(is_spoken_of(h) || h->better || h->siblings.len || h->args.len || h->blind.len,
			      "nothing speaks of %s, and it says nothing", h->id.s);
	}
}
END_TEST

START_TEST(hooks_are_found)
{
	const struct know_hook *open = know_hook_find(&known, KNOW_LSM, "file_open", NULL), *mmap;
	bool function;

	ck_assert_ptr_nonnull(open);
	ck_assert_str_eq(open->id.s, "lsm:file_open");
	ck_assert_ptr_eq(know_hook_find(&known, KNOW_KPROBE, "security_file_open", &function), open);
	ck_assert(function);
	ck_assert_ptr_eq(know_hook_by_id(&known, "lsm:file_open", &function), open);
	ck_assert(!function);
	ck_assert_ptr_null(know_hook_find(&known, KNOW_KPROBE, "file_open", NULL));
	ck_assert_ptr_null(know_hook_find(&known, KNOW_LSM, "security_file_open", NULL));
	ck_assert_ptr_null(know_hook_find(&known, KNOW_KIND_NONE, "file_open", NULL));
	mmap = know_hook_by_id(&known, "kprobe:security_mmap_file", NULL);
	ck_assert_ptr_nonnull(mmap);
	/* file, reqprot, prot, flags: the function has no reqprot. */
	ck_assert_uint_eq(mmap->function_args.len, 4);
	ck_assert_int_eq(mmap->function_args.items[1].v, -1);
	ck_assert_int_eq(mmap->function_args.items[2].v, 1);
}
END_TEST

START_TEST(facts_that_reviews_hang_on)
{
	const struct know_hook *openat = know_hook_by_id(&known, "syscall:sys_openat", NULL);

	ck_assert_ptr_nonnull(openat);
	ck_assert_int_eq(openat->override.v, KNOW_OVERRIDE_INJECTION);
	ck_assert_uint_eq(openat->toctou.len, 1);
	ck_assert_int_eq(openat->toctou.items[0].index.v, 1);
	ck_assert_str_eq(openat->better->hook.s, "lsm:file_open");
	ck_assert(know_hook_has_abi32(openat));
	ck_assert(!know_hook_has_abi32(know_hook_by_id(&known, "lsm:file_open", NULL)));
	ck_assert_int_eq(know_hook_by_id(&known, "kprobe:tcp_connect", NULL)->override.v, KNOW_OVERRIDE_NO);
	ck_assert_int_eq(know_hook_by_id(&known, "lsm:bprm_committing_creds", NULL)->override.v,
			 KNOW_OVERRIDE_NO);
	ck_assert(know_hook_by_id(&known, "lsm:file_open", NULL)->sleepable.v);
	ck_assert_int_eq(know_hook_by_id(&known, "kprobe:ip_output", NULL)->context.v, KNOW_CONTEXT_ANY);
}
END_TEST

START_TEST(uses_are_found)
{
	const struct know_hook *h = know_hook_by_id(&known, "lsm:bpf", NULL);
	const struct know_use *const *uses;
	uint32_t n;

	uses = know_uses_of(&known, h, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(uses[0]->threat->id.s, "bpf-object-access");
	ck_assert_str_eq(uses[1]->threat->id.s, "bpf-prog-load");
	ck_assert_ptr_null(know_uses_of(&known, know_hook_by_id(&known, "kprobe:tcp_close", NULL), &n));
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(names_are_suggested)
{
	const char *near;

	ck_assert_ptr_null(know_threat_find(&known, "shadow-raed", &near));
	ck_assert_str_eq(near, "shadow-read");
	ck_assert_ptr_null(know_agent_find(&known, "fluentbit", &near));
	ck_assert_str_eq(near, "fluent-bit");
	ck_assert_ptr_nonnull(know_agent_find(&known, "cilium", &near));
	ck_assert_ptr_null(near);
	ck_assert_ptr_null(know_threat_find(&known, "", &near));
}
END_TEST

START_TEST(agents_know_what_they_set_off)
{
	const struct know_agent *a = know_agent_find(&known, "tetragon", NULL);

	ck_assert_ptr_nonnull(a);
	ck_assert(know_agent_triggers(a, "bpf-prog-load"));
	ck_assert(!know_agent_triggers(a, "shadow-read"));
	ck_assert_str_eq(a->binaries.items[0].path.s, "/usr/bin/tetragon");
	ck_assert_int_eq(a->binaries.items[0].on.v, KNOW_IN_CONTAINER);
	ck_assert_int_eq(a->binaries.items[0].match.v, KNOW_MATCH_EQUAL);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("knowledge");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, rows_are_sound);
	tcase_add_test(t, there_are_enough);
	tcase_add_test(t, threats_are_whole);
	tcase_add_test(t, agents_are_whole);
	tcase_add_test(t, no_hook_is_alone);
	tcase_add_test(t, hooks_are_found);
	tcase_add_test(t, facts_that_reviews_hang_on);
	tcase_add_test(t, uses_are_found);
	tcase_add_test(t, names_are_suggested);
	tcase_add_test(t, agents_know_what_they_set_off);
	return run_suite("knowledge", t);
}
