// SPDX-License-Identifier: Apache-2.0
/*
 * Random policies and what random changes make of them, against brute force: where the comparison says that no
 * more is enforced, no event is enforced by NEW that OLD let pass.
 */
#include <string.h>

#include "passes/passes.h"
#include "pdiff/pdiff.h"
#include "tests/ir_build.h"
#include "tests/suite.h"

#define INPUTS 60

struct gen {
	struct tpc_ctx *c;
	struct ir_unit *u;
	uint64_t seed;
};

static uint32_t below(struct gen *g, uint32_t n)
{
	return random_below(&g->seed, n);
}

static bool one_in(struct gen *g, uint32_t n)
{
	return !below(g, n);
}

/* ---- policies ---- */

static uint16_t add_value(struct gen *g, struct ir_program *p, struct ir_value v)
{
	v.size_value = -1;
	v.type_name = "t";
	*tpc_vec_push(g->c->arena, &p->values) = v;
	return (uint16_t)(p->values.len - 1);
}

/* The same in each program, so that an input fits both units. */
static void add_values(struct gen *g, struct ir_program *p)
{
	uint16_t socket;

	build_int(g->c, p, IR_FROM_ARG, 1, true);
	build_int(g->c, p, IR_FROM_PID, 4, false);
	build_string(g->c, p);
	build_path(g->c, p);
	build_binary(g->c, p);
	socket = add_value(g, p, (struct ir_value){ .type = IR_SOCKET, .source = IR_FROM_ARG, .index = 4 });
	add_value(
		g, p,
		(struct ir_value){
			.type = IR_ADDR, .source = IR_FROM_VALUE, .facet = IR_FACET_SADDR, .base = socket });
	add_value(g, p,
		  (struct ir_value){ .type = IR_INT, .source = IR_FROM_NAMESPACE, .index = 2, .size = 4 });
	add_value(g, p, (struct ir_value){ .type = IR_WORKLOAD, .source = IR_FROM_WORKLOAD });
	add_value(
		g, p,
		(struct ir_value){ .type = IR_INT, .source = IR_FROM_RETURN, .size = 4, .is_signed = true });
}
#define VALUE_RETURN 9

static void add_ranges(struct gen *g, struct ir_pred *pred)
{
	for (uint32_t n = 1 + below(g, 2); n; n--) {
		uint64_t lo = below(g, 6);

		*tpc_vec_push(g->c->arena, &pred->ranges) = (struct ir_range){ lo, lo + below(g, 3) };
	}
}

static void add_text(struct gen *g, struct ir_pred *pred)
{
	uint32_t len = 1 + below(g, 2);
	char s[4] = "";

	for (uint32_t i = 0; i < len; i++)
		s[i] = "ab"[below(g, 2)];
	*tpc_vec_push(g->c->arena, &pred->texts) =
		(struct ir_text){ .s = tpc_strndup(g->c->arena, s, len), .len = len };
}

static void add_net(struct gen *g, struct ir_pred *pred)
{
	struct ir_net *n = tpc_vec_push(g->c->arena, &pred->nets);
	uint32_t bits = below(g, 4);

	n->len = 4;
	n->prefix = (uint8_t)bits;
	n->addr[0] = (uint8_t)(below(g, 8) << 5 & (0xff00 >> bits));
}

static uint16_t add_pred(struct gen *g, struct ir_program *p, uint16_t value)
{
	static const enum ir_pred_kind texts[] = { IR_PRED_EQUAL, IR_PRED_PREFIX, IR_PRED_POSTFIX,
						   IR_PRED_SUBSTRING, IR_PRED_SUBSTRING_CASE };
	const struct ir_value *v = &p->values.items[value];
	struct ir_pred pred = { .value = value, .task_bit = -1, .binding = IR_AT_EVENT };

	if (v->source == IR_FROM_BINARY)
		pred.binding = IR_AT_EXEC;
	if ((v->source == IR_FROM_ARG || v->source == IR_FROM_VALUE) && one_in(g, 8)) {
		pred.kind = IR_PRED_PRESENT;
	} else if (v->type == IR_ADDR) {
		pred.kind = IR_PRED_NETS;
		for (uint32_t n = 1 + below(g, 2); n; n--)
			add_net(g, &pred);
	} else if (v->type == IR_WORKLOAD) {
		pred.kind = IR_PRED_WORKLOAD;
		pred.workload = below(g, g->u->workloads.len);
	} else if (v->source == IR_FROM_NAMESPACE) {
		pred.kind = IR_PRED_NAMESPACE;
		pred.host = one_in(g, 2);
		add_ranges(g, &pred);
	} else if (v->type == IR_INT && one_in(g, 4)) {
		pred.kind = IR_PRED_MASK;
		pred.mask = 1 + below(g, 7);
	} else if (v->type == IR_INT) {
		add_ranges(g, &pred);
	} else {
		pred.kind = texts[below(g, v->source == IR_FROM_BINARY ? 3 : 5)];
		for (uint32_t n = 1 + below(g, 3); n; n--)
			add_text(g, &pred);
	}
	*tpc_vec_push(g->c->arena, &p->preds) = pred;
	return (uint16_t)(p->preds.len - 1);
}

