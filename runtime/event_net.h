/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments that are sockets, packets or socket addresses (TPC_ARG_SOCK and its neighbours), for event_out.h. */
#ifndef TPC_RT_EVENT_NET_H
#define TPC_RT_EVENT_NET_H

#include <jansson.h>

#include "decode.h"

/* Sets the member of @o that Tetragon shows the argument in: sock_arg, skb_arg, sockaddr_arg, sockaddrun_arg. */
void event_net_json(json_t *o, const struct event_arg *a);
/* Appends "10.0.0.1:40000->10.0.0.2:80 TCP". */
void event_net_compact(struct rt_buf *out, const struct event_arg *a);

#endif
