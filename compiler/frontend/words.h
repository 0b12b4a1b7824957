// SPDX-License-Identifier: Apache-2.0
/*
 * The closed word lists of a TracingPolicy, one X-macro each: WORD(id, spelling, meaning).
 * Source: the enum validations of the CRD (cilium/tetragon, pkg/k8s/apis/cilium.io/v1alpha1/types.go,
 * August 2026). Spellings are exact; an id becomes TPC_<LIST>_<id>.
 */
#ifndef TPC_FRONTEND_WORDS_H
#define TPC_FRONTEND_WORDS_H

#define TPC_WORDS_ARG_TYPE(WORD)                                                                             \
	WORD(AUTO, "auto", "the type that BTF or the tracepoint's format tells")                             \
	WORD(INT, "int", "signed, 32 bits")                                                                  \
	WORD(SINT8, "sint8", "signed, 8 bits")                                                               \
	WORD(INT8, "int8", "signed, 8 bits")                                                                 \
	WORD(UINT8, "uint8", "unsigned, 8 bits")                                                             \
	WORD(SINT16, "sint16", "signed, 16 bits")                                                            \
	WORD(INT16, "int16", "signed, 16 bits")                                                              \
	WORD(UINT16, "uint16", "unsigned, 16 bits")                                                          \
	WORD(UINT32, "uint32", "unsigned, 32 bits")                                                          \
	WORD(SINT32, "sint32", "signed, 32 bits")                                                            \
	WORD(INT32, "int32", "signed, 32 bits")                                                              \
	WORD(ULONG, "ulong", "unsigned, 64 bits")                                                            \
	WORD(UINT64, "uint64", "unsigned, 64 bits")                                                          \
	WORD(SIZE_T, "size_t", "unsigned, 64 bits")                                                          \
	WORD(LONG, "long", "signed, 64 bits")                                                                \
	WORD(SINT64, "sint64", "signed, 64 bits")                                                            \
	WORD(INT64, "int64", "signed, 64 bits")                                                              \
	WORD(CHAR_BUF, "char_buf", "bytes, as many as the argument at sizeArgIndex says")                    \
	WORD(CHAR_IOVEC, "char_iovec", "bytes of an array of struct iovec")                                  \
	WORD(SKB, "skb", "struct sk_buff: a packet")                                                         \
	WORD(SOCK, "sock", "struct sock: a socket of the network layer")                                     \
	WORD(SOCKADDR, "sockaddr", "struct sockaddr: an address, without a destination")                     \
	WORD(SOCKET, "socket", "struct socket: a socket of the file layer")                                  \
	WORD(SOCKADDR_UN, "sockaddr_un", "struct sockaddr_un: the path of a Unix socket")                    \
	WORD(STRING, "string", "text that ends with a NUL byte")                                             \
	WORD(FD, "fd", "a descriptor number of the process, shown and compared as a path")                   \
	WORD(FILE, "file", "struct file, shown and compared as a path")                                      \
	WORD(FILENAME, "filename", "struct filename: the text given to a system call")                       \
	WORD(PATH, "path", "struct path, shown and compared as a path")                                      \
	WORD(NOP, "nop", "not read at all")                                                                  \
	WORD(BPF_ATTR, "bpf_attr", "union bpf_attr: what bpf(2) is asked for")                               \
	WORD(PERF_EVENT, "perf_event", "struct perf_event")                                                  \
	WORD(BPF_MAP, "bpf_map", "struct bpf_map")                                                           \
	WORD(USER_NAMESPACE, "user_namespace", "struct user_namespace")                                      \
	WORD(CAPABILITY, "capability", "the number of one capability")                                       \
	WORD(KIOCB, "kiocb", "struct kiocb: an I/O request, shown as its file's path")                       \
	WORD(IOV_ITER, "iov_iter", "struct iov_iter: the bytes of an I/O request")                           \
	WORD(CRED, "cred", "struct cred: the credentials of a task")                                         \
	WORD(CONST_BUF, "const_buf", "an array of fixed size in a tracepoint's record")                      \
	WORD(LOAD_INFO, "load_info", "struct load_info: a kernel module that is being loaded")               \
	WORD(MODULE, "module", "struct module: a kernel module")                                             \
	WORD(SYSCALL64, "syscall64", "the number of a system call, 64 bits")                                 \
	WORD(KERNEL_CAP_T, "kernel_cap_t", "a set of capabilities")                                          \
	WORD(CAP_INHERITABLE, "cap_inheritable", "a set of inheritable capabilities")                        \
	WORD(CAP_PERMITTED, "cap_permitted", "a set of permitted capabilities")                              \
	WORD(CAP_EFFECTIVE, "cap_effective", "a set of effective capabilities")                              \
	WORD(LINUX_BINPRM, "linux_binprm", "struct linux_binprm: the program about to run, as a path")       \
	WORD(DATA_LOC, "data_loc", "text of variable length in a tracepoint's record")                       \
	WORD(NET_DEVICE, "net_device", "struct net_device, shown as its name")                               \
	WORD(BPF_CMD, "bpf_cmd", "the command number of bpf(2)")                                             \
	WORD(DENTRY, "dentry", "struct dentry, shown as the path inside its file system")                    \
	WORD(BPF_PROG, "bpf_prog", "struct bpf_prog")

