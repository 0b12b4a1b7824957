/* SPDX-License-Identifier: Apache-2.0 */
/* Events as people and pipelines read them. */
#ifndef TPC_RT_EVENT_OUT_H
#define TPC_RT_EVENT_OUT_H

#include "decode.h"
#include "process.h"

struct event_env {
	const char *node; /* node_name */
	uint64_t boot;	  /* CLOCK_REALTIME - CLOCK_BOOTTIME, ns */
};

/*
 * Appends one line without a newline. @p is whose event it is (process_cache_event()); CLONE events have no
 * line: false,
 * as when memory is short.
 *
 * JSON: Tetragon's GetEventsResponse as proto3 JSON with the names of the .proto files. Empty texts and zero
 * numbers are left out as protobuf does, 64-bit integers are texts. Source: cilium/tetragon
 * api/v1/tetragon/{tetragon,events}.proto, pkg/grpc/tracing/tracing.go.
 */
bool event_json(struct rt_buf *out, const struct event_env *env, const struct event *ev,
		const struct process *p);
bool event_compact(struct rt_buf *out, const struct event_env *env, const struct event *ev,
		   const struct process *p);

/* The action that an event names: the last enforcing one of its selector that was done, else Post. */
const struct manifest_action *event_action(const struct event_hook *h);

#endif
