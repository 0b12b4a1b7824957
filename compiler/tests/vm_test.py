# SPDX-License-Identifier: Apache-2.0
"""tpc verify --vm: as nobody, it says of each object what the kernel says that the other tests boot; and whatever the
kernel's file or the guest may be, it ends with a clear answer."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from elf_edit import Object  # noqa: E402

ROOT = pathlib.Path(os.environ["TPC_SOURCE_ROOT"])
sys.path.insert(0, str(ROOT / "scripts/guest"))
from tpcguest import Skip, kernel as kernels  # noqa: E402  pylint: disable=import-error

TPC = os.environ["TPC"]
LOADER = os.environ["TPC_LOADER"]
NOBODY = 65534
GOLDEN = ["actions", "binaries", "integers", "lsm-file-open-override", "tracepoint-strings", "two-policies-one-hook"]
NO_HOOK = """apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata:
  name: nowhere
spec:
  lsmhooks:
  - hook: no_such_hook_at_all
"""
# Linux 6.1 has two parameters there, later ones have three: only the kprobe variant fits.
OTHER_PROTOTYPE = """apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata:
  name: prototype
spec:
  kprobes:
  - call: tty_write
    syscall: false
    args:
    - index: 2
      type: int
"""
# A fake QEMU: the line of answers is its descriptor 5, as vm.c has it.
HEAD = "#!/bin/sh\n"
IMAGE = bytearray(4096)
IMAGE[0x1FE:0x200] = b"\x55\xaa"
IMAGE[0x202:0x208] = b"HdrS\x0f\x02"


def is_sanitized():
    return b"libasan" in pathlib.Path(TPC).read_bytes()


def as_nobody(argv):
    """The same without privileges; as it is for who has none."""
    if os.geteuid() != 0:
        return argv
    return [shutil.which("setpriv"), f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs", *argv]


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = pathlib.Path(tempfile.mkdtemp(prefix="tpc-vm-"))
        cls.addClassCleanup(shutil.rmtree, cls.dir)
        cls.dir.chmod(0o755)  # nobody looks into it
        cls.tpc = cls.dir / "tpc"  # the build may lie where nobody may not look
        shutil.copy(TPC, cls.tpc)
        cls.image = cls.write("image", bytes(IMAGE))
        cls.good = cls.compile("binaries", *(ROOT / "testdata/golden/binaries").glob("*.yaml"))

    @classmethod
    def write(cls, name, data, mode=0o644):
        path = cls.dir / name
        path.write_bytes(data)
        path.chmod(mode)
        return path

    @classmethod
    def compile(cls, name, *policies):
        out = cls.dir / f"{name}.bpf.o"
        got = subprocess.run([TPC, "compile", "--btf", "none", "-o", out, *policies], capture_output=True, check=False)
        assert got.returncode == 0, got.stderr
        out.chmod(0o644)
        return out

    def verify(self, *args, env=None):
        """(exit status, reports, standard error)"""
        argv = as_nobody([str(self.tpc), "verify", "--format", "json", *map(str, args)])
        got = subprocess.run(argv, capture_output=True, timeout=500, check=False, env=env)
        reports = [json.loads(line) for line in got.stdout.splitlines()]
        return got.returncode, reports, got.stderr.decode(errors="replace")

    def fault(self, *args, env=None):
        """The one finding of a guest that gave no answer, and standard error."""
        status, (report,), stderr = self.verify(self.good, *args, env=env)
        check = checks_of(report, "vm")[0]
        self.assertEqual((status, check["result"], report["good"]), (3, "failed", False), check)
        (found,) = check["findings"]
        self.assertEqual(found["code"], "TPC616")
        self.assertRegex(found["message"], r"^no answer about program '\w+': ")
        return found["message"], stderr


def checks_of(report, name):
    return [c for c in report["checks"] if c["check"] == name]


def verdict(check):
    """What two ways of asking one kernel must agree about."""
    detail = re.sub(r"by (this kernel|Linux \S+?)(?=,|$)", "by it", check.get("detail", ""))
    return check["result"], detail, check["findings"]


class Fake(Case):
    """What does as if it were QEMU: no kernel is needed to see what tpc makes of it."""

    def fake(self, script, *args):
        return self.fault("--vm", self.image, "--qemu", self.write("fake", (HEAD + script).encode(), 0o755), *args)

    def test_says_nothing(self):
        message, stderr = self.fake("exec sleep 1000\n", "--vm-timeout", 1)
        self.assertIn("had not answered after 1 s and its console said nothing, see --vm-timeout", message)
        self.assertEqual(stderr, "")

    def test_says_it_on_the_console(self):
        message, stderr = self.fake(r"""i=0; while [ $i -lt 3000 ]; do echo "line $i"; i=$((i + 1)); done
