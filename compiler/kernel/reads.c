// SPDX-License-Identifier: Apache-2.0
/* Whether a prototype is what a compiled program takes it for. */
#include <string.h>

#include "kernel/kernel_impl.h"

static const char *read_fault(struct kernel *k, struct tpc_arena *a, const struct kernel_func *f,
			      const struct kernel_read *r)
{
	const char *is, *plain;

	if (r->index >= f->nparams)
		return tpc_sprintf(a, "'%s' has %u parameters there, and number %u is read", f->name,
				   f->nparams, r->index);
	is = plain = kernel_type_name(k, a, f->params[r->index].type);
	if (!strncmp(plain, "const ", 6))
		plain += 6;
	if (r->of ? strcmp(plain, tpc_sprintf(a, "struct %s *", r->of)) != 0 :
		    !strncmp(plain, "struct ", 7) || !strncmp(plain, "union ", 6))
		return tpc_sprintf(a, "parameter %u of '%s' is '%s' there, and is read as %s%s%s", r->index,
				   f->name, is, r->of ? "'struct " : "a number", r->of ? r->of : "",
				   r->of ? " *'" : "");
	return NULL;
}

const char *kernel_reads_fault(struct kernel *k, struct tpc_arena *a, const struct kernel_func *f,
			       const struct kernel_read *reads, uint32_t n)
{
	const char *why = NULL;

	for (uint32_t i = 0; i < n && !why; i++)
		why = read_fault(k, a, f, &reads[i]);
	return why;
}
