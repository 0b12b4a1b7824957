// SPDX-License-Identifier: Apache-2.0
#include "process.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096
#define KEEP_NS 10000000000ULL /* what has exited is kept as long as this */
#define TICK_NS 10000000ULL    /* start times of /proc are this exact: USER_HZ is 100 */

/* One pid between fork and exit. */
struct entry {
	struct entry *next;	 /* in the bucket */
	struct entry *exit_next; /* in the queue of those that have exited */
	struct process *p;
	uint64_t exited; /* time of the record, 0: alive */
};

struct process_cache {
	char *proc;
	bool live;     /* records keep it up to date */
	uint64_t scan; /* when /proc was read */
	size_t size;
	struct entry *buckets[BUCKETS];
	struct entry *exit_head, **exit_tail;
};

static struct entry **bucket_of(struct process_cache *c, uint32_t pid)
{
	return &c->buckets[(pid * 2654435761U >> 16) % BUCKETS];
}

struct process_cache *process_cache_new(const char *proc)
{
	struct process_cache *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->exit_tail = &c->exit_head;
	c->live = true;
	c->proc = proc ? strdup(proc) : NULL;
	if (proc && !c->proc) {
		free(c);
		return NULL;
	}
	return c;
}

void process_cache_free(struct process_cache *c)
{
	struct entry *e, *next;

	if (!c)
		return;
	for (size_t i = 0; i < BUCKETS; i++) {
		for (e = c->buckets[i]; e; e = next) {
			next = e->next;
			process_put(e->p);
			free(e);
		}
	}
	free(c->proc);
	free(c);
}

size_t process_cache_size(const struct process_cache *c)
{
	return c->size;
}

static bool same_start(const struct process *p, uint64_t start)
{
	return p->start == start || ((p->flags & PROCESS_PROCFS) && p->start / TICK_NS == start / TICK_NS);
}

static struct entry *find(struct process_cache *c, uint32_t pid, uint64_t start)
{
	struct entry *e = *bucket_of(c, pid);

	while (e && !(e->p->pid == pid && same_start(e->p, start)))
		e = e->next;
	return e;
}

/* The living process with this number. */
static struct entry *find_pid(struct process_cache *c, uint32_t pid)
{
	struct entry *e = *bucket_of(c, pid);

	while (e && !(e->p->pid == pid && !e->exited))
		e = e->next;
	return e;
}

static void mark_exited(struct process_cache *c, struct entry *e, uint64_t time)
{
	if (e->exited)
		return;
	e->exited = time ? time : 1;
	e->exit_next = NULL;
	*c->exit_tail = e;
	c->exit_tail = &e->exit_next;
}

/*
 * @p is no longer what its pid is. Children may keep it, but it lets go of its own parent: of that its
 * identity is enough, and chains of execs and forks must not keep every ancestor.
 */
static void retire(struct process *p)
{
	process_put(p->parent);
	p->parent = NULL;
	process_put(p);
}

static void forget(struct process_cache *c, struct entry *e)
{
	struct entry **at = bucket_of(c, e->p->pid);

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	retire(e->p);
	free(e);
	c->size--;
}

static void reap(struct process_cache *c, uint64_t now)
{
	struct entry *e;

	while ((e = c->exit_head) && e->exited < now && now - e->exited > KEEP_NS) {
		c->exit_head = e->exit_next;
		if (!c->exit_head)
			c->exit_tail = &c->exit_head;
		forget(c, e);
	}
}

/* Takes over the reference to @p. A number that is given again means that we missed an exit. */
static struct entry *insert(struct process_cache *c, struct process *p, uint64_t now)
{
	struct entry *e = find_pid(c, p->pid);

	if (e)
		mark_exited(c, e, now);
	e = calloc(1, sizeof(*e));
	if (!e) {
		process_put(p);
		return NULL;
	}
	e->p = p;
	e->next = *bucket_of(c, p->pid);
	*bucket_of(c, p->pid) = e;
	c->size++;
	return e;
}

static void set_parent(struct process *p, struct process *parent)
{
	struct process *old = p->parent;

	p->parent = parent;
	p->parent_pid = parent ? parent->pid : 0;
	p->parent_ktime = parent ? parent->ktime : 0;
	if (parent)
		parent->refs++;
	process_put(old);
}

static void link_scanned(struct process_cache *c)
{
	struct entry *parent;

	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct entry *e = c->buckets[i]; e; e = e->next) {
			parent = e->p->parent || !e->p->parent_pid ? NULL : find_pid(c, e->p->parent_pid);
			if (parent && parent != e)
				set_parent(e->p, parent->p);
		}
	}
}

void process_cache_scan(struct process_cache *c, uint64_t now, bool live)
{
	DIR *d = c->proc ? opendir(c->proc) : NULL;
	struct dirent *de;
	struct process *p;
	struct entry *e;

	c->scan = now;
	c->live = live;
	while (d && (de = readdir(d))) {
		if (!isdigit((unsigned char)de->d_name[0]))
			continue;
		p = process_from_proc(c->proc, (uint32_t)strtoul(de->d_name, NULL, 10));
		if (!p)
			continue;
		e = find(c, p->pid, p->start);
		if (e)
			process_put(p);
		else
			insert(c, p, now);
	}
	if (d)
		closedir(d);
	link_scanned(c);
}

