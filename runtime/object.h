/* SPDX-License-Identifier: Apache-2.0 */
/* One compiled object: its bytes, its manifest, and what libbpf makes of it. */
#ifndef TPC_RT_OBJECT_H
#define TPC_RT_OBJECT_H

#include <bpf/libbpf.h>

#include "manifest.h"
#include "source.h"

#define OBJECT_MAPS_MAX (512ULL << 20) /* bytes of kernel memory for all maps of an object */

/* What an object's bytes must show to be read. */
struct object_trust {
	const struct sign_key *key; /* this key signed them; NULL: none need have */
	bool unsealed;		    /* they need no digest */
};

struct object {
	const char *path;
	struct rt_buf bytes;
	struct manifest *m;
	struct bpf_object *bpf;
	const struct manifest_variant **chosen; /* one a manifest program, NULL: none; in m's pool */
	bool trackers;				/* are loaded */
	struct bpf_link **links;
	size_t nlinks;
	char *log; /* the verifier's, OBJECT_LOG_BYTES */
};

/*
 * Reads @path, a file or an archive, as far as @trust allows; checks the manifest and compares it with the object.
 * Nothing is loaded yet, and no program is marked for loading. @path must live as long as the object. On failure
 * nothing is kept.
 */
int object_open(const char *path, const struct object_trust *trust, struct object *ret, struct rt_error *e);
void object_close(struct object *o); /* detaches and unloads; a zeroed one is allowed */

/* The content of section @name of a BPF ELF file, inside its bytes. -ENOENT: none. */
int object_find_section(const void *bytes, size_t len, const char *name, const char **text, size_t *text_len,
			struct rt_error *e);

/* Loads what is marked. On failure the message holds the verifier's view, see verifier.h. */
int object_load(struct object *o, struct rt_error *e);

/* The initial bytes of variable @name in section @section, and how many. NULL: there is none. */
void *object_variable(const struct object *o, const char *section, const char *name, size_t *size);

/* "policy.yaml:7: policy 'name': kprobe fd_install": where messages about a program begin. */
const char *object_place(const struct manifest_program *p, char *buf, size_t size);

#endif
