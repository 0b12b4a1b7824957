// SPDX-License-Identifier: Apache-2.0
/* Lookups in what knowledge_read() has put in order. */
#include <string.h>

#include "base/suggest.h"
#include "kernel/syscalls.h"
#include "review/knowledge_impl.h"

const char *const know_appetites[KNOW_APPETITE_MAX] = { "observe", "alert", "block" };

/* Position of @id in an ordered table whose item @i has the id that @at gives; UINT32_MAX: not there. */
static uint32_t search(const void *table, uint32_t n, const char *(*at)(const void *table, uint32_t i),
		       const char *id)
{
	uint32_t low = 0, high = n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int r = strcmp(at(table, mid), id);

		if (!r)
			return mid;
		if (r < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return UINT32_MAX;
}

static const char *nearest(const void *table, uint32_t n, const char *(*at)(const void *table, uint32_t i),
			   const char *id)
{
	struct tpc_suggest s = TPC_SUGGEST(id, (uint32_t)strlen(id));

	for (uint32_t i = 0; i < n; i++)
		tpc_suggest_try(&s, at(table, i));
	return s.best;
}

static const char *hook_id(const void *table, uint32_t i)
{
	return ((const struct knowledge *)table)->hooks.items[i]->id.s;
}

static const char *threat_id(const void *table, uint32_t i)
{
	return ((const struct knowledge *)table)->threats.items[i]->id.s;
}

static const char *agent_name(const void *table, uint32_t i)
{
	return ((const struct knowledge *)table)->agents.items[i]->name.s;
}

const struct know_threat *know_threat_find(const struct knowledge *k, const char *id, const char **ret_near)
{
	uint32_t i = search(k, k->threats.len, threat_id, id);

	if (ret_near)
		*ret_near = i == UINT32_MAX ? nearest(k, k->threats.len, threat_id, id) : NULL;
	return i == UINT32_MAX ? NULL : k->threats.items[i];
}

const struct know_agent *know_agent_find(const struct knowledge *k, const char *name, const char **ret_near)
{
	uint32_t i = search(k, k->agents.len, agent_name, name);

	if (ret_near)
		*ret_near = i == UINT32_MAX ? nearest(k, k->agents.len, agent_name, name) : NULL;
	return i == UINT32_MAX ? NULL : k->agents.items[i];
}

const struct know_check *know_check_find(const struct knowledge *k, const char *name)
{
	for (uint32_t i = 0; i < k->checks.len; i++)
		if (!strcmp(k->checks.items[i]->code.s, name) || !strcmp(k->checks.items[i]->slug.s, name))
			return k->checks.items[i];
	return NULL;
}

static const struct know_hook *find_function(const struct knowledge *k, const char *name)
{
	for (uint32_t i = 0; i < k->hooks.len; i++)
		if (k->hooks.items[i]->function.set && !strcmp(k->hooks.items[i]->function.s, name))
			return k->hooks.items[i];
	return NULL;
}

const struct know_hook *know_hook_by_id(const struct knowledge *k, const char *id, bool *ret_function)
{
	uint32_t i = search(k, k->hooks.len, hook_id, id);
	const struct know_hook *h = i == UINT32_MAX ? NULL : k->hooks.items[i];
	const char *name;

	if (ret_function)
		*ret_function = false;
	if (h || know_split_id(id, &name) != KNOW_KPROBE)
		return h;
	h = find_function(k, name);
	if (h && ret_function)
		*ret_function = true;
	return h;
}

const struct know_hook *know_hook_find(const struct knowledge *k, enum know_kind kind, const char *name,
				       bool *ret_function)
{
	char id[256];
	size_t kind_len, name_len = strlen(name);
	const char *word;

	if (ret_function)
		*ret_function = false;
	if (kind <= KNOW_KIND_NONE || kind >= KNOW_KIND_MAX)
		return NULL;
	word = know_words_kind.items[kind - 1].name;
	kind_len = strlen(word);
	if (kind_len + 1 + name_len >= sizeof(id))
		return NULL; /* longer than any row's */
	memcpy(id, word, kind_len);
	id[kind_len] = ':';
	memcpy(id + kind_len + 1, name, name_len + 1);
	return know_hook_by_id(k, id, ret_function);
}

const struct know_use *const *know_uses_of(const struct knowledge *k, const struct know_hook *hook,
					   uint32_t *ret_len)
{
	uint32_t from = 0, to;

	while (from < k->uses.len && k->uses.items[from]->row != hook)
		from++;
	for (to = from; to < k->uses.len && k->uses.items[to]->row == hook;)
		to++;
	*ret_len = to - from;
	return to > from ? &k->uses.items[from] : NULL;
}

bool know_agent_triggers(const struct know_agent *agent, const char *threat)
{
	const struct tpc_text *t;

	tpc_vec_foreach (t, &agent->triggers)
		if (!strcmp(t->s, threat))
			return true;
	return false;
}

bool know_hook_has_abi32(const struct know_hook *hook)
{
	const char *name = hook->name;

	if (hook->kind != KNOW_SYSCALL || strncmp(name, "sys_", 4))
		return false;
	return kernel_syscall_find(KERNEL_I386, name + 4, (uint32_t)strlen(name + 4), NULL) != NULL;
}
