# SPDX-License-Identifier: Apache-2.0
"""Each kind of wrong include is found, and the right ones are let through."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from check_includes import faults  # noqa: E402


class Includes(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)
        for path in ("base/a.h", "frontend/f.h", "ir/ir.h", "passes/p.h", "backend/b.h", "cli/c.h", "tpc.h"):
            self.write("compiler/" + path, "")
        self.write("runtime/event.h", "")

    def write(self, path, text):
        full = os.path.join(self.dir.name, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as f:
            f.write(text)

    def found(self, path, include):
        self.write(path, "// x\n#include %s\n" % include)
        return faults(self.dir.name)

    def right(self, path, include):
        self.assertEqual(self.found(path, include), [])

    def wrong(self, path, include):
        found = self.found(path, include)
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(path + ":2: "), found)

    def test_downward(self):
        self.right("compiler/cli/main.c", '"tpc.h"')
        self.right("compiler/cli/main.c", '"base/a.h"')
        self.right("compiler/tpc.c", '"passes/p.h"')
        self.right("compiler/passes/x.c", '"ir/ir.h"')
        self.right("compiler/ir/x.c", '"frontend/f.h"')
        self.right("compiler/ir/x.c", '"ir.h"')

    def test_upward(self):
        self.wrong("compiler/base/x.c", '"frontend/f.h"')

    def test_upward_from_ir(self):
        self.wrong("compiler/ir/x.c", '"passes/p.h"')

    def test_upward_to_cli(self):
        self.wrong("compiler/tpc.c", '"cli/c.h"')

    def test_upward_to_public_header(self):
        self.wrong("compiler/backend/x.c", '"tpc.h"')

    def test_sideways(self):
        self.wrong("compiler/backend/x.c", '"passes/p.h"')

    def test_compiler_knows_only_abi_of_runtime(self):
        self.right("compiler/backend/x.c", "<tpc/abi.h>")
        self.wrong("compiler/backend/x.c", '"../../runtime/event.h"')

    def test_compiler_does_not_include_templates(self):
        self.wrong("compiler/backend/x.c", "<tpc/bpf/path.h>")

    def test_runtime_knows_no_compiler(self):
        self.right("runtime/x.c", '"event.h"')
        self.right("runtime/tests/x.c", '"event.h"')
        self.right("runtime/x.c", "<tpc/abi.h>")
        self.wrong("runtime/x.c", '"../compiler/base/a.h"')

    def test_the_bundle_reader_is_shared(self):
        self.right("compiler/cli/x.c", "<tpc/bundle.h>")
        self.right("runtime/x.c", "<tpc/sign.h>")
        self.right("runtime/bundle/x.c", "<tpc/bundle.h>")
        self.wrong("runtime/bundle/x.c", '"../event.h"')

    def test_shared_headers_are_named(self):
        self.wrong("runtime/x.c", "<tpc/other.h>")

    def test_templates(self):
        self.right("templates/bpf/x.h", "<tpc/bpf/y.h>")
        self.wrong("templates/bpf/x.h", "<linux/bpf.h>")

    def test_tests_may_include_all(self):
        self.right("compiler/tests/test_x.c", '"backend/b.h"')

    def test_unknown_folder(self):
        self.write("compiler/new/n.h", "")
        self.wrong("compiler/cli/main.c", '"new/n.h"')


if __name__ == "__main__":
    unittest.main()
