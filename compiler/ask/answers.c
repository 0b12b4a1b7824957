// SPDX-License-Identifier: Apache-2.0
/*
 * What a guest says, byte by byte: it may be a kernel that wants to harm who boots it. Each line and each log has a
 * bound, numbers must be in their order, and the first thing that is not as agreed ends it.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/ask_impl.h"

#define ERRNO_MAX 4095
#define LOGS_MAX (256U << 20) /* bytes of all logs */

static bool broken(struct answers *r, const char *what)
{
	r->state = ANSWERS_BROKEN;
	r->to->fault = tpc_sprintf(r->arena, "what came from the guest is no answer: %s", what);
	return false;
}

/* The next word of @s, cut off with a NUL; "": there is none. */
static char *word(char **s)
{
	char *at = *s, *end = strchr(at, ' ');

	*s = end ? end + 1 : at + strlen(at);
	if (end)
		*end = '\0';
	return at;
}

/* A whole number without sign and nothing around it, at most @max. */
static bool number(const char *s, uint32_t max, uint32_t *ret)
{
	uint64_t n = 0;

	if (!*s)
		return false;
	for (; *s; s++)
		if (!isdigit((unsigned char)*s) || (n = 10 * n + (uint64_t)(*s - '0')) > max)
			return false;
	*ret = (uint32_t)n;
	return true;
}

/* "tpc 1 yes 6.1.0-56-cloud-amd64" */
static bool hello(struct answers *r)
{
	char *at = r->line, *permitted;

	if (strcmp(word(&at), "tpc") || strcmp(word(&at), "1"))
		return broken(r, "it does not begin as it should");
	permitted = word(&at);
	r->to->permitted = !strcmp(permitted, "yes");
	if ((!r->to->permitted && strcmp(permitted, "no")) || !*at || strchr(at, ' '))
		return broken(r, "its first line is not as it should be");
	for (const char *s = at; *s; s++)
		if (!isgraph((unsigned char)*s))
			return broken(r, "its kernel's name is not printable");
	r->to->release = tpc_strdup(r->arena, at);
	r->state = ANSWERS_LINE;
	return true;
}

static bool end(struct answers *r)
{
	if (r->to->permitted && r->to->answers.len < r->wanted)
		return broken(r, tpc_sprintf(r->arena, "it ends after %u of %u programs", r->to->answers.len,
					     r->wanted));
	r->state = ANSWERS_DONE;
	return false;
}

/* "answer 3 -13 1200" */
static bool answer(struct answers *r)
{
	char *at = r->line, *what = word(&at), *id = word(&at), *err = word(&at);
	uint32_t n, e;

	if (!strcmp(what, "end") && !*id)
		return end(r);
	if (strcmp(what, "answer") || !number(id, UINT32_MAX, &n) ||
	    !number(err + (*err == '-'), ERRNO_MAX, &e) || (*err == '-') != (e > 0) ||
	    !number(at, ASK_LOG_MAX, &r->log_len))
		return broken(r, "a line is not as it should be");
	if (n != r->to->answers.len || n >= r->wanted)
		return broken(r, tpc_sprintf(r->arena, "program %u comes where %u was asked about", n,
					     r->to->answers.len));
	r->logs_len += r->log_len;
	if (r->logs_len > LOGS_MAX)
		return broken(r, "its logs are too long");
	r->err = -(int)e;
	r->log = tpc_arena_alloc(r->arena, r->log_len + 1, 1);
	r->log_have = 0;
	r->state = ANSWERS_LOG;
	return true;
}

/* The log and the newline behind it. Gives how many bytes were taken. */
static size_t take_log(struct answers *r, const char *data, size_t len)
{
	size_t n = r->log_len - r->log_have;

	n = n < len ? n : len;
	if (memchr(data, '\0', n)) {
		broken(r, "a NUL in a log");
		return n;
	}
	memcpy(r->log + r->log_have, data, n);
	r->log_have += (uint32_t)n;
	if (n == len)
		return n;
	if (data[n] != '\n') {
		broken(r, "a log is longer than it should be");
		return n;
	}
	*tpc_vec_push(r->arena, &r->to->answers) = (struct ask_answer){ r->err, r->log };
	r->state = ANSWERS_LINE;
	return n + 1;
}

static size_t take_line(struct answers *r, const char *data, size_t len)
{
	const char *nl = memchr(data, '\n', len);
	size_t n = nl ? (size_t)(nl - data) : len;

	if (r->line_len + n >= sizeof(r->line) || memchr(data, '\0', n)) {
		broken(r, "a line is not as it should be");
		return n;
	}
	memcpy(r->line + r->line_len, data, n);
	r->line_len += (uint32_t)n;
	if (!nl)
		return n;
	r->line[r->line_len] = '\0';
	r->line_len = 0;
	if (r->state == ANSWERS_HELLO)
		hello(r);
	else
		answer(r);
	return n + 1;
}

bool answers_take(struct answers *r, const char *data, size_t len)
{
	while (len && r->state < ANSWERS_DONE) {
		size_t n = r->state == ANSWERS_LOG ? take_log(r, data, len) : take_line(r, data, len);

		data += n;
		len -= n;
	}
	return r->state < ANSWERS_DONE;
}
