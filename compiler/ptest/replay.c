// SPDX-License-Identifier: Apache-2.0
#include "ptest/ptest_impl.h"
void ptest_replay(struct tpc_ctx *c, const struct ptest_units *u, const char *name, const char *text,
		  size_t len, struct ptest_replay *ret)
{ (void)c;(void)u;(void)name;(void)text;(void)len;(void)ret;}
void ptest_print_replay(struct tpc_ctx *c, const struct ptest_replay *r, enum ptest_format format,
			struct tpc_buf *out)
{ (void)c;(void)r;(void)format;(void)out;}
