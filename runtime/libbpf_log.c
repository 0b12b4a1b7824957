// SPDX-License-Identifier: Apache-2.0
#include "libbpf_log.h"

#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>

static char text[4096];
static bool show;

static int keep(enum libbpf_print_level level, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static int keep(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	size_t len = strlen(text);
	va_list again;

	if (level == LIBBPF_DEBUG)
		return 0;
	if (show) {
		va_copy(again, ap);
		vfprintf(stderr, fmt, again);
		va_end(again);
	}
	if (level == LIBBPF_WARN)
		vsnprintf(text + len, sizeof(text) - len, fmt, ap);
	return 0;
}

void libbpf_log_start(bool verbose)
{
	show = verbose;
	libbpf_log_clear();
	libbpf_set_print(keep);
}

void libbpf_log_clear(void)
{
	text[0] = '\0';
}

const char *libbpf_log_text(void)
{
	return text;
}
