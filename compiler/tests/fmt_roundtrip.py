#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tpc fmt over files: goldens, and a round trip of every policy that can be had.

    fmt_roundtrip.py TPC TESTDATA

In TESTDATA/fmt each NAME.yaml has NAME.want beside it (TPC_UPDATE_GOLDEN=1 writes it). Each file of the golden
policies, of the cases that are refused and of published policies (see corpus.py) is laid out: a second time changes nothing, every comment is there in the same
order, 'tpc check' finds the same, and what compiled before gives the same IR but for line numbers. Speaks TAP; a folder that is not there is skipped.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

from corpus import corpus


def run(argv, text=b""):
    return subprocess.run(argv, input=text, capture_output=True, timeout=120, check=False)


def comments(text):
    """Own-line comments and all that follows ' #': a superset of the comments, the same before and after."""
    out = []
    for line in text.decode().replace("\r", "\n").replace("\t", " ").split("\n"):
        at = 0 if line.lstrip().startswith("#") else line.find(" #")
        if at >= 0:
            out.append(line[at:].strip())
    return out


def ir(tpc, text):
    """The IR's text without line numbers (blank lines may be gone); None when it does not compile."""
    got = run([tpc, "compile", "-O0", "--emit", "ir", "-o", "-", "-"], text)
    return re.sub(rb" @\d+$", b"", got.stdout, flags=re.M) if got.returncode == 0 else None


def codes(tpc, text):
    """What 'tpc check' finds, in order."""
    got = run([tpc, "check", "--format", "json", "-"], text)
    return [json.loads(line)["code"] for line in got.stdout.splitlines()]


def golden(tpc, path):
    text = path.read_bytes()
    got = run([tpc, "fmt", "-"], text)
    want = path.with_suffix(".want")
    if got.returncode:
        return got.stderr.decode().splitlines()
    if os.environ.get("TPC_UPDATE_GOLDEN") == "1":
        want.write_bytes(got.stdout)
    if not want.exists() or want.read_bytes() != got.stdout:
        return ["not as in " + want.name, *got.stdout.decode().splitlines()]
    return round_trip(tpc, path, {})


def round_trip(tpc, path, counts):
    text = path.read_bytes()
    got = run([tpc, "fmt", "-"], text)
    if got.returncode == 1 and b"error" in got.stderr and b"TPC503" not in got.stderr:
        counts["not YAML"] = counts.get("not YAML", 0) + 1
        # Then the checker must refuse it too.
        return [] if run([tpc, "check", "-"], text).returncode == 1 else ["refused, but 'tpc check' takes it"]
    if got.returncode:
        return [f"exit status {got.returncode}", *got.stderr.decode(errors="replace").splitlines()]
    wrong = []
    again = run([tpc, "fmt", "-"], got.stdout)
    if again.returncode or again.stdout != got.stdout:
        wrong.append("a second time changes it")
    if run([tpc, "fmt", "--check", "-"], got.stdout).returncode:
        wrong.append("--check is not content")
    if comments(text) != comments(got.stdout):
        wrong.append("comments differ")
    before = ir(tpc, text)
    if before is not None:
        counts["IR compared"] = counts.get("IR compared", 0) + 1
        if ir(tpc, got.stdout) != before:
            wrong.append("another IR")
    if codes(tpc, got.stdout) != codes(tpc, text):
        wrong.append("'tpc check' says something else")
    return wrong


def folder(tpc, root):
    counts, wrong = {}, []
    files = sorted(p for p in root.rglob("*") if p.suffix in (".yaml", ".yml"))
    for path in files:
        wrong += [f"{path.name}: {w}" for w in round_trip(tpc, path, counts)]
    if not files:
        wrong.append("no file")
    notes = ", ".join(f"{v} {k}" for k, v in sorted(counts.items()))
    return wrong, f"{len(files)} files ({notes})"


def main():
    tpc, testdata = sys.argv[1], pathlib.Path(sys.argv[2])
    published = corpus(testdata.parent)
    corpora = [published / "policies", published / "wild/policies"] if published else []
    cases = sorted((testdata / "fmt").glob("*.yaml"))
    folders = [testdata / "policies", testdata / "golden", testdata / "reject", *corpora]
    failed, n = not cases, 0
    print(f"1..{len(cases) + len(folders)}")
    for path in cases:
        n += 1
        wrong = golden(tpc, path)
        failed = failed or bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {n} {path.stem}")
        print("".join(f"# {w}\n" for w in wrong), end="")
    for root in folders:
        n += 1
        if not root.is_dir():
            print(f"ok {n} # SKIP {root} is not there")
            continue
        wrong, what = folder(tpc, root)
        failed = failed or bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {n} {root.name}: {what}")
        print("".join(f"# {w}\n" for w in wrong), end="")
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
