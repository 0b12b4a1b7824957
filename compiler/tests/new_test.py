# SPDX-License-Identifier: Apache-2.0
"""tpc new: what it writes of each threat is sound for tpc and Tetragon, as laid out, compiled and tested as it can be.

TPC_UPDATE_GOLDEN=1 rewrites testdata/knowledge/new-*.yaml and not-compiled.txt; read them before you commit them.
"""
import concurrent.futures
import json
import os
import pathlib
import platform
import re
import subprocess
import tempfile
import unittest

from kernel_elf import HERE_BTF, guest_kernels

TPC = os.environ["TPC"]
ROOT = pathlib.Path(os.environ["TPC_SOURCE_ROOT"])
CASES = ROOT / "templates/policy"
GOLDEN = ROOT / "testdata/knowledge"
UPDATE = os.environ.get("TPC_UPDATE_GOLDEN") == "1"
APPETITES = ("observe", "alert", "block")
COMMENT = re.compile(r"^ *#.*\n|(?<= )# .*$", re.M)


def tpc(*args, status=None):
    got = subprocess.run(
        [TPC, *map(str, args)], capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    if status is not None and got.returncode != status:
        raise AssertionError(f"{args}: exit status {got.returncode}, {got.stderr[:2000]}")
    return got


def new(*args):
    return tpc("new", *args, status=0).stdout


def in_parallel(function, items):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


def diagnostics(*files, options=()):
    """Of tpc check, as for Tetragon: [(name of the file without its ending, code, message)]."""
    def check(some):  # few at a time: tpc shows a hundred diagnostics
        return tpc("check", "--compat", "tetragon", "--format", "json", *options, *some).stdout

    parts = [files[i:i + 10] for i in range(0, len(files), 10)]
    found = [json.loads(line) for text in in_parallel(check, parts) for line in text.splitlines()]
    return [(pathlib.Path(d["file"] or "?").stem, d["code"], d["message"]) for d in found]


THREATS = {t["id"]: t for t in json.loads(tpc("threats", "--format", "json", status=0).stdout)["threats"]}


def written(threat, appetite):
    """Is there a policy? Base events need none; a threat may be left to them."""
    if all(u["hook"].startswith("base:") for u in threat["hooks"]):
        return False
    return appetite == "block" or threat["actions"][appetite]["action"] != "None"


class FolderTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.folder / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def write_all(self, appetite, *options):
        """A file of each threat that has a policy, by id."""
        ids = [i for i, t in THREATS.items() if written(t, appetite)]
        tpc("new", "--threat", ",".join(ids), "--appetite", appetite, *options, "-o", self.folder, status=0)
        return {i: self.folder / f"{i}.yaml" for i in ids}

    def same(self, name, text):
        path = GOLDEN / name
        if UPDATE:
            path.write_text(text, encoding="utf-8")
        self.assertEqual(text, path.read_text(encoding="utf-8"))


class EveryThreatTest(FolderTest):
    """All threats that have a policy, in the ways in which one may ask for them."""

    def check(self, files):
        # What cannot be compiled yet has a test of its own.
        self.assertEqual([d for d in diagnostics(*files.values()) if d[1] != "TPC401"], [])
        got = tpc("fmt", "--check", *files.values())
        self.assertEqual((got.returncode, got.stdout), (0, ""), "not as tpc fmt lays it out")
        for name, path in files.items():
            for line in path.read_text(encoding="utf-8").splitlines():
                self.assertLessEqual(len(line), 120, f"{name}: {line}")

    def test_observe(self):
        self.check(self.write_all("observe"))

    def test_alert(self):
        self.check(self.write_all("alert"))

    def test_block(self):
        self.check(self.write_all("block"))

    def test_block_in_a_namespace(self):
        files = self.write_all("block", "--enforce", "--namespace", "payments")
        self.check(files)
        for path in files.values():
            text = path.read_text(encoding="utf-8")
            self.assertIn("kind: TracingPolicyNamespaced\n", text)
            self.assertNotIn("\n  podSelector", text)

    def test_all_agents(self):
        """Each with as many of the agents that set it off as a hook's selectors have room for."""
        everyone = sorted({a for t in THREATS.values() for a in t["agents"]})
        self.check(self.write_all("block", "--agents", ",".join(everyone)))

    def test_monitor_first(self):
        for name, path in self.write_all("block").items():
            text = path.read_text(encoding="utf-8")
            enforces = "action: Override" in text or "action: Sigkill" in text
            self.assertEqual(enforces, "{name: policy-mode, value: monitor}" in text, name)

    def test_edit_is_marked(self):
        for name, path in self.write_all("alert").items():
            if not THREATS[name].get("edit"):
                continue
            marked = [line for line in path.read_text(encoding="utf-8").splitlines()
                      if "# edit:" in line and not line.startswith("#")]
            self.assertTrue(marked, name)

    def test_scope(self):
        for name, path in self.write_all("alert").items():
            text = path.read_text(encoding="utf-8")
            scope = THREATS[name]["scope"]
            self.assertEqual("\nkind: TracingPolicyNamespaced\n" in text, scope == "namespace", name)
            self.assertEqual("\n  podSelector: {}" in text, scope == "pods", name)


class CasesTest(FolderTest):
    def judge(self, path, cases):
        return tpc("test", "--min-coverage", "100", path, cases)

    def test_every_threat_has_cases(self):
        have = {p.name.removesuffix(".cases.yaml") for p in CASES.glob("*.cases.yaml")}
        self.assertEqual(have, {i for i, t in THREATS.items() if written(t, "block")})

    def test_block(self):
        files = self.write_all("block")
        results = in_parallel(lambda i: self.judge(files[i], CASES / f"{i}.cases.yaml"), files)
        for name, got in zip(files, results):
            with self.subTest(name):
                self.assertEqual(got.returncode, 0, got.stdout + got.stderr)

    def test_alert(self):
        """The same filters decide, and each posts."""
        files = self.write_all("alert")

        def judge(name):
            text = (CASES / f"{name}.cases.yaml").read_text(encoding="utf-8")
            text = re.sub(r"(actions: \[)(Override|Sigkill)\]", r"\1Post]", text)
            text = re.sub(r", error: -\d+", "", text)
            (self.folder / f"{name}.cases").write_text(text, encoding="utf-8")
            return self.judge(files[name], self.folder / f"{name}.cases")

        for name, got in zip(files, in_parallel(judge, files)):
            with self.subTest(name):
                self.assertEqual(got.returncode, 0, got.stdout + got.stderr)


class CompileTest(FolderTest):
    def kernels(self):
        """Options of tpc compile and tpc verify for each kernel at hand."""
        found = [HERE_BTF] * (HERE_BTF.is_file() and platform.release().startswith("6.18."))
        return found + guest_kernels(ROOT, self.folder)[-1:]

    def test_which_compile(self):
        """Those that do not yet, with the reasons: the list shrinks as the back end grows (--setup update)."""
        if not self.kernels():
            self.skipTest("no kernel's types are here, which 'resolve' needs")
        files = self.write_all("block")
        why = {i: set() for i in files}
        for name, code, message in diagnostics(*files.values(), options=("--btf", self.kernels()[-1])):
            if code == "TPC401":
                why[name].add(message.removesuffix(" cannot be compiled yet"))
        lines = [f"{len([w for w in why.values() if not w])} of {len(why)} compile\n"]
        lines += [f"{name}: {'; '.join(sorted(w))}\n" for name, w in why.items() if w]
        self.same("not-compiled.txt", "".join(lines))
        refused = [i for i, w in why.items() if w]
        results = in_parallel(lambda i: tpc("compile", "--emit", "c", files[i], "-o", "-"), refused)
        for name, got in zip(refused, results):
            self.assertEqual(got.returncode, 1, f"{name} compiles: it does not belong in the list")

    def compile(self, name, path):
        """What is wrong with its object, or None."""
        obj = self.folder / f"{name}.o"
        got = tpc("compile", "--btf", self.btf[-1], path, "-o", obj)
        if got.returncode:
            return got.stderr
        oldest = max(THREATS[name]["min_kernel"], "5.15", key=lambda v: [int(n) for n in v.split(".")])
        options = [o for k in self.btf for o in ("--btf", k)]
        got = tpc("verify", "--min-kernel", oldest, *options, obj)
        return got.stdout + got.stderr if got.returncode else None

    def test_objects(self):
        """What compiles is sound, and fits the kernels that are here."""
        listed = (GOLDEN / "not-compiled.txt").read_text(encoding="utf-8").splitlines()[1:]
        skip = {line.split(":")[0] for line in listed}
        files = {i: f for i, f in self.write_all("block").items() if i not in skip}
        self.btf = self.kernels()
        if not self.btf:
            self.skipTest("no kernel's types are here, which 'resolve' needs")
        for name, wrong in zip(files, in_parallel(lambda i: self.compile(i, files[i]), files)):
            with self.subTest(name):
                self.assertIsNone(wrong)

    def test_kernels_have_the_hooks(self):
        files = self.write_all("block")
        for btf in self.kernels():
            wrong = [d for d in diagnostics(*files.values(), options=("--btf", btf)) if d[1] != "TPC401"]
            self.assertEqual(wrong, [], btf)


class AgentsTest(FolderTest):
    LABEL = '"k8s:io.kubernetes.pod.namespace"'

    def judge(self, policy, cases):
        got = tpc("test", self.write("policy", policy), self.write("cases", cases))
        self.assertEqual(got.returncode, 0, got.stdout + got.stderr)

    def test_pods_and_host(self):
        """Programs of pods pass in their namespace, programs of the node outside of pods."""
        policy = new("--threat", "shadow-read", "--appetite", "block", "--agents", "containerd,osquery")
        self.assertIn("    # let through: containerd and osquery\n    - matchBinaries", policy)
        self.assertIn("    # let through: osquery\n    - matchBinaries", policy)
        node = "process: {binary: /usr/bin/containerd, namespaces: {Pid: %s}}, workload: %s"
        rows = [
            ("containerd", node % ("host", "host"), "{selector: 1, actions: [NoPost]}"),
            ("a container's file of that name", node % ("5", "{namespace: x, labels: {a: b}}"), "{selector: 3}"),
        ]
        pod = "process: {binary: /usr/bin/osqueryd, namespaces: {Pid: 5}}, workload: {namespace: x, labels: {%s: %s}}"
        self.assertIn("/usr/bin/osqueryd", policy)
        rows += [
            ("osquery", pod % (self.LABEL, "osquery"), "{selector: 2, actions: [NoPost]}"),
            ("the same in another namespace", pod % (self.LABEL, "x"), "{selector: 3}"),
        ]
        cases = "defaults: {hook: file_open, args: {0: /etc/shadow}}\ncases:\n"
        self.judge(policy, cases + "".join(f"- {{name: {n}, {how}, expect: {e}}}\n" for n, how, e in rows))

    def test_told_in_the_head(self):
        head = new("--threat", "setns-host", "--agents", "containerd,runc,kubelet,cilium").split("apiVersion")[0]
        self.assertIn("# - Let through by the first selectors: cilium.\n", head)
        self.assertIn("# - Run where this policy does not look: containerd.\n", head)
        self.assertIn("# - Do not set it off: kubelet.\n", head)
        self.assertIn("# - By hand, for runc: look at hooks that come after exec", head)

    def test_sidecar(self):
        """It is in everybody's pods: its container's name is what a selector may ask for."""
        policy = new("--threat", "sa-token-read", "--appetite", "block", "--agents", "istio-proxy")
        self.assertRegex(policy, r"containerSelector:\n +matchExpressions:\n +- key: name\n +operator: In\n +values: \[istio-proxy\]")
        self.assertNotIn("io.kubernetes.pod.namespace", policy)
        self.judge(policy, """
defaults:
  hook: file_open
  args: {0: /run/secrets/kubernetes.io/serviceaccount/token}
  process: {binary: /usr/local/bin/envoy}
cases:
- {name: sidecar, workload: {namespace: default, container: {name: istio-proxy}}, expect: {selector: 1, post: false}}
- {name: application, workload: {namespace: default, container: {name: app}}, expect: {selector: 2, post: true}}
""")

    def test_in_a_namespace(self):
        """An agent that runs elsewhere needs no selector; one that runs there needs no namespace in it."""
        policy = new("--threat", "sa-token-read", "--namespace", "logging", "--agents", "fluent-bit,cilium")
        self.assertIn("# - Run where this policy does not look: cilium.\n", policy)
        self.assertIn("values: [/fluent-bit/bin/fluent-bit]", policy)
        self.assertNotIn("matchWorkloads", policy)

    def test_no_room(self):
        """A hook has five selectors in Tetragon: namespaces are joined, and who does not fit is named."""
        everyone = THREATS["host-kube-credential-read"]["agents"]
        policy = new("--threat", "host-kube-credential-read", "--agents", ",".join(everyone))
        self.assertLessEqual(len(re.findall(r"^    - ", policy.split("\n    selectors:\n")[1], re.M)), 5)
        told = re.sub(r"\n#  +", " ", policy)
        named = re.findall(r"^# - .*", told, re.M)
        for agent in everyone:
            self.assertTrue(any(re.search(rf"\b{agent}\b", line) for line in named), agent)


class CliTest(FolderTest):
    def test_golden(self):
        """Read as a whole: one that enforces, with agents; a system call; one that only tells."""
        self.same("new-shadow-read.yaml", new("--threat", "shadow-read", "--appetite", "block", "--agents", "osquery,sudo"))
        self.same("new-setns-host.yaml", new("--threat", "setns-host", "--appetite", "block", "--enforce", "--namespace", "web"))
        self.same("new-unexpected-egress-udp.yaml", new("--threat", "unexpected-egress-udp", "--appetite", "observe"))

    def test_several(self):
        both = new("--threat", "chroot", "--threat", "shadow-read")
        self.assertEqual(both, new("--threat", "chroot,shadow-read"))
        self.assertEqual(both, new("--threat", "chroot", "shadow-read"))
        self.assertEqual(both, new("--threat", "chroot") + "---\n" + new("--threat", "shadow-read"))
        tpc("check", self.write("both", both), status=0)

    def test_name_and_output(self):
        out = self.folder / "x.yaml"
        got = tpc("new", "--threat", "chroot", "--name", "no-chroot", "-o", out, status=0)
        self.assertEqual((got.stdout, got.stderr), ("", ""))
        self.assertIn("\n  name: no-chroot\n", out.read_text(encoding="utf-8"))
        self.assertIn("kubectl delete tracingpolicy no-chroot\n", out.read_text(encoding="utf-8"))
        tpc("new", "--threat", "chroot", "--name", "no-chroot", "-o", f"{self.folder}/", status=0)
        self.assertEqual((self.folder / "no-chroot.yaml").read_text(encoding="utf-8"), out.read_text(encoding="utf-8"))
        tpc("new", "--threat", "chroot", "-o", self.folder / "none/x.yaml", status=3)

    def test_equal_input_equal_output(self):
        args = ("--threat", "mount-in-container", "--appetite", "block", "--agents", "cilium,longhorn")
        self.assertEqual(new(*args), new(*args))

    def test_no_policy(self):
        got = tpc("new", "--threat", "fork-bomb", status=1)
        self.assertEqual(got.stdout, "")
        self.assertIn("'fork-bomb' at appetite 'alert': a rule in the SIEM on the count", got.stderr)
        got = tpc("new", "--threat", "fork-bomb,chroot", status=0)
        self.assertEqual(got.stdout, new("--threat", "chroot"))
        self.assertIn("'fork-bomb'", got.stderr)
        got = tpc("new", "--threat", "shell-in-container", "--appetite", "observe", status=1)
        self.assertIn("exec events show it", got.stderr)

    def test_wrong_command_lines(self):
        for said, *args in (
            ("a threat is missing", ),
            ("did you mean 'shadow-read'?", "--threat", "shadow-raed"),
            ("'tpc threats' lists all", "--threat", "nothing-of-the-kind-is-known"),
            ("did you mean 'cilium'?", "--threat", "chroot", "--agents", "cilum"),
            ("there is no agent", "--threat", "chroot", "--agents", "nobody-of-this-name"),
            ("'Web' is no name of a policy", "--threat", "chroot", "--name", "Web"),
            ("'a.b' is no name of a namespace", "--threat", "chroot", "--namespace", "a.b"),
            ("--name is for one threat", "--threat", "chroot,shadow-read", "--name", "x"),
            ("--enforce needs --appetite block", "--threat", "chroot", "--enforce"),
            ("'stop' is not a value of --appetite", "--threat", "chroot", "--appetite", "stop"),
            ("unknown option", "--threat", "chroot", "--force"),
        ):
            with self.subTest(said):
                got = tpc("new", *args, status=2)
                self.assertEqual(got.stdout, "")
                self.assertIn(said, got.stderr)
        self.assertIn("--appetite HOW", tpc("new", "--help", status=0).stdout)


ROWS = """threats:
- id: aaa
  title: "Title: with {syntax}"
  group: files
  about: Something happens.
  mitre: [T1000]
  hooks:
  - {hook: "lsm:file_open", why: it sees it, args: [{index: 0, type: file}],
    selectors: [{matchArgs: [{args: [0], operator: Equal, values: [/a, /b]}]}, {}]}
  - {hook: "syscall:sys_reboot", why: and this}
  - {hook: "tracepoint:sched/sched_process_exec", why: and that}
  alternatives: [{other: something, why: it is worse}]
  minKernel: "5.7"
  scope: pods
  actions:
    observe: {action: Post, rateLimit: 30}
    alert: {action: Post}
    block: {action: Sigkill}
  impact: Little.
  rollback: Nothing.
  legitimate: []
  fidelity: [always]
  fpRisk: low
  severity: low
  source: {hooks: judgement, alternatives: judgement, minKernel: judgement, actions: judgement,
    impact: judgement, legitimate: judgement, fidelity: judgement}
"""


class OwnRowsTest(FolderTest):
    def test_several_sections(self):
        """Tetragon takes one section of hooks a policy: each becomes a policy, of flow collections too."""
        rows = self.write("rows", ROWS)
        for appetite in APPETITES:
            text = new("--threat", "aaa", "--appetite", appetite, "--knowledge", rows)
            documents = text.split("---\n")
            self.assertEqual(re.findall(r"^  name: (\S+)$", text, re.M), ["aaa-lsm", "aaa-kprobe", "aaa-tracepoint"])
            files = [self.write(f"d{i}", d) for i, d in enumerate(documents)]
            self.assertEqual([d for d in diagnostics(*files) if d[1] != "TPC401"], [])
            for path in files:
                tpc("fmt", "--check", path, status=0)
        self.assertIn('message: "Title: with {syntax}"', text)
        self.assertIn("values: [/a, /b]}], matchActions: [{action: Sigkill}]}", documents[0])
        self.assertIn("    - {matchActions: [{action: Sigkill}]}", documents[0])
        self.assertIn("values: [sys_reboot, i386/sys_reboot]", documents[1])
        self.assertIn("  - subsystem: sched\n    event: sched_process_exec\n", documents[2])

    def test_ways_to_write_a_selector(self):
        """Each keeps its filter and gets its action."""
        old = "selectors: [{matchArgs: [{args: [0], operator: Equal, values: [/a, /b]}]}, {}]}"
        row = "- hook: lsm:file_open\n    why: it sees it\n    args: [{index: 0, type: file}]\n    selectors:\n"
        self.assertIn(old, ROWS)
        start = ROWS.index('  - {hook: "lsm:file_open"') + 2
        for selector in (
            "- {matchArgs: [{args: [0], operator: Equal, values: [/a]}]} # edit: }",
            "- {matchArgs: [{args: [0], operator: Equal, values: [/a]},],}",
            "- {\n        matchArgs: [\n          {args: [0], operator: Equal, values: [/a]}\n        ]\n      }",
            "- matchArgs: # all\n      - args: [0]\n        # one\n        operator: Equal\n        values: [/a] # edit: }",
            "-\n      matchArgs:\n        - {args: [0], operator: Equal, values: [/a]}",
        ):
            rows = ROWS[:start] + row + f"    {selector}\n" + ROWS[ROWS.index(old) + len(old) + 1:]
            text = new("--threat", "aaa", "--appetite", "block", "--knowledge", self.write("rows", rows))
            policy = self.write("policy", text.split("---\n", 1)[0])
            cases = "defaults: {hook: file_open, workload: {namespace: x}}\ncases:\n"
            cases += "- {name: a, args: {0: /a}, expect: {selector: 1, actions: [Sigkill]}}\n"
            cases += "- {name: b, args: {0: /b}, expect: none}\n"
            with self.subTest(selector):
                got = tpc("test", policy, self.write("cases", cases))
                self.assertEqual(got.returncode, 0, got.stdout + got.stderr + text)

    def test_text_stays_in_its_comment(self):
        """Whatever ends a line in YAML or in a terminal, in a text of a row."""
        for end in (r"\r", r"\n", r"\N", r"\L", r"\P", r"\x1b", r"\x7f"):
            said = ROWS.replace("about: Something happens.", f'about: "Something{end}kind: x"')
            text = new("--threat", "aaa", "--knowledge", self.write("rows", said.replace("why: it sees it", f'why: "it{end}sees: it"')))
            self.assertIn("# Something kind: x\n", text)
            self.assertIn("  # it sees: it\n", text)
            self.assertNotRegex(text, "[\r\x1b\x7f\x85\u2028\u2029]")

    def test_faulty_rows(self):
        rows = self.write("rows", ROWS.replace("severity: low", "severity: lowest"))
        got = tpc("new", "--threat", "aaa", "--knowledge", rows, status=1)
        self.assertEqual(got.stdout, "")
        self.assertIn("unknown level 'lowest'", got.stderr)


if __name__ == "__main__":
    unittest.main()
