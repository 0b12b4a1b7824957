# SPDX-License-Identifier: Apache-2.0
"""Files of a folder and those below become one table, by name."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from embed_knowledge import files_of, render  # noqa: E402


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name

    def write(self, name, text):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def test_only_yaml_and_sorted(self):
        for name in ("b/x.yaml", "a/y.yaml", "a/.hidden.yaml", "a/notes.md"):
            self.write(name, "x")
        files, folders = files_of(self.root)
        self.assertEqual([name for name, _ in files], ["a/y.yaml", "b/x.yaml"])
        self.assertEqual(len(folders), 3)

    def test_table(self):
        self.write("a/y.yaml", 'k: "v"\n')
        text = render("top", files_of(self.root)[0])
        self.assertIn('"top/a/y.yaml"', text)
        self.assertIn('"k: \\"v\\"\\n"', text)
        self.assertTrue(text.endswith("\t{ NULL, NULL, 0 },\n};\n"))


if __name__ == "__main__":
    unittest.main()
