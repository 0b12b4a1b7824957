# SPDX-License-Identifier: Apache-2.0
"""tpc schema: what it says of a policy is what tpc check says of its shape; docs/reference.md is its page. The same of
cases and tpc test.

TPC_UPDATE_GOLDEN=1 rewrites docs/reference.md.
"""
import copy
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

try:
    import yaml
except ImportError:
    yaml = None

TPC = os.environ["TPC"]
PTEST = pathlib.Path(os.environ["TPC_SOURCE_ROOT"]) / "testdata/ptest"
REFERENCE = pathlib.Path(os.environ["TPC_SOURCE_ROOT"]) / "docs/reference.md"
TYPES = {"null": type(None), "string": str, "boolean": bool, "array": list, "object": dict, "integer": int, "number": (int, float)}
SHAPE = {"TPC201", "TPC202", "TPC203", "TPC205", "TPC206", "TPC207"}
ANNOTATIONS = {"$schema", "title", "description", "default", "enumDescriptions", "definitions"}
POLICY = {
    "apiVersion": "cilium.io/v1alpha1",
    "kind": "TracingPolicy",
    "metadata": {"name": "sample", "labels": {"a": "b"}, "uid": 7},
    "spec": {
        "kprobes": [
            {
                "call": "fd_install",
                "syscall": False,
                "message": "text",
                "tags": ["a"],
                "args": [{"index": 0, "type": "int"}],
                "selectors": [
                    {
                        "matchPIDs": [{"operator": "In", "values": [1, 2]}],
                        "matchArgs": [{"index": 0, "operator": "Equal", "values": ["1", 2]}],
                        "matchActions": [{"action": "Signal", "argSig": 9}],
                    }
                ],
            }
        ]
    },
}
KPROBE = ("spec", "kprobes", 0)
SELECTOR = KPROBE + ("selectors", 0)
GONE = object()
# One document of cases, which 'tpc test' takes with POLICY, and changes of it.
CASES = {
    "defaults": {"process": {"binary": "/usr/bin/cat"}, "at": "entry", "workload": "host"},
    "cases": [
        {
            "name": "one",
            "hook": "fd_install",
            "args": {"0": 1},
            "process": {"pid": 1, "ancestors": [], "namespaces": {"Mnt": "host"}, "capabilities": {"effective": ["CAP_KILL"]}},
            "expect": {"selector": 1, "actions": ["Signal"], "signal": 9, "post": True},
        },
        {"name": "two", "hook": "fd_install", "args": [2], "process": {"pid": 7}, "expect": "none"},
    ],
}
CASE = ("cases", 0)
CASE_CHANGES = [
    (("case",), []),
    (("cases",), "x"),
    (("cases",), {"a": 1}),
    (("defaults",), {}),
    (("defaults",), []),
    (("defaults", "name"), "x"),
    (("defaults", "workload"), {"namespace": "x", "labels": {"a": "b"}, "container": {"name": "c"}}),
    (("defaults", "workload"), {"pods": "x"}),
    (("defaults", "workload"), "hosts"),
    (("defaults", "workload"), None),
    (CASE + ("name",), GONE),
    (CASE + ("name",), 5),
    (CASE + ("at",), "begin"),
    (CASE + ("args",), "x"),
    (CASE + ("args",), {"0": [{"a": "b"}]}),
    (CASE + ("args",), {"0": {"path": "x", "kind": "blk"}}),
    (CASE + ("process", "pid"), -1),
    (CASE + ("process", "pid"), "1"),
    (CASE + ("process", "binary"), ""),
    (CASE + ("process", "binaries"), "x"),
    (CASE + ("process", "ancestors"), {"pid": 1}),
    (CASE + ("process", "ancestors"), [{"pid": 1, "binary": "/x"}]),
    (CASE + ("process", "namespaces"), {"mount": 1}),
    (CASE + ("process", "namespaces"), {"Mnt": 5}),
    (CASE + ("process", "capabilities"), {"effective": "CAP_KILL"}),
    (CASE + ("process", "atExec"), {}),
    (CASE + ("process", "atExec"), {"capabilities": {"effective": []}}),
    (CASE + ("expect",), "nothing"),
    (CASE + ("expect",), []),
    (CASE + ("expect",), [{"policy": "sample", "entry": 1}]),
    (CASE + ("expect",), {"selector": [1]}),
    (CASE + ("expect",), {"action": "Post"}),
    (CASE + ("expect",), {"actions": "Post"}),
    (CASE + ("expect",), {"signal": 65}),
    (CASE + ("expect",), {"entry": 0}),
    (CASE + ("expect",), {"post": "yes"}),
    (CASE + ("expect",), {"return": "none"}),
    (CASE + ("expect",), {"return": "x"}),
]
# (place, value there): one change of POLICY each.
CHANGES = [
    (("apiVersion",), "cilium.io/v1"),
    (("kind",), "TracingPolice"),
    (("kind",), GONE),
    (("spec",), GONE),
    (("spec",), []),
    (("metadata", "name"), 5),
    (("metadata", "name"), GONE),
    (("metadata", "labels"), {"a": 1}),
    (("metadata", "labels"), ["a"]),
    (("metadata", "uid"), {"any": ["thing"]}),
    (("metadata", "other"), "x"),
    (("spec", "kprobes"), {"call": "x"}),
    (("spec", "kprobe"), []),
    (KPROBE + ("call",), GONE),
    (KPROBE + ("syscall",), "false"),
    (KPROBE + ("tags",), ["t"] * 16),
    (KPROBE + ("tags",), ["t"] * 17),
    (KPROBE + ("tags",), [1]),
    (KPROBE + ("args", 0, "index"), -1),
    (KPROBE + ("args", 0, "index"), "0"),
    (KPROBE + ("args", 0, "index"), 0.5),
    (KPROBE + ("args", 0, "index"), 2**31),
    (KPROBE + ("args", 0, "index"), True),
    (KPROBE + ("args", 0, "type"), "integer"),
    (KPROBE + ("args", 0, "label"), "x"),
    (SELECTOR + ("matchArg",), []),
    (SELECTOR + ("matchPIDs", 0, "operator"), "Equal"),
    (SELECTOR + ("matchPIDs", 0, "values"), GONE),
    (SELECTOR + ("matchPIDs", 0, "values"), ["x"]),
    (SELECTOR + ("matchArgs", 0, "operator"), GONE),
    (SELECTOR + ("matchArgs", 0, "operator"), "Equals"),
    (SELECTOR + ("matchArgs", 0, "values"), [["1"]]),
    (SELECTOR + ("matchArgs", 0, "values"), "1"),
    (SELECTOR + ("matchActions", 0, "action"), "Kill"),
    (SELECTOR + ("matchActions", 0, "argSig"), 2**31),
    (SELECTOR + ("matchActions", 0, "argError"), -(2**31)),
    (SELECTOR + ("matchActions", 0, "argError"), -(2**31) - 1),
    (SELECTOR + ("matchNamespaces",), [{"namespace": "Mnt", "operator": "In", "values": ["host_ns"]}]),
    (SELECTOR + ("matchNamespaces",), [{"namespace": "mnt", "operator": "In", "values": ["host_ns"]}]),
    (("spec", "selectorsMacros"), {"m": {"matchPIDs": []}}),
    (("spec", "selectorsMacros"), {"m": {"matchPID": []}}),
]


