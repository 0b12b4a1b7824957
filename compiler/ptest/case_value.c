// SPDX-License-Identifier: Apache-2.0
/* A value of a case as an argument of the type that the policy reads: numbers and names, texts, paths, sockets. */
#include <arpa/inet.h>
#include <string.h>

#include "base/number.h"
#include "frontend/scalar.h"
#include "kernel/syscalls.h"
#include "ptest/ptest_impl.h"

#define I386_BIT 0x80000000U /* of syscall64: as raw_syscalls of Tetragon marks 32-bit calls */

static bool is_null(const struct tpc_node *n)
{
	return n->kind == TPC_NODE_SCALAR && tpc_node_is_null(n);
}

static bool wants(struct tpc_ctx *c, const struct tpc_node *n, const struct ir_value *v, const char *what)
{
	pt_error(c, n->at, TPC_E_CASE_VALUE, "a value of type '%s' is %s, not %s", v->type_name, what,
		 decode_describe(c->arena, n));
	return false;
}

/* ---- numbers ---- */
bool pt_number_bits(const struct ir_value *v, const char *s, uint32_t len, uint64_t *ret)
{
	unsigned bits = v->size ? v->size * 8U : 64;
	int64_t num = 0;

	if (!v->is_signed)
		return tpc_parse_uint(s, len, 0, bits, ret) == TPC_NUMBER_OK;
	if (tpc_parse_int(s, len, 0, bits, &num) != TPC_NUMBER_OK)
		return false;
	*ret = (uint64_t)num;
	return true;
}

