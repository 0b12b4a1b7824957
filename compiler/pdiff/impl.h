// SPDX-License-Identifier: Apache-2.0
/*
 * What the files of the comparison share. Both sets of policies are first brought into one unit (join.c), so that
 * what asks the same has one number there; then policies, hooks and selectors are paired and compared.
 */
#ifndef TPC_PDIFF_IMPL_H
#define TPC_PDIFF_IMPL_H

#include "passes/relate.h"
#include "pdiff/pdiff.h"

enum { AT_ENTRY, AT_RETURN, MOMENTS };

/* A rule when the function is entered and when it returns: then its return terms count too. */
struct rule_info {
	const struct ir_rule *r;
	struct ir_rule when[MOMENTS]; /* terms and actions alone */
	struct known_rule known[MOMENTS];
	const char *match, *outcome; /* equal texts: the same is asked, the same is done */
	struct rule_info *partner;
	uint32_t nr; /* in its chain */
};

struct chain_info {
	const struct ir_chain *ch;
	struct relate *rel; /* of its program */
	const struct ir_program *p;
	uint32_t program;
	bool is_new;
	struct rule_info *rules;
	uint32_t nrules;
	const char *key; /* equal: nothing differs */
	struct chain_info *partner;
};

struct policy_info {
	const struct ir_policy *p;
	TPC_VEC(struct chain_info *) chains; /* in the order of the policy */
	TPC_VEC(const struct ir_enforced *) enforced;
	const char *key; /* equal: nothing but the name differs */
	struct policy_info *partner;
};

struct differ {
	struct tpc_arena *arena;
	struct pdiff_side side[2]; /* OLD and NEW */
	struct ir_unit *u;	   /* joined: OLD's policies first */
	uint32_t nold;		   /* of them */
	struct policy_info *policies;
	struct chain_info **chains; /* of each program, in the order of ir_program.chains */
	struct pdiff *ret;
};

/* ---- join.c: NULL: a limit ---- */
struct ir_unit *join_units(struct differ *d);

/* ---- compare.c ---- */
/* What is known of each rule, chain and policy of the joined unit: fills `policies` and `chains`. */
void know_all(struct differ *d);

/* ---- keys.c: what is equal has equal text ---- */
void keys_rule(struct tpc_arena *a, struct rule_info *r);
const char *keys_action(struct tpc_arena *a, const struct ir_action *act);
void keys_chain(struct tpc_arena *a, struct chain_info *ch);
void keys_policy(const struct differ *d, struct policy_info *p);
const char *keys_program(struct tpc_arena *a, const struct ir_program *p);
const char *keys_workload(struct tpc_arena *a, const struct ir_workload *w);
const char *keys_enforced(struct tpc_arena *a, const struct ir_enforced *e);
/* Requirements and their values sorted, none twice. */
struct ir_labels keys_canon_labels(struct tpc_arena *a, const struct ir_labels *l);

/* ---- words.c, words_value.c: in an operator's words ---- */
const char *words_value(struct tpc_arena *a, const struct ir_program *p, uint16_t value);
/* "is /etc/passwd", "does not begin with /usr/" */
const char *words_term(const struct differ *d, const struct ir_program *p, const struct ir_term *t);
/* How a predicate compares, of a negated term too: "is", "does not begin with". */
const char *words_verb(const struct ir_pred *pred, bool negated);
/* Does the term only say that there is a value? It goes with the negated ones, which are told. */
bool is_presence(const struct ir_program *p, const struct ir_term *t);
/* The values that a predicate compares with, each a text. */
struct words {
	TPC_VEC(const char *) list;
};
struct words words_of_pred(const struct differ *d, const struct ir_program *p, const struct ir_pred *pred);
const char *words_text(struct tpc_arena *a, const char *s, size_t len);
const char *words_action(struct tpc_arena *a, const struct ir_program *p, const struct ir_action *act);
const char *words_req(struct tpc_arena *a, const struct ir_label_req *r);
const char *words_labels(struct tpc_arena *a, const struct ir_labels *l);
const char *words_workload(struct tpc_arena *a, const struct ir_workload *w);
const char *words_hook(struct tpc_arena *a, const struct ir_program *p);
/* "a, b, c and 7 more" */
const char *words_list(struct tpc_arena *a, const char *const *items, uint32_t n);

/* ---- cover.c: is what NEW enforces enforced by OLD? ---- */
bool action_enforces(const struct ir_action *a);
bool rule_enforces(const struct rule_info *r);
bool chain_enforces(const struct chain_info *ch);
/* Is what @a does to a process done by @r too? */
bool action_within(struct relate *rel, const struct ir_action *a, const struct ir_rule *r);
/* No event meets both. */
bool rules_exclude(struct relate *rel, const struct rule_info *a, const struct rule_info *b, int when);
/* What meets @k meets all of @terms. */
bool terms_follow(struct relate *rel, const struct known_rule *k, const struct ir_term *terms, uint32_t n);
/* Whatever rule @r of @n enforces when it comes first is enforced by @o, for processes that both are for. */
bool cover_rule(const struct chain_info *n, const struct rule_info *r, const struct chain_info *o);
/* Each notification that @o takes back is taken back by @n. */
bool cover_cleanup(const struct chain_info *n, const struct chain_info *o);
bool chain_cleans_up(const struct chain_info *ch);
/* Some chain of the other side on the same hook, of a policy that is for as much, enforces it. */
bool cover_elsewhere(const struct differ *d, const struct chain_info *ch, const struct rule_info *r);

/* ---- filters.c, actions.c, rules.c: one pair of hooks ---- */
struct pdiff_change *add_change(const struct differ *d, struct pdiff_hook *h, const char *kind,
				enum pdiff_effect effect);
/* Texts of what there is now and what was, each may be NULL. */
void change_texts(const struct differ *d, struct pdiff_change *c, const char *now, const char *was);
void diff_filters(const struct differ *d, struct pdiff_hook *h, const struct chain_info *ch,
		  const struct rule_info *o, const struct rule_info *n, int when);
void diff_actions(const struct differ *d, struct pdiff_hook *h, const struct chain_info *ch,
		  const struct rule_info *o, const struct rule_info *n, int when);
/* @enforces: NEW's policy is not in monitor mode. */
void diff_rules(const struct differ *d, struct pdiff_hook *h, struct chain_info *o, struct chain_info *n,
		bool enforces);
/* "where argument 0 (int) is 5: kills the process (Sigkill)" */
const char *rule_words(const struct differ *d, const struct chain_info *ch, const struct rule_info *r);

/* ---- hooks.c: what a hook shows, and hooks that only one of both has; @o or @n may be NULL ---- */
void diff_hooks(const struct differ *d, struct pdiff_policy *ret, const struct policy_info *o,
		const struct policy_info *n);

/* ---- scope.c: mode, scope, nodes, options of a policy ---- */
void diff_policy(const struct differ *d, struct pdiff_policy *ret, const struct policy_info *o,
		 const struct policy_info *n);
bool scope_subset(const struct differ *d, const struct ir_policy *a, const struct ir_policy *b);
/* Does a hook of it enforce, and is it not in monitor mode? */
bool policy_enforces(const struct policy_info *p);

#endif
