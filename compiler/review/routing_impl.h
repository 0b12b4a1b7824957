// SPDX-License-Identifier: Apache-2.0
/*
 * What the files of routing share. Text from policies gets into a snippet only if it is a Kubernetes name or rt_is_plain(), and is
 * quoted even so: nothing in it can end a string of any of the languages, nor be a variable of a shipper's.
 */
#ifndef TPC_REVIEW_ROUTING_IMPL_H
#define TPC_REVIEW_ROUTING_IMPL_H

#include "base/buf.h"
#include "review/review_impl.h"
#include "review/rollout.h"
#include "review/routing.h"

/* A policy whose name can be applied, with what its routes say together. */
struct rt_policy {
	const struct rv_policy *policy;
	const char *names[3]; /* as given, in the canary, when it enforces; NULL behind the last */
	enum know_level severity;
	const char *threats;	     /* ids, by comma; "" */
	TPC_VEC(const char *) mitre; /* each once */
};

struct rt {
	const struct review *r;
	struct tpc_arena *a;
	struct routing *ret;
	TPC_VEC(struct rt_policy) policies;
};

/* Letters, digits and "._-/" */
bool rt_is_plain(const char *s);
void rt_add_file(struct rt *rt, const char *path, const char *about, const struct tpc_buf *text);
/* "a", "a-canary", "a-enforce": each in @quote, parted by @between. */
const char *rt_names(struct rt *rt, const struct rt_policy *p, const char *quote, const char *between);

/* ---- routing_ship.c: filters of Tetragon and of log shippers ---- */
void rt_put_helm(struct rt *rt);
void rt_put_fluent_bit(struct rt *rt);
void rt_put_vector(struct rt *rt);

/* ---- routing_siem.c ---- */
void rt_put_siem(struct rt *rt);

#endif
