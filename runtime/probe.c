// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "format.h"
#include "probe_load.h"

#define KALLSYMS_MAX (256 << 20)

static bool no(struct probe_reason *why, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static bool no(struct probe_reason *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, ap);
	va_end(ap);
	return false;
}

void probes_init(struct probes *p, bool load_only)
{
	*p = (struct probes){ .load_only = load_only, .vmlinux = btf__load_vmlinux_btf() };
	if (libbpf_get_error(p->vmlinux))
		p->vmlinux = NULL;
}

void probes_done(struct probes *p)
{
	btf__free(p->vmlinux);
	rt_buf_free(&p->kallsyms);
	rt_buf_free(&p->injectable);
	*p = (struct probes){ 0 };
}

static bool type_allowed(int err, const char *kind, struct probe_reason *why)
{
	if (!err)
		return true;
	if (err == -EPERM || err == -EACCES)
		return no(why, "the kernel does not let this process load %s programs (%s)%s", kind,
			  strerror(-err),
			  geteuid() ? ": run it as root" : ": a container or lockdown may forbid it");
	return no(why, "the kernel does not take %s programs (%s)", kind, strerror(-err));
}

/* ---- functions and their prototypes ---- */

static const struct btf_type *skip_modifiers(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	while (t && (btf_is_mod(t) || btf_is_typedef(t)))
		t = btf__type_by_id(btf, t->type);
	return t;
}

static bool param_fits(const struct btf *btf, const struct btf_type *proto, const struct manifest_param *want)
{
	const struct btf_type *t;
	const char *name;

	if (want->index >= btf_vlen(proto))
		return false;
	t = skip_modifiers(btf, btf_params(proto)[want->index].type);
	if (!t)
		return false;
	if (!want->type)
		return btf_is_int(t) || btf_is_any_enum(t) || btf_is_ptr(t);
	if (!btf_is_ptr(t))
		return false;
	t = skip_modifiers(btf, t->type);
	name = t && btf_is_struct(t) ? btf__name_by_offset(btf, t->name_off) : NULL;
	return name && strcmp(name, want->type) == 0;
}

static bool params_fit(const struct btf *btf, uint32_t func, const struct manifest_variant *v,
		       struct probe_reason *why)
{
	const struct btf_type *f = btf__type_by_id(btf, func),
			      *proto = f ? btf__type_by_id(btf, f->type) : NULL;

	if (!proto || !btf_is_func_proto(proto))
		return no(why, "kernel BTF is broken at %s", v->target);
	for (size_t i = 0; i < v->nparams; i++)
		if (!param_fits(btf, proto, &v->params[i]))
			return no(why, "parameter %u of %s is no %s%s in this kernel", v->params[i].index,
				  v->target, v->params[i].type ? "pointer to struct " : "integer",
				  v->params[i].type ? v->params[i].type : "");
	return true;
}

/* The function's BTF id with a prototype that fits, 0 and a reason. */
static uint32_t function_id(struct probes *p, const struct manifest_variant *v, const char *prefix,
			    struct probe_reason *why)
{
	char name[160];
	int id;

	if (!p->vmlinux) {
		no(why, "the kernel has no BTF (/sys/kernel/btf/vmlinux; CONFIG_DEBUG_INFO_BTF)");
		return 0;
	}
	snprintf(name, sizeof(name), "%s%s", prefix, v->target);
	id = btf__find_by_name_kind(p->vmlinux, name, BTF_KIND_FUNC);
	if (id <= 0) {
		no(why, "kernel BTF has no function %s", name);
		return 0;
	}
	return params_fit(p->vmlinux, (uint32_t)id, v, why) ? (uint32_t)id : 0;
}

static bool probe_fentry(struct probes *p, const struct manifest_variant *v, struct probe_reason *why)
{
	uint32_t id = function_id(p, v, "", why);

	return id && type_allowed(probe_load(BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, id), "fentry", why);
}

