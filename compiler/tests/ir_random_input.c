// SPDX-License-Identifier: Apache-2.0
/* Random events near the constants of ir_random.c: processes with ancestors, workloads, values that are absent. */
#include <string.h>

#include "tests/ir_build.h"

/* As the value's size and signedness make it. */
static uint64_t extend(const struct ir_value *v, uint64_t num)
{
	unsigned shift = 64 - v->size * 8u;

	return v->is_signed ? (uint64_t)((int64_t)(num << shift) >> shift) : num << shift >> shift;
}

/* The promise of ir_input_value.absent. */
static bool may_be_absent(const struct ir_value *v)
{
	if (v->type != IR_INT)
		return true;
	return v->source != IR_FROM_PID && (v->source != IR_FROM_ARG || v->resolve || v->in_memory);
}

static struct ir_input_value text(const char *s)
{
	return (struct ir_input_value){ .bytes = s, .len = (uint32_t)strlen(s) };
}

struct ir_input_value random_address(struct tpc_ctx *c, uint64_t *seed)
{
	static const uint8_t first[] = { 10, 10, 10, 11, 8 };
	unsigned char *bytes = tpc_new_array(c->arena, unsigned char, 16);

	bytes[0] = first[random_below(seed, 5)];
	bytes[1] = (uint8_t)(random_below(seed, 2) << 7);
	bytes[3] = (uint8_t)random_below(seed, 2);
	return (struct ir_input_value){ .bytes = (const char *)bytes, .len = random_below(seed, 3) ? 4 : 16 };
}

static struct ir_input_value random_value(struct tpc_ctx *c, const struct ir_value *v, uint64_t *seed)
{
	struct ir_input_value ret = { 0 };

	if (v->source == IR_FROM_NAMESPACE)
		ret.num = random_below(seed, 5);
	else if (v->type == IR_INT)
		ret.num = extend(v, random_number(seed));
	else if (v->type == IR_ADDR)
		ret = random_address(c, seed);
	else
		ret = text(random_text(c, seed, random_one_in(seed, 2) ? 0 : 3));
	ret.absent = may_be_absent(v) && random_one_in(seed, 6);
	return ret;
}

static struct ir_input_value random_binary(struct tpc_ctx *c, uint64_t *seed)
{
	static const struct ir_value binary = { .type = IR_PATH, .source = IR_FROM_BINARY };

	return random_value(c, &binary, seed);
}

static void random_ancestors(struct tpc_ctx *c, struct ir_input *in, uint64_t *seed)
{
	uint32_t n = random_below(seed, 5);

	while (n--) {
		struct ir_input_process *p = tpc_vec_push(c->arena, &in->ancestors);

		p->pid = random_number(seed) & UINT32_MAX;
		p->ns_pid = random_number(seed) & UINT32_MAX;
		p->binary = random_binary(c, seed);
	}
}

static void random_workload(struct tpc_ctx *c, struct ir_input_workload *w, uint64_t *seed)
{
	static const char *const keys[] = { "app", "tier" }, *const values[] = { "a", "b" };

	w->host = random_one_in(seed, 3);
	w->ns = random_one_in(seed, 3) ? NULL : values[random_below(seed, 2)];
	for (int i = 0; i < 2; i++) {
		if (random_one_in(seed, 2))
			*tpc_vec_push(c->arena, &w->pod) =
				(struct ir_input_label){ keys[i], values[random_below(seed, 2)] };
		if (random_one_in(seed, 2))
			*tpc_vec_push(c->arena, &w->container) =
				(struct ir_input_label){ keys[i], values[random_below(seed, 2)] };
	}
}

/* What is the same in the kernel has the same value: the pid of the process, with and without its ancestors. */
static uint32_t same_as(const struct ir_program *p, uint32_t nr)
{
	const struct ir_value *v = &p->values.items[nr];
	uint32_t i = 0;

	if (v->source != IR_FROM_PID && v->source != IR_FROM_NS_PID)
		return nr;
	while (p->values.items[i].source != v->source)
		i++;
	return i;
}

struct ir_input random_input(struct tpc_ctx *c, const struct ir_program *p, uint64_t *seed)
{
	struct ir_input_value *values = tpc_new_array(c->arena, struct ir_input_value, p->values.len);
	struct ir_input in = { .values = values, .binary = random_binary(c, seed) };

	for (uint32_t i = 0; i < p->values.len; i++)
		values[i] = same_as(p, i) < i ? values[same_as(p, i)] :
						random_value(c, &p->values.items[i], seed);
	random_ancestors(c, &in, seed);
	random_workload(c, &in.workload, seed);
	for (uint32_t i = 0; i < IR_NAMESPACES_MAX; i++)
		in.host_ns[i] = random_below(seed, 3);
	return in;
}
