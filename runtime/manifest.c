// SPDX-License-Identifier: Apache-2.0
#include "manifest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "manifest_json.h"

static void read_policy(struct reader *r, const json_t *obj, void *slot)
{
	static const char *const modes[] = { "enforce", "monitor", NULL };
	struct manifest_policy *p = slot;

	p->name = read_text(r, obj, "name");
	p->kind = read_text(r, obj, "kind");
	p->monitor = read_word(r, obj, "mode", modes) == 1;
	p->file = read_text(r, obj, "file");
	p->line = (uint32_t)read_int(r, obj, "line", 1, INT32_MAX);
	p->digest = read_text(r, obj, "digest");
}

/* Before anything else is looked at: another major version may mean something else by any member. */
static void read_abi(struct reader *r, const json_t *root)
{
	const json_t *abi = read_object(r, root, "abi");
	struct reader_place place;

	if (!abi)
		return;
	reader_enter(r, "abi", -1, &place);
	r->m->abi_major = (uint32_t)read_int(r, abi, "major", 0, INT32_MAX);
	r->m->abi_minor = (uint32_t)read_int(r, abi, "minor", 0, INT32_MAX);
	reader_leave(r, &place);
	if (!r->err && r->m->abi_major != TPC_ABI_MAJOR)
		r->err = rt_fail(r->e, RT_INPUT, -EPROTO,
				 "manifest: the object speaks ABI %u.%u and this loader %d.%d: compile the "
				 "policy again with the tpc of this loader's release",
				 r->m->abi_major, r->m->abi_minor, TPC_ABI_MAJOR, TPC_ABI_MINOR);
}

static void read_compiler(struct reader *r, const json_t *root)
{
	const json_t *c = read_object(r, root, "compiler");
	struct reader_place place;

	if (!c)
		return;
	reader_enter(r, "compiler", -1, &place);
	r->m->compiler = read_text(r, c, "name");
	r->m->version = read_text(r, c, "version");
	reader_leave(r, &place);
	r->m->arch = read_text(r, root, "arch");
}

/* Each hook belongs to one program, and each BPF program is named once. */
static void check_whole(struct reader *r)
{
	struct manifest *m = r->m;
	uint8_t *seen = calloc(m->nhooks ? m->nhooks : 1, 1);

	if (!seen) {
		r->err = rt_fail(r->e, RT_ENVIRONMENT, -ENOMEM, "out of memory");
		return;
	}
	for (size_t i = 0; i < m->nprograms; i++)
		for (size_t j = 0; j < m->programs[i].nhooks; j++)
			if (seen[m->programs[i].hooks[j] - m->hooks]++)
				reader_bad(r, "programs", "hook %td is in two programs",
					   m->programs[i].hooks[j] - m->hooks);
	for (size_t i = 0; i < m->nhooks; i++)
		if (!seen[i])
			reader_bad(r, "programs", "hook %zu is in no program", i);
	free(seen);
	for (size_t i = 0; i < m->nfields; i++)
		if (m->fields[i].hook->kind != HOOK_TRACEPOINT)
			reader_bad(r, "fields", "item %zu belongs to a hook that is no tracepoint", i);
}

static void read_exec_test(struct reader *r, const json_t *obj, void *slot)
{
	(void)slot;
	(void)read_text(r, obj, "operator");
}

static void read_root(struct reader *r, const json_t *root)
{
	struct manifest *m = r->m;

	read_abi(r, root);
	if (r->err)
		return;
	read_compiler(r, root);
	m->policies = read_list(r, root, "policies", 1, sizeof(*m->policies), read_policy, &m->npolicies);
	m->hooks = read_list(r, root, "hooks", 1, sizeof(*m->hooks), read_hook, &m->nhooks);
	m->programs = read_list(r, root, "programs", 1, sizeof(*m->programs), read_program, &m->nprograms);
	m->trackers = read_list(r, root, "trackers", 0, sizeof(*m->trackers), read_tracker, &m->ntrackers);
	m->fields = read_list(r, root, "fields", 0, sizeof(*m->fields), read_field, &m->nfields);
	read_list(r, root, "exec_tests", 0, 1, read_exec_test, &m->nexec_tests);
	m->needs = read_texts(r, root, "needs", &m->nneeds);
	if (!r->err)
		check_whole(r);
}

static json_t *parse_json(const char *text, size_t len, struct rt_error *e, int *err)
{
	json_error_t je;
	json_t *root;

	*err = 0;
	if (len > MANIFEST_BYTES_MAX) {
		*err = rt_fail(e, RT_INPUT, -EINVAL, "manifest: larger than %d bytes", MANIFEST_BYTES_MAX);
		return NULL;
	}
	len = strnlen(text, len);
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &je);
	if (!root)
		*err = rt_fail(e, RT_INPUT, -EINVAL, "manifest: not JSON: line %d: %s", je.line, je.text);
	else if (!json_is_object(root))
		*err = rt_fail(e, RT_INPUT, -EINVAL, "manifest: expected an object");
	return root;
}

int manifest_parse(const char *text, size_t len, struct manifest **ret, struct rt_error *e)
{
	struct reader r = { .e = e };
	json_t *root;

	*ret = NULL;
	root = parse_json(text, len, e, &r.err);
	if (r.err)
		goto out;
	r.m = calloc(1, sizeof(*r.m));
	if (!r.m) {
		r.err = rt_fail(e, RT_ENVIRONMENT, -ENOMEM, "out of memory");
		goto out;
	}
	read_root(&r, root);
	if (r.err)
		manifest_free(r.m);
	else
		*ret = r.m;
out:
	json_decref(root);
	return r.err;
}

void manifest_free(struct manifest *m)
{
	if (!m)
		return;
	rt_pool_free(&m->pool);
	free(m);
}