printf '\033[31mthe \233 last\000 words\r\n'; exec sleep 1000""" + "\n", "--vm-timeout", 2)
        self.assertIn("had not answered after 2 s, see --vm-timeout", message)
        lines = stderr.splitlines()
        self.assertEqual(lines[0], f"tpc: the end of the console of '{self.image}':")
        self.assertEqual(len(lines), 25)
        self.assertEqual(lines[-2], "  | line 2999")
        self.assertNotIn("\033", stderr)
        self.assertRegex(lines[-1], r"^  \| \\x1b\[31mthe \S+ last words$")

    def test_says_rubbish(self):
        message, _ = self.fake("echo tpc 1 yes 6.1 >&5; echo Kernel panic; echo 'answer 7 0 0' >&5; sleep 1000\n")
        self.assertIn("what came from the guest is no answer: program 7 comes where 0 was asked about", message)

    def test_never_ends(self):
        message, _ = self.fake("exec yes >&5\n")
        self.assertIn("is no answer: it does not begin as it should", message)
        message, stderr = self.fake("exec yes\n", "--vm-timeout", 1)
        self.assertIn("had not answered after 1 s", message)
        self.assertLess(len(stderr), 2000)

    def test_ends(self):
        message, _ = self.fake("echo first >&2; echo no such machine >&2; exit 4\n")
        self.assertIn("ended with status 4: no such machine", message)
        message, _ = self.fake("exit 0\n")
        self.assertIn("the guest ended before it had answered", message)
        message, _ = self.fake("echo '[ 1.0] Kernel panic - not syncing'\n")
        self.assertIn("its kernel panicked", message)
        message, _ = self.fake("kill -SEGV $$\n")
        self.assertIn("was killed by signal 11", message)

    def test_ends_half_way(self):
        """Of what it answered nothing is told: the first that is missing is named."""
        message, _ = self.fake(r"printf 'tpc 1 yes 6.1\nanswer 0 0 0\n\nanswer 1 0 5\nabc' >&5" + "\n")
        self.assertTrue(message.startswith("no answer about program 'p0_kprobe': "), message)

    def test_takes_no_bpf(self):
        message, _ = self.fake(r"printf 'tpc 1 no 4.4.0\nend\n' >&5" + "\n")
        self.assertIn("that kernel takes no BPF programs", message)

    def test_answers_well(self):
        """It is believed; what it was given is a kernel, an archive, and nothing else."""
        answers = "".join(rf"answer {i} 0 0\n\n" for i in range(5))
        script = rf"""ls /proc/self/fd | tr '\n' ' ' >{self.dir}/out/fds; cat /dev/fd/4 >{self.dir}/out/cpio; cat /dev/fd/3 >{self.dir}/out/kernel
