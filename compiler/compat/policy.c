// SPDX-License-Identifier: Apache-2.0
/* What belongs to a policy as a whole: metadata, options, kinds of hooks, workloads; messages and tags. */
#include "compat/compat_impl.h"
#include "frontend/k8s_name.h"

#define ANNOTATIONS_MAX (256 << 10)
#define MESSAGE_MAX 256
#define TAG_MAX 128

/* ---- metadata: apimachinery's ValidateObjectMeta, which crdutils.go calls ---- */

/* [prefix/]name */
static bool is_qualified_name(const struct tpc_text *t)
{
	const char *slash = memchr(t->s, '/', t->len);
	uint32_t prefix = slash ? (uint32_t)(slash - t->s) : 0;

	if (!slash)
		return k8s_is_label_value(t->s, t->len);
	return k8s_is_subdomain(t->s, prefix) && k8s_is_label_value(slash + 1, t->len - prefix - 1);
}

static void check_label_value(struct compat *x, const struct tpc_text *v)
{
	struct tpc_diag *d;

	if (!v->len || k8s_is_label_value(v->s, v->len))
		return;
	d = compat_say(x, v->at, TPC_T_POLICY, "Kubernetes does not take '%s' as the value of a label",
		       compat_show(x, v->s, v->len));
	compat_hint(x, d, "up to %d letters, digits, '-', '_' and '.'", K8S_LABEL_MAX);
}

static void check_key(struct compat *x, const struct tpc_text *k)
{
	if (!is_qualified_name(k))
		compat_say(x, k->at, TPC_T_POLICY, "Kubernetes does not take '%s' as the name of a label",
			   compat_show(x, k->s, k->len));
}

static void check_metadata(struct compat *x)
{
	const struct tpc_metadata *m = &x->policy->metadata;
	const struct tpc_pair *p;
	uint64_t size = 0;

	tpc_vec_foreach (p, &m->labels) {
		check_key(x, &p->key);
		check_label_value(x, &p->value);
	}
	tpc_vec_foreach (p, &m->annotations) {
		struct tpc_text lower = p->key; /* Kubernetes looks at annotations in lower case */

		lower.s = tpc_strndup(x->c->arena, lower.s, lower.len);
		for (char *s = (char *)lower.s; *s; s++)
			*s = (char)(*s >= 'A' && *s <= 'Z' ? *s | 0x20 : *s);
		if (!is_qualified_name(&lower))
			check_key(x, &p->key);
		size += p->key.len + p->value.len;
	}
	if (size > ANNOTATIONS_MAX)
		compat_say(x, m->annotations.at, TPC_T_LIMIT, "Kubernetes takes 256 KiB of annotations");
	if (x->policy->kind == TPC_TRACING_POLICY_NAMESPACED && m->ns.len &&
	    !k8s_is_dns_label(m->ns.s, m->ns.len))
		compat_say(x, m->ns.at, TPC_T_POLICY, "Kubernetes does not take '%s' as a namespace",
			   compat_show(x, m->ns.s, m->ns.len));
	/* kubectl fills it in; Tetragon reading a file does not */
	if (x->sev == TPC_ERROR && x->policy->kind == TPC_TRACING_POLICY_NAMESPACED && !m->ns.len)
		compat_say(
			x, m->at, TPC_T_SILENT,
			"without 'namespace' kubectl takes this policy, but Tetragon does not take the file");
}

/* ---- options.go ---- */

static bool is_bool(const struct tpc_value *v, bool *ret)
{
	static const char *const words[] = { "1", "t", "T", "TRUE",  "true",  "True",
					     "0", "f", "F", "FALSE", "false", "False" };
	size_t n = sizeof(words) / sizeof(words[0]);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i], v->s) == 0 && strlen(words[i]) == v->len) {
			*ret = i < n / 2;
			return true;
		}
	}
	return false;
}

static void option_bool(struct compat *x, const struct tpc_option *o, bool *ret)
{
	struct tpc_diag *d;

	if (is_bool(&o->value, ret))
		return;
	d = compat_say(x, o->value.at, TPC_T_POLICY, "Tetragon does not take '%s' as the value of '%s'",
		       compat_show(x, o->value.s, o->value.len), o->name.s);
	compat_hint(x, d, "\"true\" or \"false\"");
}

static void option_size(struct compat *x, const struct tpc_option *o)
{
	int64_t v;

	if (!tpc_parse_int(o->value.s, o->value.len, 10, 64, &v) && v > 0)
		return;
	compat_say(x, o->value.at, TPC_T_POLICY, "Tetragon takes a positive number as '%s', not '%s'",
		   o->name.s, compat_show(x, o->value.s, o->value.len));
}

