// SPDX-License-Identifier: Apache-2.0
#include "frontend/k8s_name.h"

#include "base/text.h"

static bool is_lower_alnum(char ch)
{
	return tpc_is_alnum(ch) && !(ch >= 'A' && ch <= 'Z');
}

bool k8s_is_subdomain(const char *s, uint32_t len)
{
	if (!len || len > K8S_SUBDOMAIN_MAX)
		return false;
	for (uint32_t i = 0; i < len; i++) {
		bool edge = !i || i + 1 == len || s[i - 1] == '.' || s[i + 1] == '.';

		if (!is_lower_alnum(s[i]) && (edge || (s[i] != '-' && s[i] != '.')))
			return false;
	}
	return true;
}

bool k8s_is_dns_label(const char *s, uint32_t len)
{
	return len <= K8S_LABEL_MAX && !memchr(s, '.', len) && k8s_is_subdomain(s, len);
}

bool k8s_is_label_value(const char *s, uint32_t len)
{
	if (!len || len > K8S_LABEL_MAX || !tpc_is_alnum(s[0]) || !tpc_is_alnum(s[len - 1]))
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (!tpc_is_alnum(s[i]) && s[i] != '-' && s[i] != '_' && s[i] != '.')
			return false;
	return true;
}
