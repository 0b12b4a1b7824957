#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Policies with one fault each, and what 'tpc check' says about them.

    reject_test.py TPC SOURCE_ROOT [--update]

Each testdata/reject/RULE.yaml, named after the rule that it breaks, has RULE.txt, the text, and RULE.json, the same
with --format json, beside it. --update, or TPC_UPDATE_GOLDEN=1, writes both; read them before you commit them. A case
gives an error, or the warning that it is about, and every code that YAML can provoke is in a case. Speaks TAP.
"""
import difflib
import json
import os
import pathlib
import subprocess
import sys

os.environ.setdefault("TPC", sys.argv[1])
os.environ.setdefault("TPC_SOURCE_ROOT", sys.argv[2])
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from codes_test import NO_YAML, codes  # noqa: E402

# Of those without an example on their page: what a kernel makes of it is shown here.
WITH_KERNEL = {"TPC321", "TPC323"}
NO_YAML_AT_ALL = set(NO_YAML) - WITH_KERNEL

DIFF_LINES = 40
# Codes without a case, and why.
NO_CASE = {"TPC401": "what it is about becomes less: its page has the one example"}
# The kernel that a case is checked for: none, unless its name begins like this. Of testdata/btf/kernel.c the build
# makes BTF, so that no case depends on the machine.
KERNEL = ("btf-", "resolve-", "auto-")
NO_KERNEL = ("auto-compared-without-btf", "auto-of-a-syscall", "auto-without-btf", "resolve-without-btf")
COMPAT = ("tetragon-",)
MIN_KERNEL = ("min-kernel-",)


def needs_kernel(name):
    return name.startswith(KERNEL) and name not in NO_KERNEL


def options_of(name):
    options = ["--btf", os.path.abspath(os.environ["TPC_TEST_BTF"]) if needs_kernel(name) else "none"]
    if name.startswith(COMPAT):
        options += ["--compat", "tetragon"]
    if name.startswith(MIN_KERNEL):
        options += ["--min-kernel", "5.15"]
    return options


def run(tpc, folder, name, *options):
    argv = [tpc, "check", *options, *options_of(name), f"{name}.yaml"]
    got = subprocess.run(argv, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    return got.returncode, got.stdout.decode(), got.stderr.decode()


def compare(path, text, update):
    if update:
        path.write_text(text, encoding="utf-8")
    if not path.exists():
        return [f"{path.name} is missing (--update makes it)"]
    old = path.read_text(encoding="utf-8")
    diff = difflib.unified_diff(old.splitlines(), text.splitlines(), path.name, "now", lineterm="")
    return list(diff)[:DIFF_LINES]


def check_case(tpc, folder, name, update, seen):
    """What is wrong, as lines."""
    status, _, text = run(tpc, folder, name)
    json_status, lines, _ = run(tpc, folder, name, "--format", "json")
    diags = [json.loads(line) for line in lines.splitlines()]
    errors = [d for d in diags if d["severity"] == "error"]
    wrong = []

    seen.update(d["code"] for d in diags)
    if status != bool(errors) or status != json_status:
        wrong.append(f"exit status {status} and {json_status} with {len(errors)} errors")
    if not diags:
        wrong.append("nothing is said")
    if any(d["code"] == "TPC503" for d in diags):
        wrong.append("internal error")
    return wrong + compare(folder / f"{name}.txt", text, update) + compare(folder / f"{name}.json", lines, update)


def main():
    tpc, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    update = "--update" in sys.argv[3:] or os.environ.get("TPC_UPDATE_GOLDEN") == "1"
    folder = root / "testdata/reject"
    names = sorted(p.stem for p in folder.glob("*.yaml"))
    failed, seen, results = not names, set(), []

    print(f"1..{len(names) + 2}")
    no_kernel = "TPC_TEST_BTF" not in os.environ
    for name in names:
        skipped = no_kernel and needs_kernel(name)
        results.append((name, None if skipped else check_case(tpc, folder, name, update, seen)))
    left = [p.name for p in sorted(folder.iterdir()) if p.stem not in names]
    results.append(("no golden without a case", left))
    left = sorted(set(codes()) - seen - NO_YAML_AT_ALL - set(NO_CASE))
    results.append(("every code has a case", None if no_kernel else left))
    for i, (name, wrong) in enumerate(results, 1):
        if wrong is None:
            print(f"ok {i} {name} # SKIP there is no clang for BPF")
            continue
        failed = failed or bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {i} {name}")
        print("".join(f"# {line}\n" for line in wrong), end="")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
