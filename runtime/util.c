// SPDX-License-Identifier: Apache-2.0
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct rt_block {
	struct rt_block *next;
	max_align_t data[];
};

int rt_fail(struct rt_error *e, enum rt_exit status, int code, const char *fmt, ...)
{
	va_list ap;

	e->status = status;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return code;
}

void rt_more(struct rt_error *e, const char *fmt, ...)
{
	size_t len = strnlen(e->text, sizeof(e->text) - 1);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->text + len, sizeof(e->text) - len, fmt, ap);
	va_end(ap);
}

void *rt_alloc(struct rt_pool *p, size_t count, size_t size)
{
	struct rt_block *b;
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - sizeof(*b))
		return NULL;
	b = calloc(1, sizeof(*b) + (bytes ? bytes : 1));
	if (!b)
		return NULL;
	b->next = p->head;
	p->head = b;
	return b->data;
}

char *rt_strdup(struct rt_pool *p, const char *s, size_t len)
{
	char *r = rt_alloc(p, len + 1, 1);

	if (r)
		memcpy(r, s, len);
	return r;
}

void rt_pool_free(struct rt_pool *p)
{
	struct rt_block *b = p->head, *next;

	for (; b; b = next) {
		next = b->next;
		free(b);
	}
	p->head = NULL;
}

static bool buf_room(struct rt_buf *b, size_t more)
{
	size_t need, cap = b->cap ? b->cap : 128;
	char *s;

	if (b->failed || __builtin_add_overflow(b->len, more, &need) || need > SIZE_MAX / 2 - 1) {
		b->failed = true;
		return false;
	}
	if (need < b->cap)
		return true;
	while (cap <= need)
		cap *= 2;
	s = realloc(b->s, cap);
	if (!s) {
		b->failed = true;
		return false;
	}
	b->s = s;
	b->cap = cap;
	return true;
}

void rt_buf_add(struct rt_buf *b, const void *s, size_t len)
{
	if (!buf_room(b, len))
		return;
	if (len)
		memcpy(b->s + b->len, s, len);
	b->len += len;
	b->s[b->len] = '\0';
}

void rt_buf_str(struct rt_buf *b, const char *s)
{
	rt_buf_add(b, s, strlen(s));
}

void rt_buf_fmt(struct rt_buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !buf_room(b, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(b->s + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void rt_buf_clear(struct rt_buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->s)
		b->s[0] = '\0';
}

void rt_buf_free(struct rt_buf *b)
{
	free(b->s);
	*b = (struct rt_buf){ 0 };
}

int rt_read_fd(int fd, size_t max, struct rt_buf *b)
{
	char chunk[16384];
	int err = 0;
	ssize_t n;

	for (;;) {
		n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if ((size_t)n > max || b->len > max - (size_t)n) {
			err = -EFBIG;
			break;
		}
		rt_buf_add(b, chunk, (size_t)n);
	}
	if (n < 0)
		err = -errno;
	close(fd);
	rt_buf_add(b, "", 0);
	return err ? err : b->failed ? -ENOMEM : 0;
}

int rt_read_at(int dirfd, const char *path, size_t max, struct rt_buf *b)
{
	int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : rt_read_fd(fd, max, b);
}

int rt_read_file(const char *path, size_t max, struct rt_buf *b)
{
	return rt_read_at(AT_FDCWD, path, max, b);
}
