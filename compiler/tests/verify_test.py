# SPDX-License-Identifier: Apache-2.0
"""tpc verify: good objects pass, each damage of verify_damage.py is told, budgets and kernels are kept."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from elf_edit import Object  # noqa: E402
from kernel_elf import HERE_BTF, guest_kernels  # noqa: E402
from verify_damage import DAMAGES  # noqa: E402

TPC = os.environ["TPC"]
ROOT = pathlib.Path(os.environ["TPC_SOURCE_ROOT"])
SMALL_BTF = os.environ.get("TPC_TEST_BTF")  # testdata/btf
SAMPLE = "binaries"  # the golden policy that is damaged: exec tests, a loop in templates, two variants


def run(*args, stdin=None):
    return subprocess.run([TPC, *map(str, args)], input=stdin, capture_output=True, timeout=300, check=False)


def verify(*args):
    got = run("verify", "--format", "json", *args)
    return got.returncode, [json.loads(line) for line in got.stdout.splitlines()]


def codes(report):
    return [f["code"] for c in report["checks"] for f in c["findings"]]


def messages(report):
    return "\n".join(f"{c['check']}: {f['message']}" for c in report["checks"] for f in c["findings"])


def check_of(report, name):
    return next(c for c in report["checks"] if c["check"] == name)


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory())
                               if hasattr(cls, "enterClassContext") else tempfile.mkdtemp(prefix="tpc-verify-"))
        if not hasattr(cls, "enterClassContext"):
            cls.addClassCleanup(shutil.rmtree, cls.dir)
        cls.policy = ROOT / "testdata/golden" / SAMPLE / "policy.yaml"
        cls.good = cls.compile(cls.policy)

    @classmethod
    def compile(cls, *policies, opt="-O2", btf=None):
        out = cls.dir / f"{policies[0].parent.name}{opt}.bpf.o"
        got = run("compile", opt, *(["--btf", btf] if btf else []), "-o", out, *policies)
        assert got.returncode == 0, got.stderr
        return out

    def write(self, data, name="damaged.bpf.o"):
        path = self.dir / name
        path.write_bytes(data)
        return path


class Good(Case):
    def test_golden_and_example_policies(self):
        kernels = ["--btf", HERE_BTF] if HERE_BTF.exists() else []
        folders = sorted((ROOT / "testdata/golden").iterdir())
        sets = [sorted(f.glob("*.yaml")) for f in folders]
        sets += [[p] for p in sorted((ROOT / "testdata/policies").glob("*.yaml"))]
        for policies in sets:
            btf = SMALL_BTF if policies[0].parent.name.startswith("resolve-") else None
            if btf is None and policies[0].parent.name.startswith("resolve-"):
                continue
            for opt in ("-O0", "-O2"):
                with self.subTest(policies[0], opt=opt):
                    status, (report,) = verify(self.compile(*policies, opt=opt, btf=btf), "--min-kernel", "5.15", *kernels)
                    self.assertEqual((status, messages(report)), (0, ""))

    def test_proof(self):
        status, (report,) = verify(self.good, "--policy", self.policy)
        self.assertEqual((status, check_of(report, "policy")["result"]), (0, "ok"))
        status, (report,) = verify(self.good, "--policy", self.policy, "-O", "0")
        self.assertEqual((status, codes(report)), (1, ["TPC614"]))
        self.assertIn("-O2", messages(report))
        other = ROOT / "testdata/golden/pids/policy.yaml"
        status, (report,) = verify(self.good, "--policy", other)
        self.assertEqual((status, codes(report)), (1, ["TPC614"]))

    def test_several_objects_go_on(self):
        bad = self.write(b"nothing")
        status, reports = verify(bad, "/nonexistent.bpf.o", self.good)
        self.assertEqual(status, 1)
        self.assertEqual([r["good"] for r in reports], [False, False, True])


class Damaged(Case):
    def damaged(self, damage, seal):
        o = Object(self.good.read_bytes())
        damage(o)
        unsealed = bytes(o.data)
        if seal:
            try:
                o.seal()
            except (ValueError, IndexError, AssertionError):
                pass  # nothing to write a digest into
            except Exception as err:  # struct.error of a cut file
                self.assertIn("unpack", str(err))
        return unsealed, bytes(o.data)

    def test_there_are_enough(self):
        self.assertGreaterEqual(len(DAMAGES), 60)
        self.assertEqual(len({d[0] for d in DAMAGES}), len(DAMAGES))

    def test_each_is_told(self):
        good = self.good.read_bytes()
        for name, code, *rest in DAMAGES:
            with self.subTest(name):
                unsealed, sealed = self.damaged(rest[-1], "unsealed" not in rest)
                self.assertNotEqual(unsealed, good)
                status, (report,) = verify(self.write(unsealed))
                self.assertEqual((status, report["good"]), (1, False))
                status, (report,) = verify(self.write(sealed))
                if code:
                    self.assertEqual(status, 1)
                    self.assertIn(code, codes(report), messages(report))
                    continue
                self.assertEqual((status, codes(report)), (0, []), messages(report))
                status, (report,) = verify(self.write(sealed), "--policy", self.policy)
                self.assertEqual((status, codes(report)), (1, ["TPC614"]), messages(report))

    def test_flipped_bits(self):
        """Each flipped bit, without a new seal: verify says no, wherever it is."""
        good = self.good.read_bytes()
        for at in range(0, len(good), 997):
            data = bytearray(good)
            data[at] ^= 1 << at % 8
            status, (report,) = verify(self.write(data))
            self.assertEqual((status, report["good"]), (1, False), at)


class AskedOfTheTask(Case):
    """Variables and maps that go with filters of the manifest."""

    def told(self, sample, change):
        """What is said of @sample's object when @change has had each of its manifest's filters."""
        o = Object(self.compile(ROOT / "testdata/golden" / sample / "policy.yaml").read_bytes())
        m = o.manifest()
        for hook in m["hooks"]:
            for selector in hook["selectors"]:
                for f in selector["filters"]:
                    change(f)
        o.set_manifest(m)
        o.seal()
        _, (report,) = verify(self.write(o.data))
        return set(codes(report)), messages(report)

    def test_host_namespaces(self):
        got, text = self.told("namespaces", lambda f: f.update(values=["1"]))
        self.assertEqual(got, {"TPC607"})
        self.assertIn("variable 'tpc_host_ns' of section '.rodata.tpc' is none that such a manifest needs", text)
        asks = {"value": "namespace", "kind": "Mnt", "values": ["host_ns"]}
        got, text = self.told("dentry", lambda f: (f.clear(), f.update(asks, test="Range")))
        self.assertEqual(got, {"TPC607"})
        self.assertIn("there is no variable 'tpc_host_ns'", text)

    def test_beginnings(self):
        got, text = self.told("changes", lambda f: f.update(value="pid"))
        self.assertEqual(got, {"TPC607"})
        self.assertIn("map 'tpc_was' is none that such a manifest needs", text)
        got, text = self.told("dentry", lambda f: f.update(value="capability changes"))
        self.assertEqual(got, {"TPC607"})
        self.assertIn("there is no map 'tpc_was'", text)


class Kernels(Case):
    def member_missing(self, kernel):
        o = Object(self.good.read_bytes())
        o.rename_in_btf("exe_file", "exe_filz")
        o.seal()
        status, (report,) = verify(self.write(o.data), "--btf", kernel)
        self.assertEqual(status, 1)
        self.assertEqual(set(codes(report)), {"TPC610"})
        self.assertIn("struct 'mm_struct' has no member 'exe_filz'", messages(report))
        o = Object(self.good.read_bytes())
        o.rename_in_btf("mm_struct", "mm_strucz")
        o.seal()
        _, (report,) = verify(self.write(o.data), "--btf", kernel)
        self.assertIn("there is no struct 'mm_strucz'", messages(report))

    def test_this_machine(self):
        if not HERE_BTF.exists():
            self.skipTest(f"no {HERE_BTF} here")
        status, (report,) = verify(self.good, "--btf", HERE_BTF)
        self.assertEqual((status, messages(report)), (0, ""))
        self.member_missing(HERE_BTF)

    def test_a_6_1_kernel(self):
        elves = guest_kernels(ROOT, self.dir)
        if not elves:
            self.skipTest("no 6.1 kernel at hand: see scripts/guest/README.md")
        for elf in elves:
            status, (report,) = verify(self.good, "--btf", elf)
            self.assertEqual((status, messages(report)), (0, ""))
            self.member_missing(elf)
            lsm = self.compile(ROOT / "testdata/golden/lsm-file-open-override/policy.yaml")
            self.assertEqual(verify(lsm, "--btf", elf)[0], 0)

    def resolving(self, name, way):
        """A policy that goes @way, in a file of its own. Its `resolve` is in line 12."""
        policy = self.dir / name / f"{name}.yaml"
        policy.parent.mkdir()
        policy.write_text("apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata:\n  name: resolving\n"
                          "spec:\n  kprobes:\n  - call: security_file_open\n    syscall: false\n    args:\n"
                          f"    - index: 0\n      type: int64\n      resolve: {way}\n"
                          "    selectors:\n    - matchArgs:\n"
                          "      - {args: [0], operator: GT, values: ['5']}\n")
        return policy

    def only_in(self, name, way, there, missing, member):
        """@way leads somewhere in the types of @there; those of @missing refuse it by the policy's line."""
        obj = self.compile(self.resolving(name, way), btf=there)
        status, (report,) = verify(obj, "--btf", missing)
        self.assertEqual((status, set(codes(report))), (1, {"TPC610"}), messages(report))
        for found in check_of(report, "co-re")["findings"]:
            self.assertEqual((found["file"], found["line"]), (f"{name}.yaml", 12), found)
            self.assertIn(f"struct 'inode' has no member '{member}'", found["message"])
        status, (report,) = verify(obj, "--btf", there)
        self.assertEqual(codes(report), [], messages(report))
        policy = self.dir / name / f"{name}.yaml"
        got = run("check", "--btf", missing, policy)
        self.assertEqual(got.returncode, 1, got.stderr)
        self.assertIn(f"{name}.yaml:12:".encode(), got.stderr + got.stdout)

    def test_a_member_of_only_one_kernel(self):
        """i_ctime of struct inode became two numbers in Linux 6.11."""
        if not HERE_BTF.exists() or b"i_ctime_sec" not in HERE_BTF.read_bytes():
            self.skipTest("this machine's kernel is none after 6.11")
        elves = guest_kernels(ROOT, self.dir)
        if not elves:
            self.skipTest("no 6.1 kernel at hand: see scripts/guest/README.md")
        self.only_in("new", "f_inode.i_ctime_sec", HERE_BTF, elves[0], "i_ctime_sec")
        self.only_in("old", "f_inode.i_ctime.tv_sec", elves[0], HERE_BTF, "i_ctime")

    def test_a_member_of_only_one_kernel_in_small(self):
        """The small kernel has no hooks for the trackers and templates: only its own members are looked at."""
        if not SMALL_BTF:
            self.skipTest("no clang for BPF")
        other = Object(pathlib.Path(SMALL_BTF).read_bytes())
        other.rename_in_btf("i_ino", "i_inz")
        missing = self.write(other.data, "other.btf.o")
        obj = self.compile(self.resolving("small", "f_inode.i_ino"), btf=SMALL_BTF)
        for btf, want in ((SMALL_BTF, set()), (missing, {("small.yaml", 12)})):
            _, (report,) = verify(obj, "--btf", btf)
            found = [f for f in check_of(report, "co-re")["findings"] if "i_ino" in f["message"]]
            self.assertEqual({(f["file"], f["line"]) for f in found}, want)

    def test_hook_that_is_not_there(self):
        if not HERE_BTF.exists():
            self.skipTest(f"no {HERE_BTF} here")
        policy = self.dir / "nowhere" / "nowhere.yaml"
        policy.parent.mkdir()
        policy.write_text("apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata:\n  name: nowhere\n"
                          "spec:\n  kprobes:\n  - call: no_such_function_at_all\n    syscall: false\n")
        status, (report,) = verify(self.compile(policy), "--btf", HERE_BTF)
        self.assertEqual((status, codes(report)), (1, ["TPC611"]))
        (found,) = check_of(report, "hooks")["findings"]
        self.assertEqual((found["file"], found["line"]), ("nowhere.yaml", 7))

    def test_prototype_that_does_not_fit(self):
        if not HERE_BTF.exists():
            self.skipTest(f"no {HERE_BTF} here")
        obj = Object(self.compile(ROOT / "testdata/golden/lsm-file-open-override/policy.yaml").read_bytes())
        m = obj.manifest()
        m["programs"][0]["variants"][0]["params"][0]["struct"] = "path"
        obj.set_manifest(m)
        obj.seal()
        status, (report,) = verify(self.write(obj.data), "--btf", HERE_BTF)
        self.assertEqual((status, codes(report)), (1, ["TPC611"]))
        self.assertIn("'struct file *' there, and is read as 'struct path *'", messages(report))

    def test_folder_and_what_is_no_btf(self):
        folder = self.dir / "btfs"
        folder.mkdir()
        self.assertEqual(run("verify", self.good, "--btf", folder).returncode, 3)
        (folder / "junk").write_bytes(b"junk")
        status, (report,) = verify(self.good, "--btf", folder)
        self.assertEqual((status, codes(report)), (1, ["TPC101"]))

    def test_a_helper_without_asking(self):
        """The relocation that asks for bpf_loop becomes one that is always there: 5.15 has not what follows."""
        self.assertEqual(verify(self.good, "--min-kernel", "5.15")[0], 0)
        o = Object(self.good.read_bytes())
        asked = [r for r in o.core_relos() if r[5] == 10]
        self.assertTrue(asked)
        # The object's own enum says 181: a helper that 5.15 has takes its place.
        i, t = o.btf_type("bpf_func_id", 6)
        o.put(".BTF", t[0] + 12 + 4, (113).to_bytes(4, "little"))
        o.seal()
        status, (report,) = verify(self.write(o.data), "--min-kernel", "5.15")
        self.assertEqual((status, set(codes(report))), (1, {"TPC612"}), i)
        self.assertIn("helper 181 (bpf_loop), which Linux 5.15 does not have", messages(report))
        self.assertEqual(verify(self.write(o.data), "--min-kernel", "5.17")[0], 0)


