// SPDX-License-Identifier: Apache-2.0
/*
 * spec.options. Tetragon ignores a name that it does not know, so that a misspelt policy-mode leaves a policy
 * enforcing; here it is an error. The known names: cilium/tetragon, pkg/sensors/tracing/options.go.
 */
#include <string.h>

#include "base/suggest.h"
#include "base/text.h"
#include "ir/lower_impl.h"

enum option {
	OPTION_MODE,
	OPTION_KPROBE_MULTI,
	OPTION_UPROBE_MULTI,
	OPTION_PRELOAD,
	OPTION_OVERRIDE,
	OPTION_MAX
};

static const char *const options[] = {
	[OPTION_MODE] = "policy-mode",
	[OPTION_KPROBE_MULTI] = "disable-kprobe-multi",
	[OPTION_UPROBE_MULTI] = "disable-uprobe-multi",
	[OPTION_PRELOAD] = "sleepable-preload-size",
	[OPTION_OVERRIDE] = "override-method",
};
_Static_assert(sizeof(options) / sizeof(options[0]) == OPTION_MAX, "one name an option");

static enum option find_option(const struct tpc_text *name)
{
	for (int i = 0; i < OPTION_MAX; i++)
		if (tpc_text_is(name->s, name->len, options[i]))
			return (enum option)i;
	return OPTION_MAX;
}

static void hint_option(struct lower *l, struct tpc_diag *d, const struct tpc_text *name)
{
	struct tpc_suggest s = TPC_SUGGEST(name->s, name->len);
	struct tpc_buf all = TPC_BUF(l->c->arena);

	for (int i = 0; i < OPTION_MAX; i++) {
		tpc_suggest_try(&s, options[i]);
		tpc_buf_printf(&all, "%s%s", i ? ", " : "", options[i]);
	}
	if (s.best)
		lower_hint(l, d, "did you mean '%s'?", s.best);
	else
		lower_hint(l, d, "one of %s", tpc_buf_text(&all));
}

static void lower_mode(struct lower *l, const struct tpc_value *v, struct ir_policy *policy)
{
	struct tpc_diag *d;

	policy->monitor = tpc_text_is(v->s, v->len, "monitor");
	if (policy->monitor || tpc_text_is(v->s, v->len, "enforce"))
		return;
	d = lower_error(l, v->at, TPC_E_ENUM, "policy mode '%s' does not exist", lower_show(l, v->s, v->len));
	tpc_diag_hint(&l->c->diags, d, "monitor or enforce");
}

static void lower_override_method(struct lower *l, const struct tpc_value *v, struct ir_policy *policy)
{
	if (tpc_text_is(v->s, v->len, "override-return"))
		policy->override_method = IR_OVERRIDE_RETURN;
	else if (tpc_text_is(v->s, v->len, "fmod-ret"))
		policy->override_method = IR_OVERRIDE_FMOD_RET;
	else
		lower_hint(l,
			   lower_error(l, v->at, TPC_E_ENUM, "override method '%s' does not exist",
				       lower_show(l, v->s, v->len)),
			   "fmod-ret or override-return");
}

/* What is read as Tetragon reads it, although nothing here depends on it. */
static void check_unused(struct lower *l, const struct tpc_option *o, enum option which)
{
	struct lower_word w = { o->value.s, o->value.len, o->value.at };
	struct ir_value number = { .type = IR_INT, .size = 4, .is_signed = true, .type_name = "int" };
	uint64_t size;
	bool yes;

	if (which != OPTION_PRELOAD) {
		if (!lower_bool(l, w, &yes))
			return;
	} else if (!lower_number(l, &number, w, &size)) {
		return;
	} else if ((int64_t)size <= 0) {
		lower_error(l, o->value.at, TPC_E_VALUE, "'%s' must be more than 0", options[which]);
		return;
	}
	lower_warning(l, o->name.at, TPC_W_NO_EFFECT, "option '%s' has no effect here", options[which]);
}

static void lower_option(struct lower *l, const struct tpc_option *o, enum option which,
			 struct ir_policy *policy)
{
	struct tpc_diag *d;

	switch (which) {
	case OPTION_MODE:
		lower_mode(l, &o->value, policy);
		break;
	case OPTION_KPROBE_MULTI:
	case OPTION_UPROBE_MULTI:
	case OPTION_PRELOAD:
		check_unused(l, o, which);
		break;
	case OPTION_OVERRIDE:
		lower_override_method(l, &o->value, policy);
		break;
	default:
		d = lower_error(l, o->name.at, TPC_E_ENUM, "unknown option '%s'",
				lower_show(l, o->name.s, o->name.len));
		hint_option(l, d, &o->name);
	}
}

void lower_options(struct lower *l, struct ir_policy *policy)
{
	const struct tpc_option *first[OPTION_MAX + 1] = { NULL };
	const struct tpc_option *o;

	tpc_vec_foreach (o, &l->policy->spec.options) {
		enum option which = find_option(&o->name);

		if (!o->name.set && l->policy->bad)
			continue;
		if (which != OPTION_MAX && first[which]) {
			struct tpc_diag *d = lower_error(l, o->name.at, TPC_E_DUPLICATE_KEY,
							 "option '%s' is given twice", options[which]);

			tpc_diag_note(&l->c->diags, d, first[which]->name.at, "the first time");
			continue;
		}
		first[which] = o;
		lower_option(l, o, which, policy);
	}
}