printf '%s\n' "$@" >{self.dir}/out/args; printf 'tpc 1 yes 6.6.6\n{answers}end\n' >&5; exec sleep 1000
"""
        (self.dir / "out").mkdir()
        (self.dir / "out").chmod(0o777)
        fake = self.write("fake-good", (HEAD + script).encode(), 0o755)
        status, (report,), stderr = self.verify(self.good, "--vm", self.image, "--qemu", fake)
        self.assertEqual((status, stderr), (0, ""), report)
        self.assertEqual(checks_of(report, "vm")[0]["detail"], "5 programs verified by Linux 6.6.6")
        # 6 is the folder that ls reads.
        self.assertEqual((self.dir / "out/fds").read_text(), "0 1 2 3 4 5 6 ")
        self.assertEqual((self.dir / "out/kernel").read_bytes(), bytes(IMAGE))
        cpio = (self.dir / "out/cpio").read_bytes()
        self.assertEqual(cpio[:6], b"070701")
        self.assertIn(self.good.read_bytes(), cpio)
        args = (self.dir / "out/args").read_text().splitlines()
        for wanted in ("-no-user-config", "-nodefaults", "tcg", "-no-reboot"):
            self.assertIn(wanted, args)
        self.assertIn("spawn=deny", args[args.index("-sandbox") + 1])

    def test_is_gone_with_tpc(self):
        pids = self.dir / "pids"
        pids.mkdir()
        pids.chmod(0o777)
        fake = self.write("fake-slow", f"{HEAD}echo $$ >{pids}/pid.new; mv {pids}/pid.new {pids}/pid\nexec sleep 1000\n"
                          .encode(), 0o755)
        tpc = subprocess.Popen(as_nobody([str(self.tpc), "verify", self.good, "--vm", self.image, "--qemu", fake]),
                               stdout=subprocess.DEVNULL)
        while not (pids / "pid").exists():
            time.sleep(0.02)
        pid = int((pids / "pid").read_text())
        tpc.send_signal(signal.SIGKILL)
        tpc.wait()
        while pathlib.Path(f"/proc/{pid}").exists() and " Z " not in pathlib.Path(f"/proc/{pid}/stat").read_text():
            time.sleep(0.02)

    def test_all_formats(self):
        fake = self.write("fake", (HEAD + "exit 4\n").encode(), 0o755)
        for name, pattern in (("text", r"(?m)^  FAIL  vm  "), ("sarif", r'"ruleId": ?"TPC616"'),
                              ("junit", r'<failure type="TPC616" message="no answer')):
            with self.subTest(name):
                got = subprocess.run([TPC, "verify", self.good, "--vm", self.image, "--qemu", fake, "--format", name],
                                     capture_output=True, text=True, check=False)
                self.assertEqual(got.returncode, 3)
                self.assertRegex(got.stdout, pattern)

    def test_several_objects(self):
        """What is not sound is not sent; a kernel that does not answer says nothing of any."""
        bad = self.write("bad.bpf.o", b"nothing")
        fake = self.write("fake", (HEAD + "exit 4\n").encode(), 0o755)
        status, reports, _ = self.verify(bad, self.good, "--vm", self.image, "--vm", self.image, "--qemu", fake)
        self.assertEqual(status, 3)
        self.assertEqual([[c["result"] for c in checks_of(r, "vm")] for r in reports], [["skipped"], ["failed"] * 2])
        status, (report,), _ = self.verify(bad, "--vm", self.image, "--qemu", fake)
        self.assertEqual((status, report["good"]), (1, False))


class Environment(Case):
    def test_no_qemu(self):
        message, _ = self.fault("--vm", self.image, env={"PATH": "/nonexistent"})
        self.assertIn("there is no program 'qemu-system-x86_64': install QEMU", message)
        message, _ = self.fault("--vm", self.image, "--qemu", "/nonexistent")
        self.assertIn("there is no program '/nonexistent'", message)
        message, _ = self.fault("--vm", self.image, "--qemu", "/tmp")
        self.assertIn("there is no program '/tmp'", message)

    def test_no_kernel(self):
        true = shutil.which("true")
        for path, why in ((self.write("empty", b""), "it is no x86 kernel image"),
                          (self.write("text", b"x" * 9999), "it is no x86 kernel image"),
                          (true, "it is an ELF file"), (self.dir, "it is no file"), ("/dev/zero", "it is no file"),
                          ("/nonexistent", "it cannot be read: No such file or directory")):
            with self.subTest(path):
                message, stderr = self.fault("--vm", path, "--qemu", true)
                self.assertIn(why, message)
                self.assertEqual(stderr, "")

    def test_usage(self):
        for args in (["--vm"], ["--vm", self.image, "--vm-timeout", "0"], ["--vm-timeout", "86401"],
                     ["--vm-timeout", "1m"]):
            got = subprocess.run([TPC, "verify", self.good, *args], capture_output=True, check=False)
            self.assertEqual((got.returncode, got.stdout), (2, b""), args)


def guest_says(image, folder, objects):
    """The same kernel, booted as the other tests do it: {name: (tpc's report with --load, tpc-loader's status and text)}."""
    work = "".join(f"echo @ {o.name}; tpc verify --format json --load {o.name}; "
                   f"tpc-loader run --no-attach --variant all {o.name} >text 2>&1; echo $?; tr '\\n' ' ' <text; echo\n"
                   for o in objects)
    argv = [sys.executable, ROOT / "scripts/guest/run.py", "shell", "--kernel", image, "--program", f"{TPC}:/bin/tpc",
            "--loader", LOADER]
    for o in objects:
        argv += ["--in", f"{o}:/root/{o.name}"]
    got = subprocess.run([*argv, "--", work], capture_output=True, text=True, check=False, cwd=folder)
    if got.returncode == 77:
        raise unittest.SkipTest(got.stderr.strip())
    blocks = [b.split("\n") for b in got.stdout.split("@ ")[1:]]
    assert len(blocks) == len(objects), got.stdout + got.stderr
    return {b[0]: (json.loads(b[1]), int(b[2]), b[3]) for b in blocks}


class Guest(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.all = list(cls.objects())

    @classmethod
    def objects(cls):
        for name in GOLDEN:
            yield cls.compile(name, *sorted((ROOT / "testdata/golden" / name).glob("*.yaml")))
        for policy in sorted((ROOT / "testdata/policies").glob("*.yaml")):
            yield cls.compile(policy.stem, policy)
        yield cls.compile("nowhere", cls.write("nowhere.yaml", NO_HOOK.encode()))
        yield cls.compile("prototype", cls.write("prototype.yaml", OTHER_PROTOTYPE.encode()))
        # Sound for every other check, and no verifier takes it: a register that has no value.
        o = Object(cls.good.read_bytes())
        o.set_insn(o.find("kprobe/"), 0, code=0xBF, dst=1, src=9, off=0, imm=0)
        o.seal()
        yield cls.write("damaged.bpf.o", bytes(o.data))

    def compare(self, name):
        if not shutil.which("qemu-system-x86_64"):
            self.skipTest("no qemu-system-x86_64 here")
        try:
            image = kernels.find(name)
        except Skip as why:
            self.skipTest(str(why))
        status, reports, stderr = self.verify(*self.all, "--vm", image)
        self.assertEqual((status, stderr), (1, ""))
        vm = {pathlib.Path(r["object"]).name: checks_of(r, "vm")[0] for r in reports}
        self.assertEqual({c["about"] for c in vm.values()}, {str(image)})
        self.look_at(vm)
        if is_sanitized():
            self.skipTest("a tpc with sanitizers does not run in the guest; one without is compared")
        for name, (report, loader, text) in guest_says(image, self.dir, self.all).items():
            with self.subTest(name):
                self.assertEqual(verdict(vm[name]), verdict(checks_of(report, "load")[0]))
                codes = {f["code"] for f in vm[name]["findings"]}
                if "TPC615" in codes:
                    self.assertIn("the kernel refuses program", text)
                elif "TPC611" in codes:
                    self.assertIn("this kernel can do none of its variants", text)
                self.assertEqual((loader == 0, loader), (vm[name]["result"] == "ok", 3 if codes else 0), text)

    def look_at(self, vm):
        self.assertRegex(vm["file-monitoring.bpf.o"]["detail"], r"^7 programs verified by Linux 6\.1\.")
        self.assertIn("1 it cannot do, first 'p0_fentry': 'tty_write' has 2 parameters there, and number 2 is read",
                      vm["prototype.bpf.o"]["detail"])
        (found,) = vm["damaged.bpf.o"]["findings"]
        self.assertIn("the kernel refuses program 'p0_kprobe': R9 !read_ok", found["message"])
        self.assertEqual((found["code"], found["file"]), ("TPC615", "policy.yaml"))
        self.assertGreater(found["line"], 0)
        (found,) = vm["nowhere.bpf.o"]["findings"]
        self.assertEqual((found["code"], found["file"], found["line"]), ("TPC611", "nowhere.yaml", 7))

    def test_debian(self):
        self.compare("debian")

    def test_override(self):
        self.compare("override")

    def test_broken_kernels(self):
        """A kernel that is cut off, and one whose compressed part is other bytes: QEMU runs them all the same."""
        if not shutil.which("qemu-system-x86_64"):
            self.skipTest("no qemu-system-x86_64 here")
        try:
            data = kernels.find("override").read_bytes()
        except Skip as why:
            self.skipTest(str(why))
        for name, broken in (("cut", data[:len(data) // 2]), ("noise", data[:65536] + bytes(len(data) - 65536))):
            with self.subTest(name):
                self.fault("--vm", self.write(name, broken), "--vm-timeout", 5)


if __name__ == "__main__":
    unittest.main()
