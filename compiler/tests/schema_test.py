# SPDX-License-Identifier: Apache-2.0
"""tpc schema: what it says of a policy is what tpc check says of its shape; docs/reference.md is its page.

TPC_UPDATE_GOLDEN=1 rewrites docs/reference.md.
"""
import copy
import json
import os
import pathlib
import subprocess
import unittest

TPC = os.environ["TPC"]
REFERENCE = pathlib.Path(os.environ["TPC_SOURCE_ROOT"]) / "docs/reference.md"
TYPES = {"string": str, "boolean": bool, "array": list, "object": dict, "integer": int, "number": (int, float)}
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


def changed(place, value):
    policy = copy.deepcopy(POLICY)
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
        if k == "if":
            return self.takes(s["then" if self.takes(a, v) else "else"], v)
        assert k in ("then", "else"), k
        return True


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
