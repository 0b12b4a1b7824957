// SPDX-License-Identifier: Apache-2.0
/* Types of arguments and what they are compared with (TPR2xx): values that are dead, or take more than they seem to. */
#include "review/filters.h"

/* Of a hook and of a selector, beyond which they are not held against each other; Tetragon takes 5 of either. */
#define RULES_MAX 64
#define FILTERS_MAX 16

/* Calls @ask of each filter of @u with the argument that it looks at. */
static void each_filter(struct rv *r, const struct rv_rule *u,
			void (*ask)(struct rv *r, const struct rv_rule *u, const struct tpc_arg_filter *f,
				    const struct tpc_arg *a))
{
	const struct tpc_arg_filter *f;

	if (u->whole)
		tpc_vec_foreach (f, &u->whole->match_args) {
			const struct tpc_arg *a = rv_filter_arg(u->hook, f, NULL);

			if (a)
				ask(r, u, f, a);
		}
}

static bool enforces(const struct rv_rule *u)
{
	return rv_enforces(u->hook->policy, u->acts);
}

static bool starts(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* Does @f compare text? */
static bool is_text_op(const struct tpc_arg_filter *f)
{
	switch ((enum tpc_arg_operator)f->op.v) {
	case TPC_ARG_OPERATOR_EQUAL:
	case TPC_ARG_OPERATOR_NOT_EQUAL:
	case TPC_ARG_OPERATOR_PREFIX:
	case TPC_ARG_OPERATOR_NOT_PREFIX:
	case TPC_ARG_OPERATOR_POSTFIX:
	case TPC_ARG_OPERATOR_NOT_POSTFIX:
		return true;
	default:
		return false;
	}
}

static bool is_prefix_op(const struct tpc_arg_filter *f)
{
	return f->op.v == TPC_ARG_OPERATOR_PREFIX || f->op.v == TPC_ARG_OPERATOR_NOT_PREFIX;
}

/* ---- TPR201: what the caller wrote, where the kernel has the object ---- */

static bool is_text_type(const struct tpc_arg *a)
{
	return a->type.v == TPC_ARG_TYPE_STRING || a->type.v == TPC_ARG_TYPE_CHAR_BUF;
}

static void object_as_text(struct rv *r, const struct rv_hook *h)
{
	const struct know_hook_arg *k;

	if (!h->row || h->by_function)
		return;
	for (uint32_t i = 0; i < h->nargs; i++) {
		const struct tpc_arg *a = &h->args[i];

		if (!is_text_type(a) || a->resolve.set)
			continue;
		tpc_vec_foreach (k, &h->row->args)
			if (k->index.v == a->index.v && rv_is_path(&(struct tpc_arg){ .type = k->type }))
				rv_mend(r,
					rv_say(r, a->type.at, "argument %d of %s is no text: it is '%s'",
					       (int)a->index.v, rv_hook_words(r->arena, h), k->type.s),
					"write 'type: %s'", k->type.s);
	}
}

/* ---- TPR202: no descriptor ---- */

/* Calls named …at take AT_FDCWD (-100) as their first argument. */
static void no_descriptor(struct rv *r, const struct rv_rule *u, const struct tpc_arg_filter *f,
			  const struct tpc_arg *a)
{
	const char *name = u->hook->target;
	size_t n = strlen(name);

	if (a->type.v != TPC_ARG_TYPE_FD || u->hook->kind != KNOW_SYSCALL || a->index.v || n < 3 ||
	    (strcmp(name + n - 2, "at") != 0 && strcmp(name + n - 3, "at2") != 0))
		return;
	rv_mend(r,
		rv_say(r, f->at,
		       "argument 0 of %s is mostly AT_FDCWD, which is no descriptor and has no path", name),
		"use an LSM hook with the file or path itself");
}

/* ---- TPR205, TPR206, TPR207: paths (hier(7)) ---- */

/* Folders that every distribution has: a prefix that names one means what is in it. */
static const char *const folders[] = {
	"/bin",
	"/boot",
	"/dev",
	"/dev/shm",
	"/etc",
	"/etc/cron.d",
	"/etc/kubernetes",
	"/etc/ssh",
	"/home",
	"/lib",
	"/lib64",
	"/media",
	"/mnt",
	"/opt",
	"/proc",
	"/root",
	"/run",
	"/sbin",
	"/srv",
	"/sys",
	"/tmp",
	"/usr",
	"/usr/bin",
	"/usr/lib",
	"/usr/local",
	"/usr/local/bin",
	"/usr/sbin",
	"/var",
	"/var/lib",
	"/var/lib/kubelet",
	"/var/log",
	"/var/tmp",
};

static bool is_folder(const char *s)
{
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!strcmp(folders[i], s))
			return true;
	return false;
}

