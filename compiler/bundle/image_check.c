// SPDX-License-Identifier: Apache-2.0
/* What does not go into an archive together is told before anything is made. */
#include <stdlib.h>
#include <string.h>

#include "bundle/image_impl.h"
#include "bundle/loader.h"

#define LOADER "tpc-loader"
#define TAG_MAX 128

bool image_good_tag(const char *tag)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	size_t n = strlen(tag), good = 0;

	if (!n || n > TAG_MAX || !strchr(first, tag[0]))
		return false;
	while (tag[good] && (strchr(first, tag[good]) || tag[good] == '.' || tag[good] == '-'))
		good++;
	return good == n;
}

static bool good_name(const char *name)
{
	if (!*name || strlen(name) > IMAGE_NAME_MAX || !strcmp(name, ".") || !strcmp(name, "..") ||
	    strchr(name, '/'))
		return false;
	for (; *name; name++)
		if (*name <= ' ' || *name > '~')
			return false;
	return true;
}

const char *image_loader_arch(const struct image_loader *l)
{
	struct loader_look look;

	return loader_look(l->data, l->len, &look) && look.arch ? look.arch : "";
}

static void check_object(struct tpc_ctx *c, const struct image_opts *o, uint32_t nr)
{
	const struct image_object *obj = &o->objects[nr];
	bool loader = false;

	if (!good_name(obj->name))
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE_FILES,
			  "%s: a file of an image is named by 1 to %d letters of printable ASCII", obj->path,
			  IMAGE_NAME_MAX);
	for (uint32_t i = 0; i < nr; i++)
		if (!strcmp(o->objects[i].arch, obj->arch))
			tpc_error(
				&c->diags, TPC_NOWHERE, TPC_E_BUNDLE_FILES,
				"%s: it is for %s, as '%s' is: an image holds one object, so compile their policies together",
				obj->path, obj->arch, o->objects[i].path);
	for (uint32_t i = 0; i < o->nloaders; i++)
		loader |= !strcmp(image_loader_arch(&o->loaders[i]), obj->arch);
	if (o->nloaders && !loader)
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE_FILES, "%s: it is for %s, and no loader is",
			  obj->path, obj->arch);
	if (loader && !strcmp(obj->name, LOADER))
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE_FILES,
			  "%s: the loader has this name in the image", obj->path);
}

static void check_loader(struct tpc_ctx *c, const struct image_opts *o, uint32_t nr)
{
	const struct image_loader *l = &o->loaders[nr];
	struct loader_look look = { 0 };

	if (!loader_look(l->data, l->len, &look)) {
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE_FILES, "%s: not a 64-bit ELF program",
			  l->path);
		return;
	}
	for (uint32_t i = 0; i < nr; i++)
		if (look.arch && !strcmp(look.arch, image_loader_arch(&o->loaders[i])))
			tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE_FILES, "%s: it is for %s, as '%s' is",
				  l->path, look.arch, o->loaders[i].path);
	for (uint32_t i = 0; i < o->nobjects; i++)
		if (look.arch && !strcmp(look.arch, o->objects[i].arch)) {
			if (!look.is_static)
				tpc_warning(
					&c->diags, TPC_NOWHERE, TPC_W_BUNDLE_LOADER,
					"%s: it needs a dynamic linker and libraries, which the image does not have",
					l->path);
			return;
		}
	tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE_FILES, "%s: no object is for its machine", l->path);
}

bool image_check(struct tpc_ctx *c, const struct image_opts *o)
{
	uint32_t before = c->diags.nerrors;

	if (o->nobjects > BUNDLE_IMAGES_MAX)
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE_FILES,
			  "%u objects are more than the %d that an archive holds", o->nobjects,
			  BUNDLE_IMAGES_MAX);
	for (uint32_t i = 0; i < o->nobjects && o->nobjects <= BUNDLE_IMAGES_MAX; i++)
		check_object(c, o, i);
	for (uint32_t i = 0; i < o->nloaders && o->nloaders <= BUNDLE_IMAGES_MAX; i++)
		check_loader(c, o, i);
	return c->diags.nerrors == before;
}

const char *image_label(struct tpc_arena *a, const struct image_pair *pairs, uint32_t n)
{
	json_t *j = json_object();
	const char *ret = NULL;
	bool ok = j != NULL;
	char *text;

	for (uint32_t i = 0; i < n && ok; i++)
		ok = !json_object_set_new(j, pairs[i].name, json_string(pairs[i].type));
	text = ok ? json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	if (text)
		ret = tpc_strdup(a, text);
	free(text);
	json_decref(j);
	return ret;
}
