// SPDX-License-Identifier: Apache-2.0
/*
 * What a file of cases may hold, as tables like those of the policies: the front end's decoder reads both. What
 * may be of several shapes (an argument's value, the expectation) is read by its own file, with tables from here.
 */
#include "frontend/schema_impl.h"
#include "ptest/ptest_impl.h"

#define PID_MOST INT32_MAX

#define OWNER struct pt_namespaces
static const struct schema_field namespaces_fields[] = {
	VALUE("Uts", kind[0], DOC("Host and domain name.")),
	VALUE("Ipc", kind[1], DOC("System V IPC and POSIX message queues.")),
	VALUE("Mnt", kind[2], DOC("Mounts.")),
	VALUE("Pid", kind[3], DOC("Process ids.")),
	VALUE("PidForChildren", kind[4], DOC("Process ids of future children.")),
	VALUE("Net", kind[5], DOC("Network.")),
	VALUE("Time", kind[6], DOC("Clock offsets.")),
	VALUE("TimeForChildren", kind[7], DOC("Clock offsets of future children.")),
	VALUE("Cgroup", kind[8], DOC("Control group root.")),
	VALUE("User", kind[9], DOC("User and group ids.")),
};
#undef OWNER
static OBJECT_TABLE(namespaces, struct pt_namespaces, "namespaces", NULL,
		    "Namespaces of the process, by kind: an inode number or host.");

#define OWNER struct pt_capabilities
static const struct schema_field capabilities_fields[] = {
	TEXTS("effective", effective, DOC("What the kernel checks.")),
	TEXTS("permitted", permitted, DOC("What can be made effective.")),
	TEXTS("inheritable", inheritable, DOC("What is kept across execve.")),
};
#undef OWNER
static OBJECT_TABLE(capabilities, struct pt_capabilities, "capabilities", NULL,
		    "Sets of capabilities, by names.");

#define OWNER struct pt_ancestor
static const struct schema_field ancestor_fields[] = {
	TEXT("binary", binary, DOC("Path of its executable.")),
	INT("pid", pid, 0, PID_MOST, DOC("Its process id.")),
	INT("nspid", nspid, 0, PID_MOST, DOC("Its process id in its own pid namespace.")),
};
#undef OWNER
static OBJECT_TABLE(ancestor, struct pt_ancestor, "ancestor", NULL, "A process above the one of the case.");

#define OWNER struct pt_at_exec
static const struct schema_field at_exec_fields[] = {
	POINTER("namespaces", namespaces, struct pt_namespaces, namespaces,
		DOC("Those that were others then.")),
	POINTER("capabilities", capabilities, struct pt_capabilities, capabilities,
		DOC("Sets that were others then.")),
};
#undef OWNER
static OBJECT_TABLE(at_exec, struct pt_at_exec, "state at exec", NULL,
		    "What was otherwise when the program was started; what is not here was the same.");

#define OWNER struct pt_process
static const struct schema_field process_fields[] = {
	TEXT("binary", binary, DOC("Path of the executable; '' when it has none.")),
	INT("pid", pid, 0, PID_MOST, DOC("Process id.")),
	INT("nspid", nspid, 0, PID_MOST, DOC("Process id in its own pid namespace.")),
	OBJECTS("ancestors", ancestors, struct pt_ancestor, ancestor,
		DOC("All processes above it, the parent first.")),
	POINTER("namespaces", namespaces, struct pt_namespaces, namespaces, DOC("Its namespaces now.")),
	POINTER("capabilities", capabilities, struct pt_capabilities, capabilities,
		DOC("Its capabilities now.")),
	POINTER("atExec", at_exec, struct pt_at_exec, at_exec, DOC("What was otherwise at exec.")),
};
#undef OWNER
static OBJECT_TABLE(process, struct pt_process, "process", NULL, "The process that reaches the hook.");

#define OWNER struct pt_container
static const struct schema_field container_fields[] = {
	TEXT("name", name, DOC("Name of the container.")),
	TEXT("repo", repo, DOC("Repository of its image.")),
};
#undef OWNER
static OBJECT_TABLE(container, struct pt_container, "container", NULL, "A container of a pod.");

