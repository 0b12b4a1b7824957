// SPDX-License-Identifier: Apache-2.0
/* The manifest (docs/manifest.md): what the loader and a reviewer need to know of an object. */
#include "backend/manifest_impl.h"

#include <arpa/inet.h>
#include <string.h>
#include <tpc/abi.h>

#include "base/digest.h"

#ifndef TPC_VERSION
#error "meson defines TPC_VERSION"
#endif

void manifest_str(json_t *o, const char *key, const char *s)
{
	/* A name that is not UTF-8 would be refused: the front end lets none through. */
	if (s)
		json_object_set_new(o, key, json_string(s));
}

static void set_int(json_t *o, const char *key, long long v)
{
	json_object_set_new(o, key, json_integer(v));
}

static void set_line(struct tpc_ctx *c, json_t *o, struct tpc_span at)
{
	if (at.file)
		set_int(o, "line", tpc_source_line(&c->sources, at));
}

/* What only test runs include is no part of any object. */
static bool is_shipped(const struct backend_header *h)
{
	return strncmp(h->name, "tpc/case", strlen("tpc/case")) != 0;
}

static const char *templates_digest(struct tpc_ctx *c)
{
	struct tpc_buf all = TPC_BUF(c->arena);

	for (const struct backend_header *h = backend_headers; h->name; h++) {
		if (!is_shipped(h))
			continue;
		tpc_buf_add(&all, h->name, strlen(h->name) + 1);
		tpc_buf_add(&all, h->text, h->len);
	}
	return tpc_digest(c->arena, all.data, all.len);
}

static json_t *policy_json(struct tpc_ctx *c, const struct ir_policy *p)
{
	json_t *o = json_object();

	manifest_str(o, "name", p->name);
	manifest_str(o, "kind", p->kind);
	manifest_str(o, "mode", p->monitor ? "monitor" : "enforce");
	manifest_str(o, "file", p->file);
	set_line(c, o, p->at);
	manifest_str(o, "digest", p->digest);
	return o;
}

static const char *abi_name(const struct ir_value *v)
{
	if (socket_abi(v))
		return socket_abi(v);
	switch (v->type) {
	case IR_INT:
		return v->is_signed ? "s64" : "u64";
	case IR_STRING:
	case IR_BYTES:
		return "bytes";
	case IR_PATH:
		return "path";
	case IR_SHOWN:
		return emit_shown(v)->abi;
	case IR_NOP:
	default: /* supported.c lets nothing else through */
		break;
	}
	return "none";
}

/* The way from the argument to what is meant. */
static void set_way(json_t *o, const struct ir_value *v)
{
	if (!v->resolve)
		return;
	manifest_str(o, "resolve", v->resolve->text);
	manifest_str(o, "btfType", v->resolve->from);
}

static json_t *args_json(const struct ir_program *p, const struct ir_chain *ch)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < ch->args.len; i++) {
		const struct ir_value *v = &p->values.items[ch->args.items[i].value];
		json_t *o = json_object();

		set_int(o, "index", v->index);
		if (v->source == IR_FROM_TASK)
			manifest_str(o, "source", "current_task");
		if (ch->args.items[i].data)
			json_object_set_new(o, "data", json_true());
		manifest_str(o, "type", v->type_name);
		set_way(o, v);
		manifest_str(o, "label", ch->args.items[i].label);
		manifest_str(o, "abi", abi_name(v));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *actions_json(const struct ir_rule *r)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < r->actions.len; i++) {
		json_t *o = json_object();

		manifest_str(o, "action", ir_action_name(r->actions.items[i].kind));
		if (r->actions.items[i].kind == IR_SIGNAL)
			set_int(o, "signal", r->actions.items[i].arg);
		if (r->actions.items[i].kind == IR_OVERRIDE)
			set_int(o, "error", r->actions.items[i].arg);
		json_array_append_new(list, o);
	}
	return list;
}

static const char *const pred_names[IR_PRED_MAX] = {
	[IR_PRED_RANGES] = "Range",	   [IR_PRED_MASK] = "Mask",
	[IR_PRED_EQUAL] = "Equal",	   [IR_PRED_PREFIX] = "Prefix",
	[IR_PRED_POSTFIX] = "Postfix",	   [IR_PRED_PRESENT] = "Present",
	[IR_PRED_SUBSTRING] = "SubString", [IR_PRED_SUBSTRING_CASE] = "SubStringIgnCase",
	[IR_PRED_NAMESPACE] = "Range",	   [IR_PRED_NETS] = "Net",
};

static json_t *text_values(const struct ir_text *texts, uint32_t n)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(texts[i].s));
	return list;
}

