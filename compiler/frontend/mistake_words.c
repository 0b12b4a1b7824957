// SPDX-License-Identifier: Apache-2.0
/* Words of closed lists: those of other tools, of C and of the kernel, and those that were removed. */
#include <string.h>

#include "base/suggest.h"
#include "base/text.h"
#include "base/utf8.h"
#include "frontend/mistakes.h"
#include "frontend/schema_impl.h"

#define LITERAL_NOTE "values are compared byte by byte: Prefix, Postfix and SubString take a part of the text"
#define ORED_NOTE "values are ORed; for many numbers there is InMap"
#define ANDED_NOTE "none of the values may be equal; for many numbers there is NotInMap"
#define STRUCT_NOTE "of any other struct, 'resolve' reads one member, and 'type' is that member's type"
#define ARGV_NOTE "arguments of a started program are in its process events; a hook reads one string alone"
#define FD_NOTE                                                                                              \
	"it was removed: an argument of type fd or file finds its path by itself, so the hooks that only follow descriptors can go"
#define POST_NOTE "it never did anything: 'returnArg' alone shows the result"

#define OPERATOR(wrong, right) { &schema_arg_operators, wrong, right, NULL, false }
#define OPERATOR_NOTE(wrong, right, note) { &schema_arg_operators, wrong, right, note, false }
#define BINARY(wrong, right) { &schema_binary_operators, wrong, right, NULL, false }
#define BINARY_NOTE(wrong, right, note) { &schema_binary_operators, wrong, right, note, false }
#define SET(wrong, right) { &schema_set_operators, wrong, right, NULL, false }
#define LABEL(wrong, right) { &schema_label_operators, wrong, right, NULL, false }
#define ACTION(wrong, right) { &schema_actions, wrong, right, NULL, false }
#define ACTION_NOTE(wrong, right, note) { &schema_actions, wrong, right, note, false }
#define TYPE(wrong, right) { &schema_arg_types, wrong, right, NULL, false }
#define TYPE_NOTE(wrong, right, note) { &schema_arg_types, wrong, right, note, false }
#define NAMESPACE(wrong, right) { &schema_namespaces, wrong, right, NULL, false }