/* The CRD's words for them. */
bool pt_is_caps(const struct ir_value *v)
{
	static const char *const words[] = { "kernel_cap_t", "cap_inheritable", "cap_permitted",
					     "cap_effective" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (v->type_name && !strcmp(v->type_name, words[i]))
			return true;
	return false;
}

static bool read_caps(struct tpc_ctx *c, const struct tpc_node *n, struct pt_datum *ret)
{
	uint64_t mask = 0;
	bool ok = true;

	for (uint32_t i = 0; i < n->items.len; i++) {
		const struct tpc_node *item = n->items.items[i];

		ok &= item->kind == TPC_NODE_SCALAR && pt_add_cap(c, item->s, item->len, item->at, &mask);
		if (item->kind == TPC_NODE_LIST || item->kind == TPC_NODE_MAP)
			pt_error(c, item->at, TPC_E_CASE_VALUE, "a capability is a name, not %s",
				 decode_describe(c->arena, item));
	}
	*ret = PT_NUMBER(mask);
	return ok;
}

/* "openat", "sys_openat", "i386/sys_dup": the number of a system call. */
static bool syscall_number(const char *s, uint32_t len, uint64_t *ret)
{
	const char *slash = memchr(s, '/', len);
	uint32_t abi_len = slash ? (uint32_t)(slash - s) : 0;
	enum kernel_abi abi = slash ? kernel_abi_find(s, abi_len) : KERNEL_X64;
	const struct kernel_syscall *call;

	if (abi == KERNEL_ABI_MAX)
		return false;
	if (slash) {
		s += abi_len + 1;
		len -= abi_len + 1;
	}
	if (len > 4 && !memcmp(s, "sys_", 4)) {
		s += 4;
		len -= 4;
	}
	call = kernel_syscall_find(abi, s, len, NULL);
	if (!call)
		return false;
	*ret = call->nr | (abi == KERNEL_I386 || abi == KERNEL_ARM32 ? I386_BIT : 0);
	return true;
}

static bool is_type(const struct ir_value *v, const char *word)
{
	return v->type_name && !strcmp(v->type_name, word);
}

static bool read_name(const struct ir_value *v, const struct tpc_node *n, uint64_t *ret)
{
	struct tpc_scalar s = tpc_scalar_resolve(n);
	uint32_t cap;

	if (s.kind == TPC_SCALAR_BOOL) {
		*ret = s.b;
		return true;
	}
	if (is_type(v, "syscall64"))
		return syscall_number(n->s, n->len, ret);
	if (!is_type(v, "capability") || !kernel_name_value(KERNEL_CAPS, n->s, n->len, &cap, NULL))
		return false;
	*ret = cap;
	return true;
}

static bool read_number(struct tpc_ctx *c, const struct ir_value *v, const struct tpc_node *n,
			struct pt_datum *ret)
{
	uint64_t num = 0;

	if (n->kind == TPC_NODE_LIST && pt_is_caps(v))
		return read_caps(c, n, ret);
	if (n->kind != TPC_NODE_SCALAR)
		return wants(c, n, v, pt_is_caps(v) ? "a list of capabilities" : "a number");
	if (!pt_number_bits(v, n->s, n->len, &num) && !read_name(v, n, &num)) {
		pt_error(c, n->at, TPC_E_CASE_VALUE, "'%s' is no '%s'", pt_shown(c->arena, n->s, n->len),
			 v->type_name);
		return false;
	}
	*ret = PT_NUMBER(num);
	return true;
}

/* ---- texts ---- */
static bool read_text(struct tpc_ctx *c, const struct ir_value *v, const struct tpc_node *n,
		      struct pt_datum *ret)
{
	if (n->kind != TPC_NODE_SCALAR)
		return wants(c, n, v, "a text");
	*ret = PT_TEXT(n->s, n->len);
	/* A string ends at its NUL, bytes do not. */
	if (v->type == IR_STRING && memchr(n->s, 0, n->len))
		ret->in.len = (uint32_t)strlen(n->s);
	return true;
}

bool pt_parse_address(struct tpc_arena *a, const char *s, uint32_t len, struct ir_input_value *ret)
{
	char text[INET6_ADDRSTRLEN];
	char *bytes;

	if (!len || len >= sizeof(text) || memchr(s, 0, len))
		return false;
	memcpy(text, s, len);
	text[len] = 0;
	bytes = tpc_new_array(a, char, 16);
	if (inet_pton(AF_INET, text, bytes) == 1)
		*ret = (struct ir_input_value){ .bytes = bytes, .len = 4 };
	else if (inet_pton(AF_INET6, text, bytes) == 1)
		*ret = (struct ir_input_value){ .bytes = bytes, .len = 16 };
	else
		return false;
	return true;
}

bool pt_name_or_number(struct tpc_ctx *c, enum kernel_names set, const struct tpc_value *w, uint64_t max,
		       struct pt_datum *ret)
{
	const char *near = NULL;
	struct tpc_diag *d;
	uint32_t value = 0;
	uint64_t num = 0;

	if (tpc_parse_uint(w->s, w->len, 0, 64, &num) == TPC_NUMBER_OK && num <= max) {
		*ret = PT_NUMBER(num);
		return true;
	}
	if (kernel_name_value(set, w->s, w->len, &value, &near)) {
		*ret = PT_NUMBER(value);
		return true;
	}
	d = pt_error(c, w->at, TPC_E_CASE_VALUE, "unknown %s '%s'", kernel_names_noun(set),
		     pt_shown(c->arena, w->s, w->len));
	if (near)
		pt_hint(c, d, "did you mean '%s'?", near);
	return false;
}

/* Registers hold something in any case. */
static bool may_be_absent(const struct ir_value *v)
{
	return v->type != IR_INT || v->source != IR_FROM_ARG || v->resolve || v->in_memory;
}

static bool read_null(struct tpc_ctx *c, const struct ir_value *v, const struct tpc_node *n,
		      struct pt_arg *ret)
{
	if (!may_be_absent(v)) {
		pt_error(c, n->at, TPC_E_CASE_VALUE,
			 "an argument of type '%s' is in a register: it cannot be absent", v->type_name);
		return false;
	}
	ret->main = PT_ABSENT;
	for (int i = 0; i < IR_FACET_MAX; i++)
		ret->facets[i] = PT_ABSENT;
	return true;
}

bool pt_yaml_arg(struct tpc_ctx *c, const struct ir_value *v, const struct tpc_node *n, struct pt_arg *ret)
{
	*ret = (struct pt_arg){ 0 };
	if (n->kind == TPC_NODE_BAD)
		return false;
	if (is_null(n))
		return read_null(c, v, n, ret);
	switch (v->type) {
	case IR_INT:
		return read_number(c, v, n, &ret->main);
	case IR_STRING:
	case IR_BYTES:
		return read_text(c, v, n, &ret->main);
	case IR_PATH:
		if (n->kind == TPC_NODE_MAP)
			return pt_yaml_file(c, n, ret);
		return read_text(c, v, n, &ret->main);
	case IR_SOCKET:
		if (n->kind == TPC_NODE_MAP)
			return pt_yaml_socket(c, n, ret);
		return wants(c, n, v, "a mapping such as {family: AF_INET, saddr: 10.0.0.1}");
	default:
		return true; /* nothing can be asked of it */
	}
}
