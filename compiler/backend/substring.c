// SPDX-License-Identifier: Apache-2.0
/*
 * Search for texts inside a text or path, which lies in a scratch slot. Kernels before 6.17 have nothing that searches
 * (bpf_strnstr()), and the verifier follows a plain loop step by step. So there are two, one inside the other, each in a
 * global function, which it judges once: TPC_FIND_STEP places are tried by the inner one.
 */
#include "backend/emit.h"

#include <string.h>

bool emit_is_substring(enum ir_pred_kind kind)
{
	return kind == IR_PRED_SUBSTRING || kind == IR_PRED_SUBSTRING_CASE;
}

static uint64_t chunk(const char *s, unsigned n, bool any_case)
{
	uint64_t x = 0;

	while (n--) {
		unsigned char ch = (unsigned char)s[n];

		x = x << 8 | (any_case && ch >= 'A' && ch <= 'Z' ? ch - 'A' + 'a' : ch);
	}
	return x;
}

/* An expression: the bytes at s are those of @t. */
static void emit_here(struct emit *e, const struct ir_text *t, bool any_case)
{
	static const unsigned widths[] = { 8, 4, 2, 1 };
	uint32_t off = 0;

	for (unsigned i = 0; i < 4; i++)
		for (unsigned w = widths[i]; t->len - off >= w; off += w)
			emit_f(e, " &&\n\t    %stpc_u%u(s, %u)%s == 0x%0*llxULL",
			       any_case ? "tpc_lower(" : "", w * 8, off, any_case ? ")" : "", (int)w * 2,
			       (unsigned long long)chunk(t->s + off, w, any_case));
}

/* static bool NAME_at(const char *s, __u64 left): one of the texts begins at s, where @left bytes are left. */
static void emit_at(struct emit *e, const char *name, const struct ir_pred *q)
{
	emit_f(e, "static __always_inline bool %s_at(const char *s, __u64 left)\n{\n", name);
	for (uint32_t i = 0; i < q->texts.len; i++) {
		emit_f(e, "\tif (left >= %u", q->texts.items[i].len);
		emit_here(e, &q->texts.items[i], q->kind == IR_PRED_SUBSTRING_CASE);
		emit_f(e, ")\n\t\treturn true;\n");
	}
	emit_f(e, "\treturn false;\n}\n\n");
}

static void emit_find(struct emit *e, const char *name)
{
	emit_f(e, "__noinline int %s_step(struct tpc_scratch *t, __u32 from, __u32 end)\n", name);
	emit_f(e, "{\n\tTPC_FIND_STEPS(t, from, end, %s_at)\n}\n\n", name);
	emit_f(e, "__noinline int %s_find(struct tpc_scratch *t, __u32 from, __u32 end)\n", name);
	emit_f(e, "{\n\tTPC_FIND(t, from, end, %s_step)\n}\n\n", name);
}

void emit_substring_test(struct emit *e, const char *name, const struct ir_pred *q, const struct ir_value *v)
{
	emit_at(e, name, q);
	emit_find(e, name);
	if (v->type != IR_PATH)
		return;
	emit_f(e, "static __noinline bool %s(const struct tpc_walk *w)\n", name);
	emit_f(e, "{\n\tTPC_FIND_IN_PATH(w, %s, %s_find)\n}\n\n",
	       v->path_from == IR_PATH_DENTRY ? "true" : "false", name);
}

void emit_substring(struct emit *e, const char *name, const struct ir_value *v, unsigned vi)
{
	if (v->type == IR_PATH)
		emit_f(e, "%s(&v%u)", name, vi);
	else
		emit_f(e, "v%u_len > 0 && %s_find(v%u, 0, v%u_len)", vi, name, vi, vi);
}

void emit_substring_includes(struct emit *e)
{
	bool text = false, path = false;
	const struct ir_program *p;

	tpc_vec_foreach (p, &e->u->programs)
		for (uint32_t i = 0; i < p->preds.len; i++)
			if (emit_is_substring(p->preds.items[i].kind) && emit_pred_used(p, i)) {
				text = true;
				path |= p->values.items[p->preds.items[i].value].type == IR_PATH;
			}
	if (text)
		emit_f(e, "#include <tpc/bpf/find.h>\n");
	if (path)
		emit_f(e, "#include <tpc/bpf/path_text.h>\n");
}
