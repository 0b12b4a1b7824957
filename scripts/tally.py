#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts what a test run really did, from its logs: TAP files and meson's testlog.json.

    tally.py [--meson LABEL=testlog.json]... [--tap LABEL=file.tap[:EXIT]]...

Names what was skipped (with the reason) and what failed, and ends with one line: N passed, N failed,
N skipped. Exit status 1 when anything failed or nothing passed. Whatever is odd counts as a failure: a log
that is missing, a test program that died, a plan that was not kept.
"""

import argparse
import json
import re
import sys

PLAN = re.compile(r"1\.\.(\d+)\s*(?:#\s*(.*))?$")
LINE = re.compile(r"(not )?ok\b\s*(\d+)?\s*(?:- )?(.*)$")
DIRECTIVE = re.compile(r"(?<!\\)#\s*(SKIP|TODO)\S*\s*(.*)$", re.IGNORECASE)


class Tally:
    """What was seen: passed is a number, failed and skipped are (name, reason)."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add_tap(self, label, text, exit_code=0):
        """One TAP stream. @exit_code: of the program that wrote it."""
        plan = None
        seen = 0
        before = len(self.failed)
        for line in text.splitlines():
            m = PLAN.match(line)
            if m:
                plan = int(m.group(1))
                if plan == 0:
                    self.skipped.append((label, (m.group(2) or "no reason given").removeprefix("SKIP").strip(" :")))
                continue
            if line.startswith("Bail out!"):
                self.failed.append((label, line))
                continue
            m = LINE.match(line)
            if m:
                seen += 1
                self._test(label, bool(m.group(1)), m.group(3))
        if plan is None:
            self.failed.append((label, "no plan: it died after %d tests" % seen))
        elif plan != seen:
            self.failed.append((label, "%d tests planned, %d run" % (plan, seen)))
        elif exit_code != 0 and len(self.failed) == before:
            self.failed.append((label, "exit status %d, although no test failed" % exit_code))

    def _test(self, label, not_ok, rest):
        m = DIRECTIVE.search(rest)
        name = "%s: %s" % (label, (rest[: m.start()] if m else rest).strip() or "unnamed test")
        kind = m.group(1).upper() if m else ""
        if kind == "SKIP":
            self.skipped.append((name, m.group(2).strip() or "no reason given"))
        elif kind == "TODO":
            self.skipped.append((name, "TODO " + m.group(2).strip()))
        elif not_ok:
            self.failed.append((name, ""))
        else:
            self.passed += 1

    def add_meson(self, label, text):
        """meson's testlog.json: one JSON object a line, one line a test program."""
        programs = 0
        for line in text.splitlines():
            if line.strip():
                programs += 1
                self._program(label, json.loads(line))
        if programs == 0:
            self.failed.append((label, "no test program ran"))

    def _program(self, label, entry):
        # "tpc:unit / base_arena" in a project of one name: what matters is behind the slash.
        name = "%s: %s" % (label, entry["name"].split(" / ")[-1])
        out = entry.get("stdout") or ""
        result = entry["result"]
        if any(PLAN.match(line) for line in out.splitlines()):
            self.add_tap(name, out, 0 if result in ("OK", "SKIP", "EXPECTEDFAIL") else entry.get("returncode") or 1)
        elif result == "OK":
            self.passed += 1
        elif result == "SKIP":
            lines = out.strip().splitlines()
            self.skipped.append((name, lines[-1] if lines else "no reason given"))
        else:
            self.failed.append((name, result.lower()))

    def report(self):
        out = []
        for name, reason in self.skipped:
            out.append("skipped: %s (%s)" % (name, reason))
        for name, reason in self.failed:
            out.append("FAILED: %s%s" % (name, " (%s)" % reason if reason else ""))
        out.append("%d passed, %d failed, %d skipped" % (self.passed, len(self.failed), len(self.skipped)))
        return "\n".join(out)

    def exit_status(self):
        return 1 if self.failed or self.passed == 0 else 0


def read(tally, label, path):
    """The file's text, or None and a failure."""
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError as e:
        tally.failed.append((label, "no log: %s" % e.strerror))
        return None


def split_pair(text):
    label, sep, path = text.partition("=")
    if not sep:
        raise argparse.ArgumentTypeError("LABEL=FILE expected")
    return label, path


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--meson", type=split_pair, action="append", default=[])
    ap.add_argument("--tap", type=split_pair, action="append", default=[])
    args = ap.parse_args()

    tally = Tally()
    for label, path in args.meson:
        text = read(tally, label, path)
        if text is not None:
            tally.add_meson(label, text)
    for label, path in args.tap:
        path, _, code = path.partition(":")
        text = read(tally, label, path)
        if text is not None:
            tally.add_tap(label, text, int(code or 0))
    print(tally.report())
    return tally.exit_status()


if __name__ == "__main__":
    sys.exit(main())
