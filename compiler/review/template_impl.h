// SPDX-License-Identifier: Apache-2.0
/* What the files that write policies share. */
#ifndef TPC_REVIEW_TEMPLATE_IMPL_H
#define TPC_REVIEW_TEMPLATE_IMPL_H

#include "base/suggest.h"
#include "review/knowledge_impl.h"
#include "review/template.h"

#define SELECTORS_MAX 5		 /* a hook: cilium/tetragon, pkg/selectors/selectors.go */
#define ITEM "    "		 /* of the lists of a hook */
#define KNOW_NAMESPACE "default" /* where a policy for a namespace is put until somebody names it */

/* Texts of a row, each once. */
struct know_texts {
	TPC_VEC(const char *);
};

/* Programs that one selector lets through. */
struct exempt_group {
	enum know_place on;
	enum know_match match;
	struct know_texts namespaces; /* of Kubernetes; none: wherever they run */
	struct know_texts containers; /* by name; none: all of the pod */
	struct know_texts paths, agents;
};

/* What became of each agent that was asked for. */
struct exempt {
	TPC_VEC(struct exempt_group) groups;
	struct know_texts let_through, unseen, by_hand, no_room, innocent;
};

/* Groups for hooks that have at most @nselectors of their own. */
void know_exempt(struct tpc_ctx *c, const struct know_policy *p, uint32_t nselectors, struct exempt *ret);
/* The selectors, each with NoPost: first in the list, so that they decide. */
void know_exempt_yaml(struct tpc_ctx *c, const struct exempt *e, struct tpc_buf *out);

/* The comment at the policy's beginning. */
void know_policy_head(struct tpc_ctx *c, const struct know_policy *p, const char *name,
		      const struct exempt *e, struct tpc_buf *out);

/* Is it for one namespace, in which nothing else is seen? */
bool know_policy_namespaced(const struct know_policy *p);

/* ---- text ---- */
/* As a scalar that is text in YAML, in quotes where it needs them. */
const char *know_scalar(struct tpc_ctx *c, const char *s);
/* "@indent@key: [a, b]", or a line each where that is too long; @comment (may be NULL) ends the first line. */
void know_put_texts(struct tpc_ctx *c, struct tpc_buf *out, const char *indent, const char *key,
		    const struct know_texts *t, const char *comment);
void know_add_text(struct tpc_ctx *c, struct know_texts *t, const char *s);
bool know_has_text(const struct know_texts *t, const char *s);
/* "a, b and c". */
const char *know_join(struct tpc_ctx *c, const struct know_texts *t);

#endif
