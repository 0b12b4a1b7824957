// SPDX-License-Identifier: Apache-2.0
/* A unit with each kind of value and question; each row breaks one thing of it, and the checker must say what. */
#include <string.h>

#include "ir/ir.h"
#include "tests/ir_build.h"
#include "tests/suite.h"

static struct tpc_ctx ctx, *c = &ctx;
static struct ir_unit *u;
static struct ir_program *p;
static struct ir_chain *ch;
static struct ir_rule *rule;

enum { INT, STRING, SOCKET, DADDR, SPORT, NS, CAPS, WORKLOAD, RETURN, PIDS, BINARY };
enum { P_INT, P_PART, P_NETS, P_PORT, P_NS, P_CAPS, P_WORKLOAD, P_EXPR, P_PIDS, P_BINARY, P_RETURN };

static const struct cel_node variables[] = { { .op = CEL_VAR, .type = CEL_INT },
					     { .op = CEL_VAR, .type = CEL_INT, .var = 1 } };
static struct cel_node less;
static struct ir_expr expr;

static void make_values(void)
{
	static const struct ir_value of_process[] = {
		{ .type = IR_INT, .source = IR_FROM_NAMESPACE, .size = 4, .index = 3 },
		{ .type = IR_INT, .source = IR_FROM_CAPS, .size = 8, .index = IR_CAPS_EFFECTIVE },
		{ .type = IR_WORKLOAD, .source = IR_FROM_WORKLOAD },
		{ .type = IR_INT, .source = IR_FROM_RETURN, .size = 4, .is_signed = true },
		{ .type = IR_INT, .source = IR_FROM_PID, .size = 4, .descent = true },
		{ .type = IR_PATH, .source = IR_FROM_BINARY, .descent = true },
	};

	build_int(c, p, IR_FROM_ARG, 4, true);
	build_string(c, p);
	build_value(c, p, (struct ir_value){ .type = IR_SOCKET, .source = IR_FROM_ARG });
	build_value(
		c, p,
		(struct ir_value){
			.type = IR_ADDR, .source = IR_FROM_VALUE, .facet = IR_FACET_DADDR, .base = SOCKET });
	build_value(c, p,
		    (struct ir_value){ .type = IR_INT,
				       .source = IR_FROM_VALUE,
				       .facet = IR_FACET_SPORT,
				       .base = SOCKET,
				       .size = 2 });
	for (size_t i = 0; i < sizeof(of_process) / sizeof(of_process[0]); i++)
		build_value(c, p, of_process[i]);
}

static void make_preds(void)
{
	struct ir_pred *pred;

	build_ranges(c, p, INT, "1");
	build_texts(c, p, IR_PRED_SUBSTRING, STRING, "a b");
	build_nets(c, p, DADDR, "10.0.0.0/8 fd00::/8");
	build_ranges(c, p, SPORT, "80");
	pred = build_pred(c, p, IR_PRED_NAMESPACE, NS);
	*tpc_vec_push(c->arena, &pred->ranges) = (struct ir_range){ 5, 5 };
	build_mask(c, p, CAPS, 1);
	build_pred(c, p, IR_PRED_WORKLOAD, WORKLOAD);
	expr = (struct ir_expr){ .tree = &less, .text = "v0 < v1" };
	*tpc_vec_push(c->arena, &expr.vars) = INT;
	*tpc_vec_push(c->arena, &expr.vars) = SPORT;
	less = (struct cel_node){ .op = CEL_LT, .type = CEL_BOOL, .a = &variables[0], .b = &variables[1] };
	build_pred(c, p, IR_PRED_EXPR, INT)->expr = &expr;
	build_ranges(c, p, PIDS, "1");
	build_texts(c, p, IR_PRED_EQUAL, BINARY, "/a");
	build_ranges(c, p, RETURN, "0");
}

static void setup(void)
{
	struct ir_workload *w;
	struct ir_label_req *r;

	ck_assert_int_eq(tpc_ctx_init(c, 16 << 20), 0);
	u = build_unit(c);
	p = &u->programs.items[0];
	ch = build_chain(c, u, p);
	w = tpc_vec_push(c->arena, &u->workloads);
	r = tpc_vec_push(c->arena, &w->pod.reqs);
	*r = (struct ir_label_req){ .key = "app", .op = IR_LABEL_IN };
	*tpc_vec_push(c->arena, &r->values) = "a";
	*tpc_vec_push(c->arena, &u->enforced) = (struct ir_enforced){ .target = "sys_dup", .syscall = true };
	make_values();
	make_preds();
	rule = build_rule(c, ch, "0 1 2 3 4 5 6 7 8 9");
	build_return_term(c, ch, rule, P_RETURN, false);
	ch->return_value = RETURN;
}

static void teardown(void)
{
	tpc_ctx_done(c);
}

#define VALUE(i) p->values.items[i]
#define PRED(i) p->preds.items[i]

static void add_action(struct ir_action a)
{
	*tpc_vec_push(c->arena, &rule->return_actions) = a;
}