/* The kernel takes fmod_ret only where a changed result is safe; a load is the question to ask. */
static bool probe_fmod_ret(struct probes *p, const struct manifest_variant *v, struct probe_reason *why)
{
	uint32_t id = function_id(p, v, "", why);
	int err;

	if (!id)
		return false;
	err = probe_load(BPF_PROG_TYPE_TRACING, BPF_MODIFY_RETURN, id);
	if (err == -EINVAL)
		return no(why, "this kernel does not let %s's result be changed by fmod_ret", v->target);
	return type_allowed(err, "fmod_ret", why);
}

/* ---- LSM ---- */

static int read_lsms(struct rt_buf *b)
{
	static const char *const places[] = { "/sys/kernel/security", NULL };
	int dir = rt_open_pseudo_fs("securityfs", places, "lsm"), err;

	if (dir < 0)
		return dir;
	err = rt_read_at(dir, "lsm", 4096, b);
	close(dir);
	return err;
}

/* Is @word in the list of words between commas? */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word), len;

	for (const char *s = list; *s; s += len + (s[len] != '\0')) {
		len = strcspn(s, ",\n");
		if (len == n && memcmp(s, word, n) == 0)
			return true;
	}
	return false;
}

/* A program loads also where its LSM is off, and then never runs. */
static bool bpf_lsm_active(struct probe_reason *why)
{
	struct rt_buf b = { 0 };
	int err = read_lsms(&b);
	bool ok = !err && has_word(b.s, "bpf");

	if (err)
		no(why,
		   "cannot see whether the BPF LSM is on: %s (is securityfs mounted at /sys/kernel/security?)",
		   strerror(-err));
	else if (!ok)
		no(why,
		   "the BPF LSM is off (active: %.*s): start the kernel with lsm=%.*s,bpf on its command line",
		   (int)strcspn(b.s, "\n"), b.s, (int)strcspn(b.s, "\n"), b.s);
	rt_buf_free(&b);
	return ok;
}

static bool probe_lsm(struct probes *p, const struct manifest_variant *v, struct probe_reason *why)
{
	uint32_t id = function_id(p, v, "bpf_lsm_", why);

	if (!id || !type_allowed(probe_load(BPF_PROG_TYPE_LSM, BPF_LSM_MAC, id), "LSM", why))
		return false;
	return p->load_only || bpf_lsm_active(why);
}

/* ---- kprobes ---- */

/* A line " T name" or " t name", at the end or before a module's name. */
static bool kallsyms_has(struct probes *p, const char *name)
{
	size_t n = strlen(name);
	const char *s;

	if (!p->kallsyms_read) {
		p->kallsyms_read = true;
		if (rt_read_file("/proc/kallsyms", KALLSYMS_MAX, &p->kallsyms))
			rt_buf_free(&p->kallsyms);
	}
	for (s = p->kallsyms.s; s && (s = strstr(s, name)); s += n)
		if (s - p->kallsyms.s >= 3 && s[-1] == ' ' &&
		    (s[-2] == 'T' || s[-2] == 't' || s[-2] == 'W') &&
		    (s[n] == '\n' || s[n] == '\t' || s[n] == '\0'))
			return true;
	return false;
}

/* Lines "name [subsystem]" of debugfs error_injection/list, where it can be read at all. */
static bool known_not_injectable(struct probes *p, const char *name)
{
	static const char *const places[] = { "/sys/kernel/debug", NULL };
	size_t n = strlen(name);
	int dir;

	if (!p->injectable_read) {
		p->injectable_read = true;
		dir = rt_open_pseudo_fs("debugfs", places, "error_injection/list");
		if (dir >= 0) {
			if (rt_read_at(dir, "error_injection/list", 4 << 20, &p->injectable))
				rt_buf_free(&p->injectable);
			close(dir);
		}
	}
	if (!p->injectable.len)
		return false;
	for (const char *s = p->injectable.s; *s; s += strcspn(s, "\n"), s += *s != '\0')
		if (strncmp(s, name, n) == 0 && (s[n] == ' ' || s[n] == '\t' || s[n] == '\n' || !s[n]))
			return false;
	return true;
}

static bool probe_override(struct probes *p, const struct manifest_variant *v, struct probe_reason *why)
{
	int err = probe_load_override();

	if (err)
		return no(
			why,
			"a kprobe cannot change a result here (%s): the kernel needs CONFIG_BPF_KPROBE_OVERRIDE",
			strerror(-err));
	if (!p->load_only && known_not_injectable(p, v->target))
		return no(why, "the kernel does not allow error injection at %s", v->target);
	return true;
}

