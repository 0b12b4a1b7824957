// SPDX-License-Identifier: Apache-2.0
/*
 * Sockets, packets and socket addresses. A value is opened once on a way through the graph (templates/bpf/arg_sock.h,
 * arg_skb.h, arg_sockaddr.h); each facet that a test asks for is then read by a function of its own, when it is asked.
 * A facet may be absent: a number is two locals, vN and vN_there, and an address of no bytes is none.
 */
#include "backend/emit.h"

#include <string.h>

#define FACET(f) (1U << IR_FACET_##f)

struct socket_code {
	const char *type;   /* the policy's word */
	const char *name;   /* of functions and struct: tpc_sock_dport(), struct tpc_sock */
	const char *points; /* the struct that the kernel's argument points to */
	const char *abi;    /* the manifest's word */
	const char *header, *room;
	uint32_t whole; /* facets that ask for all that opening can read; 0: it is opened in one way only */
};

static const struct socket_code codes[] = {
	{ "sock", "sock", "sock", "sock", "arg_sock.h", "TPC_SOCK_ROOM",
	  FACET(FAMILY) | FACET(SADDR) | FACET(DADDR) },
	{ "socket", "sock", "socket", "sock", "arg_sock.h", "TPC_SOCK_ROOM",
	  FACET(FAMILY) | FACET(SADDR) | FACET(DADDR) },
	{ "skb", "skb", "sk_buff", "skb", "arg_skb.h", "TPC_SKB_ROOM", 0 },
	{ "sockaddr", "sockaddr", "sockaddr", "sockaddr", "arg_sockaddr.h", "TPC_SOCKADDR_ROOM",
	  FACET(SADDR) | FACET(SPORT) },
	{ "sockaddr_un", "unix", "sockaddr", "sockaddr_un", "arg_sockaddr.h", "TPC_SOCKADDR_UN_ROOM", 0 },
};

static const char *const facet_names[IR_FACET_MAX] = {
	[IR_FACET_SADDR] = "saddr", [IR_FACET_DADDR] = "daddr",	  [IR_FACET_SPORT] = "sport",
	[IR_FACET_DPORT] = "dport", [IR_FACET_FAMILY] = "family", [IR_FACET_PROTOCOL] = "protocol",
	[IR_FACET_STATE] = "state",
};

static const struct socket_code *code_of(const struct ir_value *v)
{
	for (size_t i = 0; v->type_name && i < sizeof(codes) / sizeof(codes[0]); i++)
		if (!strcmp(codes[i].type, v->type_name))
			return &codes[i];
	return NULL;
}

static bool is_type(const struct ir_value *v, const char *type)
{
	const struct socket_code *s = code_of(v);

	return s && !strcmp(s->type, type);
}

const char *socket_header(const struct ir_value *v)
{
	return code_of(v) ? code_of(v)->header : NULL;
}

const char *socket_abi(const struct ir_value *v)
{
	return code_of(v) ? code_of(v)->abi : NULL;
}

const char *socket_room(const struct ir_value *v)
{
	return code_of(v) ? code_of(v)->room : NULL;
}

/* An LSM hook's address has been copied; who else is handed one may have it from user space. */
const char *socket_struct(const struct ir_program *p, const struct ir_value *v)
{
	const struct socket_code *s = code_of(v);

	return s && (strcmp(s->points, "sockaddr") || p->kind == IR_LSM) ? s->points : NULL;
}

bool emit_is_unix(const struct ir_value *v)
{
	return is_type(v, "sockaddr_un");
}

bool emit_is_address(const struct ir_value *v)
{
	return is_type(v, "sockaddr");
}

const char *emit_facet_name(enum ir_facet f)
{
	return f < IR_FACET_MAX ? facet_names[f] : NULL;
}

bool emit_is_facet(const struct ir_value *v)
{
	return v->source == IR_FROM_VALUE && emit_facet_name(v->facet);
}

/* The path is read for itself, so that its family is too. */
int emit_opened(const struct ir_program *p, const struct ir_value *v)
{
	return emit_is_facet(v) && p->values.items[v->base].type == IR_SOCKET ? v->base : -1;
}

static bool asks_whole(const struct ir_program *p, unsigned vi, const struct socket_code *s)
{
	for (uint32_t i = 0; i < p->preds.len; i++) {
		const struct ir_value *v = &p->values.items[p->preds.items[i].value];

		if (emit_pred_used(p, i) && emit_opened(p, v) == (int)vi && s->whole & 1U << v->facet)
			return true;
	}
	return false;
}

/* Whether the verifier knows what its pointer points to. */
static const char *direct_word(const struct ir_program *p, const struct ir_value *v)
{
	return socket_struct(p, v) ? emit_direct_word(p, v) : "false";
}

