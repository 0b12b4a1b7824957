// SPDX-License-Identifier: Apache-2.0
/* What all SARIF 2.1.0 logs have in common. */
#ifndef TPC_BASE_SARIF_H
#define TPC_BASE_SARIF_H

#include <jansson.h>

#include "base/source.h"

#define SARIF_SCHEMA_URI "https://json.schemastore.org/sarif-2.1.0.json"

/* A file's name as a URI reference, relative when the name is. */
const char *sarif_uri(struct tpc_arena *a, const char *path);
/* A region (3.30), or NULL when it is a whole file that is meant. */
json_t *sarif_region(struct tpc_sources *sources, struct tpc_span at);

#endif
