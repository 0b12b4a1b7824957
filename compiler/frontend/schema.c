// SPDX-License-Identifier: Apache-2.0
/* Tables of hooks, of spec and of the whole document. */
#include "base/buf.h"
#include "frontend/schema_impl.h"

#define MESSAGE TEXT("message", message, DOC("Short text that events show; 256 characters are kept."))
#define TAGS TEXTS("tags", tags, AT_MOST(16), DOC("Words to sort events by."))
#define ARGS                                                                                                 \
	OBJECTS("args", args, struct tpc_arg, schema_arg, DOC("Arguments that events show and filters use."))
#define SELECTORS                                                                                            \
	OBJECTS("selectors", selectors, struct tpc_selector, schema_selector,                                \
		DOC("Tried in order, the first that matches decides; without any, everything is posted."))

/* ---- arguments ---- */
#define OWNER struct tpc_arg
static const struct schema_field schema_arg_fields[] = {
	INT("index", index, 0, UINT_MAX_CRD, REQUIRED,
	    DOC("Position of the argument, or of the tracepoint's field, from 0.")),
	WORD_OF("type", type, schema_arg_types, DEFAULT(TPC_ARG_TYPE_AUTO), DOC("What the argument is.")),
	TEXT("resolve", resolve, DOC("Path to a member of what the argument points to.")),
	INT("sizeArgIndex", size_arg_index, 0, UINT_MAX_CRD,
	    DOC("char_buf, char_iovec: position of the argument that holds the size, from 1.")),
	BOOL("returnCopy", return_copy, DOC("char_buf, char_iovec: read it when the function returns.")),
	BOOL("maxData", max_data, DOC("char_buf: show up to 327360 bytes.")),
	TEXT("label", label, DOC("Name of the argument in events.")),
	TEXT("source", source, DOC("Where data comes from: current_task or pt_regs.")),
	TEXT("btfType", btf_type, DOC("Struct that resolve starts from.")),
	TEXT("btfTypeModule", btf_type_module, DOC("Kernel module that has that struct.")),
};
#undef OWNER
OBJECT_TABLE(schema_arg, struct tpc_arg, "argument", NULL, "An argument of the hooked function.");

/* ---- hooks ---- */
#define OWNER struct tpc_kprobe_ignore
static const struct schema_field kprobe_ignore_fields[] = {
	BOOL("callNotFound", call_not_found, DOC("Skip functions that the kernel does not have.")),
};
#undef OWNER
static OBJECT_TABLE(kprobe_ignore, struct tpc_kprobe_ignore, "ignore", NULL, "What may be missing.");

#define OWNER struct tpc_kprobe
#define KPROBE_FIELDS                                                                                        \
	TEXT("call", call, REQUIRED, DOC("Name of the kernel function, or list:NAME.")),                     \
		BOOL("return", ret, DOC("Show the return value, see returnArg.")),                           \
		BOOL("syscall", syscall, DEFAULT(true), DOC("The function is a system call's entry.")),      \
		MESSAGE, ARGS,                                                                               \
		OBJECTS("data", data, struct tpc_arg, schema_arg,                                            \
			DOC("More to show: members of the current task, registers.")),                       \
		POINTER("returnArg", return_arg, struct tpc_arg, schema_arg,                                 \
			DOC("What the return value is.")),                                                   \
		WORD_OF("returnArgAction", return_arg_action, schema_return_actions,                         \
			DOC("What to do with the return value.")),                                           \
		SELECTORS, TAGS,                                                                             \
		POINTER("ignore", ignore, struct tpc_kprobe_ignore, kprobe_ignore,                           \
			DOC("What may be missing."))
static const struct schema_field kprobe_fields[] = { KPROBE_FIELDS };
static const struct schema_field fentry_fields[] = { KPROBE_FIELDS };
#undef OWNER
static OBJECT_TABLE(kprobe, struct tpc_kprobe, "kprobe", "call", "A kernel function, hooked at its entry.");
static OBJECT_TABLE(fentry, struct tpc_kprobe, "fentry", "call",
		    "A kernel function, hooked at its entry through BPF trampolines.");

