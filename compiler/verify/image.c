// SPDX-License-Identifier: Apache-2.0
/* The ELF side: what sections and symbols tpc's objects have, and no others. libelf parses the headers. */
#include <elf.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "verify/verify_impl.h"

#include <tpc/abi.h>

#define SECTIONS_MAX 4096U
#define SYMBOLS_MAX (1U << 16)
#define LICENSE "Dual BSD/GPL" /* as the back end writes it: the kernel keeps helpers from other ones */

enum place { ONCE, MAYBE, MANY };

static const struct {
	const char *name; /* one that ends in '/' or is ".rel" begins a name */
	uint32_t type;
	uint64_t flags, entsize;
	enum place place;
} known[] = {
	{ ".strtab", SHT_STRTAB, SHF_STRINGS, 0, ONCE },
	{ ".symtab", SHT_SYMTAB, 0, sizeof(Elf64_Sym), ONCE },
	{ ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0, MAYBE },
	{ ".maps", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 0, ONCE },
	{ ".rodata.tpc", SHT_PROGBITS, SHF_ALLOC, 0, ONCE },
	{ ".data.tpc", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 0, ONCE },
	{ "license", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 0, ONCE },
	{ TPC_MANIFEST_SECTION, SHT_PROGBITS, SHF_ALLOC, 0, ONCE },
	{ TPC_DIGEST_SECTION, SHT_PROGBITS, SHF_ALLOC, 0, ONCE },
	{ ".BTF", SHT_PROGBITS, 0, 0, ONCE },
	{ ".BTF.ext", SHT_PROGBITS, 0, 0, ONCE },
	{ "kprobe/", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0, MANY },
	{ "fentry/", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0, MANY },
	{ "fmod_ret/", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0, MANY },
	{ "lsm/", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0, MANY },
	{ "tp/", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0, MANY },
	{ "tp_btf/", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0, MANY },
	{ ".rel", SHT_REL, SHF_INFO_LINK, sizeof(Elf64_Rel), MANY },
};
#define KNOWN (sizeof(known) / sizeof(known[0]))

bool is_code(const struct section *s)
{
	return s->flags & SHF_EXECINSTR;
}

uint32_t find_section(const struct verify *v, const char *name)
{
	for (uint32_t i = 1; i < v->sections.len; i++)
		if (!strcmp(v->sections.items[i].name, name))
			return i;
	return 0;
}

