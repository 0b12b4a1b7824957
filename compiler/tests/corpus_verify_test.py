#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tpc verify says nothing of the object of each published policy that compiles, where the collection is there.

    corpus_verify_test.py TPC SOURCE_ROOT

Against the types of each kernel at hand: this machine's, and the 6.1 kernels that the guests boot. Speaks TAP.
"""
import concurrent.futures
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from corpus import corpus
from kernel_elf import HERE_BTF, guest_kernels

# Policies with a hook that a kernel does not have, and what that is.
NO_HOOK = {
    "test__kprobe_test__TestMaxPath__1.yaml": "there is no function 'security_file_truncate'",  # since Linux 6.2
}
AT_LEAST = 40  # policies compile; the back end grows, so there may be more


def run(*args):
    return subprocess.run([*map(str, args)], capture_output=True, text=True, timeout=300, check=False)


def findings(tpc, obj, kernels):
    """What verify says, each finding a line; None: all is well."""
    options = [o for k in kernels for o in ("--btf", k)]
    got = run(tpc, "verify", "--format", "json", "--min-kernel", "5.15", *options, obj)
    report = json.loads(got.stdout)
    lines = [f"{c['check']} {c.get('about', '')}: {f['message']}" for c in report["checks"] for f in c["findings"]]
    return "\n".join(lines) or (None if got.returncode == 0 else f"exit {got.returncode}")


def judge(tpc, policy, folder, kernels):
    """(compiled, what is wrong or None)"""
    obj = folder / f"{policy.name}.bpf.o"
    if run(tpc, "compile", policy, "-o", obj).returncode:
        return False, None
    return True, findings(tpc, obj, kernels)


def main():
    tpc, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    folder = corpus(root)
    if not folder:
        print("1..0 # SKIP no collection: TPC_CORPUS, or ../shared/corpus")
        return 0
    with open(folder / "manifest.tsv", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f, delimiter="\t"))
    policies = [folder / "policies" / r["file"] for r in rows if r["expect"] == "accept"]
    failed = 0
    with tempfile.TemporaryDirectory() as tmp, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        tmp = pathlib.Path(tmp)
        kernels = [HERE_BTF] * HERE_BTF.exists() + guest_kernels(root.resolve(), tmp)
        old = len(kernels) > HERE_BTF.exists()
        results = list(pool.map(lambda p: judge(tpc, p, tmp, kernels), policies))
    compiled = [(p, why) for p, (ok, why) in zip(policies, results) if ok]
    for n, (policy, why) in enumerate(compiled, 1):
        wanted = NO_HOOK.get(policy.name) if old else None
        good = why is None if wanted is None else why is not None and wanted in why
        failed += not good
        print(f"{'ok' if good else 'not ok'} {n} - {policy.name} against {len(kernels)} kernels")
        if not good:
            print("\n".join(f"# {line}" for line in (why or "no finding").splitlines()))
    enough = len(compiled) >= AT_LEAST
    print(f"{'ok' if enough else 'not ok'} {len(compiled) + 1} - {len(compiled)} of {len(policies)} policies compile")
    print(f"1..{len(compiled) + 1}")
    return int(failed > 0 or not enough)


if __name__ == "__main__":
    sys.exit(main())