#define OWNER struct tpc_tracepoint
static const struct schema_field tracepoint_fields[] = {
	TEXT("subsystem", subsystem, REQUIRED, DOC("Folder below /sys/kernel/tracing/events.")),
	TEXT("event", event, REQUIRED, DOC("Name of the event.")),
	MESSAGE,
	ARGS,
	SELECTORS,
	TAGS,
	BOOL("raw", raw, DOC("Hook the raw tracepoint; args are its arguments, not fields.")),
};
#undef OWNER
static OBJECT_TABLE(tracepoint, struct tpc_tracepoint, "tracepoint", "event", "A tracepoint of the kernel.");

#define OWNER struct tpc_uprobe_ignore
static const struct schema_field uprobe_ignore_fields[] = {
	BOOL("digestVerificationFailure", digest_verification_failure,
	     DOC("Skip programs whose digest is another.")),
};
#undef OWNER
static OBJECT_TABLE(uprobe_ignore, struct tpc_uprobe_ignore, "ignore", NULL, "What may be missing.");

#define OWNER struct tpc_uprobe
static const struct schema_field uprobe_fields[] = {
	TEXT("path", path, REQUIRED, DOC("The program or library.")),
	TEXT("btfPath", btf_path, DOC("File with its BTF.")),
	TEXTS("symbols", symbols, DOC("Functions, by symbol.")),
	INTS("offsets", offsets, 0, UINT64_MAX_CRD, DOC("Places, by file offset.")),
	INTS("addrs", addrs, 0, UINT64_MAX_CRD, DOC("Places, by address.")),
	INTS("refCtrOffsets", ref_ctr_offsets, 0, UINT64_MAX_CRD, DOC("Offsets of reference counters.")),
	MESSAGE,
	SELECTORS,
	ARGS,
	OBJECTS("data", data, struct tpc_arg, schema_arg, DOC("More to show: the task, registers.")),
	TAGS,
	BOOL("return", ret, DOC("Show the return value, see returnArg.")),
	POINTER("returnArg", return_arg, struct tpc_arg, schema_arg, DOC("What the return value is.")),
	TEXTS("binaryDigests", binary_digests, DOC("Hook only a program with one of these digests.")),
	POINTER("ignore", ignore, struct tpc_uprobe_ignore, uprobe_ignore, DOC("What may be missing.")),
};
#undef OWNER
static OBJECT_TABLE(uprobe, struct tpc_uprobe, "uprobe", "path", "A function of a program or library.");

#define OWNER struct tpc_usdt
static const struct schema_field usdt_fields[] = {
	TEXT("path", path, REQUIRED, DOC("The program or library.")),
	TEXT("btfPath", btf_path, DOC("File with its BTF.")),
	TEXT("provider", provider, REQUIRED, DOC("Provider of the probe.")),
	TEXT("name", name, REQUIRED, DOC("Name of the probe.")),
	TAGS,
	MESSAGE,
	ARGS,
	SELECTORS,
};
#undef OWNER
static OBJECT_TABLE(usdt, struct tpc_usdt, "usdt probe", "name", "A static probe of a program or library.");

#define OWNER struct tpc_lsmhook
static const struct schema_field lsmhook_fields[] = {
	TEXT("hook", hook, REQUIRED, DOC("Name of the security hook, for example file_open.")),
	MESSAGE,
	ARGS,
	SELECTORS,
	TAGS,
};
#undef OWNER
static OBJECT_TABLE(lsmhook, struct tpc_lsmhook, "LSM hook", "hook", "A hook of the security framework.");

/* ---- the rest of spec ---- */
#define OWNER struct tpc_value_list
static const struct schema_field value_list_fields[] = {
	TEXT("name", name, REQUIRED, DOC("What list:NAME refers to.")),
	VALUES("values", values, DOC("Its values; none in a generated list.")),
	WORD_OF("type", type, schema_list_types, DOC("What the values are.")),
	TEXT("pattern", pattern, DOC("generated_ftrace: regular expression for functions.")),
	BOOL("validated", validated, DOC("Set by agents, without meaning here.")),
};
#undef OWNER
static OBJECT_TABLE(value_list, struct tpc_value_list, "list", "name", "A named list of values.");

