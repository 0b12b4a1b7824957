#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every policy of the corpus: compiled or refused with a line, never a crash; what was compiled loads.

One TAP test a policy for the compiler, one a compiled object for the guest's verifier, and one for this
machine's where it is root and allows BPF. README.md says more.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # a test run leaves the tree as it was

from tpcguest import Broken, Skip, guest, kernel, vm
from tpcguest.tap import Tap

CORPUS = "/work/shared/corpus/policies"
COMPILE_LIMIT = 120
UNIT = 16
MAX_BOOTS = 4
COMPILED, NOT_YET, REFUSED, BROKEN = "compiled", "refused: not yet", "refused: error", "broken"


def main() -> int:
    args = parse()
    vm.end_on_sigterm()
    policies = sorted(pathlib.Path(args.corpus).glob("*.yaml"))
    if args.only:
        policies = [p for p in policies if re.search(args.only, p.name)]
    if not policies:
        Tap().skip_all(f"no corpus at {args.corpus}")
        return 0
    tap = Tap()
    try:
        with tempfile.TemporaryDirectory(prefix="tpc-corpus-") as tmp:
            work = pathlib.Path(args.keep or tmp)
            work.mkdir(parents=True, exist_ok=True)
            objects = compile_all(policies, args, work, tap)
            compare_expectations(objects, args, tap)
            objects = [name for name, kind in objects.items() if kind == COMPILED]
            if args.load:
                load_in_guest(objects, args, work, tap)
                load_here(objects, args, work, tap)
    except Broken as why:
        print(f"corpus.py: {why}", file=sys.stderr)
        return 2
    return tap.end()


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tpc", required=True)
    parser.add_argument("--loader", help="tpc-loader; without it nothing is loaded")
    parser.add_argument("--corpus", default=os.environ.get("TPC_CORPUS", CORPUS), help="folder of policies")
    parser.add_argument("--only", help="only policies whose file name has this expression")
    parser.add_argument("--kernel", default="debian")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", help="keep objects and diagnostics in this folder")
    parser.add_argument("--no-load", dest="load", action="store_false", help="compile only")
    parser.add_argument("--opt", default="-O2", choices=("-O0", "-O2"))
    args = parser.parse_args()
    if args.load and not args.loader:
        parser.error("--loader is needed, or --no-load")
    return args


def compile_all(policies, args, work, tap):
    """{policy's name: what became of it}; a test each."""
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        outcomes = list(pool.map(lambda p: compile_one(p, args, work), policies))
    counts = {kind: 0 for kind in (COMPILED, NOT_YET, REFUSED, BROKEN)}
    kinds = {}
    for policy, (kind, text) in zip(policies, outcomes):
        counts[kind] += 1
        kinds[policy.stem] = kind
        if kind == BROKEN:
            tap.fail(f"compile {policy.stem}", text)
        else:
            tap.ok(f"compile {policy.stem}: {kind}")
    tap.comment(f"corpus: {len(policies)} policies: " + ", ".join(f"{n} {kind}" for kind, n in counts.items()))
    return kinds


def compile_one(policy, args, work):
    out = work / f"{policy.stem}.bpf.o"
    out.unlink(missing_ok=True)  # --keep: of an earlier run
    argv = [args.tpc, "compile", args.opt, str(policy), "-o", str(out)]
    try:
        done = subprocess.run(argv, capture_output=True, check=False, timeout=COMPILE_LIMIT)
    except subprocess.TimeoutExpired:
        return BROKEN, f"not done after {COMPILE_LIMIT} s"
    except OSError as err:
        raise Broken(f"{args.tpc}: {err.strerror}") from err
    text = done.stderr.decode(errors="replace")
    (work / f"{policy.stem}.diag").write_text(text)
    if done.returncode == 0:
        return (COMPILED, "") if out.is_file() else (BROKEN, "exit 0 and no object")
    if done.returncode != 1:
        return BROKEN, f"ended with status {done.returncode}\n{text}"
    if out.exists():
        return BROKEN, f"refused, and yet there is an object\n{text}"
    errors = re.findall(rf"^.*{re.escape(policy.name)}:[1-9]\d*:[1-9]\d*: error: .*$", text, re.M)
    if not errors:
        return BROKEN, f"refused without FILE:LINE:COL: error:\n{text}"
    return (NOT_YET if any("not yet" in e or "not-yet" in e for e in errors) else REFUSED), text


