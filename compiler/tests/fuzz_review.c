// SPDX-License-Identifier: Apache-2.0
/*
 * libFuzzer: any bytes as a policy, reviewed, corrected and reported in every format. Whatever they are, there is no crash,
 * and what was corrected has no more errors than what came. Seeds: testdata/review; scripts/fuzz.sh runs it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "review/correct.h"
#include "review/report.h"

#define ARENA_MAX ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct knowledge known;
static struct brief brief;

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz_review: %s\n", what);
	abort();
}

/* Read once: it takes longer than a review. */
static void know(void)
{
	static const char text[] =
		"appetite: block\nsiem: splunk\nagents: [falco]\nkernels: ['5.10']\n"
		"threats: [files, kernel]\nworkloads:\n- {name: api, namespace: pay, latencySensitive: true}\n";
	static struct tpc_ctx c;
	static bool done;

	if (done)
		return;
	must(!tpc_ctx_init(&c, ARENA_MAX), "no memory");
	knowledge_read(&c, NULL, 0, &known);
	brief_read(&c, tpc_source_add(&c.sources, "brief.yaml", text, strlen(text)), &brief);
	must(!c.diags.nerrors, "the brief is wrong");
	done = true;
}

static void report(struct tpc *t)
{
	struct tpc_arena *a = tpc_context(t)->arena;
	struct report p = { .given = review_run(t, &known, &brief) };
	struct tpc_buf md = TPC_BUF(a), html = md, json = md, sarif = md;

	if (!p.given)
		return; /* no memory */
	p.fixed = p.given;
	p.rollout = rollout_plan(p.fixed);
	p.routing = routing_plan(p.fixed);
	if (!p.rollout || !p.routing)
		return;
	report_markdown(&p, &md);
	report_html(&p, &html);
	must(tpc_arena_exhausted(a) || (md.len && html.len), "an empty report");
	must(!report_json(&p, &json) && !report_sarif(&p, &sarif), "no JSON, no SARIF");
}

static uint32_t errors_of(const struct tpc_opts *o, const char *text, size_t size, bool reported)
{
	struct tpc *t;
	uint32_t n;

	if (tpc_open(&t, o) < 0)
		return 0;
	if (!tpc_add_yaml(t, "fuzz.yaml", text, size))
		tpc_build(t);
	n = tpc_context(t)->diags.nerrors;
	if (reported && tpc_policy_count(t))
		report(t);
	tpc_close(t);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tpc_opts o = { .opt = 2, .arena_ceiling = ARENA_MAX };
	struct correct_file file = { .name = "fuzz.yaml", .text = (const char *)data, .len = size };
	struct tpc_ctx c;
	uint32_t before;

	know();
	before = errors_of(&o, file.text, size, true);
	if (tpc_ctx_init(&c, ARENA_MAX))
		return 0;
	if (!review_correct(c.arena, &o, &known, &brief, &file, 1) && file.nmends)
		must(errors_of(&o, file.corrected, file.corrected_len, false) <= before,
		     "corrected to something worse");
	tpc_ctx_done(&c);
	return 0;
}
