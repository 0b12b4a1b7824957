// SPDX-License-Identifier: Apache-2.0
/* Tables of what a selector holds: filters and actions; and of label selectors. */
#include "frontend/schema_impl.h"

/* ---- label selectors ---- */
#define OWNER struct tpc_label_requirement
static const struct schema_field label_requirement_fields[] = {
	TEXT("key", key, REQUIRED, DOC("Name of the label.")),
	WORD_OF("operator", op, schema_label_operators, REQUIRED, DOC("How the label is compared.")),
	TEXTS("values", values, DOC("Values for In and NotIn; none for Exists and DoesNotExist.")),
};
#undef OWNER
static OBJECT_TABLE(label_requirement, struct tpc_label_requirement, "label expression", NULL,
		    "One requirement on a label.");

#define OWNER struct tpc_label_selector
static const struct schema_field schema_label_selector_fields[] = {
	TEXT_MAP("matchLabels", match_labels, DOC("Labels that must have exactly these values.")),
	OBJECTS("matchExpressions", match_expressions, struct tpc_label_requirement, label_requirement,
		DOC("Requirements that must all hold.")),
};
#undef OWNER
OBJECT_TABLE(schema_label_selector, struct tpc_label_selector, "label selector", NULL,
	     "What labels something must have; an empty one takes everything.");

/* ---- filters ---- */
#define OWNER struct tpc_pid_filter
static const struct schema_field pid_filter_fields[] = {
	WORD_OF("operator", op, schema_set_operators, REQUIRED, DOC("In or NotIn.")),
	INTS("values", values, 0, UINT_MAX_CRD, REQUIRED, DOC("Process ids; values are ORed.")),
	BOOL("isNamespacePID", is_namespace_pid,
	     DOC("The ids are those of the process's own pid namespace.")),
	BOOL("followForks", follow_forks, DOC("Descendants of these processes match too.")),
};
#undef OWNER
static OBJECT_TABLE(pid_filter, struct tpc_pid_filter, "process id filter", NULL,
		    "Which processes, by their id.");

#define OWNER struct tpc_arg_filter
static const struct schema_field arg_filter_fields[] = {
	INT("index", index, 0, UINT_MAX_CRD, DOC("Position of the argument in the function, from 0.")),
	INTS("args", args, 0, UINT_MAX_CRD,
	     DOC("Positions in the hook's args list, from 0; they win over index.")),
	WORD_OF("operator", op, schema_arg_operators, REQUIRED,
		DOC("How the argument is compared. About what cannot be read, and about the path of what has none "
		    "(a pipe), no filter holds, a negated one neither.")),
	VALUES("values", values, DOC("What it is compared with; values are ORed, ANDed when negated.")),
};
#undef OWNER
static OBJECT_TABLE(arg_filter, struct tpc_arg_filter, "argument filter", NULL,
		    "A question about one argument.");

#define OWNER struct tpc_binary_filter
static const struct schema_field binary_filter_fields[] = {
	WORD_OF("operator", op, schema_binary_operators, REQUIRED, DOC("How the path is compared.")),
	TEXTS("values", values, REQUIRED, DOC("Absolute paths of programs, or parts of them.")),
	BOOL("followChildren", follow_children, DOC("Descendants of these programs match too.")),
};
#undef OWNER
static OBJECT_TABLE(binary_filter, struct tpc_binary_filter, "binary filter", NULL,
		    "Which processes, by the program they run.");

#define OWNER struct tpc_namespace_filter
static const struct schema_field namespace_filter_fields[] = {
	WORD_OF("namespace", ns, schema_namespaces, REQUIRED, DOC("Kind of namespace.")),
	WORD_OF("operator", op, schema_set_operators, REQUIRED, DOC("In or NotIn.")),
	VALUES("values", values, REQUIRED, DOC("Inode numbers of namespaces, or host_ns.")),
};
#undef OWNER
static OBJECT_TABLE(namespace_filter, struct tpc_namespace_filter, "namespace filter", NULL,
		    "Which processes, by a namespace they are in.");

#define OWNER struct tpc_namespace_change_filter
static const struct schema_field namespace_change_filter_fields[] = {
	WORD_OF("operator", op, schema_set_operators, REQUIRED, DOC("In or NotIn.")),
	TEXTS("values", values, REQUIRED, DOC("Kinds of namespaces, for example Mnt.")),
};
#undef OWNER
static OBJECT_TABLE(namespace_change_filter, struct tpc_namespace_change_filter, "namespace change filter",
		    NULL, "Which processes, by namespaces that changed.");

#define OWNER struct tpc_capability_filter
static const struct schema_field capability_filter_fields[] = {
	WORD_OF("type", type, schema_cap_sets, DEFAULT(TPC_CAP_SET_EFFECTIVE), DOC("Which capability set.")),
	WORD_OF("operator", op, schema_set_operators, REQUIRED, DOC("In or NotIn.")),
	BOOL("isNamespaceCapability", is_namespace_capability,
	     DOC("Only when the process is in another user namespace than the host's.")),
	VALUES("values", values, REQUIRED, DOC("Names of capabilities, ORed.")),
};
#undef OWNER
static OBJECT_TABLE(capability_filter, struct tpc_capability_filter, "capability filter", NULL,
		    "Which processes, by their capabilities.");

