# SPDX-License-Identifier: Apache-2.0
"""Changing a compiled object in one place, and sealing it again: for tests that damage objects."""
import hashlib
import json
import struct

SHDR = struct.Struct("<IIQQQQIIQQ")
SYM = struct.Struct("<IBBHQQ")
INSN = struct.Struct("<BBhi")
# Positions in a section header.
NAME, TYPE, FLAGS, ADDR, OFFSET, SIZE, LINK, INFO, ALIGN, ENTSIZE = range(10)
LOAD64, CALL, EXIT = 0x18, 0x85, 0x95


class Object:
    def __init__(self, data: bytes):
        self.data = bytearray(data)

    # ---- sections ----
    def table(self):
        return struct.unpack_from("<Q", self.data, 0x28)[0], struct.unpack_from("<H", self.data, 0x3C)[0]

    def headers(self):
        at, n = self.table()
        return [list(SHDR.unpack_from(self.data, at + 64 * i)) for i in range(n)]

    def text_at(self, at):
        return self.data[at:self.data.index(0, at)].decode()

    def names(self):
        headers = self.headers()
        names = headers[struct.unpack_from("<H", self.data, 0x3E)[0]][OFFSET]
        return [self.text_at(names + h[NAME]) for h in headers]

    def number(self, name):
        return self.names().index(name)

    def find(self, head):
        """The first section whose name begins so."""
        return next(n for n in self.names() if n.startswith(head))

    def header(self, name):
        return self.headers()[self.number(name)]

    def set_header(self, name, **fields):
        at, _ = self.table()
        i = self.number(name)
        h = self.header(name)
        for key, value in fields.items():
            h[globals()[key]] = value
        SHDR.pack_into(self.data, at + 64 * i, *h)

    def place(self, name):
        h = self.header(name)
        return h[OFFSET], h[SIZE]

    def section(self, name) -> bytes:
        at, size = self.place(name)
        return bytes(self.data[at:at + size])

    def put(self, name, off, new: bytes):
        at, size = self.place(name)
        assert off + len(new) <= size, (name, off, len(new))
        self.data[at + off:at + off + len(new)] = new

    def replace(self, name, old: bytes, new: bytes):
        """The same number of bytes, in one section, at the first place."""
        assert len(old) == len(new)
        self.put(name, self.section(name).index(old), new)

    def rename_section(self, name, new):
        """@new is no longer than @name, which no other name may end in."""
        i = self.number(name)
        headers = self.headers()
        at = headers[struct.unpack_from("<H", self.data, 0x3E)[0]][OFFSET] + headers[i][NAME]
        assert len(new) <= len(name)
        self.data[at:at + len(name)] = new.encode() + bytes(len(name) - len(new))

    def add_section(self, like, name_of, data=b"x" * 8):
        """One more section with the header of @like and the name of @name_of."""
        at, n = self.table()
        table = bytes(self.data[at:at + 64 * n])
        h = self.header(like)
        h[NAME] = self.header(name_of)[NAME] if isinstance(name_of, str) else name_of
        self.data += bytes(-len(self.data) % 8)
        h[OFFSET], h[SIZE] = len(self.data), len(data)
        self.data += data + bytes(-len(data) % 8)
        struct.pack_into("<Q", self.data, 0x28, len(self.data))
        struct.pack_into("<H", self.data, 0x3C, n + 1)
        self.data += table + SHDR.pack(*h)

    # ---- symbols ----
    def symbols(self):
        names = self.place(".strtab")[0]
        raw = self.section(".symtab")
        out = []
        for i in range(len(raw) // SYM.size):
            s = SYM.unpack_from(raw, SYM.size * i)
            out.append((self.text_at(names + s[0]), i, s))
        return out

    def symbol(self, name):
        return next(s for s in self.symbols() if s[0] == name)

    def set_symbol(self, which, **fields):
        _, i, s = self.symbol(which)
        s = list(s)
        for key, value in fields.items():
            s[{"name": 0, "info": 1, "other": 2, "shndx": 3, "value": 4, "size": 5}[key]] = value
        self.put(".symtab", SYM.size * i, SYM.pack(*s))

    def rename_symbol(self, name, new):
        assert len(name) == len(new)
        _, _, s = self.symbol(name)
        self.put(".strtab", s[0], new.encode())

    # ---- code ----
    def insns(self, section):
        raw = self.section(section)
        return [INSN.unpack_from(raw, 8 * i) for i in range(len(raw) // 8)]

    def first(self, section, match):
        """Index of the first instruction that @match(code, dst, src, off, imm) holds of."""
        skip = False
        for i, (code, regs, off, imm) in enumerate(self.insns(section)):
            if not skip and match(code, regs & 15, regs >> 4, off, imm):
                return i
            skip = not skip and code == LOAD64
        raise AssertionError("no such instruction")

    def set_insn(self, section, i, code=None, dst=None, src=None, off=None, imm=None):
        c, regs, o, m = self.insns(section)[i]
        dst = regs & 15 if dst is None else dst
        src = regs >> 4 if src is None else src
        new = INSN.pack(c if code is None else code, dst | src << 4, o if off is None else off,
                        m if imm is None else imm)
        self.put(section, 8 * i, new)

    # ---- relocations ----
    def relocations(self, section):
        raw = self.section(".rel" + section)
        return [struct.unpack_from("<QII", raw, 16 * i) for i in range(len(raw) // 16)]

    def relocation_of(self, section, symbol):
        number = self.symbol(symbol)[1]
        return next(i for i, r in enumerate(self.relocations(section)) if r[2] == number)

    def set_relocation(self, section, i, off=None, kind=None, symbol=None):
        r = self.relocations(section)[i]
        self.put(".rel" + section, 16 * i, struct.pack(
            "<QII", r[0] if off is None else off, r[1] if kind is None else kind,
            r[2] if symbol is None else symbol))

    # ---- BTF ----
    def btf_strings(self):
        raw = self.section(".BTF")
        hdr, _, _, off, size = struct.unpack_from("<IIIII", raw, 4)
        return hdr + off, size

    def rename_in_btf(self, old, new):
        """A whole string of .BTF, in place."""
        at, size = self.btf_strings()
        strings = self.section(".BTF")[at:at + size]
        where = strings.index(b"\0" + old.encode() + b"\0") + 1
        assert len(new) <= len(old)
        self.put(".BTF", at + where, new.encode() + bytes(len(old) - len(new)))

    def btf_types(self):
        """(offset in .BTF, name, kind, vlen) of each type, from number 1."""
        raw = self.section(".BTF")
        hdr, off, size = struct.unpack_from("<III", raw, 4)
        strings, _ = self.btf_strings()
        out, at, end = [], hdr + off, hdr + off + size
        extra = {1: 4, 3: 12, 14: 4, 17: 4}
        each = {4: 12, 5: 12, 6: 8, 13: 8, 15: 12, 19: 12}
        while at < end:
            name, info = struct.unpack_from("<II", raw, at)
            kind, vlen = info >> 24 & 31, info & 0xFFFF
            text = raw[strings + name:raw.index(0, strings + name)].decode()
            out.append((at, text, kind, vlen))
            at += 12 + extra.get(kind, 0) + each.get(kind, 0) * vlen
        return out

    def btf_type(self, name, kind):
        return next((i + 1, t) for i, t in enumerate(self.btf_types()) if t[1] == name and t[2] == kind)

    def map_array(self, map_name, member):
        """Place in .BTF of the number that a map's member stands for: the array type's nelems."""
        raw = self.section(".BTF")
        types = self.btf_types()
        var = next(t for t in types if t[1] == map_name and t[2] == 14)
        struct_id, = struct.unpack_from("<I", raw, var[0] + 8)
        s = types[struct_id - 1]
        strings, _ = self.btf_strings()
        for i in range(s[3]):
            name, type_id, _ = struct.unpack_from("<III", raw, s[0] + 12 + 12 * i)
            if raw[strings + name:raw.index(0, strings + name)].decode() == member:
                array, = struct.unpack_from("<I", raw, types[type_id - 1][0] + 8)
                return types[array - 1][0] + 12 + 8
        raise AssertionError(member)

    def ext_part(self, which):
        """Place in .BTF.ext of part 0 functions, 1 lines, 2 CO-RE."""
        raw = self.section(".BTF.ext")
        hdr, = struct.unpack_from("<I", raw, 4)
        off, _ = struct.unpack_from("<II", raw, 8 + 8 * which)
        return hdr + off

    def core_relos(self):
        """(place in .BTF.ext, section, offset, type, access string's offset, kind)"""
        raw = self.section(".BTF.ext")
        at = self.ext_part(2)
        size, = struct.unpack_from("<I", raw, at)
        end = at + struct.unpack_from("<I", raw, 28)[0]
        strings, _ = self.btf_strings()
        btf = self.section(".BTF")
        at += 4
        out = []
        while at < end:
            name, n = struct.unpack_from("<II", raw, at)
            at += 8
            section = btf[strings + name:btf.index(0, strings + name)].decode()
            for _ in range(n):
                out.append((at, section, *struct.unpack_from("<IIII", raw, at)))
                at += size
        return out

    # ---- manifest ----
    def manifest(self):
        return json.loads(self.section(".tpc.manifest")[:-1])

    def set_manifest(self, m):
        """Written compactly and filled up with spaces: the section keeps its size."""
        text = m if isinstance(m, bytes) else json.dumps(m, separators=(",", ":"), ensure_ascii=False).encode()
        size = self.place(".tpc.manifest")[1]
        assert len(text) < size, "the manifest has grown beyond its section"
        self.put(".tpc.manifest", 0, text + b" " * (size - 1 - len(text)) + b"\0")

    # ---- the seal ----
    def seal(self):
        at, size = self.place(".tpc.digest")
        self.data[at:at + size] = bytes(size)
        self.data[at:at + size - 1] = b"sha256:" + hashlib.sha256(self.data).hexdigest().encode()
