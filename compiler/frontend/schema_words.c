// SPDX-License-Identifier: Apache-2.0
/* The closed word lists of words.h as tables. */
#include "frontend/schema_impl.h"

#define WORD(id, spelling, meaning) { .name = spelling, .doc = meaning },
#define LIST(name, list, what)                                                                               \
	static const struct schema_word name##_items[] = { list(WORD) };                                     \
	const struct schema_words name = { .noun = what,                                                     \
					   .items = name##_items,                                            \
					   .len = sizeof(name##_items) / sizeof(name##_items[0]) };

LIST(schema_arg_types, TPC_WORDS_ARG_TYPE, "argument type")
LIST(schema_arg_operators, TPC_WORDS_ARG_OPERATOR, "operator")
LIST(schema_set_operators, TPC_WORDS_SET_OPERATOR, "operator")
LIST(schema_binary_operators, TPC_WORDS_BINARY_OPERATOR, "operator")
LIST(schema_label_operators, TPC_WORDS_LABEL_OPERATOR, "operator")
LIST(schema_actions, TPC_WORDS_ACTION, "action")
LIST(schema_namespaces, TPC_WORDS_NAMESPACE, "namespace")
LIST(schema_cap_sets, TPC_WORDS_CAP_SET, "capability set")
LIST(schema_list_types, TPC_WORDS_LIST_TYPE, "list type")
LIST(schema_return_actions, TPC_WORDS_RETURN_ACTION, "returnArgAction")
LIST(schema_rate_scopes, TPC_WORDS_RATE_SCOPE, "rate limit scope")
