// SPDX-License-Identifier: Apache-2.0
#include "text.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Length of the well-formed sequence at @s, 0: there is none. */
static size_t utf8_len(const unsigned char *s, size_t left)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t cp;
	size_t n;

	if (s[0] < 0x80)
		return 1;
	n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || n > left)
		return 0;
	cp = s[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		cp = cp << 6 | (s[i] & 0x3fU);
	}
	if (cp < least[n] || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return 0;
	return n;
}

void text_utf8(struct rt_buf *out, const char *s, size_t len)
{
	size_t n;

	for (size_t i = 0; i < len; i += n ? n : 1) {
		n = utf8_len((const unsigned char *)s + i, len - i);
		if (n)
			rt_buf_add(out, s + i, n);
		else
			rt_buf_str(out, "\xef\xbf\xbd");
	}
	rt_buf_add(out, "", 0);
}

void text_base64(struct rt_buf *out, const void *data, size_t len)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *s = data;
	char four[4];
	uint32_t v;

	for (size_t i = 0; i < len; i += 3) {
		v = (uint32_t)s[i] << 16 | (i + 1 < len ? (uint32_t)s[i + 1] << 8 : 0) |
		    (i + 2 < len ? s[i + 2] : 0);
		four[0] = set[v >> 18];
		four[1] = set[v >> 12 & 63];
		four[2] = i + 1 < len ? set[v >> 6 & 63] : '=';
		four[3] = i + 2 < len ? set[v & 63] : '=';
		rt_buf_add(out, four, sizeof(four));
	}
	rt_buf_add(out, "", 0);
}

void text_escape(struct rt_buf *out, const char *s, size_t len)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t n;

	for (size_t i = 0; i < len; i += n ? n : 1) {
		n = utf8_len(u + i, len - i);
		if (u[i] == '\\')
			rt_buf_str(out, "\\\\");
		else if (u[i] == '\n')
			rt_buf_str(out, "\\n");
		else if (u[i] == '\t')
			rt_buf_str(out, "\\t");
		else if (!n || u[i] < 0x20 || u[i] == 0x7f)
			rt_buf_fmt(out, "\\x%02x", u[i]);
		else if (n == 2 && u[i] == 0xc2 && u[i + 1] < 0xa0) /* C1 controls */
			rt_buf_fmt(out, "\\u%04x", u[i + 1]);
		else
			rt_buf_add(out, s + i, n);
	}
	rt_buf_add(out, "", 0);
}

void text_time(struct rt_buf *out, uint64_t ns)
{
	time_t s = (time_t)(ns / 1000000000ULL);
	struct tm tm = { 0 };

	gmtime_r(&s, &tm);
	rt_buf_fmt(out, "%04d-%02d-%02dT%02d:%02d:%02d.%09lluZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		   tm.tm_hour, tm.tm_min, tm.tm_sec, (unsigned long long)(ns % 1000000000ULL));
}

void text_mode(struct rt_buf *out, uint32_t mode)
{
	char s[11] = "?rwxrwxrwx";

	switch (mode & S_IFMT) {
	case S_IFBLK:
		s[0] = 'b';
		break;
	case S_IFCHR:
		s[0] = 'c';
		break;
	case S_IFDIR:
		s[0] = 'd';
		break;
	case S_IFIFO:
		s[0] = 'p';
		break;
	case S_IFLNK:
		s[0] = 'l';
		break;
	case S_IFREG:
		s[0] = '-';
		break;
	case S_IFSOCK:
		s[0] = 's';
		break;
	}
	for (unsigned i = 0; i < 9; i++)
		if (!(mode >> (8 - i) & 1))
			s[i + 1] = '-';
	if (mode & S_ISUID)
		s[3] = mode & S_IXUSR ? 's' : 'S';
	if (mode & S_ISGID)
		s[6] = mode & S_IXGRP ? 's' : 'S';
	if (mode & S_ISVTX)
		s[9] = mode & S_IXOTH ? 't' : 'T';
	rt_buf_str(out, s);
}

const char *text_signal(int sig, char buf[16])
{
	const char *name = sig ? sigabbrev_np(sig) : NULL;

	if (!sig)
		return NULL;
	if (name)
		snprintf(buf, 16, "SIG%s", name);
	else
		snprintf(buf, 16, "SIG%d", sig);
	return buf;
}
