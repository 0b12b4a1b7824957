# SPDX-License-Identifier: Apache-2.0
"""Ways through odd types (testdata/btf/ways.c): which relocations they become, and which are refused by name."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from elf_edit import Object

TPC = os.environ["TPC"]
BTF = os.environ.get("TPC_WAYS_BTF")
BYTE_OFFSET, BYTE_SIZE = 0, 1
POLICY = """apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: {{name: ways}}
spec:
  kprobes:
  - call: hook
    syscall: false
    args:
    - {{index: {index}, type: {type}, resolve: '{way}'{more}}}
    selectors:
    - matchArgs: [{{args: [0], operator: {operator}, values: ['1', '3']}}]
"""
# Argument, type, way; for each pointer that is followed the struct and the access string, whose first number counts from
# the pointer itself. What lies behind a pointer to no struct has no relocation.
GOOD = [
    (0, "int", "o.e", "top 0:0, odd 0:0"),
    (0, "int", "[0].o.e", "top 0:0, odd 0:0"),
    (0, "int64", "o.g", "top 0:0, odd 0:0"),
    (0, "int", "o.embedded.val", "top 0:0, odd 0:0:0"),
    (0, "uint32", "o.embedded", "top 0:0, odd 0:0"),
    (0, "int", "o.nums[3]", "top 0:0, odd 0:0"),
    (0, "uint64", "o.nums", "top 0:0, odd 0:0"),
    (0, "string", "o.strs[2]", "top 0:0, odd 0:0"),
    (0, "string", "o.text", "top 0:0, odd 0:0"),
    (0, "uint8", "o.text[5]", "top 0:0, odd 0:0:5"),
    (0, "int16", "o.ipp.s", "top 0:0, odd 0:0, inner 0:0"),
    (0, "int16", "o.ipp[2].s", "top 0:0, odd 0:0, inner 0:0"),
    (0, "int16", "o.list[3].s", "top 0:0, odd 0:0, inner 3:0"),
    (0, "int64", "o.list[3].arr[2]", "top 0:0, odd 0:0, inner 3:0:2"),
    (0, "uint8", "o.list.n[1].b[1][2]", "top 0:0, odd 0:0, inner 0:0:1:0:1:2"),
    (0, "int64", "u.ip.arr[1]", "top 0:0:0, inner 0:0:1"),
    (0, "uint64", "u.raw", "top 0:0:0"),
    (0, "int8", "deep", "top 0:0"),
    (0, "uint8", "flag", "top 0:0"),
    (0, "string", "grid[1]", "top 0:0:1"),
    (0, "int", "os[4].e", "top 0:0:4, odd 0:0"),
    (0, "uint64", "os[4]", "top 0:0:4"),
    (1, "int", "e", "odd 0:0"),
    (1, "int", "[2].e", "odd 0:0"),
]
REFUSED = [
    (0, "uint8", "o.bits", "'resolve' to a bitfield"),
    (0, "uint64", "o.d", "'resolve' to what is no number, text or path"),
    (0, "uint64", "wide", "'resolve' to what is no number, text or path"),
    (0, "string", "grid", "'resolve' to what is no number, text or path"),
    (0, "int", "o.to_nameless.val", "'resolve' through a struct without a name"),
    (0, "int16", "o.pa[1][0].s", "'resolve' through a pointer to an array"),
    (3, "int16", "s", "'resolve' of what is no pointer"),
]


class Ways(unittest.TestCase):
    def setUp(self):
        if not BTF:
            self.skipTest("no clang for BPF")
        folder = tempfile.TemporaryDirectory(prefix="tpc-resolve-")
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)

    def compile(self, index, type_, way, more=""):
        policy, obj = self.dir / "ways.yaml", self.dir / "ways.bpf.o"
        operator = "NotPrefix" if type_ == "string" else "NotEqual"
        policy.write_text(POLICY.format(index=index, type=type_, way=way, operator=operator, more=more))
        return subprocess.run([TPC, "compile", "--btf", BTF, "-o", obj, policy], capture_output=True, timeout=60,
                              check=False), obj

    @staticmethod
    def relocations(obj):
        """{(kind, "struct access")} of the structs that were declared for the way."""
        o = Object(obj.read_bytes())
        raw = o.section(".BTF")
        strings, _ = o.btf_strings()
        names = [None] + [t[1] for t in o.btf_types()]
        got = set()
        for _, _, _, type_, access, kind in o.core_relos():
            root, flavour, _ = names[type_].partition("___")
            if flavour:
                at = strings + access
                got.add((kind, f"{root} {raw[at:raw.index(0, at)].decode()}"))
        return got

    @staticmethod
    def findings(obj, structs):
        """What tpc verify says of the way's own types: the rest of a kernel is not there."""
        got = subprocess.run([TPC, "verify", "--format", "json", "--btf", BTF, obj], capture_output=True, timeout=60,
                             check=False)
        found = [f["message"] for c in json.loads(got.stdout)["checks"] for f in c["findings"]]
        return [m for m in found if any(f"'{s}'" in m for s in structs)]

    def test_relocations(self):
        for index, type_, way, want in GOOD:
            with self.subTest(way):
                got, obj = self.compile(index, type_, way)
                self.assertEqual(got.returncode, 0, got.stderr.decode())
                found = self.relocations(obj)
                self.assertEqual({w for kind, w in found if kind == BYTE_OFFSET}, set(want.split(", ")))
                # Sizes are asked of numbers at the end, and of arrays that hold text.
                self.assertLessEqual({w for kind, w in found if kind == BYTE_SIZE}, {want.split(", ")[-1]})
                self.assertEqual(self.findings(obj, {w.split()[0] for w in want.split(", ")}), [])

    def test_refused(self):
        for index, type_, way, want in REFUSED:
            with self.subTest(way):
                got, obj = self.compile(index, type_, way)
                self.assertEqual(got.returncode, 1, got.stderr.decode())
                self.assertIn(f"error: {want} cannot be compiled yet [TPC401", got.stderr.decode())
                self.assertFalse(obj.exists())

    def test_a_named_struct(self):
        """btfType says what the argument points to, also where it is a number."""
        got, obj = self.compile(2, "int16", "list[1].s", ", btfType: odd")
        self.assertEqual(got.returncode, 0, got.stderr.decode())
        self.assertEqual({w for kind, w in self.relocations(obj) if kind == BYTE_OFFSET}, {"odd 0:0", "inner 1:0"})

    def test_a_pointer_to_a_pointer_is_for_kprobes(self):
        """Typed programs cannot read such a parameter; those of kprobes read anything."""
        for index, way, want in [(0, "o.e", ["p0_fentry", "p0_kprobe"]), (1, "e", ["p0_kprobe"])]:
            got, obj = self.compile(index, "int", way)
            self.assertEqual(got.returncode, 0, got.stderr.decode())
            variants = Object(obj.read_bytes()).manifest()["programs"][0]["variants"]
            self.assertEqual([v["program"] for v in variants], want)


if __name__ == "__main__":
    unittest.main()
