// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "libbpf_log.h"
#include "object.h"
#include "probe.h"
#include "rodata.h"
#include "run.h"
#include "variants.h"

static void print_chosen(const struct object *o, const char *path)
{
	for (size_t i = 0; i < o->m->nprograms; i++)
		if (o->chosen[i])
			printf("%s: %s: %s %s (%s)\n", path, o->m->programs[i].title,
			       attach_kind_name(o->chosen[i]->attach), o->chosen[i]->target,
			       o->chosen[i]->program);
	if (o->trackers)
		printf("%s: exec tracker: tp_btf\n", path);
}

/* One round: the variants with this number. */
static int load_round(const char *path, const struct run_opts *opts, struct probes *p, unsigned round,
		      bool *more, struct rt_error *e)
{
	struct variants_how how = { .only = opts->variant, .round = round, .want_trackers = true };
	struct rt_buf notes = { 0 };
	struct rodata_how ro = { .report_exec = true, .mode = opts->mode, .lenient = true, .notes = &notes };
	struct object o = { 0 };
	int err;

	*more = false;
	err = object_open(path, &opts->trust, &o, e);
	if (!err)
		err = variants_choose(&o, p, &how, &notes, more, e);
	if (!err)
		err = rodata_fill(&o, &ro, e);
	if (opts->verbose && notes.len)
		fputs(notes.s, stderr);
	if (!err)
		err = object_load(&o, e);
	if (!err)
		print_chosen(&o, path);
	object_close(&o);
	rt_buf_free(&notes);
	return err;
}

enum rt_exit run_load_only(const struct run_opts *opts)
{
	enum rt_exit worst = RT_OK;
	struct probes probes;
	struct rt_error e;
	unsigned round;
	bool more;
	int err;

	probes_init(&probes, true);
	for (size_t i = 0; i < opts->nobjects; i++) {
		round = 0;
		do {
			err = load_round(opts->objects[i], opts, &probes, round++, &more, &e);
		} while (!err && more && opts->all_variants);
		if (err) {
			printf("%s: refused: %s\n", opts->objects[i], e.text);
			/* An object that is unsound is the input's fault, all else the environment's. */
			if (e.status > worst)
				worst = e.status;
		} else {
			printf("%s: ok\n", opts->objects[i]);
		}
		fflush(stdout);
	}
	probes_done(&probes);
	return worst;
}
