# SPDX-License-Identifier: Apache-2.0
"""tpc test: cases and recorded events, and that cases which cover a policy see every slip in it.

testdata/ptest/NAME.yaml has NAME.cases.yaml beside it, whose cases cover all of it. TPC names the program.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

TPC = os.environ["TPC"]
ROOT = pathlib.Path(os.environ["TPC_SOURCE_ROOT"])
FOLDER = ROOT / "testdata/ptest"
BTF = os.environ.get("TPC_TEST_BTF")

POLICY = """apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata:
  name: passwd
spec:
  kprobes:
  - call: security_file_open
    syscall: false
    message: opened
    args:
    - {index: 0, type: file}
    selectors:
    - matchArgs:
      - {index: 0, operator: Prefix, values: [/etc/, /root/]}
      matchBinaries:
      - {operator: NotIn, values: [/usr/bin/vim]}
      matchActions: [{action: Sigkill}]
    - matchArgs:
      - {index: 0, operator: Equal, values: [/x]}
"""
CASES = """defaults:
  hook: security_file_open
  process: {binary: /usr/bin/cat}
cases:
- name: etc # a comment
  args: {0: /etc/passwd}
  expect: {selector: 1, actions: [Sigkill]}
- name: tmp
  args: {0: /tmp/x}
  expect: none
