// SPDX-License-Identifier: Apache-2.0
/*
 * libbpf puts the functions that a program calls behind it, each once, at its first call, followed by those that it calls
 * itself (bpf_object__reloc_code() in tools/lib/bpf/libbpf.c). A verifier counts instructions so.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/verify_impl.h"

struct link {
	const struct verify *v;
	uint8_t *placed; /* of each function */
	uint32_t len;	 /* instructions so far */
	uint32_t wanted;
	const struct func *found; /* that has the instruction */
	uint32_t at;		  /* where it begins */
};

/* As deep as calls may be: check_calls() has seen to it. */
static void place(struct link *l, uint32_t func)
{
	const struct func *f = &l->v->funcs.items[func];
	const struct section *s = &l->v->sections.items[f->section];

	l->placed[func] = 1;
	if (l->wanted - l->len < f->n) {
		l->found = f;
		l->at = l->len;
	}
	l->len += f->n;
	for (uint32_t i = 0; i < f->n && !l->found; i++) {
		uint32_t callee = s->calls ? s->calls[f->first + i] : 0;

		if (callee && !l->placed[callee - 1])
			place(l, callee - 1);
	}
}

bool linked_place(const struct verify *v, const char *program, uint32_t n, uint32_t *ret_section,
		  uint32_t *ret_insn)
{
	struct link l = { .v = v, .placed = calloc(v->funcs.len + 1, 1), .wanted = n };

	for (uint32_t i = 0; l.placed && i < v->funcs.len; i++)
		if (!strcmp(v->funcs.items[i].name, program)) {
			place(&l, i);
			break;
		}
	free(l.placed);
	if (!l.found)
		return false;
	*ret_section = l.found->section;
	*ret_insn = l.found->first + (n - l.at);
	return true;
}
