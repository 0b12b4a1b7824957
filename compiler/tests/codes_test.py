# SPDX-License-Identifier: Apache-2.0
"""docs/codes: each code has a page, each page a code, and each example gives the code that it stands for."""
import json
import os
import pathlib
import re
import subprocess
import unittest

TPC = os.environ["TPC"]
ROOT = pathlib.Path(os.environ["TPC_SOURCE_ROOT"])
PAGES = ROOT / "docs/codes"
# Codes that no YAML of a page's length can give, and why.
NO_YAML = {
    "TPC101": "about files that cannot be read",
    "TPC102": "needs more than 1 MiB, see test_hostile_yaml",
    "TPC321": "depends on the kernel's types, see reject_test",
    "TPC323": "depends on the kernel, see reject_test",
    "TPC501": "about the machine's clang",
    "TPC502": "a defect of tpc",
    "TPC503": "a defect of tpc",
    "TPC504": "about the machine",
    "TPC601": "about objects",
    "TPC602": "about objects",
    "TPC603": "about objects, see verify_test",
    "TPC604": "about objects, see verify_test",
    "TPC605": "about objects, see verify_test",
    "TPC606": "about objects, see verify_test",
    "TPC607": "about objects, see verify_test",
    "TPC608": "about objects, see verify_test",
    "TPC609": "about objects, see verify_test",
    "TPC610": "about objects, see verify_test",
    "TPC611": "about objects, see verify_test",
    "TPC612": "about objects, see verify_test",
    "TPC613": "about objects, see verify_test",
    "TPC614": "about objects, see verify_test",
    "TPC615": "about objects, see verify_test",
    "TPC616": "about machines, see vm_test",
    "TPC640": "about files of cases",
    "TPC641": "about files of cases",
    "TPC642": "about files of cases",
    "TPC643": "about files of cases",
    "TPC644": "about files of cases",
    "TPC645": "about recorded events",
    "TPC660": "about archives",
    "TPC661": "about objects",
    "TPC662": "about keys",
    "TPC663": "about programs",
    "TPC664": "about archives",
    "TPC690": "about files of knowledge",
}


def codes():
    """{"TPC203": "unknown-field"} as diag_codes.h has them."""
    text = (ROOT / "compiler/base/diag_codes.h").read_text(encoding="utf-8")
    return {f"TPC{n}": slug for n, slug in re.findall(r'^CODE\(\w+, (\d{3}), "([^"]+)"\)$', text, re.M)}


def tpc(*args, stdin="", status=None):
    got = subprocess.run(
        [TPC, *args], input=stdin, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    if status is not None and got.returncode != status:
        raise AssertionError(f"{args}: exit status {got.returncode}, {got.stderr}")
    return got


def given_codes(code, policy):
    got = tpc("check", "-", "--btf", "none", "--format", "json", stdin=policy)
    found = [json.loads(line) for line in got.stdout.splitlines()]
    if got.returncode != any(d["severity"] == "error" for d in found):
        raise AssertionError(f"{code}: exit status {got.returncode}")
    return {d["code"] for d in found}


class CodesTest(unittest.TestCase):
    def setUp(self):
        self.codes = codes()
        self.pages = {p.stem: p.read_text(encoding="utf-8") for p in PAGES.iterdir()}

    def test_the_table_was_read(self):
        self.assertEqual(self.codes["TPC203"], "unknown-field")
        text = (ROOT / "compiler/base/diag_codes.h").read_text(encoding="utf-8")
        self.assertEqual(len(self.codes), len(re.findall(r"^CODE\(", text, re.M)))

    def test_a_page_a_code(self):
        self.assertEqual(sorted(self.codes), sorted(self.pages))

    def test_titles(self):
        for code, text in self.pages.items():
            self.assertTrue(text.startswith(f"# {code} {self.codes[code]}\n\n"), code)

    def test_examples_give_the_code(self):
        for code, text in self.pages.items():
            examples = re.findall(r"^```yaml\n(.*?)^```$", text, re.S | re.M)
            if code in NO_YAML:
                self.assertEqual(examples, [], f"{code}: {NO_YAML[code]}?")
                self.assertRegex(text, r"\n## Example\n\nNo (short )?YAML ", code)
                continue
            self.assertEqual(len(examples), 1, code)
            # What cannot be compiled yet is told beside what the page is about.
            self.assertLessEqual(given_codes(code, examples[0]), {code, "TPC401"}, examples[0])
            self.assertIn(code, given_codes(code, examples[0]), examples[0])

    def test_no_yaml_names_codes(self):
        self.assertLessEqual(set(NO_YAML), set(self.codes))


class ExplainTest(unittest.TestCase):
    def test_a_page_as_it_is_kept(self):
        for code, slug in codes().items():
            page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
            self.assertEqual(tpc("explain", code, status=0).stdout, page)
            self.assertEqual(tpc("explain", slug, status=0).stdout, page)

    def test_ways_to_call_a_code(self):
        page = tpc("explain", "TPC203", status=0).stdout
        for name in ("tpc203", "203", "Unknown-Field"):
            self.assertEqual(tpc("explain", name, status=0).stdout, page)
        both = tpc("explain", "TPC203", "TPC101", status=0).stdout
        self.assertEqual(both, page + "\n" + tpc("explain", "TPC101", status=0).stdout)

    def test_list(self):
        lines = [s for s in tpc("explain", status=0).stdout.splitlines() if s.startswith("TPC")]
        self.assertEqual([line.split()[:2] for line in lines], [[c, s] for c, s in codes().items()])
        for line in lines:
            page = (PAGES / f"{line[:6]}.md").read_text(encoding="utf-8")
            self.assertTrue(line.endswith(" " + page.split("\n")[2]), line)

    def test_unknown_code(self):
        got = tpc("explain", "unknown-feild", status=2)
        self.assertIn("did you mean 'unknown-field'?", got.stderr)
        self.assertEqual(got.stdout, "")
        for name in ("TPC999", "", "20", "-x"):
            got = tpc("explain", name, status=2)
            self.assertEqual((got.stdout, got.stderr.count("\n")), ("", 1))


if __name__ == "__main__":
    unittest.main()