"""


def btf_of(name):
    return BTF if name.startswith("resolve-") else "none"


def names():
    """Policies whose cases can be run here."""
    found = sorted(p.name[: -len(".cases.yaml")] for p in FOLDER.glob("*.cases.yaml"))
    return [n for n in found if btf_of(n)]


def tpc_test(*args, stdin="", cwd=None):
    got = subprocess.run(
        [TPC, "test", *map(str, args)],
        input=stdin, capture_output=True, encoding="utf-8", timeout=120, check=False, cwd=cwd,
    )
    return got.returncode, got.stdout, got.stderr


# ---- slips ----
NEGATED = {
    "Equal": "NotEqual", "Prefix": "NotPrefix", "Postfix": "NotPostfix", "In": "NotIn", "InMap": "NotInMap",
    "InRange": "NotInRange", "GT": "LT", "GreaterThan": "LessThan", "SPort": "NotSPort", "DPort": "NotDPort",
    "SPortPriv": "NotSportPriv", "DPortPriv": "NotDPortPriv", "SAddr": "NotSAddr", "DAddr": "NotDAddr",
    "FileType": "NotFileType", "SubString": "NotEqual", "SubStringIgnCase": "Equal", "Mask": "NotEqual",
    "Exists": "DoesNotExist",
}
NEGATED.update({b: a for a, b in list(NEGATED.items()) if b not in NEGATED})
OTHER_WORDS = {
    "CAP_": "CAP_LEASE", "AF_": "AF_VSOCK", "IPPROTO_": "IPPROTO_SCTP", "TCP_": "TCP_LAST_ACK", "sys_": "sys_sync",
    "i386/": "i386/sys_sync", "host_ns": "12345", "list:": None, "Mnt": "Time", "Uts": "Cgroup",
}
FILE_TYPES = {"reg": "fifo", "dir": "lnk", "blk": "lnk", "chr": "lnk"}


def other_value(value):
    """A value of the same kind that the cases do not have; None: there is none so simply."""
    if value.startswith("arg"):
        return value.replace("4096u", "99999u")
    for start, other in OTHER_WORDS.items():
        if value.startswith(start):
            return other
    if value in FILE_TYPES:
        return FILE_TYPES[value]
    if re.fullmatch(r"\d+:\d+", value):
        return "60001:60002"
    if re.fullmatch(r"[0-9a-f:.]+(/\d+)?", value) and ("." in value or "::" in value):
        return "203.0.113.7"
    if value == "0x7fffffffffffffff":
        return "0xfffffffffffffff0"
    if re.fullmatch(r"-?\d+|0x[0-9a-f]+", value):
        return "32000" if value != "7" and len(value) < 9 else "77"
    return "/zz" + value


def slips(text):
    """Policies that differ from @text in one operator or one value."""
    for m in re.finditer(r"operator: (\w+)", text):
        if m[1] in NEGATED:
            yield f"{m[0]} at {m.start()}", text[: m.start(1)] + NEGATED[m[1]] + text[m.end(1):]
    for m in re.finditer(r"values: \[([^\]]*)\]", text):
        for v in re.finditer(r'"([^"]*)"|([^ ,"]+)', m[1]):
            other = other_value(v[1] or v[2])
            if other is None:
                continue
            at = m.start(1)
            yield f"{v[0]} at {at + v.start()}", text[: at + v.start()] + f'"{other}"' + text[at + v.end():]
    for m in re.finditer(r"action: (\w+)", text):
        yield f"{m[0]} at {m.start()}", text[: m.start(1)] + ("Sigkill" if m[1] != "Sigkill" else "Post") + text[m.end(1):]


class FolderTest(unittest.TestCase):
    def test_there_are_cases(self):
        self.assertGreaterEqual(len(names()), 40)
        for path in FOLDER.glob("*.yaml"):
            name = path.name.replace(".cases.yaml", "").replace(".yaml", "")
            self.assertTrue((FOLDER / f"{name}.yaml").exists() and (FOLDER / f"{name}.cases.yaml").exists(), name)

    def test_all_is_covered(self):
        for name in names():
            status, out, err = tpc_test(
                "--btf", btf_of(name), f"{name}.yaml", f"{name}.cases.yaml", "--min-coverage", "100", cwd=FOLDER
            )
            self.assertEqual(status, 0, f"{name}: {out}{err}")
            self.assertNotIn("FAIL", out)
            self.assertNotIn("TPC64", err, name)

    def test_examples(self):
        for policy in sorted((ROOT / "testdata/policies").glob("*.yaml")):
            cases = policy.parent / "tests" / f"{policy.stem}.cases.yaml"
            status, out, err = tpc_test("--btf", "none", policy, cases, "--min-coverage", "100")
            self.assertEqual((status, "FAIL" in out), (0, False), f"{policy.name}: {out}{err}")

    def test_slips_are_seen(self):
        tried = 0
        for name in names():
            text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
            for what, slip in slips(text):
                status, out, err = tpc_test("--btf", btf_of(name), "-", FOLDER / f"{name}.cases.yaml", stdin=slip)
                if not out: # no policy any more
                    self.assertIn("error", err, f"{name}: {what}")
                    continue
                tried += 1
                self.assertEqual(status, 1, f"{name}: {what} is not seen: {out}{err}")
        self.assertGreater(tried, 200)


class RunTest(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="tpc-ptest-"))
        self.write("p.yaml", POLICY)
        self.write("c.yaml", CASES)

    def tearDown(self):
        shutil.rmtree(self.dir)

    def write(self, name, text):
        (self.dir / name).write_text(text, encoding="utf-8")

    def read(self, name):
        return (self.dir / name).read_text(encoding="utf-8")

    def run_test(self, *args, stdin="", status=None):
        got = tpc_test("--btf", "none", *args, stdin=stdin, cwd=self.dir)
        if status is not None:
            self.assertEqual(got[0], status, f"{args}: {got[1]}{got[2]}")
        return got[1], got[2]

    def test_a_line_a_case(self):
        out, err = self.run_test("p.yaml", "c.yaml", status=0)
        self.assertEqual(out, "ok   etc\nok   tmp\n")
        self.assertIn("no case reaches selector 2 of 'security_file_open'", err)
        self.assertIn("2 cases: 2 as expected", err)

    def test_the_first_difference(self):
        for expect, why in (
            ("{selector: 2}", "expected selector 2, and it is selector 1 at p.yaml:13"),
            ("{selector: 1, actions: [Post]}", "expected actions [Post], not [Sigkill]: selector 1 at p.yaml:13"),
            ("{selector: 1, actions: [Sigkill, Post]}", "expected actions [Sigkill, Post], not [Sigkill]"),
            ("{post: false}", "expected no event"),
            ("{message: opene}", "expected message 'opene', not 'opened'"),
            ("{error: -1}", "expected error -1, and there is none"),
            ("none", "expected nothing of 'passwd', and it matches: selector 1 at p.yaml:13"),
        ):
            self.write("d.yaml", CASES.replace("{selector: 1, actions: [Sigkill]}", expect))
            out, _ = self.run_test("p.yaml", "d.yaml", status=1)
            self.assertIn(f"FAIL etc: {why}", out)
            self.assertIn("(d.yaml:5)", out)
        self.write("d.yaml", CASES.replace("expect: none", "expect: {selector: 1}"))
        out, _ = self.run_test("p.yaml", "d.yaml", status=1)
        self.assertIn("FAIL tmp: expected a match, and no selector of 'passwd' matches (d.yaml:8)", out)

    def test_what_is_not_said(self):
        for was, now, missing in (
            ("  args: {0: /etc/passwd}\n", "", "argument 0 (file)"),
            ("  process: {binary: /usr/bin/cat}\n", "", "the process's binary"),
        ):
            self.write("d.yaml", CASES.replace(was, now))
            out, err = self.run_test("p.yaml", "d.yaml", status=1)
            self.assertIn(f"the case 'etc' does not say {missing} [TPC642", err)
            self.assertIn("???? etc: not judged", out)
        # What no decision needs may be left out: /tmp/x matches nothing, whoever opens it.
        self.assertIn("ok   tmp", out)

    def test_faults_of_cases(self):
        for was, now, said in (
            ("args: {0: /tmp", "arg: {0: /tmp", "unknown field 'arg' in case"),
            ("binary: /usr", "binry: /usr", "did you mean 'binary'?"),
            ("hook: security_file_open", "hook: security_file_opn", "did you mean 'security_file_open'?"),
            ("hook: security_file_open", "hook: lsm:file_open", "no policy hooks 'lsm:file_open'"),
            ("{0: /tmp/x}", "{1: /tmp/x}", "no policy looks at '1' in 'args' of 'security_file_open'"),
            ("{0: /tmp/x}", "{0: [/tmp/x]}", "a value of type 'file' is a text, not a list"),
            ("{0: /tmp/x}", "{0: {path: /x, type: rg}}", "unknown file type 'rg'"),
            ("{0: /tmp/x}", "7", "'args' must be a mapping or a list, not the number 7"),
            ("[Sigkill]", "[Sigkil]", "did you mean 'Sigkill'?"),
            ("expect: none", "expect: never", "an expectation is none or a mapping, not the text 'never'"),
            ("  expect: none\n", "", "case without 'expect'"),
            ("selector: 1", "policy: passwt", "this is about no hook on 'security_file_open'"),
            ("- name: tmp", "- nam: tmp", "did you mean 'name'?"),
            ("cases:", "cases: 3\nx:", "'cases' must be a list of mappings, not the number 3"),
            ("defaults:", "defaults: [", "yaml-syntax"),
            ("args: {0: /tmp/x}", "return: 0", "no policy looks at what 'security_file_open' returns"),
        ):
            self.write("d.yaml", CASES.replace(was, now, 1))
            _, err = self.run_test("p.yaml", "d.yaml", status=1)
            self.assertIn(said, err, now)
            self.assertRegex(err, r"d\.yaml:\d+:\d+: error: ")
        for text in ("", "---\n", "cases: []\n"):
            self.write("d.yaml", text)
            self.assertIn("there is no case in this file", self.run_test("p.yaml", "d.yaml", status=1)[1])

    def test_formats(self):
        self.write("d.yaml", CASES.replace("[Sigkill]", "[Post]").replace("name: tmp", 'name: "<t&m>#p"'))
        out, _ = self.run_test("p.yaml", "d.yaml", "--format", "tap", "--coverage", status=1)
        self.assertEqual(out.splitlines()[:3], ["TAP version 13", "1..2", "not ok 1 - etc"])
        self.assertIn("ok 2 - <t&m>\\#p", out)
        self.assertIn("# coverage ", out)
        suite = xml.etree.ElementTree.fromstring(self.run_test("p.yaml", "d.yaml", "--format", "junit", status=1)[0])
        self.assertEqual((suite.get("tests"), suite.get("failures"), suite.get("errors")), ("2", "1", "0"))
        self.assertEqual([c.get("name") for c in suite], ["etc", "<t&m>#p"])
        self.assertIn("expected actions", suite[0][0].get("message"))
        out, _ = self.run_test("p.yaml", "d.yaml", "--format", "json", "--coverage", status=1)
        got = json.loads(out)
        self.assertEqual((got["good"], got["differs"], got["undecided"]), (1, 1, 0))
        self.assertEqual(got["coverable"], len(got["points"]))
        self.assertEqual(got["covered"], len([p for p in got["points"] if p["hits"]]))

    def test_coverage(self):
        out, err = self.run_test("p.yaml", "c.yaml", "--coverage", "--min-coverage", "90", status=1)
        self.assertIn("starts with '/root/'", out)
        self.assertIn("never reached", out)
        self.assertRegex(err, r"the cases cover \d+ %, less than the 90 % that are asked for \[TPC644")
        self.run_test("p.yaml", "c.yaml", "--min-coverage", "10", status=0)

    def test_usage(self):
        for args in (
            [], ["p.yaml"], ["p.yaml", "c.yaml", "--min-coverage", "101"], ["p.yaml", "c.yaml", "--min-coverage", "x"],
            ["p.yaml", "-", "--update"], ["p.yaml", "c.yaml", "--format", "xml"], ["--replay", "x"],
            ["p.yaml", "--replay", "x", "--coverage"], ["p.yaml", "--replay", "x", "--format", "tap"],
        ):
            out, err = self.run_test(*args, status=2)
            self.assertEqual((out, err.count("\n")), ("", 1), args)
        self.assertIn("TPC101", self.run_test("p.yaml", "missing.yaml", status=1)[1])
        self.assertIn("unknown", self.run_test("-", "c.yaml", stdin=POLICY.replace("Prefix", "Prefx"), status=1)[1])

    def test_several_documents_and_standard_input(self):
        text = "name: a\nhook: security_file_open\nargs: [/x]\nexpect: {selector: 2}\n"
        out, _ = self.run_test("p.yaml", "-", stdin=f"{text}---\n{text.replace('name: a', 'name: b')}", status=0)
        self.assertEqual(out, "ok   a\nok   b\n")

    # ---- --update ----
    def update(self, text, want, status=0):
        self.write("u.yaml", text)
        _, err = self.run_test("p.yaml", "u.yaml", "--update", status=status)
        self.assertEqual(self.read("u.yaml"), want)
        if not status:
            self.run_test("p.yaml", "u.yaml", status=0)
        return err

    def test_update_changes_what_differs(self):
        wrong = CASES.replace("selector: 1, actions: [Sigkill]", "selector: 2, actions: [Post] ").replace(
            "expect: none", "expect: {selector: 1}  # kept"
        )
        right = CASES.replace("selector: 1, actions: [Sigkill]", "selector: 1, actions: [Sigkill] ").replace(
            "expect: none", "expect: none  # kept"
        )
        self.assertIn("2 expectations updated", self.update(wrong, right))
        self.assertIn("0 expectations updated", self.update(right, right))

    def test_update_of_blocks(self):
        block = CASES.replace(
            "expect: {selector: 1, actions: [Sigkill]}",
            "expect:\n    selector: 2 # two\n    # and\n    actions:\n    - Post\n    message: 'x'",
        )
        self.update(
            block,
            block.replace("2 # two", "1 # two").replace("- Post", "- Sigkill").replace("'x'", '"opened"'),
        )

    def test_update_of_a_list(self):
        self.update(
            CASES.replace("  expect: none", "  expect:\n  - selector: 1\n    actions: [Post]"),
            CASES.replace("  expect: none", "  expect:\n    none"),
        )

    def test_update_writes_what_is_missing(self):
        self.update(
            CASES.replace("  expect: none\n", "  # the end\n"),
            CASES.replace("  args: {0: /tmp/x}\n  expect: none\n", "  expect: none\n  args: {0: /tmp/x}\n  # the end\n"),
        )
        self.update(
            "[{name: a, hook: security_file_open, args: [/x]}]".join(("cases: ", "\n")),
            "[{name: a, hook: security_file_open, expect: {selector: 2, actions: [Post]}, args: [/x]}]".join(
                ("cases: ", "\n")
            ),
        )

    def test_update_of_a_default_writes_an_own_one(self):
        text = CASES.replace("  expect: none\n", "").replace("defaults:", "defaults:\n  expect: {selector: 1}")
        self.update(text, text.replace("  args: {0: /tmp/x}", "  expect: none\n  args: {0: /tmp/x}"))

    def test_update_that_would_break_the_file(self):
        text = CASES.replace("  args: {0: /tmp/x}\n  expect: none\n", "  ? args\n  : {0: /tmp/x}\n")
        self.assertIn("the file cannot be updated", self.update(text, text, status=1))

    def test_update_leaves_what_is_shared(self):
        text = CASES.replace("expect: {sel", "expect: &e {sel").replace("expect: none", "expect: *e")
        err = self.update(text, text, status=1)
        self.assertIn("cannot be updated where it stands", err)
        self.assertIn("write 'expect: none'", err)


EVENT = {
    "process_kprobe": {
        "process": {"pid": 12, "binary": "/usr/bin/cat"},
        "parent": {"pid": 1, "binary": "/sbin/init"},
        "function_name": "security_file_open",
        "args": [{"file_arg": {"path": "/etc/passwd", "permission": "-rw-r--r--"}}],
    }
}


def event(**changes):
    """EVENT with other members of its body."""
    e = json.loads(json.dumps(EVENT))
    e["process_kprobe"].update(changes)
    return e


def file_arg(path, **more):
    return {"file_arg": {"path": path, **more}}


class ReplayTest(unittest.TestCase):
    def replay(self, events, policy=POLICY, status=0):
        """The verdicts and the sums."""
        with tempfile.TemporaryDirectory(prefix="tpc-ptest-") as folder:
            path = pathlib.Path(folder) / "e.json"
            path.write_text("".join((e if isinstance(e, str) else json.dumps(e)) + "\n" for e in events), "utf-8")
            got, out, err = tpc_test("--btf", "none", "--replay", path, "-", "--format", "json", stdin=policy)
            self.assertEqual(got, status, out + err)
            text = tpc_test("--btf", "none", "--replay", path, "-", stdin=policy)[1]
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertGreaterEqual(text.count("\n"), len(lines))
        self.err = err
        return lines[:-1], lines[-1]["summary"]

    def test_fates(self):
        events = [
            EVENT,
            event(args=[file_arg("/tmp/x")]),
            event(args=[{"int_arg": 3}]),
            event(args=[file_arg("/etc/passwd"), {"int_arg": 3}]),
            event(process={"pid": 3, "binary": ""}),
            event(function_name="other"),
            {"process_exec": {"process": {}}},
            event(args=[file_arg("/etc", flags="unresolvedPathComponents")]),
            event(process={"binary": "/usr/bin/vim"}),
        ]
        got, sums = self.replay(events)
        self.assertEqual(
            [v["verdict"] for v in got],
            ["match", "no-match", "unknown", "unknown", "unknown", "no-hook", "no-hook", "unknown", "no-match"],
        )
        self.assertEqual((got[0]["selector"], got[0]["actions"], got[0]["effect"]), (1, "[Sigkill]", "kill"))
        self.assertEqual(got[2]["missing"], "argument 0 (file)")
        self.assertEqual(got[4]["missing"], "the process's binary")
        self.assertEqual((sums["matched"], sums["unmatched"], sums["unknown"], sums["no_hook"]), (1, 2, 4, 2))
        cat = [b for b in sums["by_binary"] if b["name"] == "/usr/bin/cat"]
        self.assertEqual((cat[0]["matched"], cat[0]["killed"], cat[0]["unknown"]), (1, 1, 3))

    def test_monitor_does_not_kill(self):
        policy = POLICY.replace("spec:", "spec:\n  options: [{name: policy-mode, value: monitor}]")
        got, sums = self.replay([EVENT], policy)
        self.assertEqual(got[0]["effect"], "kill, if the policy enforced")
        self.assertEqual(sums["by_binary"][0]["killed"], 0)

    def test_labels_win_over_order(self):
        policy = POLICY.replace("{index: 0, type: file}", "{index: 0, type: file, label: what}")
        both = [{"int_arg": 1}, {**file_arg("/x"), "label": "what"}]
        self.assertEqual(self.replay([event(args=both)], policy)[0][0]["selector"], 2)

    def test_workloads(self):
        policy = POLICY.replace("spec:", "spec:\n  podSelector: {matchLabels: {app: web}}")
        pod = {"namespace": "x", "name": "p", "pod_labels": {"app": "web"}, "container": {"name": "main"}}
        process = {"pid": 1, "binary": "/usr/bin/cat"}
        got, sums = self.replay(
            [
                event(process={**process, "pod": pod}),
                event(process={**process, "pod": {**pod, "pod_labels": {"app": "db"}}}),
                event(process=process),
            ],
            policy,
        )
        self.assertEqual([v["verdict"] for v in got], ["match", "no-match", "unknown"])
        self.assertEqual(got[2]["missing"], "the workload")
        self.assertEqual({w["name"] for w in sums["by_workload"]}, {"x/p", "?"})

    def test_returns(self):
        policy = (FOLDER / "return-args.yaml").read_text(encoding="utf-8")
        body = {"function_name": "__x64_sys_openat", "args": [{"string_arg": "/etc/shadow"}]}
        got, _ = self.replay([event(**body, **{"return": {"int_arg": -13}}), event(**body)], policy)
        self.assertEqual([(v["at"], v["verdict"]) for v in got[:2]], [("entry", "match"), ("return", "match")])
        self.assertEqual(got[1]["actions"], "[Sigkill]")
        self.assertEqual((got[3]["verdict"], got[3]["missing"]), ("unknown", "the return value"))

    def test_other_hooks_and_types(self):
        process = {"process": {"pid": 9, "binary": "/b"}}
        for name, key, body, want in (
            ("kprobe-sock-names", "process_kprobe", {"function_name": "tcp_set_state", "args": [{"sock_arg": {
                "family": "AF_INET", "protocol": "IPPROTO_TCP", "state": "TCP_ESTABLISHED"}}]}, 1),
            ("kprobe-sock-addresses", "process_kprobe", {"function_name": "tcp_connect", "args": [{"sock_arg": {
                "saddr": "127.0.0.1", "daddr": "8.8.8.8"}}]}, 2),
            ("kprobe-capability", "process_kprobe", {"function_name": "cap_capable", "args": [
                {"capability_arg": {"value": 21, "name": "CAP_SYS_ADMIN"}}]}, 1),
            ("kprobe-caps-gained", "process_kprobe", {"function_name": "security_capset", "args": [
                {"cap_effective_arg": "0000000000002001"}, {"cap_effective_arg": "0000000000000001"}]}, 1),
            ("kprobe-bytes", "process_kprobe", {"function_name": "__x64_sys_write", "args": [
                file_arg("/a/authorized_keys"), {"bytes_arg": "c3NoLXJzYSBB"}, {"size_arg": "101"}]}, 1),
            ("tracepoint-syscall-list", "process_tracepoint", {"subsys": "raw_syscalls", "event": "sys_enter",
                "args": [{"syscall_id": {"id": 101, "abi": "x64"}}]}, 1),
            ("lsm-bprm", "process_lsm", {"function_name": "bprm_check_security", "args": [
                {"linux_binprm_arg": {"path": "/tmp/x"}}]}, 1),
            ("uprobe-symbols", "process_uprobe", {"path": "/usr/lib/libssl.so.3", "symbol": "SSL_write", "args": [
                {"int_arg": 5000}]}, 1),
            ("usdt", "process_usdt", {"path": "/usr/sbin/mysqld", "provider": "mysql", "name": "query__start",
                "args": [{"string_arg": "DROP TABLE x"}]}, 1),
            ("loader", "process_loader", {}, 1),
            ("process-descent", "process_kprobe", {"function_name": "__x64_sys_connect",
                "parent": {"pid": 7, "binary": "/bin/sh"}, "ancestors": [{"pid": 6, "binary": "/usr/sbin/nginx"}]}, 1),
        ):
            policy = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
            got, _ = self.replay([{key: {**process, **body}}], policy)
            self.assertEqual([(v["verdict"], v.get("selector")) for v in got], [("match", want)], f"{name}: {got}")

    def test_ancestors_end_with_process_1(self):
        policy = (FOLDER / "process-descent.yaml").read_text(encoding="utf-8")
        got, _ = self.replay(
            [
                event(function_name="__x64_sys_connect", parent={"pid": pid, "binary": "/bin/sh"})
                for pid in (1, 7)
            ],
            policy,
        )
        self.assertEqual([v["verdict"] for v in got], ["no-match", "unknown"])

    def test_namespaces_of_events_are_those_of_exec(self):
        policy = (FOLDER / "process-namespaces.yaml").read_text(encoding="utf-8")
        process = {"binary": "/b", "ns": {"mnt": {"inum": 5}, "pid": {"inum": 4026531836}}}
        got, _ = self.replay([event(function_name="__x64_sys_mount", process=process)], policy)
        self.assertEqual((got[0]["verdict"], got[0]["missing"]), ("unknown", "the Mnt namespace"))

    def test_what_is_no_event(self):
        for line in ("{", "[]", "3", "{}", '{"process_kprobe":3}', '{"process_kprobe":{"process":{}}}', "\x00", "x" * 99):
            _, sums = self.replay([line, EVENT], status=1)
            self.assertEqual((sums["bad"], sums["matched"]), (1, 1), line)
            self.assertIn("is no event", self.err)
        _, sums = self.replay(["{"] * 50, status=1)
        self.assertEqual((sums["bad"], self.err.count("is no event")), (50, 10))
        self.assertIn("50 lines of", self.err)
        self.assertEqual(self.replay(["", " "])[1]["lines"], 2)


if __name__ == "__main__":
    unittest.main()
