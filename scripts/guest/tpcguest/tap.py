# SPDX-License-Identifier: Apache-2.0
"""TAP, as `meson test` reads it."""

import sys


class Tap:
    def __init__(self, out=sys.stdout):
        self.number = self.failed = self.skipped = 0
        self._out = out

    def _line(self, text: str):
        print(text, file=self._out, flush=True)

    def comment(self, text: str):
        for line in text.splitlines():
            self._line(f"# {line}")

    def ok(self, name: str, note: str = ""):
        self.number += 1
        self._line(f"ok {self.number} - {name}" + (f" # {note}" if note else ""))

    def fail(self, name: str, why: str):
        self.number += 1
        self.failed += 1
        self._line(f"not ok {self.number} - {name}")
        self.comment(why)

    def skip(self, name: str, why: str):
        self.skipped += 1
        self.ok(name, f"SKIP {why}")

    def skip_all(self, why: str):
        self._line(f"1..0 # SKIP {why}")

    def end(self) -> int:
        """Print the plan; the exit status."""
        self._line(f"1..{self.number}")
        return 1 if self.failed else 0
