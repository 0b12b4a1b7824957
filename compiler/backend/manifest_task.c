// SPDX-License-Identifier: Apache-2.0
/* The manifest's filters on namespaces, capabilities and file types: by the names that policies use. */
#include "backend/manifest_impl.h"
#include "kernel/names.h"

static const char *set_name(const struct ir_value *v)
{
	static const char *const names[IR_CAPS_MAX] = { "Permitted", "Effective", "Inheritable" };

	return v->index < IR_CAPS_MAX ? names[v->index] : NULL;
}

static void set_facet(json_t *o, const struct ir_program *p, const struct ir_value *v)
{
	const struct ir_value *base = &p->values.items[v->base];

	json_object_set_new(o, "index", json_integer(base->index));
	manifest_str(o, "type", base->type_name);
	if (base->resolve)
		manifest_str(o, "resolve", base->resolve->text);
	if (base->resolve)
		manifest_str(o, "btfType", base->resolve->from);
	manifest_str(o, "facet", v->facet == IR_FACET_GAINED ? "gained" : "type");
	if (v->facet == IR_FACET_GAINED)
		json_object_set_new(o, "since", json_integer(p->values.items[v->base2].index));
}

void manifest_subject(json_t *o, const struct ir_program *p, const struct ir_value *v)
{
	switch (v->source) {
	case IR_FROM_NAMESPACE:
		manifest_str(o, "kind", kernel_value_name(KERNEL_NAMESPACES, v->index));
		break;
	case IR_FROM_CAPS:
	case IR_FROM_CAP_CHANGES:
		manifest_str(o, "set", set_name(v));
		break;
	case IR_FROM_VALUE:
		set_facet(o, p, v);
		break;
	default:
		break;
	}
}

/* Each bit of the mask has a name, else NULL: the complement of a few is told as the number that it is. */
static json_t *bit_names(uint64_t mask, enum kernel_names set)
{
	json_t *list = json_array();

	for (uint32_t bit = 0; bit < 64; bit++) {
		const char *name = kernel_value_name(set, bit);

		if (!(mask & UINT64_C(1) << bit))
			continue;
		if (!name) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, json_string(name));
	}
	return list;
}

static json_t *numbers(struct tpc_ctx *c, const struct ir_pred *q, enum kernel_names set)
{
	json_t *list = json_array();

	if (q->host)
		json_array_append_new(list, json_string("host_ns"));
	for (uint32_t i = 0; i < q->ranges.len; i++) {
		const struct ir_range *r = &q->ranges.items[i];
		const char *lo = tpc_sprintf(c->arena, "%llu", (unsigned long long)r->lo);
		const char *hi = tpc_sprintf(c->arena, "%llu", (unsigned long long)r->hi);
		const char *name = r->lo == r->hi && set < KERNEL_NAMES_MAX ?
					   kernel_value_name(set, (uint32_t)r->lo) :
					   NULL;

		json_array_append_new(list,
				      json_string(name		 ? name :
						  r->lo == r->hi ? lo :
								   tpc_sprintf(c->arena, "%s:%s", lo, hi)));
	}
	return list;
}

json_t *manifest_names(struct tpc_ctx *c, const struct ir_pred *q, const struct ir_value *v)
{
	if (q->kind == IR_PRED_NAMESPACE)
		return numbers(c, q, KERNEL_NAMES_MAX);
	if (v->facet == IR_FACET_FILE_TYPE && q->kind == IR_PRED_RANGES)
		return numbers(c, q, KERNEL_FILE_TYPES);
	if (q->kind != IR_PRED_MASK)
		return NULL;
	switch (v->source) {
	case IR_FROM_CAPS:
	case IR_FROM_CAP_CHANGES:
		return bit_names(q->mask, KERNEL_CAPS);
	case IR_FROM_NS_CHANGES:
		return bit_names(q->mask, KERNEL_NAMESPACES);
	default:
		return NULL;
	}
}