const struct symbol *find_symbol(const struct verify *v, const char *name)
{
	uint32_t lo = 0, hi = v->nnamed;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = strcmp(v->named[mid]->name, name);

		if (!c)
			return v->named[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static bool check_header(struct verify *v, Elf *elf)
{
	const Elf64_Ehdr *eh = elf_kind(elf) == ELF_K_ELF ? elf64_getehdr(elf) : NULL;

	if (!eh || eh->e_ident[EI_DATA] != ELFDATA2LSB)
		return finding(v, TPC_E_OBJECT_STRUCTURE, "not a 64-bit little-endian ELF file");
	if (eh->e_type != ET_REL || eh->e_machine != EM_BPF)
		return finding(v, TPC_E_OBJECT_STRUCTURE,
			       "not a relocatable BPF object (type %u, machine %u)", eh->e_type,
			       eh->e_machine);
	if (eh->e_version != EV_CURRENT || eh->e_entry || eh->e_phoff || eh->e_phnum || eh->e_flags ||
	    eh->e_ehsize != sizeof(*eh) || eh->e_shentsize != sizeof(Elf64_Shdr))
		return finding(v, TPC_E_OBJECT_STRUCTURE,
			       "its ELF header is not as an object's: flags, an entry point or segments");
	if (!eh->e_shnum || eh->e_shnum > SECTIONS_MAX)
		return finding(v, TPC_E_OBJECT_STRUCTURE, "it has %u sections, not 1 to %u", eh->e_shnum,
			       SECTIONS_MAX);
	if (eh->e_shoff > v->len || eh->e_shnum * sizeof(Elf64_Shdr) > v->len - eh->e_shoff ||
	    eh->e_shoff % 8)
		return finding(v, TPC_E_OBJECT_STRUCTURE,
			       "its section headers do not lie inside the file, or are not aligned");
	return true;
}

/* Row of the table, KNOWN: none. */
static size_t kind_of(const char *name)
{
	size_t i = 0;

	for (; i < KNOWN; i++) {
		size_t len = strlen(known[i].name);

		if (known[i].place == MANY ? !strncmp(name, known[i].name, len) && name[len] :
					     !strcmp(name, known[i].name))
			break;
	}
	return i;
}

static bool check_section(struct verify *v, const struct section *s, bool seen[KNOWN])
{
	size_t k = kind_of(s->name);

	if (k == KNOWN)
		return finding(v, TPC_E_OBJECT_STRUCTURE, "section '%s' is none that tpc writes", s->name);
	if (seen[k] && known[k].place != MANY)
		return finding(v, TPC_E_OBJECT_STRUCTURE, "there are two sections '%s'", s->name);
	seen[k] = true;
	if (s->type != known[k].type || s->flags != known[k].flags || s->entsize != known[k].entsize)
		return finding(v, TPC_E_OBJECT_STRUCTURE,
			       "section '%s' is of type %u with flags 0x%llx, not of type %u with 0x%llx",
			       s->name, s->type, (unsigned long long)s->flags, known[k].type,
			       (unsigned long long)known[k].flags);
	if (s->off > v->len || s->size > v->len - s->off || !s->size)
		return finding(v, TPC_E_OBJECT_STRUCTURE,
			       "section '%s' does not lie inside the file: %llu bytes at %llu", s->name,
			       (unsigned long long)s->size, (unsigned long long)s->off);
	if (!s->align || s->align > 8 || s->off % s->align || (is_code(s) && s->off % 8))
		return finding(v, TPC_E_OBJECT_STRUCTURE, "section '%s' is not aligned", s->name);
	return true;
}

static bool read_sections(struct verify *v, Elf *elf)
{
	bool seen[KNOWN] = { false };
	Elf_Scn *scn = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return finding(v, TPC_E_OBJECT_STRUCTURE, "the section headers cannot be read");
	tpc_vec_push(v->c->arena, &v->sections)->name = "";
	while ((scn = elf_nextscn(elf, scn))) {
		GElf_Shdr sh; /* a copy: headers may lie at any offset */
		const char *name = gelf_getshdr(scn, &sh) ? elf_strptr(elf, names, sh.sh_name) : NULL;
		struct section s;

		if (!name)
			return finding(v, TPC_E_OBJECT_STRUCTURE, "section %zu has no name", elf_ndxscn(scn));
		s = (struct section){ .name = tpc_strdup(v->c->arena, name),
				      .type = sh.sh_type,
				      .link = sh.sh_link,
				      .info = sh.sh_info,
				      .flags = sh.sh_flags,
				      .off = sh.sh_offset,
				      .size = sh.sh_size,
				      .align = sh.sh_addralign,
				      .entsize = sh.sh_entsize };
		if (sh.sh_addr)
			return finding(v, TPC_E_OBJECT_STRUCTURE, "section '%s' has an address", s.name);
		if (!check_section(v, &s, seen))
			return false;
		s.data = v->data + s.off;
		*tpc_vec_push(v->c->arena, &v->sections) = s;
	}
	for (size_t k = 0; k < KNOWN; k++)
		if (!seen[k] && known[k].place == ONCE)
			return finding(v, TPC_E_OBJECT_STRUCTURE, "there is no section '%s'", known[k].name);
	v->symtab = find_section(v, ".symtab");
	v->strtab = find_section(v, ".strtab");
	return true;
}

static int by_offset(const void *a, const void *b)
{
	const struct section *x = *(const struct section *const *)a, *y = *(const struct section *const *)b;

	return x->off < y->off ? -1 : x->off > y->off;
}

/* Bytes that two sections share would be two things at once. */
static bool check_overlaps(struct verify *v)
{
	uint32_t n = v->sections.len - 1;
	const struct section **list = tpc_new_array(v->c->arena, const struct section *, n + 1);

	for (uint32_t i = 0; i < n; i++)
		list[i] = &v->sections.items[i + 1];
	qsort(list, n, sizeof(*list), by_offset);
	for (uint32_t i = 1; i < n; i++)
		if (list[i]->off < list[i - 1]->off + list[i - 1]->size)
			return finding(v, TPC_E_OBJECT_STRUCTURE, "sections '%s' and '%s' overlap",
				       list[i - 1]->name, list[i]->name);
	if (n && list[0]->off < sizeof(Elf64_Ehdr))
		return finding(v, TPC_E_OBJECT_STRUCTURE, "section '%s' lies in the header", list[0]->name);
	return true;
}

static bool check_symbol(struct verify *v, uint32_t i, const struct symbol *s)
{
	const struct section *at;

	if (i == 0)
		return (!*s->name && !s->type && !s->bind && !s->section && !s->value && !s->size) ||
		       finding(v, TPC_E_OBJECT_STRUCTURE, "the first symbol is not the empty one");
	if (s->type == STT_FILE)
		return s->section == SHN_ABS ||
		       finding(v, TPC_E_OBJECT_STRUCTURE, "symbol %u names a file, but in a section", i);
	if (!s->section || s->section >= v->sections.len)
		return finding(v, TPC_E_OBJECT_STRUCTURE, "symbol '%s' is in no section of the object",
			       s->name);
	at = &v->sections.items[s->section];
	if (s->value > at->size || s->size > at->size - s->value)
		return finding(v, TPC_E_OBJECT_STRUCTURE, "symbol '%s' does not lie inside section '%s'",
			       s->name, at->name);
	if (s->type == STT_SECTION)
		return (!s->value && !s->size) ||
		       finding(v, TPC_E_OBJECT_STRUCTURE, "symbol %u stands for a part of section '%s'", i,
			       at->name);
	if (s->type != STT_FUNC && s->type != STT_OBJECT)
		return finding(v, TPC_E_OBJECT_STRUCTURE, "symbol '%s' is of type %u", s->name, s->type);
	if ((s->type == STT_FUNC) != is_code(at))
		return finding(v, TPC_E_OBJECT_STRUCTURE, "symbol '%s' does not fit its section '%s'",
			       s->name, at->name);
	if (!*s->name || !s->size || (s->type == STT_FUNC && (s->value % INSN_SIZE || s->size % INSN_SIZE)))
		return finding(v, TPC_E_OBJECT_STRUCTURE, "symbol %u has no name or no size", i);
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct symbol *x = *(const struct symbol *const *)a, *y = *(const struct symbol *const *)b;

	return strcmp(x->name, y->name);
}

static bool check_names(struct verify *v)
{
	const struct symbol *s;

	v->named = tpc_new_array(v->c->arena, const struct symbol *, v->symbols.len + 1);
	tpc_vec_foreach (s, &v->symbols)
		if (s->type == STT_FUNC || s->type == STT_OBJECT)
			v->named[v->nnamed++] = s;
	qsort(v->named, v->nnamed, sizeof(*v->named), by_name);
	for (uint32_t i = 1; i < v->nnamed; i++)
		if (!strcmp(v->named[i]->name, v->named[i - 1]->name))
			return finding(v, TPC_E_OBJECT_STRUCTURE, "two symbols are called '%s'",
				       v->named[i]->name);
	return true;
}

static bool read_symbols(struct verify *v)
{
	const struct section *t = &v->sections.items[v->symtab], *strs = &v->sections.items[v->strtab];
	uint64_t n = t->size / sizeof(Elf64_Sym);

	if (t->size % sizeof(Elf64_Sym) || n > SYMBOLS_MAX || t->link != v->strtab)
		return finding(v, TPC_E_OBJECT_STRUCTURE, "the symbol table is not one");
	if (strs->data[strs->size - 1])
		return finding(v, TPC_E_OBJECT_STRUCTURE, "the string table does not end in a NUL");
	for (uint32_t i = 0; i < n; i++) {
		struct symbol s;
		Elf64_Sym sym;

		memcpy(&sym, t->data + i * sizeof(sym), sizeof(sym));
		if (sym.st_name >= strs->size || sym.st_other & ~STV_HIDDEN)
			return finding(v, TPC_E_OBJECT_STRUCTURE, "symbol %u cannot be read", i);
		s = (struct symbol){ .name = (const char *)strs->data + sym.st_name,
				     .type = ELF64_ST_TYPE(sym.st_info),
				     .bind = ELF64_ST_BIND(sym.st_info),
				     .section = sym.st_shndx,
				     .value = sym.st_value,
				     .size = sym.st_size };
		if (s.bind > STB_GLOBAL)
			return finding(v, TPC_E_OBJECT_STRUCTURE, "symbol %u is neither local nor global", i);
		if (!check_symbol(v, i, &s))
			return false;
		*tpc_vec_push(v->c->arena, &v->symbols) = s;
	}
	return check_names(v);
}

static bool check_license(struct verify *v)
{
	const struct section *s = &v->sections.items[find_section(v, "license")];

	if (s->size != sizeof(LICENSE) || memcmp(s->data, LICENSE, sizeof(LICENSE)))
		return finding(v, TPC_E_OBJECT_STRUCTURE, "its licence is not '%s'", LICENSE);
	return true;
}

bool check_structure(struct verify *v)
{
	Elf *elf;

	check_begin(v, "structure", NULL);
	elf = elf_version(EV_CURRENT) == EV_NONE ? NULL : elf_memory((char *)(uintptr_t)v->data, v->len);
	if (!elf)
		finding(v, TPC_E_OBJECT_STRUCTURE, "not an ELF file");
	else if (check_header(v, elf) && read_sections(v, elf) && check_overlaps(v) && read_symbols(v))
		check_license(v);
	elf_end(elf);
	return check_end(v, "%u sections, %u symbols", v->sections.len ? v->sections.len - 1 : 0,
			 v->symbols.len);
}
