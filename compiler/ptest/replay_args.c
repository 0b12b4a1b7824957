// SPDX-License-Identifier: Apache-2.0
/*
 * Arguments of an event as values of the policy. An event does not say which argument of the function one is: a label
 * does, and where there are as many as the policy's hook shows and each is of the type that the policy reads, their
 * order does. All else is not known.
 */
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#include "base/number.h"
#include "ptest/replay.h"

#define I386_BIT 0x80000000U

/* ---- each kind of value ---- */
static bool is_type(const struct ir_value *v, const char *word)
{
	return v->type_name && !strcmp(v->type_name, word);
}

static bool set_number(const struct ir_value *v, const json_t *j, struct pt_arg *ret)
{
	bool negative;
	uint64_t num, bits;
	char text[32];

	if (v->type != IR_INT || pt_is_caps(v) || is_type(v, "capability") || is_type(v, "syscall64") ||
	    !replay_number(j, &negative, &num))
		return false;
	snprintf(text, sizeof(text), "%s%llu", negative ? "-" : "", (unsigned long long)num);
	if (pt_number_bits(v, text, (uint32_t)strlen(text), &bits))
		ret->main = PT_NUMBER(bits);
	return true;
}

static bool set_text(struct tpc_arena *a, const struct ir_value *v, const json_t *j, struct pt_arg *ret)
{
	const char *s = json_string_value(j);

	if (v->type != IR_STRING || !s)
		return false;
	ret->main = *s ? replay_exact_text(a, s) : PT_TEXT("", 0);
	return true;
}

static bool set_bytes(struct tpc_arena *a, const struct ir_value *v, const json_t *j, struct pt_arg *ret)
{
	const char *s = json_string_value(j);
	size_t len = s ? strlen(s) : 0, n = 0;
	char *bytes;

	if (v->type != IR_BYTES || !s || len > UINT32_MAX / 2)
		return false;
	bytes = tpc_new_array(a, char, len + 1);
	if (sodium_base642bin((unsigned char *)bytes, len, s, len, NULL, &n, NULL,
			      sodium_base64_VARIANT_ORIGINAL))
		return false;
	ret->main = PT_TEXT(bytes, (uint32_t)n);
	return true;
}

/* "-rw-r--r--" begins with the type. */
static struct pt_datum file_type(const char *permission)
{
	static const struct {
		char ch;
		uint32_t type;
	} types[] = { { '-', S_IFREG }, { 'd', S_IFDIR }, { 'l', S_IFLNK }, { 'c', S_IFCHR },
		      { 'b', S_IFBLK }, { 'p', S_IFIFO }, { 's', S_IFSOCK } };

	for (size_t i = 0; permission && i < sizeof(types) / sizeof(types[0]); i++)
		if (*permission == types[i].ch)
			return PT_NUMBER(types[i].type);
	return (struct pt_datum){ 0 };
}

static bool set_path(struct tpc_arena *a, const struct ir_value *v, const json_t *j, struct pt_arg *ret)
{
	const char *flags = replay_text(j, "flags");

	if (v->type != IR_PATH || !json_is_object(j))
		return false;
	if (!flags || !strstr(flags, "unresolved"))
		ret->main = replay_exact_text(a, replay_text(j, "path"));
	ret->facets[IR_FACET_FILE_TYPE] = file_type(replay_text(j, "permission"));
	return true;
}

static struct pt_datum name_of(enum kernel_names set, const char *s)
{
	uint32_t value;

	if (s && kernel_name_value(set, s, (uint32_t)strlen(s), &value, NULL))
		return PT_NUMBER(value);
	return (struct pt_datum){ 0 };
}

static struct pt_datum address(struct tpc_arena *a, const char *s)
{
	struct pt_datum d = { 0 };

	d.known = s && pt_parse_address(a, s, (uint32_t)strlen(s), &d.in);
	return d;
}

/* Protobuf leaves out what is 0. */
static struct pt_datum port(const json_t *j)
{
	bool negative = false;
	uint64_t num = 0;

