// SPDX-License-Identifier: Apache-2.0
/* Fields of a tracepoint's record, wherever they are told. */
#include "base/text.h"
#include "kernel/kernel_impl.h"

#include <string.h>

struct kernel_field *format_add(struct tpc_arena *a, struct kernel_format *f)
{
	return tpc_vec_push(a, &f->fields);
}

/* struct trace_entry of include/linux/trace_events.h. */
void format_add_common(struct tpc_arena *a, struct kernel_format *f)
{
	static const struct kernel_field common[] = {
		{ .name = "common_type", .type = "unsigned short", .offset = 0, .size = 2 },
		{ .name = "common_flags", .type = "unsigned char", .offset = 2, .size = 1 },
		{ .name = "common_preempt_count", .type = "unsigned char", .offset = 3, .size = 1 },
		{ .name = "common_pid", .type = "int", .offset = 4, .size = 4, .is_signed = true },
	};

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		struct kernel_field *field = format_add(a, f);

		*field = common[i];
		format_judge(field);
	}
}

static bool starts_with(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

static const char *number_word(const struct kernel_field *f)
{
	switch (f->size) {
	case 1:
		return f->is_signed ? "int8" : "uint8";
	case 2:
		return f->is_signed ? "int16" : "uint16";
	case 4:
		return f->is_signed ? "int32" : "uint32";
	case 8:
		if (!strcmp(f->type, "size_t"))
			return "size_t";
		return f->is_signed ? "int64" : "uint64";
	default:
		return NULL;
	}
}

static bool is_text(const char *type)
{
	if (starts_with(type, "const "))
		type += strlen("const ");
	return starts_with(type, "char *") && !strchr(type + strlen("char *"), '*') && !strchr(type, '(');
}

/*
 * Facts: getGenericTypeId in cilium/tetragon pkg/sensors/tracing/generictracepoint.go. There text needs its
 * size from another field and is a char_buf; here it is a string by itself. Other pointers have no word.
 */
void format_judge(struct kernel_field *f)
{
	if (starts_with(f->type, "__data_loc"))
		f->word = "data_loc";
	else if (starts_with(f->type, "__rel_loc"))
		f->word = NULL;
	else if (strchr(f->type, '['))
		f->word = "const_buf";
	else if (strchr(f->type, '*') || strchr(f->type, '('))
		f->word = is_text(f->type) ? "string" : NULL;
	else
		f->word = number_word(f);
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

/* "char comm[16]": where the name ends, and the brackets that are a part of the type. */
static size_t name_end(const char *decl, size_t len)
{
	const char *open = len && decl[len - 1] == ']' ? memrchr(decl, '[', len) : NULL;

	/* "u8 addr[2][4]" */
	while (open && open > decl && open[-1] == ']')
		open = memrchr(decl, '[', (size_t)(open - decl));
	return open ? (size_t)(open - decl) : len;
}

void format_split(struct tpc_arena *a, const char *decl, size_t len, struct kernel_field *ret)
{
	size_t end, start, type;

	while (len && tpc_is_blank(decl[0])) {
		decl++;
		len--;
	}
	while (len && tpc_is_blank(decl[len - 1]))
		len--;
	end = name_end(decl, len);
	for (start = end; start && is_name_char(decl[start - 1]);)
		start--;
	for (type = start; type && tpc_is_blank(decl[type - 1]);)
		type--;
	ret->name = tpc_strndup(a, decl + start, end - start);
	ret->type = tpc_sprintf(a, "%.*s%s%.*s", (int)type, decl, end < len ? " " : "", (int)(len - end),
				decl + end);
}