class Budgets(Case):
    def test_each(self):
        for option, good, bad in [("--max-insns", "100000", "100"), ("--max-stack", "512", "16"),
                                  ("--max-memory", "16MiB", "1MiB"), ("--max-programs", "5", "4")]:
            with self.subTest(option):
                self.assertEqual(verify(self.good, option, good)[0], 0)
                status, (report,) = verify(self.good, option, bad)
                self.assertEqual(status, 1)
                self.assertEqual(set(codes(report)), {"TPC613"})

    def test_memory_grows_with_cpus(self):
        self.assertEqual(verify(self.good, "--max-memory", "9MiB")[0], 0)
        self.assertEqual(verify(self.good, "--max-memory", "9MiB", "--cpus", "100")[0], 1)

    def test_numbers(self):
        for value in ("", "0", "-1", "x", "1x", "1 MiB", "99999999999999999999", "99999999999GiB"):
            with self.subTest(value):
                got = run("verify", self.good, "--max-memory", value)
                self.assertEqual((got.returncode, got.stdout), (2, b""))
                self.assertEqual(got.stderr.count(b"\n"), 1)


class Output(Case):
    def test_text(self):
        got = run("verify", self.good).stdout.decode()
        self.assertRegex(got, r"(?m)^  ok    structure    \d+ sections")
        self.assertRegex(got, r"(?m)^  -     co-re        not asked: --btf$")
        bad = self.write(self.good.read_bytes()[:-1])
        got = run("verify", bad).stdout.decode()
        self.assertRegex(got, r"(?m)^  FAIL  structure")
        self.assertIn("[TPC603 object-structure]", got)

    def test_sarif(self):
        bad = self.write(self.good.read_bytes()[:-1])
        got = run("verify", "--format", "sarif", bad, self.good)
        self.assertEqual(got.returncode, 1)
        (log,) = json.loads(got.stdout)["runs"]
        self.assertIn("TPC603", [r["ruleId"] for r in log["results"]])
        places = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in log["results"]]
        self.assertEqual(set(places), {"file://" + str(bad)})
        (log,) = json.loads(run("verify", "--format", "sarif", self.good).stdout)["runs"]
        self.assertEqual(log["results"], [])

    def test_junit(self):
        bad = self.write(self.good.read_bytes()[:-1], "<a&\"b>\x01.o")
        got = run("verify", "--format", "junit", bad, self.good)
        self.assertEqual(got.returncode, 1)
        suites = list(xml.etree.ElementTree.fromstring(got.stdout))
        self.assertEqual(len(suites), 2)
        for suite, failures in zip(suites, (True, False)):
            self.assertEqual(int(suite.get("tests")), len(suite))
            self.assertEqual(int(suite.get("failures")) > 0, failures)
            self.assertEqual(len(suite.findall("testcase/failure")), int(suite.get("failures")))
            self.assertEqual(len(suite.findall("testcase/skipped")), int(suite.get("skipped")))
        self.assertIn('<a&"b>', suites[0].get("name"))

    def test_usage(self):
        for args in ([], [self.good, "--format", "xml"], [self.good, self.good, "--policy", self.policy],
                     [self.good, "--min-kernel", "4"], [self.good, "--cpus", "0"]):
            got = run("verify", *args)
            self.assertEqual((got.returncode, got.stdout), (2, b""), args)

    def test_policy_that_is_wrong(self):
        got = run("verify", self.good, "--policy", "/nonexistent.yaml")
        self.assertEqual((got.returncode, got.stdout), (1, b""))
        self.assertIn(b"TPC101", got.stderr)


class Load(Case):
    def test_this_kernel(self):
        status, (report,) = verify("--load", self.good)
        got = check_of(report, "load")
        if status == 3:
            self.assertEqual(got["result"], "skipped")
            self.skipTest(got["detail"])
        self.assertEqual((status, got["result"]), (0, "ok"), messages(report))
        self.assertRegex(got["detail"], r"^[1-9]\d* programs verified")
        # An uninitialised register: sound for every other check, and no verifier takes it.
        o = Object(self.good.read_bytes())
        name = o.find("kprobe/")
        o.set_insn(name, 0, code=0xBF, dst=1, src=9, off=0, imm=0)
        o.seal()
        status, (report,) = verify("--load", self.write(o.data))
        self.assertEqual((status, codes(report)), (1, ["TPC615"]), messages(report))
        (found,) = check_of(report, "load")["findings"]
        self.assertIn("refuses program 'p0_kprobe': R9 !read_ok", found["message"])
        self.assertEqual(found["file"], "policy.yaml")


if __name__ == "__main__":
    unittest.main()
