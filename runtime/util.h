/* SPDX-License-Identifier: Apache-2.0 */
/* What every file of the loader needs: a message that travels with an error code, memory that dies together. */
#ifndef TPC_RT_UTIL_H
#define TPC_RT_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define RT_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Exit statuses of the command line. */
enum rt_exit { RT_OK = 0, RT_INPUT = 1, RT_USAGE = 2, RT_ENVIRONMENT = 3 };

/* Why something failed, for a person. One sentence or more lines, no period, no newline at the end. */
struct rt_error {
	enum rt_exit status; /* whose fault it is */
	char text[8192];
};

/* Writes the message and gives @code back, so that "return rt_fail(...)" says both. Long texts are cut. */
int rt_fail(struct rt_error *e, enum rt_exit status, int code, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Puts more behind what is there. */
void rt_more(struct rt_error *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Memory that is freed all at once. Zeroed. */
struct rt_pool {
	struct rt_block *head;
};
void *rt_alloc(struct rt_pool *p, size_t count, size_t size); /* NULL: no memory, or the product overflows */
char *rt_strdup(struct rt_pool *p, const char *s, size_t len);
void rt_pool_free(struct rt_pool *p);

/* A text that grows. After a failed allocation nothing more is added and @failed stays set. */
struct rt_buf {
	char *s; /* NUL-terminated once something was added */
	size_t len, cap;
	bool failed;
};
void rt_buf_add(struct rt_buf *b, const void *s, size_t len);
void rt_buf_str(struct rt_buf *b, const char *s);
void rt_buf_fmt(struct rt_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void rt_buf_clear(struct rt_buf *b); /* keeps the memory */
void rt_buf_free(struct rt_buf *b);

/* The whole of an open file, at most @max bytes (-EFBIG), into @b. Closes @fd on every path. */
int rt_read_fd(int fd, size_t max, struct rt_buf *b);
int rt_read_file(const char *path, size_t max, struct rt_buf *b);
int rt_read_at(int dirfd, const char *path, size_t max, struct rt_buf *b);

/*
 * A folder of a pseudo file system: the first of @places (ends with NULL) that holds @probe, else a private
 * mount that nobody else sees. An fd, or -errno. Source: fsopen(2), fsmount(2), Linux 5.2.
 */
int rt_open_pseudo_fs(const char *fstype, const char *const places[], const char *probe);

#endif
