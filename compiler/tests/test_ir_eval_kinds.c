// SPDX-License-Identifier: Apache-2.0
/* What each kind of question means: descent, absent facets, networks, namespaces, workloads, expressions, returns. */
#include <arpa/inet.h>
#include <string.h>

#include "ir/ir.h"
#include "tests/ir_build.h"
#include "tests/suite.h"

static struct tpc_ctx ctx, *c = &ctx;
static struct ir_unit *u;
static struct ir_program *p;
static struct ir_chain *ch;
static struct ir_input_value values[8];
static struct ir_input in;

static void setup(void)
{
	ck_assert_int_eq(tpc_ctx_init(c, 16 << 20), 0);
	u = build_unit(c);
	p = &u->programs.items[0];
	ch = build_chain(c, u, p);
	memset(values, 0, sizeof(values));
	in = (struct ir_input){ .values = values, .binary = { .absent = true } };
}

static void teardown(void)
{
	tpc_ctx_done(c);
}

static struct ir_input_value text(const char *s)
{
	if (!s)
		return (struct ir_input_value){ .absent = true };
	return (struct ir_input_value){ .bytes = s, .len = (uint32_t)strlen(s) };
}

/* The selector that fires in the first chain, -1: none. */
static int fires(void)
{
	struct ir_verdict v;

	ck_assert_ptr_null(ir_check(c, u, 0));
	ir_eval(u, p, &in, &v);
	return v.fired ? (int)v.selector : -1;
}

static int fires_from_graph(void)
{
	struct ir_verdict v;

	ck_assert_uint_gt(p->nodes.len, 0);
	ir_eval(u, p, &in, &v);
	return v.fired ? (int)v.selector : -1;
}

static int fires_at_return(void)
{
	struct ir_verdict v;

	ir_eval_return(u, p, &in, &v);
	return v.fired ? (int)v.selector : -1;
}

/* Selector 0: predicate 0 holds; else 1: its negation. */
static void ask(void)
{
	build_rule(c, ch, "0");
	build_rule(c, ch, "!0");
}

/* ---- descent ---- */

static void add_ancestor(uint64_t pid, uint64_t ns_pid, const char *binary)
{
	*tpc_vec_push(c->arena, &in.ancestors) =
		(struct ir_input_process){ .pid = pid, .ns_pid = ns_pid, .binary = text(binary) };
}

static uint16_t process_value(enum ir_source source, bool descent)
{
	bool binary = source == IR_FROM_BINARY || source == IR_FROM_PARENT_BINARY;

	return build_value(c, p,
			   (struct ir_value){ .type = binary ? IR_PATH : IR_INT,
					      .source = source,
					      .descent = descent,
					      .size = binary ? 0 : 4 });
}

static const struct {
	enum ir_source source;
	bool descent;
	uint64_t num; /* of pids */
	bool found;
} pids[] = {
	{ IR_FROM_PID, false, 50, true },     { IR_FROM_PID, false, 40, false },
	{ IR_FROM_PID, true, 50, true },      { IR_FROM_PID, true, 40, true },
	{ IR_FROM_PID, true, 30, true },      { IR_FROM_PID, true, 1, true },
	{ IR_FROM_PID, true, 5, false },      { IR_FROM_NS_PID, false, 5, true },
	{ IR_FROM_NS_PID, false, 50, false }, { IR_FROM_NS_PID, false, 4, false },
	{ IR_FROM_NS_PID, true, 4, true },    { IR_FROM_NS_PID, true, 0, true },
	{ IR_FROM_NS_PID, true, 40, false },
};

START_TEST(pids_of_a_descent)
{
	uint16_t nr = process_value(pids[_i].source, pids[_i].descent);

	values[nr].num = pids[_i].source == IR_FROM_PID ? 50 : 5;
	add_ancestor(40, 4, "/b");
	add_ancestor(30, 0, "/c");
	add_ancestor(1, 0, "/d");
	build_ranges(c, p, nr, tpc_sprintf(c->arena, "%d", (int)pids[_i].num));
	ask();
	ck_assert_int_eq(fires(), pids[_i].found ? 0 : 1);
}
END_TEST

