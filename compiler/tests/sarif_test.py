# SPDX-License-Identifier: Apache-2.0
"""--format sarif: what SARIF 2.1.0 wants of a log, checked by hand, and that it says what JSON says."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import urllib.parse

TPC = os.environ["TPC"]
HEAD = "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata:\n  name: sample\nspec:\n  kprobes:\n"
GOOD = HEAD + "  - call: fd_install\n    syscall: false\n"
# A key after characters of one, two, three and four bytes in UTF-8: one, one, one and two UTF-16 code units.
WIDE = HEAD + '  - {call: fd_install, syscall: false, message: "aé€\U0001f600", mesage: x}\n'
TWICE = GOOD + "    syscall: false\n"
WARN = GOOD + "    selectors:\n    - matchActions:\n      - action: Sigkill\n        argSig: 15\n"


def strings(value):
    """Every string of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


class SarifTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tpc-sarif-")
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def tpc(self, *args, stdin=b""):
        return subprocess.run([TPC, *args], cwd=self.dir, input=stdin, capture_output=True, timeout=120, check=False)

    # ---- the shape ----
    def check_keys(self, o, required, optional=()):
        self.assertIsInstance(o, dict)
        self.assertLessEqual(set(required), set(o))
        self.assertLessEqual(set(o), set(required) | set(optional))

    def check_message(self, o):
        self.check_keys(o, ["text"])
        self.assertIsInstance(o["text"], str)
        self.assertTrue(o["text"])

    def check_region(self, r):
        self.check_keys(r, ["startLine", "startColumn", "endLine", "endColumn"])
        for v in r.values():
            self.assertIs(type(v), int)
            self.assertGreaterEqual(v, 1)
        self.assertLessEqual((r["startLine"], r["startColumn"]), (r["endLine"], r["endColumn"]))

    def check_location(self, o):
        self.check_keys(o, [], ["physicalLocation", "message"])
        if "message" in o:
            self.check_message(o["message"])
        if "physicalLocation" in o:
            self.check_keys(o["physicalLocation"], ["artifactLocation"], ["region"])
            artifact = o["physicalLocation"]["artifactLocation"]
            self.check_keys(artifact, ["uri"])
            self.assertRegex(artifact["uri"], r"^(file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$")
            if "region" in o["physicalLocation"]:
                self.check_region(o["physicalLocation"]["region"])

    def check_rule(self, o):
        self.check_keys(o, ["id", "name", "shortDescription", "help"])
        self.assertRegex(o["id"], r"^TPC[0-9]{3}$")
        self.check_message(o["shortDescription"])
        self.check_keys(o["help"], ["text", "markdown"])
        self.assertTrue(o["help"]["markdown"].startswith(f"# {o['id']} {o['name']}\n"))
        self.assertIn(o["help"]["text"], o["help"]["markdown"])

    def check_result(self, o, rules):
        self.check_keys(o, ["ruleId", "ruleIndex", "level", "message", "locations"], ["relatedLocations"])
        self.assertEqual(rules[o["ruleIndex"]]["id"], o["ruleId"])
        self.assertIn(o["level"], ("error", "warning"))
        self.check_message(o["message"])
        self.assertLessEqual(len(o["locations"]), 1)
        for place in o["locations"] + o.get("relatedLocations", []):
            self.check_location(place)

    def run_of(self, text):
        """The one run of a log, whose shape is right."""
        log = json.loads(text)
        self.check_keys(log, ["$schema", "version", "runs"])
        self.assertEqual(log["version"], "2.1.0")
        self.assertEqual(len(log["runs"]), 1)
        run = log["runs"][0]
        self.check_keys(run, ["tool", "invocations", "columnKind", "results"])
        self.assertEqual(run["columnKind"], "utf16CodeUnits")
        driver = run["tool"]["driver"]
        self.check_keys(driver, ["name", "version", "semanticVersion", "rules"])
        self.assertEqual(driver["name"], "tpc")
        ids = [r["id"] for r in driver["rules"]]
        self.assertEqual(len(ids), len(set(ids)))
        for rule in driver["rules"]:
            self.check_rule(rule)
        for result in run["results"]:
            self.check_result(result, driver["rules"])
        self.assertEqual({r["ruleId"] for r in run["results"]}, set(ids))
        for s in strings(log):
            self.assertIsNone(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", s), repr(s))
        return run

    def sarif(self, *paths, stdin=b"", status=1):
        got = self.tpc("check", "--format", "sarif", *paths, stdin=stdin)
        self.assertEqual(got.returncode, status, got.stderr)
        return self.run_of(got.stdout)

    # ---- what it says ----
    def test_nothing_to_say(self):
        self.write("good.yaml", GOOD)
        run = self.sarif("good.yaml", status=0)
        self.assertEqual((run["results"], run["tool"]["driver"]["rules"]), ([], []))
        self.assertIs(run["invocations"][0]["executionSuccessful"], True)

    def test_the_same_as_json(self):
        self.write("a/twice.yaml", TWICE)
        self.write("a/warn.yaml", WARN)
        self.write("a/wide.yaml", WIDE)
        self.write("a/broken.yaml", "kind: [\n")
        lines = self.tpc("check", "--format", "json", "a", "missing.yaml").stdout.splitlines()
        results = self.sarif("a", "missing.yaml")["results"]
        self.assertEqual(len(results), len(lines))
        for result, line in zip(results, map(json.loads, lines)):
            self.assertEqual((result["ruleId"], result["level"]), (line["code"], line["severity"]))
            want = line["message"] + (f" ({line['hint']})" if line["hint"] else "")
            self.assertEqual(result["message"]["text"], want)
            notes = [n["message"]["text"] for n in result.get("relatedLocations", [])]
            self.assertEqual(notes, [n["message"] for n in line["notes"]])
            places = [p["physicalLocation"] for p in result["locations"]]
            self.assertEqual([p["artifactLocation"]["uri"] for p in places], [line["file"]] if line["file"] else [])
            lines_of = [(p["region"]["startLine"], p["region"]["endLine"]) for p in places]
            self.assertEqual(lines_of, [(line["line"], line["end_line"])] if line["file"] else [])
        self.assertEqual({r["level"] for r in results}, {"error", "warning"})

    def test_columns_are_utf16(self):
        self.write("wide.yaml", WIDE)
        region = self.sarif("wide.yaml")["results"][0]["locations"][0]["physicalLocation"]["region"]
        before = WIDE.splitlines()[6].split("mesage")[0]
        column = len(before.encode("utf-16-le")) // 2 + 1
        self.assertEqual(column, len(before) + 2)
        self.assertEqual((region["startLine"], region["startColumn"]), (7, column))
        self.assertEqual((region["endLine"], region["endColumn"]), (7, column + len("mesage")))

    def test_notes_are_related_locations(self):
        self.write("twice.yaml", TWICE)
        (result,) = self.sarif("twice.yaml")["results"]
        first = result["relatedLocations"][0]["physicalLocation"]["region"]
        self.assertEqual((first["startLine"], first["startColumn"]), (8, 5))
        self.assertEqual(result["locations"][0]["physicalLocation"]["region"]["startLine"], 9)

    def test_names_of_files(self):
        names = ["a b%20.yaml", "ü/é#?.yaml", "c:d.yaml", "x<y>&'\".yaml"]
        for name in names:
            self.write(name, TWICE)
            uri = self.sarif("./" + name)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            self.assertEqual(urllib.parse.unquote(uri), name)
            self.assertEqual(urllib.parse.urlsplit(uri)[:2], ("", ""))
        path = self.write("abs.yaml", TWICE)
        uri = self.sarif(str(path))["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        self.assertEqual(uri, path.as_uri())

    def test_a_name_that_is_not_utf8(self):
        name = os.fsencode(self.dir) + b"/\xff\x1b.yaml"
        with open(name, "wb") as f:
            f.write(TWICE.encode())
        uri = self.sarif(b"\xff\x1b.yaml")["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        self.assertEqual(uri, "%FF%1B.yaml")

    def test_hostile_text(self):
        self.write("bad.yaml", b"kind: \xff\xfe\n")
        self.sarif("bad.yaml")
        self.write("esc.yaml", GOOD.replace("kprobes:", '"\\e[31m\\u202e": 1\n  kprobes:'))
        self.sarif("esc.yaml")
        self.sarif("-", stdin=b"\x00\x1b")

    def test_more_than_are_kept(self):
        self.write("many.yaml", GOOD + "".join(f"    k{i}: 1\n" for i in range(250)))
        run = self.sarif("many.yaml")
        (note,) = run["invocations"][0]["toolExecutionNotifications"]
        self.assertEqual(len(run["results"]), 200)
        self.assertEqual(note["message"]["text"], "50 more not shown")

    def test_on_standard_error(self):
        self.write("warn.yaml", WARN)
        got = self.tpc("check", "--diagnostics=sarif", "warn.yaml")
        self.assertEqual((got.returncode, got.stdout), (0, b""))
        self.assertEqual([r["ruleId"] for r in self.run_of(got.stderr)["results"]], ["TPC313"])
        got = self.tpc("compile", "--diagnostics", "sarif", "--emit", "ir", "-o", "/dev/null", "warn.yaml")
        self.assertEqual([r["ruleId"] for r in self.run_of(got.stderr)["results"]], ["TPC313"])

    def test_a_machine_that_fails(self):
        self.write("good.yaml", GOOD)
        got = subprocess.run(
            [TPC, "compile", "good.yaml", "--diagnostics", "sarif"],
            cwd=self.dir, capture_output=True, timeout=120, check=False, env={**os.environ, "PATH": "/nonexistent"},
        )
        run = self.run_of(got.stderr)
        self.assertEqual(got.returncode, 3)
        self.assertIs(run["invocations"][0]["executionSuccessful"], False)
        self.assertEqual(run["results"][0]["locations"], [])

    def test_inspect_has_none(self):
        self.assertEqual(self.tpc("inspect", "--diagnostics", "sarif", "x.o").returncode, 2)

    def test_the_same_bytes(self):
        self.write("wide.yaml", WIDE + TWICE)
        one, two = (self.tpc("check", "--format=sarif", "wide.yaml").stdout for _ in range(2))
        self.assertEqual(one, two)


if __name__ == "__main__":
    unittest.main()
