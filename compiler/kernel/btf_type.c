// SPDX-License-Identifier: Apache-2.0
/* Kernel types as C. */
#include "kernel/kernel_impl.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"

/* What one part of a type may take: names of hostile BTF can be as long as the file. */
#define NAME_SHOWN 128
/* A declarator that is longer than this is not what anybody wants to read. */
#define DECL_MAX 256

/* The part behind the type's name: "*", "**[4]", "(*)(...)"; it is built from the inside out. */
struct decl {
	char s[DECL_MAX + 1];
	const char *quals; /* seen and not yet written: of the next pointer, or of the type itself */
};

static void put_before(struct decl *d, const char *s)
{
	size_t len = strlen(d->s), n = strlen(s);

	if (len + n > DECL_MAX)
		return;
	memmove(d->s + n, d->s, len + 1);
	memcpy(d->s, s, n);
}

static void put_behind(struct decl *d, const char *s)
{
	size_t len = strlen(d->s), n = strlen(s);

	/* (*)[4] is a pointer to an array, *[4] an array of pointers. */
	if (len + n + 2 > DECL_MAX)
		return;
	if (d->s[0] == '*') {
		put_before(d, "(");
		strcat(d->s, ")");
	}
	strcat(d->s, s);
}

static void put_pointer(struct decl *d)
{
	/* "*const", and a blank before what stands behind it. */
	if (d->quals && d->s[0] && d->s[0] != '[')
		put_before(d, " ");
	if (d->quals)
		put_before(d, d->quals);
	put_before(d, "*");
	d->quals = NULL;
}

static void put_array(struct decl *d, uint32_t n)
{
	char s[16] = "[]";

	if (n)
		snprintf(s, sizeof(s), "[%u]", n);
	put_behind(d, s);
}

static const char *keyword_of(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
		return "struct ";
	case BTF_KIND_UNION:
		return "union ";
	case BTF_KIND_FWD:
		return btf_kflag(t) ? "union " : "struct ";
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return "enum ";
	default:
		return "";
	}
}

/* @v: NULL is void. */
static const char *finish(struct tpc_arena *a, const struct btf_view *v, const struct decl *d)
{
	const char *name = v ? btf_view_name(v) : "void";
	const char *quals = d->quals ? d->quals : "";

	return tpc_sprintf(a, "%s%s%s%.*s%s%s", quals, d->quals ? " " : "", v ? keyword_of(v->t) : "",
			   NAME_SHOWN, *name ? name : "{...}", d->s[0] ? " " : "", d->s);
}

/* One step inwards. False: @v is what the type is made of. */
static bool peel(const struct btf_view *v, struct decl *d, uint32_t *local)
{
	*local = v->t->type;
	switch (btf_kind(v->t)) {
	case BTF_KIND_CONST:
		d->quals = "const";
		return true;
	case BTF_KIND_VOLATILE:
		if (!d->quals)
			d->quals = "volatile";
		return true;
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return true;
	case BTF_KIND_PTR:
		put_pointer(d);
		return true;
	case BTF_KIND_ARRAY:
		put_array(d, btf_array(v->t)->nelems);
		*local = btf_array(v->t)->type;
		return true;
	case BTF_KIND_FUNC_PROTO:
		put_behind(d, btf_vlen(v->t) ? "(...)" : "(void)");
		return true;
	default:
		return false;
	}
}

const char *kernel_type_name(struct kernel *k, struct tpc_arena *a, uint32_t type)
{
	struct decl d = { 0 };
	struct btf_view v;
	uint32_t local;

	for (int i = 0; i < HOPS_MAX; i++) {
		if (!btf_view(k, type, &v))
			return finish(a, NULL, &d);
		if (!peel(&v, &d, &local))
			return finish(a, &v, &d);
		type = btf_global(v.b, local);
	}
	return "?";
}