def changed(place, value, of=POLICY):
    policy = copy.deepcopy(of)
    at = policy
    for step in place[:-1]:
        at = at[step]
    if value is GONE:
        del at[place[-1]]
    else:
        at[place[-1]] = value
    return policy


def tpc(*args, stdin=""):
    return subprocess.run([TPC, *args], input=stdin, capture_output=True, encoding="utf-8", timeout=120, check=False)


def is_type(name, v):
    return isinstance(v, TYPES[name]) and (isinstance(v, bool) == (name == "boolean"))


class Judge:
    """The words of draft-07 that the schema uses; one that is not known here is a failure."""

    def __init__(self, root):
        self.root = root

    def takes(self, s, v):
        if isinstance(s, bool):
            return s
        if "$ref" in s:
            assert set(s) == {"$ref"}, s
            return self.takes(self.resolve(s["$ref"]), v)
        return all(self.word(s, k, v) for k in s if k not in ANNOTATIONS)

    def resolve(self, ref):
        assert ref.startswith("#/definitions/"), ref
        return self.root["definitions"][ref[len("#/definitions/") :]]

    def word(self, s, k, v):
        a = s[k]
        if k == "type":
            return any(is_type(t, v) for t in (a if isinstance(a, list) else [a]))
        if k in ("enum", "const"):
            return v in a if k == "enum" else v == a
        if k in ("minimum", "maximum"):
            return isinstance(v, (str, list, dict)) or (v >= a if k == "minimum" else v <= a)
        if k in ("maxLength", "maxItems"):
            return not isinstance(v, str if k == "maxLength" else list) or len(v) <= a
        if k == "items":
            return not isinstance(v, list) or all(self.takes(a, item) for item in v)
        if k == "required":
            return not isinstance(v, dict) or set(a) <= set(v)
        if k == "properties":
            return not isinstance(v, dict) or all(self.takes(a[n], v[n]) for n in v if n in a)
        if k == "additionalProperties":
            return not isinstance(v, dict) or all(self.takes(a, v[n]) for n in v if n not in s.get("properties", {}))
        if k == "allOf":
            return all(self.takes(part, v) for part in a)
        if k == "anyOf":
            return any(self.takes(part, v) for part in a)
        if k == "if":
            return self.takes(s["then" if self.takes(a, v) else "else"], v)
        assert k in ("then", "else"), k
        return True


