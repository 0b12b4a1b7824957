// SPDX-License-Identifier: Apache-2.0
/*
 * The closed word lists of a TracingPolicy, one X-macro each: WORD(id, spelling, status, meaning).
 * Source: the enum validations of the CRD (cilium/tetragon, pkg/k8s/apis/cilium.io/v1alpha1/types.go,
 * August 2026). Spellings are exact; an id becomes TPC_<LIST>_<id>.
 * NOW: compiled today. LATER: known, and answered with TPC_E_NOT_YET.
 */
#ifndef TPC_FRONTEND_WORDS_H
#define TPC_FRONTEND_WORDS_H

#define TPC_WORDS_ARG_TYPE(WORD)                                                                             \
	WORD(AUTO, "auto", LATER, "the type that BTF or the tracepoint's format tells")                      \
	WORD(INT, "int", NOW, "signed, 32 bits")                                                             \
	WORD(SINT8, "sint8", NOW, "signed, 8 bits")                                                          \
	WORD(INT8, "int8", NOW, "signed, 8 bits")                                                            \
	WORD(UINT8, "uint8", NOW, "unsigned, 8 bits")                                                        \
	WORD(SINT16, "sint16", NOW, "signed, 16 bits")                                                       \
	WORD(INT16, "int16", NOW, "signed, 16 bits")                                                         \
	WORD(UINT16, "uint16", NOW, "unsigned, 16 bits")                                                     \
	WORD(UINT32, "uint32", NOW, "unsigned, 32 bits")                                                     \
	WORD(SINT32, "sint32", NOW, "signed, 32 bits")                                                       \
	WORD(INT32, "int32", NOW, "signed, 32 bits")                                                         \
	WORD(ULONG, "ulong", NOW, "unsigned, 64 bits")                                                       \
	WORD(UINT64, "uint64", NOW, "unsigned, 64 bits")                                                     \
	WORD(SIZE_T, "size_t", NOW, "unsigned, 64 bits")                                                     \
	WORD(LONG, "long", NOW, "signed, 64 bits")                                                           \
	WORD(SINT64, "sint64", NOW, "signed, 64 bits")                                                       \
	WORD(INT64, "int64", NOW, "signed, 64 bits")                                                         \
	WORD(CHAR_BUF, "char_buf", NOW, "bytes, as many as the argument at sizeArgIndex says")               \
	WORD(CHAR_IOVEC, "char_iovec", LATER, "bytes of an array of struct iovec")                           \
	WORD(SKB, "skb", LATER, "struct sk_buff: a packet")                                                  \
	WORD(SOCK, "sock", LATER, "struct sock: a socket of the network layer")                              \
	WORD(SOCKADDR, "sockaddr", LATER, "struct sockaddr: an address, without a destination")              \
	WORD(SOCKET, "socket", LATER, "struct socket: a socket of the file layer")                           \
	WORD(SOCKADDR_UN, "sockaddr_un", LATER, "struct sockaddr_un: the path of a Unix socket")             \
	WORD(STRING, "string", NOW, "text that ends with a NUL byte")                                        \
	WORD(FD, "fd", NOW, "a descriptor number of the process, shown and compared as a path")              \
	WORD(FILE, "file", NOW, "struct file, shown and compared as a path")                                 \
	WORD(FILENAME, "filename", LATER, "struct filename: the text given to a system call")                \
	WORD(PATH, "path", NOW, "struct path, shown and compared as a path")                                 \
	WORD(NOP, "nop", NOW, "not read at all")                                                             \
	WORD(BPF_ATTR, "bpf_attr", LATER, "union bpf_attr: what bpf(2) is asked for")                        \
	WORD(PERF_EVENT, "perf_event", LATER, "struct perf_event")                                           \
	WORD(BPF_MAP, "bpf_map", LATER, "struct bpf_map")                                                    \
	WORD(USER_NAMESPACE, "user_namespace", LATER, "struct user_namespace")                               \
	WORD(CAPABILITY, "capability", LATER, "the number of one capability")                                \
	WORD(KIOCB, "kiocb", LATER, "struct kiocb: an I/O request, shown as its file's path")                \
	WORD(IOV_ITER, "iov_iter", LATER, "struct iov_iter: the bytes of an I/O request")                    \
	WORD(CRED, "cred", LATER, "struct cred: the credentials of a task")                                  \
	WORD(CONST_BUF, "const_buf", LATER, "an array of fixed size in a tracepoint's record")               \
	WORD(LOAD_INFO, "load_info", LATER, "struct load_info: a kernel module that is being loaded")        \
	WORD(MODULE, "module", LATER, "struct module: a kernel module")                                      \
	WORD(SYSCALL64, "syscall64", NOW, "the number of a system call, 64 bits")                            \
	WORD(KERNEL_CAP_T, "kernel_cap_t", LATER, "a set of capabilities")                                   \
	WORD(CAP_INHERITABLE, "cap_inheritable", LATER, "a set of inheritable capabilities")                 \
	WORD(CAP_PERMITTED, "cap_permitted", LATER, "a set of permitted capabilities")                       \
	WORD(CAP_EFFECTIVE, "cap_effective", LATER, "a set of effective capabilities")                       \
	WORD(LINUX_BINPRM, "linux_binprm", NOW, "struct linux_binprm: the program about to run, as a path")  \
	WORD(DATA_LOC, "data_loc", LATER, "text of variable length in a tracepoint's record")                \
	WORD(NET_DEVICE, "net_device", LATER, "struct net_device, shown as its name")                        \
	WORD(BPF_CMD, "bpf_cmd", LATER, "the command number of bpf(2)")                                      \
	WORD(DENTRY, "dentry", LATER, "struct dentry, shown as the path inside its file system")             \
	WORD(BPF_PROG, "bpf_prog", LATER, "struct bpf_prog")

