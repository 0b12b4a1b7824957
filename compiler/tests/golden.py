#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden tests: what each stage of tpc makes of the policies in testdata/golden.

    golden.py TPC FOLDER

Every folder in FOLDER is a case: its *.yaml files are compiled together and each stage's text is compared
with the file beside them. TPC_UPDATE_GOLDEN=1 rewrites those files instead (meson test --setup update); the
difference that git shows is what a reviewer reads. Speaks TAP.

Cases whose names begin with resolve- look into kernel types: those of TPC_TEST_BTF (testdata/btf), without which they
are skipped.
"""
import difflib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

STAGES = [
    ("ir.txt", ["-O0", "--emit", "ir"]),
    ("opt.ir.txt", ["-O2", "--emit", "ir"]),
    ("c.txt", ["-O2", "--emit", "c"]),
    ("manifest.json", ["-O2", "--emit", "manifest"]),
]
# The building blocks' digest changes with each of their comments: that is no change of what is made here.
TEMPLATES = re.compile(r'(templates\\?": \\?")sha256:[0-9a-f]+')
DIFF_LINES = 60


def run(argv):
    return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)


def compare(path, text, update):
    """What is wrong, as a list of lines; empty when nothing is."""
    if update:
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        return []
    if not path.exists():
        return [f"{path} is missing (TPC_UPDATE_GOLDEN=1 makes it)"]
    old = path.read_text(encoding="utf-8")
    if old == text:
        return []
    diff = difflib.unified_diff(old.splitlines(), text.splitlines(), str(path), "now", lineterm="")
    return list(diff)[:DIFF_LINES]


def needs_kernel(case):
    return case.name.startswith("resolve-")


def compile_command(tpc, case):
    return [tpc, "compile", *(["--btf", os.environ["TPC_TEST_BTF"]] if needs_kernel(case) else [])]


def check_stage(command, yamls, path, options, update):
    got = run([*command, *options, "-o", "-", *yamls])
    if got.returncode:
        return [f"{path.name}: exit status {got.returncode}", *got.stderr.decode().splitlines()]
    return compare(path, TEMPLATES.sub(r"\1sha256:*", got.stdout.decode()), update)


def check_object(tpc, command, yamls, level, folder):
    """At @level the generated C compiles, twice to the same bytes, and the object reads back."""
    outs = [pathlib.Path(folder) / f"{level}-{i}.bpf.o" for i in range(2)]
    for out in outs:
        got = run([*command, level, "-o", str(out), *yamls])
        if got.returncode:
            return [f"object at {level}: exit status {got.returncode}", *got.stderr.decode().splitlines()]
    if outs[0].read_bytes() != outs[1].read_bytes():
        return [f"object at {level}: two runs, two results"]
    got = run([tpc, "inspect", "--format", "json", str(outs[0])])
    if got.returncode:
        return [f"inspect of {level}: exit status {got.returncode}", *got.stderr.decode().splitlines()]
    if not json.loads(got.stdout)["programs"]:
        return [f"inspect of {level}: no programs"]
    return []


def check_case(tpc, case, update):
    yamls = [str(p) for p in sorted(case.glob("*.yaml"))]
    command = compile_command(tpc, case)
    wrong = []
    for name, options in STAGES:
        wrong += check_stage(command, yamls, case / name, options, update)
    with tempfile.TemporaryDirectory() as folder:
        for level in ("-O0", "-O2"):
            wrong += check_object(tpc, command, yamls, level, folder)
    return wrong


def main():
    tpc, root = sys.argv[1], pathlib.Path(sys.argv[2])
    update = os.environ.get("TPC_UPDATE_GOLDEN") == "1"
    cases = sorted(p for p in root.iterdir() if p.is_dir())
    failed = 0
    print(f"1..{len(cases)}")
    for i, case in enumerate(cases, 1):
        if needs_kernel(case) and "TPC_TEST_BTF" not in os.environ:
            print(f"ok {i} {case.name} # SKIP no clang for BPF makes the test's kernel")
            continue
        wrong = check_case(tpc, case, update)
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {i} {case.name}")
        for line in wrong:
            print(f"# {line}")
        sys.stdout.flush()
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
