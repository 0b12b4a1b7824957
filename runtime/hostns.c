// SPDX-License-Identifier: Apache-2.0
#include "hostns.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define INITIAL_PID_NS 0xeffffffcU /* PROC_PID_INIT_INO: include/linux/proc_ns.h, since Linux 3.8 */

/* By enum tpc_ns_kind: names in /proc/PID/ns. */
static const char *const kinds[TPC_NS_KINDS] = {
	"uts", "ipc", "mnt", "pid", "pid_for_children", "net", "time", "time_for_children", "cgroup", "user"
};

/* The number in "mnt:[4026531841]". */
static int read_number(const char *proc, const char *kind, uint32_t *ret)
{
	char path[256], target[64];
	const char *open;
	ssize_t n;

	if (snprintf(path, sizeof(path), "%s/1/ns/%s", proc, kind) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	open = strchr(target, '[');
	return open && sscanf(open, "[%u]", ret) == 1 ? 0 : -EBADMSG;
}

int hostns_read_at(const char *proc, uint32_t ret[TPC_NS_KINDS], struct rt_error *e)
{
	for (int i = 0; i < TPC_NS_KINDS; i++) {
		int err = read_number(proc, kinds[i], &ret[i]);

		if (err == -ENOENT && !access(proc, X_OK) && strcmp(kinds[i], "pid")) {
			ret[i] = 0; /* this kernel has no such namespaces */
			err = 0;
		}
		if (err)
			return rt_fail(e, RT_ENVIRONMENT, err, "the host's namespaces: %s/1/ns/%s: %s", proc,
				       kinds[i], strerror(-err));
	}
	if (ret[3] != INITIAL_PID_NS)
		return rt_fail(
			e, RT_ENVIRONMENT, -EXDEV,
			"the host's namespaces, which a policy asks for, are not to be seen: %s is that of a container (a pod needs hostPID: true)",
			proc);
	return 0;
}

int hostns_read(uint32_t ret[TPC_NS_KINDS], struct rt_error *e)
{
	return hostns_read_at("/proc", ret, e);
}
