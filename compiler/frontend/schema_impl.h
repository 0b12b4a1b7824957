// SPDX-License-Identifier: Apache-2.0
/*
 * How the tables of schema*.c are written. Each table defines OWNER as its struct; a row names the member it
 * fills, and the compiler checks that the member has the type the row speaks of.
 */
#ifndef TPC_FRONTEND_SCHEMA_IMPL_H
#define TPC_FRONTEND_SCHEMA_IMPL_H

#include "frontend/schema.h"

#define MEMBER_IS_(m, T) __builtin_types_compatible_p(__typeof__(((OWNER *)0)->m), T)
#define ITEM_IS_(m, T) __builtin_types_compatible_p(__typeof__(*((OWNER *)0)->m.items), T)
#define ROW_(spelling, m, ok)                                                                                \
	.name = spelling, .name_len = sizeof(spelling) - 1,                                                  \
	.offset = __builtin_offsetof(OWNER, m) + 0 * sizeof(char[(ok) ? 1 : -1])

#define TEXT(spelling, m, ...)                                                                               \
	{ ROW_(spelling, m, MEMBER_IS_(m, struct tpc_text)), .type = SCHEMA_TEXT, __VA_ARGS__ }
#define BOOL(spelling, m, ...)                                                                               \
	{ ROW_(spelling, m, MEMBER_IS_(m, struct tpc_bool)), .type = SCHEMA_BOOL, __VA_ARGS__ }
#define INT(spelling, m, least, most, ...)                                                                   \
	{ ROW_(spelling, m, MEMBER_IS_(m, struct tpc_int)), .type = SCHEMA_INT, .min = least, .max = most,   \
	  __VA_ARGS__ }
#define VALUE(spelling, m, ...)                                                                              \
	{ ROW_(spelling, m, MEMBER_IS_(m, struct tpc_value)), .type = SCHEMA_VALUE, __VA_ARGS__ }
#define WORD_OF(spelling, m, list, ...)                                                                      \
	{ ROW_(spelling, m, MEMBER_IS_(m, struct tpc_word)), .type = SCHEMA_WORD, .words = &(list),          \
	  __VA_ARGS__ }
#define OBJECT(spelling, m, T, obj, ...)                                                                     \
	{ ROW_(spelling, m, MEMBER_IS_(m, T)), .type = SCHEMA_OBJECT, .object = &(obj), __VA_ARGS__ }
#define POINTER(spelling, m, T, obj, ...)                                                                    \
	{ ROW_(spelling, m, MEMBER_IS_(m, T *)), .type = SCHEMA_OBJECT_POINTER, .object = &(obj),            \
	  __VA_ARGS__ }
#define OBJECTS(spelling, m, T, obj, ...)                                                                    \
	{ ROW_(spelling, m, ITEM_IS_(m, T)), .type = SCHEMA_LIST, .item = SCHEMA_OBJECT, .object = &(obj),   \
	  __VA_ARGS__ }
#define TEXTS(spelling, m, ...)                                                                              \
	{ ROW_(spelling, m, ITEM_IS_(m, struct tpc_text)), .type = SCHEMA_LIST, .item = SCHEMA_TEXT,         \
	  __VA_ARGS__ }
#define VALUES(spelling, m, ...)                                                                             \
	{ ROW_(spelling, m, ITEM_IS_(m, struct tpc_value)), .type = SCHEMA_LIST, .item = SCHEMA_VALUE,       \
	  __VA_ARGS__ }
#define INTS(spelling, m, least, most, ...)                                                                  \
	{ ROW_(spelling, m, ITEM_IS_(m, struct tpc_int)),                                                    \
	  .type = SCHEMA_LIST,                                                                               \
	  .item = SCHEMA_INT,                                                                                \
	  .min = least,                                                                                      \
	  .max = most,                                                                                       \
	  __VA_ARGS__ }
#define TEXT_MAP(spelling, m, ...)                                                                           \
	{ ROW_(spelling, m, ITEM_IS_(m, struct tpc_pair)), .type = SCHEMA_TEXT_MAP, __VA_ARGS__ }
#define OBJECT_MAP(spelling, m, obj, ...)                                                                    \
	{ ROW_(spelling, m, ITEM_IS_(m, struct tpc_macro)), .type = SCHEMA_OBJECT_MAP, .object = &(obj),     \
	  __VA_ARGS__ }
#define ANY(spelling, ...)                                                                                   \
	{ .name = spelling, .name_len = sizeof(spelling) - 1, .type = SCHEMA_ANY, __VA_ARGS__ }

#define REQUIRED .required = true
#define NOT_NULL .not_null = true
#define DOC(text) .doc = text
#define DEFAULT(v) .fallback = v
#define AT_MOST(n) .max = n
#define ONE_OF(list) .texts = list

/* The CRD gives uint32 fields the format int32, and uint64 fields the format int64. */
#define UINT_MAX_CRD INT32_MAX
#define UINT64_MAX_CRD INT64_MAX

#define OBJECT_TABLE(id, T, what, key_field, text)                                                           \
	const struct schema_object id = { .noun = what,                                                      \
					  .key = key_field,                                                  \
					  .size = sizeof(T),                                                 \
					  .at = __builtin_offsetof(T, at),                                   \
					  .fields = id##_fields,                                             \
					  .nfields = sizeof(id##_fields) / sizeof(id##_fields[0]),           \
					  .doc = text };                                                     \
	_Static_assert(sizeof(id##_fields) / sizeof(id##_fields[0]) <= SCHEMA_MAX_FIELDS, "one bit a field")

extern const struct schema_words schema_arg_types, schema_arg_operators, schema_set_operators,
	schema_binary_operators, schema_label_operators, schema_actions, schema_namespaces, schema_cap_sets,
	schema_list_types, schema_return_actions, schema_rate_scopes;

extern const struct schema_object schema_label_selector, schema_arg, schema_selector;

#endif
