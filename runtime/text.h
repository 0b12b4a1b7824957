/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes from the kernel, made fit for JSON and for terminals. */
#ifndef TPC_RT_TEXT_H
#define TPC_RT_TEXT_H

#include "util.h"

/* Appends @s as valid UTF-8: each byte that is not becomes U+FFFD. Source: RFC 3629. */
void text_utf8(struct rt_buf *out, const char *s, size_t len);
/* Appends base64 with padding: RFC 4648. */
void text_base64(struct rt_buf *out, const void *s, size_t len);
/* Appends @s for a line on a terminal: control characters as \n, \t, \xNN; a backslash doubled; UTF-8 kept. */
void text_escape(struct rt_buf *out, const char *s, size_t len);
/* Appends the time @ns since 1970 as "2026-01-02T03:04:05.000000006Z". */
void text_time(struct rt_buf *out, uint64_t ns);
/* Appends "-rw-r--r--" of an inode's mode, with the lower-case and upper-case letters of ls(1). */
void text_mode(struct rt_buf *out, uint32_t mode);
/* "SIGKILL", or "SIG64" for those without a name, NULL for 0. In @buf or static. */
const char *text_signal(int sig, char buf[16]);

#endif
