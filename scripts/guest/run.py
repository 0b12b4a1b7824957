#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run things in a QEMU guest: the live cases (default), a smoke check, or any command. See README.md."""

import argparse
import pathlib
import shlex
import sys
import tempfile

sys.dont_write_bytecode = True  # a test run leaves the tree as it was

from tpcguest import Broken, Skip, cases, guest, kernel, vm
from tpcguest.tap import Tap

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIVE = ROOT / "testdata" / "live"
MAX_BOOTS = 5
SMOKE = """unit_start smoke
{ uname -a; echo "lsm: $(cat /sys/kernel/security/lsm)"; ls -l /sys/kernel/btf/vmlinux
  echo "tracepoints: $(ls /sys/kernel/tracing/events | wc -l) subsystems"; mount | grep -E 'trace|bpf|security'
  tpc-trigger open /nowhere; echo "trigger: exit $?"; cat /proc/uptime; } >/out/smoke/text 2>&1
unit_done smoke
"""


def main() -> int:
    args = parse(sys.argv[1:])
    vm.end_on_sigterm()
    try:
        return args.work(args)
    except Skip as why:
        if args.work is run_cases:
            Tap().skip_all(str(why))
            return 0
        print(f"run.py: {why}", file=sys.stderr)
        return 77
    except Broken as why:
        print(f"run.py: {why}", file=sys.stderr)
        return 2


def parse(argv):
    top = argparse.ArgumentParser(description=__doc__)
    top.set_defaults(work=run_cases)
    _common(top)
    top.add_argument("--tpc", help="the compiler")
    top.add_argument("--case", action="append", default=[], help="only this case (may be repeated)")
    top.add_argument("--cases", default=str(LIVE), help="folder of cases (default: testdata/live)")
    top.add_argument("--opt", choices=("-O0", "-O2"), default="-O2", help="passes off or on (write --opt=-O0)")
    top.add_argument("--variant", help="only this attach type; cases that have none of it are skipped")
    top.add_argument("--tap", action="store_true", help="accepted for symmetry: TAP is the only output")
    top.add_argument("--keep", help="keep objects and what came back in this folder")
    modes = top.add_subparsers(metavar="MODE")
    smoke = modes.add_parser("smoke", help="boot and print what the guest has")
    smoke.set_defaults(work=run_smoke)
    _common(smoke)
    shell = modes.add_parser("shell", help="run one command in the guest")
    shell.set_defaults(work=run_shell)
    _common(shell)
    shell.add_argument("--in", dest="inputs", action="append", default=[], metavar="FILE[:GUEST]",
                       help="copy a file or folder into the guest (default: /root/NAME)")
    shell.add_argument("--program", action="append", default=[], metavar="FILE[:GUEST]",
                       help="copy a program with its shared libraries (default: /bin/NAME)")
    shell.add_argument("--out", action="append", default=[], metavar="GUEST:FILE",
                       help="copy a file of the guest back afterwards")
    shell.add_argument("command", nargs="+", help="one word is a line for sh, several are a command")
    return top.parse_args(argv)


def _common(parser):
    parser.add_argument("--loader", help="tpc-loader, copied into the guest with its libraries")
    parser.add_argument("--kernel", default="debian", help="debian, override, or the path of an image")
    parser.add_argument("--memory", type=int, default=1024, help="MiB")
    parser.add_argument("--smp", type=int, default=2)
    parser.add_argument("--icount", action="store_true", help="count instructions: one is one ns, one CPU")
    parser.add_argument("--append", default="", help="more kernel command line")
    parser.add_argument("--idle", type=int, default=180, help="seconds of silence that count as a hang")
    parser.add_argument("--limit", type=int, default=1800, help="seconds for a whole boot")


def options(args) -> vm.Options:
    return vm.Options(args.memory, args.smp, args.icount, args.append, args.idle, args.limit)


def run_smoke(args) -> int:
    image = guest.base_image(args.loader)
    image.add_text("work.sh", SMOKE)
    packed = image.pack()
    outcome = vm.boot(kernel.find(args.kernel), packed, options(args))
    print(f"initramfs: {len(packed) / 1e6:.1f} MB; boot to power-off: {outcome.seconds:.1f} s")
    print(outcome.results.get("smoke", {}).get("text", b"").decode(errors="replace"), end="")
    if outcome.fault:
        print(f"{outcome.fault}; the console's end:\n{outcome.tail()}", file=sys.stderr)
    return 3 if outcome.fault else 0


def run_shell(args) -> int:
    image = guest.base_image(args.loader)
    for add, default, items in ((image.add_program, "/bin", args.program), (_add, "/root", args.inputs)):
        for item in items:
            source, _, target = item.partition(":")
            name = target or f"{default}/{pathlib.Path(source).name}"
            if not pathlib.Path(source).exists():
                raise Broken(f"no {source}")
            add(*((image,) if add is _add else ()), name, source)
    command = args.command[0] if len(args.command) == 1 else shlex.join(args.command)
    image.add_text("work.sh", _shell_work(command, args.out))
    how = options(args)
    how.idle = how.limit  # one unit, which says nothing before its end
    outcome = vm.boot(kernel.find(args.kernel), image.pack(), how)
    files = outcome.results.get("shell", {})
    sys.stdout.write(files.get("stdout", b"").decode(errors="replace"))
    sys.stderr.write(files.get("stderr", b"").decode(errors="replace"))
    for i, item in enumerate(args.out):
        if f"file{i}" not in files:
            print(f"run.py: the guest has no {item.partition(':')[0]}", file=sys.stderr)
        else:
            pathlib.Path(item.partition(":")[2]).write_bytes(files[f"file{i}"])
    if outcome.fault:
        print(f"run.py: {outcome.fault}; the console's end:\n{outcome.tail()}", file=sys.stderr)
        return 3
    return int(files.get("status", b"3"))


