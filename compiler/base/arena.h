// SPDX-License-Identifier: Apache-2.0
/* Memory of one compilation: everything in an arena dies with it, nothing is freed alone. */
#ifndef TPC_BASE_ARENA_H
#define TPC_BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tpc_arena;

/*
 * A new arena that is meant to hold at most @ceiling bytes. The address range is reserved at once
 * (twice the ceiling, unbacked), so that an allocation inside it cannot fail later.
 * NULL when the address space cannot be had. Freed with tpc_arena_free(), which takes NULL.
 */
struct tpc_arena *tpc_arena_new(size_t ceiling);
void tpc_arena_free(struct tpc_arena *a);

/* Forgets everything allocated, keeps the address range. Used between the inputs of one run. */
void tpc_arena_reset(struct tpc_arena *a);

/*
 * @size zeroed bytes aligned to @align (a power of two). Never NULL: past the ceiling memory comes from
 * the second half of the range and tpc_arena_exhausted() becomes true for good, which every loop over
 * input checks and turns into a diagnostic. Past the second half the process aborts: input limits keep
 * that out of reach.
 */
void *tpc_arena_alloc(struct tpc_arena *a, size_t size, size_t align);
bool tpc_arena_exhausted(const struct tpc_arena *a);
size_t tpc_arena_used(const struct tpc_arena *a);

#define tpc_new(a, T) ((T *)tpc_arena_alloc((a), sizeof(T), _Alignof(T)))
#define tpc_new_array(a, T, n) ((T *)tpc_arena_alloc_array((a), (n), sizeof(T), _Alignof(T)))
void *tpc_arena_alloc_array(struct tpc_arena *a, size_t n, size_t size, size_t align);

/* Copies, always NUL-terminated. */
char *tpc_strndup(struct tpc_arena *a, const char *s, size_t len);
char *tpc_strdup(struct tpc_arena *a, const char *s);
char *tpc_sprintf(struct tpc_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *tpc_vsprintf(struct tpc_arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

#endif
