# SPDX-License-Identifier: Apache-2.0
"""What users and pipelines rely on: exit statuses, files, streams. TPC names the program."""
import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import tempfile
import unittest

TPC = os.environ["TPC"]
HEAD = "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata:\n  name: {name}\nspec:\n"
GOOD = HEAD + (
    "  kprobes:\n  - call: {call}\n    syscall: false\n    args:\n    - index: 0\n      type: int\n"
    "    selectors:\n    - matchArgs:\n      - index: 0\n        operator: GT\n        values: [\"{value}\"]\n"
)


def good(name="sample", call="fd_install", value=5):
    return GOOD.format(name=name, call=call, value=value)


def bad():
    return good().replace("GT", "Prefx")


class CliTest(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="tpc-cli-"))
        self.tmp = self.dir / "tmp"
        self.work = self.dir / "work"
        self.tmp.mkdir()
        self.work.mkdir()
        self.write("good.yaml", good())
        self.write("bad.yaml", bad())

    def tearDown(self):
        left = list(self.tmp.iterdir())
        shutil.rmtree(self.dir)
        self.assertEqual(left, [], "temporary files were left behind")

    def write(self, name, text):
        path = self.work / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def tpc(self, *args, stdin=b"", env=None, status=None):
        env = {**os.environ, "TMPDIR": str(self.tmp), **(env or {})}
        got = subprocess.run(
            [TPC, *map(str, args)], cwd=self.work, input=stdin, capture_output=True, env=env, timeout=120, check=False
        )
        got.stdout, got.stderr = got.stdout.decode(errors="replace"), got.stderr.decode(errors="replace")
        if status is not None:
            self.assertEqual(got.returncode, status, f"{args}: {got.stderr}")
        return got

    def names(self):
        return sorted(p.name for p in self.work.iterdir())

    # ---- compile ----
    def test_default_output_is_the_policys_name(self):
        got = self.tpc("compile", "good.yaml", status=0)
        self.assertIn("sample.bpf.o", self.names())
        self.assertEqual(got.stdout, "")
        self.assertEqual(got.stderr, "")

    def test_several_policies_need_an_output(self):
        self.write("two.yaml", good() + "---\n" + good(name="other", call="close_fd"))
        got = self.tpc("compile", "two.yaml", status=2)
        self.assertEqual(got.stderr.count("\n"), 1)
        self.assertIn("-o OUT", got.stderr)
        self.tpc("compile", "two.yaml", "-o", "out.o", status=0)
        self.assertEqual(self.names(), ["bad.yaml", "good.yaml", "out.o", "two.yaml"])

    def test_several_things_to_emit(self):
        self.tpc("compile", "good.yaml", "--emit", "obj,c,ir,manifest", "-o", "out.bpf.o", status=0)
        self.assertEqual(
            self.names(), ["bad.yaml", "good.yaml", "out.bpf.c", "out.bpf.o", "out.ir", "out.manifest.json"]
        )
        manifest = json.loads((self.work / "out.manifest.json").read_text())
        self.assertEqual(manifest["policies"][0]["name"], "sample")
        self.assertIn('"good.yaml"', (self.work / "out.bpf.c").read_text())

    def test_one_thing_to_emit_goes_where_it_is_told(self):
        self.tpc("compile", "good.yaml", "--emit=ir", "-o", "some.text", status=0)
        self.assertIn("some.text", self.names())

    def test_standard_streams(self):
        got = self.tpc("compile", "-", "--emit", "ir", "-o", "-", stdin=good().encode(), status=0)
        self.assertIn("fd_install", got.stdout)
        self.assertEqual(self.names(), ["bad.yaml", "good.yaml"])
        self.tpc("compile", "good.yaml", "--emit", "ir,c", "-o", "-", status=2)

    def test_failure_keeps_the_old_output(self):
        out = self.write("out.o", "old")
        self.tpc("compile", "bad.yaml", "-o", "out.o", status=1)
        self.assertEqual(out.read_text(), "old")
        self.tpc("compile", "good.yaml", "-o", "out.o", env={"PATH": "/nonexistent"}, status=3)
        self.assertEqual(out.read_text(), "old")
        self.assertEqual(self.names(), ["bad.yaml", "good.yaml", "out.o"])

    def test_all_outputs_or_none(self):
        (self.work / "out.ir").mkdir()
        got = self.tpc("compile", "good.yaml", "--emit", "c,ir", "-o", "out", status=3)
        self.assertIn("out.ir", got.stderr)
        self.assertEqual(self.names(), ["bad.yaml", "good.yaml", "out.ir"])

    def test_output_is_a_device_or_a_link(self):
        self.tpc("compile", "good.yaml", "-o", "/dev/null", status=0)
        self.assertTrue(pathlib.Path("/dev/null").is_char_device())
        (self.work / "link.o").symlink_to("real.o")
        self.write("real.o", "old")
        self.tpc("compile", "good.yaml", "-o", "link.o", status=0)
        self.assertTrue((self.work / "link.o").is_symlink())
        self.assertEqual((self.work / "real.o").read_bytes()[:4], b"\x7fELF")

    def test_output_mode_follows_umask(self):
        before = os.umask(0o027)
        try:
            self.tpc("compile", "good.yaml", "-o", "out.o", status=0)
        finally:
            os.umask(before)
        self.assertEqual((self.work / "out.o").stat().st_mode & 0o777, 0o640)

    def test_output_folder_missing(self):
        got = self.tpc("compile", "good.yaml", "-o", "none/out.o", status=3)
        self.assertIn("none/out.o", got.stderr)

    def test_emit_c_needs_no_clang(self):
        for what in ("c", "ir", "manifest"):
            self.tpc("compile", "good.yaml", "--emit", what, "-o", "-", env={"PATH": "/nonexistent"}, status=0)

    def test_missing_clang_is_the_environment(self):
        got = self.tpc("compile", "good.yaml", env={"PATH": "/nonexistent"}, status=3)
        self.assertIn("clang", got.stderr)
        got = self.tpc("compile", "good.yaml", "--clang", "/nonexistent/clang-19", status=3)
        self.assertIn("/nonexistent/clang-19", got.stderr)

    def test_temporary_folder_missing_is_the_environment(self):
        self.tpc("compile", "good.yaml", env={"TMPDIR": "/nonexistent"}, status=3)

    def test_folder(self):
        self.write("set/b.yml", good(name="b", call="close_fd"))
        self.write("set/a.yaml", good(name="a"))
        self.write("set/c.txt", "not looked at")
        self.tpc("compile", "set", "--emit", "manifest", "-o", "out", status=0)
        manifest = json.loads((self.work / "out").read_text())
        self.assertEqual([p["name"] for p in manifest["policies"]], ["a", "b"])
        (self.work / "empty").mkdir()
        self.assertIn("empty", self.tpc("compile", "empty", status=1).stderr)

    # ---- fmt ----
    def test_fmt_writes_where_it_is_told(self):
        self.write("wide.yaml", "a:    1\n")
        self.assertEqual(self.tpc("fmt", "wide.yaml", status=0).stdout, "a: 1\n")
        self.assertEqual(self.tpc("fmt", "-", stdin=b"a:   1", status=0).stdout, "a: 1\n")
        self.tpc("fmt", "wide.yaml", "-o", "out.yaml", status=0)
        self.assertEqual((self.work / "out.yaml").read_text(), "a: 1\n")
        self.assertEqual((self.work / "wide.yaml").read_text(), "a:    1\n")

    def test_fmt_check_names_what_would_change(self):
        self.write("wide.yaml", "a:    1\n")
        self.write("fine.yaml", "a: 1\n")
        got = self.tpc("fmt", "--check", "wide.yaml", "fine.yaml", status=1)
        self.assertEqual(got.stdout, "wide.yaml\n")
        self.assertEqual(self.tpc("fmt", "--check", "fine.yaml", status=0).stdout, "")
        self.assertEqual((self.work / "wide.yaml").read_text(), "a:    1\n")

    def test_fmt_in_place(self):
        wide = self.write("set/wide.yaml", "a:    1\n")
        fine = self.write("set/fine.yaml", "a: 1\n")
        wide.chmod(0o640)
        before = fine.stat()
        self.tpc("fmt", "-i", "set", status=0)
        self.assertEqual(wide.read_text(), "a: 1\n")
        self.assertEqual(wide.stat().st_mode & 0o777, 0o640)
        self.assertEqual(fine.stat().st_ino, before.st_ino, "a file that is fine is not touched")
        self.assertEqual(sorted(p.name for p in wide.parent.iterdir()), ["fine.yaml", "wide.yaml"])

    def test_fmt_refuses(self):
        self.write("set/wide.yaml", "a:    1\n")
        self.write("set/wrong.yaml", "a: b: c\n")
        self.assertIn("wrong.yaml:1:5", self.tpc("fmt", "-i", "set", status=1).stderr)
        self.assertEqual((self.work / "set/wide.yaml").read_text(), "a:    1\n")
        self.assertEqual(self.tpc("fmt", "--check", "set", status=1).stdout, "set/wide.yaml\n")
        self.tpc("fmt", "missing.yaml", status=1)
        for words in (["-i", "-"], ["good.yaml", "bad.yaml"], ["-i", "--check", "good.yaml"], []):
            got = self.tpc("fmt", *words, status=2)
            self.assertEqual((got.stdout, got.stderr.count("\n")), ("", 1), words)

    def test_mode(self):
        for mode in ("monitor", "enforce"):
            got = self.tpc("compile", "good.yaml", "--mode", mode, "--emit", "manifest", "-o", "-", status=0)
            self.assertEqual(json.loads(got.stdout)["policies"][0]["mode"], mode)

    def test_level_is_in_the_manifest(self):
        for level in (0, 2):
            got = self.tpc("compile", "good.yaml", f"-O{level}", "--emit", "manifest", "-o", "-", status=0)
            self.assertEqual(json.loads(got.stdout)["compiler"]["opt"], level)

    def test_objects_do_not_know_where_they_were_made(self):
        self.tpc("compile", "good.yaml", "-o", "one.o", status=0)
        (self.dir / "elsewhere").mkdir()
        shutil.copy(self.work / "good.yaml", self.dir / "elsewhere")
        self.tpc("compile", self.dir / "elsewhere" / "good.yaml", "-o", "two.o", status=0)
        one, two = (self.work / "one.o").read_bytes(), (self.work / "two.o").read_bytes()
        self.assertEqual(one, two)
        self.assertNotIn(str(self.dir).encode(), one)

    def test_time(self):
        got = self.tpc("compile", "good.yaml", "--time", status=0)
        times = json.loads(got.stderr)
        parts = ("frontend_us", "btf_us", "passes_us", "backend_us", "clang_us", "rest_us")
        self.assertEqual(sorted(times), sorted([*parts, "total_us"]))
        self.assertGreater(times["clang_us"], 0)

    # ---- input that is wrong ----
    def test_diagnostics(self):
        got = self.tpc("compile", "bad.yaml", status=1)
        self.assertRegex(got.stderr, r"^bad\.yaml:15:\d+: error: ")
        self.assertIn("'Prefix'", got.stderr)
        self.assertEqual(got.stdout, "")

    def test_diagnostics_as_json(self):
        got = self.tpc("compile", "bad.yaml", "--diagnostics=json", status=1)
        lines = [json.loads(line) for line in got.stderr.splitlines()]
        self.assertEqual(lines[0]["file"], "bad.yaml")
        self.assertEqual(lines[0]["line"], 15)
        got = self.tpc("check", "bad.yaml", "--format", "json", status=1)
        self.assertEqual([json.loads(line) for line in got.stdout.splitlines()], lines)

    def test_all_files_are_told_of(self):
        self.write("worse.yaml", "]")
        got = self.tpc("check", "bad.yaml", "none.yaml", "worse.yaml", "good.yaml", status=1)
        for part in ("bad.yaml:15", "'none.yaml'", "worse.yaml:1"):
            self.assertIn(part, got.stderr)

    def test_hostile_files(self):
        self.write("empty.yaml", "")
        self.write("binary.yaml", bytes(range(256)))
        self.write("big.yaml", b"# x\n" * (10 << 18))
        self.write("deep.yaml", "[" * 10000)
        self.write("bomb.yaml", "a: &a [x]\n" + "".join(f"b{i}: &b{i} [*a,*a]\n" for i in range(3)))
        for name in ("empty", "binary", "big", "deep", "bomb"):
            got = self.tpc("compile", f"{name}.yaml", status=1)
            self.assertIn("error:", got.stderr, name)

    def test_endless_and_unreadable_files(self):
        self.assertIn("error:", self.tpc("check", "/dev/zero", status=1).stderr)
        (self.work / "folder.yaml").mkdir()
        self.tpc("check", "folder.yaml", status=1)
        self.assertIn("No such file", self.tpc("compile", "none.yaml", status=1).stderr)

    # ---- check ----
    def test_check_knows_the_limits_of_the_back_end(self):
        deep = good().replace("type: int", "type: file").replace("GT", "Prefix").replace('"5"', "/a" * 17)
        self.write("deep.yaml", deep)
        said = self.tpc("check", "deep.yaml", "--btf", "none", status=0).stderr
        self.assertRegex(said, r"deep\.yaml:16:\d+: warning: a path of 17 components")
        said = self.tpc("compile", "deep.yaml", status=1).stderr
        self.assertRegex(said, r"deep\.yaml:16:\d+: error: a path of 17 components")
        self.tpc("compile", "deep.yaml", "--emit", "ir", "-o", "-", status=0)
        self.write("deep.yaml", deep.replace("/a" * 17, "/a" * 16))
        self.assertEqual(self.tpc("check", "deep.yaml", "--btf", "none", status=0).stderr, "tpc check: 1 file: good\n")

    def test_check(self):
        got = self.tpc("check", "good.yaml", status=0)
        self.assertEqual(got.stdout, "")
        self.assertEqual(got.stderr, "tpc check: 1 file: good\n")
        self.assertEqual(self.names(), ["bad.yaml", "good.yaml"])
        self.assertRegex(self.tpc("check", "bad.yaml", status=1).stderr, r"1 error\n$")

    # ---- inspect ----
    def test_compat(self):
        self.write("six.yaml", good() + "    - {}\n" * 5)
        got = self.tpc("check", "six.yaml", status=0)
        self.assertIn("warning: Tetragon takes 5 selectors a hook, and this has 6 [TPC701", got.stderr)
        for command in ("check", "compile"):
            got = self.tpc(command, "six.yaml", "--compat", "tetragon", status=1)
            self.assertIn("error: Tetragon takes 5 selectors", got.stderr)
            self.tpc(command, "good.yaml", "--compat=tetragon", status=0)
            got = self.tpc(command, "good.yaml", "--compat", "falco", status=2)
            self.assertIn("takes tetragon", got.stderr)
        self.assertEqual(self.names(), ["bad.yaml", "good.yaml", "sample.bpf.o", "six.yaml"])

    def test_inspect(self):
        self.tpc("compile", "good.yaml", "-o", "out.o", status=0)
        text = self.tpc("inspect", "out.o", status=0).stdout
        for part in ("out.o", "policy sample", "kprobe fd_install", "instructions", "tpc_events", "needs of the kernel"):
            self.assertIn(part, text)
        got = json.loads(self.tpc("inspect", "out.o", "--format=json", status=0).stdout)
        self.assertEqual(got["manifest"]["policies"][0]["name"], "sample")
        self.assertGreater(got["programs"][0]["insns"], 0)

    def test_inspect_of_what_is_no_object(self):
        self.assertIn("ELF", self.tpc("inspect", "good.yaml", status=1).stderr)
        self.tpc("inspect", "none.o", status=1)
        self.tpc("inspect", "/dev/zero", status=1)
        self.tpc("compile", "good.yaml", "-o", "out.o", status=0)
        self.write("cut.o", (self.work / "out.o").read_bytes()[:-100])
        self.tpc("inspect", "cut.o", status=1)

    def test_inspect_escapes_what_a_terminal_would_obey(self):
        self.write("good.yaml", good().replace("    args:", '    message: "a\\e[31mb"\n    args:', 1))
        got = self.tpc("compile", "good.yaml", "-o", "out.o")
        if got.returncode == 1:
            return  # the front end lets no control character through
        self.assertNotIn("\x1b", self.tpc("inspect", "out.o", status=0).stdout)

    # ---- command line ----
    def test_usage_errors_are_one_line(self):
        for args, part in (
            ([], "command is missing"),
            (["complie"], "did you mean 'compile'"),
            (["frobnicate"], "unknown command 'frobnicate'"),
            (["--verbose"], "'--verbose'"),
            (["compile"], "no policy"),
            (["compile", "x", "--emti", "c"], "did you mean '--emit'"),
            (["compile", "x", "--emit", "c,d"], "not 'd'"),
            (["compile", "x", "--emit", ""], "--emit"),
            (["compile", "x", "-O1"], "'1'"),
            (["compile", "x", "-o"], "needs a value"),
            (["compile", "x", "--time=1"], "takes no value"),
            (["compile", "x", "--mode", "audit"], "monitor or enforce"),
            (["compile", "x", "-q"], "'-q'"),
            (["check", "--format", "xml", "x"], "text or json"),
            (["inspect"], "no object"),
        ):
            got = self.tpc(*args, status=2)
            self.assertIn(part, got.stderr, args)
            self.assertEqual(got.stderr.count("\n"), 1, got.stderr)
            self.assertEqual(got.stdout, "", args)

    def test_help_and_version(self):
        self.assertRegex(self.tpc("--version", status=0).stdout, r"^tpc \d+\.\d+\.\d+\n$")
        text = self.tpc("--help", status=0).stdout
        for name in ("compile", "check", "inspect"):
            self.assertIn(name, text)
            self.assertIn("--help", self.tpc(name, "--help", status=0).stdout)

    def test_words_after_two_dashes(self):
        self.write("-o", good())
        self.tpc("check", "--", "-o", status=0)

    # ---- streams ----
    def test_reader_that_goes_away(self):
        with subprocess.Popen([TPC, "compile", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as p:
            p.stdout.close()
            self.assertEqual(p.stderr.read(), b"")
            self.assertEqual(p.wait(timeout=60), 0)

    def test_full_disk(self):
        with open("/dev/full", "wb") as full:
            got = subprocess.run([TPC, "--help"], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(got.returncode, 3)
        self.assertIn(b"standard output", got.stderr)

    def terminal(self, env):
        """Standard error of a failing run, when that is a terminal."""
        main, sub = pty.openpty()
        env = {k: v for k, v in {**os.environ, "TERM": "xterm", **env}.items() if k != "NO_COLOR" or k in env}
        subprocess.run([TPC, "check", "bad.yaml"], cwd=self.work, stderr=sub, env=env, timeout=60, check=False)
        os.close(sub)
        text = os.read(main, 65536)
        os.close(main)
        return text

    def test_colours(self):
        self.assertTrue(re.search(rb"\x1b\[", self.terminal({})))
        self.assertNotIn(b"\x1b", self.terminal({"NO_COLOR": "1"}))
        self.assertNotIn("\x1b", self.tpc("check", "bad.yaml").stderr)


if __name__ == "__main__":
    unittest.main()
