# SPDX-License-Identifier: Apache-2.0
"""Boot a kernel under QEMU's software emulation and read what the guest sends back.

Two serial lines: the first is the console and goes to a file as it comes; the second carries framed results:

    @@start NAME            the guest begins a unit of work
    @@done NAME SIZE        and ends it; SIZE bytes of tar.gz follow, then a newline
    @@end                   everything was done

A guest that panics, hangs or ends early leaves a unit started and not done: the caller fails that one.
"""

import dataclasses
import io
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time

from . import Skip

QEMU = "qemu-system-x86_64"
APPEND = ("console=ttyS0 loglevel=5 panic=-1 oops=panic softlockup_panic=1 softlockup_all_cpu_backtrace=1 "
          "random.trust_cpu=on tsc=reliable nokaslr "
          "lsm=lockdown,capability,landlock,yama,bpf rdinit=/init")
CONSOLE_TAIL = 40


@dataclasses.dataclass
class Options:
    memory: int = 1024     # MiB
    cpus: int = 2
    icount: bool = False   # one instruction is one nanosecond of guest time; forces one CPU
    append: str = ""       # more kernel command line
    idle: int = 180        # seconds without a byte from the guest before it counts as hung
    limit: int = 1800      # seconds for the whole boot


@dataclasses.dataclass
class Outcome:
    """What came back. `results` maps a unit's name to its files (name -> bytes)."""
    results: dict
    running: str     # the unit that was started and never done, or ""
    fault: str       # why the guest did not reach its end, or ""
    console: str
    seconds: float

    def tail(self) -> str:
        return "\n".join(self.console.splitlines()[-CONSOLE_TAIL:])


def end_on_sigterm():
    """Make SIGTERM (timeout(1) sends it) an exit that still stops QEMU and removes what is temporary."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def boot(kernel, initramfs: bytes, options: Options) -> Outcome:
    """One boot. Never raises for what the guest does; Skip when QEMU is not there."""
    if not shutil.which(QEMU):
        raise Skip(f"no {QEMU} here (apt-get install qemu-system-x86)")
    with tempfile.TemporaryDirectory(prefix="tpc-guest-") as tmp:
        files = {name: os.path.join(tmp, name) for name in ("initrd", "console", "channel", "stderr")}
        pathlib.Path(files["initrd"]).write_bytes(initramfs)
        for name in ("console", "channel"):
            pathlib.Path(files[name]).touch()
        started = time.monotonic()
        with open(files["stderr"], "wb") as stderr:
            qemu = subprocess.Popen(_command(kernel, files, options), stdin=subprocess.DEVNULL,
                                    stdout=stderr, stderr=stderr)
            try:
                fault = _watch(qemu, files, options)
            finally:
                qemu.kill()
                qemu.wait()
        return _outcome(files, fault, time.monotonic() - started)


def _command(kernel, files, options: Options):
    argv = [QEMU, "-accel", "tcg", "-m", str(options.memory), "-nodefaults", "-no-user-config",
            "-display", "none", "-no-reboot", "-monitor", "none",
            "-serial", f"file:{files['console']}", "-serial", f"file:{files['channel']}",
            "-kernel", str(kernel), "-initrd", files["initrd"],
            "-append", f"{APPEND} {options.append}".strip()]
    if options.icount:
        return argv + ["-smp", "1", "-icount", "shift=0,sleep=off", "-cpu", "max"]
    return argv + ["-smp", str(options.cpus), "-cpu", "max"]


def _watch(qemu, files, options: Options) -> str:
    """Wait for the end. A fault is a sentence; none is the empty string."""
    started = last_growth = time.monotonic()
    size = 0
    while qemu.poll() is None:
        time.sleep(0.05)
        now = time.monotonic()
        grown = os.path.getsize(files["channel"]) + os.path.getsize(files["console"])
        if grown != size:
            size, last_growth = grown, now
        if now - last_growth > options.idle:
            return f"the guest said nothing for {options.idle} s and was stopped"
        if now - started > options.limit:
            return f"the guest was stopped after {options.limit} s"
    if qemu.returncode:
        lines = pathlib.Path(files["stderr"]).read_text(errors="replace").strip().splitlines()
        return f"{QEMU} ended with status {qemu.returncode}: {lines[-1] if lines else 'no message'}"
    return ""


def _outcome(files, fault: str, seconds: float) -> Outcome:
    console = pathlib.Path(files["console"]).read_text(errors="replace").replace("\r", "")
    results, running, ended = parse_channel(pathlib.Path(files["channel"]).read_bytes())
    if not fault and not ended:
        fault = "the kernel panicked" if "Kernel panic" in console else "the guest ended before its work"
    return Outcome(results, running, fault, console, seconds)


def parse_channel(data: bytes):
    """(results, name of the unit under way, whether the end was seen). Stops at what it does not know."""
    results, running = {}, ""
    at = 0
    while at < len(data):
        end = data.find(b"\n", at)
        if end < 0:
            break
        words = data[at:end].decode(errors="replace").split()
        at = end + 1
        if words[:1] == ["@@start"] and len(words) == 2:
            running = words[1]
        elif words[:1] == ["@@done"] and len(words) == 3 and words[2].isdigit():
            size = int(words[2])
            if at + size > len(data):
                break
            results[words[1]] = _untar(data[at:at + size])
            running = ""
            at += size + 1
        elif words == ["@@end"]:
            return results, "", True
    return results, running, False


def _untar(data: bytes):
    files = {}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
        for member in tar:
            if member.isfile():
                files[member.name.removeprefix("./")] = tar.extractfile(member).read()
    return files