static struct ir_action random_action(struct gen *g)
{
	static const enum ir_action_kind kinds[] = { IR_SIGKILL,  IR_SIGNAL,  IR_OVERRIDE,
						     IR_OVERRIDE, IR_SIGKILL, IR_GET_URL };
	struct ir_action a = { .kind = kinds[below(g, 6)] };

	if (a.kind == IR_SIGNAL)
		a.arg = one_in(g, 3) ? 9 : 10 + (int32_t)below(g, 2);
	if (a.kind == IR_OVERRIDE)
		a.arg = -1 - (int32_t)below(g, 2);
	a.text = a.kind == IR_GET_URL ? "http://x" : NULL;
	return a;
}

static void random_actions(struct gen *g, struct ir_rule *r)
{
	r->post = !one_in(g, 4);
	r->actions.len = r->actions.cap = 0;
	r->actions.items = NULL;
	if (!r->post)
		*tpc_vec_push(g->c->arena, &r->actions) = (struct ir_action){ .kind = IR_NOPOST };
	for (uint32_t n = below(g, 3); n; n--)
		*tpc_vec_push(g->c->arena, &r->actions) = random_action(g);
}

static void random_return(struct gen *g, struct ir_program *p, struct ir_rule *r)
{
	if (one_in(g, 2))
		*tpc_vec_push(g->c->arena, &r->return_terms) =
			(struct ir_term){ .pred = add_pred(g, p, VALUE_RETURN), .negated = one_in(g, 3) };
	if (one_in(g, 2))
		*tpc_vec_push(g->c->arena, &r->return_actions) = (struct ir_action){ .kind = IR_SIGKILL };
}

static void add_term(struct gen *g, struct ir_program *p, struct ir_rule *r)
{
	uint16_t values[] = { 0, 0, 1, 2, 3, 4, 6, 7, 8 }, pred = add_pred(g, p, values[below(g, 9)]);
	struct ir_term *t = tpc_vec_push(g->c->arena, &r->terms);

	t->pred = pred;
	t->negated = one_in(g, 3);
}

static void random_rule(struct gen *g, struct ir_program *p, struct ir_chain *ch, bool returns)
{
	struct ir_rule *r = build_rule(g->c, ch, "");

	for (uint32_t n = one_in(g, 6) ? 0 : 1 + below(g, 2); n; n--)
		add_term(g, p, r);
	random_actions(g, r);
	if (returns)
		random_return(g, p, r);
}

static void random_workload(struct gen *g)
{
	static const enum ir_label_op ops[] = { IR_LABEL_IN, IR_LABEL_NOT_IN, IR_LABEL_EXISTS,
						IR_LABEL_ABSENT };
	static const char *const names[] = { "a", "b", "c" };
	struct ir_workload *w = tpc_vec_push(g->c->arena, &g->u->workloads);

	w->host = one_in(g, 3);
	w->pods = !w->host || !one_in(g, 4);
	w->ns = w->pods && one_in(g, 4) ? "x" : NULL;
	for (uint32_t n = w->pods ? below(g, 3) : 0; n; n--) {
		struct ir_label_req *r = tpc_vec_push(g->c->arena, &w->pod.reqs);

		r->key = one_in(g, 4) ? "tier" : "app";
		r->op = ops[below(g, 4)];
		for (uint32_t k = r->op <= IR_LABEL_NOT_IN ? 1 + below(g, 2) : 0; k; k--)
			*tpc_vec_push(g->c->arena, &r->values) = names[below(g, 3)];
	}
}

