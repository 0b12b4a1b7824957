// SPDX-License-Identifier: Apache-2.0
/* What a kernel's file must look like: Documentation/arch/x86/boot.rst. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask/ask_impl.h"

#define IMAGE_MAX ((off_t)512 << 20)
#define HEADER_LEN 0x270
#define BOOT_FLAG 0x1fe
#define MAGIC 0x202
#define VERSION 0x206
#define VERSION_MIN 0x206 /* Linux 2.6.22: its command line may be longer than 255 bytes */

static bool is_image(const unsigned char *h, size_t len, const char **why)
{
	if (len >= 4 && !memcmp(h, "\177ELF", 4)) {
		*why = "it is an ELF file: what is wanted is the image that a machine boots, /boot/vmlinuz or bzImage";
		return false;
	}
	*why = "it is no x86 kernel image";
	return len == HEADER_LEN && h[BOOT_FLAG] == 0x55 && h[BOOT_FLAG + 1] == 0xaa &&
	       !memcmp(h + MAGIC, "HdrS", 4) && (h[VERSION] | h[VERSION + 1] << 8) >= VERSION_MIN;
}

int image_open(struct tpc_arena *a, const char *path, const char **why)
{
	/* A pipe without a writer would keep us waiting. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	unsigned char header[HEADER_LEN];
	struct stat st;
	ssize_t n;

	if (fd < 0) {
		*why = tpc_sprintf(a, "it cannot be read: %s", strerror(errno));
		return -1;
	}
	n = fstat(fd, &st) || !S_ISREG(st.st_mode) ? 0 : pread(fd, header, sizeof(header), 0);
	if (n >= 0 && st.st_size <= IMAGE_MAX && is_image(header, (size_t)n, why))
		return fd;
	if (n < 0)
		*why = tpc_sprintf(a, "it cannot be read: %s", strerror(errno));
	else if (!S_ISREG(st.st_mode))
		*why = "it is no file";
	else if (st.st_size > IMAGE_MAX)
		*why = "it is too large";
	close(fd);
	return -1;
}
