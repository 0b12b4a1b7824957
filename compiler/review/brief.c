// SPDX-License-Identifier: Apache-2.0
/* The brief: its fields, and reading it. */
#include <string.h>

#include "base/suggest.h"
#include "frontend/decode.h"
#include "frontend/schema_impl.h"
#include "frontend/yaml.h"
#include "review/brief.h"

#define WORDS(id, what, ...)                                                                                 \
	static const struct schema_word id##_items[] = { __VA_ARGS__ };                                      \
	static const struct schema_words id = { what, id##_items, sizeof(id##_items) / sizeof(id##_items[0]) }

WORDS(siems, "SIEM", { "splunk", "" }, { "elastic", "" }, { "sentinel", "" }, { "chronicle", "" },
      { "generic", "" });
WORDS(appetites, "appetite", { "observe", "nothing but events" }, { "alert", "events that wake somebody" },
      { "block", "what is known to be wrong is prevented" });

#define OWNER struct brief_workload
static const struct schema_field workload_fields[] = {
	TEXT("name", name, REQUIRED, DOC("What it is called.")),
	TEXT("namespace", ns, DOC("Kubernetes namespace.")),
	TEXT_MAP("labels", labels, DOC("Of its pods.")),
	TEXTS("binaries", binaries, DOC("Executables that run in it.")),
	BOOL("latencySensitive", latency_sensitive, DOC("What must not be slowed down.")),
};
#undef OWNER
static OBJECT_TABLE(workload, struct brief_workload, "workload", "name", "What is to be protected.");

#define OWNER struct brief_accept
static const struct schema_field accept_fields[] = {
	TEXT("code", code, REQUIRED, DOC("Of the finding: TPR401.")),
	TEXT("policy", policy, DOC("Only in the policy of this name.")),
	TEXT("reason", reason, REQUIRED, DOC("Why it may stay.")),
};
#undef OWNER
static OBJECT_TABLE(accept, struct brief_accept, "acceptance", "code",
		    "A finding that somebody answers for.");

#define OWNER struct brief
static const struct schema_field brief_document_fields[] = {
	OBJECTS("workloads", workloads, struct brief_workload, workload, DOC("What is to be protected.")),
	TEXTS("threats", threats, DOC("Threats or groups of 'tpc threats' that matter here.")),
	WORD_OF("appetite", appetite, appetites, DOC("How far to enforce.")),
	TEXTS("agents", agents, DOC("Agents of the platform on these nodes.")),
	WORD_OF("siem", siem, siems, DOC("Where alerts go.")),
	TEXTS("kernels", kernels, DOC("Of the nodes, as 5.15.")),
	OBJECTS("accept", accept, struct brief_accept, accept, DOC("Findings that stay.")),
};
#undef OWNER
static OBJECT_TABLE(brief_document, struct brief, "brief", NULL, "What a review is for.");

void brief_read(struct tpc_ctx *c, uint32_t file, struct brief *ret)
{
	struct tpc_documents docs;
	const struct tpc_node *root;

	memset(ret, 0, sizeof(*ret));
	tpc_yaml_read(c, file, &docs);
	root = docs.len ? docs.items[0].root : NULL;
	if (!root || root->kind == TPC_NODE_BAD)
		return;
	if (docs.len > 1)
		tpc_error(&c->diags, docs.items[1].at, TPC_E_WRONG_TYPE, "a brief is one document");
	if (root->kind != TPC_NODE_MAP)
		tpc_error(&c->diags, root->at, TPC_E_WRONG_TYPE, "a brief is a mapping, not %s",
			  decode_describe(c->arena, root));
	else
		decode_document(c, &brief_document, root, ret);
}

bool brief_asks_for(const struct brief *b, const struct know_threat *t)
{
	const struct tpc_text *name;

	tpc_vec_foreach (name, &b->threats)
		if (!strcmp(name->s, t->id.s) || !strcmp(name->s, t->group.s))
			return true;
	return false;
}

static void unknown(struct tpc_ctx *c, const struct tpc_text *name, const char *what, const char *near)
{
	struct tpc_diag *d = tpc_error(&c->diags, name->at, TPC_E_ENUM, "there is no %s '%s'", what, name->s);

	if (near)
		tpc_diag_hint(&c->diags, d, "did you mean '%s'?", near);
}

static bool names_group(const struct knowledge *k, const char *name, const char **near)
{
	struct tpc_suggest s = TPC_SUGGEST(name, (uint32_t)strlen(name));

	for (uint32_t i = 0; i < k->threats.len; i++) {
		if (!strcmp(k->threats.items[i]->group.s, name))
			return true;
		tpc_suggest_try(&s, k->threats.items[i]->group.s);
	}
	if (s.best)
		*near = s.best;
	return false;
}

void brief_check(struct tpc_ctx *c, const struct brief *b, const struct knowledge *k)
{
	const struct brief_accept *a;
	const struct tpc_text *t;
	const char *near;

	tpc_vec_foreach (t, &b->threats)
		if (!know_threat_find(k, t->s, &near) && !names_group(k, t->s, &near))
			unknown(c, t, "threat or group of threats", near);
	tpc_vec_foreach (t, &b->agents)
		if (!know_agent_find(k, t->s, &near))
			unknown(c, t, "agent", near);
	tpc_vec_foreach (a, &b->accept)
		if (!strncmp(a->code.s, "TPR", 3) && !know_check_find(k, a->code.s))
			unknown(c, &a->code, "check", NULL);
}
