#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What 'tpc diff' says of pairs of policies.

    diff_test.py TPC SOURCE_ROOT [--update]

Each testdata/diff/NAME/ is named after a change: old.yaml, new.yaml, and out.txt and out.json, which --update or
TPC_UPDATE_GOLDEN=1 writes; read them before you commit them. Besides: exit statuses, texts that are no policies, large
ones, and published policies against themselves and against what 'tpc fmt' makes of them. Speaks TAP.
"""
import difflib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from corpus import corpus

DIFF_LINES = 40
GOOD = """apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata:
  name: good
spec:
  kprobes:
  - call: fd_install
    syscall: false
    args:
    - index: 0
      type: int
    selectors:
    - matchArgs:
      - index: 0
        operator: %s
        values: ["%d"]
      matchActions:
      - action: %s
"""


def run(tpc, *args, cwd=None, stdin=b""):
    argv = [str(tpc), *map(str, args)]
    return subprocess.run(argv, cwd=cwd, input=stdin, capture_output=True, timeout=120, check=False)


def diff(tpc, *args, **more):
    return run(tpc, "diff", "--btf", "none", *args, **more)


def compare(path, text, update):
    if update:
        path.write_text(text, encoding="utf-8")
    if not path.exists():
        return [f"{path.name} is missing (--update makes it)"]
    old = path.read_text(encoding="utf-8")
    lines = difflib.unified_diff(old.splitlines(), text.splitlines(), path.name, "now", lineterm="")
    return list(lines)[:DIFF_LINES]


def sound(answer):
    """What the parts say must be what the whole says."""
    order = ["same", "narrower", "different", "may-be-wider", "wider"]
    wrong = []

    def check(o, parts):
        most = max([order.index(p["enforcement"]) for p in parts], default=0)
        if order.index(o["enforcement"]) != most:
            wrong.append(f"{o.get('name', 'all')}: {o['enforcement']}, its parts {order[most]}")
        if o["widens_enforcement"] != (most >= 3):
            wrong.append(f"{o.get('name', 'all')}: widens_enforcement")

    check(answer, answer["policies"])
    for p in answer["policies"]:
        check(p, p["changes"] + p["hooks"])
        for h in p["hooks"]:
            check(h, h["changes"])
    return wrong


def check_case(tpc, case, update):
    text = diff(tpc, "old.yaml", "new.yaml", cwd=case)
    answer = diff(tpc, "old.yaml", "new.yaml", "--format", "json", cwd=case)
    wrong = compare(case / "out.txt", text.stdout.decode(), update)
    wrong += compare(case / "out.json", answer.stdout.decode(), update)
    if text.returncode or answer.returncode or text.stderr:
        return wrong + [f"exit status {text.returncode}", *text.stderr.decode().splitlines()]
    said = json.loads(answer.stdout)
    wrong += sound(said)
    if said["differs"] == case.name.startswith("same-"):
        wrong.append("a difference" if said["differs"] else "no difference")
    for option, hit in (("widening", said["widens_enforcement"]), ("any", said["differs"]), ("nothing", False)):
        got = diff(tpc, "--fail-on", option, "old.yaml", "new.yaml", cwd=case)
        if got.returncode != int(hit) or got.stdout != text.stdout:
            wrong.append(f"--fail-on {option}: exit status {got.returncode}")
    for side in ("old.yaml", "new.yaml"):
        if diff(tpc, side, side, cwd=case).stdout != b"no difference\n":
            wrong.append(f"{side} differs from itself")
    return wrong


def check_statuses(tpc):
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "a.yaml").write_text(GOOD % ("GT", 5, "Post"))
        (work / "b.yaml").write_text(GOOD % ("GT", 4, "Sigkill"))
        (work / "bad.yaml").write_text(GOOD % ("Prefx", 5, "Post"))
        (work / "both").mkdir()
        (work / "both/x.yaml").write_text(GOOD % ("GT", 5, "Post"))
        for want, args, stdin in [
            (0, ["a.yaml", "b.yaml"], b""),
            (0, ["a.yaml", "both"], b""),
            (0, ["-", "b.yaml"], (GOOD % ("GT", 5, "Post")).encode()),
            (1, ["a.yaml", "b.yaml", "--fail-on", "widening"], b""),
            (0, ["b.yaml", "a.yaml", "--fail-on", "widening"], b""),
            (1, ["b.yaml", "a.yaml", "--fail-on", "any"], b""),
            (1, ["a.yaml", "bad.yaml"], b""),
            (1, ["bad.yaml", "a.yaml"], b""),
            (1, ["a.yaml", "missing.yaml"], b""),
            (2, ["a.yaml"], b""),
            (2, ["a.yaml", "b.yaml", "a.yaml"], b""),
            (2, ["-", "-"], b""),
            (2, ["a.yaml", "b.yaml", "--fail-on", "more"], b""),
            (2, ["a.yaml", "b.yaml", "--format", "sarif"], b""),
            (3, ["a.yaml", "b.yaml", "-o", "missing/out"], b""),
        ]:
            got = diff(tpc, *args, cwd=work, stdin=stdin)
            if got.returncode != want:
                wrong.append(f"{' '.join(args)}: exit status {got.returncode}, not {want}")
            if want in (1, 2) and "--fail-on" not in args and (got.stdout or not got.stderr):
                wrong.append(f"{' '.join(args)}: said on the wrong stream")
        got = diff(tpc, "bad.yaml", "bad.yaml", cwd=work)
        if got.stderr.count(b"TPC206") != 2:
            wrong.append("what is wrong on both sides is not told of both")
        if diff(tpc, "a.yaml", "both", cwd=work).stdout != b"no difference\n":
            wrong.append("a folder differs from its file")
        diff(tpc, "a.yaml", "b.yaml", "-o", "out.txt", cwd=work)
        if (work / "out.txt").read_bytes() != diff(tpc, "a.yaml", "b.yaml", cwd=work).stdout:
            wrong.append("-o writes something else")
    return wrong


def check_hostile(tpc, root):
    """Any bytes on either side: a status of ours, and no internal error."""
    wrong = []
    files = sorted((root / "testdata/fuzz/policy").iterdir()) + sorted((root / "testdata/reject").glob("*.yaml"))
    with tempfile.TemporaryDirectory() as folder:
        good = pathlib.Path(folder) / "good.yaml"
        good.write_text(GOOD % ("GT", 5, "Sigkill"))
        for path in files:
            for args in ((path, good), (good, path), (path, path)):
                got = diff(tpc, *args, "--format", "json")
                if got.returncode not in (0, 1) or b"TPC503" in got.stderr:
                    wrong.append(f"{path.name}: exit status {got.returncode}")
                if got.returncode == 0:
                    wrong += [f"{path.name}: {line}" for line in sound(json.loads(got.stdout))]
                if got.returncode == 0 and args[0] == args[1] and json.loads(got.stdout)["differs"]:
                    wrong.append(f"{path.name}: differs from itself")
    return wrong if files else ["there are no files"]


def large(kind, n, turn):
    """A policy with @n of something, the other way round when @turn."""
    head, selector = (GOOD % ("GT", 5, "Sigkill")).split("    selectors:\n")
    order = range(n - 1, -1, -1) if turn else range(n)
    if kind == "values":
        values = ", ".join(f'"{2 * i + turn}"' for i in order)
        return head + "    selectors:\n" + selector.replace("GT", "Equal").replace('"5"', values)
    if kind == "selectors":
        action = "Post" if turn else "Sigkill"
        return head + "    selectors:\n" + "".join(
            selector.replace("GT", "Mask").replace('"5"', f'"{i + 1}"').replace("Sigkill", action if i % 2 else "Sigkill")
            for i in order
        )
    if kind == "filters":
        lines = "".join(f'      - index: 0\n        operator: NotEqual\n        values: ["{3 * i + turn}"]\n' for i in order)
        return head + "    selectors:\n    - matchArgs:\n" + lines + "      matchActions:\n      - action: Sigkill\n"
    if kind == "actions":
        return head + "    selectors:\n    - matchActions:\n" + "".join(
            f"      - action: Signal\n        argSig: {1 + (i + turn) % 64}\n" for i in order
        )
    hook = (head + "    selectors:\n" + selector).split("  kprobes:\n")
    return hook[0] + "  kprobes:\n" + "".join(hook[1].replace('"5"', f'"{i + turn}"') for i in order)


def check_large(tpc):
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for kind, n in (("values", 40000), ("selectors", 4000), ("filters", 8000), ("actions", 12000), ("hooks", 3000)):
            for name, turn in (("old.yaml", 0), ("new.yaml", 1)):
                (work / name).write_text(large(kind, n, turn))
            got = diff(tpc, "old.yaml", "new.yaml", "--format", "json", cwd=work)
            if got.returncode or not json.loads(got.stdout)["differs"]:
                wrong.append(f"{kind}: exit status {got.returncode} {got.stderr.decode()[:300]}")
    return wrong


def check_corpus(tpc, folder):
    wrong, seen = [], 0
    with tempfile.TemporaryDirectory() as tmp:
        laid_out = pathlib.Path(tmp) / "laid-out.yaml"
        for path in sorted([*(folder / "policies").glob("*.yaml"), *(folder / "wild/policies").glob("*.yaml")]):
            got = diff(tpc, path, path)
            if got.returncode == 1:
                continue  # no policy, as corpus_test.py judges it
            seen += 1
            if got.returncode or got.stdout != b"no difference\n":
                wrong.append(f"{path.name} against itself: {got.stdout.decode()[:200]}")
            run(tpc, "fmt", path, "-o", laid_out)
            got = diff(tpc, path, laid_out)
            if got.returncode or got.stdout != b"no difference\n":
                wrong.append(f"{path.name} against its canonical layout: {got.stdout.decode()[:200]}")
    return wrong if seen > 100 else [*wrong, f"only {seen} policies"]


def main():
    tpc, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    update = "--update" in sys.argv[3:] or os.environ.get("TPC_UPDATE_GOLDEN") == "1"
    cases = sorted(p for p in (root / "testdata/diff").iterdir() if p.is_dir())
    folder = corpus(sys.argv[2])
    results = [(case.name, lambda case=case: check_case(tpc, case, update)) for case in cases]
    results.append(("exit statuses and streams", lambda: check_statuses(tpc)))
    results.append(("hostile input on both sides", lambda: check_hostile(tpc, root)))
    results.append(("large policies", lambda: check_large(tpc)))
    if folder:
        results.append(("published policies against themselves", lambda: check_corpus(tpc, folder)))
    failed = len(cases) < 40
    print(f"1..{len(results)}")
    for i, (name, check) in enumerate(results, 1):
        wrong = check()
        failed = failed or bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {i} {name}")
        print("".join(f"# {line}\n" for line in wrong), end="", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