static const struct {
	enum ir_source source;
	bool descent;
	const char *want;
	int selector;
} binaries[] = {
	{ IR_FROM_BINARY, false, "/a", 0 },	   { IR_FROM_BINARY, false, "/b", 1 },
	{ IR_FROM_BINARY, true, "/a", 0 },	   { IR_FROM_BINARY, true, "/b", 0 },
	{ IR_FROM_BINARY, true, "/d", 0 }, /* past one whose program is not known */
	{ IR_FROM_BINARY, true, "/e", 1 },	   { IR_FROM_PARENT_BINARY, false, "/b", 0 },
	{ IR_FROM_PARENT_BINARY, false, "/a", 1 }, { IR_FROM_PARENT_BINARY, false, "/d", 1 },
	{ IR_FROM_PARENT_BINARY, true, "/b", 0 },  { IR_FROM_PARENT_BINARY, true, "/d", 0 },
	{ IR_FROM_PARENT_BINARY, true, "/a", 1 }, /* the process itself is not among them */
};

START_TEST(binaries_of_a_descent)
{
	in.binary = text("/a");
	add_ancestor(40, 0, "/b");
	add_ancestor(30, 0, NULL);
	add_ancestor(1, 0, "/d");
	build_texts(c, p, IR_PRED_EQUAL, process_value(binaries[_i].source, binaries[_i].descent),
		    binaries[_i].want);
	ask();
	ck_assert_int_eq(fires(), binaries[_i].selector);
}
END_TEST

START_TEST(no_parent_is_known)
{
	in.binary = text("/a");
	build_texts(c, p, IR_PRED_EQUAL, process_value(IR_FROM_PARENT_BINARY, _i), "/a");
	ask();
	ck_assert_int_eq(fires(), 1);
}
END_TEST

/* ---- facets ---- */

static uint16_t facet(enum ir_facet f, uint8_t size)
{
	uint16_t base = build_value(c, p, (struct ir_value){ .type = IR_SOCKET, .source = IR_FROM_ARG });

	return build_value(c, p,
			   (struct ir_value){ .type = size ? IR_INT : IR_ADDR,
					      .source = IR_FROM_VALUE,
					      .facet = f,
					      .size = size,
					      .base = base });
}

static const struct {
	const char *nets, *addr; /* NULL: the socket has no address */
	int selector;
} addresses[] = {
	{ "10.0.0.0/8", "10.1.2.3", 0 },
	{ "10.0.0.0/8", "11.0.0.0", 1 },
	{ "10.128.0.0/9", "10.128.0.1", 0 },
	{ "10.128.0.0/9", "10.127.255.255", 1 },
	{ "1.2.3.4/32", "1.2.3.4", 0 },
	{ "1.2.3.4/32", "1.2.3.5", 1 },
	{ "0.0.0.0/0", "255.1.1.1", 0 },
	{ "0.0.0.0/0", "::", 1 }, /* of the other family: not in it, so NotDAddr holds */
	{ "10.0.0.0/8", "::ffff:10.0.0.1", 1 },
	{ "::ffff:10.0.0.0/104", "10.0.0.1", 1 },
	{ "::ffff:10.0.0.0/104", "::ffff:10.0.0.1", 0 },
	{ "fd00::/8 ::1/128", "::1", 0 },
	{ "fd00::/8 ::1/128", "::2", 1 },
	{ "fd00::/8 ::1/128", "fdff::", 0 },
	{ "::/0", "::", 0 },
	{ "::/0", "0.0.0.0", 1 },
	{ "10.0.0.0/8", NULL, 1 },
};

START_TEST(networks_of_both_families)
{
	uint16_t nr = facet(IR_FACET_DADDR, 0);
	unsigned char addr[16];

	values[nr].absent = !addresses[_i].addr;
	if (addresses[_i].addr) {
		bool six = strchr(addresses[_i].addr, ':');

		ck_assert_int_eq(inet_pton(six ? AF_INET6 : AF_INET, addresses[_i].addr, addr), 1);
		values[nr].bytes = (const char *)addr;
		values[nr].len = six ? 16 : 4;
	}
	build_nets(c, p, nr, addresses[_i].nets);
	ask();
	ck_assert_int_eq(fires(), addresses[_i].selector);
}
END_TEST

START_TEST(absent_facets)
{
	uint16_t port = facet(IR_FACET_DPORT, 2), gained;

	build_ranges(c, p, port, "0-1023");
	ask();
	ck_assert_int_eq(fires(), 0);
	values[port].absent = true; /* no socket */
	ck_assert_int_eq(fires(), 1);

	teardown();
	setup();
	build_value(c, p,
		    (struct ir_value){ .type = IR_INT, .source = IR_FROM_ARG, .size = 8, .in_memory = true });
	gained = build_value(
		c, p,
		(struct ir_value){
			.type = IR_INT, .source = IR_FROM_VALUE, .facet = IR_FACET_GAINED, .size = 8 });
	build_mask(c, p, gained, ~UINT64_C(0));
	ask();
	ck_assert_int_eq(fires(), 1);
	values[gained].num = UINT64_C(1) << 63;
	ck_assert_int_eq(fires(), 0);
}
END_TEST

