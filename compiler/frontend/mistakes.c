// SPDX-License-Identifier: Apache-2.0
/* Fields that do not exist, and values of the wrong type. */
#include <string.h>

#include "base/buf.h"
#include "base/suggest.h"
#include "frontend/decode.h"
#include "frontend/mistakes.h"
#include "frontend/scalar.h"

const char mistake_kubernetes_namespace[] =
	"this filters Linux namespaces: for one of Kubernetes write 'kind: TracingPolicyNamespaced' with metadata.namespace, or select 'k8s:io.kubernetes.pod.namespace' in spec.podSelector";

/* ---- fields ---- */
#define ROW(owner, wrong, hint)                                                                              \
	{                                                                                                    \
		owner, wrong,                                                                                \
		{                                                                                            \
			hint, NULL, false                                                                    \
		}                                                                                            \
	}
#define RENAME(owner, wrong, hint)                                                                           \
	{                                                                                                    \
		owner, wrong,                                                                                \
		{                                                                                            \
			hint, NULL, true                                                                     \
		}                                                                                            \
	}
#define ROW_NOTE(owner, wrong, hint, note)                                                                   \
	{                                                                                                    \
		owner, wrong,                                                                                \
		{                                                                                            \
			hint, note, false                                                                    \
		}                                                                                            \
	}

#define ACTIONS_HINT "write 'matchActions:', a list of '- action: …'"
#define PODS_HINT                                                                                            \
	"write 'matchWorkloads: {podSelector: …}' here, or 'podSelector' in spec for the whole policy"
#define K8S_NAMESPACE_NOTE                                                                                   \
	"to select a namespace: the label 'k8s:io.kubernetes.pod.namespace' in a podSelector"
#define REMOVED_NOTE "it belonged to FollowFD, UnfollowFD and CopyFD, actions that were removed"
#define HOOKS_NOTE "each hook has selectors of its own: kprobes, tracepoints, lsmhooks, …"
#define PRODUCT_NOTE                                                                                         \
	"a TracingPolicy of cilium.io has hooks alone: kprobes, tracepoints, lsmhooks, uprobes, …"