static void open_prefix(struct rv *r, const struct rv_rule *u, const struct tpc_arg_filter *f,
			const struct tpc_arg *a)
{
	const struct tpc_value *v;

	(void)u;
	if (!is_prefix_op(f) || !rv_is_long(a) ||
	    a->type.v == TPC_ARG_TYPE_PATH) /* may be the folder itself */
		return;
	tpc_vec_foreach (v, &f->values) {
		struct rv_finding *x;

		if (!is_folder(v->s))
			continue;
		x = rv_say(r, v->at, "'%s' also begins the names of others, such as '%s-old/x'", v->s, v->s);
		rv_mend(r, x, "write '%s/'", v->s);
		if (f->op.v == TPC_ARG_OPERATOR_PREFIX) /* the other way it would take more */
			edit_scalar(r, x, v->at, tpc_sprintf(r->arena, "%s/", v->s));
	}
}

/* Links of a merged /usr, and of /var/run: the kernel shows where they lead. */
static const struct {
	const char *link, *to;
} links[] = {
	{ "/bin/", "/usr/bin/" },     { "/sbin/", "/usr/sbin/" }, { "/lib/", "/usr/lib/" },
	{ "/lib64/", "/usr/lib64/" }, { "/var/run/", "/run/" },
};

static bool has_value(const struct tpc_arg_filter *f, const char *to, const char *rest)
{
	const struct tpc_value *v;
	size_t n = strlen(to);

	tpc_vec_foreach (v, &f->values)
		if (is_prefix_op(f) && v->len < n + strlen(rest) &&
		    !strncmp(to, v->s, v->len < n ? v->len : n) &&
		    (v->len <= n || !strncmp(rest, v->s + n, v->len - n)))
			return true;
		else if (!strncmp(v->s, to, n) && !strcmp(v->s + n, rest))
			return true;
	return false;
}

#define LINKS_MAX 64 /* values that are looked into: each is held against all others */

static void behind_link(struct rv *r, const struct rv_rule *u, const struct tpc_arg_filter *f,
			const struct tpc_arg *a)
{
	(void)u;
	if (!rv_is_path(a) || a->resolve.set || !is_text_op(f) || f->op.v == TPC_ARG_OPERATOR_POSTFIX ||
	    f->op.v == TPC_ARG_OPERATOR_NOT_POSTFIX)
		return;
	for (uint32_t i = 0; i < f->values.len && i < LINKS_MAX; i++) {
		const struct tpc_value *v = &f->values.items[i];

		for (size_t k = 0; k < sizeof(links) / sizeof(links[0]); k++) {
			const char *rest = v->s + strlen(links[k].link);

			if (!starts(v->s, links[k].link) || has_value(f, links[k].to, rest))
				continue;
			rv_mend(r,
				rv_say(r, v->at, "'%.*s' is a link on most systems: the path is '%s%s' there",
				       (int)strlen(links[k].link) - 1, v->s, links[k].to, rest),
				"add '%s%s'", links[k].to, rest);
		}
	}
}

#define TOKEN "kubernetes.io/serviceaccount/"

/* The kubelet makes files of secrets and config maps as links into a folder whose name begins with "..". */
static void atomic_writer(struct rv *r, const struct rv_rule *u, const struct tpc_arg_filter *f,
			  const struct tpc_arg *a)
{
	const struct tpc_value *v;

	(void)u;
	if (!rv_is_path(a) || a->resolve.set || !is_text_op(f))
		return;
	tpc_vec_foreach (v, &f->values) {
		const char *at = strstr(v->s, TOKEN);

		at = at ? at + strlen(TOKEN) : NULL;
		if (!at || !*at || starts(at, ".."))
			continue;
		rv_mend(r,
			rv_say(r, v->at,
			       "no file has this path: between folder and '%s' there is one named '..<time>'",
			       at),
			"a Prefix of the folder and a Postfix '/%s', as two filters", at);
	}
}

/* ---- TPR209: where a dentry's path begins ---- */

static void dentry_path(struct rv *r, const struct rv_rule *u, const struct tpc_arg_filter *f,
			const struct tpc_arg *a)
{
	const struct tpc_value *v;

	(void)u;
	if (a->type.v != TPC_ARG_TYPE_DENTRY || a->resolve.set || !is_text_op(f) ||
	    f->op.v == TPC_ARG_OPERATOR_POSTFIX || f->op.v == TPC_ARG_OPERATOR_NOT_POSTFIX)
		return;
	tpc_vec_foreach (v, &f->values)
		if (v->s[0] == '/') {
			rv_mend(r,
				rv_say(r, v->at,
				       "a dentry's path begins at its file system, not at '/': '%s' misses where that is mounted",
				       v->s),
				"use Postfix, or a hook with a file or path");
			return; /* the others are of the same kind */
		}
}