/* A negated filter as it is lowered: it does not hold of what is not there. */
START_TEST(presence)
{
	uint16_t s =
		build_value(c, p, (struct ir_value){ .type = IR_STRING, .source = IR_FROM_ARG, .max = 64 });

	build_texts(c, p, IR_PRED_EQUAL, s, "a");
	build_pred(c, p, IR_PRED_PRESENT, s);
	build_rule(c, ch, "!0 1");
	build_rule(c, ch, "!1");
	values[s] = text("a");
	ck_assert_int_eq(fires(), -1);
	values[s] = text("");
	ck_assert_int_eq(fires(), 0);
	values[s] = text(NULL);
	ck_assert_int_eq(fires(), 1);
}
END_TEST

/* ---- texts ---- */

static const struct {
	bool any_case;
	const char *want, *got;
	int selector;
} parts[] = {
	{ false, "bc", "abcd", 0 },
	{ false, "bc", "bc", 0 },
	{ false, "bc", "abd", 1 },
	{ false, "bc", "aBCd", 1 },
	{ false, "bc", "b", 1 },
	{ false, "bc", "", 1 },
	{ false, "aab", "aaab", 0 },
	{ false, "x d", "abcd", 0 },
	{ true, "bC", "aBcd", 0 },
	{ true, "BC", "abcd", 0 },
	{ true, "b[", "aB{", 1 },
	{ true, "\xc3\x84", "\xc3\xa4", 1 },
	{ true, "\xc3\xa4", "x\xc3\xa4", 0 },
	{ false, "bc", NULL, 1 },
};

START_TEST(parts_of_texts)
{
	uint16_t s = build_string(c, p);

	values[s] = text(parts[_i].got);
	build_texts(c, p, parts[_i].any_case ? IR_PRED_SUBSTRING_CASE : IR_PRED_SUBSTRING, s, parts[_i].want);
	ask();
	ck_assert_int_eq(fires(), parts[_i].selector);
}
END_TEST

/* ---- namespaces ---- */

START_TEST(namespaces_and_the_hosts)
{
	uint16_t ns = build_value(
		c, p,
		(struct ir_value){ .type = IR_INT, .source = IR_FROM_NAMESPACE, .size = 4, .index = 3 });
	struct ir_pred *pred = build_pred(c, p, IR_PRED_NAMESPACE, ns);

	*tpc_vec_push(c->arena, &pred->ranges) = (struct ir_range){ 4026531836u, 4026531837u };
	ask();
	in.host_ns[3] = 7;
	in.host_ns[4] = 8;
	values[ns].num = 4026531837u;
	ck_assert_int_eq(fires(), 0);
	values[ns].num = 7;
	ck_assert_int_eq(fires(), 1);
	pred->host = true;
	ck_assert_int_eq(fires(), 0);
	values[ns].num = 8; /* the host's, of another kind */
	ck_assert_int_eq(fires(), 1);
	values[ns] = (struct ir_input_value){ .absent = true, .num = 7 };
	ck_assert_int_eq(fires(), 1);
}
END_TEST

/* ---- workloads ---- */

static const struct {
	bool host, pods;
	const char *ns;
	enum ir_label_op op;
	const char *key, *values;
	const char *is; /* "host", or "namespace app=value" */
	bool holds;
} workloads[] = {
	{ true, false, NULL, IR_LABEL_MAX, NULL, NULL, "host", true },
	{ true, false, NULL, IR_LABEL_MAX, NULL, NULL, "x app=a", false },
	{ false, true, NULL, IR_LABEL_MAX, NULL, NULL, "host", false },
	{ false, true, NULL, IR_LABEL_MAX, NULL, NULL, "x app=a", true },
	{ true, true, NULL, IR_LABEL_IN, "app", "a", "host", true }, /* labels are of pods */
	{ false, true, "x", IR_LABEL_MAX, NULL, NULL, "x app=a", true },
	{ false, true, "x", IR_LABEL_MAX, NULL, NULL, "y app=a", false },
	{ false, true, NULL, IR_LABEL_IN, "app", "b a", "x app=a", true },
	{ false, true, NULL, IR_LABEL_IN, "app", "b", "x app=a", false },
	{ false, true, NULL, IR_LABEL_IN, "tier", "a", "x app=a", false },
	{ false, true, NULL, IR_LABEL_NOT_IN, "app", "b a", "x app=a", false },
	{ false, true, NULL, IR_LABEL_NOT_IN, "app", "b", "x app=a", true },
	{ false, true, NULL, IR_LABEL_NOT_IN, "tier", "a", "x app=a", true }, /* there is none */
	{ false, true, NULL, IR_LABEL_EXISTS, "app", "", "x app=a", true },
	{ false, true, NULL, IR_LABEL_EXISTS, "tier", "", "x app=a", false },
	{ false, true, NULL, IR_LABEL_ABSENT, "app", "", "x app=a", false },
	{ false, true, NULL, IR_LABEL_ABSENT, "tier", "", "x app=a", true },
};

