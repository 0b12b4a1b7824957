// SPDX-License-Identifier: Apache-2.0
/* What policies are checked for: a kernel by its types and its age, and Tetragon. */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "ir/lower.h"

#define OLDEST IR_KERNEL(5, 15) /* what generated code needs in any case */

const char *const cli_compat[] = { "tetragon", NULL };

void cli_target_defaults(struct tpc_opts *o)
{
	static const char *const tracefs[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	static const char *const events[] = { "/sys/kernel/tracing/events",
					      "/sys/kernel/debug/tracing/events" };

	o->min_kernel = OLDEST;
	if (!access("/sys/kernel/btf/vmlinux", R_OK)) {
		o->btf = "/sys/kernel/btf/vmlinux";
		o->btf_modules = "/sys/kernel/btf";
	}
	for (size_t i = 0; i < 2 && !o->tracefs; i++)
		if (!access(events[i], R_OK))
			o->tracefs = tracefs[i];
}

static enum cli_status parse_kernel(struct cli_args *args, uint32_t *ret)
{
	unsigned major, minor;
	char rest;

	if (sscanf(args->value, "%4u.%4u%c", &major, &minor, &rest) != 2 || major > 999 || minor > 999)
		return cli_usage(args->cmd, "--min-kernel is a version such as 6.1, not '%s'", args->value);
	*ret = IR_KERNEL(major, minor);
	if (*ret < OLDEST)
		return cli_usage(args->cmd, "objects need Linux 5.15 or newer, whatever the policy: not %s",
				 args->value);
	return CLI_DONE;
}

enum cli_status cli_target_opt(struct cli_args *args, int id, struct tpc_opts *o)
{
	switch (id) {
	case CLI_OPT_BTF:
		/* Of the kernel named nothing else is known: this machine's tracepoints are not its. */
		o->btf_named = strcmp(args->value, "none") != 0;
		o->btf = o->btf_named ? args->value : NULL;
		o->btf_modules = o->tracefs = NULL;
		return CLI_DONE;
	case CLI_OPT_MIN_KERNEL:
		o->min_kernel_named = true;
		return parse_kernel(args, &o->min_kernel);
	default:
		o->compat_tetragon = true;
		return CLI_DONE;
	}
}
