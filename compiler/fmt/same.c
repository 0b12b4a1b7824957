// SPDX-License-Identifier: Apache-2.0
/* The proof behind each result: both texts give the same events, and differ in white space alone. */
#include <string.h>
#include <yaml.h>

#include "fmt/fmt_impl.h"

static bool same_text(const yaml_char_t *a, const yaml_char_t *b)
{
	return a && b ? !strcmp((const char *)a, (const char *)b) : a == b;
}

static bool same_scalar(const yaml_event_t *a, const yaml_event_t *b)
{
	return a->data.scalar.style == b->data.scalar.style &&
	       a->data.scalar.plain_implicit == b->data.scalar.plain_implicit &&
	       a->data.scalar.quoted_implicit == b->data.scalar.quoted_implicit &&
	       a->data.scalar.length == b->data.scalar.length &&
	       !memcmp(a->data.scalar.value, b->data.scalar.value, a->data.scalar.length) &&
	       same_text(a->data.scalar.anchor, b->data.scalar.anchor) &&
	       same_text(a->data.scalar.tag, b->data.scalar.tag);
}

static bool same_event(const yaml_event_t *a, const yaml_event_t *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case YAML_SCALAR_EVENT:
		return same_scalar(a, b);
	case YAML_ALIAS_EVENT:
		return same_text(a->data.alias.anchor, b->data.alias.anchor);
	case YAML_SEQUENCE_START_EVENT:
		return a->data.sequence_start.style == b->data.sequence_start.style &&
		       same_text(a->data.sequence_start.anchor, b->data.sequence_start.anchor) &&
		       same_text(a->data.sequence_start.tag, b->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return a->data.mapping_start.style == b->data.mapping_start.style &&
		       same_text(a->data.mapping_start.anchor, b->data.mapping_start.anchor) &&
		       same_text(a->data.mapping_start.tag, b->data.mapping_start.tag);
	case YAML_DOCUMENT_START_EVENT:
		return a->data.document_start.implicit == b->data.document_start.implicit;
	case YAML_DOCUMENT_END_EVENT:
		return a->data.document_end.implicit == b->data.document_end.implicit;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		break;
	}
	return true;
}

static bool same_events(yaml_parser_t *a, yaml_parser_t *b)
{
	bool same = true, more = true;

	while (same && more) {
		yaml_event_t x, y;

		if (!yaml_parser_parse(a, &x))
			return false;
		if (!yaml_parser_parse(b, &y)) {
			yaml_event_delete(&x);
			return false;
		}
		same = same_event(&x, &y);
		more = x.type != YAML_STREAM_END_EVENT && x.type != YAML_NO_EVENT;
		yaml_event_delete(&x);
		yaml_event_delete(&y);
	}
	return same;
}

static size_t skip_white(const char *s, size_t i, size_t len)
{
	while (i < len && strchr(" \t\r\n", s[i]))
		i++;
	return i;
}

/* Comments are in no event: this is what keeps them. */
static bool same_ink(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t i = skip_white(a, 0, alen), j = skip_white(b, 0, blen);

	while (i < alen && j < blen) {
		if (a[i] != b[j])
			return false;
		i = skip_white(a, i + 1, alen);
		j = skip_white(b, j + 1, blen);
	}
	return i == alen && j == blen;
}

bool fmt_same(const char *a, size_t alen, const char *b, size_t blen)
{
	yaml_parser_t x, y;
	bool same;

	if (!same_ink(a, alen, b, blen))
		return false;
	if (!yaml_parser_initialize(&x))
		return false;
	if (!yaml_parser_initialize(&y)) {
		yaml_parser_delete(&x);
		return false;
	}
	yaml_parser_set_encoding(&x, YAML_UTF8_ENCODING);
	yaml_parser_set_encoding(&y, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&x, (const unsigned char *)a, alen);
	yaml_parser_set_input_string(&y, (const unsigned char *)b, blen);
	same = same_events(&x, &y);
	yaml_parser_delete(&x);
	yaml_parser_delete(&y);
	return same;
}