static void add_label(struct ir_labels *l, enum ir_label_op op, const char *key, const char *list)
{
	struct ir_label_req *r = tpc_vec_push(c->arena, &l->reqs);

	*r = (struct ir_label_req){ .key = key, .op = op };
	for (; *list; list += strspn(list, " ")) {
		size_t len = strcspn(list, " ");

		*tpc_vec_push(c->arena, &r->values) = tpc_strndup(c->arena, list, len);
		list += len;
	}
}

static void set_workload(const char *is)
{
	in.workload = (struct ir_input_workload){ .host = !strcmp(is, "host") };
	if (in.workload.host)
		return;
	in.workload.ns = tpc_strndup(c->arena, is, 1);
	*tpc_vec_push(c->arena, &in.workload.pod) = (struct ir_input_label){ "app", is + strlen(is) - 1 };
	*tpc_vec_push(c->arena, &in.workload.container) = (struct ir_input_label){ "name", "main" };
}

static struct ir_workload *add_workload(bool host, bool pods, const char *ns)
{
	struct ir_workload *w = tpc_vec_push(c->arena, &u->workloads);

	*w = (struct ir_workload){ .host = host, .pods = pods, .ns = ns };
	return w;
}

START_TEST(workloads_by_labels)
{
	struct ir_workload *w = add_workload(workloads[_i].host, workloads[_i].pods, workloads[_i].ns);
	uint16_t nr = build_value(c, p, (struct ir_value){ .type = IR_WORKLOAD, .source = IR_FROM_WORKLOAD });

	if (workloads[_i].key)
		add_label(&w->pod, workloads[_i].op, workloads[_i].key, workloads[_i].values);
	build_pred(c, p, IR_PRED_WORKLOAD, nr);
	ask();
	set_workload(workloads[_i].is);
	ck_assert(ir_eval_workload(w, &in.workload) == workloads[_i].holds);
	ck_assert_int_eq(fires(), workloads[_i].holds ? 0 : 1);
}
END_TEST

START_TEST(workloads_by_containers)
{
	struct ir_workload *w = add_workload(false, true, NULL);

	add_label(&w->pod, IR_LABEL_IN, "app", "a");
	add_label(&w->container, IR_LABEL_IN, "name", "side main");
	set_workload("x app=a");
	ck_assert(ir_eval_workload(w, &in.workload));
	in.workload.container.items[0].value = "other";
	ck_assert(!ir_eval_workload(w, &in.workload));
	set_workload("x app=b"); /* both must hold */
	ck_assert(!ir_eval_workload(w, &in.workload));
}
END_TEST

/* Outside its scope a policy does nothing, at the entry, from the graph, and at the return. */
START_TEST(scope_of_a_policy)
{
	add_workload(false, true, "y");
	add_workload(true, false, NULL);
	build_rule(c, ch, "");
	set_workload("host");
	ck_assert_int_eq(fires(), 0);
	u->policies.items[0].scope = 1;
	ck_assert_int_eq(fires(), -1);
	ck_assert_int_eq(fires_at_return(), -1);
	u->policies.items[0].scope = 2;
	ck_assert_int_eq(fires(), 0);
	ck_assert_int_eq(fires_at_return(), 0);
	*tpc_vec_push(c->arena, &p->nodes) = (struct ir_node){ .kind = IR_NODE_FIRE, .yes = 1 };
	*tpc_vec_push(c->arena, &p->nodes) = (struct ir_node){ .kind = IR_NODE_DONE };
	set_workload("y app=a");
	ck_assert_int_eq(fires_from_graph(), -1);
	set_workload("host");
	ck_assert_int_eq(fires_from_graph(), 0);
}
END_TEST

/* ---- expressions ---- */

