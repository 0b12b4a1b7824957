// SPDX-License-Identifier: Apache-2.0
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

/* A mount without a place in the tree: it goes away with its last descriptor, and changes nothing for others. */
static int open_detached(const char *fstype)
{
	int fs = fsopen(fstype, FSOPEN_CLOEXEC), mnt, err;

	if (fs < 0)
		return -errno;
	mnt = fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (mnt == 0)
		mnt = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOSUID);
	err = errno;
	close(fs);
	return mnt < 0 ? -err : mnt;
}

int rt_open_pseudo_fs(const char *fstype, const char *const places[], const char *probe)
{
	int fd;

	for (int i = 0; places[i]; i++) {
		fd = open(places[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (faccessat(fd, probe, F_OK, 0) == 0)
			return fd;
		close(fd);
	}
	return open_detached(fstype);
}
