// SPDX-License-Identifier: Apache-2.0
/*
 * thread: a question whose answer is known on the way to it is not asked again, in later rules and in later
 * chains (jump threading over the decision graph).
 *
 * A state is a node of the old graph and the facts that hold on some way to it: answers given, and what
 * these imply about other predicates over the same value. Only facts about questions that may still come
 * are kept, so that ways which differ in nothing that matters meet again. Each state whose question is open
 * becomes a node of the new graph.
 *
 * A node has at most STATES_MAX states with facts of their own; a way that comes later joins the state that knows
 * most of what it knows, in the end the one that knows nothing. Forgetting facts is always sound, so the
 * new graph has at most STATES_MAX + 1 nodes for each old one.
 *
 * requires IR_HAS_GRAPH, IR_HAS_UNIQUE, IR_HAS_FOLDED
 * ensures  the same; on no way is a predicate tested twice (while nothing had to be forgotten)
 * cost     nodes times STATES_MAX times FACTS_MAX, and the pairs of predicates over a value within budget
 */
#include <string.h>

#include "passes/internal.h"

#define STATES_MAX 8
#define FACTS_MAX 64
#define NODES_MAX (1u << 16) /* beyond this no more states with facts are made */
#define PEERS_MAX 256	     /* predicates over one value that are compared with each other */

/* A fact: predicate number times two, plus the answer. */
#define FACT(pred, answer) ((uint32_t)(pred) * 2 + (answer))
#define FACT_NONE UINT32_MAX

struct facts { /* sorted, a predicate at most once */
	uint32_t n;
	uint32_t f[FACTS_MAX];
};

struct state {
	struct state *sibling; /* of the same node, in order of arrival */
	const uint32_t *facts;
	uint32_t nfacts;
	uint32_t out; /* number of its node in the new graph */
	struct state *yes, *no;
};

struct pred_info {
	TPC_VEC(uint32_t) implied[2]; /* facts that follow from the answer no, yes */
	uint32_t last;		      /* the last node that tests it */
	bool tested;
};

struct thread {
	struct tpc_arena *arena;
	const struct ir_program *p;
	struct pred_info *preds;
	struct state **states; /* first one of each old node */
	uint32_t nstates;
};

/* ---- what follows from an answer ---- */

static void imply(struct thread *th, uint32_t fact, uint32_t other)
{
	*tpc_vec_push(th->arena, &th->preds[fact / 2].implied[fact & 1]) = other;
}

static void relate_pair(struct thread *th, struct relate *rel, uint16_t a, uint16_t b)
{
	if (pred_subset(rel, a, b)) {
		imply(th, FACT(a, 1), FACT(b, 1));
		imply(th, FACT(b, 0), FACT(a, 0));
	}
	if (pred_subset(rel, b, a)) {
		imply(th, FACT(b, 1), FACT(a, 1));
		imply(th, FACT(a, 0), FACT(b, 0));
	}
	if (pred_disjoint(rel, a, b)) {
		imply(th, FACT(a, 1), FACT(b, 0));
		imply(th, FACT(b, 1), FACT(a, 0));
	}
}

static void relate_peers(struct thread *th)
{
	struct relate rel = { .arena = th->arena, .p = th->p, .budget = RELATE_BUDGET };
	struct peers {
		TPC_VEC(uint16_t) preds;
	} *of_value = tpc_new_array(th->arena, struct peers, th->p->values.len);

	for (uint32_t i = 0; i < th->p->preds.len; i++) {
		struct peers *peers = &of_value[th->p->preds.items[i].value];

		if (!th->preds[i].tested || peers->preds.len == PEERS_MAX)
			continue;
		for (uint32_t j = 0; j < peers->preds.len; j++)
			relate_pair(th, &rel, peers->preds.items[j], (uint16_t)i);
		*tpc_vec_push(th->arena, &peers->preds) = (uint16_t)i;
	}
}

static void find_last_tests(struct thread *th)
{
	for (uint32_t i = 0; i < th->p->nodes.len; i++) {
		const struct ir_node *n = &th->p->nodes.items[i];

		if (n->kind != IR_NODE_TEST)
			continue;
		th->preds[n->pred].tested = true;
		th->preds[n->pred].last = i;
	}
}

/* ---- facts ---- */

/* FACT_NONE when the answer of @pred is open. */
static uint32_t known(const struct facts *f, uint32_t pred)
{
	for (uint32_t i = 0; i < f->n && f->f[i] / 2 <= pred; i++)
		if (f->f[i] / 2 == pred)
			return f->f[i];
	return FACT_NONE;
}

static void add_fact(struct facts *f, uint32_t fact)
{
	uint32_t i = f->n;

	if (f->n == FACTS_MAX || known(f, fact / 2) != FACT_NONE)
		return;
	for (; i && f->f[i - 1] > fact; i--)
		f->f[i] = f->f[i - 1];
	f->f[i] = fact;
	f->n++;
}

