// SPDX-License-Identifier: Apache-2.0
/* What a program is that is to be shipped with objects. Used by image.c alone. */
#ifndef TPC_BUNDLE_LOADER_H
#define TPC_BUNDLE_LOADER_H

#include <stdbool.h>
#include <stddef.h>

struct loader_look {
	const char *arch; /* as OCI calls it, NULL: another */
	bool is_static;	  /* it needs no dynamic linker */
};

/* Looks at the headers of an ELF file. False: it is no 64-bit program. */
bool loader_look(const void *data, size_t len, struct loader_look *ret);

#endif