/* A range as policies write it: "7", "3:9". */
static json_t *range_json(struct tpc_ctx *c, const struct ir_range *r, bool is_signed)
{
	const char *lo = tpc_sprintf(c->arena, is_signed ? "%lld" : "%llu", (long long)r->lo);
	const char *hi = tpc_sprintf(c->arena, is_signed ? "%lld" : "%llu", (long long)r->hi);

	return json_string(r->lo == r->hi ? lo : tpc_sprintf(c->arena, "%s:%s", lo, hi));
}

static json_t *net_json(struct tpc_ctx *c, const struct ir_net *n)
{
	char text[INET6_ADDRSTRLEN];

	if (!inet_ntop(n->len == 4 ? AF_INET : AF_INET6, n->addr, text, sizeof(text)))
		return json_null();
	return json_string(tpc_sprintf(c->arena, "%s/%u", text, n->prefix));
}

static json_t *values_json(struct tpc_ctx *c, const struct ir_pred *q, const struct ir_value *v)
{
	json_t *list = manifest_names(c, q, v);

	if (list)
		return list;
	if (q->kind != IR_PRED_RANGES && q->kind != IR_PRED_MASK && q->kind != IR_PRED_NETS)
		return text_values(q->texts.items, q->texts.len);
	list = json_array();
	for (uint32_t i = 0; q->kind == IR_PRED_RANGES && i < q->ranges.len; i++)
		json_array_append_new(list, range_json(c, &q->ranges.items[i], v->is_signed));
	for (uint32_t i = 0; i < q->nets.len; i++)
		json_array_append_new(list, net_json(c, &q->nets.items[i]));
	if (q->kind == IR_PRED_MASK)
		json_array_append_new(
			list, json_string(tpc_sprintf(c->arena, "0x%llx", (unsigned long long)q->mask)));
	return list;
}

/* What is asked, after the optimizer: what the object really does. */
static json_t *filters_json(struct tpc_ctx *c, const struct ir_program *p, const struct ir_rule *r)
{
	static const char *const sources[IR_SOURCE_MAX] = { [IR_FROM_ARG] = "argument",
							    [IR_FROM_FIELD] = "field",
							    [IR_FROM_PID] = "pid",
							    [IR_FROM_BINARY] = "binary",
							    [IR_FROM_NS_PID] = "namespace pid",
							    [IR_FROM_NAMESPACE] = "namespace",
							    [IR_FROM_NS_CHANGES] = "namespace changes",
							    [IR_FROM_CAPS] = "capabilities",
							    [IR_FROM_CAP_CHANGES] = "capability changes",
							    [IR_FROM_TASK] = "task",
							    [IR_FROM_VALUE] = "argument" };
	json_t *list = json_array();

	for (uint32_t i = 0; i < r->terms.len; i++) {
		const struct ir_pred *q = &p->preds.items[r->terms.items[i].pred];
		const struct ir_value *asked = &p->values.items[q->value];
		const struct ir_value *v = emit_is_facet(asked) ? &p->values.items[asked->base] : asked;
		json_t *o = json_object();

		manifest_str(o, "value", sources[v->source]);
		if (v->source == IR_FROM_ARG || v->source == IR_FROM_FIELD) {
			set_int(o, "index", v->index);
			manifest_str(o, "type", v->type_name);
			set_way(o, v);
		}
		if (v->source == IR_FROM_TASK) {
			manifest_str(o, "type", v->type_name);
			set_way(o, v);
		}
		if (emit_is_facet(asked))
			manifest_str(o, "facet", emit_facet_name(asked->facet));
		else
			manifest_subject(o, p, v);
		manifest_str(o, "test", pred_names[q->kind]);
		if (r->terms.items[i].negated)
			json_object_set_new(o, "negated", json_true());
		json_object_set_new(o, "values", values_json(c, q, asked));
		json_array_append_new(list, o);
	}
	return list;
}

static const struct ir_rule *rule_of(const struct ir_chain *ch, uint32_t selector)
{
	for (uint32_t i = 0; i < ch->rules.len; i++)
		if (ch->rules.items[i].selector == selector)
			return &ch->rules.items[i];
	return NULL;
}

static json_t *selectors_json(struct tpc_ctx *c, const struct ir_program *p, const struct ir_chain *ch)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < ch->nselectors; i++) {
		const struct ir_rule *r = rule_of(ch, i);
		json_t *o = json_object();

		if (i < ch->selector_at.len)
			set_line(c, o, ch->selector_at.items[i]);
		if (r) {
			json_object_set_new(o, "filters", filters_json(c, p, r));
			json_object_set_new(o, "actions", actions_json(r));
		} else {
			json_object_set_new(o, "dropped", json_true());
		}
		json_array_append_new(list, o);
	}
	return list;
}