/* ---- TPR210: the path that is none ---- */

static bool asks_links(const struct rv_hook *h)
{
	struct rv_rule *const *u;
	const struct tpc_arg_filter *f;

	if (h->rules.len > RULES_MAX)
		return true;
	tpc_vec_foreach (u, &h->rules)
		if ((*u)->whole)
			tpc_vec_foreach (f, &(*u)->whole->match_args) {
				const struct tpc_arg *a = rv_filter_arg(h, f, NULL);

				if (a && (rv_resolves(a, "i_nlink") || rv_resolves(a, "__i_nlink")))
					return true;
			}
	return false;
}

static void nameless(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_arg_filter *f, *first = NULL;

	if (!u->whole || !enforces(u))
		return;
	tpc_vec_foreach (f, &u->whole->match_args) {
		const struct tpc_arg *a = rv_filter_arg(u->hook, f, NULL);

		if (!a || !rv_is_path(a) || a->resolve.set || !is_text_op(f))
			continue;
		if (!rv_op_negates(&f->op))
			return;
		first = first ? first : f;
	}
	if (!first || asks_links(u->hook))
		return;
	rv_mend(r,
		rv_say(r, first->at,
		       "a file without a name (memfd) has no path, and '%s' does not hold for it",
		       first->op.s),
		"add a selector with the same actions on the inode's link count: resolve i_nlink, Equal 0");
}

/* ---- TPR212: what moves a number out of view ---- */

static void behind_long(struct rv *r, const struct rv_rule *u, const struct tpc_arg_filter *f,
			const struct tpc_arg *a)
{
	const struct tpc_arg *before;
	uint32_t pos;

	if (rv_is_long(a) || !rv_filter_arg(u->hook, f, &pos))
		return;
	for (uint32_t i = 0; i < pos && i < RULES_MAX; i++) {
		before = &u->hook->args[i];
		if (!rv_is_long(before))
			continue;
		rv_mend(r,
			rv_say(r, f->at,
			       "argument %d is read behind one of type '%s', whose length moves it out of view",
			       (int)a->index.v, before->type.s),
			"write numbers before text and paths in 'args'");
		return;
	}
}

/* ---- TPR215: the other family of addresses; TPR331 has the negated filters ---- */

static bool is_v6(const struct tpc_value *v)
{
	return memchr(v->s, ':', v->len);
}

static bool asks_family(const struct tpc_selector *s)
{
	const struct tpc_arg_filter *f;

	if (s->match_args.len > FILTERS_MAX)
		return true;
	tpc_vec_foreach (f, &s->match_args)
		if (f->op.v == TPC_ARG_OPERATOR_FAMILY)
			return true;
	return false;
}

static bool is_v4_only(const struct tpc_arg_filter *f)
{
	const struct tpc_value *v;

	tpc_vec_foreach (v, &f->values)
		if (is_v6(v))
			return false;
	return f->values.len != 0;
}

static bool has_v6(const struct tpc_selector *s)
{
	const struct tpc_arg_filter *f;

	if (s->match_args.len > FILTERS_MAX)
		return true;
	tpc_vec_foreach (f, &s->match_args)
		if ((f->op.v == TPC_ARG_OPERATOR_SADDR || f->op.v == TPC_ARG_OPERATOR_DADDR ||
		     f->op.v == TPC_ARG_OPERATOR_NOT_SADDR || f->op.v == TPC_ARG_OPERATOR_NOT_DADDR) &&
		    !is_v4_only(f))
			return true;
	return false;
}

static void past_v4(struct rv *r, const struct rv_rule *u, const struct tpc_arg_filter *f,
		    const struct tpc_arg *a)
{
	struct rv_rule *const *other;

	(void)a;
	if ((f->op.v != TPC_ARG_OPERATOR_SADDR && f->op.v != TPC_ARG_OPERATOR_DADDR) || !is_v4_only(f) ||
	    !enforces(u) || u->hook->rules.len > RULES_MAX || u->whole->match_args.len > FILTERS_MAX)
		return;
	tpc_vec_foreach (other, &u->hook->rules)
		if ((*other)->whole &&
		    ((*other)->whole == u->whole ? has_v6(u->whole) :
						   has_v6((*other)->whole) || asks_family((*other)->whole)))
			return;
	rv_mend(r,
		rv_say(r, f->op.at, "IPv6 passes by, and IPv4 addresses mapped into it ('::ffff:%s')",
		       f->values.items[0].s),
		"add the addresses' mapped forms and their IPv6 counterparts");
}

/* ---- TPR216: the path of a socket ---- */

