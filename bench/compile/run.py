#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What tpc costs beside clang.

`tpc compile` of each policy, many times; the median of (wall time) / (the clang run inside it, which
`--time` tells), once as tpc measures itself and once seen from outside, with the process's start and end.

Ratios of one run can be compared between machines; milliseconds cannot.
"""

import argparse
import json
import pathlib
import resource
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from common import Failed, add_options, policies, run as run_bench, version  # noqa: E402

STAGES = ("frontend_us", "btf_us", "passes_us", "backend_us", "clang_us", "rest_us", "total_us")


def main() -> int:
    return run_bench("compile", parse(sys.argv[1:]), measure, report)


def parse(argv):
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--repeat", type=int, default=15, help="compilations of each policy")
    add_options(top)
    return top.parse_args(argv)


def measure(args, tmp: pathlib.Path) -> dict:
    files = policies(args)
    good = [f for f in files if compiles(args.tpc, f, tmp)]
    if not good:
        raise Failed(f"{args.tpc} compiles none of {len(files)} policies")
    samples = {f: [] for f in good}
    for _ in range(args.repeat):  # round by round, so that a busy minute of the machine hits all alike
        for f in good:
            samples[f].append(compile_once(args.tpc, f, tmp))
    return {"tpc": version(args.tpc), "clang": version("clang-19"), "repeat": args.repeat,
            "left_out": [f.name for f in files if f not in good],
            "compile": [one_compile(f, samples[f]) for f in good]}


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


def report(result: dict) -> str:
    lines = [f"{result['tpc']}; {result['clang']}; {result['repeat']} compilations of each policy, medians", "",
             "| policy | front end µs | BTF ms | passes µs | back end µs | clang ms | rest ms | total/clang | process/clang |",
             "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    for r in result["compile"]:
        lines.append(f"| {r['file']} | {r['frontend_us']:.0f} | {r['btf_us'] / 1000:.1f} | "
                     f"{r['passes_us']:.0f} | {r['backend_us']:.0f} | {r['clang_us'] / 1000:.1f} | {r['rest_us'] / 1000:.1f} | {r['total_by_clang']:.3f} | "
                     f"{r['process_by_clang']:.3f} |")
    ratios = [r["process_by_clang"] for r in result["compile"]]
    lines += ["", f"process/clang: median {statistics.median(ratios):.3f}, worst {max(ratios):.3f}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