const struct mistake_field mistake_fields[] = {
	ROW("selector", "actions", ACTIONS_HINT),
	ROW("selector", "action", ACTIONS_HINT),
	ROW("selector", "matchAction", ACTIONS_HINT),
	ROW("selector", "podSelector", PODS_HINT),
	ROW("selector", "matchPodSelector", PODS_HINT),
	ROW("selector", "matchPodSelectors", PODS_HINT),
	ROW("selector", "matchPods", PODS_HINT),
	ROW("selector", "containerSelector", "write 'matchWorkloads: {containerSelector: …}'"),
	ROW("selector", "hostSelector", "write 'matchWorkloads: {hostSelector: {}}'"),
	ROW_NOTE("selector", "namespaceSelector", PODS_HINT, K8S_NAMESPACE_NOTE),
	ROW_NOTE("selector", "matchLabels", PODS_HINT, "labels of pods are below a podSelector"),
	ROW_NOTE("selector", "namespaces", "remove it", mistake_kubernetes_namespace),
	ROW_NOTE("selector", "namespace", "remove it", mistake_kubernetes_namespace),
	ROW("selector", "message", "'message' is a field of the hook, beside 'selectors'"),
	ROW("selector", "rateLimit", "it belongs to an action: '- action: Post' with 'rateLimit: 1m'"),
	ROW("selector", "matchProcessParentNames", "write 'matchParentBinaries', with whole paths"),
	ROW("selector", "matchParents", "write 'matchParentBinaries'"),
	ROW("selector", "matchNames", "write 'matchBinaries' for programs, 'matchWorkloads' for pods"),
	ROW("selector", "matchProcesses", "write 'matchBinaries'"),
	ROW("selector", "matchExecutables", "write 'matchBinaries'"),
	ROW("selector", "matchCommands", "write 'matchBinaries'"),
	ROW("selector", "matchPaths", "write 'matchArgs' with operator Prefix or Equal"),
	ROW("selector", "matchFiles", "write 'matchArgs' with operator Prefix or Equal"),
	ROW("selector", "matchUIDs", "'resolve' reads an id in 'data', and 'matchData' compares it"),
	ROW("selector", "matchUsers", "'resolve' reads an id in 'data', and 'matchData' compares it"),
	ROW("selector", "matchReturnArg", "write 'matchReturnArgs'"),
	ROW("selector", "returnAction", "write 'matchReturnActions'"),
	ROW("selector", "operator", "it belongs to an item of 'matchArgs', or of another filter"),
	ROW("selector", "values", "it belongs to an item of 'matchArgs', or of another filter"),
	ROW("selector", "index", "it belongs to an item of 'matchArgs'"),
	ROW("selector", "args", "'args' belongs to the hook; a filter on them is called 'matchArgs'"),

	{ "action", "argFd", { "remove it", REMOVED_NOTE, true } },
	{ "action", "argName", { "remove it", REMOVED_NOTE, true } },
	ROW("action", "message", "'message' is a field of the hook, beside 'selectors'"),
	ROW("action", "argErrno", "write 'argError'"),
	ROW("action", "errno", "write 'argError'"),
	ROW("action", "error", "write 'argError'"),
	ROW("action", "argSignal", "write 'argSig'"),
	ROW("action", "signal", "write 'argSig'"),
	ROW("action", "argValues", "write 'argValue', one number"),
	RENAME("action", "name", "write 'action'"),
	RENAME("action", "type", "write 'action'"),
	ROW("action", "argFmt", "remove it: 'message' of the hook is the only text, and has no placeholders"),
	ROW("action", "procCmdline", "remove it: process events show the command line"),
	ROW("action", "stackTrace", "write 'kernelStackTrace' or 'userStackTrace'"),

	ROW("argument", "size", "write 'sizeArgIndex', the position of the size's argument from 1"),
	ROW("argument", "maxSize", "write 'sizeArgIndex', or 'maxData' for long data"),
	ROW("argument", "name", "write 'label'"),

	ROW("argument filter", "arg", "write 'index', its position from 0"),
	ROW("argument filter", "argIndex", "write 'index'"),
	ROW("argument filter", "name", "write 'index', the argument's position from 0"),
	ROW("argument filter", "type", "the type is said once, in 'args' of the hook"),

	RENAME("binary filter", "paths", "write 'values'"),
	RENAME("binary filter", "path", "write 'values', a list"),
	RENAME("binary filter", "binaries", "write 'values'"),
	RENAME("process id filter", "pids", "write 'values'"),
	ROW("process id filter", "namespace",
	    "write 'isNamespacePID: true' for ids as the process sees them"),
	ROW("process id filter", "namespacePID", "write 'isNamespacePID'"),
	{ "namespace filter", "namespaces", { "remove it", mistake_kubernetes_namespace, true } },
	{ "namespace filter", "name", { "remove it", mistake_kubernetes_namespace, true } },
	RENAME("namespace filter", "type", "write 'namespace'"),
	RENAME("capability filter", "capabilities", "write 'values'"),
	RENAME("capability filter", "caps", "write 'values'"),

	ROW("kprobe", "actions", "put them into a selector, as 'matchActions'"),
	RENAME("kprobe", "function", "write 'call'"),
	RENAME("kprobe", "func", "write 'call'"),
	RENAME("kprobe", "name", "write 'call'"),
	RENAME("kprobe", "symbol", "write 'call'"),
	RENAME("kprobe", "hook", "write 'call'"),
	ROW("kprobe", "arguments", "write 'args'"),
	ROW("kprobe", "params", "write 'args'"),
	ROW("kprobe", "retprobe", "write 'return: true' and 'returnArg'"),
	ROW("kprobe", "action", "put it into a selector, as 'matchActions'"),
	RENAME("tracepoint", "name", "write 'event'"),
	RENAME("tracepoint", "category", "write 'subsystem'"),
	RENAME("tracepoint", "group", "write 'subsystem'"),
	ROW("tracepoint", "call", "write 'subsystem' and 'event'"),
	ROW("tracepoint", "syscall", "write 'event: sys_enter_NAME' of the subsystem syscalls"),
	ROW("tracepoint", "syscalls", "write 'event: sys_enter_NAME' of the subsystem syscalls"),
	ROW("tracepoint", "return", "hook 'sys_exit_NAME': a tracepoint has no result of its own"),
	ROW("uprobe", "symbol", "write 'symbols', a list"),
	ROW("uprobe", "call", "write 'symbols', a list"),
	ROW("uprobe", "function", "write 'symbols', a list"),
	ROW("uprobe", "offset", "write 'offsets', a list"),
	ROW("uprobe", "addr", "write 'addrs', a list"),
	ROW("uprobe", "address", "write 'addrs', a list"),
	RENAME("uprobe", "binary", "write 'path'"),
	RENAME("LSM hook", "call", "write 'hook'"),
	RENAME("LSM hook", "name", "write 'hook'"),
	ROW("LSM hook", "syscall", "remove it: an LSM hook is no system call"),
	ROW("LSM hook", "return", "remove it: an LSM hook is asked before there is a result"),
	ROW("LSM hook", "returnArg", "remove it: an LSM hook is asked before there is a result"),

	ROW("spec", "lsm", "write 'lsmhooks'"),
	ROW("spec", "lsms", "write 'lsmhooks'"),
	ROW("spec", "lsm_hooks", "write 'lsmhooks'"),
	ROW("spec", "kretprobes", "write 'kprobes', with 'return: true' and 'returnArg'"),
	ROW("spec", "syscalls", "write 'kprobes' with 'call: sys_NAME'"),
	ROW("spec", "fentry", "write 'fentries'"),
	ROW("spec", "uretprobes", "write 'uprobes', with 'return: true' and 'returnArg'"),
	ROW_NOTE("spec", "dns", "remove it", PRODUCT_NOTE),
	ROW_NOTE("spec", "parser", "remove it", PRODUCT_NOTE),
	ROW_NOTE("spec", "selectors", "put them into a hook", HOOKS_NOTE),
	ROW_NOTE("spec", "actions", "write 'matchActions' in a selector of a hook", HOOKS_NOTE),
	ROW_NOTE("spec", "action", "write 'matchActions' in a selector of a hook", HOOKS_NOTE),
	ROW_NOTE("spec", "rules", "put selectors into a hook", HOOKS_NOTE),
	ROW_NOTE("spec", "namespaceSelector", "write 'podSelector'", K8S_NAMESPACE_NOTE),
	ROW("spec", "namespace", "write it in metadata, of 'kind: TracingPolicyNamespaced'"),
	ROW("spec", "mode", "write 'options: [{name: policy-mode, value: monitor}]'"),
	ROW("spec", "enabled", "remove it: a policy is on while it is loaded"),
	ROW("spec", "matchLabels", "put it below 'podSelector:'"),

	ROW_NOTE("label selector", "matchNamespaces", "write 'matchExpressions'", K8S_NAMESPACE_NOTE),
	ROW_NOTE("label selector", "matchNames", "write 'matchExpressions'", K8S_NAMESPACE_NOTE),
	ROW_NOTE("label selector", "namespaceSelector", "write 'matchExpressions'", K8S_NAMESPACE_NOTE),
	ROW("label selector", "matchExpression", "write 'matchExpressions', a list"),
	ROW("label selector", "matchLabel", "write 'matchLabels'"),
	ROW("label selector", NULL, "put labels below 'matchLabels:'"), /* any other */
	{ 0 },
};

