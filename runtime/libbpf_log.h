/* SPDX-License-Identifier: Apache-2.0 */
/* What libbpf has to say, kept for the message that ends in front of a person. */
#ifndef TPC_RT_LIBBPF_LOG_H
#define TPC_RT_LIBBPF_LOG_H

#include <stdbool.h>

/* libbpf has one hook for the whole process, so this has state of its own. @verbose: also show it at once. */
void libbpf_log_start(bool verbose);
void libbpf_log_clear(void);
/* The warnings since the last clear, a line each; "" for none. */
const char *libbpf_log_text(void);

#endif