/* A tree that is deeper than any that was parsed. */
static void deepen(void)
{
	struct cel_node *n = tpc_new_array(c->arena, struct cel_node, CEL_DEPTH_MAX + 2);

	for (uint32_t i = 0; i < CEL_DEPTH_MAX + 1; i++)
		n[i] = (struct cel_node){ .op = CEL_NOT, .type = CEL_BOOL, .a = &n[i + 1] };
	n[CEL_DEPTH_MAX + 1] = less;
	expr.tree = n;
}

#define BREAKS(X)                                                                                            \
	X(facet_none, VALUE(SPORT).facet = IR_FACET_NONE, "value 4 is no facet")                             \
	X(facet_max, VALUE(SPORT).facet = IR_FACET_MAX, "value 4 is no facet")                               \
	X(facet_self, VALUE(SPORT).base = SPORT, "of what does not stand before it")                         \
	X(facet_base2, (VALUE(SPORT).facet = IR_FACET_GAINED, VALUE(SPORT).base2 = SPORT),                   \
	  "of what does not stand before it")                                                                \
	X(facet_type, VALUE(SPORT).facet = IR_FACET_SADDR, "another type than its facet")                    \
	X(facet_addr, VALUE(DADDR).facet = IR_FACET_DPORT, "another type than its facet")                    \
	X(namespace_kind, VALUE(NS).index = IR_NAMESPACES_MAX, "value 5 is of unknown kind 16")              \
	X(namespace_type, VALUE(NS).type = IR_STRING, "of the process and no integer")                       \
	X(caps_kind, VALUE(CAPS).index = IR_CAPS_MAX, "value 6 is of unknown kind 3")                        \
	X(workload_type, VALUE(WORKLOAD).type = IR_NOP, "workload and says otherwise")                       \
	X(task, VALUE(INT).source = IR_FROM_TASK, "value 0 is nothing of the task")                          \
	X(reg, VALUE(INT).source = IR_FROM_REG, "value 0 is in no register")                                 \
	X(descent, VALUE(INT).descent = true, "value 0 is nothing that ancestors have")                      \
	X(in_memory, VALUE(STRING).in_memory = true, "in memory and no integer argument")                    \
	X(nets_type, PRED(P_NETS).value = SPORT, "predicate 2 does not fit")                                 \
	X(nets_none, PRED(P_NETS).nets.len = 0, "predicate 2 names no network")                              \
	X(nets_len, PRED(P_NETS).nets.items[0].len = 5, "has a network of 8 bits")                           \
	X(nets_prefix, PRED(P_NETS).nets.items[0].prefix = 33, "has a network of 33 bits")                   \
	X(nets_bits, PRED(P_NETS).nets.items[0].addr[1] = 1, "bits behind a prefix")                         \
	X(nets_rest, PRED(P_NETS).nets.items[0].addr[15] = 1, "bits behind a prefix")                        \
	X(nets_order, PRED(P_NETS).nets.items[1] = PRED(P_NETS).nets.items[0], "not sorted or lie inside")   \
	X(nets_inside,                                                                                       \
	  (PRED(P_NETS).nets.items[1] = PRED(P_NETS).nets.items[0], PRED(P_NETS).nets.items[1].prefix = 9),  \
	  "not sorted or lie inside")                                                                        \
	X(nets_elsewhere, PRED(P_PORT).nets = PRED(P_NETS).nets, "has networks and does not ask")            \
	X(namespace_nothing, PRED(P_NS).ranges.len = 0, "asks for no namespace")                             \
	X(namespace_of, PRED(P_NS).value = INT, "predicate 4 does not fit")                                  \
	X(host_elsewhere, PRED(P_INT).host = true, "asks for the host's namespace")                          \
	X(mask_elsewhere, PRED(P_INT).mask = 1, "has a mask and does not ask")                               \
	X(workload_nr, PRED(P_WORKLOAD).workload = 1, "asks for workload 1 of 1")                            \
	X(workload_of, PRED(P_WORKLOAD).value = INT, "predicate 6 does not fit")                             \
	X(workload_elsewhere, PRED(P_INT).workload = 1, "has a workload and does not ask")                   \
	X(expr_none, PRED(P_EXPR).expr = NULL, "predicate 7 is no expression")                               \
	X(expr_tree, expr.tree = NULL, "predicate 7 is no expression")                                       \
	X(expr_elsewhere, PRED(P_INT).expr = &expr, "has an expression and does not ask")                    \
	X(expr_no_vars, expr.vars.len = 0, "about its first variable")                                       \
	X(expr_first, expr.vars.items[0] = SPORT, "about its first variable")                                \
	X(expr_type, expr.vars.items[1] = STRING, "variable 1 is no integer")                                \
	X(expr_out, expr.vars.items[1] = 99, "variable 1 is no integer")                                     \
	X(expr_descent, expr.vars.items[1] = PIDS, "variable 1 is no integer")                               \
	X(expr_var, expr.vars.len = 1, "has a variable that is none")                                        \
	X(expr_op, less.op = CEL_OP_MAX, "has a variable that is none")                                      \
	X(expr_deep, deepen(), "has a variable that is none")                                                \
	X(substring_of_exec, PRED(P_BINARY).binding = IR_AT_EVENT, "known at exec is the executable")        \
	X(substring_implied, PRED(P_PART).texts.items[1] = ((struct ir_text){ .s = "ab", .len = 2 }),        \
	  "say something twice")                                                                             \
	X(entry_return, rule->terms.items[0].pred = P_RETURN,                                                \
	  "the entry asks for what the function returns")                                                    \
	X(entry_return_expr, (VALUE(SPORT) = VALUE(RETURN), rule->terms.len = 9), "entry asks for what")     \
	X(entry_return_facet, (VALUE(SOCKET) = VALUE(RETURN), VALUE(SOCKET).type = IR_SOCKET),               \
	  "entry asks for what")                                                                             \
	X(return_terms, ch->has_return = false, "return terms where nothing is read")                        \
	X(return_pred, rule->return_terms.items[0].pred = 11, "return term on predicate 11 of 11")           \
	X(return_value, ch->return_value = 11, "the return shows value 11 of 11")                            \
	X(return_action, add_action((struct ir_action){ .kind = IR_SIGNAL }), "signal 0 does not exist")     \
	X(track, add_action((struct ir_action){ .kind = IR_TRACK_SOCK, .index = 11 }), "socket of value 11") \
	X(track_int, add_action((struct ir_action){ .kind = IR_TRACK_SOCK, .index = INT }),                  \
	  "socket of value 0")                                                                               \
	X(url, add_action((struct ir_action){ .kind = IR_GET_URL }), "without a text")                       \
	X(scope, u->policies.items[0].scope = 2, "is for workload 1 of 1")                                   \
	X(label_key, u->workloads.items[0].pod.reqs.items[0].key = NULL, "a label asks for nothing")         \
	X(label_op, u->workloads.items[0].pod.reqs.items[0].op = IR_LABEL_MAX, "a label asks for nothing")   \
	X(label_value, u->workloads.items[0].pod.reqs.items[0].values.items[0] = NULL, "value 0 is no text") \
	X(enforced, u->enforced.items[0].policy = 1, "an enforcer acts on nothing")                          \
	X(enforced_target, u->enforced.items[0].target = NULL, "an enforcer acts on nothing")                \
	X(abi, p->abi = KERNEL_I386, "an ABI belongs to a system call")                                      \
	X(user, p->kind = IR_UPROBE, "a program file belongs to a probe")

