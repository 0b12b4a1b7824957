# SPDX-License-Identifier: Apache-2.0
"""Damages of an object, each with the code that tpc verify must give. DAMAGES: (name, code, function of an Object).

Each function changes one thing; the test seals the object again, so that the digest hides nothing. Code None: it
cannot be seen in the object alone, for what came out could have been compiled; the digest tells it as damage, and
--policy that it is not the policy's.
"""
import struct

from elf_edit import CALL, EXIT, LOAD64

FENTRY, KPROBE, TEXT = "fentry/", "kprobe/", ".text"


def header(fmt, at, value):
    return lambda o: struct.pack_into("<" + fmt, o.data, at, value)


def headers_unaligned(o):
    """The same headers, one byte further on, and a section too many: libelf may hand out what is not aligned."""
    at, n = o.table()
    table = bytes(o.data[at:at + 64 * n])
    o.data += b"x" * (1 + -len(o.data) % 8)
    struct.pack_into("<Q", o.data, 0x28, len(o.data))
    o.data += table


def sections_overlap(o):
    at, _ = o.place(o.find(FENTRY))
    o.set_header(o.find(KPROBE), OFFSET=at)


def unknown_section(o):
    # The name of a symbol makes the name of a section.
    o.add_section("license", o.symbol("tpc_events")[2][0])


def edit(change):
    """A damage of the manifest."""
    def run(o):
        m = o.manifest()
        change(m)
        o.set_manifest(m)
    return run


def first_variant(m):
    return m["programs"][0]["variants"][0]


def swap_names(o):
    a, b = o.number(o.find(FENTRY)), o.number(o.find(KPROBE))
    at, _ = o.table()
    na, nb = o.headers()[a][0], o.headers()[b][0]
    struct.pack_into("<I", o.data, at + 64 * a, nb)
    struct.pack_into("<I", o.data, at + 64 * b, na)


def swap_symbols(o):
    a, b = o.symbol("p0_fentry")[2], o.symbol("p0_kprobe")[2]
    o.set_symbol("p0_fentry", name=b[0])
    # Both are called p0_kprobe for a moment: the first of them is the one to leave alone.
    _, i, s = [x for x in o.symbols() if x[0] == "p0_kprobe"][1]
    o.put(".symtab", 24 * i, struct.pack("<I", a[0]))


def insn(section, match, **new):
    def run(o):
        name = o.find(section)
        o.set_insn(name, o.first(name, match), **new)
    return run


def is_helper(code, _dst, src, _off, _imm):
    return code == CALL and src == 0


def is_call(code, _dst, src, _off, _imm):
    return code == CALL and src == 1


def is_branch(code, _dst, _src, off, _imm):
    return code & 7 in (5, 6) and code not in (CALL, EXIT) and off > 0


def jump_into_load(o):
    """A branch that leads to the second half of a 64-bit load."""
    name = o.find(KPROBE)
    load = o.first(name, lambda c, *_: c == LOAD64)
    at = o.first(name, is_branch)
    o.set_insn(name, at, off=load + 1 - (at + 1))


def end_missing(o):
    name = o.find(KPROBE)
    o.set_insn(name, len(o.insns(name)) - 1, code=0xB7, dst=0, src=0, off=0, imm=0)


def second_half(o):
    name = o.find(KPROBE)
    o.set_insn(name, o.first(name, lambda c, *_: c == LOAD64) + 1, code=0xB7)


def deep_store(o):
    name = o.find(KPROBE)
    o.set_insn(name, o.first(name, lambda c, dst, *_: c == 0x7B and dst == 10), off=-520)


def circle(o):
    """tpc_exec_tests calls itself where it called a test."""
    _, _, s = o.symbol("tpc_exec_tests")
    i = next(i for i, r in enumerate(o.relocations(TEXT))
             if r[1] == 10 and s[4] <= r[0] < s[4] + s[5])
    o.set_relocation(TEXT, i, symbol=o.symbol("tpc_exec_tests")[1])


