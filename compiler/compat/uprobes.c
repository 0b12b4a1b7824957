// SPDX-License-Identifier: Apache-2.0
/* Places of uprobes, and digests: genericuprobe.go. */
#include <stdlib.h>

#include "compat/compat_impl.h"

/* The ways to say where; 0: none. */
static const char *method_of(const struct tpc_uprobe *u)
{
	if (u->symbols.len)
		return "symbols";
	return u->offsets.len ? "offsets" : u->addrs.len ? "addrs" : "";
}

/* NAME or NAME+OFFSET */
static void check_symbol(struct compat *x, const struct tpc_text *s)
{
	const char *plus = memchr(s->s, '+', s->len);
	uint32_t before = plus ? (uint32_t)(plus - s->s) + 1 : 0;
	uint64_t offset;
	struct tpc_diag *d;

	if (!plus || !tpc_parse_uint(plus + 1, s->len - before, 0, 64, &offset))
		return;
	d = compat_say(x, s->at, TPC_T_VALUE, "Tetragon does not take '%s' as a symbol",
		       compat_show(x, s->s, s->len));
	compat_hint(x, d, "NAME or NAME+OFFSET");
}

static bool is_algorithm(const struct tpc_text *t)
{
	static const char *const known[] = { "sha256", "sha384", "sha512", "sha1", "build-id" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i]) == t->len && !strncasecmp(known[i], t->s, t->len))
			return true;
	return false;
}

static void check_digest(struct compat *x, const struct tpc_text *t)
{
	const char *colon = memchr(t->s, ':', t->len);
	uint32_t before = colon ? (uint32_t)(colon - t->s) : 0;
	struct tpc_text algorithm = compat_trim(t->s, before);
	struct tpc_text hash = compat_trim(t->s + before + 1, colon ? t->len - before - 1 : 0);
	struct tpc_diag *d;

	if (!t->len || (algorithm.len && hash.len && is_algorithm(&algorithm)))
		return;
	d = compat_say(x, t->at, TPC_T_VALUE, "Tetragon does not take '%s' as a digest",
		       compat_show(x, t->s, t->len));
	compat_hint(x, d, "sha256, sha384, sha512, sha1 or build-id, ':' and hexadecimal digits");
}

void compat_uprobe(struct compat *x, const struct compat_hook *h)
{
	const struct tpc_uprobe *u = h->uprobe;
	const struct tpc_text *t;

	tpc_vec_foreach (t, &u->symbols)
		check_symbol(x, t);
	tpc_vec_foreach (t, &u->binary_digests)
		check_digest(x, t);
}

/* ---- uprobe.multi: one file, one way ---- */

static int by_path(const void *a, const void *b)
{
	const struct tpc_uprobe *x = *(const struct tpc_uprobe *const *)a;
	const struct tpc_uprobe *y = *(const struct tpc_uprobe *const *)b;
	int d = strcmp(x->path.s, y->path.s);

	return d ? d : x < y ? -1 : x > y; /* they stand in one array */
}

static void say_method(struct compat *x, const struct tpc_uprobe *u, const struct tpc_uprobe *first)
{
	struct tpc_diag *d = compat_say(x, u->path.at, TPC_T_HOOK,
					"Tetragon takes one way to say where in a file its uprobes are");

	compat_hint(x, d, "%s, or the option disable-uprobe-multi: \"true\"", method_of(first));
	tpc_diag_note(&x->c->diags, d, first->path.at, "here it is '%s'", method_of(first));
}

void compat_uprobe_paths(struct compat *x)
{
	const struct tpc_spec *s = &x->policy->spec;
	const struct tpc_uprobe **list, *first;

	if (!x->uprobe_multi || !s->uprobes.len)
		return;
	list = tpc_new_array(x->c->arena, const struct tpc_uprobe *, s->uprobes.len);
	for (uint32_t i = 0; i < s->uprobes.len; i++)
		list[i] = &s->uprobes.items[i];
	qsort(list, s->uprobes.len, sizeof(*list), by_path);
	first = list[0];
	for (uint32_t i = 1; i < s->uprobes.len; i++) {
		if (strcmp(first->path.s, list[i]->path.s))
			first = list[i];
		else if (strcmp(method_of(first), method_of(list[i])) && *method_of(list[i]))
			say_method(x, list[i], first);
	}
}
