/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials, capabilities and other kernel objects in events, for event_json.c and event_compact.c. */
#ifndef TPC_RT_EVENT_OBJECTS_H
#define TPC_RT_EVENT_OBJECTS_H

#include <jansson.h>

#include "decode.h"

/* Sets the member of Tetragon's KprobeArgument that an object is; false: @a is none. */
bool object_json(json_t *o, const struct event_arg *a);
/* The same of a number whose type in the policy is @type; false: it is no capability and no set of them. */
bool caps_json(json_t *o, const struct event_arg *a, const char *type);

bool object_compact(struct rt_buf *out, const struct event_arg *a);
bool caps_compact(struct rt_buf *out, const struct event_arg *a, const char *type);

#endif
