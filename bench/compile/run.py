#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What tpc costs beside clang, and how many policies a second it checks.

compile: `tpc compile` of each policy, many times; the median of (wall time) / (the clang run inside it, which
`--time` tells), once as tpc measures itself and once seen from outside, with the process's start and end.
check: policies a second of one `tpc check` over 1,000 files, and callgrind's instructions a policy.

Ratios of one run can be compared between machines; milliseconds cannot.
"""

import argparse
import itertools
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared" / "corpus" / "policies"
STAGES = ("frontend_us", "passes_us", "backend_us", "clang_us", "rest_us", "total_us")


class Failed(Exception):
    pass


def main() -> int:
    args = parse(sys.argv[1:])
    try:
        with tempfile.TemporaryDirectory(prefix="tpc-bench-") as tmp:
            result = measure(args, pathlib.Path(tmp))
    except (Failed, OSError) as why:
        print(f"bench/compile: {why}", file=sys.stderr)
        return 3
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(report(result), end="")
    return 0


def parse(argv):
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--tpc", default=str(ROOT / "build" / "tpc"))
    top.add_argument("--repeat", type=int, default=15, help="compilations of each policy")
    top.add_argument("--policies", type=int, default=1000, help="in the one run of tpc check")
    top.add_argument("--no-callgrind", action="store_true")
    top.add_argument("--json", metavar="FILE", help="write all figures there")
    top.add_argument("file", nargs="*", help="policies (default: testdata's, and Tetragon's examples where they are)")
    return top.parse_args(argv)


def measure(args, tmp: pathlib.Path) -> dict:
    files = [pathlib.Path(f) for f in args.file] or default_files()
    good = [f for f in files if compiles(args.tpc, f, tmp)]
    if not good:
        raise Failed(f"{args.tpc} compiles none of {len(files)} policies")
    samples = {f: [] for f in good}
    for _ in range(args.repeat):  # round by round, so that a busy minute of the machine hits all alike
        for f in good:
            samples[f].append(compile_once(args.tpc, f, tmp))
    return {"tpc": version(args.tpc), "clang": version("clang-19"), "repeat": args.repeat,
            "left_out": [f.name for f in files if f not in good],
            "compile": [one_compile(f, samples[f]) for f in good],
            "check": check(args, good, tmp)}


def default_files():
    ours = [*ROOT.glob("testdata/policies/*.yaml"), *ROOT.glob("testdata/golden/*/policy.yaml"),
            ROOT / "bench" / "event" / "policy.yaml"]
    return sorted(ours) + sorted(SHARED.glob("examples__*.yaml"))


def version(program) -> str:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip().partition("\n")[0]


def compiles(tpc, file, tmp) -> bool:
    done = subprocess.run([tpc, "compile", file, "-o", tmp / "x.o"], capture_output=True, check=False)
    return done.returncode == 0


def children_cpu() -> float:
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime


def compile_once(tpc, file, tmp) -> dict:
    """Microseconds of one compilation."""
    cpu, start = children_cpu(), time.monotonic_ns()
    done = subprocess.run([tpc, "compile", file, "-o", tmp / "x.o", "--time"], capture_output=True, text=True,
                          check=False)
    wall = (time.monotonic_ns() - start) / 1000
    if done.returncode:
        raise Failed(f"{file} stopped to compile: {done.stderr.strip()[-500:]}")
    got = json.loads(done.stderr.strip().splitlines()[-1])
    got["process_us"] = wall
    got["cpu_us"] = (children_cpu() - cpu) * 1e6
    return got


def one_compile(file, samples) -> dict:
    row = {"file": file.parent.name + "/" + file.name}
    for key in (*STAGES, "process_us", "cpu_us"):
        row[key] = statistics.median(s[key] for s in samples)
    row["total_by_clang"] = statistics.median(s["total_us"] / s["clang_us"] for s in samples)
    row["process_by_clang"] = statistics.median(s["process_us"] / s["clang_us"] for s in samples)
    return row


def check(args, good, tmp) -> dict:
    folder = tmp / "many"
    folder.mkdir()
    for i in range(args.policies):
        (folder / f"{i:05}.yaml").write_text(renamed(good[i % len(good)].read_text("utf-8"), i), encoding="utf-8")
    cpu, start = children_cpu(), time.monotonic_ns()
    status = subprocess.run([args.tpc, "check", folder], capture_output=True, check=False)
    wall = (time.monotonic_ns() - start) / 1e9
    cpu = children_cpu() - cpu
    if status.returncode:
        raise Failed(f"tpc check: {status.stderr.decode(errors='replace')[:500]}")
    result = {"policies": args.policies, "wall_s": wall, "cpu_s": cpu,
              "policies_a_wall_second": args.policies / wall, "policies_a_cpu_second": args.policies / cpu}
    if not args.no_callgrind and shutil.which("valgrind"):
        many = sorted(folder.iterdir())
        few, most = callgrind(args.tpc, many[:10], tmp), callgrind(args.tpc, many[:110], tmp)
        result["callgrind_start"] = few - (most - few) // 10
        result["callgrind_a_policy"] = (most - few) // 100
        result["callgrind"] = [{"file": f.parent.name + "/" + f.name, "instructions": callgrind(args.tpc, [f], tmp)}
                               for f in good]
    return result


def renamed(text, i) -> str:
    """Two policies of one name are an error."""
    number = itertools.count()
    return re.sub(r"(metadata:\s*name:).*", lambda m: f"{m[1]} bench-{i}-{next(number)}", text)


def callgrind(tpc, files, tmp) -> int:
    """Instructions of one `tpc check`, the start of the process with its dynamic linking included."""
    argv = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={tmp}/callgrind", tpc, "check", *files]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    found = re.search(r"Collected : (\d+)", done.stderr)
    if not found:
        raise Failed(f"valgrind: {done.stderr.strip()[-500:]}")
    return int(found.group(1))


def report(result: dict) -> str:
    lines = [f"{result['tpc']}; {result['clang']}; {result['repeat']} compilations of each policy, medians", "",
             "| policy | front end µs | passes µs | back end µs | clang ms | rest ms | total/clang | process/clang |",
             "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for r in result["compile"]:
        lines.append(f"| {r['file']} | {r['frontend_us']:.0f} | {r['passes_us']:.0f} | {r['backend_us']:.0f} | "
                     f"{r['clang_us'] / 1000:.1f} | {r['rest_us'] / 1000:.1f} | {r['total_by_clang']:.3f} | "
                     f"{r['process_by_clang']:.3f} |")
    ratios = [r["process_by_clang"] for r in result["compile"]]
    lines += ["", f"process/clang: median {statistics.median(ratios):.3f}, worst {max(ratios):.3f}"]
    c = result["check"]
    lines.append(f"tpc check of {c['policies']} files: {c['wall_s']:.2f} s, CPU {c['cpu_s']:.2f} s: "
                 f"{c['policies_a_cpu_second']:.0f} policies a CPU second")
    if "callgrind_a_policy" in c:
        lines.append(f"callgrind: {c['callgrind_start']} instructions to start, {c['callgrind_a_policy']} a policy")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
