#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many policies a second `tpc check` reads.

1,000 policies, each with a name of its own, in one run: once as a file each, once in files of 50 documents. CPU is
user and system time of the process, the least of several runs; callgrind's instructions a policy where there is
valgrind: those can be compared between runs and machines, seconds cannot.
"""

import argparse
import itertools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from common import Failed, add_options, policies, run as run_bench, version  # noqa: E402

DOCUMENTS = 50  # in a file of many


def main() -> int:
    return run_bench("check", parse(sys.argv[1:]), measure, report)


def parse(argv):
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--policies", type=int, default=1000, help="in one run")
    top.add_argument("--repeat", type=int, default=7, help="runs, of which the least counts")
    top.add_argument("--no-callgrind", action="store_true")
    add_options(top)
    return top.parse_args(argv)


def measure(args, tmp: pathlib.Path) -> dict:
    files = policies(args)
    good = [f for f in files if not run(args.tpc, [f])[0]]
    if not good:
        raise Failed(f"{args.tpc} finds a fault in each of {len(files)} policies")
    texts = [renamed(good[i % len(good)].read_text("utf-8"), i) for i in range(args.policies)]
    ways = {"one a file": write(tmp / "single", texts, 1),
            f"{DOCUMENTS} a file": write(tmp / "many", texts, DOCUMENTS)}
    result = {"tpc": version(args.tpc), "policies": len(texts), "of": len(good),
              "left_out": [f.name for f in files if f not in good], "ways": {}}
    for name, paths in ways.items():
        result["ways"][name] = {"files": len(paths), "bytes": sum(p.stat().st_size for p in paths),
                                "cpu_s": least_cpu(args, paths)}
    if not args.no_callgrind and shutil.which("valgrind"):
        for name, paths in ways.items():
            start, all_of_it = callgrind(args.tpc, paths[:0], tmp), callgrind(args.tpc, paths, tmp)
            result["ways"][name]["instructions_a_policy"] = (all_of_it - start) // len(texts)
    return result


def renamed(text, i) -> str:
    """Two policies of one name are an error."""
    number = itertools.count()
    return re.sub(r"(metadata:\s*name:).*", lambda m: f"{m[1]} bench-{i}-{next(number)}", text)


def write(folder, texts, documents):
    folder.mkdir()
    paths = []
    for i in range(0, len(texts), documents):
        paths.append(folder / f"{i:06}.yaml")
        paths[-1].write_text("\n---\n".join(texts[i:i + documents]), encoding="utf-8")
    return paths


def run(tpc, paths):
    """Exit status of one `tpc check`, what it wrote to standard error, and its CPU seconds, its own alone."""
    with tempfile.TemporaryFile() as err:
        child = subprocess.Popen([tpc, "check", *paths], stdout=subprocess.DEVNULL, stderr=err)
        _, status, use = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        return child.returncode, err.read().decode(errors="replace"), use.ru_utime + use.ru_stime


def least_cpu(args, paths) -> float:
    best = None
    for _ in range(args.repeat):
        status, err, cpu = run(args.tpc, paths)
        if status:
            raise Failed(f"tpc check: exit status {status}: {err[-500:]}")
        best = cpu if best is None else min(best, cpu)
    return best


def callgrind(tpc, paths, tmp) -> int:
    """Instructions of one run; of no file those of the start of the process."""
    argv = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={tmp}/callgrind", tpc,
            *(["check", *paths] if paths else ["--version"])]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    found = re.search(r"Collected : (\d+)", done.stderr)
    if not found:
        raise Failed(f"valgrind: {done.stderr.strip()[-500:]}")
    return int(found.group(1))


def report(result: dict) -> str:
    lines = [f"{result['tpc']}; tpc check of {result['policies']} policies, made of {result['of']}", "",
             "| documents | files | KiB | CPU s | policies a CPU second | instructions a policy |",
             "| --- | --- | --- | --- | --- | --- |"]
    for name, way in result["ways"].items():
        lines.append(f"| {name} | {way['files']} | {way['bytes'] / 1024:.0f} | {way['cpu_s']:.3f} | "
                     f"{result['policies'] / max(way['cpu_s'], 1e-6):.0f} | "
                     f"{way.get('instructions_a_policy', 'no valgrind')} |")
    if result["left_out"]:
        lines += ["", f"left out, with errors: {len(result['left_out'])} files"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
