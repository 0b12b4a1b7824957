// SPDX-License-Identifier: Apache-2.0
/*
 * Which values of the program a case speaks of: arguments by their index, label or resolve, data by position, label,
 * resolve or register. One argument may be several values, where policies read it as different types.
 */
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "frontend/scalar.h"
#include "ptest/ptest_impl.h"

#define LISTED_MAX 12 /* arguments in a hint */

struct naming {
	struct tpc_ctx *c;
	const struct ir_program *p;
	bool data;
	bool *named; /* one a value: what the key stands for */
	uint32_t n;
};

static bool is_key(const struct tpc_node *key, const char *name)
{
	return name && strlen(name) == key->len && !memcmp(name, key->s, key->len);
}

static void add(struct naming *k, uint32_t value)
{
	k->n += !k->named[value];
	k->named[value] = true;
}

static bool has_index(const struct ir_value *v, uint64_t index)
{
	return (v->source == IR_FROM_ARG || v->source == IR_FROM_FIELD) && v->index == index;
}

/* The argument itself; where the policy only follows it somewhere, and to one place, that place. */
static void name_index(struct naming *k, uint64_t index)
{
	const struct ir_resolve *only = NULL;
	bool several = false;

	for (uint32_t i = 0; i < k->p->values.len; i++) {
		const struct ir_value *v = &k->p->values.items[i];

		if (!has_index(v, index))
			continue;
		if (!v->resolve)
			add(k, i);
		else if (only && strcmp(only->text, v->resolve->text))
			several = true;
		else
			only = v->resolve;
	}
	for (uint32_t i = 0; !k->n && only && !several && i < k->p->values.len; i++)
		if (has_index(&k->p->values.items[i], index))
			add(k, i);
}

static void name_position(struct naming *k, uint64_t position)
{
	const struct ir_chain *ch;

	tpc_vec_foreach (ch, &k->p->chains) {
		uint64_t n = 0;

		for (uint32_t i = 0; i < ch->args.len; i++)
			if (ch->args.items[i].data && n++ == position)
				add(k, ch->args.items[i].value);
	}
}

static void name_word(struct naming *k, const struct tpc_node *key)
{
	const struct ir_chain *ch;
	const struct ir_arg *a;

	tpc_vec_foreach (ch, &k->p->chains)
		tpc_vec_foreach (a, &ch->args)
			if (a->data == k->data && is_key(key, a->label))
				add(k, a->value);
	for (uint32_t i = 0; i < k->p->values.len; i++) {
		const struct ir_value *v = &k->p->values.items[i];

		if ((v->resolve && is_key(key, v->resolve->text)) || is_key(key, v->reg))
			add(k, i);
	}
}

static void say_unknown(struct naming *k, const struct tpc_node *key)
{
	const char *list = k->data ? "data" : "args";
	struct tpc_buf all = TPC_BUF(k->c->arena);
	struct tpc_diag *d;
	uint32_t n = 0;

	d = pt_error(k->c, key->at, TPC_E_CASE, "no policy looks at '%s' in '%s' of '%s'",
		     pt_shown(k->c->arena, key->s, key->len), list, k->p->target);
	for (uint32_t i = 0; i < k->p->values.len && n < LISTED_MAX; i++) {
		const struct ir_value *v = &k->p->values.items[i];

		if (pt_is_arg(v) && v->source != IR_FROM_RETURN)
			tpc_buf_printf(&all, "%s%s", n++ ? ", " : "",
				       pt_describe_value(k->c->arena, k->p, i));
	}
	if (n)
		pt_hint(k->c, d, "there is %s", tpc_buf_text(&all));
	else
		pt_hint(k->c, d, "none is looked at");
}

static bool set_named(struct naming *k, const struct tpc_node *value, struct pt_arg *args)
{
	bool ok = true;

	for (uint32_t i = 0; i < k->p->values.len; i++)
		if (k->named[i])
			ok &= pt_yaml_arg(k->c, &k->p->values.items[i], value, &args[i]);
	return ok;
}

static void forget_named(struct naming *k)
{
	memset(k->named, 0, k->p->values.len);
	k->n = 0;
}

/* What a default gives to hooks that have no such argument is passed over. */
static bool set_entry(struct naming *k, const struct pt_case *pc, const struct tpc_entry *e,
		      struct pt_arg *args)
{
	uint64_t nr;

	forget_named(k);
	name_word(k, e->key);
	if (!k->n && tpc_parse_uint(e->key->s, e->key->len, 10, 32, &nr) == TPC_NUMBER_OK) {
		if (k->data)
			name_position(k, nr);
		else
			name_index(k, nr);
	}
	if (k->n)
		return set_named(k, e->value, args);
	if (pc->defaults && pt_inside(e->key->at, pc->defaults->at))
		return true;
	say_unknown(k, e->key);
	return false;
}

/* A list gives arguments 0, 1, … */
static bool set_item(struct naming *k, uint32_t i, const struct tpc_node *item, struct pt_arg *args)
{
	forget_named(k);
	if (k->data)
		name_position(k, i);
	else
		name_index(k, i);
	return !k->n || set_named(k, item, args);
}

static bool set_all(struct naming *k, const struct pt_case *pc, const struct tpc_node *n, struct pt_arg *args)
{
	const struct tpc_entry *e;
	bool ok = true;

	if (!n || (n->kind == TPC_NODE_SCALAR && tpc_node_is_null(n)))
		return true;
	if (n->kind == TPC_NODE_LIST) {
		for (uint32_t i = 0; i < n->items.len; i++)
			ok &= set_item(k, i, n->items.items[i], args);
		return ok;
	}
	if (n->kind != TPC_NODE_MAP) {
		pt_hint(k->c,
			pt_error(k->c, n->at, TPC_E_WRONG_TYPE, "'%s' must be a mapping or a list, not %s",
				 k->data ? "data" : "args", decode_describe(k->c->arena, n)),
			"{0: …, LABEL: …}");
		return false;
	}
	tpc_vec_foreach (e, &n->entries)
		ok &= set_entry(k, pc, e, args);
	return ok;
}

static bool set_return(struct naming *k, const struct pt_case *pc, struct pt_arg *args)
{
	bool own = pt_entry(pc->own, "return") != NULL;
	struct tpc_diag *d;

	if (!pc->ret)
		return true;
	forget_named(k);
	for (uint32_t i = 0; i < k->p->values.len; i++)
		if (k->p->values.items[i].source == IR_FROM_RETURN)
			add(k, i);
	if (k->n || !own)
		return set_named(k, pc->ret, args);
	d = pt_error(k->c, pc->ret->at, TPC_E_CASE, "no policy looks at what '%s' returns", k->p->target);
	pt_hint(k->c, d, "remove it, or add 'return: true' and a 'returnArg' to the hook");
	return false;
}

bool pt_case_args(struct tpc_ctx *c, const struct pt_case *pc, const struct ir_program *p,
		  struct pt_arg *args)
{
	struct naming k = { .c = c, .p = p };
	bool ok;

	k.named = tpc_new_array(c->arena, bool, p->values.len);
	ok = set_all(&k, pc, pc->args, args);
	k.data = true;
	ok &= set_all(&k, pc, pc->data, args);
	return set_return(&k, pc, args) && ok;
}