/* Types are written as normalise_type() makes them. Of words that are equal but for case nothing is said here. */
const struct mistake_word mistake_words[] = {
	OPERATOR_NOTE("In", "Equal", ORED_NOTE),
	OPERATOR_NOTE("NotIn", "NotEqual", ANDED_NOTE),
	OPERATOR("Eq", "Equal"),
	OPERATOR("==", "Equal"),
	OPERATOR("=", "Equal"),
	OPERATOR("Is", "Equal"),
	OPERATOR("Neq", "NotEqual"),
	OPERATOR("Ne", "NotEqual"),
	OPERATOR("!=", "NotEqual"),
	OPERATOR("Not", "NotEqual"),
	OPERATOR(">", "GreaterThan"),
	OPERATOR("Gte", "InRange"),
	OPERATOR("Ge", "InRange"),
	OPERATOR(">=", "InRange"),
	OPERATOR("<", "LessThan"),
	OPERATOR("Lte", "InRange"),
	OPERATOR("Le", "InRange"),
	OPERATOR("<=", "InRange"),
	OPERATOR("Range", "InRange"),
	OPERATOR("Between", "InRange"),
	OPERATOR("Contains", "SubString"),
	OPERATOR("Includes", "SubString"),
	OPERATOR("InString", "SubString"),
	OPERATOR("StartsWith", "Prefix"),
	OPERATOR("HasPrefix", "Prefix"),
	OPERATOR("NotStartsWith", "NotPrefix"),
	OPERATOR("EndsWith", "Postfix"),
	OPERATOR("HasSuffix", "Postfix"),
	OPERATOR("Suffix", "Postfix"),
	OPERATOR("NotEndsWith", "NotPostfix"),
	OPERATOR("NotSuffix", "NotPostfix"),
	OPERATOR_NOTE("Regex", NULL, LITERAL_NOTE),
	OPERATOR_NOTE("Regexp", NULL, LITERAL_NOTE),
	OPERATOR_NOTE("Match", NULL, LITERAL_NOTE),
	OPERATOR_NOTE("Matches", NULL, LITERAL_NOTE),
	OPERATOR_NOTE("Glob", NULL, LITERAL_NOTE),
	OPERATOR_NOTE("Like", NULL, LITERAL_NOTE),
	OPERATOR_NOTE("NotContains", NULL,
		      "no operator says what a text must not contain: NotPrefix, NotPostfix"),
	OPERATOR("DAddrIn", "DAddr"),
	OPERATOR("DAddrNotIn", "NotDAddr"),
	OPERATOR("SAddrIn", "SAddr"),
	OPERATOR("SAddrNotIn", "NotSAddr"),
	OPERATOR("DPortIn", "DPort"),
	OPERATOR("DPortNotIn", "NotDPort"),
	OPERATOR("SPortIn", "SPort"),
	OPERATOR("SPortNotIn", "NotSPort"),
	OPERATOR("Port", "DPort"),
	OPERATOR("Cidr", "DAddr"),
	OPERATOR("NotInCidr", "NotDAddr"),
	OPERATOR("And", "Mask"),
	OPERATOR("BitMask", "Mask"),
	OPERATOR("HasBit", "Mask"),

	BINARY("Equal", "In"),
	BINARY("Equals", "In"),
	BINARY("NotEqual", "NotIn"),
	BINARY("Suffix", "Postfix"),
	BINARY("EndsWith", "Postfix"),
	BINARY("NotSuffix", "NotPostfix"),
	BINARY("StartsWith", "Prefix"),
	BINARY_NOTE("Contains", NULL, "Prefix and Postfix take a part of the path, at its start or end"),
	BINARY_NOTE("SubString", NULL, "Prefix and Postfix take a part of the path, at its start or end"),
	BINARY_NOTE("Regex", NULL, "Prefix and Postfix take a part of the path, at its start or end"),

	SET("Equal", "In"),
	SET("Equals", "In"),
	SET("NotEqual", "NotIn"),
	LABEL("Equal", "In"),
	LABEL("Equals", "In"),
	LABEL("NotEqual", "NotIn"),
	LABEL("NotExists", "DoesNotExist"),

	{ &schema_actions, "FollowFD", NULL, FD_NOTE, true },
	{ &schema_actions, "UnfollowFD", NULL, FD_NOTE, true },
	{ &schema_actions, "CopyFD", NULL, FD_NOTE, true },
	ACTION("Kill", "Sigkill"),
	ACTION("Terminate", "Sigkill"),
	ACTION_NOTE("SIGTERM", "Signal", "'Signal' needs 'argSig: 15'"),
	ACTION_NOTE("SIGSTOP", "Signal", "'Signal' needs 'argSig: 19'"),
	ACTION_NOTE("Block", "Override", "'Override' needs 'argError', the result: -1 is EPERM"),
	ACTION_NOTE("Deny", "Override", "'Override' needs 'argError', the result: -1 is EPERM"),
	ACTION_NOTE("Drop", "Override", "'Override' needs 'argError', the result: -1 is EPERM"),
	ACTION_NOTE("Reject", "Override", "'Override' needs 'argError', the result: -1 is EPERM"),
	ACTION("Alert", "Post"),
	ACTION("Audit", "Post"),
	ACTION("Log", "Post"),
	ACTION("Monitor", "Post"),
	ACTION("Notify", "Post"),
	ACTION("Report", "Post"),
	ACTION("Trace", "Post"),
	ACTION("Allow", "NoPost"),
	ACTION("Ignore", "NoPost"),
	ACTION("Skip", "NoPost"),

	{ &schema_return_actions, "Post", NULL, POST_NOTE, false },

	TYPE_NOTE("string_array", NULL, ARGV_NOTE),
	TYPE_NOTE("string_list", NULL, ARGV_NOTE),
	TYPE_NOTE("char_args", NULL, ARGV_NOTE),
	TYPE_NOTE("argv", NULL, ARGV_NOTE),
	TYPE_NOTE("envp", NULL, ARGV_NOTE),
	TYPE("char", "string"),
	TYPE("char_ptr", "string"),
	TYPE("str", "string"),
	TYPE("text", "string"),
	TYPE("cstring", "string"),
	TYPE("buf", "char_buf"),
	TYPE("buffer", "char_buf"),
	TYPE("bytes", "char_buf"),
	TYPE("iovec", "char_iovec"),
	TYPE("bool", "uint8"),
	TYPE("u8", "uint8"),
	TYPE("s8", "int8"),
	TYPE("u16", "uint16"),
	TYPE("short", "int16"),
	TYPE("unsigned_short", "uint16"),
	TYPE("umode", "uint16"),
	TYPE("u32", "uint32"),
	TYPE("s32", "int32"),
	TYPE("uint", "uint32"),
	TYPE("unsigned", "uint32"),
	TYPE("unsigned_int", "uint32"),
	TYPE("uid", "uint32"),
	TYPE("gid", "uint32"),
	TYPE("mode", "uint32"),
	TYPE("integer", "int"),
	TYPE("pid", "int32"),
	TYPE("u64", "uint64"),
	TYPE("s64", "int64"),
	TYPE("off", "int64"),
	TYPE("loff", "int64"),
	TYPE("ssize", "int64"),
	TYPE("long_long", "int64"),
	TYPE("unsigned_long", "ulong"),
	TYPE("unsigned_long_long", "uint64"),
	TYPE("ptr", "uint64"),
	TYPE("pointer", "uint64"),
	TYPE("void", "uint64"),
	TYPE("linux_cred", "cred"),
	TYPE("creds", "cred"),
	TYPE("credentials", "cred"),
	TYPE("binprm", "linux_binprm"),
	TYPE("sk_buff", "skb"),
	TYPE("tcp_sock", "sock"),
	TYPE("inet_sock", "sock"),
	TYPE("sockaddr_in", "sockaddr"),
	TYPE("sockaddr_in6", "sockaddr"),
	TYPE("user_ns", "user_namespace"),
	TYPE("cap", "capability"),
	TYPE_NOTE("bio", NULL, STRUCT_NOTE),
	TYPE_NOTE("task_struct", NULL, STRUCT_NOTE),
	TYPE_NOTE("mem_cgroup", NULL, STRUCT_NOTE),
	TYPE_NOTE("nsproxy", NULL, STRUCT_NOTE),
	TYPE_NOTE("msghdr", NULL, STRUCT_NOTE),
	TYPE_NOTE("inode", NULL, STRUCT_NOTE),

	TYPE_NOTE(NULL, NULL, STRUCT_NOTE),

	NAMESPACE("Mount", "Mnt"),
	NAMESPACE("Network", "Net"),
	NAMESPACE("Process", "Pid"),
	NAMESPACE("Hostname", "Uts"),
	{ &schema_namespaces, NULL, NULL, mistake_kubernetes_namespace, true },
	{ 0 },
};

