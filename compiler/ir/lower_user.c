// SPDX-License-Identifier: Apache-2.0
/*
 * Places in programs: uprobes by symbols, file offsets or addresses, and USDT probes. Each symbol, offset or
 * address is a hook point of its own. Rules: cilium/tetragon, pkg/sensors/tracing/genericuprobe.go, genericusdt.go.
 */
#include <string.h>

#include "base/suggest.h"
#include "base/text.h"
#include "ir/lower_impl.h"

/* Digests as lower case hexadecimal digits behind an algorithm; their lengths in digits. */
static const struct {
	const char *name;
	uint32_t digits; /* 0: any even number */
} algorithms[] = {
	{ "sha256", 64 }, { "sha384", 96 }, { "sha512", 128 }, { "sha1", 40 }, { "build-id", 0 },
};

static bool is_hex(const char *s, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		if (tpc_digit_of(s[i]) == 16)
			return false;
	return len > 0;
}

/* With ignore.digestVerificationFailure a digest that cannot be is one that no file has. */
static void check_digest(struct lower *l, const struct tpc_text *t, enum tpc_severity sev)
{
	const char *colon = memchr(t->s, ':', t->len);
	uint32_t name_len = colon ? (uint32_t)(colon - t->s) : 0, digits = t->len - name_len - 1;
	struct tpc_diag *d;

	for (size_t i = 0; colon && i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
		if (strlen(algorithms[i].name) != name_len || memcmp(algorithms[i].name, t->s, name_len))
			continue;
		if (!is_hex(colon + 1, digits))
			lower_say(l, sev, t->at, TPC_E_PROBE,
				  "'%s' is no digest: hexadecimal digits stand behind the ':'",
				  lower_show(l, t->s, t->len));
		else if (algorithms[i].digits && algorithms[i].digits != digits)
			lower_say(l, sev, t->at, TPC_E_PROBE, "a %s digest has %u digits, not %u",
				  algorithms[i].name, algorithms[i].digits, digits);
		return;
	}
	d = lower_say(l, sev, t->at, TPC_E_PROBE, "'%s' names no digest", lower_show(l, t->s, t->len));
	lower_hint(l, d, "sha256:, sha384:, sha512:, sha1: or build-id: and the digits");
}

/* Tetragon takes a relative path from the folder that its agent was started in. */
static bool check_path(struct lower *l, const struct tpc_text *path)
{
	if (!path->set)
		return false; /* missing, and said so by the front end */
	lower_check_line_break(l, (struct lower_word){ path->s, path->len, path->at });
	if (path->len && path->s[0] == '/')
		return true;
	lower_hint(l,
		   lower_say(l, path->len ? TPC_WARNING : TPC_ERROR, path->at, TPC_E_PROBE,
			     "'%s' is not an absolute path: it depends on where the loader is started",
			     lower_show(l, path->s, path->len)),
		   "the whole path of the program or library, from /");
	return path->len > 0;
}

static struct ir_user_place *new_place(struct lower *l, const struct tpc_uprobe *u)
{
	struct ir_user_place *w = tpc_new(l->c->arena, struct ir_user_place);
	const struct tpc_text *t;

	w->path = u->path.s;
	w->btf_path = u->btf_path.len ? u->btf_path.s : NULL;
	tpc_vec_foreach (t, &u->binary_digests)
		if (t->set)
			*tpc_vec_push(l->c->arena, &w->digests) = t->s;
	return w;
}

static void add_place(struct lower *l, const struct tpc_uprobe *u, uint32_t nr, const char *target,
		      struct ir_user_place *w, struct tpc_span at, struct lower_calls *ret)
{
	if (nr < u->ref_ctr_offsets.len)
		w->ref_ctr = (uint64_t)u->ref_ctr_offsets.items[nr].v;
	*tpc_vec_push(l->c->arena, &ret->list) = (struct lower_call){ .target = target, .user = w, .at = at };
}

static void add_symbols(struct lower *l, const struct tpc_uprobe *u, struct lower_calls *ret)
{
	for (uint32_t i = 0; i < u->symbols.len; i++) {
		const struct tpc_text *t = &u->symbols.items[i];
		struct ir_user_place *w;

		if (!t->set)
			continue;
		if (!t->len) {
			lower_error(l, t->at, TPC_E_PROBE, "the name of the symbol is empty");
			continue;
		}
		w = new_place(l, u);
		w->symbol = t->s;
		add_place(l, u, i, t->s, w, t->at, ret);
	}
}

static void add_numbers(struct lower *l, const struct tpc_uprobe *u, const struct tpc_int *n, uint32_t len,
			bool by_addr, struct lower_calls *ret)
{
	for (uint32_t i = 0; i < len; i++) {
		struct ir_user_place *w;

		if (!n[i].set)
			continue;
		w = new_place(l, u);
		w->by_addr = by_addr;
		w->place = (uint64_t)n[i].v;
		add_place(l, u, i, tpc_sprintf(l->c->arena, "0x%llx", (unsigned long long)n[i].v), w, n[i].at,
			  ret);
	}
}

void lower_uprobe_calls(struct lower *l, const struct tpc_uprobe *u, struct lower_calls *ret)
{
	uint32_t places = u->symbols.len ? u->symbols.len : u->offsets.len ? u->offsets.len : u->addrs.len;
	bool tolerant = u->ignore && u->ignore->digest_verification_failure.v;
	const struct tpc_text *t;

	tpc_vec_foreach (t, &u->binary_digests)
		if (t->set)
			check_digest(l, t, tolerant ? TPC_WARNING : TPC_ERROR);
	if (!check_path(l, &u->path))
		return;
	if (!places && l->policy->bad)
		return; /* perhaps in what could not be read */
	if (!places) {
		lower_hint(l,
			   lower_error(l, u->at, TPC_E_PROBE, "the uprobe on '%s' says no place in it",
				       lower_show(l, u->path.s, u->path.len)),
			   "symbols, offsets or addrs");
		return;
	}
	if (u->ref_ctr_offsets.len && u->ref_ctr_offsets.len != places)
		lower_error(l, u->ref_ctr_offsets.at, TPC_E_PROBE,
			    "there are %u 'refCtrOffsets' for %u places: one is for each",
			    u->ref_ctr_offsets.len, places);
	if (u->symbols.len)
		add_symbols(l, u, ret);
	else if (u->offsets.len)
		add_numbers(l, u, u->offsets.items, u->offsets.len, false, ret);
	else
		add_numbers(l, u, u->addrs.items, u->addrs.len, true, ret);
}

static bool check_word(struct lower *l, const struct tpc_text *t, const char *what)
{
	if (!t->set)
		return false;
	if (t->len)
		return true;
	lower_error(l, t->at, TPC_E_PROBE, "the %s is empty", what);
	return false;
}

void lower_usdt_calls(struct lower *l, const struct tpc_usdt *u, struct lower_calls *ret)
{
	struct ir_user_place *w;
	bool ok = check_path(l, &u->path);

	ok &= check_word(l, &u->provider, "provider of the probe");
	ok &= check_word(l, &u->name, "name of the probe");
	if (!ok)
		return;
	w = tpc_new(l->c->arena, struct ir_user_place);
	w->path = u->path.s;
	w->btf_path = u->btf_path.len ? u->btf_path.s : NULL;
	w->provider = u->provider.s;
	*tpc_vec_push(l->c->arena, &ret->list) =
		(struct lower_call){ .target = u->name.s, .user = w, .at = u->name.at };
}