#define BREAK(id, how, what)                                                                                 \
	static void apply_##id(void)                                                                         \
	{                                                                                                    \
		how;                                                                                         \
	}
BREAKS(BREAK)
#undef BREAK

static const struct {
	const char *name;
	void (*apply)(void);
	const char *what;
} breaks[] = {
#define BREAK(id, how, what) { #id, apply_##id, what },
	BREAKS(BREAK)
#undef BREAK
};

START_TEST(names_what_is_broken)
{
	const char *said = ir_check(c, u, IR_HAS_UNIQUE | IR_HAS_FOLDED);
	struct tpc_buf out = TPC_BUF(c->arena);

	ck_assert_msg(!said, "before: %s", said);
	breaks[_i].apply();
	said = ir_check(c, u, IR_HAS_UNIQUE | IR_HAS_FOLDED);
	ck_assert_msg(said, "%s: not found", breaks[_i].name);
	ck_assert_msg(strstr(said, breaks[_i].what), "%s: said '%s'", breaks[_i].name, said);
	ir_print(c, u, &out); /* dumps are made of broken units, too */
}
END_TEST

/* The graph decides the entry. */
START_TEST(graph_asks_no_return)
{
	const char *said;

	rule->terms.len = 0;
	*tpc_vec_push(c->arena, &p->nodes) =
		(struct ir_node){ .kind = IR_NODE_TEST, .pred = P_RETURN, .yes = 1, .no = 2 };
	*tpc_vec_push(c->arena, &p->nodes) = (struct ir_node){ .kind = IR_NODE_FIRE, .yes = 2 };
	*tpc_vec_push(c->arena, &p->nodes) = (struct ir_node){ .kind = IR_NODE_DONE };
	said = ir_check(c, u, IR_HAS_GRAPH);
	ck_assert_ptr_nonnull(said);
	ck_assert_ptr_nonnull(strstr(said, "node 0 asks for what the function returns"));
	p->nodes.items[0].pred = P_INT;
	ck_assert_ptr_null(ir_check(c, u, IR_HAS_GRAPH));
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("kinds");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, names_what_is_broken, 0, (int)(sizeof(breaks) / sizeof(breaks[0])));
	tcase_add_test(t, graph_asks_no_return);
	return run_suite("ir_check_kinds", t);
}
