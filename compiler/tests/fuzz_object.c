// SPDX-License-Identifier: Apache-2.0
/* libFuzzer: an object of any bytes is read or refused with a diagnostic. Seeds: any *.bpf.o. */
#include <bpf/libbpf.h>
#include <stdlib.h>

#include "toolchain/object.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	libbpf_set_print(NULL);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tpc_ctx ctx;
	struct object o;

	if (tpc_ctx_init(&ctx, (size_t)256 << 20))
		return 0;
	if (!object_read(&ctx, "fuzz.o", data, size, &o))
		object_done(&o);
	else if (!ctx.diags.nerrors)
		abort(); /* refused without a word */
	tpc_ctx_done(&ctx);
	return 0;
}