START_TEST(expressions_over_several)
{
	static const struct cel_node a = { .op = CEL_VAR, .type = CEL_INT },
				     b = { .op = CEL_VAR, .type = CEL_INT, .var = 1 },
				     less = { .op = CEL_LT, .type = CEL_BOOL, .a = &a, .b = &b },
				     not = { .op = CEL_NOT, .type = CEL_BOOL, .a = &less };
	uint16_t y = build_int(c, p, IR_FROM_ARG, 8, true), x;
	struct ir_expr *e = tpc_new(c->arena, struct ir_expr);
	struct ir_pred *pred;

	x = build_value(
		c, p,
		(struct ir_value){ .type = IR_INT, .source = IR_FROM_ARG, .size = 8, .in_memory = true });
	pred = build_pred(c, p, IR_PRED_EXPR,
			  x); /* x < y, in the order of the variables, not of the values */
	e->tree = &less;
	e->text = "v0 < v1";
	*tpc_vec_push(c->arena, &e->vars) = x;
	*tpc_vec_push(c->arena, &e->vars) = y;
	pred->expr = e;
	ask();
	values[x].num = (uint64_t)INT64_C(-1);
	values[y].num = 0;
	ck_assert_int_eq(fires(), 0);
	values[y].num = (uint64_t)INT64_C(-2);
	ck_assert_int_eq(fires(), 1);
	e->tree = &not;
	ck_assert_int_eq(fires(), 0);
	values[x].absent = true; /* whatever is said about it */
	ck_assert_int_eq(fires(), 1);
	e->tree = &less;
	ck_assert_int_eq(fires(), 1);
}
END_TEST

/* ---- returns ---- */

/* Of the rules that held at the entry the first whose return terms hold. */
START_TEST(returns_decide_among_the_held)
{
	uint16_t s = build_string(c, p), r;
	struct ir_rule *rule;

	r = build_value(
		c, p,
		(struct ir_value){ .type = IR_INT, .source = IR_FROM_RETURN, .size = 4, .is_signed = true });
	build_texts(c, p, IR_PRED_PREFIX, s, "/a");
	build_texts(c, p, IR_PRED_PREFIX, s, "/b");
	build_ranges(c, p, r, "-4095~-1");
	build_ranges(c, p, r, "0");
	rule = build_rule(c, ch, "0");
	build_return_term(c, ch, rule, 2, false);
	rule = build_rule(c, ch, "1");
	build_return_term(c, ch, rule, 2, true);
	rule = build_rule(c, ch, "");
	build_return_term(c, ch, rule, 3, false);
	build_return_term(c, ch, rule, 2, true);
	values[s] = text("/a/x");
	values[r].num = (uint64_t)INT64_C(-13);
	ck_assert_int_eq(fires(), 0);
	ck_assert_int_eq(fires_at_return(), 0);
	values[r].num = 0; /* the first fails now; the second did not hold at the entry */
	ck_assert_int_eq(fires(), 0);
	ck_assert_int_eq(fires_at_return(), 2);
	values[r].num = 5;
	ck_assert_int_eq(fires_at_return(), -1);
	values[s] = text("/b");
	ck_assert_int_eq(fires(), 1);
	ck_assert_int_eq(fires_at_return(), 1);
	values[r].num = (uint64_t)INT64_C(-1);
	ck_assert_int_eq(fires_at_return(), -1);
	values[r].absent = true; /* the negated one holds */
	ck_assert_int_eq(fires_at_return(), 1);
}
END_TEST

#define ROWS(a) ((int)(sizeof(a) / sizeof((a)[0])))

int main(void)
{
	TCase *t = tcase_create("kinds");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, pids_of_a_descent, 0, ROWS(pids));
	tcase_add_loop_test(t, binaries_of_a_descent, 0, ROWS(binaries));
	tcase_add_loop_test(t, no_parent_is_known, 0, 2);
	tcase_add_loop_test(t, networks_of_both_families, 0, ROWS(addresses));
	tcase_add_test(t, absent_facets);
	tcase_add_test(t, presence);
	tcase_add_loop_test(t, parts_of_texts, 0, ROWS(parts));
	tcase_add_test(t, namespaces_and_the_hosts);
	tcase_add_loop_test(t, workloads_by_labels, 0, ROWS(workloads));
	tcase_add_test(t, workloads_by_containers);
	tcase_add_test(t, scope_of_a_policy);
	tcase_add_test(t, expressions_over_several);
	tcase_add_test(t, returns_decide_among_the_held);
	return run_suite("ir_eval_kinds", t);
}
