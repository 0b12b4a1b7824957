// SPDX-License-Identifier: Apache-2.0
/* libFuzzer: any bytes as a policy. Whatever they are, there is a unit or a diagnostic, and no crash. */
#include <stdlib.h>

#include "base/diag.h"
#include "tpc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tpc_opts o = { .opt = 2, .arena_ceiling = 64 << 20 };
	struct tpc_buf c;
	struct tpc *t;

	if (tpc_open(&t, &o) < 0)
		return 0;
	/* Wrong input that nothing was said about is as much a fault as a crash. */
	if (tpc_add_yaml(t, "fuzz.yaml", (const char *)data, size) < 0) {
		if (tpc_context(t)->diags.nerrors == 0)
			abort();
	} else if (tpc_build(t) == 0) {
		c = TPC_BUF(tpc_context(t)->arena);
		tpc_emit_c(t, &c);
	}
	tpc_close(t);
	return 0;
}