class CasesTest(unittest.TestCase):
    def setUp(self):
        got = tpc("schema", "--cases")
        self.assertEqual((got.returncode, got.stderr), (0, ""))
        self.text = got.stdout
        self.schema = json.loads(got.stdout)
        self.judge = Judge(self.schema)

    def refused_by_test(self, cases):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as policy:
            json.dump(POLICY, policy)
            policy.flush()
            got = tpc("test", "--btf", "none", "--diagnostics", "json", policy.name, "-", stdin=json.dumps(cases))
        found = [json.loads(line) for line in got.stderr.splitlines() if line.startswith("{")]
        return [d["message"] for d in found if d["severity"] == "error" and d["code"] not in ("TPC642", "TPC644")]

    def test_it_judges_as_test_does(self):
        taken = 0
        self.assertEqual(self.refused_by_test(CASES), [])
        self.assertTrue(self.judge.takes(self.schema, CASES))
        for place, value in CASE_CHANGES:
            cases = changed(place, value, CASES)
            said = self.refused_by_test(cases)
            self.assertEqual(self.judge.takes(self.schema, cases), not said, f"{place} {value}: {said}")
            taken += not said
        self.assertGreater(taken, 8)
        self.assertLess(taken, len(CASE_CHANGES) - 15)

    def test_a_document_is_a_case_or_a_list(self):
        self.assertTrue(self.judge.takes(self.schema, CASES["cases"][0]))
        self.assertFalse(self.judge.takes(self.schema, {**CASES, **CASES["cases"][0]}))

    @unittest.skipUnless(yaml, "needs PyYAML")
    def test_every_file_of_ours(self):
        files = sorted(PTEST.glob("*.cases.yaml"))
        self.assertGreater(len(files), 40)
        for path in files:
            for doc in yaml.safe_load_all(path.read_text(encoding="utf-8")):
                self.assertTrue(self.judge.takes(self.schema, json.loads(json.dumps(doc))), path.name)

    def test_every_field_says_what_it_is(self):
        for name, part in self.schema["definitions"].items():
            self.assertTrue(part["description"].endswith("."), name)
            for field, s in part.get("properties", {}).items():
                self.assertTrue(s.get("description"), f"{name}.{field}")
                self.assertGreater(len(s), 1, f"{name}.{field} has no shape")

    def test_the_command(self):
        self.assertEqual(tpc("schema", "--cases").stdout, self.text)
        self.assertEqual(tpc("schema", "--cases", "--format", "md").returncode, 2)


