# SPDX-License-Identifier: Apache-2.0
"""A page is taken apart at its headings, and one without them is refused."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from embed_pages import Fault, render, split  # noqa: E402

PAGE = "# TPC203 some-slug\n\nOne sentence.\n\n## What it means\n\na\n\n## Why\n\nb\n\n## Example\n\nc\n\n## Mend\n\nd\ne\n"


class Pages(unittest.TestCase):
    def test_parts(self):
        self.assertEqual(
            split("TPC203.md", PAGE), {"slug": "some-slug", "summary": "One sentence.", "mend": "d\ne"}
        )

    def test_faults(self):
        for old, new in [
            ("TPC203", "TPC204"),
            ("some-slug", "Some Slug"),
            ("One sentence.", "One sentence"),
            ("One sentence.", "One\nsentence."),
            ("## Why", "## Because"),
            ("## Why\n\nb\n\n", ""),
            ("## Mend", "## Mend\n\n## Mend"),
            ("\n\nd\ne", ""),
        ]:
            with self.assertRaises(Fault, msg=new):
                split("TPC203.md", PAGE.replace(old, new))

    def test_table(self):
        text = render([("TPC203.md", PAGE)])
        self.assertIn('"TPC203"', text)
        self.assertIn('"One sentence."', text)
        self.assertTrue(text.endswith("\t{ NULL, NULL, NULL, NULL },\n};\n"))


if __name__ == "__main__":
    unittest.main()
