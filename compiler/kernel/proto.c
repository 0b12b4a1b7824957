// SPDX-License-Identifier: Apache-2.0
/* Prototypes of functions, LSM hooks and raw tracepoints. */
#include "kernel/kernel_impl.h"

#include <stdio.h>
#include <string.h>

/* Searches for a near name look at each function of the kernel: some milliseconds, so not without end. */
#define SEARCHES_MAX 16
#define NAME_MAX_LEN 256

/* @id: FUNC_PROTO. @skip parameters at the start are left out. */
static bool fill_proto(struct kernel *k, uint32_t id, uint32_t skip, struct kernel_func *ret)
{
	const struct btf_param *p;
	struct btf_view v;
	uint32_t n;

	if (!btf_view(k, id, &v) || !btf_is_func_proto(v.t))
		return false;
	n = btf_vlen(v.t);
	p = btf_params(v.t);
	/* The last one of a function with "..." has neither name nor type. */
	if (n && !p[n - 1].name_off && !p[n - 1].type)
		n--;
	for (uint32_t i = skip; i < n && ret->nparams < KERNEL_PARAMS_MAX; i++) {
		ret->params[ret->nparams++] = (struct kernel_param){
			.name = btf_text(v.b, p[i].name_off),
			.type = btf_global(v.b, p[i].type),
		};
	}
	ret->result = btf_global(v.b, v.t->type);
	return true;
}

static bool find_func_in(struct kernel *k, struct kernel_btf *b, const char *name, struct kernel_func *ret)
{
	uint32_t id = b->btf ? btf_index_find(b, BTF_FUNC, name) : 0;
	struct btf_view v;

	if (!id || !btf_view(k, btf_global(b, id), &v))
		return false;
	*ret = (struct kernel_func){ .name = btf_view_name(&v) };
	return fill_proto(k, btf_global(v.b, v.t->type), 0, ret);
}

bool kernel_find_func(struct kernel *k, const char *name, struct kernel_func *ret)
{
	if (!kernel_vmlinux(k) || !*name)
		return false;
	for (uint32_t i = 0; i < k->btfs.len; i++) {
		if (find_func_in(k, k->btfs.items[i], name, ret))
			return true;
	}
	return false;
}

bool kernel_find_lsm_hook(struct kernel *k, const char *name, struct kernel_func *ret)
{
	char func[NAME_MAX_LEN];
	int n = snprintf(func, sizeof(func), "bpf_lsm_%s", name);

	if (n < 0 || (size_t)n >= sizeof(func) || !*name || !kernel_find_func(k, func, ret))
		return false;
	ret->name += strlen("bpf_lsm_");
	return true;
}

bool kernel_find_raw_tracepoint(struct kernel *k, const char *event, struct kernel_func *ret)
{
	char name[NAME_MAX_LEN];
	int n = snprintf(name, sizeof(name), BTF_TRACE_PREFIX "%s", event);
	struct btf_view v;
	uint32_t id;

	if (n < 0 || (size_t)n >= sizeof(name) || !*event || !kernel_vmlinux(k))
		return false;
	for (uint32_t i = 0; i < k->btfs.len; i++) {
		struct kernel_btf *b = k->btfs.items[i];

		id = b->btf ? btf_index_find(b, BTF_TRACE, name) : 0;
		if (!id || !btf_view(k, btf_global(b, id), &v))
			continue;
		*ret = (struct kernel_func){ .name = btf_view_name(&v) + strlen(BTF_TRACE_PREFIX) };
		/* A pointer to void (*)(void *__data, ...). */
		if (btf_view(k, btf_skip_typedefs(k, btf_global(b, id)), &v) && btf_is_ptr(v.t) &&
		    fill_proto(k, btf_skip_typedefs(k, btf_global(v.b, v.t->type)), 1, ret))
			return true;
	}
	return false;
}

bool kernel_has_syscall(struct kernel *k, const char *name)
{
	/* The entry of a call without parameters is another name of __do_sys_NAME, and not in BTF. */
	static const char *const prefixes[] = { "__x64_sys_", "__arm64_sys_", "__do_sys_", "__ia32_sys_" };
	struct kernel_btf *b = kernel_vmlinux(k);
	char func[NAME_MAX_LEN];

	for (size_t i = 0; b && i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		int n = snprintf(func, sizeof(func), "%s%s", prefixes[i], name);

		if (n > 0 && (size_t)n < sizeof(func) && btf_index_find(b, BTF_FUNC, func))
			return true;
	}
	return false;
}

static const char *near_name(struct kernel *k, enum btf_class class, const char *name)
{
	struct kernel_btf *b = kernel_vmlinux(k);

	if (!b || k->nsearches >= SEARCHES_MAX)
		return NULL;
	k->nsearches++;
	return btf_index_near(b, class, name);
}

const char *kernel_near_func(struct kernel *k, const char *name)
{
	return near_name(k, BTF_FUNC, name);
}

const char *kernel_near_raw_tracepoint(struct kernel *k, const char *event)
{
	return near_name(k, BTF_TRACE, event);
}

uint32_t kernel_find_type(struct kernel *k, const char *name, const char *module)
{
	static const enum btf_class classes[] = { BTF_STRUCT, BTF_UNION, BTF_ENUM, BTF_INT };
	struct kernel_btf *b = module && *module ? kernel_module(k, module) : kernel_vmlinux(k);
	uint32_t id = 0;

	for (uint32_t i = 0; b && !id && i < sizeof(classes) / sizeof(classes[0]); i++)
		id = btf_index_find(b, classes[i], name);
	return id ? btf_global(b, id) : 0;
}

const char *kernel_near_type(struct kernel *k, const char *name)
{
	return near_name(k, BTF_STRUCT, name);
}
