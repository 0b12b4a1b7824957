// SPDX-License-Identifier: Apache-2.0
#include "variants.h"

#include <errno.h>
#include <string.h>

static int mark(struct object *o, const struct manifest_variant *v, struct rt_error *e)
{
	struct bpf_program *p = bpf_object__find_program_by_name(o->bpf, v->program);
	int err = bpf_program__set_autoload(p, true);

	/* The object's sections say the same; the manifest has the last word. */
	if (!err && v->attach != ATTACH_KPROBE && v->attach != ATTACH_TRACEPOINT)
		err = bpf_program__set_attach_target(p, 0, v->target);
	return err ? rt_fail(e, RT_ENVIRONMENT, err, "program '%s': attach target '%s': %s", v->program,
			     v->target, strerror(-err)) :
		     0;
}

/* The possible variant with number @how->round, or NULL. @count: possible ones seen, one beyond the round at most. */
static const struct manifest_variant *pick(struct probes *p, const struct manifest_program *mp,
					   const struct variants_how *how, struct rt_buf *whys,
					   unsigned *count)
{
	const struct manifest_variant *found = NULL;
	struct probe_reason why;

	*count = 0;
	for (size_t i = 0; i < mp->nvariants && *count < how->round + 2; i++) {
		const struct manifest_variant *v = &mp->variants[i];

		if (how->only && strcmp(how->only, attach_kind_name(v->attach)) != 0) {
			rt_buf_fmt(whys, "\n  %s passed over: --variant %s", attach_kind_name(v->attach),
				   how->only);
		} else if (!probe_variant(p, v, &why)) {
			rt_buf_fmt(whys, "\n  %s passed over: %s", attach_kind_name(v->attach), why.text);
		} else if ((*count)++ == how->round) {
			found = v;
		}
	}
	return found;
}

static int choose_program(struct object *o, size_t i, struct probes *p, const struct variants_how *how,
			  struct rt_buf *notes, bool *more, struct rt_error *e)
{
	const struct manifest_program *mp = &o->m->programs[i];
	struct rt_buf whys = { 0 };
	char place[600];
	unsigned count;
	int err = 0;

	o->chosen[i] = pick(p, mp, how, &whys, &count);
	*more |= count > how->round + 1;
	rt_buf_add(&whys, "", 0);
	if (o->chosen[i]) {
		err = mark(o, o->chosen[i], e);
		rt_buf_fmt(notes, "%s: %s %s (%s)%s\n", object_place(mp, place, sizeof(place)),
			   attach_kind_name(o->chosen[i]->attach), o->chosen[i]->target,
			   o->chosen[i]->program, whys.failed ? "" : whys.s);
	} else if (how->round == 0) {
		err = rt_fail(e, RT_ENVIRONMENT, -ENOTSUP, "%s: this kernel can do none of its variants%s",
			      object_place(mp, place, sizeof(place)), whys.failed ? "" : whys.s);
	}
	rt_buf_free(&whys);
	return err;
}

static int check_needs(struct object *o, struct probes *p, struct rt_error *e)
{
	struct probe_reason why;
	bool known;

	for (size_t i = 0; i < o->m->nneeds; i++)
		if (!probe_need(p, o->m->needs[i], &known, &why))
			return rt_fail(e, known ? RT_ENVIRONMENT : RT_INPUT, -ENOTSUP, "%s", why.text);
	return 0;
}

/* Without trackers matchBinaries has no answer, but processes can also be looked up in /proc. */
static int choose_trackers(struct object *o, struct probes *p, const struct variants_how *how,
			   struct rt_buf *notes, struct rt_error *e)
{
	bool needed = o->m->nexec_tests > 0;
	struct probe_reason why;
	int err = 0;

	o->trackers = false;
	if (how->round > 0 || (!needed && !how->want_trackers) || !o->m->ntrackers)
		return 0;
	for (size_t i = 0; i < o->m->ntrackers; i++) {
		if (probe_variant(p, &o->m->trackers[i], &why))
			continue;
		if (needed && !p->load_only)
			return rt_fail(
				e, RT_ENVIRONMENT, -ENOTSUP,
				"matchBinaries needs the exec tracker, which this kernel cannot do: %s",
				why.text);
		rt_buf_fmt(notes, "exec tracker left out: %s\n", why.text);
		return 0;
	}
	for (size_t i = 0; i < o->m->ntrackers && !err; i++)
		err = mark(o, &o->m->trackers[i], e);
	o->trackers = !err;
	return err;
}

int variants_choose(struct object *o, struct probes *p, const struct variants_how *how, struct rt_buf *notes,
		    bool *more, struct rt_error *e)
{
	int err = check_needs(o, p, e);

	*more = false;
	for (size_t i = 0; i < o->m->nprograms && !err; i++)
		err = choose_program(o, i, p, how, notes, more, e);
	return err ? err : choose_trackers(o, p, how, notes, e);
}