#define OWNER struct tpc_workloads
static const struct schema_field workloads_fields[] = {
	POINTER("podSelector", pod_selector, struct tpc_label_selector, schema_label_selector,
		DOC("Pods, by their labels.")),
	POINTER("containerSelector", container_selector, struct tpc_label_selector, schema_label_selector,
		DOC("Containers, by name or repo.")),
	POINTER("hostSelector", host_selector, struct tpc_label_selector, schema_label_selector,
		DOC("{}: processes of the host.")),
};
#undef OWNER
static OBJECT_TABLE(workloads, struct tpc_workloads, "workload filter", NULL,
		    "Which pods, containers or host processes.");

/* ---- actions ---- */
#define OWNER struct tpc_action
static const struct schema_field action_fields[] = {
	WORD_OF("action", action, schema_actions, REQUIRED, DOC("What to do.")),
	TEXT("argUrl", arg_url, DOC("GetUrl: the URL.")),
	TEXT("argFqdn", arg_fqdn, DOC("DnsLookup: the name.")),
	INT("argError", arg_error, INT32_MIN, INT32_MAX,
	    DOC("Override, NotifyEnforcer: what the function returns, e.g. -1.")),
	INT("argSig", arg_sig, 0, UINT_MAX_CRD, DOC("Signal, NotifyEnforcer: the signal's number.")),
	INT("argSock", arg_sock, 0, UINT_MAX_CRD,
	    DOC("TrackSock, UntrackSock: position of the socket argument.")),
	INT("argIndex", arg_index, 0, UINT_MAX_CRD, DOC("Set: position of the argument.")),
	INT("argValue", arg_value, 0, UINT_MAX_CRD, DOC("Set: the value.")),
	TEXTS("argRegs", arg_regs, DOC("Override of a uprobe: assignments to registers.")),
	TEXT("argNewSymbol", arg_new_symbol, DOC("Override of a uprobe: symbol to call instead.")),
	INT("argNewAddr", arg_new_addr, 0, UINT64_MAX_CRD,
	    DOC("Override of a uprobe: address to call instead.")),
	INT("argNewOffset", arg_new_offset, INT64_MIN, INT64_MAX,
	    DOC("Override of a uprobe: file offset to call instead.")),
	VALUE("rateLimit", rate_limit,
	      DOC("Post: time in which the same event is not sent again: 30, 30s, 5m, 1h.")),
	WORD_OF("rateLimitScope", rate_limit_scope, schema_rate_scopes,
		DOC("Post: who shares one rate limit.")),
	BOOL("kernelStackTrace", kernel_stack_trace, DOC("Post: show the kernel's stack.")),
	BOOL("userStackTrace", user_stack_trace, DOC("Post: show the process's stack.")),
	BOOL("imaHash", ima_hash, DOC("Post: show file hashes of the integrity subsystem.")),
};
#undef OWNER
static OBJECT_TABLE(action, struct tpc_action, "action", NULL, "What to do when a selector matches.");

/* ---- the selector itself ---- */
#define OWNER struct tpc_selector
static const struct schema_field schema_selector_fields[] = {
	TEXT("label", label, DOC("Name of the selector in status and metrics.")),
	OBJECTS("matchPIDs", match_pids, struct tpc_pid_filter, pid_filter,
		DOC("Filters on process ids, ANDed.")),
	OBJECTS("matchArgs", match_args, struct tpc_arg_filter, arg_filter,
		DOC("Filters on arguments, ANDed.")),
	OBJECTS("matchData", match_data, struct tpc_arg_filter, arg_filter,
		DOC("Filters on the hook's data, ANDed.")),
	OBJECTS("matchActions", match_actions, struct tpc_action, action,
		DOC("What to do when all filters hold; without any: Post.")),
	OBJECTS("matchReturnArgs", match_return_args, struct tpc_arg_filter, arg_filter,
		DOC("Filters on the return value, ANDed.")),
	OBJECTS("matchReturnActions", match_return_actions, struct tpc_action, action,
		DOC("What to do when the filters on the return value hold.")),
	OBJECTS("matchBinaries", match_binaries, struct tpc_binary_filter, binary_filter,
		DOC("Filters on the program that runs, ANDed.")),
	OBJECTS("matchParentBinaries", match_parent_binaries, struct tpc_binary_filter, binary_filter,
		DOC("Filters on the program of the parent process, ANDed.")),
	OBJECTS("matchNamespaces", match_namespaces, struct tpc_namespace_filter, namespace_filter,
		DOC("Filters on namespaces, ANDed.")),
	OBJECTS("matchNamespaceChanges", match_namespace_changes, struct tpc_namespace_change_filter,
		namespace_change_filter, DOC("Filters on namespaces that changed.")),
	OBJECTS("matchCapabilities", match_capabilities, struct tpc_capability_filter, capability_filter,
		DOC("Filters on capabilities, ANDed.")),
	OBJECTS("matchCapabilityChanges", match_capability_changes, struct tpc_capability_filter,
		capability_filter, DOC("Filters on capabilities that changed.")),
	POINTER("matchWorkloads", match_workloads, struct tpc_workloads, workloads,
		DOC("Pods, containers or the host.")),
	TEXTS("macros", macros, DOC("Names in spec.selectorsMacros whose filters are added.")),
};
#undef OWNER
OBJECT_TABLE(schema_selector, struct tpc_selector, "selector", NULL,
	     "Filters that must all hold, and what to do then; the first selector that matches decides.");
