/* SPDX-License-Identifier: Apache-2.0 */
/* From ring buffers to lines on standard output, until a signal. */
#ifndef TPC_RT_STREAM_H
#define TPC_RT_STREAM_H

#include <signal.h>

#include "event_out.h"
#include "object.h"

typedef bool event_format(struct rt_buf *out, const struct event_env *env, const struct event *ev,
			  const struct process *p);

struct stream_ring { /* one an object: what a callback needs to know */
	struct stream *s;
	const struct manifest *m;
};

struct stream {
	struct event_env env;
	event_format *format;
	FILE *out;
	struct process_cache *cache;
	struct ring_buffer *rb;
	struct stream_ring *rings;
	struct rt_buf line;
	uint64_t bad;	 /* records that could not be decoded */
	const char *why; /* the last of them */
	int write_err;	 /* errno of a failed write: the reader has gone */
};

/* Opens the rings of all @n loaded objects. Fields up to cache are the caller's to fill in before. */
int stream_open(struct stream *s, struct object *objects, size_t n, struct rt_error *e);
void stream_close(struct stream *s);

/* Prints what comes until *@stop is set; @wait: the signal mask to wait with. 0, or -errno. */
int stream_run(struct stream *s, const volatile sig_atomic_t *stop, const sigset_t *wait);
/* Prints what is left in the rings. */
void stream_drain(struct stream *s);

/* Takes one record; the rings' callback, and the tests'. */
void stream_record(struct stream *s, const struct manifest *m, const void *data, size_t len);

/* One line a hook with its counters, summed over CPUs. Lost events are named in a line of their own. */
void stream_counters(const struct object *o, FILE *out);

#endif
