// SPDX-License-Identifier: Apache-2.0
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "attach.h"
#include "libbpf_log.h"
#include "probe.h"
#include "rodata.h"
#include "stream.h"
#include "variants.h"

static volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

/* SIGINT and SIGTERM wait until stream_run() asks for them. A reader that went away is a failed write. */
static void catch_signals(sigset_t *wait)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	sigprocmask(SIG_BLOCK, &block, wait);
	sigdelset(wait, SIGINT);
	sigdelset(wait, SIGTERM);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static uint64_t now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
}

struct running {
	const struct run_opts *opts;
	struct object *objects;
	struct probes probes;
	struct rt_buf notes;
};

static int prepare(struct running *r, size_t i, struct rt_error *e)
{
	struct variants_how how = { .only = r->opts->variant, .want_trackers = i == 0 };
	struct rodata_how ro = { .report_exec = i == 0, .mode = r->opts->mode, .notes = &r->notes };
	struct object *o = &r->objects[i];
	bool more;
	int err;

	err = variants_choose(o, &r->probes, &how, &r->notes, &more, e);
	if (!err)
		err = rodata_fill(o, &ro, e);
	return err ? err : object_load(o, e);
}

/*
 * All objects are read before the first is loaded, and loaded before the first is attached; what fails undoes
 * everything.
 */
static int start(struct running *r, struct rt_error *e)
{
	size_t i = 0, n = r->opts->nobjects;
	int err = 0;

	for (; i < n && !err; i++)
		err = object_open(r->opts->objects[i], &r->opts->trust, &r->objects[i], e);
	for (i = err ? i : 0; i < n && !err; i++)
		err = prepare(r, i, e);
	if (r->opts->verbose && r->notes.len)
		fputs(r->notes.s, stderr);
	if (err) {
		fprintf(stderr, "tpc-loader: %s: %s\n", r->opts->objects[i - 1], e->text);
		return err;
	}
	for (i = 0; i < n && !err; i++)
		err = attach_all(&r->objects[i], e);
	if (err)
		fprintf(stderr, "tpc-loader: %s: %s\n", r->opts->objects[i - 1], e->text);
	return err;
}

static int announce(const struct running *r)
{
	size_t policies = 0, hooks = 0;
	int fd;

	for (size_t i = 0; i < r->opts->nobjects; i++) {
		policies += r->objects[i].m->npolicies;
		hooks += r->objects[i].m->nhooks;
	}
	fprintf(stderr, "tpc-loader: %zu policies, %zu hooks attached\n", policies, hooks);
	if (!r->opts->ready)
		return 0;
	fd = open(r->opts->ready, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || close(fd)) {
		fprintf(stderr, "tpc-loader: %s: %s\n", r->opts->ready, strerror(errno));
		return -errno;
	}
	return 0;
}

static enum rt_exit failed(const char *what, int err)
{
	fprintf(stderr, "tpc-loader: %s: %s\n", what, strerror(-err));
	return RT_ENVIRONMENT;
}

static enum rt_exit stream_objects(struct running *r, struct stream *s, const sigset_t *wait)
{
	struct rt_error e;
	int err;

	if (stream_open(s, r->objects, r->opts->nobjects, &e)) {
		fprintf(stderr, "tpc-loader: %s\n", e.text);
		return e.status;
	}
	/* After the trackers: a process that begins meanwhile is in /proc or in a record, or in both. */
	process_cache_scan(s->cache, now(CLOCK_BOOTTIME), r->objects[0].trackers);
	if (announce(r))
		return RT_ENVIRONMENT;
	err = stream_run(s, &stop, wait);
	for (size_t i = 0; i < r->opts->nobjects; i++)
		attach_undo(&r->objects[i]);
	if (!err)
		stream_drain(s);
	for (size_t i = 0; i < r->opts->nobjects; i++)
		stream_counters(&r->objects[i], stderr);
	if (s->bad)
		fprintf(stderr, "tpc-loader: %llu records could not be read: %s\n",
			(unsigned long long)s->bad, s->why);
	return err ? failed("standard output", err) : RT_OK;
}

static enum rt_exit run_stream(struct running *r, const sigset_t *wait)
{
	char host[256] = "";
	struct stream s = {
		.env = { .node = r->opts->node ? r->opts->node : host,
			 .boot = now(CLOCK_REALTIME) - now(CLOCK_BOOTTIME) },
		.format = r->opts->compact ? event_compact : event_json,
		.out = stdout,
		.cache = process_cache_new("/proc"),
	};
	enum rt_exit status;

	gethostname(host, sizeof(host) - 1);
	if (!s.cache)
		return failed("process cache", -ENOMEM);
	status = stream_objects(r, &s, wait);
	stream_close(&s);
	process_cache_free(s.cache);
	return status;
}

enum rt_exit run_attached(const struct run_opts *opts)
{
	struct running r = { .opts = opts, .objects = calloc(opts->nobjects, sizeof(struct object)) };
	enum rt_exit status;
	struct rt_error e;
	sigset_t wait;

	if (!r.objects)
		return failed("objects", -ENOMEM);
	catch_signals(&wait);
	probes_init(&r.probes, false);
	status = start(&r, &e) ? e.status : run_stream(&r, &wait);
	for (size_t i = 0; i < opts->nobjects; i++)
		object_close(&r.objects[i]);
	probes_done(&r.probes);
	rt_buf_free(&r.notes);
	free(r.objects);
	return status;
}