#define OWNER struct tpc_option
static const struct schema_field option_fields[] = {
	TEXT("name", name, REQUIRED, DOC("Name of the option, for example policy-mode.")),
	VALUE("value", value, DOC("Its value.")),
};
#undef OWNER
static OBJECT_TABLE(option, struct tpc_option, "option", "name", "A setting for this policy alone.");

#define OWNER struct tpc_enforcer
static const struct schema_field enforcer_fields[] = {
	TEXTS("calls", calls, REQUIRED, DOC("System calls or security functions, or list:NAME.")),
};
#undef OWNER
static OBJECT_TABLE(enforcer, struct tpc_enforcer, "enforcer", NULL, "Calls that NotifyEnforcer acts on.");

#define LABELS(spelling, m, text)                                                                            \
	POINTER(spelling, m, struct tpc_label_selector, schema_label_selector, DOC(text))
#define OWNER struct tpc_spec
static const struct schema_field spec_fields[] = {
	OBJECTS("kprobes", kprobes, struct tpc_kprobe, kprobe, NOT_NULL, DOC("Kernel functions.")),
	OBJECTS("tracepoints", tracepoints, struct tpc_tracepoint, tracepoint, NOT_NULL, DOC("Tracepoints.")),
	BOOL("loader", loader, DOC("Report programs and libraries as they are mapped.")),
	OBJECTS("uprobes", uprobes, struct tpc_uprobe, uprobe, NOT_NULL, DOC("Functions of programs.")),
	OBJECTS("lsmhooks", lsmhooks, struct tpc_lsmhook, lsmhook, NOT_NULL, DOC("Security hooks.")),
	OBJECTS("usdts", usdts, struct tpc_usdt, usdt, NOT_NULL, DOC("Static probes of programs.")),
	OBJECTS("fentries", fentries, struct tpc_kprobe, fentry, NOT_NULL,
		DOC("Kernel functions, through BPF trampolines.")),
	LABELS("podSelector", pod_selector, "Pods that the policy is for."),
	LABELS("containerSelector", container_selector, "Containers that the policy is for."),
	LABELS("hostSelector", host_selector, "{}: the policy is for the host too."),
	LABELS("nodeSelector", node_selector, "Nodes that load the policy."),
	OBJECTS("lists", lists, struct tpc_value_list, value_list, DOC("Named lists of values.")),
	OBJECTS("enforcers", enforcers, struct tpc_enforcer, enforcer,
		DOC("Calls that NotifyEnforcer acts on.")),
	OBJECTS("options", options, struct tpc_option, option, DOC("Settings for this policy alone.")),
	OBJECT_MAP("selectorsMacros", selectors_macros, schema_selector,
		   DOC("Named filters for selectors to use.")),
};
#undef OWNER
static OBJECT_TABLE(spec, struct tpc_spec, "spec", NULL, "What the policy hooks and what it is for.");

/* What a cluster writes into an object is accepted, so that `kubectl get -o yaml` can be compiled. */
#define OWNER struct tpc_metadata
static const struct schema_field metadata_fields[] = {
	TEXT("name", name, REQUIRED, DOC("Name of the policy: lower case letters, digits, '-' and '.'.")),
	TEXT("generateName", generate_name, DOC("Ignored: a compiled policy needs a name of its own.")),
	TEXT("namespace", ns, DOC("Namespace of a TracingPolicyNamespaced.")),
	TEXT_MAP("labels", labels, DOC("Labels, without meaning here.")),
	TEXT_MAP("annotations", annotations, DOC("Annotations, without meaning here.")),
	ANY("creationTimestamp", DOC("Written by the cluster, ignored.")),
	ANY("deletionGracePeriodSeconds", DOC("Written by the cluster, ignored.")),
	ANY("deletionTimestamp", DOC("Written by the cluster, ignored.")),
	ANY("finalizers", DOC("Written by the cluster, ignored.")),
	ANY("generation", DOC("Written by the cluster, ignored.")),
	ANY("managedFields", DOC("Written by the cluster, ignored.")),
	ANY("ownerReferences", DOC("Written by the cluster, ignored.")),
	ANY("resourceVersion", DOC("Written by the cluster, ignored.")),
	ANY("selfLink", DOC("Written by the cluster, ignored.")),
	ANY("uid", DOC("Written by the cluster, ignored.")),
};
#undef OWNER
static OBJECT_TABLE(metadata, struct tpc_metadata, "metadata", NULL, "Name and labels.");