static bool is_it(const char *wrong, const struct tpc_node *n)
{
	if (!wrong || !n)
		return !wrong && !n;
	return tpc_same_but_case(wrong, (uint32_t)strlen(wrong), n->s, n->len);
}

bool mistake_in_field(const char *owner, const struct tpc_node *key, struct mistake *ret)
{
	const struct mistake_field *m;

	if (!strcmp(owner, "fentry"))
		owner = "kprobe"; /* the same fields */
	for (m = mistake_fields; m->owner; m++) {
		if (strcmp(m->owner, owner) || !is_it(m->wrong, key))
			continue;
		*ret = m->mistake;
		return true;
	}
	return false;
}

/* ---- fields that are missing ---- */
static const struct mistake_field lacks[] = {
	ROW("argument", "index", "add 'index:', its position from 0; that of a 'returnArg' is 0"),
	ROW("action", "action", "add 'action:', such as Post or Sigkill"),
	ROW_NOTE("namespace filter", "namespace", "add 'namespace:', such as Mnt or Pid",
		 mistake_kubernetes_namespace),
};

bool mistake_in_lack(const char *owner, const char *field, struct mistake *ret)
{
	for (size_t i = 0; i < sizeof(lacks) / sizeof(lacks[0]); i++) {
		if (strcmp(lacks[i].owner, owner) || strcmp(lacks[i].wrong, field))
			continue;
		*ret = lacks[i].mistake;
		return true;
	}
	return false;
}

/* ---- values of the wrong type ---- */