/* "const struct file *" to "file", "unsigned long" to "unsigned_long", "loff_t" to "loff". */
static struct tpc_node normalise_type(struct tpc_arena *a, const struct tpc_node *n)
{
	static const char *const heads[] = { "const ", "struct ", "union ", "enum " };
	char *s = tpc_strndup(a, n->s, n->len), *end = s + strlen(s);

	while (end > s && (end[-1] == '*' || end[-1] == ' '))
		*--end = 0;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		if (!strncmp(s, heads[i], strlen(heads[i])))
			s += strlen(heads[i]);
	}
	if (end - s > 2 && !strcmp(end - 2, "_t"))
		*(end -= 2) = 0;
	for (char *p = s; *p; p++) {
		if (*p == ' ' || *p == '-')
			*p = '_';
	}
	return (struct tpc_node){ .kind = TPC_NODE_SCALAR, .s = s, .len = (uint32_t)(end - s) };
}

static const char *find_exact(const struct schema_words *w, const char *s, uint32_t len)
{
	for (uint32_t i = 0; i < w->len; i++) {
		if (tpc_text_is(s, len, w->items[i].name))
			return w->items[i].name;
	}
	return NULL;
}

/* "In|NotIn": copied from a description of what may be written. */
static bool is_alternatives(const struct schema_words *w, const struct tpc_node *n)
{
	const char *bar = memchr(n->s, '|', n->len);

	return bar && find_exact(w, n->s, (uint32_t)(bar - n->s));
}

static bool find_row(const struct schema_words *w, const struct tpc_node *n, struct tpc_arena *a,
		     struct mistake *ret)
{
	const struct mistake_word *m;

	for (m = mistake_words; m->words; m++) {
		if (m->words != w || !m->wrong != !n)
			continue;
		if (n && !tpc_same_but_case(m->wrong, (uint32_t)strlen(m->wrong), n->s, n->len))
			continue;
		*ret = (struct mistake){ .note = m->note, .whole = m->whole };
		if (m->right)
			ret->hint = tpc_sprintf(a, "did you mean '%s'?", m->right);
		else if (w == &schema_actions || w == &schema_return_actions)
			ret->hint = "remove it";
		return true;
	}
	return false;
}

bool mistake_in_word(struct tpc_arena *a, const struct schema_words *w, const struct tpc_node *n,
		     struct mistake *ret)
{
	struct tpc_node type;
	const char *known;

	if (n && is_alternatives(w, n)) {
		*ret = (struct mistake){ .hint = "write one of them" };
		return true;
	}
	if (!n || w != &schema_arg_types)
		return find_row(w, n, a, ret);
	type = normalise_type(a, n);
	known = find_exact(w, type.s, type.len);
	if (known)
		*ret = (struct mistake){ .hint = tpc_sprintf(a, "did you mean '%s'?", known) };
	return known || find_row(w, &type, a, ret);
}
