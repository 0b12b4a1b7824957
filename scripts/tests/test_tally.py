# SPDX-License-Identifier: Apache-2.0
"""The tally decides whether a change lands: what it must never take for a pass."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tally import Tally  # noqa: E402


def tap(text, code=0):
    t = Tally()
    t.add_tap("x", text, code)
    return t


def meson(*entries):
    t = Tally()
    t.add_meson("m", "\n".join(json.dumps(e) for e in entries))
    return t


def program(result, stdout="", returncode=0):
    return {"name": "tpc:unit / prog", "result": result, "stdout": stdout, "returncode": returncode}


class Tap(unittest.TestCase):
    def counts(self, t, passed, failed, skipped):
        self.assertEqual((t.passed, len(t.failed), len(t.skipped)), (passed, failed, skipped))

    def test_plan_first_or_last(self):
        self.counts(tap("1..2\nok 1 - a\nok 2 - b\n"), 2, 0, 0)
        self.counts(tap("ok 1 a\nok 2 b\n1..2\n"), 2, 0, 0)

    def test_failure_is_named(self):
        t = tap("1..2\nok 1 - a\nnot ok 2 - why: it broke\n")
        self.counts(t, 1, 1, 0)
        self.assertIn("FAILED: x: why: it broke", t.report())
        self.assertEqual(t.exit_status(), 1)

    def test_skip_carries_its_reason(self):
        t = tap("1..1\nok 1 - needs kernel # SKIP no override kernel\n")
        self.counts(t, 0, 0, 1)
        self.assertIn("skipped: x: needs kernel (no override kernel)", t.report())

    def test_skip_all(self):
        t = tap("1..0 # SKIP no qemu\n")
        self.counts(t, 0, 0, 1)
        self.assertIn("(no qemu)", t.report())

    def test_escaped_hash_is_no_directive(self):
        self.counts(tap("1..1\nnot ok 1 - a \\# SKIP b\n"), 0, 1, 0)

    def test_died_in_the_middle(self):
        self.counts(tap("1..3\nok 1 - a\n"), 1, 1, 0)

    def test_no_plan(self):
        self.counts(tap("ok 1 - a\n"), 1, 1, 0)
        self.counts(tap(""), 0, 1, 0)

    def test_bail_out(self):
        self.counts(tap("1..1\nok 1 - a\nBail out! disk full\n"), 1, 1, 0)

    def test_exit_code_without_failure(self):
        self.counts(tap("1..1\nok 1 - a\n", 1), 1, 1, 0)

    def test_exit_code_with_failure_counts_once(self):
        self.counts(tap("1..1\nnot ok 1 - a\n", 1), 0, 1, 0)

    def test_diagnostics_and_indented_lines_do_not_count(self):
        self.counts(tap("# ok\n    ok 7 - sub\n1..1\nokay then\nok 1 - a\n"), 1, 0, 0)

    def test_nothing_ran_is_no_success(self):
        self.assertEqual(Tally().exit_status(), 1)
        self.assertEqual(tap("1..1\nok 1 - a # SKIP b\n").exit_status(), 1)


class Meson(unittest.TestCase):
    def counts(self, t, passed, failed, skipped):
        self.assertEqual((t.passed, len(t.failed), len(t.skipped)), (passed, failed, skipped))

    def test_tap_program_counts_its_tests(self):
        self.counts(meson(program("OK", "1..2\nok 1 a\nok 2 b\n")), 2, 0, 0)

    def test_crash_after_a_kept_plan(self):
        self.counts(meson(program("ERROR", "1..1\nok 1 a\n", -11)), 1, 1, 0)

    def test_exit_code_programs(self):
        self.counts(meson(program("OK"), program("FAIL", "", 1), program("SKIP", "no clang\n", 77)), 1, 1, 1)

    def test_timeout_and_interrupt_are_failures(self):
        self.counts(meson(program("TIMEOUT"), program("INTERRUPT")), 0, 2, 0)

    def test_empty_log(self):
        self.counts(meson(), 0, 1, 0)

    def test_last_line(self):
        t = meson(program("OK"))
        self.assertEqual(t.report().splitlines()[-1], "1 passed, 0 failed, 0 skipped")
        self.assertEqual(t.exit_status(), 0)


if __name__ == "__main__":
    unittest.main()
