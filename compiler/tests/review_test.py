# SPDX-License-Identifier: Apache-2.0
"""tpc review: each check finds what it is for, at its line, and nothing beside it.

testdata/review/checks/NAME.yaml are policies that say themselves what is found:
    # brief: {appetite: block}      in a head comment: the brief, as flow YAML
    # quiet: TPR701 TPR8*           in a head comment: checks that are not looked at here
    … # want: TPR101 TPR102         at the end of a line: found there, and nothing else of TPR is; notes alone, which
                                    sound policies have too, only count in a file that wants one of the same code
    # mended: no                    in a head comment: nothing is corrected though something is wanted
"""
import fnmatch
import csv
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from corpus import corpus

TPC = os.environ["TPC"]
ROOT = pathlib.Path(os.environ["TPC_SOURCE_ROOT"])
CASES = sorted((ROOT / "testdata/review/checks").glob("*.yaml"))


def tpc(*args, stdin="", status=(0, 1)):
    got = subprocess.run([TPC, *map(str, args)], input=stdin, capture_output=True, encoding="utf-8", timeout=120, check=False)
    if got.returncode not in status:
        raise AssertionError(f"{args}: exit status {got.returncode}, {got.stderr[:2000]}")
    return got


def head(text, word):
    found = re.search(rf"^# {word}: (.*)$", text, re.M)
    return found.group(1) if found else ""


def wanted(text):
    """{(line, code)} of the comments."""
    out = set()
    for n, line in enumerate(text.splitlines(), 1):
        found = re.search(r"\S.*# want: (.*)$", line)
        out |= {(n, code) for code in found.group(1).split()} if found else set()
    return out


def review(path, brief="", status=(0, 1)):
    args = ["review", "--format", "json", "--btf", "none", path]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as f:
        if brief:
            f.write(brief)
            f.flush()
            args += ["--brief", f.name]
        return json.loads(tpc(*args, status=status).stdout)


class CoverTest(unittest.TestCase):
    """testdata/review/covers/: `# covers: ID ID*` at the line of a selector, or of a hook without; * is the whole threat.
    `# hits: AGENT` beside it: agents that are there."""

    def test_covers(self):
        for case in sorted((ROOT / "testdata/review/covers").glob("*.yaml")):
            text = case.read_text(encoding="utf-8")
            lines = dict(enumerate(text.splitlines(), 1))
            for rule in review(case, head(text, "brief"))["rules"]:
                n = rule["place"]["line"]
                with self.subTest(case.name, line=n):
                    covers = re.search(r"# covers:([^#]*)", lines[n])
                    hits = re.search(r"# hits:([^#]*)", lines[n])
                    self.assertIsNotNone(covers, lines[n])
                    got = [t["threat"] + "*" * t["whole"] for t in rule["threats"]]
                    self.assertEqual(got, covers.group(1).split())
                    self.assertEqual(rule["agents"], hits.group(1).split() if hits else [])


EVENTS = """\
{"process_lsm": {"process": {"binary": "/usr/bin/cat", "pod": {"namespace": "payments", "name": "api-1"}},
 "function_name": "file_open", "args": [{"file_arg": {"path": "/etc/shadow"}}]}}
{"process_lsm": {"process": {"binary": "/usr/bin/cat", "pod": {"namespace": "payments", "name": "api-1"}},
 "function_name": "file_open", "args": [{"file_arg": {"path": "/etc/gshadow"}}]}}
{"process_lsm": {"process": {"binary": "/usr/sbin/nscd"}, "function_name": "file_open", "args": [{"file_arg": {"path": "/etc/shadow"}}]}}
{"process_lsm": {"process": {"binary": "/usr/sbin/nscd"}, "function_name": "file_open", "args": [{"file_arg": {"path": "/etc/hosts"}}]}}
""".replace(",\n ", ", ")


class EventsTest(unittest.TestCase):
    def hits(self, events):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
            f.write(events)
            f.flush()
            got = tpc("review", "--format", "json", "--btf", "none", "--events", f.name, ROOT / "testdata/policies/protect-shadow.yaml")
        return got.stderr, [[(h["workload"], h["binary"], h["events"]) for h in r["hits"]] for r in json.loads(got.stdout)["rules"]]

    def test_who_would_have_been_hit(self):
        want = [[("payments/api-1", "/usr/bin/cat", 2), ("", "/usr/sbin/nscd", 1)]]
        self.assertEqual(self.hits(EVENTS), ("", want))

    def test_what_is_no_event_is_told_and_passed_over(self):
        said, hits = self.hits("nonsense\n" + EVENTS)
        self.assertIn("line 1", said)
        self.assertEqual(hits[0][0][2], 2)


