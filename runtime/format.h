/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The format file of a tracepoint: where its fields are in the record. Source of the layout:
 * Documentation/trace/events.rst, "Event formats".
 */
#ifndef TPC_RT_FORMAT_H
#define TPC_RT_FORMAT_H

#include <tpc/abi.h>

#include "util.h"

enum { FORMAT_FIELDS_MAX = 128, FORMAT_BYTES_MAX = 256 << 10 };

struct format_field {
	const char *decl; /* "const char * filename", in the format's pool */
	uint32_t off, size;
	bool is_signed;
};

struct format {
	uint32_t id; /* of the event, for perf_event_open(2) */
	size_t nfields;
	struct format_field fields[FORMAT_FIELDS_MAX]; /* common_ ones too, in the file's order */
	struct rt_pool pool;
};

/* 0, or -EINVAL and a message. format_done() on every path. */
int format_parse(const char *text, size_t len, struct format *ret, struct rt_error *e);
/* Reads events/@subsystem/@event/format under the tracefs folder @tracefs. -ENOENT: no such event. */
int format_read(int tracefs, const char *subsystem, const char *event, struct format *ret,
		struct rt_error *e);
void format_done(struct format *f);

/* tracefs, mounted or not; for close(2), or -errno. */
int format_open_tracefs(void);

/* How generated code finds field number @index as the policy's type @type. -EINVAL: it cannot, and why. */
int format_describe(const struct format *f, uint32_t index, const char *type, struct tpc_field_desc *ret,
		    struct rt_error *e);

#endif
