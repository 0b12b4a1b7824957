// SPDX-License-Identifier: Apache-2.0
/* The ELF side of reading an object. libelf parses the headers; every offset, size and name is checked here. */
#include <elf.h>
#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "toolchain/object_internal.h"

#include <tpc/abi.h>

#define SECTIONS_MAX 4096U
#define PROGRAMS_MAX 4096U
#define INSN_SIZE 8U

/* What the walk over the sections found; pointers into the image. */
struct image {
	Elf *elf;
	const char *data;
	size_t len, shstrndx;
	Elf_Scn *symtab;
	const char *manifest, *btf, *license;
	size_t manifest_len, btf_len, license_len;
};

bool object_bad(struct object_reader *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tpc_error(&r->c->diags, TPC_NOWHERE, TPC_E_OBJECT, "%s: %s", r->name,
		  tpc_vsprintf(r->c->arena, fmt, ap));
	va_end(ap);
	return false;
}

static bool inside(const struct image *im, const GElf_Shdr *sh)
{
	return sh->sh_type == SHT_PROGBITS && sh->sh_offset <= im->len &&
	       sh->sh_size <= im->len - sh->sh_offset;
}

/* The bytes of a section, which must lie inside the image. */
static bool section_bytes(struct object_reader *r, struct image *im, const char *name, const GElf_Shdr *sh,
			  const char **ret, size_t *ret_len)
{
	if (!inside(im, sh))
		return object_bad(r, "section '%s' does not lie inside the file", name);
	if (*ret)
		return object_bad(r, "there are two sections '%s'", name);
	*ret = im->data + sh->sh_offset;
	*ret_len = sh->sh_size;
	return true;
}

static bool see_section(struct object_reader *r, struct image *im, Elf_Scn *scn)
{
	const char *name;
	GElf_Shdr sh;

	if (!gelf_getshdr(scn, &sh))
		return object_bad(r, "a section header cannot be read");
	name = elf_strptr(im->elf, im->shstrndx, sh.sh_name);
	if (!name)
		return object_bad(r, "a section has no name");
	if (sh.sh_type == SHT_SYMTAB) {
		if (im->symtab)
			return object_bad(r, "there are two symbol tables");
		im->symtab = scn;
	}
	if (!strcmp(name, TPC_MANIFEST_SECTION))
		return section_bytes(r, im, name, &sh, &im->manifest, &im->manifest_len);
	if (!strcmp(name, ".BTF"))
		return section_bytes(r, im, name, &sh, &im->btf, &im->btf_len);
	if (!strcmp(name, "license"))
		return section_bytes(r, im, name, &sh, &im->license, &im->license_len);
	if (!strcmp(name, ".text") && inside(im, &sh))
		r->o->text_insns = (uint32_t)(sh.sh_size / INSN_SIZE);
	return true;
}

static bool see_sections(struct object_reader *r, struct image *im)
{
	Elf_Scn *scn = NULL;
	size_t n;

	if (elf_getshdrstrndx(im->elf, &im->shstrndx) || elf_getshdrnum(im->elf, &n))
		return object_bad(r, "the section headers cannot be read");
	if (n > SECTIONS_MAX)
		return object_bad(r, "it has %zu sections, more than %u", n, SECTIONS_MAX);
	while ((scn = elf_nextscn(im->elf, scn)))
		if (!see_section(r, im, scn))
			return false;
	if (!im->manifest)
		return object_bad(r, "there is no section '%s': tpc did not make this", TPC_MANIFEST_SECTION);
	if (!im->btf)
		return object_bad(r, "there is no section '.BTF'");
	if (!im->symtab)
		return object_bad(r, "there is no symbol table");
	return true;
}

static bool check_header(struct object_reader *r, struct image *im)
{
	GElf_Ehdr eh;

	if (elf_kind(im->elf) != ELF_K_ELF || !gelf_getehdr(im->elf, &eh))
		return object_bad(r, "not an ELF file");
	if (eh.e_ident[EI_CLASS] != ELFCLASS64 || eh.e_ident[EI_DATA] != ELFDATA2LSB)
		return object_bad(r, "not a 64-bit little-endian ELF file");
	if (eh.e_type != ET_REL || eh.e_machine != EM_BPF)
		return object_bad(r, "not a relocatable BPF object (type %u, machine %u)", eh.e_type,
				  eh.e_machine);
	return true;
}

/* What sorts programs: section number, then offset in it. */
struct found {
	struct object_program p;
	size_t shndx;
	uint64_t off;
};

static int by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->shndx != y->shndx)
		return x->shndx < y->shndx ? -1 : 1;
	return x->off < y->off ? -1 : x->off > y->off;
}

