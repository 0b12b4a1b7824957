/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What an attachment costs by itself. */
#define SEC(name) __attribute__((section(name), used))

char _license[] SEC("license") = "Dual BSD/GPL";

SEC("fentry/fd_install") int empty_fentry(void *ctx __attribute__((unused)))
{
	return 0;
}

SEC("kprobe/fd_install") int empty_kprobe(void *ctx __attribute__((unused)))
{
	return 0;
}
