// SPDX-License-Identifier: Apache-2.0
/*
 * YAML streams as nodes that know the bytes they came from. libyaml scans and parses; what its event
 * interface lets through is refused here: duplicate keys, alias bombs, unbounded depth and size.
 * Everything lives in the compilation's arena; nothing of libyaml is seen outside yaml.c.
 */
#ifndef TPC_FRONTEND_YAML_H
#define TPC_FRONTEND_YAML_H

#include "base/ctx.h"

#define TPC_YAML_MAX_BYTES (1u << 20) /* of one file */
#define TPC_YAML_MAX_DEPTH 64
#define TPC_YAML_MAX_NODES 100000 /* of one file; each alias counts as much as what it stands for */
#define TPC_YAML_MAX_ANCHORS 256  /* of one document */

enum tpc_node_kind {
	TPC_NODE_BAD, /* stands where a fault was reported: readers pass over it in silence */
	TPC_NODE_SCALAR,
	TPC_NODE_LIST,
	TPC_NODE_MAP,
};

enum tpc_node_tag { /* what an explicit tag asks for */
		    TPC_TAG_NONE,
		    TPC_TAG_STR,
		    TPC_TAG_INT,
		    TPC_TAG_FLOAT,
		    TPC_TAG_BOOL,
		    TPC_TAG_NULL,
};

struct tpc_node;

struct tpc_entry {
	struct tpc_node *key, *value; /* key is a scalar */
};

struct tpc_node {
	enum tpc_node_kind kind;
	enum tpc_node_tag tag;
	bool quoted; /* scalar in '…', "…", | or > */
	struct tpc_span at;
	union {
		struct { /* scalar: unescaped, terminated, may hold NUL bytes */
			const char *s;
			uint32_t len;
		};
		TPC_VEC(struct tpc_node *) items;
		TPC_VEC(struct tpc_entry) entries; /* no two keys are equal; merge keys are resolved */
	};
	uint32_t weight; /* nodes below and with this one, aliases expanded */
	uint32_t height; /* levels below and with this one */
};

struct tpc_document {
	struct tpc_node *root; /* NULL: empty */
	struct tpc_span at;    /* from its '---', or the file's start, up to the next document */
};

struct tpc_documents {
	struct tpc_document *items;
	uint32_t len, cap;
	bool broken; /* an error was reported that ended the stream early */
};

/*
 * Reads the whole stream of source @file. The document in which a syntax error lies is left out, and nothing
 * after it is read.
 */
void tpc_yaml_read(struct tpc_ctx *c, uint32_t file, struct tpc_documents *ret);

#endif
