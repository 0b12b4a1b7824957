// SPDX-License-Identifier: Apache-2.0
/*
 * Values that have parts: sockets and files. A part that is null is one that the value has not. What is neither IPv4 nor
 * IPv6 has no addresses, and its ports are 0.
 */
#include <sys/socket.h>

#include "frontend/scalar.h"
#include "ptest/ptest_impl.h"

struct part {
	const char *name;
	enum ir_facet facet;
	const struct tpc_value *value;
	enum { PORT, ADDRESS, NAME } kind;
	enum kernel_names set;
	uint64_t max;
};

static bool is_null_entry(const struct tpc_node *map, const char *name)
{
	const struct tpc_node *n = pt_entry(map, name);

	return n && n->kind == TPC_NODE_SCALAR && tpc_node_is_null(n);
}

static bool read_address(struct tpc_ctx *c, const struct tpc_value *w, struct pt_datum *ret)
{
	ret->known = pt_parse_address(c->arena, w->s, w->len, &ret->in);
	if (!ret->known)
		pt_hint(c,
			pt_error(c, w->at, TPC_E_CASE_VALUE, "'%s' is no address",
				 pt_shown(c->arena, w->s, w->len)),
			"10.0.0.1 or fd00::1");
	return ret->known;
}

static bool read_port(struct tpc_ctx *c, const struct tpc_value *w, struct pt_datum *ret)
{
	const struct ir_value port = { .type = IR_INT, .size = 2 };
	uint64_t num = 0;

	if (!pt_number_bits(&port, w->s, w->len, &num)) {
		pt_error(c, w->at, TPC_E_CASE_VALUE, "'%s' is no port", pt_shown(c->arena, w->s, w->len));
		return false;
	}
	*ret = PT_NUMBER(num);
	return true;
}

static bool read_part(struct tpc_ctx *c, const struct part *p, struct pt_datum *ret)
{
	switch (p->kind) {
	case PORT:
		return read_port(c, p->value, ret);
	case ADDRESS:
		return read_address(c, p->value, ret);
	default:
		return pt_name_or_number(c, p->set, p->value, p->max, ret);
	}
}

static struct pt_datum nothing(const struct part *p)
{
	return p->kind == PORT ? PT_NUMBER(0) : PT_ABSENT;
}

static bool is_inet(const struct pt_datum *family)
{
	return family->in.num == AF_INET || family->in.num == AF_INET6;
}

bool pt_yaml_socket(struct tpc_ctx *c, const struct tpc_node *n, struct pt_arg *ret)
{
	uint32_t errors = c->diags.nerrors;
	struct pt_socket s = { 0 };
	const struct part parts[] = {
		{ "saddr", IR_FACET_SADDR, &s.saddr, ADDRESS, 0, 0 },
		{ "daddr", IR_FACET_DADDR, &s.daddr, ADDRESS, 0, 0 },
		{ "sport", IR_FACET_SPORT, &s.sport, PORT, 0, 0 },
		{ "dport", IR_FACET_DPORT, &s.dport, PORT, 0, 0 },
		{ "family", IR_FACET_FAMILY, &s.family, NAME, KERNEL_FAMILIES, UINT16_MAX },
		{ "protocol", IR_FACET_PROTOCOL, &s.protocol, NAME, KERNEL_PROTOCOLS, UINT16_MAX },
		{ "state", IR_FACET_STATE, &s.state, NAME, KERNEL_TCP_STATES, UINT8_MAX },
	};
	const struct pt_datum *family = &ret->facets[IR_FACET_FAMILY];
	bool ok = true;

	decode_document(c, &pt_schema_socket, n, &s);
	ret->main.known = true;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct pt_datum *to = &ret->facets[parts[i].facet];

		if (parts[i].value->set)
			ok &= read_part(c, &parts[i], to);
		else if (is_null_entry(n, parts[i].name))
			*to = nothing(&parts[i]);
	}
	for (size_t i = 0; family->known && !is_inet(family) && parts[i].kind != NAME; i++)
		if (!ret->facets[parts[i].facet].known)
			ret->facets[parts[i].facet] = nothing(&parts[i]);
	return ok && errors == c->diags.nerrors;
}

/* Without a path it has no type either, unless one is written. */
bool pt_yaml_file(struct tpc_ctx *c, const struct tpc_node *n, struct pt_arg *ret)
{
	uint32_t errors = c->diags.nerrors, type = 0;
	const char *near = NULL;
	struct pt_file f = { 0 };
	struct tpc_diag *d;

	decode_document(c, &pt_schema_file_value, n, &f);
	if (f.path.set)
		ret->main = PT_TEXT(f.path.s, f.path.len);
	else if (is_null_entry(n, "path"))
		ret->main = ret->facets[IR_FACET_FILE_TYPE] = PT_ABSENT;
	if (!f.type.set)
		return errors == c->diags.nerrors;
	if (kernel_name_value(KERNEL_FILE_TYPES, f.type.s, f.type.len, &type, &near)) {
		ret->facets[IR_FACET_FILE_TYPE] = PT_NUMBER(type);
		return errors == c->diags.nerrors;
	}
	d = pt_error(c, f.type.at, TPC_E_CASE_VALUE, "unknown file type '%s'",
		     pt_shown(c->arena, f.type.s, f.type.len));
	if (near)
		pt_hint(c, d, "did you mean '%s'?", near);
	return false;
}
