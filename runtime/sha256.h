/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4), so that the loader needs no library for one digest. */
#ifndef TPC_RT_SHA256_H
#define TPC_RT_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
	uint32_t h[8];
	uint64_t len; /* bytes taken in */
	uint8_t block[64];
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *data, size_t len);
/* 64 lower-case hexadecimal digits and a NUL. @s is used up. */
void sha256_hex(struct sha256 *s, char ret[65]);

#endif
