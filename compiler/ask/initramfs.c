// SPDX-License-Identifier: Apache-2.0
/* The files of the guest: its first process, the plan, the objects, and the devices that it needs before anything runs. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "ask/ask_impl.h"

struct entry {
	const char *name;
	unsigned type, mode;
	dev_t device;
	const void *data;
	size_t len;
};

static bool add(struct archive *a, const struct entry *f)
{
	struct archive_entry *e = archive_entry_new();
	bool ok;

	if (!e)
		return false;
	archive_entry_set_pathname(e, f->name);
	archive_entry_set_filetype(e, (__LA_MODE_T)f->type);
	archive_entry_set_perm(e, (__LA_MODE_T)f->mode);
	archive_entry_set_size(e, (la_int64_t)f->len);
	archive_entry_set_rdev(e, f->device);
	ok = archive_write_header(a, e) == ARCHIVE_OK &&
	     (!f->len || archive_write_data(a, f->data, f->len) == (la_ssize_t)f->len);
	archive_entry_free(e);
	return ok;
}

static bool add_all(struct archive *to, struct tpc_arena *a, const struct ask_object *const *objects,
		    uint32_t n, const struct tpc_buf *plan)
{
	const struct entry fixed[] = {
		{ "dev", AE_IFDIR, 0755, 0, NULL, 0 },
		{ "dev/console", AE_IFCHR, 0600, makedev(5, 1), NULL, 0 },
		{ "dev/ttyS1", AE_IFCHR, 0600, makedev(4, 65), NULL, 0 },
		{ "objects", AE_IFDIR, 0755, 0, NULL, 0 },
		{ "proc", AE_IFDIR, 0755, 0, NULL, 0 },
		{ "sys", AE_IFDIR, 0755, 0, NULL, 0 },
		{ "init", AE_IFREG, 0755, 0, guest_init, guest_init_len },
		{ "plan", AE_IFREG, 0644, 0, plan->data, plan->len },
	};
	bool ok = true;

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]) && ok; i++)
		ok = add(to, &fixed[i]);
	for (uint32_t i = 0; i < n && ok; i++)
		ok = add(to, &(struct entry){ tpc_sprintf(a, "objects/%u", i), AE_IFREG, 0644, 0,
					      objects[i]->data, objects[i]->len });
	return ok;
}

int initramfs_make(struct tpc_arena *a, const struct ask_object *const *objects, uint32_t n)
{
	int fd = memfd_create("tpc-initramfs", MFD_CLOEXEC);
	struct tpc_buf plan = TPC_BUF(a);
	struct archive *to;
	bool ok;

	if (fd < 0)
		return -errno;
	plan_write(objects, n, &plan);
	to = archive_write_new();
	ok = to && archive_write_set_format_cpio_newc(to) == ARCHIVE_OK &&
	     archive_write_open_fd(to, fd) == ARCHIVE_OK && add_all(to, a, objects, n, &plan) &&
	     archive_write_close(to) == ARCHIVE_OK;
	archive_write_free(to);
	if (ok)
		return fd;
	close(fd);
	return -ENOMEM;
}