class BriefTest(unittest.TestCase):
    def brief(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as f:
            f.write(text)
            f.flush()
            return tpc("review", "--format", "json", "--btf", "none", "--brief", f.name, ROOT / "testdata/policies/protect-shadow.yaml")

    def test_what_no_rule_sees(self):
        got = json.loads(self.brief("threats: [shadow-read, sa-token-read]\n").stdout)
        self.assertEqual(got["uncovered"], ["sa-token-read"])
        of_group = json.loads(self.brief("threats: [files]\n").stdout)["uncovered"]
        self.assertIn("raw-disk-access", of_group)
        self.assertNotIn("account-db-write", of_group)

    def test_unknown_names(self):
        for text, hint in (("threats: [shadow-reed]\n", "shadow-read"), ("agents: [falc]\n", "falco"), ("appetite: blok\n", "block")):
            got = self.brief(text)
            self.assertEqual((got.returncode, got.stdout), (1, ""))
            self.assertIn(f"did you mean '{hint}'?", got.stderr)

    def test_what_the_brief_accepts(self):
        code = "TPR502"
        self.assertIn(code, [f["code"] for f in json.loads(self.brief("{}\n").stdout)["findings"]])
        got = json.loads(self.brief(f"accept: [{{code: {code}, reason: a lone machine}}]\n").stdout)
        self.assertEqual({f.get("accepted") for f in got["findings"] if f["code"] == code}, {"a lone machine"})


class CatalogueTest(unittest.TestCase):
    """review_catalogue.tsv: each row of the catalogue of facts, and the codes that say it, or - and why it can be no finding."""

    ROWS = dict(
        line.split("\t", 1) for line in (ROOT / "compiler/tests/review_catalogue.tsv").read_text(encoding="utf-8").splitlines()
    )

    def test_codes_exist(self):
        known = set(re.findall(r"^(TP[CR]\d+) ", tpc("explain", status=(0,)).stdout, re.M))
        for row, said in self.ROWS.items():
            if said.startswith("-\t"):
                self.assertGreater(len(said), 12, f"{row} says no reason")
            else:
                self.assertEqual(set(said.split("\t")[0].split()) - known, set(), row)

    def test_the_catalogue_is_covered(self):
        facts = corpus(ROOT)
        facts = facts and facts.parent / "facts/lints.tsv"
        if not facts or not facts.is_file():
            self.skipTest("no facts/lints.tsv beside the collection")
        with open(facts, encoding="utf-8", newline="") as f:
            codes = [row["code"] for row in csv.DictReader(f, delimiter="\t")]
        self.assertEqual(sorted(codes), sorted(self.ROWS))


class CheckTest(unittest.TestCase):
    def test_cases(self):
        for case in CASES:
            with self.subTest(case.name):
                text = case.read_text(encoding="utf-8")
                quiet = head(text, "quiet").split()
                codes = {code for _, code in wanted(text)}
                got = {
                    (f["place"]["line"], f["code"])
                    for f in review(case, head(text, "brief"))["findings"]
                    if f["code"].startswith("TPR") and not any(fnmatch.fnmatch(f["code"], q) for q in quiet) and (f["severity"] != "note" or f["code"] in codes)
                }
                self.assertEqual(sorted(got), sorted(wanted(text)))

    def test_every_check_has_a_case(self):
        codes = set(re.findall(r"^(TPR\d+) ", tpc("explain", status=(0,)).stdout, re.M))
        have = {code for case in CASES for _, code in wanted(case.read_text(encoding="utf-8"))}
        self.assertEqual(sorted(codes - have), [])

    def test_every_check_has_a_page(self):
        for code in re.findall(r"^(TPR\d+) ", tpc("explain", status=(0,)).stdout, re.M):
            page = tpc("explain", code, status=(0,)).stdout
            self.assertIn("## Why", page)
            self.assertIn("## Mend", page)


if __name__ == "__main__":
    unittest.main()