static struct ir_unit *random_policies(struct gen *g)
{
	uint32_t npolicies = 1 + one_in(g, 3), nworkloads = 3;

	g->u = build_unit(g->c);
	g->u->programs.items[0].target = "security_f"; /* whose result can be replaced */
	for (uint32_t i = 1; i < npolicies; i++) {
		struct ir_policy second = g->u->policies.items[0];

		second.name = "second";
		*tpc_vec_push(g->c->arena, &g->u->policies) = second;
	}
	while (nworkloads--)
		random_workload(g);
	for (uint32_t i = 0; i < npolicies; i++) {
		g->u->policies.items[i].scope = one_in(g, 3) ? 1 + below(g, 3) : 0;
		g->u->policies.items[i].monitor = one_in(g, 8);
	}
	add_values(g, &g->u->programs.items[0]);
	for (uint32_t n = npolicies + one_in(g, 4); n; n--) {
		struct ir_chain *ch = build_chain(g->c, g->u, &g->u->programs.items[0]);
		bool returns = one_in(g, 4);

		ch->policy = n - 1 < npolicies ? n - 1 : 0;
		ch->has_return = returns;
		ch->return_value = returns ? VALUE_RETURN : 0;
		for (uint32_t k = below(g, 4); k; k--)
			random_rule(g, &g->u->programs.items[0], ch, returns);
	}
	return g->u;
}

/* ---- changes ---- */

static void change_pred(struct gen *g, struct ir_program *p, struct ir_rule *r)
{
	struct ir_term *t;

	if (!r->terms.len)
		return;
	t = &r->terms.items[below(g, r->terms.len)];
	if (one_in(g, 6)) {
		t->negated = !t->negated;
		return;
	}
	if (one_in(g, 3)) {
		t->pred = add_pred(g, p, p->preds.items[t->pred].value);
		return;
	}
	/* One value more or less: no predicate is shared yet. */
	struct ir_pred *pred = &p->preds.items[t->pred];

	if (pred->texts.len && one_in(g, 2))
		add_text(g, pred);
	else if (pred->texts.len > 1)
		pred->texts.len--;
	else if (pred->nets.len && one_in(g, 2))
		add_net(g, pred);
	else if (pred->nets.len > 1)
		pred->nets.len--;
	else if (pred->ranges.len && one_in(g, 2))
		add_ranges(g, pred);
	else if (pred->ranges.len > 1)
		pred->ranges.len--;
	else if (pred->kind == IR_PRED_WORKLOAD)
		pred->workload = below(g, g->u->workloads.len);
}

static void swap_rules(struct gen *g, struct ir_chain *ch)
{
	uint32_t i = below(g, ch->rules.len), j = below(g, ch->rules.len);
	struct ir_rule r = ch->rules.items[i];

	ch->rules.items[i] = ch->rules.items[j];
	ch->rules.items[j] = r;
}

static void change_policy(struct gen *g, struct ir_policy *p)
{
	switch (below(g, 4)) {
	case 0:
		p->monitor = !p->monitor;
		break;
	case 1:
		p->name = "other";
		break;
	default:
		p->scope = below(g, 4);
	}
}

static void change_rules(struct gen *g, struct ir_program *p, struct ir_chain *ch)
{
	struct ir_rule *r = &ch->rules.items[below(g, ch->rules.len)];

	switch (below(g, 9)) {
	case 0:
		if (!r->terms.len)
			break;
		r->terms.items[below(g, r->terms.len)] = r->terms.items[r->terms.len - 1];
		r->terms.cap = --r->terms.len;
		break;
	case 1:
		add_term(g, p, r);
		break;
	case 2:
		swap_rules(g, ch);
		break;
	case 3:
		ch->rules.len--;
		*r = ch->rules.items[ch->rules.len];
		ch->rules.cap = ch->rules.len; /* what is added next is a new one */
		break;
	case 4:
		random_actions(g, r);
		break;
	case 5:
		if (ch->has_return)
			random_return(g, p, r);
		break;
	default:
		change_pred(g, p, r);
	}
}