/* Items that are mappings but are written as the one value that matters; what is around that value. */
static const struct {
	const char *list, *before, *after, *note;
} short_items[] = {
	{ "matchNamespaces", NULL, NULL, mistake_kubernetes_namespace },
	{ "matchCapabilities", "{type: Effective, operator: In, values: [", "]}", NULL },
	{ "matchCapabilityChanges", "{type: Effective, operator: In, values: [", "]}", NULL },
	{ "matchNamespaceChanges", "{operator: In, values: [", "]}", NULL },
	{ "matchPIDs", "{operator: In, values: [", "]}", NULL },
	{ "matchBinaries", "{operator: In, values: [", "]}", NULL },
	{ "matchParentBinaries", "{operator: In, values: [", "]}", NULL },
	{ "matchArgs", "{index: 0, operator: Equal, values: [", "]}", NULL },
	{ "matchActions", "{action: ", "}", NULL },
	{ "matchReturnActions", "{action: ", "}", NULL },
	{ "args", "{index: 0, type: ", "}", NULL },
	{ "kprobes", "{call: ", "}", NULL },
	{ "fentries", "{call: ", "}", NULL },
	{ "lsmhooks", "{hook: ", "}", NULL },
};

static bool is_short_item(struct tpc_arena *a, const struct schema_field *f, bool item,
			  const struct tpc_node *n, struct mistake *ret)
{
	if (f->type != SCHEMA_LIST || f->item != SCHEMA_OBJECT)
		return false;
	for (size_t i = 0; i < sizeof(short_items) / sizeof(short_items[0]); i++) {
		if (strcmp(short_items[i].list, f->name))
			continue;
		*ret = (struct mistake){ .note = short_items[i].note };
		if (short_items[i].before)
			ret->hint = tpc_sprintf(a, "write %s%s%s%s%s", item ? "" : "[", short_items[i].before,
						decode_shown(a, n), short_items[i].after, item ? "" : "]");
		return true;
	}
	return false;
}

/* Names of numbers; the same on every architecture that Tetragon runs on. */
static const struct {
	const char *field, *name;
	int number;
} numbers[] = {
	{ "argError", "EPERM", -1 },
	{ "argError", "ENOENT", -2 },
	{ "argError", "EINTR", -4 },
	{ "argError", "EIO", -5 },
	{ "argError", "EBADF", -9 },
	{ "argError", "EAGAIN", -11 },
	{ "argError", "ENOMEM", -12 },
	{ "argError", "EACCES", -13 },
	{ "argError", "EBUSY", -16 },
	{ "argError", "EEXIST", -17 },
	{ "argError", "EINVAL", -22 },
	{ "argError", "EROFS", -30 },
	{ "argError", "ENOSYS", -38 },
	{ "argError", "EOPNOTSUPP", -95 },
	{ "argError", "ECONNREFUSED", -111 },
	{ "argSig", "SIGHUP", 1 },
	{ "argSig", "SIGINT", 2 },
	{ "argSig", "SIGQUIT", 3 },
	{ "argSig", "SIGABRT", 6 },
	{ "argSig", "SIGKILL", 9 },
	{ "argSig", "SIGUSR1", 10 },
	{ "argSig", "SIGUSR2", 12 },
	{ "argSig", "SIGTERM", 15 },
	{ "argSig", "SIGCONT", 18 },
	{ "argSig", "SIGSTOP", 19 },
};

/* "EPERM", "-EPERM", "SIGTERM", "TERM". */
static bool is_number_name(struct tpc_arena *a, const struct schema_field *f, const struct tpc_node *n,
			   struct mistake *ret)
{
	const char *s = n->s;
	uint32_t len = n->len;

	if (f->type != SCHEMA_INT)
		return false;
	if (len && *s == '-') {
		s++;
		len--;
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const char *name = numbers[i].name;

		if (strcmp(numbers[i].field, f->name))
			continue;
		if (!tpc_same_but_case(name, (uint32_t)strlen(name), s, len) &&
		    !(name[0] == 'S' && tpc_same_but_case(name + 3, (uint32_t)strlen(name + 3), s, len)))
			continue;
		*ret = (struct mistake){ .hint = tpc_sprintf(a, "write %d", numbers[i].number) };
		return true;
	}
	return false;
}

bool mistake_in_type(struct tpc_arena *a, const struct schema_field *f, bool item, const struct tpc_node *n,
		     struct mistake *ret)
{
	if (n->kind != TPC_NODE_SCALAR || tpc_node_is_null(n))
		return false;
	if (f->type == SCHEMA_BOOL && memchr(n->s, '|', n->len)) {
		*ret = (struct mistake){ .hint = "write one of them" };
		return true;
	}
	if (!strcmp(f->name, "values") && f->item == SCHEMA_INT && item) {
		*ret = (struct mistake){
			.hint = "write a process id; programs are filtered by 'matchBinaries'"
		};
		return true;
	}
	return is_short_item(a, f, item, n, ret) || is_number_name(a, f, n, ret);
}