def relocation(of, **new):
    def run(o):
        fields = dict(new)
        if isinstance(fields.get("symbol"), str):
            fields["symbol"] = o.symbol(fields["symbol"])[1]
        o.set_relocation(TEXT, o.relocation_of(TEXT, of), **fields)
    return run


def relocation_second(o):
    i = o.relocation_of(TEXT, "tpc_events")
    o.set_relocation(TEXT, i, off=o.relocations(TEXT)[i][0] + 8)


def relocation_missing(o):
    """The calls that lose theirs call nothing."""
    h = o.header(".rel" + TEXT)
    o.set_header(".rel" + TEXT, SIZE=16)
    assert h[5] > 16


def relocation_beyond_data(o):
    """An address behind the last variable."""
    i = o.relocation_of(TEXT, "tpc_zero")
    o.set_insn(TEXT, o.relocations(TEXT)[i][0] // 8, imm=4096)


def map_number(name, member, value):
    def run(o):
        o.put(".BTF", o.map_array(name, member), struct.pack("<I", value))
    return run


def pinned(o):
    """Every 'max_entries' becomes 'pinning': LIBBPF_PIN_BY_NAME is the number 1."""
    o.rename_in_btf("max_entries", "pinning")


def datasec_size(o):
    _, t = o.btf_type(".maps", 15)
    o.put(".BTF", t[0] + 8, struct.pack("<I", 8))


def wild_type(o):
    _, t = o.btf_type("file", 4)
    o.put(".BTF", t[0] + 12 + 4, struct.pack("<I", 100000))


def type_circle(o):
    i, t = o.btf_type("kuid_t", 8)
    o.put(".BTF", t[0] + 8, struct.pack("<I", i))


def func_record(o):
    at = o.ext_part(0) + 4 + 8
    o.put(".BTF.ext", at, struct.pack("<I", 8))


def line_record(o):
    o.put(".BTF.ext", o.ext_part(1) + 4 + 8, struct.pack("<I", 3))


def ext_short(o):
    o.put(".BTF.ext", 12, struct.pack("<I", 1 << 30))


def core(offset, value):
    def run(o):
        o.put(".BTF.ext", o.core_relos()[0][0] + offset, struct.pack("<I", value))
    return run


def core_access(old, new):
    def run(o):
        o.rename_in_btf(old, new)
    return run


def core_type(o):
    """A relocation of an integer's members."""
    i, _ = o.btf_type("int", 1)
    o.put(".BTF.ext", o.core_relos()[0][0] + 4, struct.pack("<I", i))


def core_other_member(o):
    """Another relocation's member of the same struct: both are sound."""
    relos = [r for r in o.core_relos() if r[5] == 0]
    a, b = next((a, b) for a in relos for b in relos if a[3] == b[3] and a[4] != b[4])
    o.put(".BTF.ext", a[0] + 8, struct.pack("<I", b[4]))


def compared_value(o):
    """Another number that is compared with."""
    name = o.find(KPROBE)
    i = o.first(name, lambda c, *_: c in (0xB4, 0xB7))
    o.set_insn(name, i, imm=o.insns(name)[i][3] ^ 2)


def extra_program(o):
    """The manifest no longer speaks of a program that is there."""
    m = o.manifest()
    del m["programs"][0]["variants"][0]
    o.set_manifest(m)


def swap_contents(o):
    """Two functions of .text trade places: their sizes differ, so the symbols no longer fit."""
    _, _, a = o.symbol("tpc_walk_to")
    o.set_symbol("tpc_walk_to", value=a[4] + 8, size=a[5] - 8)


DAMAGES = [
    # ---- bytes and headers ----
    ("empty", "TPC603", lambda o: o.data.clear()),
    ("one byte", "TPC603", lambda o: o.data.__delitem__(slice(1, None))),
    ("half of it", "TPC603", lambda o: o.data.__delitem__(slice(len(o.data) // 2, None))),
    ("last byte missing", "TPC603", lambda o: o.data.pop()),
    ("magic", "TPC603", header("B", 1, 0)),
    ("32 bit", "TPC603", header("B", 4, 1)),
    ("big endian", "TPC603", header("B", 5, 2)),
    ("for x86", "TPC603", header("H", 0x12, 62)),
    ("an executable", "TPC603", header("H", 0x10, 2)),
    ("header flags", "TPC603", header("I", 0x30, 1)),
    ("entry point", "TPC603", header("Q", 0x18, 8)),
    ("segments", "TPC603", header("H", 0x38, 1)),
    ("no sections", "TPC603", header("H", 0x3C, 0)),
    ("too many sections", "TPC603", header("H", 0x3C, 60000)),
    ("section headers elsewhere", "TPC603", header("Q", 0x28, 1 << 40)),
    ("section headers at an odd place", "TPC603", headers_unaligned),
    ("names elsewhere", "TPC603", header("H", 0x3E, 300)),
    ("section beyond the file", "TPC603", lambda o: o.set_header(".text", SIZE=1 << 32)),
    ("section begins beyond the file", "TPC603", lambda o: o.set_header(".maps", OFFSET=1 << 62)),
    ("sections overlap", "TPC603", sections_overlap),
    ("unknown section", "TPC603", unknown_section),
    ("section twice", "TPC603", lambda o: o.add_section("license", "license", b"Dual BSD/GPL\0")),
    ("no .BTF.ext", "TPC603", lambda o: o.rename_section(".BTF.ext", ".xxx")),
    ("no .BTF", "TPC603", lambda o: o.set_header(".BTF", NAME=0)),
    ("no .maps", "TPC603", lambda o: o.set_header(".maps", NAME=0)),
    ("rodata writable", "TPC603", lambda o: o.set_header(".rodata.tpc", FLAGS=3)),
    ("code not executable", "TPC603", lambda o: o.set_header(".text", FLAGS=2)),
    ("data without bytes", "TPC603", lambda o: o.set_header(".data.tpc", TYPE=8)),
    ("section at an address", "TPC603", lambda o: o.set_header(".text", ADDR=8)),
    ("section not aligned", "TPC603", lambda o: o.set_header(".maps", ALIGN=3)),
    ("size of an entry", "TPC603", lambda o: o.set_header(".symtab", ENTSIZE=16)),
    ("licence of another kind", "TPC603", lambda o: o.replace("license", b"Dual BSD/GPL", b"Dual MIT/GPL")),
    ("proprietary", "TPC603", lambda o: o.replace("license", b"Dual BSD/GPL", b"Proprietary\0")),
    # ---- symbols ----
    ("symbol beyond its section", "TPC603", lambda o: o.set_symbol("tpc_exec_tests", value=1 << 20)),
    ("symbol in no section", "TPC603", lambda o: o.set_symbol("tpc_exec_tests", shndx=0)),
    ("symbol in a wild section", "TPC603", lambda o: o.set_symbol("tpc_exec_tests", shndx=200)),
    ("symbol of another type", "TPC603", lambda o: o.set_symbol("tpc_events", info=0x12)),
    ("two symbols of one name", "TPC603",
     lambda o: o.set_symbol("tpc_exec_tests", name=o.symbol("tpc_bits_first")[2][0])),
    ("symbol's name beyond the table", "TPC603", lambda o: o.set_symbol("tpc_events", name=1 << 24)),
    ("program renamed", "TPC602", lambda o: o.rename_symbol("p0_kprobe", "p0_kprobf")),
    ("function renamed", "TPC605", lambda o: o.rename_symbol("tpc_exec_tests", "tpc_exec_testz")),
    ("map renamed", "TPC605", lambda o: o.rename_symbol("tpc_events", "tpc_eventz")),
    ("function moved", "TPC609", swap_contents),
    ("program shorter", "TPC609", lambda o: o.set_symbol("p0_kprobe", size=o.symbol("p0_kprobe")[2][5] - 8)),
    # ---- manifest ----
    ("newer ABI", "TPC602", edit(lambda m: m["abi"].update(major=2))),
    ("older ABI", "TPC602", edit(lambda m: m["abi"].update(major=0))),
    ("no JSON", "TPC602", lambda o: o.replace(".tpc.manifest", b'{"abi"', b'["abi"')),
    ("manifest cut", "TPC602", lambda o: o.put(".tpc.manifest", 100, b"\0")),
    ("manifest without an end", "TPC602",
     lambda o: o.put(".tpc.manifest", o.place(".tpc.manifest")[1] - 1, b" ")),
    ("program that is not there", "TPC602", edit(lambda m: first_variant(m).update(program="p1_fentry"))),
    ("program that is not told of", "TPC602", extra_program),
    ("tracker that is not told of", "TPC602", edit(lambda m: m["trackers"].pop())),
    ("program of another hook", "TPC602", edit(lambda m: m["programs"][0].update(hooks=[5]))),
    ("unknown key", "TPC602", edit(lambda m: m.update(x=1))),
    ("another way to attach", "TPC606", edit(lambda m: first_variant(m).update(attach="fmod_ret"))),
    ("another target", "TPC606", edit(lambda m: first_variant(m).update(target="__x64_sys_read"))),
    ("another function", "TPC606",
     edit(lambda m: (m["hooks"][0].update(function="sys_read"), m["programs"][0].update(function="sys_read")))),
    ("tracker elsewhere", "TPC606", edit(lambda m: m["trackers"][0].update(target="sched_switch"))),
    ("replaces results secretly", "TPC606", edit(lambda m: first_variant(m).update(overrides=True))),
    ("mode of a policy", "TPC607", edit(lambda m: m["policies"][0].update(mode="monitor"))),
    ("no exec tests", "TPC607", edit(lambda m: m.update(exec_tests=[]))),
    ("argument of another size", "TPC607",
     edit(lambda m: m["hooks"][0].update(args=[{"index": i, "type": "string", "abi": "bytes"} for i in range(5)]))),
    # ---- programs ----
    ("sections swapped", "TPC605", swap_names),
    ("programs swapped", "TPC605", swap_symbols),
    # ---- code ----
    ("no instruction", "TPC609", insn(KPROBE, is_branch, code=0xF5)),
    ("jump out of the function", "TPC609", insn(KPROBE, is_branch, off=30000)),
    ("jump before the function", "TPC609", insn(KPROBE, is_branch, off=-30000)),
    ("jump into an instruction", "TPC609", jump_into_load),
    ("end missing", "TPC609", end_missing),
    ("broken load", "TPC609", second_half),
    ("register 11", "TPC609", insn(KPROBE, lambda c, *_: c == 0xBF, src=11)),
    ("frame pointer written", "TPC609", insn(KPROBE, lambda c, *_: c == 0xBF, dst=10)),
    ("store below the stack", "TPC609", deep_store),
    ("bpf_probe_write_user", "TPC609", insn(KPROBE, is_helper, imm=36)),
    ("bpf_tail_call", "TPC609", insn(KPROBE, is_helper, imm=12)),
    ("bpf_override_return's neighbour", "TPC609", insn(TEXT, is_helper, imm=59)),
    ("helper 99999", "TPC609", insn(TEXT, is_helper, imm=99999)),
    ("kernel function", "TPC608", insn(KPROBE, is_helper, src=2)),
    ("calls in a circle", "TPC609", circle),
    # ---- relocations ----
    ("call within an instruction", "TPC608", relocation("tpc_exec_tests", off=4)),
    ("relocation beyond the section", "TPC608", relocation("tpc_events", off=1 << 20)),
    ("relocation of a second half", "TPC608", relocation_second),
    ("relocation of another type", "TPC608", relocation("tpc_events", kind=2)),
    ("relocation to the licence", "TPC608", relocation("tpc_events", symbol="_license")),
    ("relocation to the manifest", "TPC608", relocation("tpc_events", symbol="tpc_manifest")),
    ("relocation to a program", "TPC608", relocation("tpc_exec_tests", symbol="p0_kprobe")),
    ("map called", "TPC608", relocation("tpc_exec_tests", symbol="tpc_events")),
    ("function loaded as a map", "TPC608", relocation("tpc_exec_tests", kind=1)),
    ("relocation of no symbol", "TPC608", relocation("tpc_events", symbol=0)),
    ("relocation of a wild symbol", "TPC608", relocation("tpc_events", symbol=5000)),
    ("relocations of another section", "TPC608",
     lambda o: o.set_header(".rel.text", INFO=o.number(o.find(KPROBE)))),
    ("relocations missing", "TPC608", relocation_missing),
    ("address behind the data", "TPC608", relocation_beyond_data),
    # ---- BTF ----
    ("BTF magic", "TPC601", lambda o: o.put(".BTF", 0, b"\0")),
    ("BTF shorter than it says", "TPC601", lambda o: o.put(".BTF", 12, struct.pack("<I", 1 << 28))),
    ("member of a wild type", "TPC605", wild_type),
    ("type of itself", "TPC605", type_circle),
    ("data section of another size", "TPC605", datasec_size),
    ("function elsewhere", "TPC605", func_record),
    ("line at no instruction", "TPC605", line_record),
    (".BTF.ext beyond itself", "TPC605", ext_short),
    (".BTF.ext magic", "TPC605", lambda o: o.put(".BTF.ext", 0, b"\0")),
    ("variable renamed in BTF", "TPC605", lambda o: o.rename_in_btf("tpc_stats", "tpc_statz")),
    # ---- CO-RE ----
    ("CO-RE of another kind", "TPC608", core(12, 6)),
    ("CO-RE of a wild kind", "TPC608", core(12, 99)),
    ("CO-RE of a wild type", "TPC605", core(4, 50000)),
    ("CO-RE of a number", "TPC608", core_type),
    ("CO-RE at a wild place", "TPC605", core(0, 8 << 20)),
    ("CO-RE access of a member too far", "TPC608", core_access("0:0", "0:9")),
    ("CO-RE access that is none", "TPC608", core_access("0:0", "0:x")),
    # ---- maps and data ----
    ("larger ring", "TPC607", map_number("tpc_events", "max_entries", 1 << 30)),
    ("more counters", "TPC607", map_number("tpc_stats", "max_entries", 4000)),
    ("more scratch", "TPC607", map_number("tpc_scratch", "max_entries", 5000)),
    ("map of another type", "TPC607", map_number("tpc_events", "type", 2)),
    ("map flags", "TPC607", map_number("tpc_tasks", "map_flags", 1 << 7)),
    ("pinned maps", "TPC607", pinned),
    ("mode in the data", "TPC607",
     lambda o: o.put(".data.tpc", o.symbol("tpc_policy_mode")[2][4], b"\1\0\0\0")),
    ("mode that is none", "TPC607",
     lambda o: o.put(".data.tpc", o.symbol("tpc_policy_mode")[2][4], b"\xff\0\0\0")),
    ("rodata filled", "TPC607", lambda o: o.put(".rodata.tpc", 0, b"\1")),
    ("zero is not zero", "TPC607", lambda o: o.put(".data.tpc", o.symbol("tpc_zero")[2][4], b"\1")),
    # ---- the digest itself, not sealed again ----
    ("digit of the digest", "TPC604", "unsealed", lambda o: o.put(".tpc.digest", 20, b"x")),
    ("no digest", "TPC603", "unsealed", lambda o: o.rename_section(".tpc.digest", ".tpc.d")),
    # ---- what could have been compiled ----
    ("another number in the code", None, compared_value),
    ("another map", None, relocation("tpc_events", symbol="tpc_stats")),
    ("another member", None, core_other_member),
    ("another message", None, edit(lambda m: m["policies"][0].update(name="another"))),
    ("another line", None, lambda o: o.put(".BTF.ext", o.ext_part(1) + 4 + 8 + 12, struct.pack("<I", 9 << 10))),
    ("another value in the manifest", None,
     edit(lambda m: m["exec_tests"][0].update(values=["/usr/bin/other"]))),
]