def _add(image, name, source):
    (image.add_tree if pathlib.Path(source).is_dir() else image.add_file)(name, source)


def _shell_work(command: str, outputs) -> str:
    lines = ["unit_start shell", f"(cd /root; exec 9>&-\n{command}\n) >/out/shell/stdout 2>/out/shell/stderr",
             "echo $? >/out/shell/status"]
    for i, item in enumerate(outputs):
        lines.append(f"cp {shlex.quote(item.partition(':')[0])} /out/shell/file{i}")
    return "\n".join([*lines, "unit_done shell", ""])


def run_cases(args) -> int:
    chosen = cases.load_all(args.cases)
    unknown = set(args.case) - {case.name for case in chosen}
    if unknown:
        raise Broken(f"no case {sorted(unknown)[0]} in {args.cases}")
    if args.case:
        chosen = [case for case in chosen if case.name in args.case]
    name = args.kernel if args.kernel in kernel.NAMES else "debian"
    image_path = kernel.find(args.kernel)
    tap = Tap()
    tap.comment(f"kernel {args.kernel}: {image_path}")
    with tempfile.TemporaryDirectory(prefix="tpc-cases-") as tmp:
        keep = pathlib.Path(args.keep or tmp)
        keep.mkdir(parents=True, exist_ok=True)
        pending = []
        for case in chosen:
            if not case.runs_on(name):
                tap.skip(case.name, f"is for the {case.spec['kernel']} kernel")
            else:
                pending += _prepare(case, args, keep, tap)
        _run_pending(pending, image_path, args, keep, tap)
    return tap.end()


def _prepare(case, args, keep, tap):
    """[(case, object)] for a case that can run; a failed test and nothing for one that cannot."""
    if case.spec.get("loader", {}).get("none"):
        return [(case, None)]
    if not args.tpc or not args.loader:
        raise Broken("--tpc and --loader are needed for the cases")
    obj = keep / f"{case.name}.bpf.o"
    why = cases.compile_case(case, [args.tpc, "compile", args.opt], obj)
    if why:
        tap.fail(case.name, why)
        return []
    return [(case, obj)]


def _run_pending(pending, image_path, args, keep, tap):
    """Boot as often as it takes: a case that brings the guest down twice fails, the ones after it get another.

    Twice, because a guest under emulation has been seen to lock up once in many runs, without a pattern. The first
    time is not kept quiet: the console's end stands in the TAP.
    """
    downed = set()
    for _ in range(MAX_BOOTS):
        if not pending:
            return
        image = guest.base_image(args.loader)
        for case, obj in pending:
            cases.install(case, image, obj, ["--variant", args.variant] if args.variant else [])
        image.add_text("cases/order", "\n".join(case.name for case, _ in pending) + "\n")
        image.add_text("work.sh", ". /lib/tpc/cases.sh\n")
        outcome = vm.boot(image_path, image.pack(), options(args))
        tap.comment(f"boot of {len(pending)} cases: {outcome.seconds:.1f} s")
        pending = _report(pending, outcome, args, keep, tap, downed)
        if outcome.fault and not outcome.running:
            break
    for case, _ in pending:
        tap.fail(case.name, f"not run: {outcome.fault or 'too many boots'}; the console's end:\n{outcome.tail()}")


def _report(pending, outcome, args, keep, tap, downed):
    """Report what came back; the cases that did not get their turn."""
    left = []
    for case, obj in pending:
        if case.name in outcome.results:
            _report_case(case, outcome.results[case.name], args, keep, tap)
        elif case.name == outcome.running and case.name not in downed:
            downed.add(case.name)
            left.append((case, obj))
            tap.comment(f"{case.name} once more: {outcome.fault}; the console's end:\n{outcome.tail()}")
        elif case.name == outcome.running:
            tap.fail(case.name, f"{outcome.fault}; the console's end:\n{outcome.tail()}")
        else:
            left.append((case, obj))
    return left


def _report_case(case, files, args, keep, tap):
    if args.keep:
        for name, data in files.items():
            target = keep / case.name / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    wrong = cases.judge(case, files)
    stderr = files.get("loader.err", b"").decode(errors="replace").strip()
    if not wrong:
        tap.ok(case.name)
        return
    if args.variant and f"passed over: --variant {args.variant}" in stderr and b"exit 3" in files["loader.status"]:
        tap.skip(case.name, f"has a hook that {args.variant} cannot do")
        return
    if stderr:
        wrong += ["tpc-loader's standard error:", stderr[-4000:]]
    tap.fail(case.name, "\n".join(wrong))


if __name__ == "__main__":
    sys.exit(main())