/* From /proc, if it is still there and the same. NULL: no. */
static struct process *look_up(struct process_cache *c, const struct tpc_task_id *id)
{
	struct process *p = c->proc ? process_from_proc(c->proc, id->pid) : NULL;
	struct entry *parent;

	if (!p)
		return NULL;
	if (!same_start(p, id->start)) {
		process_put(p);
		return NULL;
	}
	parent = p->parent_pid ? find_pid(c, p->parent_pid) : NULL;
	if (parent)
		set_parent(p, parent->p);
	return p;
}

static struct entry *find_or_discover(struct process_cache *c, const struct tpc_task_id *id, uint64_t now)
{
	struct entry *e = find(c, id->pid, id->start);
	struct process *p;

	if (e && (c->live || e->exited))
		return e;
	p = look_up(c, id);
	if (e) {
		if (p) {
			retire(e->p);
			e->p = p;
		}
		return e;
	}
	if (!p) {
		p = process_new(id->pid, id->start);
		if (!p)
			return NULL;
		p->flags = PROCESS_UNKNOWN;
	}
	return insert(c, p, now);
}

static char *joined(struct event_text names)
{
	struct rt_buf b = { 0 };

	event_path_join(&b, names);
	if (!b.failed)
		return b.s;
	rt_buf_free(&b);
	return NULL;
}

static bool fill_exec(struct process *p, const struct event *ev)
{
	const struct event_exec *x = &ev->exec;

	free(p->binary);
	free(p->cwd);
	free(p->args);
	p->binary = x->flags & TPC_EXEC_BINARY_NO_PATH ? strndup(x->binary.s, x->binary.len) :
							 joined(x->binary);
	p->cwd = joined(x->cwd);
	p->args = process_args_line(x->args.s, x->args.len);
	p->uid = x->uid;
	p->auid = x->auid;
	p->ktime = ev->time;
	p->flags = PROCESS_EXEC | (x->flags & TPC_EXEC_ARGS_TRUNCATED ? PROCESS_TRUNC_ARGS : 0) |
		   (x->flags & TPC_EXEC_ROOT_CWD ? PROCESS_ROOT_CWD : 0);
	return p->binary && p->cwd && p->args;
}

/* The first exec after a fork has the process that forked as its parent; any other its own former self. */
static struct process *exec_parent(struct process_cache *c, const struct event *ev, const struct entry *e,
				   uint32_t *flags)
{
	bool is_scanned = e && (e->p->flags & PROCESS_PROCFS) && ev->time <= c->scan;
	struct entry *parent;

	if (e && !is_scanned && !(e->p->flags & (PROCESS_FORKED | PROCESS_UNKNOWN)))
		return e->p;
	*flags |= PROCESS_CLONE;
	parent = ev->exec.parent.pid ? find_or_discover(c, &ev->exec.parent, ev->time) : NULL;
	return parent ? parent->p : NULL;
}

static struct entry *apply_exec(struct process_cache *c, const struct event *ev)
{
	struct process *p = process_new(ev->task.pid, ev->task.start), *parent;
	struct entry *e = find(c, ev->task.pid, ev->task.start);
	uint32_t flags = 0;

	if (!p)
		return NULL;
	if (!fill_exec(p, ev)) {
		process_put(p);
		return NULL;
	}
	parent = exec_parent(c, ev, e, &flags);
	p->flags |= flags;
	set_parent(p, parent);
	if (!e)
		return insert(c, p, ev->time);
	retire(e->p);
	e->p = p;
	return e;
}

static struct entry *apply_clone(struct process_cache *c, const struct event *ev)
{
	struct entry *parent = find_or_discover(c, &ev->clone_parent, ev->time);
	struct entry *e = find(c, ev->task.pid, ev->task.start);
	struct process *p;

	if (e) /* /proc was read after the fork */
		return e;
	p = process_new(ev->task.pid, ev->task.start);
	if (!p || !parent) {
		process_put(p);
		return NULL;
	}
	free(p->binary);
	free(p->cwd);
	free(p->args);
	p->binary = strdup(parent->p->binary);
	p->cwd = strdup(parent->p->cwd);
	p->args = strdup(parent->p->args);
	if (!p->binary || !p->cwd || !p->args) {
		process_put(p);
		return NULL;
	}
	p->uid = parent->p->uid;
	p->auid = parent->p->auid;
	p->flags = (parent->p->flags & ~(uint32_t)PROCESS_PROCFS) | PROCESS_CLONE | PROCESS_FORKED;
	set_parent(p, parent->p);
	return insert(c, p, ev->time);
}

struct process *process_cache_event(struct process_cache *c, const struct event *ev)
{
	struct entry *e = NULL;

	reap(c, ev->time);
	switch (ev->kind) {
	case TPC_EVENT_EXEC:
		e = apply_exec(c, ev);
		break;
	case TPC_EVENT_CLONE:
		e = apply_clone(c, ev);
		break;
	case TPC_EVENT_EXIT:
		e = find_or_discover(c, &ev->task, ev->time);
		if (e)
			mark_exited(c, e, ev->time);
		break;
	case TPC_EVENT_HOOK:
		e = find_or_discover(c, &ev->task, ev->time);
		break;
	}
	return e ? e->p : NULL;
}
