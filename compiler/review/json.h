// SPDX-License-Identifier: Apache-2.0
/* Reports as JSON. */
#ifndef TPC_REVIEW_JSON_H
#define TPC_REVIEW_JSON_H

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"

/* Takes @o away. 0 or -ENOMEM. */
static inline int json_out(json_t *o, struct tpc_buf *out)
{
	char *text = json_dumps(o, JSON_INDENT(2) | JSON_ENSURE_ASCII);

	json_decref(o);
	if (!text)
		return -ENOMEM;
	tpc_buf_puts(out, text);
	tpc_buf_putc(out, '\n');
	free(text);
	return 0;
}

#endif
