// SPDX-License-Identifier: Apache-2.0
/* Sockets that are tracked and never untracked fill the table of owners until none has room any more. */
#include "ir/lower_impl.h"

struct tracking {
	struct tpc_span track;
	bool tracks, untracks;
};

static void note(struct tracking *t, bool track, struct tpc_span at)
{
	if (!track) {
		t->untracks = true;
	} else if (!t->tracks) {
		t->tracks = true;
		t->track = at;
	}
}

static void look_at_actions(struct tracking *t, const struct tpc_action *a, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (a[i].action.v == TPC_ACTION_TRACK_SOCK || a[i].action.v == TPC_ACTION_UNTRACK_SOCK)
			note(t, a[i].action.v == TPC_ACTION_TRACK_SOCK, a[i].action.at);
}

static void look_at_kprobes(struct tracking *t, const struct tpc_kprobe *k, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (k[i].return_arg_action.v)
			note(t, k[i].return_arg_action.v == TPC_RETURN_ACTION_TRACK_SOCK,
			     k[i].return_arg_action.at);
		for (uint32_t s = 0; s < k[i].selectors.len; s++) {
			const struct tpc_selector *sel = &k[i].selectors.items[s];

			look_at_actions(t, sel->match_actions.items, sel->match_actions.len);
			look_at_actions(t, sel->match_return_actions.items, sel->match_return_actions.len);
		}
	}
}

void lower_check_tracking(struct lower *l)
{
	const struct tpc_spec *s = &l->policy->spec;
	struct tracking t = { .tracks = false };

	look_at_kprobes(&t, s->kprobes.items, s->kprobes.len);
	look_at_kprobes(&t, s->fentries.items, s->fentries.len);
	if (!t.tracks || t.untracks)
		return;
	lower_hint(
		l,
		lower_warning(
			l, t.track, TPC_W_SOCK_TRACK,
			"sockets are tracked here and untracked nowhere: entries stay until there is no room"),
		"add a hook on __sk_free with 'UntrackSock'");
}
