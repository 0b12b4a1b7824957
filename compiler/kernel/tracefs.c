// SPDX-License-Identifier: Apache-2.0
/*
 * Format files of tracefs: Documentation/trace/events.rst, "Event formats". Hostile as all input is: whoever
 * names another folder as tracefs decides what is in there.
 */
#include "kernel/kernel_impl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT_BYTES_MAX ((size_t)256 << 10)
#define ENTRIES_MAX 8192 /* of a folder, when looking for a near name */

/* A number behind @word in [s, end). */
static bool number_after(const char *s, const char *end, const char *word, uint32_t *ret)
{
	const char *at = memmem(s, (size_t)(end - s), word, strlen(word));
	const char *first;
	uint32_t v = 0;

	if (!at)
		return false;
	first = at += strlen(word);
	for (; at < end && *at >= '0' && *at <= '9'; at++) {
		v = v * 10 + (uint32_t)(*at - '0');
		/* Records are smaller than a page. */
		if (v > UINT16_MAX)
			return false;
	}
	*ret = v;
	return at > first;
}

/* "unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;" */
static bool parse_field(struct tpc_arena *a, const char *s, const char *end, struct kernel_format *f)
{
	const char *semi = memchr(s, ';', (size_t)(end - s));
	struct kernel_field field = { 0 };
	uint32_t is_signed = 0;

	if (!semi || f->fields.len == FORMAT_FIELDS_MAX || memchr(s, '\0', (size_t)(end - s)) ||
	    !number_after(semi, end, "offset:", &field.offset) ||
	    !number_after(semi, end, "size:", &field.size))
		return false;
	number_after(semi, end, "signed:", &is_signed);
	field.is_signed = is_signed;
	format_split(a, s, (size_t)(semi - s), &field);
	format_judge(&field);
	*format_add(a, f) = field;
	return true;
}

static bool parse_format(struct tpc_arena *a, const char *s, size_t len, struct kernel_format *ret)
{
	const char *end = s + len, *eol;

	for (; s < end; s = eol + (eol < end)) {
		eol = memchr(s, '\n', (size_t)(end - s));
		if (!eol)
			eol = end;
		while (s < eol && (*s == '\t' || *s == ' '))
			s++;
		if (eol - s > 6 && !memcmp(s, "field:", 6)) {
			if (!parse_field(a, s + 6, eol, ret))
				return false;
		} else if (eol - s > 9 && !memcmp(s, "print fmt", 9)) {
			break;
		}
	}
	return ret->fields.len;
}

/* Bytes read, at most @size; -errno. */
static ssize_t read_file(int dir, const char *name, char *buf, size_t size)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	size_t len = 0;
	struct stat st;
	ssize_t n = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return -EINVAL;
	}
	while (len < size) {
		n = read(fd, buf + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	if (n < 0)
		n = -errno;
	close(fd);
	return n < 0 ? n : (ssize_t)len;
}

/* tracefs/events, or -1. */
static int open_events(struct kernel *k)
{
	int fs, events;

	if (!k->opts.tracefs)
		return -1;
	fs = open(k->opts.tracefs, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fs < 0)
		return -1;
	events = openat(fs, "events", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(fs);
	return events;
}

static enum kernel_answer read_format(struct tpc_arena *a, int events, const char *path,
				      struct kernel_format *ret)
{
	char *buf = malloc(FORMAT_BYTES_MAX);
	enum kernel_answer answer;
	ssize_t n;

	if (!buf)
		return KERNEL_UNKNOWN;
	n = read_file(events, path, buf, FORMAT_BYTES_MAX);
	if (n == -ENOENT || n == -ENOTDIR)
		answer = KERNEL_NO;
	else if (n < 0)
		answer = KERNEL_UNKNOWN;
	else if (n == (ssize_t)FORMAT_BYTES_MAX || !parse_format(a, buf, (size_t)n, ret))
		answer = KERNEL_EXISTS;
	else
		answer = KERNEL_YES;
	free(buf);
	return answer;
}

enum kernel_answer tracefs_find(struct kernel *k, struct tpc_arena *a, const char *subsystem,
				const char *event, struct kernel_format *ret)
{
	int events = open_events(k);
	enum kernel_answer answer;

	if (events < 0)
		return KERNEL_UNKNOWN;
	*ret = (struct kernel_format){ .from_tracefs = true };
	answer = read_format(a, events, tpc_sprintf(a, "%s/%s/format", subsystem, event), ret);
	close(events);
	if (answer != KERNEL_YES)
		*ret = (struct kernel_format){ 0 };
	return answer;
}

/* The nearest name of the folder @fd, which is closed. */
static const char *near_entry(struct tpc_arena *a, int fd, const char *wrong)
{
	struct tpc_suggest near = TPC_SUGGEST(wrong, (uint32_t)strlen(wrong));
	char best[NAME_MAX + 1] = "";
	struct dirent *e;
	DIR *d;

	d = fd < 0 ? NULL : fdopendir(fd);
	if (!d) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	for (int i = 0; i < ENTRIES_MAX && (e = readdir(d)); i++) {
		if (!is_plain_word(e->d_name))
			continue;
		tpc_suggest_try(&near, e->d_name);
		/* The entry is gone at the next one, so its name is kept. */
		if (near.best == e->d_name) {
			memcpy(best, e->d_name, strlen(e->d_name) + 1);
			near.best = best;
		}
	}
	closedir(d);
	return near.best ? tpc_strdup(a, near.best) : NULL;
}

const char *tracefs_near(struct kernel *k, struct tpc_arena *a, const char *subsystem, const char *event,
			 bool *ret_there)
{
	int events = open_events(k), sub;
	const char *name;

	*ret_there = events >= 0;
	if (events < 0)
		return NULL;
	sub = openat(events, subsystem, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (sub < 0) {
		/* Another subsystem, if it has that event. */
		name = near_entry(a, events, subsystem);
		events = open_events(k);
		if (name && events >= 0 &&
		    faccessat(events, tpc_sprintf(a, "%s/%s", name, event), F_OK, 0) < 0)
			name = NULL;
		if (events >= 0)
			close(events);
		return name ? tpc_sprintf(a, "%s/%s", name, event) : NULL;
	}
	close(events);
	name = near_entry(a, sub, event);
	return name ? tpc_sprintf(a, "%s/%s", subsystem, name) : NULL;
}
