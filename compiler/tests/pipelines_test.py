# SPDX-License-Identifier: Apache-2.0
"""docs/pipelines: what the examples type is run, in a repository of its own, with good policies and with a bad one."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

TPC = pathlib.Path(os.environ["TPC"])
ROOT = pathlib.Path(os.environ["TPC_SOURCE_ROOT"])
EXAMPLES = ROOT / "docs/pipelines"
POLICIES = ("fd-install-prefix", "monitor-mode")
CASES = """cases:
- name: cat opens a file of the system
  hook: fd_install
  process: {binary: /usr/bin/cat}
  args: {1: /etc/shadow}
  expect: {selector: 1}
- name: cat opens another one
  hook: fd_install
  process: {binary: /usr/bin/cat}
  args: {1: /home/x}
  expect: none
- name: a log is removed
  hook: sys_unlinkat
  args: {1: app.log}
  expect: {selector: 1, actions: [Sigkill]}
"""


def text(name):
    return (EXAMPLES / name).read_text(encoding="utf-8")


def gitlab_script(job):
    """The commands of a job: the items below its `script:`."""
    body = re.search(rf"^{re.escape(job)}:\n(.*?)(?=^\S|\Z)", text("gitlab-ci.yml"), re.S | re.M).group(1)
    script = re.search(r"^  script:\n((?:    .*\n)+)", body, re.M).group(1)
    return "\n".join(re.findall(r"^    - (.*)$", script, re.M))


def github_steps():
    """{name: script} of the steps that run something."""
    steps = re.findall(r"^      - name: (.*)\n(?:        env:\n(?:          .*\n)+)?        run: \|\n((?:          .*\n)+)",
                       text("github-workflow.yml"), re.M)
    return {name: re.sub(r"^ {10}", "", script, flags=re.M) for name, script in steps}


def docker_commands():
    return re.findall(r"^RUN (.*)$", text("Dockerfile"), re.M)


def hooks():
    """{id: (entry, whether file names are added)}"""
    return {
        m[1]: (m[2], "pass_filenames: false" not in m[3])
        for m in re.finditer(r"^- id: (\S+)\n  name: .*\n  entry: (.*)\n((?:  .*\n)*)", text("pre-commit-hooks.yaml"), re.M)
    }


class PipelinesTest(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="tpc-pipelines-"))
        self.addCleanup(shutil.rmtree, self.work)
        (self.work / "policies").mkdir()
        for name in POLICIES:
            policy = (ROOT / "testdata/golden" / name / "policy.yaml").read_text(encoding="utf-8")
            laid_out = subprocess.run([TPC, "fmt", "-"], input=policy, capture_output=True, text=True, check=True)
            (self.work / "policies" / (name + ".yaml")).write_text(laid_out.stdout, encoding="utf-8")
        (self.work / "tests").mkdir()
        (self.work / "tests/files.cases.yaml").write_text(CASES, encoding="utf-8")
        self.env = {
            "PATH": f"{TPC.parent}:{os.environ['PATH']}", "HOME": str(self.work), "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@b",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def run_it(self, *args, status=0, **env):
        got = subprocess.run(args, cwd=self.work, env={**self.env, **env}, capture_output=True, text=True, timeout=300,
                             check=False)
        self.assertEqual(got.returncode == 0, status == 0, f"{args}: {got.returncode}\n{got.stdout}{got.stderr}")
        return got

    def sh(self, script, status=0, **env):
        return self.run_it("sh", "-e", "-c", script, status=status, **env)

    def spoil(self, layout=False):
        path = self.work / "policies" / (POLICIES[0] + ".yaml")
        policy = path.read_text(encoding="utf-8")
        path.write_text(policy.replace("spec:", "spec:   ") if layout else policy.replace("fd_install", "no such function"),
                        encoding="utf-8")

    def spoil_tests(self):
        """The policy is as before, and not what its tests say."""
        path = self.work / "tests/files.cases.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("none", "{selector: 1}"), encoding="utf-8")

    def git(self, *args, status=0):
        return self.run_it("git", *args, status=status)

    def shown(self, path, **env):
        got = self.run_it(str(TPC), "inspect", "--format", "json", path, **env)
        return json.loads(got.stdout)

    def judge(self, archive, signed):
        shown = self.shown(archive)
        self.assertEqual(len(shown["manifest"]["policies"]), len(POLICIES))
        self.assertEqual(shown["image"]["claims_key"] is not None, signed)

    # ---- Makefile ----
    @unittest.skipUnless(shutil.which("make"), "make is not installed")
    def test_makefile(self):
        shutil.copy(EXAMPLES / "Makefile", self.work)
        self.run_it("make")
        self.judge("build/image.tar", False)
        self.assertIn("up to date", self.run_it("make", "build/image.tar").stdout)
        self.run_it(str(TPC), "keygen", "-o", "team")
        self.run_it("make", "clean")
        self.run_it("make", "SIGN_KEY=team.key")
        self.judge("build/image.tar", True)
        self.spoil(layout=True)
        self.run_it("make", "check", status=1)
        self.run_it("make", "fmt")
        self.run_it("make", "check")
        self.run_it("make", "MIN_KERNEL=5.4", "-B", "build/image.tar", status=1)
        self.run_it("make", "build/image.tar")
        self.spoil_tests()
        self.run_it("make", "check", status=1)
        self.spoil()
        (self.work / "build/image.tar").unlink()
        self.run_it("make", status=1)
        self.assertFalse((self.work / "build/image.tar").exists())

    # ---- Dockerfile ----
    def test_dockerfile(self):
        commands = docker_commands()
        self.assertEqual(len(commands), text("Dockerfile").count("\nRUN "))
        for command in commands:
            self.sh(command)
        self.judge("out/image.tar", False)
        self.assertTrue((self.work / "out/policies.bpf.o").exists())
        self.spoil_tests()
        self.sh(commands[1], status=1)
        self.spoil()
        self.sh(commands[0], status=1)

    # ---- GitLab ----
    @unittest.skipUnless(shutil.which("git"), "git is not installed")
    def test_gitlab(self):
        self.git("init", "-q")
        self.git("add", "policies", "tests")
        self.git("commit", "-q", "-m", "policies")
        self.sh(gitlab_script("policies:check"))
        self.sh(gitlab_script("policies:build"), SIGN_KEY="")
        self.judge("build/image.tar", False)
        first = (self.work / "build/image.tar").read_bytes()
        self.sh(gitlab_script("policies:build"), SIGN_KEY="")
        self.assertTrue(first == (self.work / "build/image.tar").read_bytes())
        self.run_it(str(TPC), "keygen", "-o", "a key")
        self.sh(gitlab_script("policies:build"), SIGN_KEY="a key.key")
        self.judge("build/image.tar", True)
        for path in re.search(r"paths: \[(.*)\]", text("gitlab-ci.yml")).group(1).split(", "):
            self.assertTrue((self.work / path).exists(), path)
        self.assertIn("<testsuite ", (self.work / "build/verify.xml").read_text())
        self.spoil_tests()
        self.sh(gitlab_script("policies:check"), status=1)
        self.gitlab_diff()
        self.spoil()
        self.sh(gitlab_script("policies:check"), status=1)

    def gitlab_diff(self):
        base = self.git("rev-parse", "HEAD").stdout.strip()
        self.sh(gitlab_script("policies:diff"), CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
        self.git("worktree", "remove", "--force", "build/base")
        path = self.work / "policies/monitor-mode.yaml"
        before = path.read_text(encoding="utf-8")
        path.write_text(before.replace("value: monitor", "value: enforce"), encoding="utf-8")
        got = self.sh(gitlab_script("policies:diff"), status=1, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
        self.assertIn("enforcement: WIDER", got.stdout)
        path.write_text(before, encoding="utf-8")

    # ---- GitHub ----
    def test_github(self):
        steps = github_steps()
        self.assertEqual(len(steps), text("github-workflow.yml").count("run: |"))
        self.run_it(str(TPC), "keygen", "-o", "team")
        secret = (self.work / "team.key").read_text().rstrip("\n")
        for key in ("", secret):
            for script in steps.values():
                self.sh(script, SIGN_KEY_TEXT=key, TMPDIR=str(self.work))
            self.judge("build/image.tar", bool(key))
        self.assertEqual(list(self.work.glob("tmp.*")), [])
        self.assertEqual(json.loads((self.work / "policies.sarif").read_text())["version"], "2.1.0")
        self.spoil_tests()
        self.sh(steps["Test"], status=1)
        self.spoil()
        self.sh(steps["Check"], status=1)
        self.assertTrue(json.loads((self.work / "policies.sarif").read_text())["runs"][0]["results"])

    # ---- pre-commit ----
    def test_hooks(self):
        found = hooks()
        self.assertEqual(len(found), text("pre-commit-hooks.yaml").count("- id:"))
        files = sorted(str(p.relative_to(self.work)) for p in (self.work / "policies").iterdir())
        pattern = set(re.findall(r"  files: (.*)", text("pre-commit-hooks.yaml")))
        self.assertTrue(all(re.search(p, f) for p in pattern for f in files))

        def run_hook(name, status=0):
            entry, names = found[name]
            self.run_it(*shlex.split(entry), *(files if names else []), status=status)

        for name in found:
            run_hook(name)
        self.spoil(layout=True)
        run_hook("tpc-fmt", 1)
        self.spoil_tests()
        run_hook("tpc-test", 1)
        self.spoil()
        for name in ("tpc-check", "tpc-test", "tpc-compile", "tpc-bundle"):
            run_hook(name, 1)

    @unittest.skipUnless(shutil.which("git"), "git is not installed")
    def test_git_hook(self):
        self.git("init", "-q")
        shutil.copy(EXAMPLES / "pre-commit", self.work / ".git/hooks/pre-commit")
        self.git("add", "policies", "tests")
        self.git("commit", "-q", "-m", "good")
        self.spoil()
        self.git("commit", "-q", "--allow-empty", "-m", "what is not staged is not looked at")
        self.git("add", "policies")
        got = self.git("commit", "-q", "-m", "bad", status=1)
        self.assertIn("policies/" + POLICIES[0], got.stderr)
        self.assertEqual(self.git("log", "--format=%s").stdout.count("bad"), 0)
        self.git("reset", "-q", "--hard")
        self.spoil_tests()
        self.git("commit", "-q", "-a", "-m", "bad", status=1)
        self.git("reset", "-q", "--hard")
        (self.work / "README").write_text("x")
        self.git("add", "README")
        self.git("commit", "-q", "-m", "no policy in it")

    def test_every_example_is_named(self):
        names = {p.name for p in EXAMPLES.iterdir()} - {"README.md"}
        self.assertEqual(set(re.findall(r"^\| \[(.*?)\]\(\1\)", text("README.md"), re.M)), names)


if __name__ == "__main__":
    unittest.main()
