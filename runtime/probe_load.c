// SPDX-License-Identifier: Apache-2.0
#include "probe_load.h"

#include <bpf/bpf.h>
#include <unistd.h>

#define R0_IS_0 { .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 }
#define EXIT { .code = BPF_JMP | BPF_EXIT }

static int load(enum bpf_prog_type type, const struct bpf_insn *insns, size_t n,
		const struct bpf_prog_load_opts *opts)
{
	int fd = bpf_prog_load(type, "tpc_probe", "GPL", insns, n, opts);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

int probe_load(enum bpf_prog_type type, enum bpf_attach_type attach, uint32_t btf_id)
{
	static const struct bpf_insn insns[] = { R0_IS_0, EXIT };
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = attach, .attach_btf_id = btf_id);

	return load(type, insns, 2, &opts);
}

int probe_load_override(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = -1 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_override_return },
		R0_IS_0,
		EXIT,
	};

	return load(BPF_PROG_TYPE_KPROBE, insns, 4, NULL);
}
