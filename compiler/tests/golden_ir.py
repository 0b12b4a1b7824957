#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What each topic of the language becomes in the IR: testdata/ir/NAME.yaml against NAME.ir (-O0, --btf none).

    golden_ir.py TPC FOLDER [--update]

Where NAME.O2.ir is there too, the optimized IR is compared with it. --update, or TPC_UPDATE_GOLDEN=1 (meson test
--setup update), rewrites the files instead; the difference that git shows is what a reviewer reads. Speaks TAP.
"""
import os
import pathlib
import sys

from golden import compare, run


def check_level(tpc, policy, level, path, update):
    got = run([tpc, "compile", level, "--emit", "ir", "--btf", "none", "-o", "-", str(policy)])
    if got.returncode:
        return [f"{path.name}: exit status {got.returncode}", *got.stderr.decode().splitlines()]
    return compare(path, got.stdout.decode(), update)


def check_case(tpc, policy, update):
    optimized = policy.with_suffix(".O2.ir")
    wrong = check_level(tpc, policy, "-O0", policy.with_suffix(".ir"), update)
    if optimized.exists():
        wrong += check_level(tpc, policy, "-O2", optimized, update)
    return wrong


def main():
    update = "--update" in sys.argv or os.environ.get("TPC_UPDATE_GOLDEN") == "1"
    tpc, root = sys.argv[1], pathlib.Path(sys.argv[2])
    policies = sorted(root.glob("*.yaml"))
    orphans = [p.name for p in root.glob("*.ir") if not (root / (p.name.split(".")[0] + ".yaml")).exists()]
    failed = len(orphans)
    print(f"1..{len(policies) + len(orphans)}")
    for i, policy in enumerate(policies, 1):
        wrong = check_case(tpc, policy, update)
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {i} {policy.stem}")
        for line in wrong:
            print(f"# {line}")
        sys.stdout.flush()
    for i, name in enumerate(orphans, len(policies) + 1):
        print(f"not ok {i} {name} belongs to no policy")
    return 1 if failed or not policies else 0


if __name__ == "__main__":
    sys.exit(main())
