// SPDX-License-Identifier: Apache-2.0
/*
 * The corrected policies: mends that a tool can do are made in the text, and the result is reviewed again, until nothing is left to
 * mend. A mend stays out when with it the policies had more errors than without, or might enforce more than was given
 * (pdiff/pdiff.h): then its finding stands for a person.
 */
#ifndef TPC_REVIEW_CORRECT_H
#define TPC_REVIEW_CORRECT_H

#include "review/review.h"

struct correct_file {
	const char *name, *text; /* as given */
	size_t len;
	const char *corrected; /* out: the same text when there was nothing to mend */
	size_t corrected_len;
	uint32_t nmends; /* out: findings that were mended */
};

/*
 * Corrects @n files, which are reviewed together as review_run() would with tpc opened by @o. What comes out lives in @a. 0, or
 * -errno of the machine; policies that cannot be read at all stay as they are.
 */
int review_correct(struct tpc_arena *a, const struct tpc_opts *o, const struct knowledge *known,
		   const struct brief *brief, struct correct_file *files, uint32_t n);

#endif
