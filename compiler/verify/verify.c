// SPDX-License-Identifier: Apache-2.0
/* The checks in their order: each leans on those before it. */
#include "verify/verify.h"

#include <string.h>

#include "base/digest.h"
#include "toolchain/object.h"
#include "toolchain/seal.h"
#include "verify/verify_impl.h"

#include <tpc/abi.h>

static bool check_digest(struct verify *v)
{
	check_begin(v, "digest", NULL);
	switch (object_seal_check(v->c->arena, (const char *)v->data, v->len)) {
	case SEAL_GOOD:
		break;
	case SEAL_NONE:
		finding(v, TPC_E_OBJECT_DIGEST, "there is no section '%s' of %d bytes", TPC_DIGEST_SECTION,
			TPC_DIGEST_SIZE);
		break;
	case SEAL_BROKEN:
		finding(v, TPC_E_OBJECT_DIGEST,
			"its bytes are not those that were compiled: the digest differs");
		break;
	}
	return check_end(v, "%s", v->r->digest);
}

/* The reader's diagnostics become findings: they are about this object, and c->diags is the caller's. */
static bool check_manifest(struct verify *v, struct object *ret)
{
	struct tpc_diags *d = &v->c->diags, mine = { .arena = v->c->arena, .sources = d->sources },
			 before = *d;
	struct tpc_diag **diag;
	int r;

	check_begin(v, "manifest", NULL);
	*d = mine;
	r = object_read(v->c, "object", v->data, v->len, ret);
	mine = *d;
	*d = before;
	tpc_vec_foreach (diag, &mine.list)
		finding(v, (*diag)->code, "%s",
			strncmp((*diag)->msg, "object: ", 8) ? (*diag)->msg : (*diag)->msg + 8);
	if (r)
		return check_end(v, " ");
	v->manifest = ret->manifest;
	return check_end(
		v, "ABI %d.%d, policies: %zu, hooks: %zu", TPC_ABI_MAJOR,
		(int)json_integer_value(json_object_get(json_object_get(v->manifest, "abi"), "minor")),
		json_array_size(json_object_get(v->manifest, "policies")),
		json_array_size(json_object_get(v->manifest, "hooks")));
}

/* What the object says of itself. False: it is not sound enough to be asked more. */
static bool check_inside(struct verify *v, struct object *o)
{
	bool sealed = check_digest(v), sound;

	(void)sealed; /* damage is told by what it hit, too */
	if (!check_structure(v) || !check_manifest(v, o) || !check_code(v) || !check_btf(v) ||
	    !check_relocations(v))
		return false;
	sound = check_calls(v);
	sound &= check_programs(v);
	sound &= check_maps(v);
	sound &= check_data(v);
	return sound;
}

static void check_outside(struct verify *v)
{
	check_helpers(v);
	check_budget(v);
	for (uint32_t i = 0; i < v->o->nbtfs; i++) {
		check_core(v, &v->o->btfs[i]);
		check_hooks(v, &v->o->btfs[i]);
	}
	if (!v->o->nbtfs) {
		check_skip(v, "co-re", NULL, "not asked: --btf");
		check_skip(v, "hooks", NULL, "not asked: --btf");
	}
	if (v->o->expected)
		check_same(v);
	else
		check_skip(v, "policy", NULL, "not asked: --policy");
	plan_load(v);
	if (v->o->load)
		check_load(v);
	else
		check_skip(v, "load", NULL, "not asked: --load");
	if (!v->o->vm)
		check_skip(v, "vm", NULL, "not asked: --vm");
}

static void skip_outside(struct verify *v)
{
	static const char *const names[] = { "helpers", "min-kernel", "budget", "co-re",
					     "hooks",	"policy",     "load",	"vm" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_skip(v, names[i], NULL, "the object is not sound");
}

/* The object's BTF goes away; the files' names, which are its strings, are still asked for by verify_guest(). */
static void keep_file_names(struct verify *v)
{
	const char *last = NULL, *kept = NULL;
	struct line_info *l;

	tpc_vec_foreach (l, &v->lines) {
		if (l->file != last) {
			last = l->file;
			kept = tpc_strdup(v->c->arena, last);
		}
		l->file = kept;
	}
}

void verify_object(struct tpc_ctx *c, const char *name, const void *data, size_t len,
		   const struct verify_opts *o, struct verify_report *ret)
{
	struct verify *v = tpc_new(c->arena, struct verify); /* for verify_guest() it outlives this call */
	struct object object = { 0 };
	unsigned char *copy;

	*v = (struct verify){ .c = c, .o = o, .r = ret, .len = len };
	*ret = (struct verify_report){ .object = name, .digest = tpc_digest(c->arena, data, len) };
	if (!len || len > OBJECT_SIZE_MAX) {
		check_begin(v, "structure", NULL);
		finding(v, TPC_E_OBJECT_STRUCTURE, len ? "larger than %u bytes" : "empty", OBJECT_SIZE_MAX);
		check_end(v, " ");
		return;
	}
	/* Three parsers see these bytes, and none may be led to write into the caller's. */
	copy = tpc_arena_alloc(c->arena, len, 16);
	memcpy(copy, data, len);
	v->data = copy;
	if (check_inside(v, &object)) {
		check_outside(v);
		keep_file_names(v);
		ret->sound = v;
	} else {
		skip_outside(v);
	}
	btf__free(v->btf);
	v->btf = NULL;
	object_done(&object);
	v->manifest = NULL;
}
