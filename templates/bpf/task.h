/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What was decided about a process when it executed its program: one bit a test, kept in task storage, inherited at
 * fork, decided anew at exec (tracker.h). A hook reads one word. Tasks from before the load have no bits
 * yet: theirs are decided when they are first asked for, from the executable they run.
 *
 * The generated code defines TPC_TASK_WORDS and tpc_exec_tests().
 */
#ifndef TPC_BPF_TASK_H
#define TPC_BPF_TASK_H

#include <tpc/bpf/path.h>

struct tpc_bits {
	__u64 words[TPC_TASK_WORDS];
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tpc_bits);
} tpc_tasks SEC(".maps");

/* Sets the bits of the tests that hold for the executable with the whole path @n. Global: judged once. */
int tpc_exec_tests(struct tpc_names *n, struct tpc_bits *bits);

static __always_inline void tpc_bits_of_file(struct tpc_bits *bits, struct file *exe)
{
	struct tpc_walk w;

	*bits = (struct tpc_bits){ 0 };
	tpc_walk_file(&w, true, exe);
	if (tpc_walk_whole(&w))
		tpc_exec_tests(&w.names, bits);
	for (__u32 i = 0; i < TPC_TASK_WORDS; i++)
		bits->words[i] = tpc_unknown(bits->words[i]);
}

/*
 * Decides for the current task, and keeps it where there is memory for it. Kernel threads have no executable.
 * A global function: the verifier judges it once, however many tests may be the first to ask.
 */
__noinline int tpc_bits_first(struct tpc_bits *bits)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct mm_struct *mm = t->mm;
	struct tpc_bits first; /* the helper takes no pointer that came as an argument (before Linux 6.3) */

	if (!bits)
		return 0;
	tpc_bits_of_file(&first, mm ? mm->exe_file : NULL);
	bpf_task_storage_get(&tpc_tasks, t, &first, BPF_LOCAL_STORAGE_GET_F_CREATE);
	*bits = first;
	return 0;
}

/* Word @i of the current task's bits. */
static __always_inline __u64 tpc_task_bits(__u32 i)
{
	struct tpc_bits *bits = bpf_task_storage_get(&tpc_tasks, bpf_get_current_task_btf(), NULL, 0);
	struct tpc_bits first = { 0 };

	if (likely(bits))
		return bits->words[i];
	tpc_bits_first(&first);
	return first.words[i];
}

#endif