def compare_expectations(kinds, args, tap):
    """Say, without judging, where the corpus's own manifest expects something else."""
    path = pathlib.Path(args.corpus, "..", "manifest.tsv")
    if not path.is_file():
        return
    for line in path.read_text().splitlines()[1:]:
        file, expect, stage = line.split("\t")[:3]
        kind = kinds.get(file.removesuffix(".yaml"))
        if expect == "accept" and kind == REFUSED:
            tap.comment(f"differs: {file} is refused, the manifest accepts it")
        if expect == "reject" and kind == COMPILED:
            tap.comment(f"differs: {file} is compiled, the manifest rejects it (stage {stage})")


def load_in_guest(objects, args, work, tap):
    try:
        image_path = kernel.find(args.kernel)
        base = guest.base_image(args.loader)
    except Skip as why:
        tap.skip("load in the guest", str(why))
        return
    base.add_text("work.sh", ". /lib/tpc/corpus.sh\n")
    pending, loaded, outcome = list(objects), 0, None
    for name in objects:
        base.add_file(f"objects/{name}", work / f"{name}.bpf.o")
    for _ in range(MAX_BOOTS):
        if not pending:
            break
        units = {f"u{i:04}": pending[i:i + UNIT] for i in range(0, len(pending), UNIT)}
        base.add_text("objects/units", "".join(f"{u} {' '.join(names)}\n" for u, names in units.items()))
        outcome = vm.boot(image_path, base.pack(), vm.Options(memory=2048, idle=2 * 300 + 60, limit=3600))
        tap.comment(f"boot of {args.kernel} for {len(pending)} objects: {outcome.seconds:.1f} s")
        left = []
        for unit, names in units.items():
            files = outcome.results.get(unit)
            if files is not None:
                loaded += sum(judge_load(name, files, tap) for name in names)
            elif unit == outcome.running:
                tap.fail(f"load {' '.join(names)}", f"{outcome.fault}; the console's end:\n{outcome.tail()}")
            else:
                left += names
        pending = left
        if outcome.fault and not outcome.running:
            break
    for name in pending:
        tap.fail(f"load {name}", f"not run: {outcome.fault}; the console's end:\n{outcome.tail()}")
    tap.comment(f"corpus: {loaded} of {len(objects)} objects load in the {args.kernel} guest")


def judge_load(name, files, tap) -> int:
    status = files.get(f"{name}.status", b"not run").decode().strip()
    said = b"".join(files.get(f"{name}.{stream}", b"") for stream in ("out", "err"))
    return report_load(f"load {name}", status, said.decode(errors="replace"), tap)


def report_load(test, status, said, tap) -> int:
    """1 when the object was loaded. A kernel without the hook is a skip; a refusal of the verifier is a failure."""
    cannot = re.search(r"this kernel can do none of its variants.*", said, re.S)
    if status == "exit 0":
        tap.ok(test)
        return 1
    if status == "exit 3" and cannot:
        tap.skip(test, " ".join(cannot.group(0).split())[:300])
    else:
        tap.fail(test, f"{status}\n{said[-3000:]}")
    return 0


def load_here(objects, args, work, tap):
    """The verifier of this machine, for the program types that it lets us load."""
    if os.geteuid() != 0:
        tap.skip("load here", "needs root")
        return
    loaded = 0
    for name in objects:
        argv = [args.loader, "run", str(work / f"{name}.bpf.o"), "--no-attach", "--variant", "all"]
        done = subprocess.run(argv, capture_output=True, text=True, errors="replace", check=False)
        status = f"exit {done.returncode}" if done.returncode >= 0 else f"signal {-done.returncode}"
        loaded += report_load(f"load here {name}", status, done.stdout + done.stderr, tap)
    tap.comment(f"corpus: {loaded} of {len(objects)} objects load here ({os.uname().release})")


if __name__ == "__main__":
    sys.exit(main())
