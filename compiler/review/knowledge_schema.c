// SPDX-License-Identifier: Apache-2.0
/* What a row of each table may hold, for the front end's decoder: docs/knowledge.md says the same to people. */
#include "frontend/schema_impl.h"
#include "review/knowledge_impl.h"

#define WORDS(id, what, ...)                                                                                 \
	static const struct schema_word id##_items[] = { __VA_ARGS__ };                                      \
	static const struct schema_words id = { what, id##_items, sizeof(id##_items) / sizeof(id##_items[0]) }

static const struct schema_word kind_items[] = {
	{ "lsm", "a hook of the security modules" },
	{ "kprobe", "a kernel function" },
	{ "syscall", "a system call" },
	{ "tracepoint", "subsystem/event" },
	{ "uprobe", "a function of a program" },
	{ "base", "sent without any policy" },
};
const struct schema_words know_words_kind = { "kind of hook", kind_items, KNOW_KIND_MAX - 1 };

WORDS(rates, "rate", { "rare", "administration, start and stop" }, { "some", "now and then in any process" },
      { "often", "many times a second on a busy node" }, { "hot", "in the path of I/O, packets or faults" });
WORDS(overrides, "override", { "none", "its result cannot be replaced" }, { "lsm", "a BPF LSM program" },
      { "error-injection", "bpf_override_return" }, { "fmod_ret", "a fmod_ret program" });
WORDS(contexts, "context", { "task", "the current task causes it" },
      { "any", "may run in a kernel thread or an interrupt of another task" });
WORDS(scopes, "scope", { "pods", "all pods, not the host" }, { "namespace", "namespaces that one names" },
      { "any", "the host too" });
WORDS(acts, "action", { "None", "no rule" }, { "Post", "an event" }, { "Override", "an error instead" },
      { "Sigkill", "the process is killed" });
WORDS(matches, "match", { "Equal", "the whole path" }, { "Prefix", "how it begins" },
      { "Postfix", "how it ends" });
WORDS(places, "place", { "container", "as the container sees it" }, { "host", "as the node sees it" });
WORDS(levels, "level", { "low", "" }, { "medium", "" }, { "high", "" }, { "critical", "" });
static const struct schema_word group_items[] = {
	{ "privilege", "Users, groups and capabilities" },
	{ "execution", "Programs that start" },
	{ "memory", "Memory that becomes code" },
	{ "files", "Files of the system" },
	{ "persistence", "What survives a restart" },
	{ "credentials", "Keys, tokens and passwords" },
	{ "escape", "From the container to the node" },
	{ "kernel", "Modules, BPF and other ways into the kernel" },
	{ "process", "Other processes" },
	{ "network", "Connections and sockets" },
	{ "defence", "Logs and what watches" },
	{ "impact", "Damage and misuse" },
};
const struct schema_words know_words_group = { "group", group_items,
					       sizeof(group_items) / sizeof(group_items[0]) };

WORDS(categories, "category", { "cni", "networks of pods" }, { "kubelet", "the node's agent" },
      { "control-plane", "the cluster's own services" }, { "runtime", "container runtimes" },
      { "csi", "storage" }, { "logs", "log shippers" }, { "monitoring", "metrics, traces, profiles" },
      { "security", "scanners and sensors" }, { "mesh", "service meshes and ingress" },
      { "addon", "cluster add-ons" }, { "gitops", "delivery and builds" },
      { "backup", "backup and databases" }, { "gpu", "devices and virtual machines" },
      { "node", "node maintenance" }, { "os", "services of the node" },
      { "app", "what applications are made of" });

#define SOURCE TEXT_MAP("source", source, REQUIRED, DOC("Where each fact was checked."))

#define OWNER struct know_link
static const struct schema_field link_fields[] = {
	TEXT("hook", hook, DOC("Id of a row of hooks.")),
	TEXT("other", other, DOC("What is no hook of the table.")),
	TEXT("why", why, REQUIRED, DOC("What it is better or worse for.")),
	BOOL("partly", partly, DOC("Of a sibling: only at times, or to a part of the behaviour.")),
	BOOL("writes", writes, DOC("Of a sibling: it changes, and shows nothing to who watches reads.")),
};
#undef OWNER
static OBJECT_TABLE(link, struct know_link, "link", "hook", "Another way to the same behaviour.");

/* ---- hooks ---- */
#define OWNER struct know_hook_arg
static const struct schema_field hook_arg_fields[] = {
	INT("index", index, 0, 15, REQUIRED, DOC("Position, from 0.")),
	WORD_OF("type", type, schema_arg_types, REQUIRED, DOC("How a policy reads it.")),
	TEXT("name", name, REQUIRED, DOC("As the kernel calls it.")),
	TEXT("about", about, DOC("What is in it.")),
	BOOL("bits", bits, DOC("Flags: others may be set beside those that one looks for.")),
};
#undef OWNER
static OBJECT_TABLE(hook_arg, struct know_hook_arg, "argument", NULL, "An argument of the hook.");

#define OWNER struct know_toctou
static const struct schema_field toctou_fields[] = {
	INT("index", index, 0, 15, REQUIRED, DOC("Which argument.")),
	TEXT("why", why, REQUIRED, DOC("What can be changed between check and use.")),
};
#undef OWNER
static OBJECT_TABLE(toctou, struct know_toctou, "toctou entry", NULL, "An argument in user memory.");

#define OWNER struct know_change
static const struct schema_field change_fields[] = {
	TEXT("since", since, REQUIRED, DOC("Kernel.")),
	TEXT("about", about, REQUIRED, DOC("What is otherwise from there on.")),
	INTS("moves", moves, 0, 15, DOC("Arguments that are others, or mean something else, before it.")),
};
#undef OWNER
static OBJECT_TABLE(change, struct know_change, "change", NULL, "A difference between kernels.");

#define OWNER struct know_hook
static const struct schema_field hook_fields[] = {
	TEXT("id", id, REQUIRED, DOC("KIND:NAME.")),
	TEXT("about", about, REQUIRED, DOC("When it is called.")),
	TEXT("function", function, DOC("Of an LSM hook: the kernel function for kprobes.")),
	INTS("functionArgs", function_args, -1, 15, DOC("Position there of each argument; -1: it has none.")),
	OBJECTS("args", args, struct know_hook_arg, hook_arg, DOC("Arguments that policies use.")),
	WORD_OF("rate", rate, rates, REQUIRED, DOC("How often it is called.")),
	TEXT("rateWhy", rate_why, REQUIRED, DOC("By what.")),
	BOOL("sleepable", sleepable, DOC("May a BPF program sleep here?")),
	WORD_OF("override", override, overrides, REQUIRED, DOC("What can replace its result.")),
	WORD_OF("context", context, contexts, DEFAULT(KNOW_CONTEXT_TASK), DOC("Whose task is current.")),
	TEXT("since", since, REQUIRED, DOC("First kernel where a policy can use it.")),
	OBJECTS("changes", changes, struct know_change, change, DOC("What differs between kernels.")),
	TEXTS("needs", needs, DOC("Configuration of the kernel.")),
	TEXT_MAP("missing", missing, DOC("Kernel whose BTF lacks it, and why.")),
	OBJECTS("toctou", toctou, struct know_toctou, toctou, DOC("Arguments in user memory.")),
	OBJECTS("siblings", siblings, struct know_link, link, DOC("Other ways to the same behaviour.")),
	POINTER("better", better, struct know_link, link, DOC("A hook that is better for most uses.")),
	TEXTS("blind", blind, DOC("What it does not see.")),
	SOURCE,
};
#undef OWNER
static OBJECT_TABLE(hook, struct know_hook, "hook", "id", "A place where a policy can look.");

/* ---- threats ---- */
#define OWNER struct know_use
static const struct schema_field use_fields[] = {
	TEXT("hook", hook, REQUIRED, DOC("Id of a row of hooks.")),
	TEXT("why", why, REQUIRED, DOC("Why this hook and these arguments.")),
	OBJECTS("args", args, struct tpc_arg, schema_arg, DOC("As in a policy.")),
	OBJECTS("data", data, struct tpc_arg, schema_arg, DOC("As in a policy.")),
	OBJECTS("selectors", selectors, struct tpc_selector, schema_selector, DOC("As in a policy.")),
};
#undef OWNER
static OBJECT_TABLE(use, struct know_use, "use", "hook", "A hook as this threat needs it.");

#define OWNER struct know_action
static const struct schema_field action_fields[] = {
	WORD_OF("action", action, acts, REQUIRED, DOC("What the rule does.")),
	VALUE("rateLimit", rate_limit, DOC("Of a Post.")),
	INT("error", error, -4095, 0, DOC("What an Override returns.")),
	TEXT("why", why, DOC("What to know about it.")),
};
#undef OWNER
static OBJECT_TABLE(action, struct know_action, "action", NULL, "What a rule does at one appetite.");

#define OWNER struct know_actions
static const struct schema_field actions_fields[] = {
	OBJECT("observe", by[KNOW_OBSERVE], struct know_action, action, REQUIRED, DOC("To see.")),
	OBJECT("alert", by[KNOW_ALERT], struct know_action, action, REQUIRED, DOC("To be told.")),
	OBJECT("block", by[KNOW_BLOCK], struct know_action, action, REQUIRED, DOC("To prevent.")),
};
#undef OWNER
static OBJECT_TABLE(actions, struct know_actions, "actions", NULL, "An action for each appetite.");

#define OWNER struct know_threat
static const struct schema_field threat_fields[] = {
	TEXT("id", id, REQUIRED, DOC("Its name.")),
	TEXT("title", title, REQUIRED, DOC("One line.")),
	WORD_OF("group", group, know_words_group, REQUIRED, DOC("What it is about.")),
	TEXT("about", about, REQUIRED, DOC("The behaviour.")),
	TEXTS("mitre", mitre, REQUIRED, DOC("Techniques of ATT&CK.")),
	OBJECTS("hooks", hooks, struct know_use, use, REQUIRED, DOC("All that a policy needs.")),
	OBJECTS("alternatives", alternatives, struct know_link, link, REQUIRED, DOC("Why others are worse.")),
	TEXT("minKernel", min_kernel, REQUIRED, DOC("The oldest kernel for these hooks.")),
	WORD_OF("scope", scope, scopes, REQUIRED, DOC("Where it is meant to watch.")),
	TEXTS("edit", edit, DOC("Values that a site replaces.")),
	OBJECT("actions", actions, struct know_actions, actions, REQUIRED, DOC("By appetite.")),
	TEXT("impact", impact, REQUIRED, DOC("What an enforcing rule breaks.")),
	TEXT("rollback", rollback, REQUIRED, DOC("What is left to do when it is off.")),
	TEXTS("legitimate", legitimate, REQUIRED, DOC("Who does it in normal work.")),
	TEXTS("fidelity", fidelity, REQUIRED, DOC("When it is hardly ever legitimate.")),
	WORD_OF("fpRisk", fp_risk, levels, REQUIRED, DOC("Of the rule as it stands.")),
	WORD_OF("severity", severity, levels, REQUIRED, DOC("For a SIEM.")),
	TEXTS("related", related, DOC("Other threats.")),
	SOURCE,
};
#undef OWNER
static OBJECT_TABLE(threat, struct know_threat, "threat", "id", "A behaviour to see or prevent.");

/* ---- agents ---- */
#define OWNER struct know_binary
static const struct schema_field binary_fields[] = {
	TEXT("path", path, REQUIRED, DOC("Of the executable, links resolved.")),
	WORD_OF("match", match, matches, DEFAULT(KNOW_MATCH_EQUAL), DOC("How it is compared.")),
	WORD_OF("on", on, places, DEFAULT(KNOW_IN_CONTAINER), DOC("In whose file tree.")),
	TEXT("note", note, DOC("What to know about it.")),
};
#undef OWNER
static OBJECT_TABLE(binary, struct know_binary, "binary", "path", "A program of the agent.");

#define OWNER struct know_agent
static const struct schema_field agent_fields[] = {
	TEXT("name", name, REQUIRED, DOC("What it is called.")),
	WORD_OF("category", category, categories, REQUIRED, DOC("What it is for.")),
	TEXT("about", about, REQUIRED, DOC("What a reviewer should know.")),
	OBJECTS("binaries", binaries, struct know_binary, binary, REQUIRED, DOC("Its programs.")),
	TEXTS("images", images, DOC("Usual images.")),
	TEXTS("namespaces", namespaces, DOC("Usual namespaces.")),
	TEXTS("labels", labels, DOC("Usual labels, key=value.")),
	TEXTS("triggers", triggers, REQUIRED, DOC("Threats it sets off in normal work.")),
	TEXT("exempt", exempt, REQUIRED, DOC("The narrowest way to let it through.")),
	TEXTS("containers", containers, DOC("Of a sidecar: its containers' names.")),
	BOOL("byHand", by_hand, DOC("No selector tells its programs from others'.")),
	SOURCE,
};
#undef OWNER
static OBJECT_TABLE(agent, struct know_agent, "agent", "name", "A part of the platform.");

/* ---- checks ---- */
WORDS(severities, "severity", { "note", "worth knowing" }, { "medium", "worth mending" },
      { "high", "a wrong result, a bypass or an outage" }, { "error", "must not be applied so" });

#define OWNER struct know_check
static const struct schema_field check_fields[] = {
	TEXT("code", code, REQUIRED, DOC("TPR and three digits.")),
	TEXT("slug", slug, REQUIRED, DOC("Its name.")),
	WORD_OF("severity", severity, severities, REQUIRED, DOC("How bad it is.")),
	TEXT("title", title, REQUIRED, DOC("What was found, one sentence.")),
	TEXT("why", why, REQUIRED, DOC("What comes of it.")),
	TEXT("mend", mend, REQUIRED, DOC("What to do.")),
	TEXT("example", example, DOC("A part of a policy that is found.")),
	SOURCE,
};
#undef OWNER
static OBJECT_TABLE(check, struct know_check, "check", "code", "What the reviewer asks of policies.");

#define OWNER struct know_document
static const struct schema_field know_schema_document_fields[] = {
	OBJECTS("hooks", hooks, struct know_hook, hook, DOC("Rows of hooks.")),
	OBJECTS("threats", threats, struct know_threat, threat, DOC("Rows of threats.")),
	OBJECTS("agents", agents, struct know_agent, agent, DOC("Rows of agents.")),
	OBJECTS("checks", checks, struct know_check, check, DOC("Rows of checks.")),
};
#undef OWNER
OBJECT_TABLE(know_schema_document, struct know_document, "file of knowledge", NULL, "Rows.");