#define TPC_WORDS_ARG_OPERATOR(WORD)                                                                         \
	WORD(EQUAL, "Equal", "is one of the values")                                                         \
	WORD(NOT_EQUAL, "NotEqual", "is none of the values")                                                 \
	WORD(PREFIX, "Prefix", "starts with one of the values")                                              \
	WORD(NOT_PREFIX, "NotPrefix", "starts with none of the values")                                      \
	WORD(POSTFIX, "Postfix", "ends with one of the values")                                              \
	WORD(NOT_POSTFIX, "NotPostfix", "ends with none of the values")                                      \
	WORD(GREATER_THAN, "GreaterThan", "is greater than one of the values")                               \
	WORD(LESS_THAN, "LessThan", "is less than one of the values")                                        \
	WORD(GT, "GT", "the same as GreaterThan")                                                            \
	WORD(LT, "LT", "the same as LessThan")                                                               \
	WORD(MASK, "Mask", "has a bit in common with one of the values")                                     \
	WORD(SPORT, "SPort", "the source port is one of the values or lies in a range min:max")              \
	WORD(NOT_SPORT, "NotSPort", "the source port is none of the values")                                 \
	WORD(SPORT_PRIV, "SPortPriv", "the source port is below 1024; no values")                            \
	WORD(NOT_SPORT_PRIV, "NotSportPriv", "the source port is 1024 or more; no values")                   \
	WORD(DPORT, "DPort", "the destination port is one of the values or lies in a range")                 \
	WORD(NOT_DPORT, "NotDPort", "the destination port is none of the values")                            \
	WORD(DPORT_PRIV, "DPortPriv", "the destination port is below 1024; no values")                       \
	WORD(NOT_DPORT_PRIV, "NotDPortPriv", "the destination port is 1024 or more; no values")              \
	WORD(SADDR, "SAddr", "the source address is one of the values or in a network a/len")                \
	WORD(NOT_SADDR, "NotSAddr", "the source address is in none of the values")                           \
	WORD(DADDR, "DAddr", "the destination address is one of the values or in a network")                 \
	WORD(NOT_DADDR, "NotDAddr", "the destination address is in none of the values")                      \
	WORD(PROTOCOL, "Protocol", "the protocol is one of the values, e.g. IPPROTO_TCP")                    \
	WORD(FAMILY, "Family", "the address family is one of the values, e.g. AF_INET")                      \
	WORD(STATE, "State", "the socket's state is one of the values, e.g. TCP_SYN_RECV")                   \
	WORD(IN_MAP, "InMap", "is one of many values, in a map or a list:NAME")                              \
	WORD(NOT_IN_MAP, "NotInMap", "is none of many values")                                               \
	WORD(CAPABILITIES_GAINED, "CapabilitiesGained", "the second set has more than the first")            \
	WORD(IN_RANGE, "InRange", "lies in one of the closed ranges min:max")                                \
	WORD(NOT_IN_RANGE, "NotInRange", "lies in none of the closed ranges min:max")                        \
	WORD(SUB_STRING, "SubString", "contains one of the values")                                          \
	WORD(SUB_STRING_IGN_CASE, "SubStringIgnCase", "contains one of the values in any case")              \
	WORD(CEL_EXPR, "CelExpr", "the one value is a CEL expression over the arguments")                    \
	WORD(FILE_TYPE, "FileType", "the file's type is one of the values, e.g. reg")                        \
	WORD(NOT_FILE_TYPE, "NotFileType", "the file's type is none of the values")

