// SPDX-License-Identifier: Apache-2.0
/* Documents to policies: is it one of ours, what is it called, and the rest is the schema's. */
#include <string.h>

#include "base/digest.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/utf8.h"
#include "frontend/decode.h"
#include "frontend/frontend.h"
#include "frontend/k8s_name.h"
#include "frontend/rules.h"
#include "frontend/scalar.h"
#include "frontend/yaml.h"

static bool text_is(const struct tpc_node *n, const char *s)
{
	return n->kind == TPC_NODE_SCALAR && tpc_text_is(n->s, n->len, s);
}

/* The scalar that belongs to @name at the top of a document, NULL when there is none. */
static const struct tpc_node *top_scalar(const struct tpc_node *root, const char *name)
{
	const struct tpc_entry *e;

	tpc_vec_foreach (e, &root->entries) {
		if (tpc_same_but_case(e->key->s, e->key->len, name, (uint32_t)strlen(name)))
			return e->value->kind == TPC_NODE_SCALAR && !tpc_node_is_null(e->value) ? e->value :
												  NULL;
	}
	return NULL;
}

static bool has_key(const struct tpc_node *root, const char *name)
{
	const struct tpc_entry *e;

	tpc_vec_foreach (e, &root->entries) {
		if (tpc_same_but_case(e->key->s, e->key->len, name, (uint32_t)strlen(name)))
			return true;
	}
	return false;
}

static void report_kind(struct tpc_ctx *c, const struct tpc_node *kind)
{
	struct tpc_suggest s = TPC_SUGGEST(kind->s, kind->len);
	struct tpc_diag *diag;

	diag = tpc_error(&c->diags, kind->at, TPC_E_NOT_A_POLICY, "'%s' is not a kind of policy",
			 decode_shown(c->arena, kind));
	for (size_t i = 0; schema_kinds[i]; i++)
		tpc_suggest_try(&s, schema_kinds[i]);
	if (text_is(kind, "NamespacedTracingPolicy"))
		s.best = schema_kinds[TPC_TRACING_POLICY_NAMESPACED];
	else if (text_is(kind, "ClusterTracingPolicy"))
		s.best = schema_kinds[TPC_TRACING_POLICY];
	if (s.best)
		tpc_diag_hint(&c->diags, diag, "did you mean '%s'?", s.best);
	else
		tpc_diag_hint(&c->diags, diag, "'TracingPolicy' is expected");
}

/* Is the document a policy, so that the schema has something to say about it? */
static bool find_kind(struct tpc_ctx *c, const struct tpc_node *root, enum tpc_policy_kind *ret)
{
	const struct tpc_node *kind;

	*ret = TPC_TRACING_POLICY;
	if (root->kind == TPC_NODE_BAD)
		return false; /* reported */
	if (root->kind != TPC_NODE_MAP) {
		tpc_error(&c->diags, root->at, TPC_E_NOT_A_POLICY, "a policy is a mapping, not %s",
			  decode_describe(c->arena, root));
		return false;
	}
	kind = top_scalar(root, "kind");
	if (!kind) {
		struct tpc_span at = root->at;

		if (has_key(root, "kind") || has_key(root, "spec") || has_key(root, "apiVersion"))
			return true; /* the schema says what is wrong with kind */
		at.len = 0;
		tpc_diag_hint(&c->diags,
			      tpc_error(&c->diags, at, TPC_E_NOT_A_POLICY, "the document is not a policy"),
			      "it has no 'kind: TracingPolicy'");
		return false;
	}
	for (size_t i = 0; schema_kinds[i]; i++) {
		if (text_is(kind, schema_kinds[i])) {
			*ret = (enum tpc_policy_kind)i;
			return true;
		}
	}
	report_kind(c, kind);
	return false;
}

static void check_api_version(struct tpc_ctx *c, const struct tpc_policy *p)
{
	struct tpc_diag *diag;

	if (!p->api_version.set || !strcmp(p->api_version.s, SCHEMA_API_VERSION))
		return;
	diag = tpc_error(&c->diags, p->api_version.at, TPC_E_NOT_A_POLICY, "unknown apiVersion '%s'",
			 tpc_utf8_shown(c->arena, p->api_version.s, p->api_version.len));
	tpc_diag_hint(&c->diags, diag, "write '" SCHEMA_API_VERSION "'");
}

/* The name with what is easily mended mended; NULL when that is not enough. */
static const char *mend_name(struct tpc_ctx *c, const struct tpc_text *name)
{
	char *s = tpc_strndup(c->arena, name->s, name->len);

	for (char *p = s; *p; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
		else if (*p == '_' || *p == ' ')
			*p = '-';
	}
	return k8s_is_subdomain(s, name->len) ? s : NULL;
}

static void check_name(struct tpc_ctx *c, const struct tpc_metadata *m)
{
	struct tpc_diag *diag;
	const char *mended;

	if (!m->name.set)
		return; /* reported */
	if (k8s_is_subdomain(m->name.s, m->name.len))
		return;
	diag = tpc_error(&c->diags, m->name.at, TPC_E_NAME, "a policy cannot be called '%s'",
			 tpc_utf8_shown(c->arena, m->name.s, m->name.len < 64 ? m->name.len : 64));
	mended = mend_name(c, &m->name);
	if (mended)
		tpc_diag_hint(&c->diags, diag, "did you mean '%s'?", mended);
	else
		tpc_diag_hint(&c->diags, diag, "up to %d lower case letters, digits, '-' and '.'",
			      K8S_SUBDOMAIN_MAX);
}

static void read_document(struct tpc_ctx *c, const struct tpc_source *src, const struct tpc_document *doc,
			  struct tpc_policy_list *ret)
{
	uint32_t errors = c->diags.nerrors;
	enum tpc_policy_kind kind;
	struct tpc_policy *p;

	if (!find_kind(c, doc->root, &kind))
		return;
	p = tpc_new(c->arena, struct tpc_policy);
	decode_document(c, &schema_policy, doc->root, p);
	p->kind = kind;
	p->at = doc->at;
	p->digest = tpc_digest(c->arena, src->text + doc->at.off, doc->at.len);
	check_api_version(c, p);
	check_name(c, &p->metadata);
	rules_check(c, p);
	p->bad = errors != c->diags.nerrors;
	if (!p->bad)
		suspect_check(c, p);
	*tpc_vec_push(c->arena, ret) = p;
}

void frontend_read(struct tpc_ctx *c, uint32_t file, struct tpc_policy_list *ret)
{
	const struct tpc_source *src = tpc_source_get(&c->sources, file);
	struct tpc_documents docs;
	bool any = false;

	if (!src) {
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_INTERNAL, "there is no source %u", file);
		return;
	}
	if (tpc_arena_exhausted(c->arena)) {
		tpc_error(&c->diags, (struct tpc_span){ .file = file }, TPC_E_TOO_BIG,
			  "there is no memory left for this file: compile fewer at once");
		return;
	}
	tpc_yaml_read(c, file, &docs);
	for (uint32_t i = 0; i < docs.len; i++) {
		if (!docs.items[i].root)
			continue;
		any = true;
		read_document(c, src, &docs.items[i], ret);
	}
	if (!any && !docs.broken)
		tpc_error(&c->diags, (struct tpc_span){ .file = file }, TPC_E_EMPTY,
			  "there is no policy in this file");
}