static void change(struct gen *g)
{
	struct ir_program *p = &g->u->programs.items[0];
	struct ir_chain *ch = &p->chains.items[below(g, p->chains.len)];

	if (one_in(g, 6))
		change_policy(g, &g->u->policies.items[below(g, g->u->policies.len)]);
	else if (one_in(g, 8) && g->u->policies.len > 1)
		ch->policy = !ch->policy;
	else if (one_in(g, 8))
		random_rule(g, p, ch, ch->has_return);
	else if (ch->rules.len)
		change_rules(g, p, ch);
}

static void number_selectors(struct ir_chain *ch)
{
	for (uint32_t i = 0; i < ch->rules.len; i++)
		ch->rules.items[i].selector = i;
	ch->nselectors = ch->rules.len ? ch->rules.len : 1;
}

/* OLD, and when @changed what becomes of it: the same seed gives the same. */
static struct ir_unit *make(struct tpc_ctx *c, uint64_t seed, bool changed)
{
	struct gen g = { .c = c, .seed = seed };

	random_policies(&g);
	for (uint32_t n = changed ? 1 + below(&g, 3) : 0; n; n--)
		change(&g);
	for (uint32_t i = 0; i < g.u->programs.items[0].chains.len; i++)
		number_selectors(&g.u->programs.items[0].chains.items[i]);
	return g.u;
}

/* ---- brute force ---- */

static struct ir_input_value input_text(struct gen *g)
{
	uint32_t len = below(g, 5);
	char s[8] = "";

	for (uint32_t i = 0; i < len; i++)
		s[i] = "abAB"[one_in(g, 5) ? below(g, 4) : below(g, 2)];
	return (struct ir_input_value){ .absent = one_in(g, 8),
					.bytes = tpc_strndup(g->c->arena, s, len),
					.len = len };
}

static void input_workload(struct gen *g, struct ir_input_workload *w)
{
	static const char *const names[] = { "a", "b", "c" };

	w->host = one_in(g, 3);
	if (w->host)
		return;
	w->ns = one_in(g, 2) ? "x" : "y";
	for (int i = 0; i < 2; i++)
		if (!one_in(g, 3))
			*tpc_vec_push(g->c->arena, &w->pod) =
				(struct ir_input_label){ i ? "tier" : "app", names[below(g, 3)] };
}

static struct ir_input make_input(struct gen *g, const struct ir_program *p)
{
	struct ir_input_value *v = tpc_new_array(g->c->arena, struct ir_input_value, p->values.len);
	struct ir_input in = { .values = v, .binary = input_text(g) };
	char addr[4] = { (char)(below(g, 8) << 5), 0, 0, 1 };

	for (uint32_t i = 0; i < p->values.len; i++) {
		const struct ir_value *of = &p->values.items[i];

		if (of->type == IR_INT)
			v[i].num = below(g, 9) - (uint64_t)(of->is_signed && one_in(g, 8));
		else if (of->type == IR_ADDR)
			v[i] = (struct ir_input_value){ .absent = one_in(g, 8),
							.bytes = tpc_strndup(g->c->arena, addr, 4),
							.len = 4 };
		else
			v[i] = input_text(g);
	}
	in.host_ns[2] = below(g, 6);
	input_workload(g, &in.workload);
	return in;
}

enum { KILLED = 1 << 0, SIGNAL_10 = 1 << 1, SIGNAL_11 = 1 << 2, OVERRIDDEN = 1 << 3 };

static unsigned done_by(const struct ir_action *a, uint32_t n)
{
	unsigned done = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (a[i].kind == IR_SIGKILL || (a[i].kind == IR_SIGNAL && a[i].arg == 9))
			done |= KILLED | SIGNAL_10 | SIGNAL_11;
		else if (a[i].kind == IR_SIGNAL)
			done |= a[i].arg == 10 ? SIGNAL_10 : SIGNAL_11;
		else if (a[i].kind == IR_OVERRIDE)
			done |= OVERRIDDEN;
	}
	return done;
}

/* At the entry in the low bits, at the return above them. */
static unsigned enforced(const struct ir_unit *u, const struct ir_input *in)
{
	const struct ir_program *p = &u->programs.items[0];
	struct ir_verdict entry[8], ret[8];
	unsigned done = 0;

	ir_eval(u, p, in, entry);
	ir_eval_return(u, p, in, ret);
	for (uint32_t i = 0; i < p->chains.len; i++) {
		const struct ir_chain *ch = &p->chains.items[i];

		if (u->policies.items[ch->policy].monitor)
			continue;
		if (entry[i].fired) {
			const struct ir_rule *r = &ch->rules.items[entry[i].rule];

			done |= done_by(r->actions.items, r->actions.len);
		}
		if (ret[i].fired) {
			const struct ir_rule *r = &ch->rules.items[ret[i].rule];

			done |= done_by(r->return_actions.items, r->return_actions.len) << 8;
		}
	}
	return done;
}

