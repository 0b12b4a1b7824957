# SPDX-License-Identifier: Apache-2.0
"""What the measurements of tpc itself share: which policies, which versions, how figures are written."""

import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "corpus" / "policies"


class Failed(Exception):
    pass


def run(name, args, measure, report) -> int:
    """Exit status of measure(args, folder) and report(its result), with all figures in args.json."""
    try:
        with tempfile.TemporaryDirectory(prefix="tpc-bench-") as tmp:
            result = measure(args, pathlib.Path(tmp))
    except (Failed, OSError) as why:
        print(f"bench/{name}: {why}", file=sys.stderr)
        return 3
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(report(result), end="")
    return 0


def add_options(top):
    top.add_argument("--tpc", default=str(ROOT / "build" / "tpc"))
    top.add_argument("--json", metavar="FILE", help="write all figures there")
    top.add_argument("file", nargs="*", help="policies (default: testdata's, and Tetragon's examples where they are)")


def policies(args):
    if args.file:
        return [pathlib.Path(f) for f in args.file]
    ours = [*ROOT.glob("testdata/policies/*.yaml"), *ROOT.glob("testdata/golden/*/policy.yaml"),
            ROOT / "bench" / "event" / "policy.yaml"]
    return sorted(ours) + sorted(SHARED.glob("examples__*.yaml"))


def version(program) -> str:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip().partition("\n")[0]
