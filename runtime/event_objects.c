// SPDX-License-Identifier: Apache-2.0
/* Credentials, capabilities and other kernel objects in events. Source of the shapes: event_out.h. */
#include "event_objects.h"

#include <string.h>

#include "text.h"

/* Spelled as the enumerators of Tetragon's capabilities.proto, of which the second has no CAP_. */
static const char *const cap_names[] = {
	"CAP_CHOWN",
	"DAC_OVERRIDE",
	"CAP_DAC_READ_SEARCH",
	"CAP_FOWNER",
	"CAP_FSETID",
	"CAP_KILL",
	"CAP_SETGID",
	"CAP_SETUID",
	"CAP_SETPCAP",
	"CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE",
	"CAP_NET_BROADCAST",
	"CAP_NET_ADMIN",
	"CAP_NET_RAW",
	"CAP_IPC_LOCK",
	"CAP_IPC_OWNER",
	"CAP_SYS_MODULE",
	"CAP_SYS_RAWIO",
	"CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE",
	"CAP_SYS_PACCT",
	"CAP_SYS_ADMIN",
	"CAP_SYS_BOOT",
	"CAP_SYS_NICE",
	"CAP_SYS_RESOURCE",
	"CAP_SYS_TIME",
	"CAP_SYS_TTY_CONFIG",
	"CAP_MKNOD",
	"CAP_LEASE",
	"CAP_AUDIT_WRITE",
	"CAP_AUDIT_CONTROL",
	"CAP_SETFCAP",
	"CAP_MAC_OVERRIDE",
	"CAP_MAC_ADMIN",
	"CAP_SYSLOG",
	"CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ",
	"CAP_PERFMON",
	"CAP_BPF",
	"CAP_CHECKPOINT_RESTORE",
};

static json_t *cap_json(unsigned cap)
{
	return cap < RT_ARRAY_LEN(cap_names) ? json_string(cap_names[cap]) : json_integer(cap);
}

/* Nothing where the set is empty. */
static void set_caps(json_t *o, const char *key, uint64_t caps)
{
	json_t *list;

	if (!caps)
		return;
	list = json_array();
	for (unsigned i = 0; i < 64; i++)
		if (caps & UINT64_C(1) << i)
			json_array_append_new(list, cap_json(i));
	json_object_set_new(o, key, list);
}

static void set_securebits(json_t *o, uint32_t bits)
{
	static const char *const names[] = { "SecBitNoRoot",
					     "SecBitNoRootLocked",
					     "SecBitNoSetUidFixup",
					     "SecBitNoSetUidFixupLocked",
					     "SecBitKeepCaps",
					     "SecBitKeepCapsLocked",
					     "SecBitNoCapAmbientRaise",
					     "SecBitNoCapAmbientRaiseLocked" };
	json_t *list;

	if (!bits)
		return;
	list = json_array();
	for (unsigned i = 0; i < RT_ARRAY_LEN(names); i++)
		if (bits & 1U << i)
			json_array_append_new(list, json_string(names[i]));
	json_object_set_new(o, "securebits", list);
}

static void set_number(json_t *o, const char *key, long long v)
{
	json_object_set_new(o, key, json_integer(v));
}

static json_t *user_ns_json(const struct tpc_arg_user_ns *ns)
{
	json_t *o = json_object(), *in = json_object();

	set_number(o, "level", ns->level);
	set_number(o, "uid", ns->uid);
	set_number(o, "gid", ns->gid);
	if (ns->inum)
		set_number(in, "inum", ns->inum);
	if (!ns->level)
		json_object_set_new(in, "is_host", json_true());
	json_object_set_new(o, "ns", in);
	return o;
}

static json_t *cred_json(const struct tpc_arg_cred *c)
{
	json_t *o = json_object(), *caps = json_object();

	set_number(o, "uid", c->uid);
	set_number(o, "gid", c->gid);
	set_number(o, "euid", c->euid);
	set_number(o, "egid", c->egid);
	set_number(o, "suid", c->suid);
	set_number(o, "sgid", c->sgid);
	set_number(o, "fsuid", c->fsuid);
	set_number(o, "fsgid", c->fsgid);
	set_securebits(o, c->securebits);
	set_caps(caps, "permitted", c->permitted);
	set_caps(caps, "effective", c->effective);
	set_caps(caps, "inheritable", c->inheritable);
	json_object_set_new(o, "caps", caps);
	json_object_set_new(o, "user_ns", user_ns_json(&c->user_ns));
	return o;
}

