// SPDX-License-Identifier: Apache-2.0
#include "stream.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

static int on_record(void *ctx, void *data, size_t len)
{
	struct stream_ring *r = ctx;

	stream_record(r->s, r->m, data, len);
	return r->s->write_err ? -r->s->write_err : 0;
}

void stream_record(struct stream *s, const struct manifest *m, const void *data, size_t len)
{
	struct process *p;
	struct event ev;

	if (event_decode(data, len, m, &ev, &s->why)) {
		s->bad++;
		return;
	}
	p = process_cache_event(s->cache, &ev);
	if (!p)
		return;
	rt_buf_clear(&s->line);
	if (!s->format(&s->line, &s->env, &ev, p))
		return;
	rt_buf_str(&s->line, "\n");
	if (!s->line.failed && fwrite(s->line.s, 1, s->line.len, s->out) != s->line.len)
		s->write_err = errno ? errno : EIO;
}

static void flush(struct stream *s)
{
	if (fflush(s->out) && !s->write_err)
		s->write_err = errno;
}

int stream_open(struct stream *s, struct object *objects, size_t n, struct rt_error *e)
{
	int fd, err = 0;

	s->rings = calloc(n, sizeof(*s->rings));
	if (!s->rings)
		return rt_fail(e, RT_ENVIRONMENT, -ENOMEM, "out of memory");
	for (size_t i = 0; i < n && !err; i++) {
		s->rings[i] = (struct stream_ring){ .s = s, .m = objects[i].m };
		fd = bpf_map__fd(bpf_object__find_map_by_name(objects[i].bpf, TPC_MAP_EVENTS));
		if (s->rb) {
			err = ring_buffer__add(s->rb, fd, on_record, &s->rings[i]);
		} else {
			s->rb = ring_buffer__new(fd, on_record, &s->rings[i], NULL);
			err = s->rb ? 0 : -errno;
		}
	}
	return err ? rt_fail(e, RT_ENVIRONMENT, err, "the ring buffer cannot be read: %s", strerror(-err)) :
		     0;
}

void stream_close(struct stream *s)
{
	ring_buffer__free(s->rb);
	free(s->rings);
	rt_buf_free(&s->line);
	s->rb = NULL;
	s->rings = NULL;
}

void stream_drain(struct stream *s)
{
	ring_buffer__consume(s->rb);
	flush(s);
}

/* Signals are let in only while we wait, so none can come between the look at *stop and the wait. */
int stream_run(struct stream *s, const volatile sig_atomic_t *stop, const sigset_t *wait)
{
	struct pollfd fd = { .fd = ring_buffer__epoll_fd(s->rb), .events = POLLIN };

	while (!*stop && !s->write_err) {
		if (ppoll(&fd, 1, NULL, wait) < 0 && errno != EINTR)
			return -errno;
		/* epoll reports a ring once; poll takes note of it, consume takes what is there. */
		ring_buffer__poll(s->rb, 0);
		flush(s);
	}
	return s->write_err ? -s->write_err : 0;
}

static struct tpc_stat sum_of(const struct tpc_stat *cpus, int n)
{
	struct tpc_stat sum = { 0 };

	for (int i = 0; i < n; i++) {
		sum.matched += cpus[i].matched;
		sum.posted += cpus[i].posted;
		sum.enforced += cpus[i].enforced;
		sum.monitored += cpus[i].monitored;
		sum.lost += cpus[i].lost;
	}
	return sum;
}

static void print_counters(const struct manifest_hook *h, const struct tpc_stat *s, FILE *out)
{
	fprintf(out,
		"%s:%u: policy '%s': %s %s%s%s: matched %llu, posted %llu, enforced %llu, monitored %llu, lost %llu\n",
		h->policy->file, h->line, h->policy->name, hook_kind_name(h->kind),
		h->subsystem ? h->subsystem : "", h->subsystem ? "/" : "", h->function, s->matched, s->posted,
		s->enforced, s->monitored, s->lost);
	if (s->lost)
		fprintf(out, "%s:%u: policy '%s': %llu events were lost: the ring buffer was full\n",
			h->policy->file, h->line, h->policy->name, s->lost);
}

void stream_counters(const struct object *o, FILE *out)
{
	int fd = bpf_map__fd(bpf_object__find_map_by_name(o->bpf, TPC_MAP_STATS));
	int cpus = libbpf_num_possible_cpus();
	struct tpc_stat *values, sum;

	values = cpus > 0 ? calloc((size_t)cpus, sizeof(*values)) : NULL;
	for (uint32_t i = 0; values && i < o->m->nhooks; i++) {
		if (bpf_map_lookup_elem(fd, &i, values))
			continue;
		sum = sum_of(values, cpus);
		print_counters(&o->m->hooks[i], &sum, out);
	}
	free(values);
}
