# SPDX-License-Identifier: Apache-2.0
"""The licence check finds what is missing and what is wrong."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from check_spdx import faults  # noqa: E402

TAG = "SPDX-License-" + "Identifier: "


class Spdx(unittest.TestCase):
    def found(self, path, text):
        with tempfile.TemporaryDirectory() as d:
            full = os.path.join(d, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as f:
                f.write(text)
            return len(faults(d))

    def test_right(self):
        self.assertEqual(self.found("compiler/a.c", "// " + TAG + "Apache-2.0\nint x;\n"), 0)
        self.assertEqual(self.found("scripts/a.py", "#!/usr/bin/env python3\n# " + TAG + "Apache-2.0\n"), 0)
        self.assertEqual(
            self.found("templates/bpf/a.h", "/* " + TAG + "GPL-2.0-only OR BSD-2-Clause */\n"), 0
        )

    def test_missing(self):
        self.assertEqual(self.found("compiler/a.c", "int x;\n"), 1)
        self.assertEqual(self.found("compiler/a.c", "\n" * 10 + "// " + TAG + "Apache-2.0\n"), 1)

    def test_of_another_folder(self):
        self.assertEqual(self.found("templates/bpf/a.h", "/* " + TAG + "Apache-2.0 */\n"), 1)
        self.assertEqual(self.found("compiler/a.c", "// " + TAG + "MIT\n"), 1)

    def test_builds_are_not_sources(self):
        self.assertEqual(self.found("build-san/a.c", "int x;\n"), 0)


if __name__ == "__main__":
    unittest.main()
