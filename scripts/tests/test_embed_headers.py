# SPDX-License-Identifier: Apache-2.0
"""What is embedded is what the file held, byte for byte, in the order of the names."""

import ast
import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from embed_headers import c_string, headers_of, render  # noqa: E402


def value_of(literals):
    """The bytes that C makes of adjacent string literals; the escapes used are Python's too."""
    parts = re.findall(r'"((?:[^"\\]|\\.)*)"', literals)
    return b"".join(ast.literal_eval('b"%s"' % p) for p in parts)


class Embed(unittest.TestCase):
    def test_every_byte(self):
        data = bytes(range(1, 256)) + b'\\n "x" ??/ \x011 \xc3\xa9\n\n'
        self.assertEqual(value_of(c_string(data)), data)

    def test_empty(self):
        self.assertEqual(value_of(c_string(b"")), b"")

    def test_sorted_and_counted(self):
        with tempfile.TemporaryDirectory() as d:
            for name, text in (("b.h", "bb\n"), ("a.h", "a"), ("no.c", "x"), (".#a.h", "x")):
                with open(os.path.join(d, name), "w", encoding="ascii") as f:
                    f.write(text)
            text = render(headers_of([("tpc/bpf", d)], [("tpc/abi.h", os.path.join(d, "b.h"))]))
        self.assertEqual(re.findall(r'"(tpc/[^"]*)"', text), ["tpc/abi.h", "tpc/bpf/a.h", "tpc/bpf/b.h"])
        self.assertEqual(re.findall(r"^\t\t(\d+),", text, re.M), ["3", "1", "3"])

    def test_nul_is_refused(self):
        with tempfile.NamedTemporaryFile(suffix=".h") as f:
            f.write(b"a\0b")
            f.flush()
            with self.assertRaises(SystemExit):
                render({"x.h": f.name})


if __name__ == "__main__":
    unittest.main()
