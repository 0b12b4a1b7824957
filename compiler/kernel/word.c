// SPDX-License-Identifier: Apache-2.0
/*
 * Argument types of the CRD against types of the kernel. Facts: cilium/tetragon pkg/generictypes (what a
 * type's name means) and pkg/btf/validation.go (what fits). Both compare names alone there; sizes decide
 * here.
 */
#include "kernel/kernel_impl.h"

#include <string.h>

/* First members of first members: how deep a struct may start with the one that is asked for. */
#define EMBEDDED_MAX 8

/* CRD words for a struct or union behind one pointer, or in place. */
static const struct object_word {
	const char *word, *name;
} object_words[] = {
	{ "skb", "sk_buff" },
	{ "sock", "sock" },
	{ "sockaddr", "sockaddr" },
	{ "sockaddr_un", "sockaddr_un" },
	{ "socket", "socket" },
	{ "file", "file" },
	{ "filename", "filename" },
	{ "path", "path" },
	{ "dentry", "dentry" },
	{ "bpf_attr", "bpf_attr" },
	{ "bpf_map", "bpf_map" },
	{ "bpf_prog", "bpf_prog" },
	{ "perf_event", "perf_event" },
	{ "user_namespace", "user_namespace" },
	{ "kiocb", "kiocb" },
	{ "iov_iter", "iov_iter" },
	{ "cred", "cred" },
	{ "load_info", "load_info" },
	{ "module", "module" },
	{ "linux_binprm", "linux_binprm" },
	{ "net_device", "net_device" },
};

/* Words for whole numbers, and how many bytes they may have. */
static const struct number_word {
	const char *word;
	uint32_t least, most;
} number_words[] = {
	{ "int8", 1, 1 },   { "sint8", 1, 1 },	 { "uint8", 1, 1 },	 { "int16", 2, 2 },
	{ "sint16", 2, 2 }, { "uint16", 2, 2 },	 { "int32", 4, 4 },	 { "sint32", 4, 4 },
	{ "uint32", 4, 4 }, { "int64", 8, 8 },	 { "sint64", 8, 8 },	 { "long", 8, 8 },
	{ "uint64", 8, 8 }, { "ulong", 8, 8 },	 { "size_t", 8, 8 },	 { "int", 4, 8 },
	{ "fd", 4, 8 },	    { "bpf_cmd", 4, 8 }, { "capability", 4, 8 },
};

/* A type without its qualifiers and typedefs. */
struct shape {
	uint32_t npointers;	    /* 0 or 1; 2 for more */
	uint32_t id;		    /* what is behind them, 0: void */
	struct btf_view v;	    /* of it, unless void */
	bool is_size_t, is_cap_set; /* by a typedef's name */
};

static void note_typedef(struct shape *s, const char *name)
{
	if (!strcmp(name, "size_t"))
		s->is_size_t = true;
	else if (!strcmp(name, "kernel_cap_t"))
		s->is_cap_set = true;
}

/* False: the chain does not end, or names what is not there. */
static bool read_shape(struct kernel *k, uint32_t type, struct shape *ret)
{
	*ret = (struct shape){ 0 };
	for (int i = 0; i < HOPS_MAX; i++) {
		type = btf_skip_qualifiers(k, type);
		ret->id = type;
		if (!type || !btf_view(k, type, &ret->v))
			return !type;
		if (btf_is_typedef(ret->v.t))
			note_typedef(ret, btf_view_name(&ret->v));
		else if (!btf_is_ptr(ret->v.t))
			return true;
		else if (ret->npointers < 2)
			ret->npointers++;
		type = btf_global(ret->v.b, ret->v.t->type);
	}
	return false;
}

static bool is_char(struct kernel *k, uint32_t type)
{
	struct shape s;

	return read_shape(k, type, &s) && !s.npointers && s.id && btf_is_int(s.v.t) && s.v.t->size == 1 &&
	       !(btf_int_encoding(s.v.t) & BTF_INT_BOOL);
}

static bool is_number(const struct shape *s)
{
	return s->id && (btf_is_int(s->v.t) || btf_is_any_enum(s->v.t));
}

/* Objects are structs and unions, whether this BTF defines them or only names them. */
static bool is_object(const struct shape *s)
{
	return s->id && (btf_is_composite(s->v.t) || btf_is_fwd(s->v.t));
}

static const char *number_word_of(const struct shape *s)
{
	bool is_signed = btf_is_int(s->v.t) ? btf_int_encoding(s->v.t) & BTF_INT_SIGNED : btf_kflag(s->v.t);

	switch (s->v.t->size) {
	case 1:
		return is_signed ? "int8" : "uint8";
	case 2:
		return is_signed ? "int16" : "uint16";
	case 4:
		if (is_signed)
			return btf_is_int(s->v.t) ? "int" : "int32";
		return "uint32";
	case 8:
		if (s->is_size_t)
			return "size_t";
		return is_signed ? "int64" : "uint64";
	default:
		return NULL;
	}
}

