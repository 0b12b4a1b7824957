// SPDX-License-Identifier: Apache-2.0
/* What the files that read knowledge share. */
#ifndef TPC_REVIEW_KNOWLEDGE_IMPL_H
#define TPC_REVIEW_KNOWLEDGE_IMPL_H

#include "frontend/schema.h"
#include "review/knowledge.h"

/* One file of templates/knowledge/, embedded by scripts/embed_knowledge.py; the last has no name. */
struct know_file {
	const char *name; /* "templates/knowledge/agents/cni.yaml" */
	const char *text;
	uint32_t len;
};
extern const struct know_file know_files[];

/* A document: any file may hold rows of any table. */
struct know_document {
	TPC_LIST(struct know_hook) hooks;
	TPC_LIST(struct know_threat) threats;
	TPC_LIST(struct know_agent) agents;
	TPC_LIST(struct know_check) checks;
	struct tpc_span at;
};

extern const struct schema_object know_schema_document;
extern const struct schema_words know_words_kind, know_words_group;

/* What of one row can be told without the others. */
void know_check_hook(struct tpc_ctx *c, struct know_hook *h);
void know_check_threat(struct tpc_ctx *c, const struct know_threat *t);
void know_check_agent(struct tpc_ctx *c, const struct know_agent *a);
void know_check_check(struct tpc_ctx *c, const struct know_check *k);
/* A fault of a row; every one of them has the code TPC690. */
struct tpc_diag *know_fault(struct tpc_ctx *c, struct tpc_span at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Splits "lsm:file_open"; KNOW_KIND_NONE: it is no such id. */
enum know_kind know_split_id(const char *id, const char **ret_name);

/* Words of @s, wrapped; @first before the first line, @indent before the others. Columns are bytes: rows are ASCII. */
void know_put_wrapped(struct tpc_buf *out, const char *first, const char *indent, const char *s);
/*
 * The bytes of @at and a comment behind them, each line less the column that the first begins at, and behind
 * @indent.
 */
void know_put_source(struct tpc_ctx *c, struct tpc_span at, const char *indent, struct tpc_buf *out);

/* References between rows: fills rows and reports what leads nowhere. */
void know_link_rows(struct tpc_ctx *c, struct knowledge *k);

#endif
