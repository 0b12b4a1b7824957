// SPDX-License-Identifier: Apache-2.0
/*
 * Numbers in values of a policy, as Tetragon reads them with Go's strconv: in base 0 decimal, 0x hexadecimal, 0o or 0
 * octal, 0b binary, with an underscore between digits; in base 10 decimal digits alone.
 */
#ifndef TPC_BASE_NUMBER_H
#define TPC_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

enum tpc_number { TPC_NUMBER_OK, TPC_NUMBER_SYNTAX, TPC_NUMBER_RANGE };

/* Without a sign. */
enum tpc_number tpc_parse_magnitude(const char *s, uint32_t len, int base, uint64_t *ret);
/* Of at most @bits bits: ParseUint(s, base, bits), ParseInt(s, base, bits). */
enum tpc_number tpc_parse_uint(const char *s, uint32_t len, int base, unsigned bits, uint64_t *ret);
enum tpc_number tpc_parse_int(const char *s, uint32_t len, int base, unsigned bits, int64_t *ret);

#endif
