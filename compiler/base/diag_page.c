// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <strings.h>

#include "base/diag_pages.h"

#define PREFIX_LEN 3 /* of "TPC203" */

const struct tpc_diag_page *tpc_diag_page(enum tpc_diag_code code)
{
	const char *id = tpc_diag_code_id(code);

	for (const struct tpc_diag_page *p = tpc_diag_pages; p->id; p++)
		if (!strcmp(p->id, id))
			return p;
	return NULL;
}

enum tpc_diag_code tpc_diag_code_find(const char *name)
{
	for (unsigned i = 0; i < TPC_CODE_MAX; i++) {
		const char *id = tpc_diag_code_id((enum tpc_diag_code)i);

		if (!strcasecmp(name, id) || !strcmp(name, id + PREFIX_LEN) ||
		    !strcasecmp(name, tpc_diag_code_slug((enum tpc_diag_code)i)))
			return (enum tpc_diag_code)i;
	}
	return TPC_CODE_MAX;
}