static void set_target(json_t *o, const struct ir_program *p)
{
	manifest_str(o, "kind", ir_hook_kind_name(p->kind));
	switch (p->kind) {
	case IR_KPROBE:
		manifest_str(o, "function", p->target);
		json_object_set_new(o, "syscall", json_boolean(p->syscall));
		break;
	case IR_TRACEPOINT:
		manifest_str(o, "subsystem", p->subsystem);
		manifest_str(o, "event", p->target);
		break;
	case IR_LSM:
		manifest_str(o, "hook", p->target);
		break;
	default: /* supported.c lets nothing else through */
		break;
	}
}

static json_t *hook_json(struct tpc_ctx *c, const struct ir_program *p, const struct ir_chain *ch)
{
	json_t *o = json_object(), *tags;

	set_int(o, "policy", ch->policy);
	set_target(o, p);
	set_line(c, o, ch->at);
	manifest_str(o, "message", ch->message);
	if (ch->tags.len) {
		tags = json_array();
		for (uint32_t i = 0; i < ch->tags.len; i++)
			json_array_append_new(tags, json_string(ch->tags.items[i]));
		json_object_set_new(o, "tags", tags);
	}
	json_object_set_new(o, "args", args_json(p, ch));
	json_object_set_new(o, "selectors", selectors_json(c, p, ch));
	return o;
}

/*
 * What a variant with typed arguments takes argument @index for; NULL: for nothing, as where only btfType says what it
 * points to.
 */
static json_t *param_json(const struct ir_program *p, unsigned index)
{
	const char *type = NULL;
	bool number = false;
	json_t *o;

	for (uint32_t i = 0; i < p->values.len && !type; i++) {
		const struct ir_value *v = &p->values.items[i];

		if (v->source != IR_FROM_ARG || v->type == IR_NOP || v->index != index)
			continue;
		type = value_struct(p, v);
		number |= !v->resolve && !socket_header(v);
	}
	if (!type && !number)
		return NULL;
	o = json_object();
	set_int(o, "index", index);
	if (type)
		manifest_str(o, "struct", type);
	else
		json_object_set_new(o, "scalar", json_true());
	return o;
}

/* Parameters of the kernel's function that such a variant reads, by index. */
static json_t *params_json(const struct ir_program *p)
{
	json_t *list = json_array();

	for (unsigned index = 0; index < 12; index++) {
		json_t *o = param_json(p, index);

		if (o)
			json_array_append_new(list, o);
	}
	return list;
}

static json_t *variants_json(struct tpc_ctx *c, const struct ir_program *p, unsigned pi)
{
	struct variant variants[VARIANTS_MAX];
	unsigned n = backend_variants(c, p, pi, variants);
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++) {
		json_t *o = json_object();
		bool tp = variants[i].attach == ATTACH_TRACEPOINT;

		manifest_str(o, "program", variants[i].name);
		manifest_str(o, "attach", tp ? "tracepoint" : attach_name(variants[i].attach));
		manifest_str(o, "target", variants[i].target);
		if (variants[i].direct && !p->syscall)
			json_object_set_new(o, "params", params_json(p));
		if (variants[i].overrides)
			json_object_set_new(o, "overrides", json_true());
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *program_json(struct tpc_ctx *c, const struct ir_program *p, unsigned pi)
{
	json_t *o = json_object(), *hooks = json_array();

	for (uint32_t i = 0; i < p->chains.len; i++)
		json_array_append_new(hooks, json_integer(p->chains.items[i].hook));
	json_object_set_new(o, "hooks", hooks);
	set_target(o, p);
	set_line(c, o, p->at);
	json_object_set_new(o, "variants", variants_json(c, p, pi));
	return o;
}

static json_t *trackers_json(void)
{
	static const char *const rows[][2] = { { "tpc_on_exec", "sched_process_exec" },
					       { "tpc_on_fork", "sched_process_fork" },
					       { "tpc_on_exit", "sched_process_exit" } };
	json_t *list = json_array();

	for (unsigned i = 0; i < 3; i++) {
		json_t *o = json_object();

		manifest_str(o, "program", rows[i][0]);
		manifest_str(o, "attach", "tp_btf");
		manifest_str(o, "target", rows[i][1]);
		json_array_append_new(list, o);
	}
	return list;
}

static uint32_t hook_of_value(const struct ir_program *p, uint32_t value)
{
	for (uint32_t i = 0; i < p->chains.len; i++)
		for (uint32_t j = 0; j < p->chains.items[i].args.len; j++)
			if (p->chains.items[i].args.items[j].value == value)
				return p->chains.items[i].hook;
	return p->chains.len ? p->chains.items[0].hook : 0;
}

static json_t *fields_json(const struct ir_unit *u)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < u->programs.len; i++) {
		const struct ir_program *p = &u->programs.items[i];

		for (uint32_t j = 0; j < p->values.len; j++) {
			const struct ir_value *v = &p->values.items[j];
			struct field_place f;
			json_t *o;

			if (v->source != IR_FROM_FIELD || v->type == IR_NOP)
				continue;
			f = backend_field(u, p, j);
			o = json_object();
			set_int(o, "slot", f.known ? -1 : (int)f.slot);
			manifest_str(o, "subsystem", p->subsystem);
			manifest_str(o, "event", p->target);
			set_int(o, "index", v->index);
			/* A way begins at a pointer, as a socket does, which is a number as long as nobody follows it. */
			manifest_str(o, "type", v->resolve || socket_header(v) ? "uint64" : v->type_name);
			set_int(o, "hook", hook_of_value(p, j));
			if (f.known)
				json_object_set_new(o, "expect",
						    json_pack("{s:i, s:i}", "off", f.off, "size", f.size));
			json_array_append_new(list, o);
		}
	}
	return list;
}