#define OWNER struct pt_pod
static const struct schema_field pt_schema_pod_fields[] = {
	TEXT("namespace", ns, DOC("Kubernetes namespace of the pod.")),
	TEXT_MAP("labels", labels, DOC("Labels of the pod.")),
	POINTER("container", container, struct pt_container, container, DOC("Its container.")),
};
#undef OWNER
OBJECT_TABLE(pt_schema_pod, struct pt_pod, "workload", NULL, "The pod and container of the process.");

#define OWNER struct pt_socket
static const struct schema_field pt_schema_socket_fields[] = {
	VALUE("family", family, DOC("AF_INET or a number.")),
	VALUE("protocol", protocol, DOC("IPPROTO_TCP or a number.")),
	VALUE("state", state, DOC("TCP_ESTABLISHED or a number.")),
	VALUE("saddr", saddr, DOC("Source address.")),
	VALUE("sport", sport, DOC("Source port.")),
	VALUE("daddr", daddr, DOC("Destination address.")),
	VALUE("dport", dport, DOC("Destination port.")),
};
#undef OWNER
OBJECT_TABLE(pt_schema_socket, struct pt_socket, "socket", NULL, "A socket, packet or socket address.");

#define OWNER struct pt_file
static const struct schema_field pt_schema_file_value_fields[] = {
	TEXT("path", path, DOC("Its path; null when it has none.")),
	TEXT("type", type, DOC("reg, dir, lnk, chr, blk, fifo or sock.")),
};
#undef OWNER
OBJECT_TABLE(pt_schema_file_value, struct pt_file, "file", NULL, "A place in the file tree.");

#define OWNER struct pt_expect
static const struct schema_field pt_schema_expect_fields[] = {
	TEXT("policy", policy, DOC("Whose hook this is about; needed where several policies have it.")),
	INT("entry", entry, 1, UINT16_MAX, DOC("Which of the policy's hooks of this kind, counted from 1.")),
	VALUE("selector", selector, DOC("The selector that decides: its number from 1, or its label.")),
	TEXTS("actions", actions, DOC("Its actions, in any order.")),
	BOOL("post", post, DOC("Is an event sent?")),
	TEXT("message", message, DOC("Message of the hook.")),
	INT("error", error, INT32_MIN, INT32_MAX, DOC("What an Override returns instead.")),
	INT("signal", signal, 1, 64, DOC("What a Signal sends.")),
	ANY("return", DOC("What happens when the function returns: none, or a mapping as this one.")),
};
#undef OWNER
OBJECT_TABLE(pt_schema_expect, struct pt_expect, "expectation", NULL, "What the policy must do.");

static const struct schema_word moment_items[] = {
	{ "entry", "when the function is called" },
	{ "return", "when it returns" },
};
static const struct schema_words moments = { "moment", moment_items, 2 };

/* All fields of a case but its name; @need goes before what a case cannot do without. */
#define CASE_FIELDS(...)                                                                                     \
	TEXT("hook", hook, __VA_ARGS__ DOC("What the process reaches: sys_openat, lsm:file_open, …")),       \
		WORD_OF("at", moment, moments, DEFAULT(PT_MOMENT_ENTRY),                                     \
			DOC("Which moment the expectation is about.")),                                      \
		POINTER("process", process, struct pt_process, process, DOC("Who does it.")),                \
		ANY("workload", DOC("host, or the pod that the process belongs to.")),                       \
		ANY("args", DOC("Arguments, by index, label or resolve.")),                                  \
		ANY("data", DOC("The hook's data, by position, label or resolve.")),                         \
		ANY("return", DOC("What the function returns.")),                                            \
		ANY("expect", DOC("What must happen: none, a mapping, or a list of one for each policy."))

#define OWNER struct pt_case
static const struct schema_field pt_schema_case_fields[] = {
	TEXT("name", name, REQUIRED, DOC("What the case is about.")),
	CASE_FIELDS(REQUIRED, ),
};
static const struct schema_field pt_schema_defaults_fields[] = { CASE_FIELDS() };
OBJECT_TABLE(pt_schema_case, struct pt_case, "case", "name", "One thing that a process does.");
OBJECT_TABLE(pt_schema_defaults, struct pt_case, "defaults", NULL,
	     "What cases have that do not say otherwise.");
#undef OWNER

static const struct schema_field pt_schema_file_fields[] = {
	ANY("defaults", DOC("What all cases behind it have that do not say otherwise.")),
	ANY("cases", DOC("The cases.")),
};
OBJECT_TABLE(pt_schema_file, struct pt_case, "document", NULL, "A document of a file of cases.");
