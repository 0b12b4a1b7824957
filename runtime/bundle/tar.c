// SPDX-License-Identifier: Apache-2.0
/* Tar files in memory, through libarchive: of its formats and filters only tar itself is switched on. */
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "bundle_impl.h"

enum { NAME_MAX_LEN = 255, TAIL = 1024 }; /* a tar file ends with two empty records */

/*
 * @name without "./" before it and "/" behind it; "" is the root itself. NULL: it leads elsewhere, or a terminal
 * would not show it as it is.
 */
static const char *clean_name(const char *name, char *buf, size_t size)
{
	size_t len;

	while (name[0] == '.' && name[1] == '/')
		name += 2;
	len = strlen(name);
	while (len > 1 && name[len - 1] == '/')
		len--;
	if (len >= size || name[0] == '/')
		return NULL;
	memcpy(buf, name, len);
	buf[len] = '\0';
	if (!strcmp(buf, "."))
		buf[0] = '\0';
	for (const char *s = buf, *end; *buf && s; s = *end ? end + 1 : NULL) {
		size_t n;

		end = strchrnul(s, '/');
		n = (size_t)(end - s);
		if (!n || (n == 1 && s[0] == '.') || (n == 2 && s[0] == '.' && s[1] == '.'))
			return NULL;
	}
	for (const char *s = buf; *s; s++)
		if (*s <= ' ' || *s > '~')
			return NULL;
	return buf;
}

/* All of an entry's content, malloc()ed. @len was compared with the archive's size. */
static int read_content(struct archive *a, size_t len, void **ret, struct bundle_error *e)
{
	char *data = malloc(len ? len : 1), extra;
	size_t have = 0;
	la_ssize_t n = 0;

	if (!data)
		return bundle_no_memory(e);
	while (have < len && (n = archive_read_data(a, data + have, len - have)) > 0)
		have += (size_t)n;
	if (n >= 0 && have == len)
		n = archive_read_data(a, &extra, 1);
	if (n || have < len) {
		free(data);
		return bundle_bad(e, "the archive is broken: %s",
				  n < 0 && archive_error_string(a) ? archive_error_string(a) :
								     "a file is not as long as it says");
	}
	*ret = data;
	return 0;
}

static int see_file(struct archive *a, struct archive_entry *entry, const char *name, size_t len,
		    const struct tar_how *how, struct bundle_error *e)
{
	la_int64_t size = archive_entry_size(entry);
	void *data = NULL;
	int err;

	if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry))
		return bundle_bad(e, "'%s' in the archive is neither a file nor a folder", name);
	if (!archive_entry_size_is_set(entry) || size < 0 || (size_t)size > len ||
	    archive_entry_sparse_reset(entry))
		return bundle_bad(e, "'%s' is larger than the archive that it is in", name);
	err = read_content(a, (size_t)size, &data, e);
	return err ? err : how->file(how->arg, name, data, (size_t)size, e);
}

static int see_entry(struct archive *a, struct archive_entry *entry, size_t len, const struct tar_how *how,
		     struct bundle_error *e)
{
	const char *raw = archive_entry_pathname(entry), *name;
	char buf[NAME_MAX_LEN + 1];

	name = raw ? clean_name(raw, buf, sizeof(buf)) : NULL;
	if (!name)
		return bundle_bad(e, "the archive holds a file that may not be called '%.100s'",
				  raw ? raw : "");
	if (archive_entry_filetype(entry) != AE_IFDIR)
		return see_file(a, entry, name, len, how, e);
	if (*name && !how->folder(name))
		return bundle_bad(e, "folder '%s' does not belong into the archive", name);
	return 0;
}

static int read_entries(struct archive *a, size_t len, const struct tar_how *how, struct bundle_error *e)
{
	struct archive_entry *entry;
	int r, err = 0;

	for (size_t n = 0; !err; n++) {
		r = archive_read_next_header(a, &entry);
		if (r == ARCHIVE_EOF)
			return 0;
		/* A warning says that something is not as it seems: that is enough to refuse it. */
		if (r != ARCHIVE_OK)
			return bundle_bad(e, "the archive is broken: %s",
					  archive_error_string(a) ? archive_error_string(a) : "no reason");
		if (n >= how->max)
			return bundle_bad(e, "the archive holds more than %zu files", how->max);
		err = see_entry(a, entry, len, how, e);
	}
	return err;
}

static bool has_tail(const unsigned char *data, size_t len)
{
	if (len < TAIL || len % 512)
		return false;
	for (size_t i = len - TAIL; i < len; i++)
		if (data[i])
			return false;
	return true;
}

int tar_read(const void *data, size_t len, const struct tar_how *how, struct bundle_error *e)
{
	struct archive *a;
	int err;

	if (!has_tail(data, len))
		return bundle_bad(e, "the archive is cut short, or is no tar file");
	a = archive_read_new();
	if (!a)
		return bundle_no_memory(e);
	if (archive_read_support_format_tar(a) != ARCHIVE_OK ||
	    archive_read_open_memory(a, data, len) != ARCHIVE_OK)
		err = bundle_bad(e, "not a tar file");
	else
		err = read_entries(a, len, how, e);
	archive_read_free(a);
	return err;
}
