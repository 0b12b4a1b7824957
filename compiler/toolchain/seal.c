// SPDX-License-Identifier: Apache-2.0
#include "toolchain/seal.h"

#include <errno.h>
#include <gelf.h>
#include <string.h>

#include "base/digest.h"

#include <tpc/abi.h>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const char seal_room[] =
	"\nconst char tpc_digest[" TEXT(TPC_DIGEST_SIZE) "] __attribute__((section(\"" TPC_DIGEST_SECTION
							 "\"), used)) = \"\";\n";

/* Place of the seal in an ELF file; false: there is no such section, or not one of the right size. */
static bool find_seal(Elf *elf, size_t len, uint64_t *ret)
{
	Elf_Scn *scn = NULL;
	const char *name;
	GElf_Shdr sh; /* a copy: headers may lie at any offset */
	size_t names;

	if (elf_kind(elf) != ELF_K_ELF || elf_getshdrstrndx(elf, &names))
		return false;
	while ((scn = elf_nextscn(elf, scn))) {
		name = gelf_getshdr(scn, &sh) ? elf_strptr(elf, names, sh.sh_name) : NULL;
		if (!name || strcmp(name, TPC_DIGEST_SECTION))
			continue;
		*ret = sh.sh_offset;
		return sh.sh_type == SHT_PROGBITS && sh.sh_size == TPC_DIGEST_SIZE && sh.sh_offset <= len &&
		       sh.sh_size <= len - sh.sh_offset;
	}
	return false;
}

/* libelf is given a copy: it may write into what it is given. */
static bool place_of_seal(struct tpc_arena *a, const char *data, size_t len, uint64_t *ret)
{
	char *copy = tpc_arena_alloc(a, len, 16);
	bool found;
	Elf *elf;

	memcpy(copy, data, len);
	if (elf_version(EV_CURRENT) == EV_NONE)
		return false;
	elf = elf_memory(copy, len);
	found = elf && find_seal(elf, len, ret);
	elf_end(elf);
	return found;
}

static const char *digest_without(struct tpc_arena *a, const char *data, size_t len, uint64_t at)
{
	char *copy = tpc_arena_alloc(a, len, 1);

	memcpy(copy, data, len);
	memset(copy + at, 0, TPC_DIGEST_SIZE);
	return tpc_digest(a, copy, len);
}

int object_seal(struct tpc_arena *a, char *data, size_t len)
{
	uint64_t at;

	if (!place_of_seal(a, data, len, &at))
		return -EINVAL;
	/* With the NUL behind it, it is as long as the section. */
	memcpy(data + at, digest_without(a, data, len, at), TPC_DIGEST_SIZE);
	return 0;
}

enum seal object_seal_check(struct tpc_arena *a, const char *data, size_t len)
{
	uint64_t at;

	if (!place_of_seal(a, data, len, &at))
		return SEAL_NONE;
	return memcmp(data + at, digest_without(a, data, len, at), TPC_DIGEST_SIZE) ? SEAL_BROKEN : SEAL_GOOD;
}
