// SPDX-License-Identifier: Apache-2.0
#include "bundle/loader.h"

#include <gelf.h>
#include <stdint.h>

#define SEGMENTS_MAX 1024U

static bool look(Elf *elf, struct loader_look *ret)
{
	GElf_Ehdr eh;
	GElf_Phdr ph;
	size_t n;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &eh) || eh.e_ident[EI_CLASS] != ELFCLASS64 ||
	    (eh.e_type != ET_EXEC && eh.e_type != ET_DYN) || elf_getphdrnum(elf, &n) || n > SEGMENTS_MAX)
		return false;
	ret->arch = eh.e_machine == EM_X86_64 ? "amd64" : eh.e_machine == EM_AARCH64 ? "arm64" : NULL;
	ret->is_static = true;
	for (size_t i = 0; i < n; i++) {
		if (!gelf_getphdr(elf, (int)i, &ph))
			return false;
		if (ph.p_type == PT_INTERP)
			ret->is_static = false;
	}
	return true;
}

bool loader_look(const void *data, size_t len, struct loader_look *ret)
{
	Elf *elf;
	bool ok;

	if (elf_version(EV_CURRENT) == EV_NONE)
		return false;
	elf = elf_memory((char *)(uintptr_t)data, len);
	ok = elf && look(elf, ret);
	elf_end(elf);
	return ok;
}