/* Looks at one symbol. *@is_program says whether @ret was filled in. */
static bool see_symbol(struct object_reader *r, struct image *im, const GElf_Shdr *symtab,
		       const GElf_Sym *sym, struct found *ret, bool *is_program)
{
	Elf_Scn *scn;
	GElf_Shdr sh;
	const char *name, *section;

	*is_program = false;
	if (GELF_ST_TYPE(sym->st_info) != STT_FUNC || sym->st_shndx == SHN_UNDEF ||
	    sym->st_shndx >= SHN_LORESERVE)
		return true;
	scn = elf_getscn(im->elf, sym->st_shndx);
	name = elf_strptr(im->elf, symtab->sh_link, sym->st_name);
	if (!scn || !gelf_getshdr(scn, &sh) || !name || !*name)
		return object_bad(r, "a function symbol names no section or has no name");
	section = elf_strptr(im->elf, im->shstrndx, sh.sh_name);
	if (!section || !inside(im, &sh) || !(sh.sh_flags & SHF_EXECINSTR))
		return object_bad(r, "function '%s' is in a section that holds no code", name);
	if (sym->st_value > sh.sh_size || sym->st_size > sh.sh_size - sym->st_value ||
	    sym->st_size % INSN_SIZE || sym->st_value % INSN_SIZE || !sym->st_size)
		return object_bad(r, "function '%s' does not lie inside its section '%s'", name, section);
	if (!strcmp(section, ".text"))
		return true;
	*is_program = true;
	ret->shndx = sym->st_shndx;
	ret->off = sym->st_value;
	ret->p.name = tpc_strdup(r->c->arena, name);
	ret->p.section = tpc_strdup(r->c->arena, section);
	ret->p.insns = (uint32_t)(sym->st_size / INSN_SIZE);
	return true;
}

static bool read_programs(struct object_reader *r, struct image *im)
{
	struct {
		struct found *items;
		uint32_t len, cap;
	} found = { 0 };
	GElf_Shdr sh;
	Elf_Data *data;
	size_t n;

	if (!gelf_getshdr(im->symtab, &sh) || sh.sh_entsize != sizeof(Elf64_Sym))
		return object_bad(r, "the symbol table is broken");
	data = elf_getdata(im->symtab, NULL);
	if (!data || !data->d_buf)
		return object_bad(r, "the symbol table cannot be read");
	n = data->d_size / sizeof(Elf64_Sym);
	for (size_t i = 0; i < n && i <= INT32_MAX; i++) {
		struct found f;
		bool is_program;
		GElf_Sym sym;

		if (!gelf_getsym(data, (int)i, &sym))
			return object_bad(r, "symbol %zu cannot be read", i);
		if (!see_symbol(r, im, &sh, &sym, &f, &is_program))
			return false;
		if (!is_program)
			continue;
		if (found.len >= PROGRAMS_MAX)
			return object_bad(r, "it has more than %u programs", PROGRAMS_MAX);
		*tpc_vec_push(r->c->arena, &found) = f;
	}
	if (found.len)
		qsort(found.items, found.len, sizeof(*found.items), by_place);
	for (uint32_t i = 0; i < found.len; i++)
		*tpc_vec_push(r->c->arena, &r->o->programs) = found.items[i].p;
	return true;
}

static bool read_license(struct object_reader *r, struct image *im)
{
	if (!im->license || !im->license_len || im->license[im->license_len - 1])
		return object_bad(r, "there is no licence, or it does not end in a NUL");
	r->o->license = tpc_strdup(r->c->arena, im->license);
	return true;
}

static bool read_image(struct object_reader *r, struct image *im)
{
	/* Two parsers see these bytes, and neither may be led to write into the caller's. */
	char *copy = tpc_arena_alloc(r->c->arena, im->len, 16);
	bool ok;

	memcpy(copy, im->data, im->len);
	im->data = copy;
	if (elf_version(EV_CURRENT) == EV_NONE)
		return object_bad(r, "libelf is of another time");
	im->elf = elf_memory(copy, im->len);
	if (!im->elf)
		return object_bad(r, "not an ELF file");
	ok = check_header(r, im) && see_sections(r, im) && read_license(r, im) && read_programs(r, im) &&
	     object_read_maps(r, im->btf, im->btf_len) && manifest_read(r, im->manifest, im->manifest_len);
	elf_end(im->elf);
	return ok;
}

int object_read(struct tpc_ctx *c, const char *name, const void *data, size_t len, struct object *ret)
{
	struct object_reader r = { c, name, ret };
	struct image im = { .data = data, .len = len };

	memset(ret, 0, sizeof(*ret));
	if (!len || len > OBJECT_SIZE_MAX) {
		object_bad(&r, len ? "larger than %u bytes" : "empty", OBJECT_SIZE_MAX);
		return -EINVAL;
	}
	ret->digest = tpc_digest(c->arena, data, len);
	if (read_image(&r, &im))
		return 0;
	object_done(ret);
	return -EINVAL;
}

void object_done(struct object *o)
{
	json_decref(o->manifest);
	o->manifest = NULL;
}
