// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Each struct of abi.h as clang lays it out for BPF: compiler/tests/test_abi.c reads the BTF of this object. */
#include <tpc/abi.h>

#define KEEP(type) struct type abi_##type

KEEP(tpc_event_hdr);
KEEP(tpc_task_id);
KEEP(tpc_hook_event);
KEEP(tpc_arg);
KEEP(tpc_arg_path);
KEEP(tpc_arg_sock);
KEEP(tpc_arg_skb);
KEEP(tpc_arg_sockaddr);
KEEP(tpc_arg_sockaddr_un);
KEEP(tpc_exec_event);
KEEP(tpc_clone_event);
KEEP(tpc_exit_event);
KEEP(tpc_stat);
KEEP(tpc_field_desc);
KEEP(tpc_task_state);
KEEP(tpc_arg_user_ns);
KEEP(tpc_arg_cred);
KEEP(tpc_arg_perf_event);
KEEP(tpc_task_was);
