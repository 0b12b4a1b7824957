# SPDX-License-Identifier: Apache-2.0
"""tpc threats, and the rows behind it: what real kernels have of them, what is said of faulty files.

TPC_UPDATE_GOLDEN=1 rewrites testdata/knowledge/*.txt; read them before you commit them.
"""
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
KERNEL = os.environ["TPC_KNOWLEDGE_KERNEL"]
ROOT = pathlib.Path(os.environ["TPC_SOURCE_ROOT"])
GOLDEN = ROOT / "testdata/knowledge"
SECTIONS = {"lsm": ("lsmhooks", "hook"), "kprobe": ("kprobes", "call"), "syscall": ("kprobes", "call")}


def tpc(*args, stdin="", status=None):
    got = subprocess.run(
        [TPC, *args], input=stdin, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    if status is not None and got.returncode != status:
        raise AssertionError(f"{args}: exit status {got.returncode}, {got.stderr[:2000]}")
    return got


def threats(*ids):
    return json.loads(tpc("threats", "--format", "json", *ids, status=0).stdout)["threats"]


def kernels(folder):
    """[(version, file with BTF)] of those that this machine has."""
    found = []
    if HERE_BTF.is_file():
        found.append((".".join(platform.release().split(".")[:2]), HERE_BTF))
    found += [("6.1", elf) for elf in guest_kernels(ROOT, folder)[-1:]]
    return [(v, p) for v, p in found if v in ("6.1", "6.18")]


class ListTest(unittest.TestCase):
    def test_every_threat_has_a_line(self):
        listed = re.findall(r"^  (\S+) +\S", tpc("threats", status=0).stdout, re.M)
        ids = [t["id"] for t in threats()]
        self.assertEqual(sorted(listed), ids)
        self.assertEqual(ids, sorted(set(ids)))
        self.assertGreaterEqual(len(ids), 100)

    def test_pages(self):
        for name in ("shadow-read", "setns-host", "unexpected-egress-tcp"):
            page = tpc("threats", name, status=0).stdout
            path = GOLDEN / f"{name}.txt"
            if os.environ.get("TPC_UPDATE_GOLDEN") == "1":
                path.write_text(page, encoding="utf-8")
            self.assertEqual(page, path.read_text(encoding="utf-8"))

    def test_every_page_is_narrow(self):
        for t in threats():
            page = tpc("threats", t["id"], status=0).stdout
            self.assertIn(t["title"], page)
            for line in page.splitlines():
                self.assertLessEqual(len(line), 120, line)

    def test_several(self):
        both = tpc("threats", "shadow-read", "chroot", status=0).stdout
        self.assertEqual(both, "\n".join(tpc("threats", i, status=0).stdout for i in ("shadow-read", "chroot")))
        self.assertEqual([t["id"] for t in threats("shadow-read", "chroot")], ["shadow-read", "chroot"])

    def test_unknown(self):
        got = tpc("threats", "shadow-raed", status=2)
        self.assertEqual((got.stdout, got.stderr.count("\n")), ("", 1))
        self.assertIn("did you mean 'shadow-read'?", got.stderr)
        got = tpc("threats", "nothing-of-the-kind-is-known", status=2)
        self.assertIn("'tpc threats' lists all", got.stderr)
        tpc("threats", "--format", "yaml", status=2)
        tpc("threats", "--help", status=0)


class JsonTest(unittest.TestCase):
    def test_a_threat(self):
        t = threats("shadow-read")[0]
        self.assertEqual(t["group"], "credentials")
        self.assertEqual(t["actions"]["block"]["action"], "Override")
        self.assertEqual(t["actions"]["block"]["error"], -1)
        hook = t["hooks"][0]
        self.assertEqual(hook["row"]["id"], "lsm:file_open")
        self.assertTrue(hook["row"]["sleepable"])
        self.assertIn("sudo", t["agents"])

    def test_every_fact_has_a_source(self):
        for t in threats():
            for fact in ("hooks", "alternatives", "minKernel", "actions", "impact", "legitimate", "fidelity"):
                self.assertTrue(t["source"][fact], t["id"])


def action_lines(action):
    if action["action"] == "Override":
        return [f"- {{action: Override, argError: {action['error']}}}"]
    if action["action"] == "Sigkill":
        return ["- action: Sigkill"]
    return ["- action: Post"]


def with_actions(yaml, action):
    """The YAML of a use, each of its selectors with an action."""
    lines = ["matchActions:", *action_lines(action)]
    head, sep, selectors = yaml.partition("selectors:\n")
    if not sep:
        return yaml + "selectors:\n- matchActions:\n" + "".join(f"  {line}\n" for line in lines[1:])
    out = ""
    for selector in re.split(r"^(?=- )", selectors, flags=re.M)[1:]:
        out += selector + "".join(f"  {line}\n" for line in lines)
    return head + sep + out


def policy_of(threat):
    """A TracingPolicy as the rows of a threat make it, or None where none is needed."""
    parts = {}
    for u in threat["hooks"]:
        kind, name = u["hook"].split(":", 1)
        if kind not in SECTIONS:
            continue
        section, key = SECTIONS[kind]
        text = f"{key}: {name}\n" + ("" if kind == "lsm" else f"syscall: {str(kind == 'syscall').lower()}\n")
        text += with_actions(u["yaml"], threat["actions"]["block"])
        item = "  - " + text.rstrip("\n").replace("\n", "\n    ") + "\n"
        parts.setdefault(section, []).append(item)
    if not parts:
        return None
    spec = "".join(f"  {s}:\n" + "".join(items) for s, items in parts.items())
    return f"apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {{name: {threat['id']}}}\nspec:\n{spec}"


class KernelTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.kernels = kernels(self.folder)

    def test_hooks_exist(self):
        if not self.kernels:
            self.skipTest("neither Linux 6.1 nor 6.18 is here")
        for version, btf in self.kernels:
            got = subprocess.run([KERNEL, str(btf), version], capture_output=True, text=True, check=False)
            self.assertEqual(got.returncode, 0, f"Linux {version}:\n{got.stdout}")
            self.assertRegex(got.stdout, r"\d{3} hooks looked up")

    def test_threats_make_policies(self):
        """tpc check finds no fault in what the rows of a threat make, for kernels and for Tetragon."""
        if not self.kernels:
            self.skipTest("neither Linux 6.1 nor 6.18 is here")
        files = []
        for t in threats():
            text = policy_of(t)
            if text:
                files.append(self.folder / f"{t['id']}.yaml")
                files[-1].write_text(text, encoding="utf-8")
        self.assertGreater(len(files), 100)
        for version, btf in self.kernels:
            got = tpc("check", "--btf", str(btf), "--compat", "tetragon", "--format", "json", *map(str, files))
            wrong = [json.loads(line) for line in got.stdout.splitlines()]
            wrong = [d for d in wrong if d["code"] != "TPC401"]
            self.assertEqual(wrong, [], version)

    def test_threats_are_compiled(self):
        """Of all groups but network: what there is no code for yet has to do with sockets."""
        if not self.kernels:
            self.skipTest("neither Linux 6.1 nor 6.18 is here")
        files = []
        for t in threats():
            text = policy_of(t)
            if text and t["group"] != "network":
                files.append(self.folder / f"{t['id']}.yaml")
                files[-1].write_text(text, encoding="utf-8")
        self.assertGreater(len(files), 100)
        for version, btf in self.kernels:
            got = tpc("check", "--btf", str(btf), "--format", "json", *map(str, files))
            told = [json.loads(line) for line in got.stdout.splitlines()]
            told = [d["message"] for d in told if d["code"] == "TPC401"]
            self.assertEqual([m for m in told if "sock" not in m and "addresses" not in m], [], version)


ROW = """agents:
- name: aaa
  category: cni
  about: A part.
  binaries: [{path: /usr/bin/aaa}]
  triggers: [shadow-read]
  exempt: its binary
  source: {binaries: judgement, triggers: judgement, where: unchecked}
"""
HOOK = """hooks:
- id: kprobe:vfs_fsync
  about: A file is written out.
  rate: some
  rateWhy: databases
  override: none
  since: "4.19"
  source: {hook: judgement, override: judgement, rate: judgement, since: judgement}
"""
THREAT = """threats:
- id: aaa
  title: A title
  group: files
  about: Something happens.
  mitre: [T1000]
  hooks: [{hook: "lsm:file_open", why: it sees it}]
  alternatives: [{other: something, why: it is worse}]
  minKernel: "5.7"
  scope: pods
  actions:
    observe: {action: Post}
    alert: {action: Post}
    block: {action: Override, error: -1}
  impact: Little.
  rollback: Nothing.
  legitimate: []
  fidelity: [always]
  fpRisk: low
  severity: low
  source: {hooks: judgement, alternatives: judgement, minKernel: judgement, actions: judgement,
    impact: judgement, legitimate: judgement, fidelity: judgement}
"""
# (row, what is replaced, by what, line of the fault, what is said): one change of a good row each.
FAULTS = [
    (ROW, "name: aaa", "name: Aaa", 2, "'Aaa' is no name"),
    (ROW, "name: aaa", "name: cilium", 2, "agent 'cilium' is here twice"),
    (ROW, "category: cni", "category: cnii", 3, "unknown category 'cnii'"),
    (ROW, "  about: A part.\n", "", 2, "agent without 'about'"),
    (ROW, "about: A part.", "aboot: A part.", 4, "unknown field 'aboot' in agent"),
    (ROW, "[{path: /usr/bin/aaa}]", "[]", 5, "an agent needs a binary"),
    (ROW, "/usr/bin/aaa", "usr/bin/aaa", 5, "'usr/bin/aaa' is no path"),
    (ROW, "/usr/bin/aaa", "/usr/*/aaa", 5, "a path has no patterns"),
    (ROW, "/usr/bin/aaa", "/bin/sh", 5, "'/bin/sh' is a link everywhere"),
    (ROW, "[shadow-read]", "[shadow-raed]", 6, "there is no threat 'shadow-raed'"),
    (ROW, "where: unchecked", "where: a friend", 8, "'a friend' is not a source"),
    (ROW, ", where: unchecked", "", 8, "'source' does not say where 'where' is from"),
    (ROW, "where:", "when:", 8, "'source' is not about 'when'"),
    (ROW, "about: A part.", "about: 7", 4, "'about' must be a string"),
    (ROW, "  exempt:", "  labels: [app]\n  exempt:", 7, "'app' is no label"),
    (HOOK, "kprobe:vfs_fsync", "vfs_fsync", 2, "'vfs_fsync' is no hook's id"),
    (HOOK, "kprobe:vfs_fsync", "lsm:file_opened", 2, "there is no LSM hook 'file_opened'"),
    (HOOK, "kprobe:vfs_fsync", "lsm:file_lock", 6, "has a result that can be replaced"),
    (HOOK, "kprobe:vfs_fsync", "syscall:sys_fsyncc", 2, "'sys_fsyncc' is not a system call"),
    (HOOK, "kprobe:vfs_fsync", "kprobe:security_file_lock", 2, "belongs to an LSM hook"),
    (HOOK, '"4.19"', "new", 7, "'new' is no version of a kernel"),
    (HOOK, "override: none", 'override: none\n  better: {hook: "lsm:file_opne", why: x}', 7, "no row of hook"),
    (HOOK, "override: none", "override: none\n  better: {why: x}", 7, "either 'hook' or 'other' is needed"),
    (THREAT, "lsm:file_open", "lsm:file_opne", 7, "there is no row of hook 'lsm:file_opne'"),
    (THREAT, 'hooks: [{hook: "lsm:file_open", why: it sees it}]', "hooks: []", 7, "a threat needs a hook"),
    (THREAT, "T1000", "T10", 6, "'T10' is no technique"),
    (THREAT, "error: -1", "error: 0", 14, "an Override with 0 reports success"),
    (THREAT, ", error: -1", "", 14, "'error' is for Override"),
    (THREAT, "lsm:file_open", "kprobe:tcp_connect", 14, "'kprobe:tcp_connect' cannot be overridden"),
    (THREAT, "alert: {action: Post}", "alert: {action: None}", 13, "'None' needs a 'why'"),
    (THREAT, "alert: {action: Post}", "alert: {action: Kill}", 13, "unknown action 'Kill'"),
    (THREAT, "    alert: {action: Post}\n", "", 12, "actions without 'alert'"),
    (THREAT, "why: it sees it", "why: x, selectors: [{matchActions: [{action: Post}]}]", 7, "do not belong here"),
    (THREAT, "severity: low", "severity: low\n  related: [nothing]", 21, "there is no threat 'nothing'"),
    (THREAT, "[always]", "[]", 18, "'fidelity' is empty"),
]


class FaultTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "rows.yaml"

    def read(self, text):
        self.file.write_text(text, encoding="utf-8")
        return tpc("threats", "--knowledge", str(self.file), "--diagnostics", "json", "chroot")

    def test_good_rows(self):
        for row in (ROW, HOOK, THREAT, ROW + HOOK + THREAT):
            got = self.read(row)
            self.assertEqual((got.returncode, got.stderr), (0, ""))

    def test_rows_are_added(self):
        self.file.write_text(ROW + THREAT, encoding="utf-8")
        page = tpc("threats", "--knowledge", str(self.file), "aaa", status=0).stdout
        self.assertTrue(page.startswith("aaa: A title\n"))
        self.assertRegex(tpc("threats", "--knowledge", str(self.file), "shadow-read").stdout, r"platform: aaa,")

    def test_faults(self):
        for row, old, new, line, said in FAULTS:
            with self.subTest(said):
                self.assertEqual(row.count(old), 1, old)
                got = self.read(row.replace(old, new))
                self.assertEqual(got.returncode, 1, got.stderr)
                found = [json.loads(d) for d in got.stderr.splitlines()]
                where = [(d["line"], d["message"]) for d in found if said in d["message"]]
                self.assertTrue(where, got.stderr)
                self.assertEqual(where[0][0], line, where)

    def test_order(self):
        both = ROW + ROW.split("\n", 1)[1].replace("name: aaa", "name: aa")
        got = self.read(both)
        self.assertIn("'aa' must come before 'aaa': rows are sorted", got.stderr)

    def test_no_such_file(self):
        got = tpc("threats", "--knowledge", str(self.file), status=1)
        self.assertIn("cannot read", got.stderr)

    def test_not_yaml(self):
        for text in ("[", "- a\n", "a\n", "threats: {}\n"):
            self.assertEqual(self.read(text).returncode, 1, text)


if __name__ == "__main__":
    unittest.main()
