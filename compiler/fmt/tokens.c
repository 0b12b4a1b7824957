// SPDX-License-Identifier: Apache-2.0
/* libyaml's tokens: unlike nodes they know where each '-' and ':' is. */
#include <yaml.h>

#include "fmt/fmt_impl.h"
#include "frontend/yaml_impl.h"

static enum fmt_kind scalar_kind(yaml_scalar_style_t style)
{
	switch (style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return FMT_QUOTED;
	case YAML_LITERAL_SCALAR_STYLE:
	case YAML_FOLDED_SCALAR_STYLE:
		return FMT_BLOCK;
	case YAML_ANY_SCALAR_STYLE:
	case YAML_PLAIN_SCALAR_STYLE:
		break;
	}
	return FMT_PLAIN;
}

static enum fmt_kind kind_of(const yaml_token_t *t)
{
	switch (t->type) {
	case YAML_KEY_TOKEN:
		return FMT_KEY;
	case YAML_VALUE_TOKEN:
		return FMT_VALUE;
	case YAML_BLOCK_ENTRY_TOKEN:
		return FMT_ENTRY;
	case YAML_BLOCK_SEQUENCE_START_TOKEN:
		return FMT_LIST_START;
	case YAML_BLOCK_MAPPING_START_TOKEN:
		return FMT_MAP_START;
	case YAML_BLOCK_END_TOKEN:
		return FMT_BLOCK_END;
	case YAML_FLOW_SEQUENCE_START_TOKEN:
	case YAML_FLOW_MAPPING_START_TOKEN:
		return FMT_FLOW_START;
	case YAML_FLOW_SEQUENCE_END_TOKEN:
	case YAML_FLOW_MAPPING_END_TOKEN:
		return FMT_FLOW_END;
	case YAML_ALIAS_TOKEN:
		return FMT_ALIAS;
	case YAML_SCALAR_TOKEN:
		return scalar_kind(t->data.scalar.style);
	case YAML_DOCUMENT_START_TOKEN:
	case YAML_DOCUMENT_END_TOKEN:
	case YAML_VERSION_DIRECTIVE_TOKEN:
	case YAML_TAG_DIRECTIVE_TOKEN:
		return FMT_MARKER;
	case YAML_STREAM_END_TOKEN:
		return FMT_END;
	case YAML_NO_TOKEN:
	case YAML_STREAM_START_TOKEN:
	case YAML_FLOW_ENTRY_TOKEN:
	case YAML_ANCHOR_TOKEN:
	case YAML_TAG_TOKEN:
		break;
	}
	return FMT_WORD;
}

static bool scan(struct tpc_ctx *c, yaml_parser_t *p, struct yaml_cursor *cur, struct fmt_tokens *ret)
{
	struct fmt_token *t;
	yaml_token_t tok;
	bool more = true;

	while (more) {
		if (!yaml_parser_scan(p, &tok))
			return false;
		more = tok.type != YAML_STREAM_END_TOKEN && tok.type != YAML_NO_TOKEN;
		if (tok.type != YAML_STREAM_START_TOKEN) {
			t = tpc_vec_push(c->arena, ret);
			t->kind = kind_of(&tok);
			t->off = yaml_cursor_byte(cur, tok.start_mark.index);
			t->end = yaml_cursor_byte(cur, tok.end_mark.index);
		}
		yaml_token_delete(&tok);
	}
	return ret->len && ret->items[ret->len - 1].kind == FMT_END;
}

bool fmt_read_tokens(struct tpc_ctx *c, uint32_t file, struct fmt_tokens *ret)
{
	struct yaml_cursor cur;
	yaml_parser_t p;
	bool ok;

	*ret = (struct fmt_tokens){ 0 };
	if (!yaml_input_check(c, file, &cur) || !yaml_parser_initialize(&p))
		return false;
	yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&p, (const unsigned char *)cur.text + cur.start, cur.len - cur.start);
	ok = scan(c, &p, &cur, ret);
	yaml_parser_delete(&p);
	return ok;
}
