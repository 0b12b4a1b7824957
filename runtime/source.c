// SPDX-License-Identifier: Apache-2.0
#include "source.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

static int fail(const struct bundle_error *why, const char *what, struct rt_error *e)
{
	if (why->machine)
		return rt_fail(e, RT_ENVIRONMENT, -ENOMEM, "%s", why->text);
	return rt_fail(e, RT_INPUT, -EINVAL, "%s%s", what, why->text);
}

int source_read_key(const char *path, struct sign_key *ret, struct rt_error *e)
{
	struct bundle_error why = { 0 };
	struct rt_buf text = { 0 };
	int err = rt_read_file(path, SIGN_TEXT_MAX, &text);

	if (err)
		rt_fail(e, RT_INPUT, err, "cannot be read: %s", strerror(-err));
	else if ((err = sign_read_key(text.s, text.len, ret, &why)))
		err = fail(&why, "", e);
	rt_buf_free(&text);
	return err;
}

/* Of a file: its signature is beside it. */
static int check_file(const char *path, const struct sign_key *key, const struct rt_buf *bytes,
		      struct rt_error *e)
{
	struct bundle_error why = { 0 };
	struct rt_buf name = { 0 }, text = { 0 };
	int err;

	rt_buf_fmt(&name, "%s.sig", path);
	err = name.failed ? -ENOMEM : rt_read_file(name.s, SIGN_TEXT_MAX, &text);
	if (err == -ENOMEM)
		rt_fail(e, RT_ENVIRONMENT, err, "out of memory");
	else if (err)
		rt_fail(e, RT_INPUT, err, "not loaded: its signature '%s' cannot be read: %s", name.s,
			strerror(-err));
	else if ((err = sign_check(key, bytes->s, bytes->len, text.s, text.len, &why)))
		err = fail(&why, "not loaded: ", e);
	rt_buf_free(&name);
	rt_buf_free(&text);
	return err;
}

/* Of an image: the signature is of its manifest, which holds the digests of all the rest. */
static int check_image(const struct bundle_image *image, const struct sign_key *key, struct rt_error *e)
{
	struct bundle_error why = { 0 };

	if (!image->signature)
		return rt_fail(e, RT_INPUT, -EINVAL, "not loaded: the image is not signed");
	if (sign_check(key, image->manifest, image->manifest_len, image->signature, strlen(image->signature),
		       &why))
		return fail(&why, "not loaded: ", e);
	return 0;
}

static int pick_image(const struct bundle *b, const struct bundle_image **ret, struct rt_error *e)
{
	const char *arch;
	struct utsname uts;

	if (uname(&uts))
		return rt_fail(e, RT_ENVIRONMENT, -errno, "uname: %s", strerror(errno));
	arch = bundle_arch(uts.machine);
	for (size_t i = 0; i < b->nimages && arch; i++)
		if (!strcmp(b->images[i].arch, arch)) {
			*ret = &b->images[i];
			return 0;
		}
	rt_fail(e, RT_INPUT, -ENOENT,
		"no image for this machine, linux/%s, but for:", arch ? arch : uts.machine);
	for (size_t i = 0; i < b->nimages; i++)
		rt_more(e, " linux/%s", b->images[i].arch);
	return -ENOENT;
}

/* Replaces the archive in @bytes by the object out of it. */
static int unpack(struct rt_buf *bytes, const struct sign_key *key, struct rt_error *e)
{
	const struct bundle_image *image = NULL;
	struct bundle_error why = { 0 };
	struct bundle b;
	int err;

	if (bundle_open(bytes->s, bytes->len, &b, &why))
		return fail(&why, "", e);
	err = pick_image(&b, &image, e);
	if (!err && key)
		err = check_image(image, key, e);
	if (!err) {
		rt_buf_clear(bytes);
		rt_buf_add(bytes, image->object, image->object_len);
		if (bytes->failed)
			err = rt_fail(e, RT_ENVIRONMENT, -ENOMEM, "out of memory");
	}
	bundle_close(&b);
	return err;
}

int source_read(const char *path, const struct sign_key *key, struct rt_buf *ret, struct rt_error *e)
{
	int err = rt_read_file(path, BUNDLE_ARCHIVE_MAX, ret);

	if (err == -ENOMEM)
		return rt_fail(e, RT_ENVIRONMENT, err, "out of memory");
	if (err)
		return rt_fail(e, RT_INPUT, err, "cannot be read: %s", strerror(-err));
	if (bundle_is_archive(ret->s, ret->len))
		return unpack(ret, key, e);
	return key ? check_file(path, key, ret, e) : 0;
}