#define TPC_WORDS_ARG_OPERATOR(WORD)                                                                         \
	WORD(EQUAL, "Equal", NOW, "is one of the values")                                                    \
	WORD(NOT_EQUAL, "NotEqual", NOW, "is none of the values")                                            \
	WORD(PREFIX, "Prefix", NOW, "starts with one of the values")                                         \
	WORD(NOT_PREFIX, "NotPrefix", NOW, "starts with none of the values")                                 \
	WORD(POSTFIX, "Postfix", NOW, "ends with one of the values")                                         \
	WORD(NOT_POSTFIX, "NotPostfix", NOW, "ends with none of the values")                                 \
	WORD(GREATER_THAN, "GreaterThan", NOW, "is greater than one of the values")                          \
	WORD(LESS_THAN, "LessThan", NOW, "is less than one of the values")                                   \
	WORD(GT, "GT", NOW, "the same as GreaterThan")                                                       \
	WORD(LT, "LT", NOW, "the same as LessThan")                                                          \
	WORD(MASK, "Mask", NOW, "has a bit in common with one of the values")                                \
	WORD(SPORT, "SPort", LATER, "the source port is one of the values or lies in a range min:max")       \
	WORD(NOT_SPORT, "NotSPort", LATER, "the source port is none of the values")                          \
	WORD(SPORT_PRIV, "SPortPriv", LATER, "the source port is below 1024; no values")                     \
	WORD(NOT_SPORT_PRIV, "NotSportPriv", LATER, "the source port is 1024 or more; no values")            \
	WORD(DPORT, "DPort", LATER, "the destination port is one of the values or lies in a range")          \
	WORD(NOT_DPORT, "NotDPort", LATER, "the destination port is none of the values")                     \
	WORD(DPORT_PRIV, "DPortPriv", LATER, "the destination port is below 1024; no values")                \
	WORD(NOT_DPORT_PRIV, "NotDPortPriv", LATER, "the destination port is 1024 or more; no values")       \
	WORD(SADDR, "SAddr", LATER, "the source address is one of the values or in a network a/len")         \
	WORD(NOT_SADDR, "NotSAddr", LATER, "the source address is in none of the values")                    \
	WORD(DADDR, "DAddr", LATER, "the destination address is one of the values or in a network")          \
	WORD(NOT_DADDR, "NotDAddr", LATER, "the destination address is in none of the values")               \
	WORD(PROTOCOL, "Protocol", LATER, "the protocol is one of the values, e.g. IPPROTO_TCP")             \
	WORD(FAMILY, "Family", LATER, "the address family is one of the values, e.g. AF_INET")               \
	WORD(STATE, "State", LATER, "the socket's state is one of the values, e.g. TCP_SYN_RECV")            \
	WORD(IN_MAP, "InMap", LATER, "is one of many values, in a map or a list:NAME")                       \
	WORD(NOT_IN_MAP, "NotInMap", LATER, "is none of many values")                                        \
	WORD(CAPABILITIES_GAINED, "CapabilitiesGained", LATER, "the second set has more than the first")     \
	WORD(IN_RANGE, "InRange", NOW, "lies in one of the closed ranges min:max")                           \
	WORD(NOT_IN_RANGE, "NotInRange", NOW, "lies in none of the closed ranges min:max")                   \
	WORD(SUB_STRING, "SubString", LATER, "contains one of the values")                                   \
	WORD(SUB_STRING_IGN_CASE, "SubStringIgnCase", LATER, "contains one of the values in any case")       \
	WORD(CEL_EXPR, "CelExpr", LATER, "the one value is a CEL expression over the arguments")             \
	WORD(FILE_TYPE, "FileType", LATER, "the file's type is one of the values, e.g. reg")                 \
	WORD(NOT_FILE_TYPE, "NotFileType", LATER, "the file's type is none of the values")

