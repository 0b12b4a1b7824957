/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How much room the parts of a record take at most; the generated code adds them up. */
#ifndef TPC_BPF_ROOM_H
#define TPC_BPF_ROOM_H

#include <tpc/abi.h>

#define TPC_INT_ROOM (sizeof(struct tpc_arg) + 8)
#define TPC_STRING_ROOM (sizeof(struct tpc_arg) + TPC_STRING_MAX + 8)
/* Behind the last component that may begin there is room for one more name. */
#define TPC_NAMES_ROOM (TPC_PATH_MAX + TPC_NAME_MAX + 1)
#define TPC_PATH_ROOM (sizeof(struct tpc_arg) + sizeof(struct tpc_arg_path) + TPC_NAMES_ROOM + 8)
#define TPC_CRED_ROOM (sizeof(struct tpc_arg) + sizeof(struct tpc_arg_cred))
#define TPC_USER_NS_ROOM (sizeof(struct tpc_arg) + sizeof(struct tpc_arg_user_ns))
#define TPC_PERF_EVENT_ROOM (sizeof(struct tpc_arg) + sizeof(struct tpc_arg_perf_event))
#define TPC_SOCK_ROOM (sizeof(struct tpc_arg) + sizeof(struct tpc_arg_sock))
#define TPC_SKB_ROOM (sizeof(struct tpc_arg) + sizeof(struct tpc_arg_skb))
#define TPC_SOCKADDR_ROOM (sizeof(struct tpc_arg) + sizeof(struct tpc_arg_sockaddr))
#define TPC_SOCKADDR_UN_ROOM (sizeof(struct tpc_arg) + sizeof(struct tpc_arg_sockaddr_un) + TPC_UNIX_MAX + 8)
#define TPC_EXEC_ROOM (sizeof(struct tpc_exec_event) + 2 * TPC_NAMES_ROOM + TPC_STRING_MAX + 8)

#endif
