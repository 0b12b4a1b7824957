#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the harness: can it fail, and does it say why? `--boot` adds guests that panic and hang."""

import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.dont_write_bytecode = True  # a test run leaves the tree as it was

from tpcguest import Broken, Skip, cases, guest, initramfs, kernel, vm
from tpcguest.match import matches, mismatch

BOOT = "--boot" in sys.argv


def tgz(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo("./" + name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def frame(name, files):
    data = tgz(files)
    return f"@@start {name}\n@@done {name} {len(data)}\n".encode() + data + b"\n"


class Match(unittest.TestCase):
    def test_subset_of_an_object(self):
        self.assertTrue(matches({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3}))
        self.assertFalse(matches({"a": {"b": 1}}, {"a": {"b": 2}}))
        self.assertFalse(matches({"a": 1}, {}))

    def test_numbers_strings_and_booleans_differ(self):
        self.assertFalse(matches({"a": 1}, {"a": "1"}))
        self.assertFalse(matches({"a": 1}, {"a": True}))

    def test_null_asks_for_absence(self):
        self.assertTrue(matches({"a": None}, {}))
        self.assertFalse(matches({"a": None}, {"a": 0}))

    def test_array_needs_as_many(self):
        self.assertTrue(matches([{"a": 1}], [{"a": 1, "b": 2}]))
        self.assertFalse(matches([1], [1, 2]))

    def test_special_patterns(self):
        self.assertTrue(matches({"$re": "a.c"}, "abc"))
        self.assertFalse(matches({"$re": "a.c"}, "abcd"))
        self.assertTrue(matches({"$has": [2]}, [1, 2]))
        self.assertFalse(matches({"$has": [3]}, [1, 2]))
        self.assertFalse(matches({"a": {"$any": True}}, {}))

    def test_says_where(self):
        self.assertEqual(mismatch({"a": [1]}, {"a": [2]}), "event.a[0] is 2, not 1")


class Channel(unittest.TestCase):
    def test_units_in_order(self):
        data = frame("one", {"f": b"@@end\n"}) + frame("two", {}) + b"@@end\n"
        self.assertEqual(vm.parse_channel(data), ({"one": {"f": b"@@end\n"}, "two": {}}, "", True))

    def test_died_in_a_unit(self):
        results, running, ended = vm.parse_channel(frame("one", {}) + b"@@start two\n")
        self.assertEqual((list(results), running, ended), (["one"], "two", False))

    def test_died_while_sending(self):
        whole = frame("one", {"f": b"x" * 100})
        for cut in range(len(b"@@start one\n"), len(whole) - 1):
            results, running, ended = vm.parse_channel(whole[:cut])
            self.assertEqual((results, running, ended), ({}, "one", False))


class Archive(unittest.TestCase):
    def test_cpio_reads_it(self):
        image = initramfs.Initramfs()
        image.add_text("a/b/c", "text", 0o755)
        image.add_link("a/l", "b/c")
        packed = image.pack()
        self.assertEqual(packed, image.pack())
        with tempfile.TemporaryDirectory() as tmp:
            done = subprocess.run(["busybox", "cpio", "-i", "-d", "a/*"], input=packed, cwd=tmp, capture_output=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(pathlib.Path(tmp, "a/l").read_text(), "text")


class Judge(unittest.TestCase):
    EVENT = {"process_kprobe": {"policy_name": "p", "args": [{"int_arg": 1}]}}

    def case(self, **spec):
        return cases.Case("c", pathlib.Path("c"), spec)

    def files(self, events=(), status="exit 0", state="ready\n", **more):
        out = "".join(json.dumps(e) + "\n" for e in events)
        files = {"loader.out": out, "loader.status": status + "\n", "state": state, **more}
        return {name: text.encode() for name, text in files.items()}

    def test_passes(self):
        case = self.case(events=[{"match": self.EVENT}])
        self.assertEqual(cases.judge(case, self.files([self.EVENT])), [])

    def test_missing_and_repeated_events_fail(self):
        case = self.case(events=[{"match": self.EVENT}])
        self.assertIn("0 events, not 1", cases.judge(case, self.files([]))[0])
        self.assertIn("2 events, not 1", cases.judge(case, self.files([self.EVENT] * 2))[0])

    def test_unexplained_event_fails_but_exec_events_do_not_count(self):
        wrong = cases.judge(self.case(), self.files([self.EVENT, {"process_exec": {}}]))
        self.assertEqual(len(wrong), 1)
        self.assertIn("unexpected event", wrong[0])

    def test_no_json_fails(self):
        files = self.files()
        files["loader.out"] = b"{\n"
        self.assertIn("no JSON", cases.judge(self.case(), files)[0])

    def test_loader_must_be_ready_and_end_well(self):
        self.assertIn("did not become ready", cases.judge(self.case(), self.files(state=""))[0])
        self.assertIn("exit 3", cases.judge(self.case(), self.files(status="exit 3"))[0])
        self.assertTrue(cases.judge(self.case(), self.files(state="ready\nstill there 30 s after SIGTERM\n")))

    def test_expected_refusal(self):
        case = self.case(loader={"ready": False, "exit": 3, "stderr": "no way"})
        good = self.files(state="", status="exit 3", **{"loader.err": "there is no way\n"})
        self.assertEqual(cases.judge(case, good), [])
        self.assertEqual(len(cases.judge(case, self.files())), 3)

    def test_fates(self):
        for spec, status, good in (({}, "exit 0", True), ({"errno": "EPERM"}, "exit 1", True), ({}, "exit 1", False),
                                   ({"signal": "KILL"}, "signal 9", True), ({"signal": "KILL"}, "exit 137", False),
                                   ({"exit": 4}, "timeout", False)):
            case = self.case(steps=[{"name": "s", "run": ["x"], **spec}])
            files = self.files(**{"00-s.status": status + "\n"})
            self.assertEqual(cases.judge(case, files) == [], good, (spec, status))

    def test_step_that_never_ran_fails(self):
        case = self.case(steps=[{"name": "s", "run": ["x"]}])
        self.assertIn("not run", cases.judge(case, self.files())[0])

    def test_unknown_key_is_refused(self):
        for text in ('{"event": []}', '{"steps": [{"name": "a", "run": "x", "sgnal": 9}]}', '[]', '{',
                     '{"steps": [{"name": "a"}]}', '{"kernel": "debain"}', '{"events": [{"count": 1}]}'):
            with tempfile.TemporaryDirectory() as tmp:
                pathlib.Path(tmp, "case.json").write_text(text)
                with self.assertRaises(Broken, msg=text):
                    cases.load(pathlib.Path(tmp))


@unittest.skipUnless(BOOT, "needs --boot")
class Boot(unittest.TestCase):
    def boot(self, work, **more):
        try:
            image = guest.base_image()
            image.add_text("work.sh", work)
            return vm.boot(kernel.find("debian"), image.pack(), vm.Options(**more))
        except Skip as why:
            self.skipTest(str(why))

    def test_panic_is_told(self):
        outcome = self.boot("unit_start a\nunit_done a\nunit_start b\necho c >/proc/sysrq-trigger\n")
        self.assertEqual((list(outcome.results), outcome.running), (["a"], "b"))
        self.assertIn("panicked", outcome.fault)
        self.assertIn("sysrq", outcome.tail())

    def test_hang_is_ended(self):
        outcome = self.boot("unit_start a\nsleep 1000\n", idle=10)
        self.assertEqual(outcome.running, "a")
        self.assertIn("said nothing", outcome.fault)

    def test_end_of_init_is_told(self):
        outcome = self.boot("unit_start a\nexit 0\n")
        self.assertEqual(outcome.running, "a")
        self.assertTrue(outcome.fault)


if __name__ == "__main__":
    unittest.main(argv=[arg for arg in sys.argv if arg != "--boot"])