const char *kernel_word_of(struct kernel *k, uint32_t type)
{
	struct shape s;

	if (!read_shape(k, type, &s) || !s.id || s.npointers > 1)
		return NULL;
	if (s.is_cap_set)
		return "kernel_cap_t";
	if (s.npointers && is_char(k, s.id))
		return "string";
	if (!s.npointers && btf_is_array(s.v.t) && is_char(k, btf_global(s.v.b, btf_array(s.v.t)->type)))
		return "string";
	if (!s.npointers && is_number(&s))
		return number_word_of(&s);
	for (uint32_t i = 0; is_object(&s) && i < sizeof(object_words) / sizeof(object_words[0]); i++) {
		if (!strcmp(btf_view_name(&s.v), object_words[i].name))
			return object_words[i].word;
	}
	return NULL;
}

/* Is it a struct @name, or one that starts with one, as a tcp_sock does with a sock? */
static bool starts_with(struct kernel *k, struct btf_view v, const char *name)
{
	for (int i = 0; i < EMBEDDED_MAX; i++) {
		if (!strcmp(btf_view_name(&v), name))
			return true;
		if (!btf_is_composite(v.t) || !btf_vlen(v.t) ||
		    !btf_view(k, btf_skip_typedefs(k, btf_global(v.b, btf_members(v.t)[0].type)), &v))
			return false;
	}
	return false;
}

static bool fits_object(struct kernel *k, const struct shape *s, const char *word, const char *name)
{
	if (!is_object(s) || s->npointers > 1)
		return false;
	if (starts_with(k, s->v, name))
		return true;
	/* An address is handed over as one of its family, or of none: sockaddr_storage, sockaddr_unsized. */
	return !strncmp(word, "sockaddr", 8) && !strncmp(btf_view_name(&s->v), "sockaddr", 8);
}

static bool fits_number(const struct shape *s, const struct number_word *w)
{
	uint32_t size;

	if (s->npointers || (s->id && btf_is_array(s->v.t)))
		size = s->npointers ? 8 : 0;
	else
		size = is_number(s) ? s->v.t->size : 0;
	/* A pointer is an address, which int is too short for. */
	if (s->npointers && w->least < 8)
		return false;
	return size >= w->least && size <= w->most;
}

/* Bytes can be read wherever something points; text where it may be text. */
static bool fits_bytes(struct kernel *k, const struct shape *s, bool is_text)
{
	if (!s->npointers)
		return s->id && btf_is_array(s->v.t) &&
		       (!is_text || is_char(k, btf_global(s->v.b, btf_array(s->v.t)->type)));
	return !is_text || (s->npointers == 1 && is_char(k, s->id));
}

static bool is_cap_set(const struct shape *s)
{
	return s->npointers < 2 &&
	       (s->is_cap_set || (is_object(s) && !strcmp(btf_view_name(&s->v), "kernel_cap_struct")));
}

static bool is_any(const char *word, const char *const list[])
{
	for (; *list; list++) {
		if (!strcmp(word, *list))
			return true;
	}
	return false;
}

bool kernel_word_fits(struct kernel *k, uint32_t type, const char *word)
{
	static const char *const untold[] = { "nop", "const_buf", "data_loc", "syscall64", NULL };
	static const char *const cap_sets[] = { "kernel_cap_t", "cap_inheritable", "cap_permitted",
						"cap_effective", NULL };
	struct shape s;

	if (is_any(word, untold) || !kernel_vmlinux(k) || !read_shape(k, type, &s))
		return true;
	if (!strcmp(word, "auto"))
		return kernel_word_of(k, type);
	for (uint32_t i = 0; i < sizeof(number_words) / sizeof(number_words[0]); i++) {
		if (!strcmp(word, number_words[i].word))
			return fits_number(&s, &number_words[i]);
	}
	/* void * may point to anything, void is nothing. */
	if (!s.id)
		return s.npointers;
	for (uint32_t i = 0; i < sizeof(object_words) / sizeof(object_words[0]); i++) {
		if (!strcmp(word, object_words[i].word))
			return fits_object(k, &s, word, object_words[i].name);
	}
	if (!strcmp(word, "string") || !strcmp(word, "char_buf"))
		return fits_bytes(k, &s, word[0] == 's');
	if (!strcmp(word, "char_iovec"))
		return fits_object(k, &s, word, "iovec");
	if (is_any(word, cap_sets))
		return is_cap_set(&s);
	return true;
}
