// SPDX-License-Identifier: Apache-2.0
#include "tpc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "backend/backend.h"
#include "compat/compat.h"
#include "frontend/frontend.h"
#include "ir/lower.h"
#include "passes/passes.h"
#include "pdiff/pdiff.h"
#include "toolchain/clang.h"

#define ARENA_CEILING ((size_t)512 << 20)
#define ARCH "x86_64"

struct tpc {
	struct tpc_opts opts;
	struct tpc_ctx ctx;
	struct tpc_policy_list policies;
	struct kernel *kernel; /* or NULL */
	struct ir_unit *unit;
	bool built;	  /* the unit may be emitted */
	bool checked;	  /* the back end was asked whether it can */
	struct tpc_buf c; /* its C, once it was asked for */
};

/* What was not named may be missing, as in a container. */
static int open_kernel(struct tpc *t)
{
	struct kernel_opts o = { t->opts.btf, t->opts.btf_modules, t->opts.tracefs };

	return o.btf || o.tracefs ? kernel_open(&t->kernel, &o) : 0;
}

int tpc_open(struct tpc **ret, const struct tpc_opts *o)
{
	struct tpc *t = calloc(1, sizeof(*t));
	int r;

	*ret = NULL;
	if (!t)
		return -ENOMEM;
	t->opts = *o;
	r = tpc_ctx_init(&t->ctx, o->arena_ceiling ? o->arena_ceiling : ARENA_CEILING);
	if (r) {
		free(t);
		return r;
	}
	t->c = TPC_BUF(t->ctx.arena);
	r = open_kernel(t);
	if (r) {
		tpc_close(t);
		return r;
	}
	*ret = t;
	return 0;
}

void tpc_close(struct tpc *t)
{
	if (!t)
		return;
	kernel_close(t->kernel);
	tpc_ctx_done(&t->ctx);
	free(t);
}

struct tpc_ctx *tpc_context(struct tpc *t)
{
	return &t->ctx;
}

/* Past the ceiling what was computed since cannot be trusted to be whole. */
static int check_memory(struct tpc *t)
{
	if (!tpc_arena_exhausted(t->ctx.arena))
		return 0;
	tpc_error(&t->ctx.diags, TPC_NOWHERE, TPC_E_TOO_BIG,
		  "the policies need more than %zu MiB to be compiled",
		  (t->opts.arena_ceiling ? t->opts.arena_ceiling : ARENA_CEILING) >> 20);
	return -EINVAL;
}

int tpc_add_yaml(struct tpc *t, const char *name, const char *text, size_t len)
{
	uint32_t before = t->ctx.diags.nerrors;

	if (len >= UINT32_MAX) {
		tpc_error(&t->ctx.diags, TPC_NOWHERE, TPC_E_TOO_BIG, "'%s' is larger than 4 GiB", name);
		return -EINVAL;
	}
	frontend_read(&t->ctx, tpc_source_add(&t->ctx.sources, name, text, len), &t->policies);
	return t->ctx.diags.nerrors > before ? -EINVAL : check_memory(t);
}

uint32_t tpc_policy_count(const struct tpc *t)
{
	return t->policies.len;
}

const struct tpc_opts *tpc_options(const struct tpc *t)
{
	return &t->opts;
}

const struct tpc_policy_list *tpc_policies(const struct tpc *t)
{
	return &t->policies;
}

const char *tpc_policy_name(const struct tpc *t, uint32_t i)
{
	return t->policies.items[i]->metadata.name.s;
}

/* Those whose reading went well: Tetragon's limits are asked of what is a policy. */
static struct tpc_policy_list good_policies(struct tpc *t)
{
	struct tpc_policy_list good = { 0 };
	struct tpc_policy **p;

	tpc_vec_foreach (p, &t->policies)
		if (!(*p)->bad)
			*tpc_vec_push(t->ctx.arena, &good) = *p;
	return good;
}

static void set_mode(struct ir_unit *u, enum tpc_mode_opt mode)
{
	struct ir_policy *p;

	tpc_vec_foreach (p, &u->policies)
		if (mode != TPC_MODE_AS_WRITTEN)
			p->monitor = mode == TPC_MODE_OPT_MONITOR;
}

static bool check_btf(struct tpc *t)
{
	const char *why = NULL;

	if (!t->opts.btf_named || kernel_has_btf(t->kernel, &why))
		return true;
	tpc_error(&t->ctx.diags, TPC_NOWHERE, TPC_E_IO, "cannot read the kernel's types from '%s': %s",
		  t->opts.btf, why ? why : "there are none");
	return false;
}

void tpc_read_types(struct tpc *t)
{
	if (t->kernel)
		kernel_has_btf(t->kernel, NULL);
}

static struct ir_lower_opts lower_opts(const struct tpc *t)
{
	return (struct ir_lower_opts){ t->kernel, t->opts.btf_named, t->opts.min_kernel,
				       t->opts.min_kernel_named };
}

int tpc_build(struct tpc *t)
{
	struct ir_lower_opts o = lower_opts(t);
	struct tpc_policy_list good = good_policies(t);
	int r = check_memory(t);

	if (r)
		return r;
	t->built = t->checked = false;
	t->c = TPC_BUF(t->ctx.arena);
	if (!check_btf(t))
		return -EINVAL;
	/* Those with faults too: what else is wrong with them should be told in the same run. */
	t->unit = ir_lower(&t->ctx, &t->policies, &o);
	set_mode(t->unit, t->opts.mode);
	/* What is wrong in any case says enough, unless Tetragon's word is asked for. */
	if (t->opts.compat_tetragon || !t->ctx.diags.nerrors)
		compat_tetragon(&t->ctx, &good, t->opts.compat_tetragon ? TPC_ERROR : TPC_WARNING);
	if (!t->ctx.diags.nerrors)
		passes_run(&t->ctx, t->unit, t->opts.opt, NULL, NULL);
	r = check_memory(t);
	t->built = !r && !t->ctx.diags.nerrors;
	return t->built ? 0 : -EINVAL;
}