#define TPC_WORDS_SET_OPERATOR(WORD)                                                                         \
	WORD(IN, "In", NOW, "is one of the values")                                                          \
	WORD(NOT_IN, "NotIn", NOW, "is none of the values")

#define TPC_WORDS_BINARY_OPERATOR(WORD)                                                                      \
	WORD(IN, "In", NOW, "the path is one of the values")                                                 \
	WORD(NOT_IN, "NotIn", NOW, "the path is none of the values")                                         \
	WORD(PREFIX, "Prefix", NOW, "the path starts with one of the values")                                \
	WORD(NOT_PREFIX, "NotPrefix", NOW, "the path starts with none of the values")                        \
	WORD(POSTFIX, "Postfix", NOW, "the path ends with one of the values")                                \
	WORD(NOT_POSTFIX, "NotPostfix", NOW, "the path ends with none of the values")

#define TPC_WORDS_LABEL_OPERATOR(WORD)                                                                       \
	WORD(IN, "In", NOW, "the label's value is one of the values")                                        \
	WORD(NOT_IN, "NotIn", NOW, "the label's value is none of the values")                                \
	WORD(EXISTS, "Exists", NOW, "there is such a label")                                                 \
	WORD(DOES_NOT_EXIST, "DoesNotExist", NOW, "there is no such label")

#define TPC_WORDS_ACTION(WORD)                                                                               \
	WORD(POST, "Post", NOW, "send an event")                                                             \
	WORD(SIGKILL, "Sigkill", NOW, "kill the process at once")                                            \
	WORD(OVERRIDE, "Override", NOW, "do not run the function, return argError instead")                  \
	WORD(GET_URL, "GetUrl", LATER, "ask for argUrl")                                                     \
	WORD(DNS_LOOKUP, "DnsLookup", LATER, "look argFqdn up")                                              \
	WORD(NO_POST, "NoPost", NOW, "send no event")                                                        \
	WORD(SIGNAL, "Signal", NOW, "send signal argSig to the process")                                     \
	WORD(TRACK_SOCK, "TrackSock", LATER, "remember the process that owns the socket at argSock")         \
	WORD(UNTRACK_SOCK, "UntrackSock", LATER, "forget the owner of the socket at argSock")                \
	WORD(NOTIFY_ENFORCER, "NotifyEnforcer", LATER, "let the policy's enforcer act on this system call")  \
	WORD(CLEANUP_ENFORCER, "CleanupEnforcerNotification", LATER, "take such a notice back")              \
	WORD(SET, "Set", LATER, "write argValue to the USDT argument at argIndex")

#define TPC_WORDS_NAMESPACE(WORD)                                                                            \
	WORD(UTS, "Uts", LATER, "host and domain name")                                                      \
	WORD(IPC, "Ipc", LATER, "System V IPC and POSIX message queues")                                     \
	WORD(MNT, "Mnt", LATER, "mounts")                                                                    \
	WORD(PID, "Pid", LATER, "process ids")                                                               \
	WORD(PID_FOR_CHILDREN, "PidForChildren", LATER, "process ids of future children")                    \
	WORD(NET, "Net", LATER, "network")                                                                   \
	WORD(TIME, "Time", LATER, "clock offsets")                                                           \
	WORD(TIME_FOR_CHILDREN, "TimeForChildren", LATER, "clock offsets of future children")                \
	WORD(CGROUP, "Cgroup", LATER, "control group root")                                                  \
	WORD(USER, "User", LATER, "user and group ids")

#define TPC_WORDS_CAP_SET(WORD)                                                                              \
	WORD(EFFECTIVE, "Effective", LATER, "what the kernel checks")                                        \
	WORD(INHERITABLE, "Inheritable", LATER, "what is kept across execve")                                \
	WORD(PERMITTED, "Permitted", LATER, "what can be made effective")

#define TPC_WORDS_LIST_TYPE(WORD)                                                                            \
	WORD(SYSCALLS, "syscalls", LATER, "names of system calls")                                           \
	WORD(GENERATED_SYSCALLS, "generated_syscalls", LATER, "every system call of the kernel")             \
	WORD(GENERATED_FTRACE, "generated_ftrace", LATER, "every traceable function that matches pattern")

#define TPC_WORDS_RETURN_ACTION(WORD)                                                                        \
	WORD(TRACK_SOCK, "TrackSock", LATER, "remember the process that owns the returned socket")           \
	WORD(UNTRACK_SOCK, "UntrackSock", LATER, "forget the owner of the returned socket")

#define TPC_WORDS_RATE_SCOPE(WORD)                                                                           \
	WORD(THREAD, "thread", LATER, "each thread by itself")                                               \
	WORD(PROCESS, "process", LATER, "all threads of a process together")                                 \
	WORD(GLOBAL, "global", LATER, "everything together")

#endif
