#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Guest instructions that a hook adds to one open + close: tpc's code against the same policy written by hand.

The guest runs under `qemu -icount shift=0`, where its time counts instructions. A reading is the fastest of 100
batches of 50 calls, into which no timer interrupt falls, and the least of three processes' readings counts.
Compared are what the program costs itself: with it attached, less with an empty program attached the same way;
and what it costs with its attachment: less with nothing attached. Boots must agree.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CLANG_FLAGS = ("--target=bpf", "-mcpu=v3", "-std=gnu11", "-O2", "-g", "-nostdinc", "-fno-stack-protector", "-w", "-c")
CASES = ("no-match", "depth-2", "depth-4", "depth-8", "mount-3")
VARIANTS = ("fentry", "kprobe")
AGREE = 0.001  # boots further apart than this are reported


class Failed(Exception):
    def __init__(self, text, status=3):
        super().__init__(text)
        self.status = 77 if status == 77 else 3  # 77: skipped, no QEMU or no kernel here


def main() -> int:
    args = parse(sys.argv[1:])
    try:
        with tempfile.TemporaryDirectory(prefix="tpc-bench-") as tmp:
            built = build(args, pathlib.Path(tmp))
            boots = [boot(args, built, pathlib.Path(tmp)) for _ in range(args.boots)]
    except Failed as why:
        print(f"bench/event: {why}", file=sys.stderr)
        return why.status
    result = summarise(boots, args)
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(table(result), end="")
    return 1 if result["faults"] else 0


def parse(argv):
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--tpc", default=str(ROOT / "build" / "tpc"))
    top.add_argument("--loader", default=str(ROOT / "build" / "tpc-loader"))
    top.add_argument("--object", help="measure this object of bench/event/policy.yaml instead of compiling it")
    top.add_argument("--kernel", default="debian", help="as for scripts/guest/run.py")
    top.add_argument("--clang", default="clang-19", help="for the hand-written programs")
    top.add_argument("--boots", type=int, default=2)
    top.add_argument("--calls", type=int, default=50, help="in a batch")
    top.add_argument("--batches", type=int, default=100, help="in a reading")
    top.add_argument("--json", metavar="FILE", help="write all figures there")
    top.add_argument("--dump", metavar="FILE", help="write the programs as the kernel has them there (needs bpftool)")
    top.add_argument("--jited", action="store_true", help="--dump with the machine code too")
    return top.parse_args(argv)


def run(*argv) -> str:
    try:
        done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False)
    except OSError as why:
        raise Failed(str(why)) from why
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise Failed(f"{argv[0]} ended with {done.returncode}: {said}", done.returncode)
    return done.stdout


def build(args, tmp: pathlib.Path) -> dict:
    """What goes into the guest, name -> file."""
    out = {name: tmp / name for name in ("hand.bpf.o", "empty.bpf.o", "tpc.bpf.o", "bench-trigger", "bench-loader")}
    for name in ("hand", "empty"):
        run(args.clang, *CLANG_FLAGS, HERE / f"{name}.bpf.c", "-o", out[f"{name}.bpf.o"])
    run("cc", "-std=gnu11", "-O2", "-static", HERE / "trigger.c", "-o", out["bench-trigger"])
    run("cc", "-std=gnu11", "-O2", HERE / "hand_loader.c", "-o", out["bench-loader"], "-lbpf")
    if args.object:
        out["tpc.bpf.o"].write_bytes(pathlib.Path(args.object).read_bytes())
    else:
        run(args.tpc, "compile", HERE / "policy.yaml", "-o", out["tpc.bpf.o"])
    return out


def boot(args, built: dict, tmp: pathlib.Path) -> dict:
    """One boot: {"ns": {side: {variant: {case: instructions a call}}}, "faults": [text]}"""
    dump = "jited" if args.jited else "1" if args.dump else ""
    script = f"CALLS={args.calls} BATCHES={args.batches} DUMP={dump}\n" + (HERE / "guest.sh").read_text("utf-8")
    argv = [sys.executable, ROOT / "scripts/guest/run.py", "shell", "--icount", "--kernel", args.kernel,
            "--append", "init_on_alloc=0", "--loader", args.loader, "--idle", "3000", "--limit", "3600",
            "--program", f"{built['bench-loader']}:/root/bench-loader", "--out", f"/root/dump:{tmp}/dump"]
    if dump:
        bpftool = shutil.which("bpftool") or "/usr/sbin/bpftool"
        argv += ["--program", f"{bpftool}:/bin/bpftool"]
    for name in ("hand.bpf.o", "empty.bpf.o", "tpc.bpf.o", "bench-trigger"):
        argv += ["--in", built[name]]
    text = run(*argv, "--", script)
    if args.dump:
        shutil.copy(tmp / "dump", args.dump)
    return read(text, args.calls)


def read(text: str, calls: int) -> dict:
    got = {"calls": {}, "faults": []}
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["fault"]:
            got["faults"].append(line[6:])
        elif len(words) == 4:
            side, variant, case = words[:3]
            got["calls"].setdefault(side, {}).setdefault(variant, {})[case] = int(words[3]) / calls
    return got


def summarise(boots: list, args) -> dict:
    faults = sorted({f for b in boots for f in b["faults"]})
    rows = []
    for variant in VARIANTS:
        for case in CASES:
            row = one_row(boots, variant, case, faults)
            if row:
                rows.append(row)
    return {"policy": "bench/event/policy.yaml", "kernel": args.kernel, "calls": args.calls, "boots": len(boots),
            "faults": faults, "rows": rows}


def one_row(boots: list, variant: str, case: str, faults: list):
    """The figures of a case; None where one of the four sides is missing. Of the boots the lowest."""
    readings = {}
    for side in ("none", "empty", "hand", "tpc"):
        key = "none" if side == "none" else variant
        values = [b["calls"].get(side, {}).get(key, {}).get(case) for b in boots]
        if None in values:
            return None
        if max(values) > min(values) * (1 + AGREE):
            faults.append(f"{side} {key} {case}: the boots say {min(values):.0f} and {max(values):.0f}")
        readings[side] = min(values)
    row = {"variant": variant, "case": case, "none": readings["none"]}
    row["empty"] = readings["empty"] - readings["none"]
    for side in ("hand", "tpc"):
        row[side] = readings[side] - readings["none"]
        row[f"{side}_itself"] = readings[side] - readings["empty"]
    row["ratio"] = row["tpc"] / row["hand"]
    row["ratio_itself"] = row["tpc_itself"] / row["hand_itself"]
    return row


def table(result: dict) -> str:
    lines = ["| attach | case | open+close | empty | hand | tpc | tpc / hand | hand, itself | tpc, itself | ratio |",
             "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    for r in result["rows"]:
        lines.append(f"| {r['variant']} | {r['case']} | {r['none']:.0f} | {r['empty']:.0f} | {r['hand']:.0f} | "
                     f"{r['tpc']:.0f} | {r['ratio']:.2f} | {r['hand_itself']:.0f} | {r['tpc_itself']:.0f} | "
                     f"{r['ratio_itself']:.2f} |")
    lines += [f"fault: {f}" for f in result["faults"]]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