const char *const schema_kinds[] = {
	[TPC_TRACING_POLICY] = "TracingPolicy",
	[TPC_TRACING_POLICY_NAMESPACED] = "TracingPolicyNamespaced",
	NULL,
};
static const char *const api_versions[] = { SCHEMA_API_VERSION, NULL };

#define OWNER struct tpc_policy
static const struct schema_field schema_policy_fields[] = {
	TEXT("apiVersion", api_version, REQUIRED, ONE_OF(api_versions), DOC("The language's version.")),
	TEXT("kind", kind_name, REQUIRED, ONE_OF(schema_kinds),
	     DOC("Whether the policy is for all of a cluster or for one namespace.")),
	OBJECT("metadata", metadata, struct tpc_metadata, metadata, REQUIRED, DOC("Name and labels.")),
	OBJECT("spec", spec, struct tpc_spec, spec, REQUIRED, DOC("The policy itself.")),
};
#undef OWNER
OBJECT_TABLE(schema_policy, struct tpc_policy, "policy", NULL, "A document of kind TracingPolicy.");

/* ---- what all tables have in common ---- */
uint16_t schema_item_size(const struct schema_field *list)
{
	if (list->type == SCHEMA_TEXT_MAP)
		return sizeof(struct tpc_pair);
	if (list->type == SCHEMA_OBJECT_MAP)
		return sizeof(struct tpc_macro);
	switch (list->item) {
	case SCHEMA_TEXT:
		return sizeof(struct tpc_text);
	case SCHEMA_INT:
		return sizeof(struct tpc_int);
	case SCHEMA_VALUE:
		return sizeof(struct tpc_value);
	case SCHEMA_OBJECT:
		return list->object->size;
	default:
		return 0; /* no table has such a list */
	}
}

/* All words when they are few. */
static const char *wants_word(struct tpc_arena *a, const struct schema_words *w)
{
	struct tpc_buf all = TPC_BUF(a);

	if (w->len > 6)
		return tpc_sprintf(a, "the name of an %s", w->noun);
	for (uint32_t i = 0; i < w->len; i++)
		tpc_buf_printf(&all, "%s%s", !i ? "" : i + 1 < w->len ? ", " : " or ", w->items[i].name);
	return tpc_buf_text(&all);
}

static const char *wants_list(enum schema_type item)
{
	switch (item) {
	case SCHEMA_OBJECT:
		return "a list of mappings";
	case SCHEMA_INT:
		return "a list of integers";
	case SCHEMA_TEXT:
		return "a list of strings";
	default:
		return "a list of strings or numbers";
	}
}

const char *schema_wants(struct tpc_arena *a, const struct schema_field *f, bool item)
{
	switch (item && f->type == SCHEMA_LIST ? f->item : f->type) {
	case SCHEMA_TEXT:
		return "a string";
	case SCHEMA_INT:
		return "an integer";
	case SCHEMA_BOOL:
		return "true or false";
	case SCHEMA_VALUE:
		return "a string or a number";
	case SCHEMA_WORD:
		return wants_word(a, f->words);
	case SCHEMA_OBJECT:
	case SCHEMA_OBJECT_POINTER:
		return "a mapping";
	case SCHEMA_LIST:
		return wants_list(f->item);
	case SCHEMA_TEXT_MAP:
		return item ? "a string" : "a mapping from names to strings";
	case SCHEMA_OBJECT_MAP:
		return item ? "a mapping" : "a mapping from names to mappings";
	case SCHEMA_ANY:
		break;
	}
	return "anything";
}
