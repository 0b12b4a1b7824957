// SPDX-License-Identifier: Apache-2.0
/* CODE(identifier, number, slug): one row a diagnostic. Numbers are never reused. */
/* 1xx: bytes and YAML */
CODE(E_IO, 101, "cannot-read")
CODE(E_TOO_BIG, 102, "input-too-big")
CODE(E_ENCODING, 103, "not-utf8")
CODE(E_YAML, 104, "yaml-syntax")
CODE(E_DEPTH, 105, "nesting-too-deep")
CODE(E_ALIAS, 106, "alias-expansion")
CODE(E_DUPLICATE_KEY, 107, "duplicate-key")
CODE(E_EMPTY, 108, "no-policy")
/* 2xx: schema */
CODE(E_NOT_A_POLICY, 201, "not-a-policy")
CODE(E_WRONG_TYPE, 202, "wrong-type")
CODE(E_UNKNOWN_FIELD, 203, "unknown-field")
CODE(W_FIELD_SPELLING, 204, "field-spelling")
CODE(E_MISSING_FIELD, 205, "missing-field")
CODE(E_ENUM, 206, "unknown-value")
CODE(E_RANGE, 207, "out-of-range")
CODE(E_NAME, 208, "bad-name")
/* 3xx: meaning */
CODE(E_CALL, 301, "bad-call")
CODE(E_ARG_INDEX, 302, "bad-argument-index")
CODE(E_OPERATOR_TYPE, 303, "operator-type")
CODE(E_VALUE, 304, "bad-value")
CODE(E_NO_VALUES, 305, "no-values")
CODE(E_OVERRIDE_HOOK, 306, "override-not-possible")
CODE(E_ACTION_ARG, 307, "bad-action-argument")
CODE(E_HOOK_UNKNOWN, 308, "unknown-hook")
CODE(E_DUPLICATE_POLICY, 309, "duplicate-policy")
CODE(W_SELECTOR_DEAD, 310, "selector-never-matches")
CODE(W_ARG_POSITION, 311, "argument-position")
CODE(E_LIMIT, 312, "limit")
CODE(W_NO_EFFECT, 313, "no-effect")
/* 4xx: the language is known, this compiler does not do it yet */
CODE(E_NOT_YET, 401, "not-yet")
/* 5xx: tools and machine */
CODE(E_CLANG, 501, "clang")
CODE(E_GENERATED_C, 502, "generated-c")
CODE(E_INTERNAL, 503, "internal")
CODE(E_ENVIRONMENT, 504, "environment")
/* 6xx: objects */
CODE(E_OBJECT, 601, "bad-object")
CODE(E_MANIFEST, 602, "bad-manifest")
