/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Search inside a text in a scratch slot: bodies of the functions that the generated code has for each test. It is
 * included behind event.h.
 */
#ifndef TPC_BPF_FIND_H
#define TPC_BPF_FIND_H

/* Places that one call tries; all of them times as many calls is what a text may have. */
#define TPC_FIND_STEP 64

/* At each place a text of the policy, which may be as long, can be compared with what lies there. */
_Static_assert(TPC_RECORD_MAX >= 2 * TPC_STRING_MAX + TPC_NAME_MAX, "a slot is too small for a search");
_Static_assert(TPC_FIND_STEP *TPC_FIND_STEP >= TPC_STRING_MAX, "a text has more places than are tried");

/* ASCII letters in lower case, all eight bytes at once: bit 7 of a sum tells that a byte is at least that letter. */
static __always_inline __u64 tpc_lower(__u64 x)
{
	__u64 low = x & 0x7f7f7f7f7f7f7f7fULL;
	__u64 from_a = low + 0x3f3f3f3f3f3f3f3fULL;   /* 0x80 - 'A' */
	__u64 behind_z = low + 0x2525252525252525ULL; /* 0x80 - 'Z' - 1 */

	return x | ((from_a & ~behind_z & ~x & 0x8080808080808080ULL) >> 2);
}

/* 1: @at(text, bytes left) holds at one of the places from @from on, before @end. */
#define TPC_FIND_STEPS(t, from, end, at)                                                                     \
	if (!t)                                                                                              \
		return 0;                                                                                    \
	for (__u64 i = 0; i < TPC_FIND_STEP; i++) {                                                          \
		__u64 place = from + i;                                                                      \
                                                                                                             \
		hide_bounds(place);                                                                          \
		if (place >= end || place > TPC_STRING_MAX)                                                  \
			return 0;                                                                            \
		if (at(t->data + place, end - place))                                                        \
			return 1;                                                                            \
	}                                                                                                    \
	return 0;

#define TPC_FIND(t, from, end, step)                                                                         \
	if (!t)                                                                                              \
		return 0;                                                                                    \
	for (__u32 i = 0; i < TPC_FIND_STEP; i++) {                                                          \
		__u32 place = from + i * TPC_FIND_STEP;                                                      \
                                                                                                             \
		if (place >= end)                                                                            \
			return 0;                                                                            \
		if (step(t, place, end))                                                                     \
			return 1;                                                                            \
	}                                                                                                    \
	return 0;

#endif
