// SPDX-License-Identifier: Apache-2.0
/* Diagnostics: collected while a compilation goes on, sorted and printed at its end. */
#ifndef TPC_BASE_DIAG_H
#define TPC_BASE_DIAG_H

#include <stdio.h>

#include "base/source.h"

enum tpc_severity { TPC_NOTE, TPC_WARNING, TPC_ERROR };

enum tpc_diag_code {
#define CODE(id, number, slug) TPC_##id,
#include "base/diag_codes.h"
#undef CODE
	TPC_CODE_MAX
};

struct tpc_diag_note {
	struct tpc_span at; /* may be nowhere */
	const char *msg;
};

struct tpc_diag {
	enum tpc_severity sev;
	enum tpc_diag_code code;
	struct tpc_span at;
	const char *msg;  /* one sentence, no period, user text in '…' */
	const char *hint; /* what to type instead, or NULL: shown after the caret */
	TPC_VEC(struct tpc_diag_note) notes;
	uint32_t seq; /* order of arrival, breaks ties when sorting */
};

struct tpc_diags {
	struct tpc_arena *arena;
	struct tpc_sources *sources;
	TPC_VEC(struct tpc_diag *) list;
	uint32_t nerrors, nwarnings;
	uint32_t dropped; /* past TPC_DIAG_MAX a diagnostic is only counted */
};

#define TPC_DIAG_MAX 200

/* Add one. The answer may be given a hint or notes; it is never NULL. */
struct tpc_diag *tpc_error(struct tpc_diags *d, struct tpc_span at, enum tpc_diag_code code, const char *fmt,
			   ...) __attribute__((format(printf, 4, 5)));
struct tpc_diag *tpc_warning(struct tpc_diags *d, struct tpc_span at, enum tpc_diag_code code,
			     const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The same of either severity. */
struct tpc_diag *tpc_report(struct tpc_diags *d, enum tpc_severity sev, struct tpc_span at,
			    enum tpc_diag_code code, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void tpc_diag_hint(struct tpc_diags *d, struct tpc_diag *diag, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void tpc_diag_note(struct tpc_diags *d, struct tpc_diag *diag, struct tpc_span at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* By file, offset, order of arrival. */
void tpc_diags_sort(struct tpc_diags *d);

/* "TPC203" and "unknown-field". */
const char *tpc_diag_code_id(enum tpc_diag_code code);
const char *tpc_diag_code_slug(enum tpc_diag_code code);

/*
 * FILE:LINE:COL: error: text [TPC203], the source line, a caret line with the hint, and the notes.
 * Control characters of user text are shown escaped. @color: ANSI colours.
 */
void tpc_diags_print_text(struct tpc_diags *d, FILE *out, bool color);
/* The same content, one JSON object a line. */
void tpc_diags_print_json(struct tpc_diags *d, FILE *out);
/* The same content as one SARIF 2.1.0 log, hints within the messages. */
void tpc_diags_print_sarif(struct tpc_diags *d, FILE *out);

#endif