	if (j && (!replay_number(j, &negative, &num) || negative || num > UINT16_MAX))
		return (struct pt_datum){ 0 };
	return PT_NUMBER(num);
}

static bool set_socket(struct tpc_arena *a, const struct ir_value *v, const json_t *j, struct pt_arg *ret)
{
	if (v->type != IR_SOCKET || !json_is_object(j) || is_type(v, "sockaddr") || is_type(v, "sockaddr_un"))
		return false;
	ret->main.known = true;
	ret->facets[IR_FACET_FAMILY] = name_of(KERNEL_FAMILIES, replay_text(j, "family"));
	ret->facets[IR_FACET_PROTOCOL] = name_of(KERNEL_PROTOCOLS, replay_text(j, "protocol"));
	ret->facets[IR_FACET_STATE] = name_of(KERNEL_TCP_STATES, replay_text(j, "state"));
	ret->facets[IR_FACET_SADDR] = address(a, replay_text(j, "saddr"));
	ret->facets[IR_FACET_DADDR] = address(a, replay_text(j, "daddr"));
	ret->facets[IR_FACET_SPORT] = port(json_object_get(j, "sport"));
	ret->facets[IR_FACET_DPORT] = port(json_object_get(j, "dport"));
	return true;
}

static bool set_sockaddr(struct tpc_arena *a, const struct ir_value *v, const json_t *j, struct pt_arg *ret)
{
	if (!is_type(v, "sockaddr") || !json_is_object(j))
		return false;
	ret->main.known = true;
	ret->facets[IR_FACET_FAMILY] = name_of(KERNEL_FAMILIES, replay_text(j, "family"));
	ret->facets[IR_FACET_SADDR] = address(a, replay_text(j, "addr"));
	ret->facets[IR_FACET_SPORT] = port(json_object_get(j, "port"));
	return true;
}

static bool set_member_number(const struct ir_value *v, const char *type, const json_t *j, const char *member,
			      struct pt_arg *ret)
{
	const char *abi = replay_text(j, "abi");
	bool negative = false;
	uint64_t num = 0;
	const json_t *n = json_object_get(j, member);

	if (!is_type(v, type) || !json_is_object(j) || (n && !replay_number(n, &negative, &num)) ||
	    negative || num > INT32_MAX)
		return false;
	if (abi && (!strcmp(abi, "i386") || !strcmp(abi, "arm32")))
		num |= I386_BIT;
	ret->main = PT_NUMBER(num);
	return true;
}

/* Hexadecimal digits, with and without "0x". */
static bool set_caps(struct tpc_arena *a, const struct ir_value *v, const json_t *j, struct pt_arg *ret)
{
	const char *s = json_string_value(j);
	uint64_t mask = 0;

	if (!pt_is_caps(v) || !s || strlen(s) > 18)
		return false;
	if (s[0] != '0' || (s[1] != 'x' && s[1] != 'X'))
		s = tpc_sprintf(a, "0x%s", s);
	if (tpc_parse_uint(s, (uint32_t)strlen(s), 0, 64, &mask) != TPC_NUMBER_OK)
		return false;
	ret->main = PT_NUMBER(mask);
	return true;
}

static bool set_device(struct tpc_arena *a, const struct ir_value *v, const json_t *j, struct pt_arg *ret)
{
	if (!is_type(v, "net_device"))
		return false;
	ret->main = replay_exact_text(a, replay_text(j, "name"));
	return true;
}

