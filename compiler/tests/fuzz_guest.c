// SPDX-License-Identifier: Apache-2.0
/* libFuzzer: what a guest of tpc verify --vm says, of any bytes and cut anywhere, is an answer or a fault. */
#include <stdlib.h>
#include <string.h>

#include "ask/ask_impl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define WANTED 5

/* The first byte says how it is cut. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ask_guest g = { .console = "" };
	struct answers r = { .to = &g, .wanted = WANTED };
	size_t piece = size ? 1 + data[0] : 1;
	bool go_on = true;

	r.arena = tpc_arena_new((size_t)16 << 20);
	if (!r.arena)
		return 0;
	for (size_t at = 1; at < size && go_on; at += piece)
		go_on = answers_take(&r, (const char *)data + at, size - at < piece ? size - at : piece);
	if (g.answers.len > WANTED || (r.state == ANSWERS_BROKEN) != (g.fault != NULL))
		abort();
	if (r.state == ANSWERS_DONE && (!g.release || (g.permitted && g.answers.len != WANTED)))
		abort();
	for (uint32_t i = 0; i < g.answers.len; i++)
		if (g.answers.items[i].err > 0 || strlen(g.answers.items[i].log) > ASK_LOG_MAX)
			abort();
	tpc_arena_free(r.arena);
	return 0;
}
