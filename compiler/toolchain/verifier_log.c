// SPDX-License-Identifier: Apache-2.0
/* What the verifier of a kernel wrote: the instruction it stopped at, the line of a policy, its own last words. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "toolchain/load.h"

struct text {
	const char *s;
	size_t len;
};

/* Lines from the end; false: there are no more. */
static bool line_before(const char *log, const char **end, struct text *ret)
{
	const char *stop = *end, *start;

	while (stop > log && stop[-1] == '\n')
		stop--;
	if (stop == log)
		return false;
	start = stop;
	while (start > log && start[-1] != '\n')
		start--;
	*ret = (struct text){ start, (size_t)(stop - start) };
	*end = start;
	return true;
}

static bool begins(const struct text *t, const char *head)
{
	return t->len >= strlen(head) && !memcmp(t->s, head, strlen(head));
}

/* Statistics, source lines and instructions are no reason. */
static bool is_reason(const struct text *t)
{
	static const char *const other[] = {
		"processed ", "verification time", "stack depth", ";",	   "from ", "max_states",
		"-- END",     "-- BEGIN",	   "libbpf:",	  "prog '"
	};

	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (begins(t, other[i]))
			return false;
	return !isdigit((unsigned char)*t->s);
}

const char *log_reason(struct tpc_arena *a, const char *log)
{
	const char *end = log + strlen(log), *last = NULL;
	struct text t;

	while (line_before(log, &end, &t)) {
		if (is_reason(&t))
			return tpc_strndup(a, t.s, t.len);
		if (!last)
			last = tpc_strndup(a, t.s, t.len);
	}
	return last ? last : "no reason given";
}

/* "12: (79) r7 = …" */
static bool insn_of(const struct text *t, uint32_t *ret)
{
	size_t i = 0;
	uint64_t n = 0;

	for (; i < t->len && isdigit((unsigned char)t->s[i]); i++)
		if ((n = 10 * n + (uint64_t)(t->s[i] - '0')) > UINT32_MAX)
			return false;
	*ret = (uint32_t)n;
	return i && t->len - i >= 3 && !memcmp(t->s + i, ": (", 3);
}

/* "; text @ policy.yaml:12", which Linux 6.10 and later write; the last one of a policy. */
static bool place_of(struct tpc_arena *a, const struct text *t, const char **file, uint32_t *line)
{
	size_t at = t->len, colon;

	if (!begins(t, ";"))
		return false;
	while (at >= 3 && memcmp(t->s + at - 3, " @ ", 3))
		at--;
	if (at < 3)
		return false;
	for (colon = at; colon < t->len && t->s[colon] != ':'; colon++)
		;
	if (colon + 1 >= t->len || !isdigit((unsigned char)t->s[colon + 1]))
		return false;
	*file = tpc_strndup(a, t->s + at, colon - at);
	if (!strncmp(*file, "./", 2))
		*file += 2;
	*line = 0;
	for (colon++; colon < t->len && isdigit((unsigned char)t->s[colon]) && *line < UINT32_MAX / 16;
	     colon++)
		*line = 10 * *line + (uint32_t)(t->s[colon] - '0');
	return strncmp(*file, "tpc/", 4) != 0;
}

bool log_place(struct tpc_arena *a, const char *log, const char **file, uint32_t *line)
{
	const char *end = log + strlen(log);
	struct text t;

	while (line_before(log, &end, &t))
		if (place_of(a, &t, file, line))
			return true;
	return false;
}

bool log_insn(const char *log, uint32_t *ret)
{
	const char *end = log + strlen(log);
	struct text t;

	while (line_before(log, &end, &t))
		if (insn_of(&t, ret))
			return true;
	return false;
}
