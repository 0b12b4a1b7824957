// SPDX-License-Identifier: Apache-2.0
/* libFuzzer: any bytes are a policy or refused with a placed diagnostic. Seeds: any policies. */
#include <stdio.h>
#include <stdlib.h>

#include "frontend/frontend.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Both printers see every diagnostic; what they print is thrown away. */
static void print_all(struct tpc_ctx *ctx)
{
	char *s = NULL;
	size_t len;
	FILE *f = open_memstream(&s, &len);

	if (!f)
		return;
	tpc_diags_print_text(&ctx->diags, f, true);
	tpc_diags_print_json(&ctx->diags, f);
	fclose(f);
	free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tpc_policy_list policies = { 0 };
	struct tpc_ctx ctx;

	if (tpc_ctx_init(&ctx, (size_t)256 << 20))
		return 0;
	frontend_read(&ctx, tpc_source_add(&ctx.sources, "fuzz.yaml", (const char *)data, size), &policies);
	tpc_diags_sort(&ctx.diags);
	for (uint32_t i = 0; i < ctx.diags.list.len; i++) {
		if (!tpc_source_line(&ctx.sources, ctx.diags.list.items[i]->at))
			abort(); /* a fault without a place */
	}
	if (!policies.len && !ctx.diags.nerrors)
		abort(); /* refused without a word */
	print_all(&ctx);
	tpc_ctx_done(&ctx);
	return 0;
}