/* Functions that are handed the length of the address behind it: include/linux/lsm_hook_defs.h, net/unix/af_unix.c. */
int backend_address_length(const struct ir_program *p, const struct ir_value *v)
{
	static const struct {
		enum ir_hook_kind kind;
		const char *name;
	} rows[] = {
		{ IR_LSM, "socket_connect" },
		{ IR_LSM, "socket_bind" },
		{ IR_KPROBE, "security_socket_connect" },
		{ IR_KPROBE, "security_socket_bind" },
		{ IR_KPROBE, "unix_stream_connect" },
		{ IR_KPROBE, "unix_dgram_connect" },
		{ IR_KPROBE, "unix_bind" },
	};

	if (!emit_is_unix(v) || v->source != IR_FROM_ARG || v->index != 1 || v->resolve)
		return -1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (p->kind == rows[i].kind && !strcmp(p->target, rows[i].name))
			return v->index + 1;
	return -1;
}

static const char *length_of(struct emit *e, const struct ir_program *p, const struct ir_value *v,
			     enum emit_place place)
{
	int a = backend_address_length(p, v);

	return a < 0 ? "TPC_UNIX_SIZE" :
		       tpc_sprintf(e->c->arena, "(__s32)%sa%d", place == IN_BODY ? "" : "in->", a);
}

/* ---- locals ---- */

void emit_facet_local(struct emit *e, const struct ir_value *v, unsigned vi)
{
	if (v->type == IR_ADDR)
		emit_f(e, "\tstruct tpc_addr v%u;\n", vi);
	else
		emit_f(e, "\t__u64 v%u __unused = 0;\n\tbool v%u_there __unused;\n", vi, vi);
}

void emit_socket_local(struct emit *e, const struct ir_value *v, unsigned vi)
{
	emit_f(e, "\tstruct tpc_%s v%u;\n", code_of(v)->name, vi);
}

/* ---- reads ---- */

/* The pointer, of a socket that of its struct sock. */
static void emit_pointer(struct emit *e, const struct ir_program *p, unsigned vi, enum emit_place place)
{
	const struct ir_value *v = &p->values.items[vi];
	bool socket = is_type(v, "socket"), number = !strcmp(code_of(v)->points, "sockaddr");

	if (socket)
		emit_f(e, "tpc_socket_sk(%s, ", place == IN_BODY ? direct_word(p, v) : "false");
	if (!number)
		emit_f(e, "(struct %s *)(", code_of(v)->points);
	emit_value_raw(e, p, vi, place);
	emit_f(e, "%s%s", number ? "" : ")", socket ? ")" : "");
}

void emit_socket_open(struct emit *e, const struct ir_program *p, unsigned vi)
{
	const struct ir_value *v = &p->values.items[vi];
	const struct socket_code *s = code_of(v);

	emit_f(e, "\ttpc_%s_open(&v%u, %s, ", s->name, vi, direct_word(p, v));
	emit_pointer(e, p, vi, IN_BODY);
	if (s->whole)
		emit_f(e, ", %s", asks_whole(p, vi, s) ? "true" : "false");
	emit_f(e, ");\n");
}

void emit_socket_facet_fetch(struct emit *e, const struct ir_program *p, unsigned vi)
{
	const struct ir_value *v = &p->values.items[vi], *base = &p->values.items[v->base];

	emit_f(e, "\t");
	if (v->type == IR_INT)
		emit_f(e, "v%u_there = ", vi);
	emit_f(e, "tpc_%s_%s(", code_of(base)->name, facet_names[v->facet]);
	if (base->type == IR_SOCKET) {
		emit_f(e, "&v%u, %s", v->base, direct_word(p, base));
	} else {
		emit_f(e, "%s, ", direct_word(p, base));
		emit_pointer(e, p, v->base, IN_BODY);
	}
	emit_f(e, ", &v%u);\n", vi);
}

void emit_unix_read(struct emit *e, const struct ir_program *p, unsigned vi, const char *dst,
		    const char *size)
{
	emit_f(e, "tpc_read_unix(%s, %s, %s, ", dst, size, direct_word(p, &p->values.items[vi]));
	emit_pointer(e, p, vi, IN_BODY);
	emit_f(e, ", %s)", length_of(e, p, &p->values.items[vi], IN_BODY));
}

void emit_put_socket(struct emit *e, const struct ir_program *p, unsigned vi)
{
	const struct ir_value *v = &p->values.items[vi];

	emit_f(e, "\ttpc_put_%s(s, ", code_of(v)->name);
	emit_pointer(e, p, vi, IN_EVENT);
	if (emit_is_unix(v)) {
		emit_f(e, ", %s", length_of(e, p, v, IN_EVENT));
		emit_seen(e, p, vi);
		return;
	}
	if (emit_is_address(v))
		emit_f(e, ", &in->v%u", vi);
	emit_f(e, ");\n");
}
