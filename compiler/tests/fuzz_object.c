// SPDX-License-Identifier: Apache-2.0
/*
 * libFuzzer: an object of any bytes is read or refused with a diagnostic, and verified against the types of the small
 * kernel of the tests. Seeds: any *.bpf.o; scripts/fuzz.sh compiles the golden policies for that.
 */
#include <bpf/libbpf.h>
#include <stdlib.h>

#include "toolchain/object.h"
#include "verify/verify.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct verify_btf small = { .path = "kernel.btf.o" };

/* What an arena alone points to looks lost to LeakSanitizer. */
static void close_kernel(void)
{
	kernel_close(small.kernel);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct kernel_opts o = { .btf = getenv("TPC_TEST_BTF") };

	(void)argc;
	(void)argv;
	libbpf_set_print(NULL);
	if (kernel_open(&small.kernel, &o) || atexit(close_kernel))
		abort();
	return 0;
}

static bool is_judged(const struct verify_report *r)
{
	const struct verify_check *k;

	tpc_vec_foreach (k, &r->checks) {
		if (!k->name || !k->detail || (k->result == VERIFY_FAILED) != (k->findings.len > 0))
			return false;
		for (uint32_t i = 0; i < k->findings.len; i++)
			if (!k->findings.items[i].msg)
				return false;
	}
	return r->checks.len > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct verify_opts opts = { .btfs = &small,
				    .nbtfs = 1,
				    .min_kernel = 5 << 16 | 15,
				    .max_insns = 1000,
				    .max_memory = 1 << 20 };
	struct verify_report report;
	struct tpc_ctx ctx;
	struct object o;
	bool read;

	if (tpc_ctx_init(&ctx, (size_t)256 << 20))
		return 0;
	read = !object_read(&ctx, "fuzz.o", data, size, &o);
	if (read)
		object_done(&o);
	else if (!ctx.diags.nerrors)
		abort(); /* refused without a word */
	verify_object(&ctx, "fuzz.o", data, size, &opts, &report);
	if (!is_judged(&report) || (!read && !verify_failed(&report)))
		abort();
	tpc_ctx_done(&ctx);
	return 0;
}
