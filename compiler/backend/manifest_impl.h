/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the manifest's writer: what its files share. */
#ifndef TPC_BACKEND_MANIFEST_IMPL_H
#define TPC_BACKEND_MANIFEST_IMPL_H

#include <jansson.h>

#include "backend/emit.h"

/* Key @key of @o; nothing where @s is NULL. */
void manifest_str(json_t *o, const char *key, const char *s);

/* ---- manifest_task.c: filters on the process, and on what is in memory ---- */
/* What value @v is, where its source alone does not say it: kind, set, facet. */
void manifest_subject(json_t *o, const struct ir_program *p, const struct ir_value *v);
/* Values of @q as names, "host_ns", "CAP_SYS_ADMIN"; NULL: they have none. */
json_t *manifest_names(struct tpc_ctx *c, const struct ir_pred *q, const struct ir_value *v);

#endif
