// SPDX-License-Identifier: Apache-2.0
/*
 * What each argument type of the language is to the IR. Widths follow cilium/tetragon,
 * pkg/generictypes/generictypes.go; size_t is 64 bits here, also in filters.
 */
#include <string.h>

#include "ir/lower_impl.h"

#define INT(n, sign) { .known = true, .type = IR_INT, .size = (n), .is_signed = (sign) }
#define PATH(from) { .known = true, .type = IR_PATH, .path_from = (from), .pointer = true }
#define KIND(t) { .known = true, .type = (t), .pointer = true }
#define CAPS { .known = true, .type = IR_INT, .size = 8, .pointer = true, .caps = true }

static const struct lower_type types[TPC_ARG_TYPE_MAX] = {
	[TPC_ARG_TYPE_NOP] = { .known = true, .type = IR_NOP },
	[TPC_ARG_TYPE_INT] = INT(4, true),
	[TPC_ARG_TYPE_SINT8] = INT(1, true),
	[TPC_ARG_TYPE_INT8] = INT(1, true),
	[TPC_ARG_TYPE_UINT8] = INT(1, false),
	[TPC_ARG_TYPE_SINT16] = INT(2, true),
	[TPC_ARG_TYPE_INT16] = INT(2, true),
	[TPC_ARG_TYPE_UINT16] = INT(2, false),
	[TPC_ARG_TYPE_SINT32] = INT(4, true),
	[TPC_ARG_TYPE_INT32] = INT(4, true),
	[TPC_ARG_TYPE_UINT32] = INT(4, false),
	[TPC_ARG_TYPE_SINT64] = INT(8, true),
	[TPC_ARG_TYPE_INT64] = INT(8, true),
	[TPC_ARG_TYPE_LONG] = INT(8, true),
	[TPC_ARG_TYPE_UINT64] = INT(8, false),
	[TPC_ARG_TYPE_ULONG] = INT(8, false),
	[TPC_ARG_TYPE_SIZE_T] = INT(8, false),
	[TPC_ARG_TYPE_SYSCALL64] = INT(8, true),
	[TPC_ARG_TYPE_BPF_CMD] = INT(4, true),
	[TPC_ARG_TYPE_CAPABILITY] = { .known = true,
				      .type = IR_INT,
				      .size = 4,
				      .is_signed = true,
				      .cap = true },
	[TPC_ARG_TYPE_KERNEL_CAP_T] = CAPS,
	[TPC_ARG_TYPE_CAP_INHERITABLE] = CAPS,
	[TPC_ARG_TYPE_CAP_PERMITTED] = CAPS,
	[TPC_ARG_TYPE_CAP_EFFECTIVE] = CAPS,
	[TPC_ARG_TYPE_STRING] = { .known = true, .type = IR_STRING },
	[TPC_ARG_TYPE_DATA_LOC] = { .known = true, .type = IR_STRING },
	[TPC_ARG_TYPE_FILENAME] = KIND(IR_STRING),
	[TPC_ARG_TYPE_NET_DEVICE] = KIND(IR_STRING),
	[TPC_ARG_TYPE_SOCKADDR_UN] = KIND(IR_STRING),
	[TPC_ARG_TYPE_CHAR_BUF] = { .known = true, .type = IR_BYTES },
	[TPC_ARG_TYPE_CHAR_IOVEC] = { .known = true, .type = IR_BYTES },
	[TPC_ARG_TYPE_FD] = { .known = true, .type = IR_PATH, .path_from = IR_PATH_FD },
	[TPC_ARG_TYPE_FILE] = PATH(IR_PATH_FILE),
	[TPC_ARG_TYPE_PATH] = PATH(IR_PATH_PATH),
	[TPC_ARG_TYPE_LINUX_BINPRM] = PATH(IR_PATH_BINPRM),
	[TPC_ARG_TYPE_DENTRY] = PATH(IR_PATH_DENTRY),
	[TPC_ARG_TYPE_KIOCB] = PATH(IR_PATH_KIOCB),
	[TPC_ARG_TYPE_SKB] = KIND(IR_SOCKET),
	[TPC_ARG_TYPE_SOCK] = KIND(IR_SOCKET),
	[TPC_ARG_TYPE_SOCKET] = KIND(IR_SOCKET),
	[TPC_ARG_TYPE_SOCKADDR] = { .known = true, .type = IR_SOCKET }, /* system calls are handed one */
	[TPC_ARG_TYPE_CONST_BUF] = { .known = true, .type = IR_SHOWN },
	[TPC_ARG_TYPE_BPF_ATTR] = { .known = true, .type = IR_SHOWN },
	[TPC_ARG_TYPE_PERF_EVENT] = KIND(IR_SHOWN),
	[TPC_ARG_TYPE_BPF_MAP] = KIND(IR_SHOWN),
	[TPC_ARG_TYPE_BPF_PROG] = KIND(IR_SHOWN),
	[TPC_ARG_TYPE_USER_NAMESPACE] = KIND(IR_SHOWN),
	[TPC_ARG_TYPE_CRED] = KIND(IR_SHOWN),
	[TPC_ARG_TYPE_IOV_ITER] = KIND(IR_SHOWN),
	[TPC_ARG_TYPE_LOAD_INFO] = KIND(IR_SHOWN),
	[TPC_ARG_TYPE_MODULE] = KIND(IR_SHOWN),
};

static const char *const names[TPC_ARG_TYPE_MAX] = {
#define WORD(id, spelling, meaning) [TPC_ARG_TYPE_##id] = spelling,
	TPC_WORDS_ARG_TYPE(WORD)
#undef WORD
};

const struct lower_type *lower_type_of(uint16_t word)
{
	return &types[word < TPC_ARG_TYPE_MAX ? word : TPC_ARG_TYPE_NONE];
}

const char *lower_type_name(uint16_t word)
{
	return word && word < TPC_ARG_TYPE_MAX ? names[word] : "";
}

uint16_t lower_type_word(const char *word)
{
	for (uint16_t i = 1; i < TPC_ARG_TYPE_MAX; i++)
		if (!strcmp(names[i], word))
			return i;
	return TPC_ARG_TYPE_NONE;
}

bool lower_is_untyped(const struct ir_value *v)
{
	return !strcmp(v->type_name, names[TPC_ARG_TYPE_AUTO]);
}
