// SPDX-License-Identifier: Apache-2.0
/* Addresses, networks and ports. Facts: cilium/tetragon, pkg/selectors/kernel.go (parseAddr, writeRangeInMap). */
#include <arpa/inet.h>
#include <string.h>

#include "base/number.h"
#include "ir/lower_impl.h"

#define PORT_MAX 65535

static bool parse_port(const char *s, uint32_t len, uint64_t *ret)
{
	return tpc_parse_uint(s, len, 10, 16, ret) == TPC_NUMBER_OK;
}

static bool parse_address(const char *s, uint32_t len, struct ir_net *ret)
{
	char text[INET6_ADDRSTRLEN];

	if (!len || len >= sizeof(text))
		return false;
	memcpy(text, s, len);
	text[len] = 0;
	memset(ret, 0, sizeof(*ret));
	ret->len = 4;
	if (inet_pton(AF_INET, text, ret->addr) != 1) {
		ret->len = 16;
		if (inet_pton(AF_INET6, text, ret->addr) != 1)
			return false;
	}
	ret->prefix = (uint8_t)(ret->len * 8);
	return true;
}

/* Bits behind the prefix are cleared; true when there were some. */
static bool clear_host_bits(struct ir_net *n)
{
	bool any = false;

	for (uint32_t i = 0; i < n->len; i++) {
		uint32_t keep = n->prefix > i * 8 ? n->prefix - i * 8 : 0;
		uint8_t mask = keep >= 8 ? 0xff : (uint8_t)(0xff << (8 - keep));

		any |= n->addr[i] & ~mask;
		n->addr[i] &= mask;
	}
	return any;
}

static void say_no_address(struct lower *l, struct lower_word w)
{
	struct tpc_diag *d = lower_error(l, w.at, TPC_E_VALUE, "'%s' is neither an address nor a network",
					 lower_show(l, w.s, w.len));
	uint64_t port;
	const char *colon = w.len ? memrchr(w.s, ':', w.len) : NULL;

	if (w.len > 1 && memmem(w.s, w.len, "${", 2))
		lower_hint(l, d, "fill the placeholder in first, for example with envsubst");
	else if (colon && memchr(w.s, '.', w.len) &&
		 parse_port(colon + 1, w.len - (uint32_t)(colon + 1 - w.s), &port))
		lower_hint(l, d, "the port goes into a DPort or SPort filter");
	else
		lower_hint(l, d, "10.0.0.1, 10.0.0.0/8, fd00::/8; names are not looked up");
}

bool lower_net(struct lower *l, struct lower_word w, struct ir_net *ret)
{
	const char *slash = w.len ? memchr(w.s, '/', w.len) : NULL;
	uint32_t len = slash ? (uint32_t)(slash - w.s) : w.len;
	uint64_t bits;
	char text[INET6_ADDRSTRLEN];

	if (!parse_address(w.s, len, ret)) {
		say_no_address(l, w);
		return false;
	}
	if (!slash)
		return true;
	if (tpc_parse_uint(slash + 1, w.len - len - 1, 10, 8, &bits) != TPC_NUMBER_OK || bits > ret->prefix) {
		lower_hint(l,
			   lower_error(l, w.at, TPC_E_VALUE,
				       "'%s' is no network: the length of its prefix is wrong",
				       lower_show(l, w.s, w.len)),
			   "0 to %d", ret->prefix);
		return false;
	}
	ret->prefix = (uint8_t)bits;
	if (clear_host_bits(ret) &&
	    inet_ntop(ret->len == 4 ? AF_INET : AF_INET6, ret->addr, text, sizeof(text)))
		lower_hint(l,
			   lower_warning(l, w.at, TPC_W_NO_EFFECT,
					 "'%s' has bits behind its prefix, which are not compared",
					 lower_show(l, w.s, w.len)),
			   "%s/%d", text, ret->prefix);
	return true;
}

static bool one_port(struct lower *l, struct lower_word whole, const char *s, uint32_t len, uint64_t *ret)
{
	if (parse_port(s, len, ret))
		return true;
	lower_hint(l,
		   lower_error(l, whole.at, TPC_E_VALUE, "'%s' is neither a port nor a range of ports",
			       lower_show(l, whole.s, whole.len)),
		   "0 to %d, or min:max", PORT_MAX);
	return false;
}

bool lower_ports(struct lower *l, struct lower_word w, struct ir_range *ret)
{
	const char *colon = w.len ? memchr(w.s, ':', w.len) : NULL;
	uint32_t len = colon ? (uint32_t)(colon - w.s) : w.len;

	if (!one_port(l, w, w.s, len, &ret->lo))
		return false;
	ret->hi = ret->lo;
	if (colon && !one_port(l, w, colon + 1, w.len - len - 1, &ret->hi))
		return false;
	if (ret->hi < ret->lo)
		*ret = (struct ir_range){ ret->hi, ret->lo };
	return true;
}