static void socket_path(struct rv *r, const struct rv_rule *u, const struct tpc_arg_filter *f,
			const struct tpc_arg *a)
{
	if (a->type.v != TPC_ARG_TYPE_SOCKADDR_UN || !enforces(u) || !is_text_op(f))
		return;
	rv_mend(r,
		rv_say(r, f->at,
		       "the path of a unix socket is what the caller wrote: a relative name or a link is another"),
		"decide by unix_stream_connect, or keep the socket's folder out of the container");
}

/* ---- TPR217, TPR218: flags ---- */

static bool holds_bits(const struct rv_hook *h, const struct tpc_arg *a)
{
	const struct know_hook_arg *k;

	if (a->resolve.set)
		return rv_resolves(a, "f_mode") || rv_resolves(a, "f_flags");
	if (!h->row || h->by_function)
		return false;
	tpc_vec_foreach (k, &h->row->args)
		if (k->index.v == a->index.v)
			return k->bits.v;
	return false;
}

static void whole_word(struct rv *r, const struct rv_rule *u, const struct tpc_arg_filter *f,
		       const struct tpc_arg *a)
{
	const struct tpc_value *v;
	uint64_t n;

	if ((f->op.v != TPC_ARG_OPERATOR_EQUAL && f->op.v != TPC_ARG_OPERATOR_IN_MAP) ||
	    !holds_bits(u->hook, a))
		return;
	tpc_vec_foreach (v, &f->values)
		if (rv_number(v, &n) && n && !(n & (n - 1))) { /* several at once are meant as they stand */
			rv_mend(r,
				rv_say(r, f->op.at,
				       "argument %d is a word of flags: '%s' misses it when any other is set",
				       (int)a->index.v, f->op.s),
				"use Mask, one filter a flag that must be set");
			return;
		}
}

static void any_of(struct rv *r, const struct rv_rule *u, const struct tpc_arg_filter *f,
		   const struct tpc_arg *a)
{
	const struct tpc_value *v;
	uint64_t n;

	(void)u;
	(void)a;
	if (f->op.v != TPC_ARG_OPERATOR_MASK)
		return;
	tpc_vec_foreach (v, &f->values)
		if (rv_number(v, &n) && n & (n - 1))
			rv_mend(r,
				rv_say(r, v->at,
				       "Mask '%s' holds when any of its bits is set, not only when all are",
				       v->s),
				"where all must be set, write a filter for each bit");
}

/* ---- TPR219: the same value twice ---- */

#define TWICE_MAX 256 /* values that are compared with each other */

static void twice(struct rv *r, const struct rv_rule *u, const struct tpc_arg_filter *f,
		  const struct tpc_arg *a)
{
	(void)u;
	(void)a;
	for (uint32_t i = 1; i < f->values.len && i < TWICE_MAX; i++)
		for (uint32_t k = 0; k < i; k++) {
			const struct tpc_value *x = &f->values.items[k], *y = &f->values.items[i];
			bool equal = x->len == y->len && !memcmp(x->s, y->s, x->len);
			struct rv_finding *found;

			if (!equal &&
			    (!is_prefix_op(f) || y->len < x->len || memcmp(x->s, y->s, x->len) != 0))
				continue;
			found = rv_say(r, y->at, "'%s' is in '%s' already", y->s, x->s);
			rv_mend(r, found, "leave it out");
			edit_drop_item(r, found, y->at);
			break;
		}
}

#define EACH(name, ask)                                                                                      \
	static void name(struct rv *r, const struct rv_rule *u)                                              \
	{                                                                                                    \
		each_filter(r, u, ask);                                                                      \
	}
EACH(no_descriptors, no_descriptor)
EACH(open_prefixes, open_prefix)
EACH(behind_links, behind_link)
EACH(atomic_writers, atomic_writer)
EACH(dentry_paths, dentry_path)
EACH(behind_longs, behind_long)
EACH(past_v4s, past_v4)
EACH(socket_paths, socket_path)
EACH(whole_words, whole_word)
EACH(any_ofs, any_of)
EACH(twices, twice)

const struct rv_check rv_checks_values[] = {
	{ .code = "TPR201", .of_hook = object_as_text }, { .code = "TPR202", .of_rule = no_descriptors },
	{ .code = "TPR205", .of_rule = open_prefixes },	 { .code = "TPR206", .of_rule = behind_links },
	{ .code = "TPR207", .of_rule = atomic_writers }, { .code = "TPR209", .of_rule = dentry_paths },
	{ .code = "TPR210", .of_rule = nameless },	 { .code = "TPR212", .of_rule = behind_longs },
	{ .code = "TPR215", .of_rule = past_v4s },	 { .code = "TPR216", .of_rule = socket_paths },
	{ .code = "TPR217", .of_rule = whole_words },	 { .code = "TPR218", .of_rule = any_ofs },
	{ .code = "TPR219", .of_rule = twices },	 { 0 },
};