#define TPC_WORDS_SET_OPERATOR(WORD)                                                                         \
	WORD(IN, "In", "is one of the values")                                                               \
	WORD(NOT_IN, "NotIn", "is none of the values")

#define TPC_WORDS_BINARY_OPERATOR(WORD)                                                                      \
	WORD(IN, "In", "the path is one of the values")                                                      \
	WORD(NOT_IN, "NotIn", "the path is none of the values")                                              \
	WORD(PREFIX, "Prefix", "the path starts with one of the values")                                     \
	WORD(NOT_PREFIX, "NotPrefix", "the path starts with none of the values")                             \
	WORD(POSTFIX, "Postfix", "the path ends with one of the values")                                     \
	WORD(NOT_POSTFIX, "NotPostfix", "the path ends with none of the values")

#define TPC_WORDS_LABEL_OPERATOR(WORD)                                                                       \
	WORD(IN, "In", "the label's value is one of the values")                                             \
	WORD(NOT_IN, "NotIn", "the label's value is none of the values")                                     \
	WORD(EXISTS, "Exists", "there is such a label")                                                      \
	WORD(DOES_NOT_EXIST, "DoesNotExist", "there is no such label")

#define TPC_WORDS_ACTION(WORD)                                                                               \
	WORD(POST, "Post", "send an event")                                                                  \
	WORD(SIGKILL, "Sigkill", "kill the process at once")                                                 \
	WORD(OVERRIDE, "Override", "do not run the function, return argError instead")                       \
	WORD(GET_URL, "GetUrl", "ask for argUrl")                                                            \
	WORD(DNS_LOOKUP, "DnsLookup", "look argFqdn up")                                                     \
	WORD(NO_POST, "NoPost", "send no event")                                                             \
	WORD(SIGNAL, "Signal", "send signal argSig to the process")                                          \
	WORD(TRACK_SOCK, "TrackSock", "remember the process that owns the socket at argSock")                \
	WORD(UNTRACK_SOCK, "UntrackSock", "forget the owner of the socket at argSock")                       \
	WORD(NOTIFY_ENFORCER, "NotifyEnforcer", "let the policy's enforcer act on this system call")         \
	WORD(CLEANUP_ENFORCER, "CleanupEnforcerNotification", "take such a notice back")                     \
	WORD(SET, "Set", "write argValue to the USDT argument at argIndex")

#define TPC_WORDS_NAMESPACE(WORD)                                                                            \
	WORD(UTS, "Uts", "host and domain name")                                                             \
	WORD(IPC, "Ipc", "System V IPC and POSIX message queues")                                            \
	WORD(MNT, "Mnt", "mounts")                                                                           \
	WORD(PID, "Pid", "process ids")                                                                      \
	WORD(PID_FOR_CHILDREN, "PidForChildren", "process ids of future children")                           \
	WORD(NET, "Net", "network")                                                                          \
	WORD(TIME, "Time", "clock offsets")                                                                  \
	WORD(TIME_FOR_CHILDREN, "TimeForChildren", "clock offsets of future children")                       \
	WORD(CGROUP, "Cgroup", "control group root")                                                         \
	WORD(USER, "User", "user and group ids")

#define TPC_WORDS_CAP_SET(WORD)                                                                              \
	WORD(EFFECTIVE, "Effective", "what the kernel checks")                                               \
	WORD(INHERITABLE, "Inheritable", "what is kept across execve")                                       \
	WORD(PERMITTED, "Permitted", "what can be made effective")

#define TPC_WORDS_LIST_TYPE(WORD)                                                                            \
	WORD(SYSCALLS, "syscalls", "names of system calls")                                                  \
	WORD(GENERATED_SYSCALLS, "generated_syscalls", "every system call of the kernel")                    \
	WORD(GENERATED_FTRACE, "generated_ftrace", "every traceable function that matches pattern")

#define TPC_WORDS_RETURN_ACTION(WORD)                                                                        \
	WORD(TRACK_SOCK, "TrackSock", "remember the process that owns the returned socket")                  \
	WORD(UNTRACK_SOCK, "UntrackSock", "forget the owner of the returned socket")

#define TPC_WORDS_RATE_SCOPE(WORD)                                                                           \
	WORD(THREAD, "thread", "each thread by itself")                                                      \
	WORD(PROCESS, "process", "all threads of a process together")                                        \
	WORD(GLOBAL, "global", "everything together")

#endif
