// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include "base/diag.h"

/* seq of a diagnostic that is only counted: nothing is formatted for it. */
#define DROPPED UINT32_MAX

static const struct {
	const char *id, *slug;
} codes[] = {
#define CODE(id, number, slug) { "TPC" #number, slug },
#include "base/diag_codes.h"
#undef CODE
};

_Static_assert(sizeof(codes) / sizeof(codes[0]) == TPC_CODE_MAX, "one row a code");

const char *tpc_diag_code_id(enum tpc_diag_code code)
{
	return (unsigned)code < TPC_CODE_MAX ? codes[code].id : "TPC000";
}

const char *tpc_diag_code_slug(enum tpc_diag_code code)
{
	return (unsigned)code < TPC_CODE_MAX ? codes[code].slug : "unknown";
}

/* Where to put one more: a new place, or for an error the place of the latest warning; NULL: none. */
static struct tpc_diag **room_for(struct tpc_diags *d, enum tpc_severity sev)
{
	if (d->list.len < TPC_DIAG_MAX)
		return tpc_vec_push(d->arena, &d->list);
	d->dropped++;
	if (sev != TPC_ERROR || d->nerrors > TPC_DIAG_MAX)
		return NULL;
	for (uint32_t i = d->list.len; i-- > 0;) {
		if (d->list.items[i]->sev != TPC_ERROR) {
			d->list.items[i]->seq = DROPPED;
			return &d->list.items[i];
		}
	}
	return NULL;
}

__attribute__((format(printf, 5, 0))) static struct tpc_diag *add(struct tpc_diags *d, enum tpc_severity sev,
								  struct tpc_span at, enum tpc_diag_code code,
								  const char *fmt, va_list ap)
{
	struct tpc_diag *diag = tpc_new(d->arena, struct tpc_diag);
	struct tpc_diag **slot;

	if (sev == TPC_ERROR)
		d->nerrors++;
	else
		d->nwarnings++;
	*diag = (struct tpc_diag){ .sev = sev, .code = code, .at = at, .msg = "", .seq = DROPPED };
	slot = room_for(d, sev);
	if (!slot)
		return diag;
	diag->msg = tpc_vsprintf(d->arena, fmt, ap);
	diag->seq = d->nerrors + d->nwarnings;
	*slot = diag;
	return diag;
}

struct tpc_diag *tpc_report(struct tpc_diags *d, enum tpc_severity sev, struct tpc_span at,
			    enum tpc_diag_code code, const char *fmt, ...)
{
	struct tpc_diag *diag;
	va_list ap;

	va_start(ap, fmt);
	diag = add(d, sev, at, code, fmt, ap);
	va_end(ap);
	return diag;
}

struct tpc_diag *tpc_error(struct tpc_diags *d, struct tpc_span at, enum tpc_diag_code code, const char *fmt,
			   ...)
{
	struct tpc_diag *diag;
	va_list ap;

	va_start(ap, fmt);
	diag = add(d, TPC_ERROR, at, code, fmt, ap);
	va_end(ap);
	return diag;
}

struct tpc_diag *tpc_warning(struct tpc_diags *d, struct tpc_span at, enum tpc_diag_code code,
			     const char *fmt, ...)
{
	struct tpc_diag *diag;
	va_list ap;

	va_start(ap, fmt);
	diag = add(d, TPC_WARNING, at, code, fmt, ap);
	va_end(ap);
	return diag;
}

void tpc_diag_hint(struct tpc_diags *d, struct tpc_diag *diag, const char *fmt, ...)
{
	va_list ap;

	if (diag->seq == DROPPED)
		return;
	va_start(ap, fmt);
	diag->hint = tpc_vsprintf(d->arena, fmt, ap);
	va_end(ap);
}

void tpc_diag_note(struct tpc_diags *d, struct tpc_diag *diag, struct tpc_span at, const char *fmt, ...)
{
	struct tpc_diag_note *note;
	va_list ap;

	if (diag->seq == DROPPED)
		return;
	note = tpc_vec_push(d->arena, &diag->notes);
	note->at = at;
	va_start(ap, fmt);
	note->msg = tpc_vsprintf(d->arena, fmt, ap);
	va_end(ap);
}

static int by_place(const void *a, const void *b)
{
	const struct tpc_diag *x = *(struct tpc_diag *const *)a, *y = *(struct tpc_diag *const *)b;

	if (x->at.file != y->at.file)
		return x->at.file < y->at.file ? -1 : 1;
	if (x->at.off != y->at.off)
		return x->at.off < y->at.off ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

void tpc_diags_sort(struct tpc_diags *d)
{
	if (d->list.len > 1)
		qsort(d->list.items, d->list.len, sizeof(d->list.items[0]), by_place);
}