static bool probe_kprobe(struct probes *p, const struct manifest_variant *v, struct probe_reason *why)
{
	if (!type_allowed(probe_load(BPF_PROG_TYPE_KPROBE, (enum bpf_attach_type)0, 0), "kprobe", why))
		return false;
	if (v->overrides && !probe_override(p, v, why))
		return false;
	if (p->load_only)
		return true;
	if (access("/sys/bus/event_source/devices/kprobe/type", F_OK))
		return no(why, "the kernel has no kprobes (CONFIG_KPROBE_EVENTS), or /sys is not mounted");
	if (!kallsyms_has(p, v->target))
		return no(why, "this kernel has no function %s (/proc/kallsyms)", v->target);
	return true;
}

/* ---- tracepoints ---- */

static bool probe_tracepoint(struct probes *p, const struct manifest_variant *v, struct probe_reason *why)
{
	char path[300];
	int dir, err;

	if (!type_allowed(probe_load(BPF_PROG_TYPE_TRACEPOINT, (enum bpf_attach_type)0, 0), "tracepoint",
			  why))
		return false;
	if (p->load_only)
		return true;
	dir = format_open_tracefs();
	if (dir < 0)
		return no(why, "tracefs cannot be opened: %s", strerror(-dir));
	snprintf(path, sizeof(path), "events/%s/format", v->target);
	err = faccessat(dir, path, F_OK, 0) ? errno : 0;
	close(dir);
	return err ? no(why, "this kernel has no tracepoint %s (%s)", v->target, strerror(err)) : true;
}

static bool probe_tp_btf(struct probes *p, const struct manifest_variant *v, struct probe_reason *why)
{
	char name[160];
	int id;

	if (!p->vmlinux)
		return no(why, "the kernel has no BTF (/sys/kernel/btf/vmlinux; CONFIG_DEBUG_INFO_BTF)");
	snprintf(name, sizeof(name), "btf_trace_%s", v->target);
	id = btf__find_by_name_kind(p->vmlinux, name, BTF_KIND_TYPEDEF);
	if (id <= 0)
		return no(why, "kernel BTF has no tracepoint %s", v->target);
	return type_allowed(probe_load(BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, (uint32_t)id), "tracing",
			    why);
}

bool probe_variant(struct probes *p, const struct manifest_variant *v, struct probe_reason *why)
{
	switch (v->attach) {
	case ATTACH_KPROBE:
		return probe_kprobe(p, v, why);
	case ATTACH_FENTRY:
		return probe_fentry(p, v, why);
	case ATTACH_FMOD_RET:
		return probe_fmod_ret(p, v, why);
	case ATTACH_LSM:
		return probe_lsm(p, v, why);
	case ATTACH_TRACEPOINT:
		return probe_tracepoint(p, v, why);
	case ATTACH_TP_BTF:
		return probe_tp_btf(p, v, why);
	case ATTACH_KINDS:
		break;
	}
	return no(why, "unknown kind of attachment");
}

static bool probe_map(enum bpf_map_type type, const char *name, struct probe_reason *why)
{
	int r = libbpf_probe_bpf_map_type(type, NULL);

	return r == 1 ? true :
			no(why, "the kernel has no %s maps, or does not let this process make one", name);
}

bool probe_need(struct probes *p, const char *need, bool *known, struct probe_reason *why)
{
	*known = true;
	if (strcmp(need, "ringbuf") == 0)
		return probe_map(BPF_MAP_TYPE_RINGBUF, "ring buffer", why);
	if (strcmp(need, "task_storage") == 0)
		return probe_map(BPF_MAP_TYPE_TASK_STORAGE, "task storage", why);
	if (strcmp(need, "tp_btf") == 0) /* answered where the trackers are chosen: some objects do without */
		return true;
	if (strcmp(need, "btf") == 0)
		return p->vmlinux || no(why, "the kernel has no BTF (CONFIG_DEBUG_INFO_BTF)");
	*known = false;
	return no(why, "the object needs '%.60s', which this loader does not know: use its release's loader",
		  need);
}
