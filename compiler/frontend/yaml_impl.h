// SPDX-License-Identifier: Apache-2.0
/* What the files of the YAML reader share. */
#ifndef TPC_FRONTEND_YAML_IMPL_H
#define TPC_FRONTEND_YAML_IMPL_H

#include "frontend/yaml.h"

/* libyaml counts characters, spans count bytes: a cursor that walks between the two. */
struct yaml_cursor {
	const char *text;
	uint32_t len;
	uint32_t start; /* byte where character 0 is: behind a byte order mark */
	bool ascii;	/* then both counts are the same */
	uint32_t chr, byte;
};

/* Checks size and encoding of source @file and sets @cur up. false after an error was reported. */
bool yaml_input_check(struct tpc_ctx *c, uint32_t file, struct yaml_cursor *cur);
/* Byte offset of character @chr of the text behind the byte order mark. */
uint32_t yaml_cursor_byte(struct yaml_cursor *cur, size_t chr);

/* A syntax error in libyaml's words (NULL when it has none) and where it saw it. */
struct yaml_fault {
	const char *problem, *context;
	struct tpc_span at, context_at;
};
/* The hint for a key that is a list or a mapping. */
const char *yaml_key_hint(struct tpc_ctx *c, struct tpc_span at);
void yaml_report_fault(struct tpc_ctx *c, const struct yaml_fault *f);

/* Entries of a finished mapping: duplicates reported and dropped, merge keys ('<<') resolved. */
void yaml_finish_map(struct tpc_ctx *c, struct tpc_node *map);

#endif
