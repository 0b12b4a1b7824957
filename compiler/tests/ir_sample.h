// SPDX-License-Identifier: Apache-2.0
/* A small sound unit, built by hand, for the tests of the IR: two policies on one kprobe. */
#ifndef TPC_TESTS_IR_SAMPLE_H
#define TPC_TESTS_IR_SAMPLE_H

#include <string.h>

#include "ir/ir.h"

enum { SAMPLE_FLAGS, SAMPLE_FILE, SAMPLE_BINARY, SAMPLE_NVALUES };
enum { SAMPLE_IN, SAMPLE_PREFIX, SAMPLE_EXEC, SAMPLE_MASK, SAMPLE_NPREDS };

static inline void sample_text(struct tpc_ctx *c, struct ir_pred *p, const char *s)
{
	*tpc_vec_push(c->arena, &p->texts) = (struct ir_text){ .s = s, .len = (uint32_t)strlen(s) };
}

static inline struct ir_pred *sample_pred(struct tpc_ctx *c, struct ir_program *p, enum ir_pred_kind kind,
					  uint16_t value)
{
	struct ir_pred *pred = tpc_vec_push(c->arena, &p->preds);

	pred->kind = kind;
	pred->value = value;
	pred->binding = value == SAMPLE_BINARY ? IR_AT_EXEC : IR_AT_EVENT;
	pred->task_bit = -1;
	return pred;
}

static inline void sample_term(struct tpc_ctx *c, struct ir_rule *r, uint16_t pred, bool negated)
{
	*tpc_vec_push(c->arena, &r->terms) = (struct ir_term){ .pred = pred, .negated = negated };
}

static inline void sample_values(struct tpc_ctx *c, struct ir_program *p)
{
	*tpc_vec_push(c->arena, &p->values) = (struct ir_value){ .type = IR_INT,
								 .source = IR_FROM_ARG,
								 .size = 4,
								 .is_signed = true,
								 .size_value = -1,
								 .type_name = "int" };
	*tpc_vec_push(c->arena, &p->values) = (struct ir_value){ .type = IR_PATH,
								 .source = IR_FROM_ARG,
								 .index = 1,
								 .path_from = IR_PATH_FILE,
								 .size_value = -1,
								 .type_name = "file" };
	*tpc_vec_push(c->arena, &p->values) =
		(struct ir_value){ .type = IR_PATH, .source = IR_FROM_BINARY, .size_value = -1 };
}

static inline void sample_preds(struct tpc_ctx *c, struct ir_program *p)
{
	struct ir_pred *in = sample_pred(c, p, IR_PRED_RANGES, SAMPLE_FLAGS);

	*tpc_vec_push(c->arena, &in->ranges) =
		(struct ir_range){ (uint64_t)INT64_C(-5), (uint64_t)INT64_C(-5) };
	*tpc_vec_push(c->arena, &in->ranges) = (struct ir_range){ 0, 2 };
	sample_text(c, sample_pred(c, p, IR_PRED_PREFIX, SAMPLE_FILE), "/etc/");
	sample_text(c, sample_pred(c, p, IR_PRED_EQUAL, SAMPLE_BINARY), "/usr/bin/cat");
	sample_pred(c, p, IR_PRED_MASK, SAMPLE_FLAGS)->mask = 0x40;
}

static inline struct ir_rule *sample_rule(struct tpc_ctx *c, struct ir_chain *ch)
{
	uint32_t nr = ch->rules.len;
	struct ir_rule *r = tpc_vec_push(c->arena, &ch->rules);

	r->selector = nr;
	r->post = true;
	ch->nselectors = nr + 1;
	return r;
}