/* False: it is no value of that type. A value of it that cannot be told stays unknown. */
static bool set_value(struct tpc_arena *a, const struct ir_value *v, const char *key, const json_t *j,
		      struct pt_arg *ret)
{
	static const char *const numbers[] = { "int_arg", "uint_arg", "long_arg", "size_arg" };
	static const char *const paths[] = { "file_arg", "path_arg", "linux_binprm_arg" };
	size_t len = strlen(key);

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!strcmp(key, numbers[i]))
			return set_number(v, j, ret);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (!strcmp(key, paths[i]))
			return set_path(a, v, j, ret);
	if (!strcmp(key, "string_arg"))
		return set_text(a, v, j, ret);
	if (!strcmp(key, "bytes_arg"))
		return set_bytes(a, v, j, ret);
	if (!strcmp(key, "sock_arg") || !strcmp(key, "skb_arg"))
		return set_socket(a, v, j, ret);
	if (!strcmp(key, "sockaddr_arg"))
		return set_sockaddr(a, v, j, ret);
	if (!strcmp(key, "capability_arg"))
		return set_member_number(v, "capability", j, "value", ret);
	if (!strcmp(key, "syscall_id"))
		return set_member_number(v, "syscall64", j, "id", ret);
	if (!strcmp(key, "net_dev_arg"))
		return set_device(a, v, j, ret);
	if (len > 4 && (!strncmp(key, "cap_", 4) || !strcmp(key, "kernel_cap_t_arg")))
		return set_caps(a, v, j, ret);
	if (!strcmp(key, "error_arg"))
		return true;
	if (!strcmp(key, "truncated_bytes_arg"))
		return v->type == IR_BYTES;
	return v->type == IR_SHOWN;
}

/* The one member that holds the value. */
static bool set_arg(struct tpc_arena *a, const struct ir_value *v, json_t *arg, struct pt_arg *ret)
{
	const char *key;
	json_t *j;

	*ret = (struct pt_arg){ 0 };
	json_object_foreach (arg, key, j) {
		if (strcmp(key, "label"))
			return set_value(a, v, key, j, ret);
	}
	return false;
}

/* ---- which is which ---- */
static uint32_t shown(const struct ir_program *p, const struct ir_chain *ch, bool data, uint16_t *ret,
		      uint32_t max)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < ch->args.len && n < max; i++)
		if (ch->args.items[i].data == data && p->values.items[ch->args.items[i].value].type != IR_NOP)
			ret[n++] = ch->args.items[i].value;
	return n;
}

static void set_labelled(struct tpc_arena *a, const struct ir_program *p, const struct ir_chain *ch,
			 bool data, const json_t *list, struct pt_arg *args)
{
	for (size_t k = 0; k < json_array_size(list); k++) {
		json_t *arg = json_array_get(list, k);
		const char *label = replay_text(arg, "label");

		for (uint32_t i = 0; label && *label && i < ch->args.len; i++) {
			const struct ir_arg *s = &ch->args.items[i];

			if (s->data == data && s->label && !strcmp(s->label, label) &&
			    !set_arg(a, &p->values.items[s->value], arg, &args[s->value]))
				args[s->value] = (struct pt_arg){ 0 };
		}
	}
}

#define SHOWN_ARGS_MAX 512

static void set_list(struct tpc_arena *a, const struct ir_program *p, const struct ir_chain *ch, bool data,
		     const json_t *list, struct pt_arg *args)
{
	uint16_t values[SHOWN_ARGS_MAX];
	uint32_t n = shown(p, ch, data, values, SHOWN_ARGS_MAX);
	struct pt_arg *ordered = tpc_new_array(a, struct pt_arg, n);
	bool fits = json_array_size(list) == n;

	for (uint32_t i = 0; i < n && fits; i++)
		fits = set_arg(a, &p->values.items[values[i]], json_array_get(list, i), &ordered[i]);
	for (uint32_t i = 0; i < n && fits; i++)
		args[values[i]] = ordered[i];
	if (json_array_size(list) <= SHOWN_ARGS_MAX)
		set_labelled(a, p, ch, data, list, args);
}

void replay_args(struct tpc_arena *a, const struct replay_event *e, const struct ir_program *p,
		 const struct ir_chain *ch, struct pt_arg *args)
{
	json_t *ret = json_object_get(e->body, "return");

	set_list(a, p, ch, false, json_object_get(e->body, "args"), args);
	set_list(a, p, ch, true, json_object_get(e->body, "data"), args);
	if (ch->has_return && json_is_object(ret) &&
	    !set_arg(a, &p->values.items[ch->return_value], ret, &args[ch->return_value]))
		args[ch->return_value] = (struct pt_arg){ 0 };
}
