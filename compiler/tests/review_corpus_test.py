#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tpc review of each published policy, where the collection is there: no crash, the same bytes twice, and what it corrects is
accepted by tpc check, enforces no more (tpc diff), and leaves nothing more to correct.

    review_corpus_test.py TPC SOURCE_ROOT

Speaks TAP.
"""
import concurrent.futures
import filecmp
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from corpus import corpus

AT_LEAST = 40  # policies are corrected, else the test shows nothing

def run(*args):
    return subprocess.run([*map(str, args)], capture_output=True, text=True, timeout=300, check=False)


def tree(folder):
    return sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())


def same(a, b):
    return tree(a) == tree(b) and all(filecmp.cmp(a / p, b / p, shallow=False) for p in tree(a))


def accepted(tpc, path):
    return run(tpc, "check", "--btf", "none", path).returncode == 0


def mends(report):
    """Findings that a tool could still correct."""
    return [f"{f['place']} {f['code']} {f['text']}" for f in report["findings"] if f.get("mended") and not f.get("accepted")]


def review(tpc, policy, to):
    """Its JSON; None: it is no YAML, which is told, and nothing is written."""
    got = run(tpc, "review", "--btf", "none", "-o", to, policy)
    if got.returncode == 1 and not to.exists() and "[TPC104 yaml-syntax]" in got.stderr:
        return None
    if got.returncode not in (0, 1) or not (to / "report.json").is_file():
        raise AssertionError(f"exit status {got.returncode}: {got.stderr[-1000:]}")
    return json.loads((to / "report.json").read_text(encoding="utf-8"))


def judge(tpc, policy, folder):
    """(what is wrong or None, how many of its findings were corrected)"""
    first, second, again = (folder / f"{policy.parent.name}-{policy.stem}-{n}" for n in ("a", "b", "c"))
    try:
        report = review(tpc, policy, first)
        if report is None:
            return None, 0
        review(tpc, policy, second)
    except AssertionError as e:
        return str(e), 0
    return ("two runs differ" if not same(first, second) else judge_corrected(tpc, policy, first, again)), len(mends(report))


def judge_corrected(tpc, policy, first, again):
    for corrected in sorted((first / "corrected").glob("*.yaml")):
        if not accepted(tpc, policy):
            continue
        if not accepted(tpc, corrected):
            return f"tpc check refuses {corrected.name}: {run(tpc, 'check', '--btf', 'none', corrected).stderr[:1000]}"
        diff = run(tpc, "diff", "--btf", "none", "--fail-on", "widening", policy, corrected)
        if diff.returncode:
            return f"{corrected.name} enforces more:\n{diff.stdout}{diff.stderr}"
        left = mends(review(tpc, corrected, again))
        if left:
            return "more to correct: " + "; ".join(left)
    return None


def main():
    tpc, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    folder = corpus(root)
    if not folder:
        print("1..0 # SKIP no collection: TPC_CORPUS, or ../shared/corpus")
        return 0
    policies = sorted(p for d in ("policies", "wild/policies", "wild/surprises") for p in (folder / d).glob("*.y*ml"))
    failed = corrected = 0
    with tempfile.TemporaryDirectory() as tmp, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda p: judge(tpc, p, pathlib.Path(tmp)), policies))
    for n, (policy, (why, n_mends)) in enumerate(zip(policies, results), 1):
        corrected += n_mends > 0
        failed += why is not None
        print(f"{'not ok' if why else 'ok'} {n} - {policy.parent.name}/{policy.name}")
        if why:
            print("\n".join(f"# {line}" for line in why.splitlines()))
    enough = corrected >= AT_LEAST
    print(f"{'ok' if enough else 'not ok'} {len(policies) + 1} - {corrected} of {len(policies)} policies are corrected")
    print(f"1..{len(policies) + 1}")
    return int(failed > 0 or not enough)


if __name__ == "__main__":
    sys.exit(main())
