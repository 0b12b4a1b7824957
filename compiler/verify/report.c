// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "verify/verify_impl.h"

struct verify_check *verify_check_add(struct tpc_ctx *c, struct verify_report *r, const char *name,
				      const char *about)
{
	struct verify_check *k = tpc_vec_push(c->arena, &r->checks);

	k->name = name;
	k->about = about;
	k->detail = "";
	return k;
}

void verify_finding_add(struct tpc_ctx *c, struct verify_check *k, struct verify_finding f)
{
	k->result = VERIFY_FAILED;
	if (k->findings.len >= VERIFY_FINDINGS_MAX) {
		k->more++;
		return;
	}
	*tpc_vec_push(c->arena, &k->findings) = f;
}

uint32_t verify_failed(const struct verify_report *r)
{
	const struct verify_check *k;
	uint32_t n = 0;

	tpc_vec_foreach (k, &r->checks)
		n += k->result == VERIFY_FAILED;
	return n;
}

static struct verify_check *now(struct verify *v)
{
	return &v->r->checks.items[v->r->checks.len - 1];
}

void check_begin(struct verify *v, const char *name, const char *about)
{
	verify_check_add(v->c, v->r, name, about);
}

bool check_end(struct verify *v, const char *fmt, ...)
{
	struct verify_check *k = now(v);
	va_list ap;

	va_start(ap, fmt);
	k->detail = tpc_vsprintf(v->c->arena, fmt, ap);
	va_end(ap);
	return k->result != VERIFY_FAILED;
}

void check_skip(struct verify *v, const char *name, const char *about, const char *why)
{
	struct verify_check *k = verify_check_add(v->c, v->r, name, about);

	k->result = VERIFY_SKIPPED;
	k->detail = why;
}

/* Texts of a hostile object are formatted only as long as they are kept. */
static bool is_full(struct verify *v)
{
	struct verify_check *k = now(v);

	if (k->findings.len < VERIFY_FINDINGS_MAX)
		return false;
	k->more++;
	return true;
}

bool finding(struct verify *v, enum tpc_diag_code code, const char *fmt, ...)
{
	struct verify_finding f = { .code = code };
	va_list ap;

	if (is_full(v))
		return false;
	va_start(ap, fmt);
	f.msg = tpc_vsprintf(v->c->arena, fmt, ap);
	va_end(ap);
	verify_finding_add(v->c, now(v), f);
	return false;
}

/* A header of templates/bpf/, which a policy's line stands before when it was inlined. */
static bool is_template(const struct line_info *l)
{
	return !strncmp(l->file, "tpc/", 4);
}

/* The last line that begins at or before the instruction; of the policy where there is one in its function. */
static const struct line_info *line_of(const struct verify *v, uint32_t section, uint32_t insn)
{
	const struct section *s = &v->sections.items[section];
	uint32_t lo = 0, hi = v->lines.len, func = s->owner && insn < s->ninsns ? s->owner[insn] : 0;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const struct line_info *l = &v->lines.items[mid];

		if (l->section < section || (l->section == section && l->insn <= insn))
			lo = mid + 1;
		else
			hi = mid;
	}
	for (uint32_t i = lo; i-- > 0 && v->lines.items[i].section == section;) {
		if (!func || s->owner[v->lines.items[i].insn] != func)
			break;
		if (!is_template(&v->lines.items[i]))
			return &v->lines.items[i];
	}
	return lo && v->lines.items[lo - 1].section == section ? &v->lines.items[lo - 1] : NULL;
}

bool finding_at(struct verify *v, uint32_t section, uint32_t insn, enum tpc_diag_code code, const char *fmt,
		...)
{
	const struct line_info *l = line_of(v, section, insn);
	struct verify_finding f = { .code = code };
	va_list ap;

	if (is_full(v))
		return false;
	va_start(ap, fmt);
	f.msg = tpc_vsprintf(v->c->arena, fmt, ap);
	va_end(ap);
	if (l && l->line) {
		f.file = tpc_strdup(v->c->arena, l->file);
		f.line = l->line;
	}
	verify_finding_add(v->c, now(v), f);
	return false;
}

bool finding_in(struct verify *v, const char *file, uint32_t line, enum tpc_diag_code code, const char *fmt,
		...)
{
	struct verify_finding f = { .code = code, .file = tpc_strdup(v->c->arena, file), .line = line };
	va_list ap;

	if (is_full(v))
		return false;
	va_start(ap, fmt);
	f.msg = tpc_vsprintf(v->c->arena, fmt, ap);
	va_end(ap);
	verify_finding_add(v->c, now(v), f);
	return false;
}

void out_of_memory(struct verify *v)
{
	v->r->environment = true;
	finding(v, TPC_E_ENVIRONMENT, "out of memory");
}