static const char *perf_type(uint32_t type)
{
	static const char *const names[] = { "PERF_TYPE_HARDWARE",   "PERF_TYPE_SOFTWARE",
					     "PERF_TYPE_TRACEPOINT", "PERF_TYPE_HW_CACHE",
					     "PERF_TYPE_RAW",	     "PERF_TYPE_BREAKPOINT" };

	return type < RT_ARRAY_LEN(names) ? names[type] : "";
}

static void set_u64_text(json_t *o, const char *key, uint64_t v)
{
	char s[24];

	snprintf(s, sizeof(s), "%llu", (unsigned long long)v);
	if (v)
		json_object_set_new(o, key, json_string(s));
}

static json_t *perf_event_json(const struct tpc_arg_perf_event *p)
{
	struct rt_buf b = { 0 };
	json_t *o = json_object();

	text_utf8(&b, p->kprobe_func, strlen(p->kprobe_func));
	if (b.len && !b.failed)
		json_object_set_new(o, "KprobeFunc", json_stringn(b.s, b.len));
	rt_buf_free(&b);
	if (*perf_type(p->type))
		json_object_set_new(o, "Type", json_string(perf_type(p->type)));
	set_u64_text(o, "Config", p->config);
	set_u64_text(o, "ProbeOffset", p->probe_offset);
	return o;
}

bool object_json(json_t *o, const struct event_arg *a)
{
	switch (a->type) {
	case TPC_ARG_CRED:
		json_object_set_new(o, "process_credentials_arg", cred_json(&a->cred));
		return true;
	case TPC_ARG_USER_NS:
		json_object_set_new(o, "user_ns_arg", user_ns_json(&a->user_ns));
		return true;
	case TPC_ARG_PERF_EVENT:
		json_object_set_new(o, "perf_event_arg", perf_event_json(&a->perf_event));
		return true;
	default:
		return false;
	}
}

/* ---- numbers that are capabilities ---- */

static const char *cap_set_key(const char *type)
{
	static const char *const keys[][2] = { { "kernel_cap_t", "kernel_cap_t_arg" },
					       { "cap_inheritable", "cap_inheritable_arg" },
					       { "cap_permitted", "cap_permitted_arg" },
					       { "cap_effective", "cap_effective_arg" } };

	for (size_t i = 0; i < RT_ARRAY_LEN(keys); i++)
		if (!strcmp(keys[i][0], type))
			return keys[i][1];
	return NULL;
}

bool caps_json(json_t *o, const struct event_arg *a, const char *type)
{
	const char *key = cap_set_key(type);
	char hex[17];
	json_t *v;

	if (key) {
		snprintf(hex, sizeof(hex), "%016llx", (unsigned long long)a->num);
		json_object_set_new(o, key, json_string(hex));
		return true;
	}
	if (strcmp(type, "capability") != 0)
		return false;
	v = json_object();
	set_number(v, "value", (int32_t)a->num);
	if (a->num < RT_ARRAY_LEN(cap_names))
		json_object_set_new(v, "name", cap_json((unsigned)a->num));
	json_object_set_new(o, "capability_arg", v);
	return true;
}

/* ---- one line ---- */

bool object_compact(struct rt_buf *out, const struct event_arg *a)
{
	switch (a->type) {
	case TPC_ARG_CRED:
		rt_buf_fmt(out, "uid:%u,euid:%u,caps:%016llx", a->cred.uid, a->cred.euid,
			   (unsigned long long)a->cred.effective);
		return true;
	case TPC_ARG_USER_NS:
		rt_buf_fmt(out, "%u,level:%d,uid:%u", a->user_ns.inum, a->user_ns.level, a->user_ns.uid);
		return true;
	case TPC_ARG_PERF_EVENT:
		rt_buf_fmt(out, "type:%u,config:%llu", a->perf_event.type,
			   (unsigned long long)a->perf_event.config);
		if (a->perf_event.kprobe_func[0])
			rt_buf_str(out, ",");
		text_escape(out, a->perf_event.kprobe_func, strlen(a->perf_event.kprobe_func));
		return true;
	default:
		return false;
	}
}

bool caps_compact(struct rt_buf *out, const struct event_arg *a, const char *type)
{
	if (cap_set_key(type))
		rt_buf_fmt(out, "%016llx", (unsigned long long)a->num);
	else if (!strcmp(type, "capability") && a->num < RT_ARRAY_LEN(cap_names))
		rt_buf_str(out, cap_names[a->num]);
	else
		return false;
	return true;
}
