// SPDX-License-Identifier: Apache-2.0
/*
 * One reserved range, handed out from its start. Pages are backed by the kernel when they are first touched,
 * so a large ceiling costs address space only. Built with ASan, what has not been handed out is poisoned, and
 * a poisoned gap follows each block.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/arena.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifndef ARENA_ASAN
#define ARENA_ASAN 0
#endif

#if ARENA_ASAN
/* Of <sanitizer/asan_interface.h>, which not every package of the run-time library brings. */
void __asan_poison_memory_region(const volatile void *p, size_t n);
void __asan_unpoison_memory_region(const volatile void *p, size_t n);
#define GAP 16
/* The shadow of the whole range would be an eighth of it: poison only a stretch ahead. */
#define POISON_STEP ((size_t)256 << 10)
#else
#define GAP 0
#endif

/* Above this, reset gives the pages back instead of clearing them. */
#define RESET_BY_CLEARING ((size_t)1 << 20)

struct tpc_arena {
	char *base;
	size_t used, ceiling, size;
	size_t poisoned; /* ASan: bytes from base whose shadow was set */
	bool exhausted;
};

static void poison_ahead(struct tpc_arena *a, size_t upto)
{
#if ARENA_ASAN
	while (a->poisoned < upto && a->poisoned < a->size) {
		size_t n = a->size - a->poisoned < POISON_STEP ? a->size - a->poisoned : POISON_STEP;

		__asan_poison_memory_region(a->base + a->poisoned, n);
		a->poisoned += n;
	}
#else
	(void)a;
	(void)upto;
#endif
}

static void unpoison(char *p, size_t n)
{
#if ARENA_ASAN
	__asan_unpoison_memory_region(p, n);
#else
	(void)p;
	(void)n;
#endif
}

struct tpc_arena *tpc_arena_new(size_t ceiling)
{
	size_t page = 4096;
	struct tpc_arena *a;

	if (ceiling > SIZE_MAX / 4)
		return NULL;
	ceiling = (ceiling + page - 1) / page * page;
	if (!ceiling)
		ceiling = page;
	a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	a->base = mmap(NULL, 2 * ceiling, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		       -1, 0);
	if (a->base == MAP_FAILED) {
		free(a);
		return NULL;
	}
	a->ceiling = ceiling;
	a->size = 2 * ceiling;
	poison_ahead(a, 1);
	return a;
}

void tpc_arena_free(struct tpc_arena *a)
{
	if (!a)
		return;
	unpoison(a->base, a->poisoned);
	munmap(a->base, a->size);
	free(a);
}

void tpc_arena_reset(struct tpc_arena *a)
{
	unpoison(a->base, a->poisoned);
	if (a->used > RESET_BY_CLEARING)
		madvise(a->base, a->used, MADV_DONTNEED);
	else
		memset(a->base, 0, a->used);
	a->used = 0;
	a->poisoned = 0;
	a->exhausted = false;
	poison_ahead(a, 1);
}

void *tpc_arena_alloc(struct tpc_arena *a, size_t size, size_t align)
{
	size_t at;
	char *p;

	if (GAP && align < 8)
		align = 8; /* a poisoned stretch starts at multiples of eight */
	at = (a->used + align - 1) & ~(align - 1);
	if (at > a->size - GAP || size > a->size - GAP - at)
		abort(); /* see arena.h: input limits keep this out of reach */
	a->used = at + size + GAP;
	if (a->used > a->ceiling)
		a->exhausted = true;
	p = a->base + at;
	poison_ahead(a, a->used + 1);
	unpoison(p, size);
	return p;
}

void *tpc_arena_alloc_array(struct tpc_arena *a, size_t n, size_t size, size_t align)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		abort();
	return tpc_arena_alloc(a, total, align);
}

bool tpc_arena_exhausted(const struct tpc_arena *a)
{
	return a->exhausted;
}

size_t tpc_arena_used(const struct tpc_arena *a)
{
	return a->used;
}

char *tpc_strndup(struct tpc_arena *a, const char *s, size_t len)
{
	char *p = tpc_arena_alloc(a, len + 1, 1);

	if (len)
		memcpy(p, s, len);
	return p;
}

char *tpc_strdup(struct tpc_arena *a, const char *s)
{
	return tpc_strndup(a, s, strlen(s));
}

char *tpc_vsprintf(struct tpc_arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return tpc_strdup(a, fmt);
	p = tpc_arena_alloc(a, (size_t)n + 1, 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return p;
}

char *tpc_sprintf(struct tpc_arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = tpc_vsprintf(a, fmt, ap);
	va_end(ap);
	return p;
}
