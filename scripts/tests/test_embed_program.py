# SPDX-License-Identifier: Apache-2.0
"""A program that is embedded has all its bytes and its length; none has length 0."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "embed_program.py")
MAIN = """#include <stdint.h>
#include <stdio.h>
extern const unsigned char guest_init[];
extern const uint64_t guest_init_len;
int main(void) { fwrite(guest_init, 1, guest_init_len, stdout); return 0; }
"""


class EmbedProgram(unittest.TestCase):
    def embedded(self, *contents):
        compiler = (os.environ.get("CC") or shutil.which("cc") or "").split()
        if not compiler:
            self.skipTest("no C compiler here")
        with tempfile.TemporaryDirectory() as folder:
            def path(name, data=None):
                full = os.path.join(folder, name)
                if data is not None:
                    with open(full, "wb") as f:
                        f.write(data)
                return full
            programs = [path('a "program"', data) for data in contents]
            subprocess.run([sys.executable, SCRIPT, path("out.S"), *programs], check=True)
            subprocess.run([*compiler, "-Wall", "-Werror", "-Wa,--fatal-warnings", "-o", path("main"),
                            path("main.c", MAIN.encode()), path("out.S")], check=True)
            return subprocess.run([path("main")], capture_output=True, check=True).stdout

    def test_all_bytes(self):
        data = bytes(range(256)) * 5 + b"\n"
        self.assertEqual(self.embedded(data), data)

    def test_none(self):
        self.assertEqual(self.embedded(), b"")


if __name__ == "__main__":
    unittest.main()