struct sums {
	uint32_t same, less, wider, maybe, witnessed;
};

static void count(struct sums *s, enum pdiff_effect e, bool more)
{
	*(e == PDIFF_WIDER	 ? &s->wider :
	  e == PDIFF_MAYBE_WIDER ? &s->maybe :
	  e == PDIFF_SAME	 ? &s->same :
				   &s->less) += 1;
	s->witnessed += more;
}

static struct pdiff *compare(struct tpc_ctx *c, struct ir_unit *old, struct ir_unit *new)
{
	struct pdiff_side o = { c, old }, n = { c, new };

	ck_assert_msg(passes_run(c, old, 2, NULL, NULL), "old: %s",
		      c->diags.list.len ? c->diags.list.items[c->diags.list.len - 1]->msg : "");
	ck_assert(passes_run(c, new, 2, NULL, NULL));
	return pdiff_compare(&o, &n);
}

static void check_pair(struct tpc_ctx *c, uint64_t seed, struct sums *sums)
{
	const struct ir_unit *old = make(c, seed, false), *new = make(c, seed, true);
	struct ir_unit *passed = make(c, seed, true);
	struct pdiff *d = compare(c, make(c, seed, false), passed);
	struct gen g = { .c = c, .seed = ~seed };
	bool more = false;

	ck_assert_ptr_nonnull(d);
	for (uint32_t i = 0; i < INPUTS; i++) {
		struct ir_input in = make_input(&g, &old->programs.items[0]);

		if (enforced(new, &in) & ~enforced(old, &in))
			more = true;
		/* The passes lean on the same theory, and no other test of them has networks and workloads. */
		ck_assert_msg(enforced(passed, &in) == enforced(new, &in), "seed %llu: the passes differ",
			      (unsigned long long)seed);
	}
	if (more && !pdiff_widens(d->enforcement)) {
		struct tpc_buf b = TPC_BUF(c->arena);

		ir_print(c, old, &b);
		tpc_buf_puts(&b, "---\n");
		ir_print(c, new, &b);
		pdiff_text(d, &b);
		ck_abort_msg("seed %llu: an event is enforced that was not, unnoticed\n%s",
			     (unsigned long long)seed, tpc_buf_text(&b));
	}
	count(sums, d->enforcement, more);
}

static void check_pairs(uint64_t from, uint64_t to, struct sums *sums)
{
	for (uint64_t seed = from; seed < to; seed++) {
		struct tpc_ctx c;

		ck_assert_int_eq(tpc_ctx_init(&c, 16 << 20), 0);
		check_pair(&c, seed, sums);
		tpc_ctx_done(&c);
	}
}

START_TEST(test_nothing_wider_goes_unnoticed)
{
	struct sums s = { 0 };

	check_pairs(0, 20000, &s);
	/* A generator gone blind, or an answer that is always the cautious one, would be noticed. */
	ck_assert_msg(s.same > 2000 && s.less > 1000 && s.wider > 1000 && s.witnessed > 1000,
		      "same %u, less %u, wider %u, may be %u, with a witness %u", s.same, s.less, s.wider,
		      s.maybe, s.witnessed);
	ck_assert_msg(s.witnessed * 3 > s.wider + s.maybe, "%u of %u and %u have a witness", s.witnessed,
		      s.wider, s.maybe);
}
END_TEST

START_TEST(test_the_same_is_no_difference)
{
	for (uint64_t seed = 0; seed < 2000; seed++) {
		struct tpc_ctx c;
		struct pdiff *d;

		ck_assert_int_eq(tpc_ctx_init(&c, 16 << 20), 0);
		d = compare(&c, make(&c, seed, true), make(&c, seed, true));
		ck_assert_uint_eq(d->policies.len, 0);
		tpc_ctx_done(&c);
	}
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("pairs");

	tcase_set_timeout(t, 200);
	tcase_add_test(t, test_nothing_wider_goes_unnoticed);
	tcase_add_test(t, test_the_same_is_no_difference);
	return run_suite("pdiff_random", t);
}