int tpc_warn_not_yet(struct tpc *t)
{
	if (!t->built)
		return -EINVAL;
	backend_check(&t->ctx, t->unit, TPC_WARNING);
	return check_memory(t);
}

/* Once: what there is no code for must not reach the back end. */
static int check_backend(struct tpc *t)
{
	if (!t->built)
		return -EINVAL;
	if (!t->checked)
		backend_check(&t->ctx, t->unit, TPC_ERROR);
	t->checked = true;
	return t->ctx.diags.nerrors ? -EINVAL : 0;
}

const struct ir_unit *tpc_unit(const struct tpc *t)
{
	return t->unit;
}

const struct ir_unit *tpc_lowered(struct tpc *t)
{
	struct ir_lower_opts o = lower_opts(t);
	struct tpc_ctx quiet = t->ctx;
	struct ir_unit *u;

	quiet.diags = (struct tpc_diags){ .arena = t->ctx.arena, .sources = &t->ctx.sources };
	u = ir_lower(&quiet, &t->policies, &o);
	set_mode(u, t->opts.mode);
	return u;
}

int tpc_diff(struct tpc *old, struct tpc *new, struct pdiff **ret)
{
	struct pdiff_side o = { &old->ctx, old->unit }, n = { &new->ctx, new->unit };

	*ret = NULL;
	if (!old->built || !new->built)
		return -EINVAL;
	*ret = pdiff_compare(&o, &n);
	return *ret ? check_memory(new) : -EINVAL;
}

static struct backend_opts backend_opts(const struct tpc *t)
{
	return (struct backend_opts){ .opt = t->opts.opt, .arch = ARCH };
}

int tpc_emit_ir(struct tpc *t, struct tpc_buf *out)
{
	if (!t->built)
		return -EINVAL;
	ir_print(&t->ctx, t->unit, out);
	return check_memory(t);
}

/* Makes the C text where it is not there yet. */
static int make_c(struct tpc *t)
{
	struct backend_opts o = backend_opts(t);

	int r = check_backend(t);

	if (r)
		return r;
	if (!t->c.len)
		backend_c(&t->ctx, t->unit, &o, &t->c);
	return check_memory(t);
}

int tpc_emit_c(struct tpc *t, struct tpc_buf *out)
{
	int r = make_c(t);

	if (!r)
		tpc_buf_add(out, t->c.data, t->c.len);
	return r;
}

int tpc_emit_manifest(struct tpc *t, struct tpc_buf *out)
{
	struct backend_opts o = backend_opts(t);
	int r = check_backend(t);

	if (r)
		return r;
	backend_manifest(&t->ctx, t->unit, &o, out);
	return check_memory(t);
}

/* The toolchain knows nothing of the back end: its headers are handed over. */
static const struct clang_header *headers(struct tpc_arena *a)
{
	struct clang_header *list;
	size_t n = 0;

	while (backend_headers[n].name)
		n++;
	list = tpc_new_array(a, struct clang_header, n + 1);
	for (size_t i = 0; i < n; i++)
		list[i] = (struct clang_header){ backend_headers[i].name, backend_headers[i].text,
						 backend_headers[i].len };
	return list;
}

static struct clang_opts clang_opts(struct tpc *t)
{
	return (struct clang_opts){
		.clang = t->opts.clang,
		.arch = ARCH,
		.tmpdir = t->opts.tmpdir,
		.headers = headers(t->ctx.arena),
	};
}

int tpc_emit_object(struct tpc *t, struct clang_object *ret)
{
	struct clang_opts o = clang_opts(t);
	int r = make_c(t);

	memset(ret, 0, sizeof(*ret));
	return r ? r : clang_compile(&t->ctx, t->c.data, t->c.len, &o, ret);
}

const char *tpc_not_yet(struct tpc *t)
{
	struct tpc_ctx quiet = t->ctx;
	const struct tpc_diag *d;

	quiet.diags = (struct tpc_diags){ .arena = t->ctx.arena, .sources = &t->ctx.sources };
	backend_check(&quiet, t->unit, TPC_ERROR);
	d = quiet.diags.list.len ? quiet.diags.list.items[0] : NULL;
	return d ? d->msg : NULL;
}

int tpc_emit_cases(struct tpc *t, struct clang_object *ret)
{
	struct backend_opts b = backend_opts(t);
	struct clang_opts o = clang_opts(t);
	struct tpc_buf text = TPC_BUF(t->ctx.arena);
	int r = check_backend(t);

	memset(ret, 0, sizeof(*ret));
	if (r)
		return r;
	b.cases = true;
	backend_c(&t->ctx, t->unit, &b, &text);
	r = check_memory(t);
	return r ? r : clang_compile(&t->ctx, text.data, text.len, &o, ret);
}

int tpc_lint(struct tpc *t)
{
	struct clang_opts o = clang_opts(t);
	int r = make_c(t);

	return r ? r : clang_lint(&t->ctx, t->c.data, t->c.len, &o);
}
