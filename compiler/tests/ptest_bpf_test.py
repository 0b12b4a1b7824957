# SPDX-License-Identifier: Apache-2.0
"""tpc test --bpf on this machine's kernel: what runs of testdata/ptest, and what is said where nothing can.

How many cases of each policy run on which programs, and why others do not, stands in testdata/ptest/bpf.expected, so
that a policy which silently stops to be run shows. TPC_UPDATE_GOLDEN=1 rewrites it. TPC names the program.
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import unittest
import xml.etree.ElementTree

TPC = os.environ["TPC"]
ROOT = pathlib.Path(os.environ["TPC_SOURCE_ROOT"])
FOLDER = ROOT / "testdata/ptest"
EXPECTED = FOLDER / "bpf.expected"
BTF = os.environ.get("TPC_TEST_BTF")


def run(*args, before=(), stdin=""):
    got = subprocess.run(
        [*before, TPC, "test", *map(str, args)],
        input=stdin, capture_output=True, encoding="utf-8", timeout=120, check=False, cwd=FOLDER,
    )
    return got.returncode, got.stdout, got.stderr


def files(name):
    return "--btf", BTF if name.startswith("resolve-") else "none", f"{name}.yaml", f"{name}.cases.yaml"


def names():
    found = sorted(p.name[: -len(".cases.yaml")] for p in FOLDER.glob("*.cases.yaml"))
    return [n for n in found if BTF or not n.startswith("resolve-")]


def not_allowed():
    """Why nothing can be run here, or None."""
    status, _, err = run(*files("lsm-monitor"), "--bpf")
    return err.splitlines()[0] if status == 3 else None


def types_contexts():
    """Programs with typed arguments can be run since Linux 6.2."""
    with open("/proc/kallsyms", encoding="ascii", errors="replace") as f:
        return any(line.split()[2:3] == ["bpf_rdonly_cast"] for line in f)


WHY_NOT = not_allowed()
NEEDS_BPF = unittest.skipIf(WHY_NOT, WHY_NOT or "")


def summary(name):
    """Lines for one policy: how many cases, where they ran, or why they did not."""
    _, out, err = run(*files(name), "--bpf", "--format", "json")
    cases = json.loads(out)["cases"]
    kinds = collections.Counter(
        "differs: " + c["why"] if c["bpf"] == "differs" else
        "ran on " + c["bpf_programs"] + (", not " + c["bpf_why"] if "bpf_why" in c else "") if c["bpf"] == "ran" else
        "not run: " + c["bpf_why"]
        for c in cases
    )
    return "".join(f"{name}: {n} {kind}\n" for kind, n in sorted(kinds.items())), err


class KernelTest(unittest.TestCase):
    maxDiff = None

    @NEEDS_BPF
    def test_all_that_can_be_compiled_is_run(self):
        got = "".join(summary(name)[0] for name in names())
        self.assertNotIn("differs", got)
        if not types_contexts():
            self.skipTest("this kernel has no bpf_rdonly_cast(): only what runs was compared")
        if not BTF:
            self.skipTest("there is no clang for the types of resolve-*")
        if os.environ.get("TPC_UPDATE_GOLDEN"):
            EXPECTED.write_text(got, encoding="utf-8")
        self.assertEqual(got, EXPECTED.read_text(encoding="utf-8"))

    @NEEDS_BPF
    def test_output_is_the_same_again(self):
        """Every format says where each case ran, twice the same."""
        for fmt in "text", "tap", "junit", "json":
            first, second = (run(*files("kprobe-override"), "--bpf", "--format", fmt) for _ in range(2))
            self.assertEqual(first, second)
            self.assertEqual(first[0], 0)
        status, out, err = run(*files("kprobe-override"), "--bpf")
        self.assertIn("on BPF: 2 run, 0 not\n", err)
        self.assertRegex(out, r"(?m)^ok   a log \[BPF: .*p0_kprobe\]$")

    @NEEDS_BPF
    def test_formats_say_why_not(self):
        _, out, err = run(*files("usdt"), "--bpf")
        self.assertIn("[not run on BPF: a USDT probe cannot be compiled yet]\n", out)
        self.assertRegex(err, r"on BPF: 0 run, \d+ not\n")
        _, out, _ = run(*files("usdt"), "--bpf", "--format", "tap")
        self.assertIn("\n# not run on BPF: a USDT probe cannot be compiled yet\n", out)
        _, out, _ = run(*files("usdt"), "--bpf", "--format", "junit")
        suite = xml.etree.ElementTree.fromstring(out)
        self.assertEqual(
            {c.find("system-out").text for c in suite}, {"not run on BPF: a USDT probe cannot be compiled yet"}
        )
        _, out, _ = run(*files("usdt"), "--bpf", "--format", "json")
        self.assertEqual({c["bpf"] for c in json.loads(out)["cases"]}, {"not-run"})

    @NEEDS_BPF
    def test_what_no_kernel_has_is_not_run(self):
        for args, why in [
            ("{0: /etc//passwd, 1: 4}", "argument 0 (file) is no path that a kernel has"),
            ("{0: etc, 1: 4}", "argument 0 (file) is no path that a kernel has"),
            ("{0: /%s, 1: 4}" % ("x" * 256), "argument 0 (file) is no path that a kernel has"),
        ]:
            case = f"name: x\nhook: security_file_permission\nargs: {args}\nexpect: none\n"
            status, out, _ = run("--btf", "none", "bpf-files.yaml", "-", "--bpf", stdin=case)
            self.assertIn(f"[not run on BPF: p0_fentry: {why}]", out)
            self.assertEqual(status, 0)

    @NEEDS_BPF
    def test_deep_paths_and_long_texts(self):
        path = "/home" + "/d" * 2000
        case = f"name: x\nhook: security_file_permission\nargs: {{0: {path}, 1: 0}}\nexpect: {{selector: 2}}\n"
        status, out, err = run("--btf", "none", "bpf-files.yaml", "-", "--bpf", stdin=case)
        self.assertEqual((status, "BPF: p0_fentry, p0_kprobe" in out), (0, True), out + err)
        for n, said in [(4095, "[BPF: p0_tp]"), (4096, "longer than the 4095 bytes that a program reads")]:
            text = "/proc/" + "x" * (n - 10) + "/mem"
            case = f"name: x\nhook: syscalls/sys_enter_openat\nargs: {{5: 0, 6: {text}}}\nexpect: {{selector: 1}}\n"
            status, out, err = run("--btf", "none", "bpf-tracepoint.yaml", "-", "--bpf", stdin=case)
            self.assertEqual((status, said in out), (0, True), f"{n}: {out[-200:]}{err}")


class RefusedTest(unittest.TestCase):
    def test_usage(self):
        self.assertEqual(run("--bpf", "--replay", "-", "lsm-monitor.yaml")[0], 2)
        self.assertEqual(run(*files("lsm-monitor"), "--bpf", "--update")[0], 2)

    def test_no_clang(self):
        status, out, err = run(*files("lsm-monitor"), "--bpf", "--clang", "/nonexistent/clang")
        self.assertEqual((status, out), (3, ""), err)
        self.assertIn("clang", err)

    @unittest.skipUnless(shutil.which("setpriv") and os.geteuid() == 0, "needs setpriv and root")
    def test_no_permission(self):
        status, out, err = run(*files("lsm-monitor"), "--bpf", before=["setpriv", "--bounding-set=-all"])
        self.assertEqual((status, out), (3, ""), err)
        self.assertIn("error: the kernel does not let this process run BPF programs", err)
        self.assertIn("CAP_BPF", err)

    def test_no_clang_is_needed_where_nothing_is_compiled(self):
        status, out, _ = run(*files("usdt"), "--bpf", "--clang", "/nonexistent/clang")
        self.assertEqual(status, 0)
        self.assertIn("not run on BPF", out)


if __name__ == "__main__":
    unittest.main()
