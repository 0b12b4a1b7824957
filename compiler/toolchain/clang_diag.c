// SPDX-License-Identifier: Apache-2.0
/* From a place in generated C, as #line names it, back to the YAML. */
#include <stdlib.h>
#include <string.h>

#include "toolchain/internal.h"

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Number of the one source with this base name, 0 when none or several have it. */
static uint32_t source_by_base(struct tpc_ctx *c, const char *base)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i < c->sources.files.len; i++) {
		if (strcmp(path_base(c->sources.files.items[i].name), base))
			continue;
		if (found)
			return 0;
		found = i + 1;
	}
	return found;
}

struct tpc_span clang_source_span(struct tpc_ctx *c, const char *file, unsigned line)
{
	uint32_t n = source_by_base(c, path_base(file));
	const struct tpc_source *s = tpc_source_get(&c->sources, n);
	const char *p, *end, *stop;

	if (!s || !line)
		return TPC_NOWHERE;
	p = s->text;
	stop = s->text + s->len;
	while (--line) {
		p = memchr(p, '\n', (size_t)(stop - p));
		if (!p)
			return TPC_NOWHERE;
		p++;
	}
	end = memchr(p, '\n', (size_t)(stop - p));
	if (!end)
		end = stop;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	while (end > p && (end[-1] == ' ' || end[-1] == '\r'))
		end--;
	return (struct tpc_span){ n, (uint32_t)(p - s->text), (uint32_t)(end - p) };
}

void clang_report(struct tpc_ctx *c, const char *file, unsigned line, bool error, const char *msg)
{
	struct tpc_span at = clang_source_span(c, file, line);

	if (!at.file && line)
		msg = tpc_sprintf(c->arena, "%s:%u: %s", path_base(file), line, msg);
	if (error)
		tpc_error(&c->diags, at, TPC_E_GENERATED_C, "the generated C is faulty: %s", msg);
	else
		tpc_warning(&c->diags, at, TPC_E_GENERATED_C, "the generated C is doubtful: %s", msg);
}

/* "FILE:LINE:COL: error: text", or "error: text" */
static bool report_line(struct tpc_ctx *c, const char *line)
{
	static const char *const marks[] = { ": error: ", ": fatal error: " };
	const char *mark = NULL, *msg = NULL, *p;
	unsigned nr;

	if (!strncmp(line, marks[0] + 2, strlen(marks[0] + 2))) { /* a fault without a place */
		clang_report(c, CLANG_INPUT, 0, true, line + strlen(marks[0] + 2));
		return true;
	}
	for (unsigned i = 0; i < 2 && !mark; i++) {
		mark = strstr(line, marks[i]);
		msg = mark ? mark + strlen(marks[i]) : NULL;
	}
	if (!mark)
		return false;
	p = memchr(line, ':', (size_t)(mark - line));
	nr = p ? (unsigned)strtoul(p + 1, NULL, 10) : 0;
	clang_report(c, p ? tpc_strndup(c->arena, line, (size_t)(p - line)) : CLANG_INPUT, nr, true, msg);
	return true;
}

unsigned clang_report_stderr(struct tpc_ctx *c, const char *err)
{
	unsigned n = 0;

	while (*err) {
		const char *end = strchrnul(err, '\n');

		n += report_line(c, tpc_strndup(c->arena, err, (size_t)(end - err)));
		err = *end ? end + 1 : end;
	}
	return n;
}