static bool may_matter(const struct thread *th, uint32_t fact, uint32_t node)
{
	return th->preds[fact / 2].tested && th->preds[fact / 2].last >= node;
}

/* @fact, with all that follows from it, as far as it matters from @node on. */
static void learn(const struct thread *th, struct facts *f, uint32_t fact, uint32_t node)
{
	const uint32_t *other;

	if (may_matter(th, fact, node))
		add_fact(f, fact);
	tpc_vec_foreach (other, &th->preds[fact / 2].implied[fact & 1])
		if (may_matter(th, *other, node))
			add_fact(f, *other);
}

static void forget(const struct thread *th, struct facts *f, uint32_t node)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->n; i++)
		if (may_matter(th, f->f[i], node))
			f->f[n++] = f->f[i];
	f->n = n;
}

/* ---- states ---- */

static bool is_known_in(const struct state *s, const struct facts *f)
{
	for (uint32_t i = 0, j = 0; i < s->nfacts; i++, j++) {
		while (j < f->n && f->f[j] < s->facts[i])
			j++;
		if (j == f->n || f->f[j] != s->facts[i])
			return false;
	}
	return true;
}

static struct state *add_state(struct thread *th, struct state **link, const struct facts *f)
{
	struct state *s = tpc_new(th->arena, struct state);
	uint32_t *facts = tpc_new_array(th->arena, uint32_t, f->n);

	if (f->n)
		memcpy(facts, f->f, f->n * sizeof(*facts));
	s->facts = facts;
	s->nfacts = f->n;
	th->nstates++;
	*link = s;
	return s;
}

/* The state of @node for a way on which @f holds: its own, or one that knows less. */
static struct state *state_at(struct thread *th, uint32_t node, const struct facts *f)
{
	static const struct facts nothing;
	struct state **link = &th->states[node], *best = NULL;
	uint32_t with_facts = 0;

	for (; *link; link = &(*link)->sibling) {
		if (is_known_in(*link, f) && (!best || (*link)->nfacts > best->nfacts))
			best = *link;
		with_facts += (*link)->nfacts > 0;
	}
	if (best && best->nfacts == f->n)
		return best;
	if (with_facts < STATES_MAX && th->nstates < NODES_MAX)
		return add_state(th, link, f);
	return best ? best : add_state(th, link, &nothing);
}

/* From @s on with one more answer to @next, and over all questions there whose answers are known. */
static struct state *go(struct thread *th, const struct state *s, uint32_t fact, uint32_t next)
{
	const struct ir_node *nodes = th->p->nodes.items;
	struct facts f = { .n = s ? s->nfacts : 0 };

	if (f.n)
		memcpy(f.f, s->facts, f.n * sizeof(*f.f));
	if (fact != FACT_NONE)
		learn(th, &f, fact, next);
	while (nodes[next].kind == IR_NODE_TEST) {
		uint32_t answer = known(&f, nodes[next].pred);

		if (answer == FACT_NONE)
			break;
		next = answer & 1 ? nodes[next].yes : nodes[next].no;
	}
	forget(th, &f, next);
	return state_at(th, next, &f);
}

/* ---- the new graph ---- */

static void explore(struct thread *th)
{
	uint32_t nout = 0;

	go(th, NULL, FACT_NONE, 0);
	for (uint32_t i = 0; i < th->p->nodes.len; i++) {
		const struct ir_node *n = &th->p->nodes.items[i];

		for (struct state *s = th->states[i]; s; s = s->sibling) {
			s->out = nout++;
			if (n->kind == IR_NODE_TEST) {
				s->yes = go(th, s, FACT(n->pred, 1), n->yes);
				s->no = go(th, s, FACT(n->pred, 0), n->no);
			} else if (n->kind == IR_NODE_FIRE) {
				s->yes = go(th, s, FACT_NONE, n->yes);
			}
		}
	}
}

static void rebuild(struct thread *th, struct ir_program *p)
{
	struct ir_node *nodes = tpc_new_array(th->arena, struct ir_node, th->nstates);

	for (uint32_t i = 0; i < p->nodes.len; i++)
		for (const struct state *s = th->states[i]; s; s = s->sibling) {
			nodes[s->out] = p->nodes.items[i];
			nodes[s->out].yes = s->yes ? s->yes->out : 0;
			nodes[s->out].no = s->no ? s->no->out : 0;
		}
	p->nodes.items = nodes;
	p->nodes.len = p->nodes.cap = th->nstates;
}

void pass_thread(struct tpc_ctx *c, struct ir_unit *u)
{
	struct ir_program *p;

	tpc_vec_foreach (p, &u->programs) {
		struct thread th = { .arena = c->arena, .p = p };

		th.preds = tpc_new_array(c->arena, struct pred_info, p->preds.len);
		th.states = tpc_new_array(c->arena, struct state *, p->nodes.len);
		find_last_tests(&th);
		relate_peers(&th);
		explore(&th);
		rebuild(&th, p);
	}
}
