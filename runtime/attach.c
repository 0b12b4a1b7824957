// SPDX-License-Identifier: Apache-2.0
#include "attach.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "format.h"
#include "libbpf_log.h"

/* The id comes from the format file, which format.c finds without tracefs being mounted; libbpf would not. */
static struct bpf_link *attach_tracepoint(struct bpf_program *p, const char *target)
{
	const char *slash = strchr(target, '/');
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr) };
	struct bpf_link *link = NULL;
	struct format format;
	struct rt_error e;
	char subsystem[128];
	int tracefs, err, fd;

	snprintf(subsystem, sizeof(subsystem), "%.*s", (int)(slash - target), target);
	tracefs = format_open_tracefs();
	if (tracefs < 0) {
		errno = -tracefs;
		return NULL;
	}
	err = format_read(tracefs, subsystem, slash + 1, &format, &e);
	close(tracefs);
	attr.config = format.id;
	format_done(&format);
	if (err) {
		errno = -err;
		return NULL;
	}
	/* One event on one CPU is enough: the program runs wherever the tracepoint is hit. */
	fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return NULL;
	link = bpf_program__attach_perf_event(p, fd);
	if (!link) {
		err = errno;
		close(fd);
		errno = err;
	}
	return link;
}

static struct bpf_link *attach_variant(struct bpf_program *p, const struct manifest_variant *v)
{
	switch (v->attach) {
	case ATTACH_KPROBE:
		return bpf_program__attach_kprobe(p, false, v->target);
	case ATTACH_FENTRY:
	case ATTACH_FMOD_RET:
	case ATTACH_TP_BTF:
		return bpf_program__attach_trace(p);
	case ATTACH_LSM:
		return bpf_program__attach_lsm(p);
	case ATTACH_TRACEPOINT:
		return attach_tracepoint(p, v->target);
	case ATTACH_KINDS:
		break;
	}
	errno = EINVAL;
	return NULL;
}

static int attach_one(struct object *o, const struct manifest_variant *v, const char *place,
		      struct rt_error *e)
{
	struct bpf_program *p = bpf_object__find_program_by_name(o->bpf, v->program);
	struct bpf_link *link;
	int err;

	libbpf_log_clear();
	link = attach_variant(p, v);
	if (link) {
		o->links[o->nlinks++] = link;
		return 0;
	}
	err = errno ? -errno : -EINVAL;
	rt_fail(e, RT_ENVIRONMENT, err, "%s: %s %s cannot be attached: %s", place,
		attach_kind_name(v->attach), v->target, strerror(-err));
	if (v->attach == ATTACH_KPROBE && v->overrides && err == -EINVAL)
		rt_more(e, ": the kernel allows Override only where its error injection list does");
	if (err == -EPERM || err == -EACCES)
		rt_more(e, ": this needs root, or CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN");
	if (libbpf_log_text()[0])
		rt_more(e, "\n%s", libbpf_log_text());
	return err;
}

int attach_all(struct object *o, struct rt_error *e)
{
	char place[600];
	int err = 0;

	for (size_t i = 0; o->trackers && i < o->m->ntrackers && !err; i++)
		err = attach_one(o, &o->m->trackers[i], "exec tracker", e);
	for (size_t i = 0; i < o->m->nprograms && !err; i++)
		if (o->chosen[i])
			err = attach_one(o, o->chosen[i],
					 object_place(&o->m->programs[i], place, sizeof(place)), e);
	if (err)
		attach_undo(o);
	return err;
}

/* Hooks first, so that none runs without the tracker it relies on. */
void attach_undo(struct object *o)
{
	while (o->nlinks)
		bpf_link__destroy(o->links[--o->nlinks]);
}