class SchemaTest(unittest.TestCase):
    def setUp(self):
        got = tpc("schema")
        self.assertEqual((got.returncode, got.stderr), (0, ""))
        self.text = got.stdout
        self.schema = json.loads(got.stdout)
        self.judge = Judge(self.schema)

    def takes(self, policy):
        return self.judge.takes(self.schema, policy)

    def refused_by_check(self, policy):
        got = tpc("check", "--format", "json", "-", stdin=json.dumps(policy))
        found = [json.loads(line) for line in got.stdout.splitlines()]
        return [d["message"] for d in found if d["severity"] == "error" and d["code"] in SHAPE]

    def test_a_good_policy(self):
        self.assertTrue(self.takes(POLICY))
        self.assertEqual(self.refused_by_check(POLICY), [])

    def test_it_judges_as_check_does(self):
        taken = 0
        for place, value in CHANGES:
            policy = changed(place, value)
            said = self.refused_by_check(policy)
            self.assertEqual(self.takes(policy), not said, f"{place} {value}: {said}")
            taken += not said
        self.assertGreater(taken, 4)
        self.assertLess(taken, len(CHANGES) - 20)

    def test_kinds(self):
        def policy(kind, namespace, host):
            p = copy.deepcopy(POLICY)
            p["kind"] = kind
            p["metadata"]["namespace"] = namespace
            if host:
                p["spec"]["hostSelector"] = {}
            return p

        self.assertTrue(self.takes(policy("TracingPolicy", "", True)))
        self.assertFalse(self.takes(policy("TracingPolicy", "ns", False)))
        self.assertTrue(self.takes(policy("TracingPolicyNamespaced", "ns", False)))
        self.assertFalse(self.takes(policy("TracingPolicyNamespaced", "ns", True)))

    def test_each_part_is_well_formed(self):
        used = set()

        def walk(s):
            if isinstance(s, bool):
                return
            if "$ref" in s:
                self.judge.resolve(s["$ref"])
                used.add(s["$ref"].rsplit("/", 1)[1])
            if "enumDescriptions" in s:
                self.assertEqual(len(s["enum"]), len(s["enumDescriptions"]))
            if "default" in s:
                self.assertTrue(self.judge.takes(s, s["default"]), s)
            if "properties" in s:
                self.assertLessEqual(set(s.get("required", [])), set(s["properties"]))
            for part in [*s.get("properties", {}).values(), *s.get("definitions", {}).values(), *s.get("allOf", [])]:
                walk(part)
            for k in ("items", "additionalProperties", "if", "then", "else"):
                walk(s.get(k, True))

        walk(self.schema)
        self.assertEqual(used, set(self.schema["definitions"]))
        self.assertTrue(all(s["additionalProperties"] is False for s in self.schema["definitions"].values()))
        self.assertEqual(self.schema["$schema"], "http://json-schema.org/draft-07/schema#")

    def test_every_field_says_what_it_is(self):
        for name, part in [("policy", self.schema), *self.schema["definitions"].items()]:
            self.assertTrue(part["description"].endswith("."), name)
            for field, s in part["properties"].items():
                self.assertTrue(s.get("description"), f"{name}.{field}")

    def test_the_same_bytes(self):
        self.assertEqual(tpc("schema", "--format=json").stdout, self.text)

    def test_usage(self):
        self.assertEqual(tpc("schema", "x.yaml").returncode, 2)
        self.assertEqual(tpc("schema", "--format", "xml").returncode, 2)


class ReferenceTest(unittest.TestCase):
    def setUp(self):
        self.page = tpc("schema", "--format", "md").stdout

    def test_the_kept_page(self):
        if os.environ.get("TPC_UPDATE_GOLDEN") == "1":
            REFERENCE.write_text(self.page, encoding="utf-8")
        self.assertEqual(REFERENCE.read_text(encoding="utf-8"), self.page, "TPC_UPDATE_GOLDEN=1 rewrites it")

    def test_fields_are_those_of_the_schema(self):
        schema = json.loads(tpc("schema").stdout)
        parts = {"policy": schema, **schema["definitions"]}
        sections = self.page.split("\n## ")[1:]
        self.assertEqual([s.split("\n")[0].replace(" ", "-") for s in sections], list(parts))
        for section, part in zip(sections, parts.values()):
            table = section.split("| --- | --- | --- | --- |\n")[1].split("\n\n")[0]
            rows = [line.split("`")[1] for line in table.splitlines()]
            self.assertEqual(rows, list(part["properties"]))

    def test_links(self):
        heads = {line[3:].lower().replace(" ", "-") for line in self.page.splitlines() if line.startswith("## ")}
        links = {part.split(")")[0] for part in self.page.split("](#")[1:]}
        self.assertEqual(links - heads, set())


if __name__ == "__main__":
    unittest.main()