static void option_words(struct compat *x, const struct tpc_option *o, const char *a, const char *b)
{
	struct tpc_diag *d;

	if (!strcmp(o->value.s, a) || !strcmp(o->value.s, b))
		return;
	d = compat_say(x, o->value.at, TPC_T_POLICY, "Tetragon does not take '%s' as the value of '%s'",
		       compat_show(x, o->value.s, o->value.len), o->name.s);
	compat_hint(x, d, "%s or %s", a, b);
}

void compat_options(struct compat *x)
{
	const struct tpc_option *o;
	bool no_kprobe_multi = false, no_uprobe_multi = false;

	tpc_vec_foreach (o, &x->policy->spec.options) {
		if (o->value.set)
			compat_is_text(x, &o->value);
		if (compat_is(&o->name, "disable-kprobe-multi"))
			option_bool(x, o, &no_kprobe_multi);
		else if (compat_is(&o->name, "disable-uprobe-multi"))
			option_bool(x, o, &no_uprobe_multi);
		else if (compat_is(&o->name, "sleepable-preload-size"))
			option_size(x, o);
		else if (compat_is(&o->name, "policy-mode"))
			option_words(x, o, "enforce", "monitor");
		else if (compat_is(&o->name, "override-method")) {
			option_words(x, o, "fmod-ret", "override-return");
			x->override_return = !strcmp(o->value.s, "override-return");
		}
	}
	x->kprobe_multi = !no_kprobe_multi;
	x->uprobe_multi = !no_uprobe_multi;
}

/* ---- workloads ---- */

/* loader_linux.go: whether the policy is filtered by workload at all is decided as in k8s.go. */
static void check_loader(struct compat *x)
{
	const struct tpc_spec *s = &x->policy->spec;
	const struct tpc_label_selector *pod = s->pod_selector, *container = s->container_selector;
	bool any = pod || container || s->host_selector;
	bool all = (pod ? tpc_selects_all(pod) : container != NULL) &&
		   (container ? tpc_selects_all(container) : pod != NULL) &&
		   tpc_selects_all(s->host_selector);

	if (s->loader.v && (x->policy->metadata.ns.len || (any && !all)))
		compat_say(x, s->loader.at, TPC_T_POLICY,
			   "Tetragon's 'loader' cannot be confined to a namespace or to workloads");
}

/* ---- kinds of hooks: policyhandler_linux.go, k8s.go ---- */

static void check_sections(struct compat *x)
{
	const struct tpc_spec *s = &x->policy->spec;
	const struct {
		const char *name;
		uint32_t n;
		struct tpc_span at;
	} kinds[] = {
		{ "kprobes", s->kprobes.len, s->kprobes.at },
		{ "tracepoints", s->tracepoints.len, s->tracepoints.at },
		{ "lsmhooks", s->lsmhooks.len, s->lsmhooks.at },
		{ "uprobes", s->uprobes.len, s->uprobes.at },
		{ "usdts", s->usdts.len, s->usdts.at },
		{ "fentries", s->fentries.len, s->fentries.at },
	};
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].n && first)
			compat_hint(
				x,
				compat_say(
					x, kinds[i].at, TPC_T_HOOK,
					"Tetragon takes one kind of hook a policy, and '%s' come beside '%s'",
					kinds[i].name, first),
				"make a policy of each");
		else if (kinds[i].n)
			first = kinds[i].name;
	}
	if (!x->policy->metadata.ns.len && x->policy->kind != TPC_TRACING_POLICY_NAMESPACED)
		return;
	if (s->uprobes.len)
		compat_say(x, s->uprobes.at, TPC_T_HOOK, "Tetragon takes no uprobes in a namespaced policy");
	if (s->usdts.len)
		compat_say(x, s->usdts.at, TPC_T_HOOK, "Tetragon takes no usdts in a namespaced policy");
}

/* Label selectors, and what a hostSelector may hold, are checked by the front end. */
void compat_policy(struct compat *x)
{
	check_metadata(x);
	check_sections(x);
	check_loader(x);
}

/* ---- message.go, tags.go ---- */

void compat_message_tags(struct compat *x, const struct compat_hook *h)
{
	if (h->message.len == 1)
		compat_say(x, h->message.at, TPC_T_VALUE, "Tetragon takes no message of a single byte");
	if (h->message.len > MESSAGE_MAX)
		compat_say(x, h->message.at, TPC_T_SILENT,
			   "Tetragon shows %d bytes of a message, and this has %u", MESSAGE_MAX,
			   h->message.len);
	for (uint32_t i = 0; i < h->ntags; i++) {
		if (h->tags[i].len < 2)
			compat_say(x, h->tags[i].at, TPC_T_VALUE, "Tetragon takes no tag below two bytes");
		if (h->tags[i].len > TAG_MAX)
			compat_say(x, h->tags[i].at, TPC_T_SILENT,
				   "Tetragon shows %d bytes of a tag, and this has %u", TAG_MAX,
				   h->tags[i].len);
	}
}