/* chain 0: [in, not prefix] Post | [prefix, exec] Sigkill; chain 1: [mask] Signal 10, NoPost */
static inline void sample_chains(struct tpc_ctx *c, struct ir_program *p)
{
	struct ir_chain *a = tpc_vec_push(c->arena, &p->chains), *b;
	struct ir_rule *r = sample_rule(c, a);

	sample_term(c, r, SAMPLE_IN, false);
	sample_term(c, r, SAMPLE_PREFIX, true);
	r = sample_rule(c, a);
	sample_term(c, r, SAMPLE_PREFIX, false);
	sample_term(c, r, SAMPLE_EXEC, false);
	tpc_vec_push(c->arena, &r->actions)->kind = IR_SIGKILL;
	*tpc_vec_push(c->arena, &a->args) =
		(struct ir_arg){ .value = SAMPLE_FILE, .label = "the \"file\"\n" };
	a->message = "hello";
	*tpc_vec_push(c->arena, &a->tags) = "tag";

	b = tpc_vec_push(c->arena, &p->chains);
	b->policy = b->hook = 1;
	r = sample_rule(c, b);
	sample_term(c, r, SAMPLE_MASK, false);
	*tpc_vec_push(c->arena, &r->actions) = (struct ir_action){ .kind = IR_SIGNAL, .arg = 10 };
	tpc_vec_push(c->arena, &r->actions)->kind = IR_NOPOST;
	r->post = false;
}

static inline struct ir_unit *sample_unit(struct tpc_ctx *c)
{
	struct ir_unit *u = tpc_new(c->arena, struct ir_unit);
	struct ir_program *p;

	*tpc_vec_push(c->arena, &u->policies) = (struct ir_policy){
		.name = "one", .kind = "TracingPolicy", .file = "a.yaml", .digest = "sha256:00"
	};
	*tpc_vec_push(c->arena, &u->policies) = (struct ir_policy){ .name = "two",
								    .kind = "TracingPolicy",
								    .file = "b.yaml",
								    .digest = "sha256:01",
								    .monitor = true };
	p = tpc_vec_push(c->arena, &u->programs);
	p->kind = IR_KPROBE;
	p->target = "fd_install";
	sample_values(c, p);
	sample_preds(c, p);
	sample_chains(c, p);
	u->nhooks = 2;
	return u;
}

static inline void sample_node(struct tpc_ctx *c, struct ir_program *p, struct ir_node n)
{
	*tpc_vec_push(c->arena, &p->nodes) = n;
}

/* The sample's chains as a graph, with everything that the last passes ensure. */
#define SAMPLE_ALL (IR_HAS_FOLDED | IR_HAS_UNIQUE | IR_HAS_HOISTED | IR_HAS_ORDERED | IR_HAS_GRAPH)

static inline void sample_finish(struct tpc_ctx *c, struct ir_unit *u)
{
	struct ir_program *p = &u->programs.items[0];
	struct ir_exec_test *e = tpc_vec_push(c->arena, &u->exec_tests);
	struct ir_pred *pred;

	e->kind = IR_PRED_EQUAL;
	e->source = IR_FROM_BINARY;
	*tpc_vec_push(c->arena, &e->texts) = p->preds.items[SAMPLE_EXEC].texts.items[0];
	p->preds.items[SAMPLE_EXEC].task_bit = 0;
	tpc_vec_foreach (pred, &p->preds)
		pred->cost = 1;
	sample_node(c, p, (struct ir_node){ .kind = IR_NODE_TEST, .pred = SAMPLE_PREFIX, .yes = 1, .no = 2 });
	sample_node(c, p, (struct ir_node){ .kind = IR_NODE_TEST, .pred = SAMPLE_EXEC, .yes = 3, .no = 5 });
	sample_node(c, p, (struct ir_node){ .kind = IR_NODE_TEST, .pred = SAMPLE_IN, .yes = 4, .no = 5 });
	sample_node(c, p, (struct ir_node){ .kind = IR_NODE_FIRE, .chain = 0, .rule = 1, .yes = 5 });
	sample_node(c, p, (struct ir_node){ .kind = IR_NODE_FIRE, .chain = 0, .rule = 0, .yes = 5 });
	sample_node(c, p, (struct ir_node){ .kind = IR_NODE_TEST, .pred = SAMPLE_MASK, .yes = 6, .no = 7 });
	sample_node(c, p, (struct ir_node){ .kind = IR_NODE_FIRE, .chain = 1, .rule = 0, .yes = 7 });
	sample_node(c, p, (struct ir_node){ .kind = IR_NODE_DONE });
}

#endif