static json_t *exec_tests_json(const struct ir_unit *u)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < u->exec_tests.len; i++) {
		const struct ir_exec_test *t = &u->exec_tests.items[i];
		json_t *o = json_object();

		manifest_str(o, "operator", pred_names[t->kind]);
		json_object_set_new(o, "values", text_values(t->texts.items, t->texts.len));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *needs_json(const struct ir_unit *u)
{
	json_t *list = json_array();

	json_array_append_new(list, json_string("ringbuf"));
	json_array_append_new(list, json_string("tp_btf"));
	if (u->exec_tests.len || emit_asks_changes(u))
		json_array_append_new(list, json_string("task_storage"));
	return list;
}

/* "key": value; lists of objects with one object a line, so that differences can be read. */
static void put_member(struct tpc_buf *out, const char *key, json_t *v, bool last)
{
	size_t i, n = json_is_array(v) && json_is_object(json_array_get(v, 0)) ? json_array_size(v) : 0;
	char *s;

	tpc_buf_printf(out, "\"%s\": %s", key, n ? "[\n" : "");
	for (i = 0; i < n; i++) {
		s = json_dumps(json_array_get(v, i), JSON_PRESERVE_ORDER);
		tpc_buf_printf(out, "  %s%s\n", s ? s : "null", i + 1 < n ? "," : "");
		free(s);
	}
	if (!n) {
		s = json_dumps(v, JSON_PRESERVE_ORDER | JSON_ENCODE_ANY);
		tpc_buf_puts(out, s ? s : "null");
		free(s);
	}
	tpc_buf_printf(out, "%s%s", n ? "]" : "", last ? "}" : ",\n");
	json_decref(v);
}

void backend_manifest(struct tpc_ctx *c, const struct ir_unit *u, const struct backend_opts *o,
		      struct tpc_buf *out)
{
	json_t *policies = json_array(), *hooks = json_array(), *programs = json_array();
	const struct ir_chain **chains = tpc_new_array(c->arena, const struct ir_chain *, u->nhooks + 1);
	const struct ir_program **owners = tpc_new_array(c->arena, const struct ir_program *, u->nhooks + 1);

	for (uint32_t i = 0; i < u->policies.len; i++)
		json_array_append_new(policies, policy_json(c, &u->policies.items[i]));
	for (uint32_t i = 0; i < u->programs.len; i++) {
		const struct ir_program *p = &u->programs.items[i];

		json_array_append_new(programs, program_json(c, p, i));
		for (uint32_t j = 0; j < p->chains.len; j++) {
			chains[p->chains.items[j].hook] = &p->chains.items[j];
			owners[p->chains.items[j].hook] = p;
		}
	}
	for (uint32_t i = 0; i < u->nhooks; i++)
		json_array_append_new(hooks, hook_json(c, owners[i], chains[i]));
	tpc_buf_putc(out, '{');
	put_member(out, "abi", json_pack("{s:i, s:i}", "major", TPC_ABI_MAJOR, "minor", TPC_ABI_MINOR),
		   false);
	put_member(out, "compiler",
		   json_pack("{s:s, s:s, s:s, s:i}", "name", "tpc", "version", TPC_VERSION, "templates",
			     templates_digest(c), "opt", o->opt),
		   false);
	put_member(out, "arch", json_string(o->arch), false);
	put_member(out, "policies", policies, false);
	put_member(out, "hooks", hooks, false);
	put_member(out, "programs", programs, false);
	put_member(out, "trackers", trackers_json(), false);
	put_member(out, "fields", fields_json(u), false);
	put_member(out, "exec_tests", exec_tests_json(u), false);
	put_member(out, "needs", needs_json(u), true);
}
