# SPDX-License-Identifier: Apache-2.0
"""tpc review: what it gives out. testdata/review/reports/NAME/ holds policies.yaml, brief.yaml and, in expected/, the folder that
`tpc review -o` makes of them, without the formats that are only parsed here; TPC_UPDATE_GOLDEN=1 rewrites it.

Fluent Bit and Vector are not in Debian 12: their snippets are parsed as YAML, and the Lua is run where there is a lua. Where they are
installed they are asked themselves.
"""
import configparser
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

TPC = os.environ["TPC"]
ROOT = pathlib.Path(os.environ["TPC_SOURCE_ROOT"])
CASES = sorted((ROOT / "testdata/review/reports").iterdir())
UPDATE = os.environ.get("TPC_UPDATE_GOLDEN") == "1"
PARSED_ONLY = {"report.json", "report.sarif", "report.html"}
SIEMS = ["splunk", "elastic", "sentinel", "chronicle", "generic"]

try:
    import yaml
except ImportError:
    yaml = None

POLICY = """apiVersion: cilium.io/v1alpha1
kind: {kind}
metadata:
  name: {name}
spec:
  {scope}
  lsmhooks:
  - hook: file_open
    message: {message}
    args:
    - {{index: 0, type: file}}
    selectors:
    - matchArgs:
      - {{index: 0, operator: Equal, values: [{value}]}}
      matchActions:
      - action: {action}
"""


def policy(name="sample", kind="TracingPolicy", scope="podSelector: {}", message="opened", value="/etc/shadow", action="Sigkill"):
    return POLICY.format(name=name, kind=kind, scope=scope, message=message, value=value, action=action)


def tpc(*args, stdin="", status=(0, 1)):
    got = subprocess.run([TPC, *map(str, args)], input=stdin.encode(), capture_output=True, timeout=120, check=False)
    if got.returncode not in status:
        raise AssertionError(f"{args}: exit status {got.returncode}, {got.stderr[:2000]}")
    return got


def check_schema(value, schema, top, at="$"):
    """What of JSON Schema docs/review.schema.json uses."""
    if "$ref" in schema:
        schema = top["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    unknown = set(schema) - {
        "$schema", "$defs", "title", "description", "type", "required", "additionalProperties", "properties",
        "items", "enum", "const", "pattern", "minimum", "anyOf",
    }
    if unknown:
        raise AssertionError(f"{at}: the test does not know {unknown}")
    if "anyOf" in schema:
        for one in schema["anyOf"]:
            try:
                return check_schema(value, one, top, at)
            except AssertionError:
                pass
        raise AssertionError(f"{at}: nothing of anyOf fits")
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": int}
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and type(value) not in [kinds[t] for t in types]:
        raise AssertionError(f"{at}: {value!r} is no {types}")
    if "const" in schema and value != schema["const"] or "enum" in schema and value not in schema["enum"]:
        raise AssertionError(f"{at}: {value!r}")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        raise AssertionError(f"{at}: {value!r} is not as {schema['pattern']}")
    if "minimum" in schema and value < schema["minimum"]:
        raise AssertionError(f"{at}: {value}")
    if isinstance(value, dict):
        props = schema.get("properties", {})
        if set(value) - set(props) or set(schema.get("required", [])) - set(value):
            raise AssertionError(f"{at}: keys {sorted(value)}")
        for key, v in value.items():
            check_schema(v, props[key], top, f"{at}.{key}")
    if isinstance(value, list):
        for i, v in enumerate(value):
            check_schema(v, schema["items"], top, f"{at}[{i}]")
    return None


class Page(html.parser.HTMLParser):
    """Every element is closed in its order; nothing is fetched, nothing runs."""

    VOID = {"meta", "br", "hr", "input", "link", "img"}
    KNOWN = set("html head meta title style body main h1 h2 h3 p ol ul li table tr th td div pre code strong".split())

    def __init__(self):
        super().__init__()
        self.open, self.text, self.seen = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.KNOWN:
            raise AssertionError(f"element {tag}")
        for name, value in attrs:
            if name not in {"id", "class", "tabindex", "lang", "charset", "name", "content", "http-equiv", "start"}:
                raise AssertionError(f"attribute {name}={value}")
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise AssertionError(f"</{tag}> closes nothing")

    def handle_data(self, data):
        self.text.append(data)


class ReportTest(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tpc-review-")
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def folder(self, path, brief=None, out="out", status=(0, 1)):
        args = ["review", "--btf", "none", path, "-o", self.dir / out]
        if brief:
            args += ["--brief", brief]
        tpc(*args, status=status)
        return self.dir / out

    def of_case(self, case, out="out"):
        """The files are named without the way to them, as in any other checkout."""
        args = ["review", "--btf", "none", "policies.yaml", "--brief", "brief.yaml", "-o", self.dir / out]
        got = subprocess.run([TPC, *map(str, args)], cwd=case, capture_output=True, timeout=120, check=False)
        self.assertIn(got.returncode, (0, 1), got.stderr)
        return self.dir / out

    def files(self, folder):
        return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}

    # ---- golden ----
    def test_golden(self):
        for case in CASES:
            with self.subTest(case.name):
                got = {n: d for n, d in self.files(self.of_case(case, case.name)).items() if n not in PARSED_ONLY}
                want = case / "expected"
                if UPDATE:
                    shutil.rmtree(want, ignore_errors=True)
                    for name, data in got.items():
                        (want / name).parent.mkdir(parents=True, exist_ok=True)
                        (want / name).write_bytes(data)
                kept = self.files(want)
                self.assertEqual(sorted(got), sorted(kept))
                for name, data in got.items():
                    self.assertEqual(data.decode(), kept[name].decode(), f"{case.name}/{name}")

    def test_the_same_bytes(self):
        case = CASES[0]
        self.assertEqual(self.files(self.of_case(case, "one")), self.files(self.of_case(case, "two")))

    def test_standard_output_is_what_the_folder_has(self):
        path = self.write("p.yaml", policy())
        out = self.folder(path)
        for word in ("json", "sarif"):
            got = tpc("review", "--btf", "none", "--format", word, path)
            self.assertEqual(got.stdout, (out / f"report.{word}").read_bytes())
        for word, last in (("md", b"## Accepted"), ("html", b"</html>")):
            got = tpc("review", "--btf", "none", "--format", word, path)
            self.assertIn(last, got.stdout)

    # ---- each format is what it says ----
    def check_json(self, data):
        report = json.loads(data)
        top = json.loads((ROOT / "docs/review.schema.json").read_text(encoding="utf-8"))
        check_schema(report, top, top)
        return report

    def check_html(self, data):
        page = Page()
        page.feed(data.decode("utf-8"))
        page.close()
        self.assertEqual(page.open, [])
        self.assertIn(b'<meta name="viewport"', data)
        self.assertIn(b"prefers-color-scheme:dark", data)
        self.assertNotIn(b"url(", data)
        return page

    def check_sarif(self, data):
        run = json.loads(data)["runs"][0]
        ids = [r["id"] for r in run["tool"]["driver"]["rules"]]
        self.assertEqual(len(ids), len(set(ids)))
        for rule in run["tool"]["driver"]["rules"]:
            self.assertTrue(rule["help"]["text"] and rule["shortDescription"]["text"])
        for r in run["results"]:
            self.assertEqual(ids[r["ruleIndex"]], r["ruleId"])
            self.assertIn(r["level"], ("error", "warning", "note"))
            self.assertIsInstance(r["suppressions"], list)
        return run

    def check_markdown(self, text):
        """Headings are ours, tables have four, three or two columns in each row, numbers go on without a gap."""
        fence, numbers, columns = None, [], 0
        for line in text.splitlines():
            bare = line.strip()
            if re.fullmatch("`{3,}", bare):
                fence = None if fence == bare else fence or bare
                continue
            if fence:
                continue
            found = re.match(r"(\d+)\. ", line)
            numbers += [int(found.group(1))] if found else []
            n = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("| ") else 0
            self.assertTrue(not columns or not n or n == columns, line)
            columns = n
            if line.startswith("#"):
                self.assertRegex(line, r"^#{1,3} [A-Z]")
        self.assertIsNone(fence)
        checklist = numbers[numbers.index(1, 1) :] if numbers.count(1) > 1 else []
        self.assertEqual(checklist, list(range(1, len(checklist) + 1)))

    def check_all(self, out):
        files = self.files(out)
        self.check_html(files["report.html"])
        self.check_sarif(files["report.sarif"])
        self.check_markdown(files["report.md"].decode())
        report = self.check_json(files["report.json"])
        for name in files:
            if name.startswith(("stages/", "missing/")):
                tpc("check", "--btf", "none", out / name, status=(0,))
        for stage in report["rollout"]:
            for f in stage["files"]:
                self.assertEqual(f["byHand"] is None, f["path"] in files, f)
        self.check_commands(report)
        self.check_snippets(out)
        return report

    def check_commands(self, report):
        """Shell is shell: bash reads it without running it."""
        for stage in report["rollout"]:
            for part in ("apply", "watch", "want", "avoid", "stop", "back"):
                for step in stage[part]:
                    command = step["command"]
                    if not command or command.startswith("tetragon_"):
                        continue
                    got = subprocess.run(["bash", "-n"], input=command.encode(), capture_output=True, check=False)
                    self.assertEqual((got.returncode, got.stderr), (0, b""), command)

    def check_snippets(self, out):
        for path in (out / "routing").rglob("*"):
            if path.suffix in (".yaml", ".yml") and yaml:
                self.assertIsInstance(yaml.safe_load(path.read_text(encoding="utf-8")), dict, path)
            elif path.suffix == ".ndjson":
                for line in path.read_text(encoding="utf-8").splitlines():
                    rule = json.loads(line)
                    self.assertRegex(rule["rule_id"], r"^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$")
            elif path.suffix == ".conf":
                parser = configparser.RawConfigParser(strict=True)
                parser.read_string(path.read_text(encoding="utf-8"))
                for section in parser.sections():
                    self.assertIn("tpc_policy IN (", parser[section]["search"])
        for tool, args in (("fluent-bit", ["--dry-run", "-c"]), ("vector", ["validate", "--no-environment"])):
            if shutil.which(tool) and (out / f"routing/{tool}.yaml").exists():
                subprocess.run([tool, *args, out / f"routing/{tool}.yaml"], check=True, capture_output=True, timeout=60)

    def test_cases_are_sound(self):
        for case in CASES:
            with self.subTest(case.name):
                self.check_all(self.of_case(case, case.name))

    def test_siems(self):
        path = self.write("p.yaml", policy() + "---\n" + policy(name="other.one", scope="hostSelector: {}"))
        kept = {"splunk": "savedsearches.conf", "elastic": "rules.ndjson", "sentinel": "sample.yaml", "chronicle": "other.one.yaral"}
        for siem in SIEMS:
            brief = self.write("brief.yaml", f"siem: {siem}\n")
            out = self.folder(path, brief, siem)
            self.check_all(out)
            name = kept.get(siem, "sample.yml")
            text = (out / "routing" / ("sigma" if siem == "generic" else siem) / name).read_text(encoding="utf-8")
            self.assertIn("-enforce", text, "rules know the names of all stages")
        self.assertIn("rule tetragon_other_one {", (self.dir / "chronicle/routing/chronicle/other.one.yaral").read_text())

    def test_chromium(self):
        browser = shutil.which("chromium")
        if not browser:
            self.skipTest("no chromium")
        out = self.folder(self.write("p.yaml", policy()))
        got = subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={self.dir}/profile", "--window-size=400,1600",
             f"--screenshot={self.dir}/page.png", f"file://{out}/report.html"],
            capture_output=True, timeout=120, check=False,
        )
        self.assertEqual(got.returncode, 0, got.stderr[-1000:])
        self.assertEqual((self.dir / "page.png").read_bytes()[:4], b"\x89PNG")

    # ---- stages ----
    def stages(self, text, brief=""):
        path = self.write("in/p.yaml", text)
        out = self.folder(path, self.write("brief.yaml", brief) if brief else None)
        self.check_all(out)
        return {s.name: {f.name: f.read_text(encoding="utf-8") for f in s.iterdir()} for s in sorted((out / "stages").iterdir())}

    def changed(self, a, b):
        """Lines that are in one of the two and not in the other, without blanks around them."""
        a, b = [x.strip() for x in a.splitlines()], [x.strip() for x in b.splitlines()]
        return [x for x in a if x not in b], [x for x in b if x not in a]

    def test_stages_of_what_enforces(self):
        got = self.stages(policy(), "workloads: [{name: a, namespace: slow, latencySensitive: true}, {name: b, namespace: shop}]\n")
        self.assertEqual(list(got), ["1-observe", "2-alert", "3-canary", "4-enforce"])
        one, two, three, four = (got[s]["sample.yaml"] for s in got)
        self.assertIn("value: monitor", one)
        self.assertEqual(self.changed(one, two), ([], ["- action: Post", "rateLimit: 1m"]))
        ns = 'podSelector: {matchExpressions: [{key: "k8s:io.kubernetes.pod.namespace", operator: In, values: [shop]}]}'
        self.assertEqual(
            self.changed(two, three),
            (["name: sample", "value: monitor", "podSelector: {}"], ["name: sample-canary", "value: enforce", ns]),
        )
        self.assertEqual(self.changed(three, four), (["name: sample-canary", ns], ["name: sample-enforce", "podSelector: {}"]))

    def test_a_canary_of_nodes(self):
        for scope in ("podSelector: {}", "hostSelector: {}"):
            three = self.stages(policy(scope=scope))["3-canary"]["sample.yaml"]
            self.assertIn('  nodeSelector:\n    matchLabels:\n      tpc-canary: "true"\n  ' + scope, three)
            shutil.rmtree(self.dir / "out")

    def test_stages_of_what_watches(self):
        got = self.stages(policy(action="Post"))
        self.assertEqual(list(got), ["1-observe", "2-alert"])
        self.assertEqual(self.changed(*(got[s]["sample.yaml"] for s in got)), ([], ["rateLimit: 1m"]))
        self.assertNotIn("policy-mode", got["1-observe"]["sample.yaml"])

    def test_the_appetite_ends_the_stages(self):
        for appetite, last in (("observe", "1-observe"), ("alert", "2-alert"), ("block", "4-enforce")):
            self.assertEqual(list(self.stages(policy(), f"appetite: {appetite}\n"))[-1], last)
            shutil.rmtree(self.dir / "out")

    def test_shapes_of_yaml(self):
        """Each way to write spec, options and actions gives stages, or says what to do by hand."""
        head = "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: sample}\n"
        hook = "lsmhooks: [{hook: file_open, selectors: [{matchActions: [{action: Sigkill}]}]}]"
        shapes = [
            head + "spec: {podSelector: {}, " + hook + "}\n",
            head + "spec:\n  options:\n  - {name: policy-mode, value: 'enforce'}\n  podSelector: {}\n  " + hook + "\n",
            head + "spec:\n      options:\n      - name: disable-kprobe-multi\n        value: '1'\n      podSelector: {}\n      " + hook + "\n",
            head + "spec: &s\n  podSelector: {}\n  " + hook + "\n",
            head + "spec:\n  podSelector:\n    matchLabels: {a: b}\n  " + hook + "\n  nodeSelector: {matchLabels: {disk: ssd}}\n",
            "---\n" + head + "spec:\n  podSelector: {}\n  lsmhooks:\n  - hook: file_open\n",
        ]
        for n, text in enumerate(shapes):
            with self.subTest(n):
                out = self.folder(self.write(f"{n}.yaml", text), out=str(n))
                report = self.check_all(out)
                for f in report["rollout"][0]["files"]:
                    text = (out / f["path"]).read_text() if not f["byHand"] else f["byHand"]
                    self.assertTrue("monitor" in text or "Sigkill" not in text)

    # ---- severities ----
    def test_fluent_bit_lua(self):
        lua = shutil.which("lua5.1") or shutil.which("lua5.4") or shutil.which("lua")
        if not (lua and yaml):
            self.skipTest("no lua, or no yaml")
        out = self.folder(self.write("p.yaml", policy()))
        conf = yaml.safe_load((out / "routing/fluent-bit.yaml").read_text())
        code = conf["pipeline"]["filters"][0]["code"]
        test = """
        local function say(record) local n, _, r = route("t", 0, record)
          print(n, r.tpc_policy, r.tpc_hook, r.tpc_severity ~= nil) end
        say({ process_lsm = { policy_name = "sample-enforce", function_name = "file_open" } })
        say({ process_kprobe = { policy_name = "sample", function_name = "__x64_sys_openat" } })
        say({ process_kprobe = { policy_name = "another" } })
        say({ process_exec = {} })
        """
        got = subprocess.run([lua, "-"], input=(code + test).encode(), capture_output=True, check=False, timeout=30)
        self.assertEqual(got.stderr, b"")
        self.assertEqual(
            got.stdout.decode().splitlines(),
            ["2\tsample-enforce\tfile_open\ttrue", "2\tsample\tsys_openat\ttrue", "0\tnil\tnil\tfalse", "0\tnil\tnil\tfalse"],
        )

    def test_jq_groups_events(self):
        jq = shutil.which("jq")
        if not jq:
            self.skipTest("no jq")
        report = self.check_json((self.folder(self.write("p.yaml", policy())) / "report.json").read_bytes())
        command = next(s["command"] for s in report["rollout"][0]["watch"] if s["command"].startswith("cat events"))
        event = {"process_lsm": {"policy_name": "sample", "process": {"binary": "/bin/cat"}}}
        self.write("events-a.json", json.dumps(event) + "\n" + json.dumps({"process_exec": {}}) + "\n" + json.dumps(event) + "\n")
        got = subprocess.run(["bash", "-c", command], cwd=self.dir, capture_output=True, check=True, timeout=30)
        self.assertEqual(got.stdout.decode().split(), ["2", "sample", "(host)", "-", "/bin/cat"])

    # ---- SARIF ----
    def test_fixes_are_the_edits(self):
        """The replacements of each fix, put into the file, give a policy without that finding."""
        for path in sorted((ROOT / "testdata/review/checks").glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            run = self.check_sarif(tpc("review", "--btf", "none", "--format", "sarif", path).stdout)
            for result in run["results"][:4]:
                for fix in result.get("fixes", []):
                    new = self.replaced(text, fix["artifactChanges"][0]["replacements"])
                    self.assertNotEqual(new, text)
                    tpc("review", "--btf", "none", "-", stdin=new)

    def replaced(self, text, replacements):
        lines, starts = text.split("\n"), [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        place = lambda line, column: starts[line - 1] + column - 1
        for r in sorted(replacements, key=lambda r: (r["deletedRegion"]["startLine"], r["deletedRegion"]["startColumn"]), reverse=True):
            region = r["deletedRegion"]
            a, b = place(region["startLine"], region["startColumn"]), place(region["endLine"], region["endColumn"])
            text = text[:a] + r["insertedContent"]["text"] + text[b:]
        return text

    def test_accepted_is_suppressed(self):
        text = policy(scope="podSelector: {matchLabels: {a: b}}")
        text = text.replace("{a: b}}", "{a: b}} # tpc:ignore TPR501 frozen by admission <b>")
        run = self.check_sarif(tpc("review", "--btf", "none", "--format", "sarif", "-", stdin=text).stdout)
        (result,) = [r for r in run["results"] if r["ruleId"] == "TPR501"]
        self.assertEqual(result["suppressions"], [{"justification": "frozen by admission <b>", "kind": "inSource"}])
        brief = self.write("brief.yaml", "accept: [{code: TPR501, reason: because}]\n")
        text = text.replace(" # tpc:ignore TPR501 frozen by admission <b>", "")
        run = self.check_sarif(tpc("review", "--btf", "none", "--format", "sarif", "-", "--brief", brief, stdin=text).stdout)
        (result,) = [r for r in run["results"] if r["ruleId"] == "TPR501"]
        self.assertEqual(result["suppressions"], [{"justification": "because", "kind": "external"}])

    # ---- hostile text ----
    def test_hostile_names(self):
        names = [
            "<script>alert(1)</script>", "a|b`c`*d*_e_", "$(touch /tmp/x);`id`", "'; rm -rf / #", "../../etc/x", "a\\nb\\n# c", "\\e[31m\\u202e",
            "${HOME}{{x}}%s%n", '\\"]=1}os.exit()--', "x" * 300, "A", ".", "-", "a..b", "]]>&amp;<!--", "é€\U0001f600", "@here www.x.y http://z",
        ]
        for n, name in enumerate(names):
            quoted = f'"{name}"'
            text = policy(name=quoted, message=quoted, value=quoted) + "---\n" + policy(
                name="good", message=quoted, value=quoted, kind="TracingPolicyNamespaced", scope="podSelector: {matchLabels: {a: b}}"
            ).replace("  name: good\n", f"  name: good\n  namespace: {quoted}\n")
            path = self.write(f"in/{n}.yaml", text)
            brief = self.write("brief.yaml", f"siem: {SIEMS[n % 5]}\nworkloads: [{{name: {quoted}, namespace: {quoted}, latencySensitive: true}}]\n")
            with self.subTest(name[:40]):
                out = self.folder(path, brief, out=f"out{n}")
                self.check_all(out)
                for file, data in self.files(out).items():
                    self.assertRegex(file, r"^[A-Za-z0-9._+/-]+$")
                    if file.startswith("report") or file.startswith("routing"):
                        self.assertNotRegex(data.decode(), "[\x00-\x08\x0b-\x1f\x7f\u202e]")
                page = (out / "report.html").read_text(encoding="utf-8")
                self.assertNotIn("<script", page)

    def test_hostile_hooks(self):
        text = policy(action="Post").replace("lsmhooks", "kprobes")
        for n, name in enumerate(['x\\"] = 1, [`|<b>${A}', "fd_install"]):
            hook = text.replace("hook: file_open", f'call: "{name}"\n    syscall: false')
            report = self.check_all(self.folder(self.write(f"{n}.yaml", hook), out=f"out{n}"))
            self.assertEqual([x["why"][:13] for x in report["notRolledOut"]], ["it has errors"] if n == 0 else [])

    def test_many_policies_of_one_name(self):
        path = self.write("p.yaml", "---\n".join(policy(name=n) for n in ("same", "other", "same", "same")))
        out = self.folder(path)
        self.assertTrue({"corrected/same.yaml"} <= set(self.files(out)))
        report = self.check_json((out / "report.json").read_bytes())
        paths = [f["path"] for s in report["rollout"] for f in s["files"]]
        self.assertEqual(len(paths), len(set(paths)))

    def test_a_policy_with_errors(self):
        out = self.folder(self.write("p.yaml", policy() + "---\n" + policy(name="bad").replace("hook: file_open", "hok: x")))
        report = self.check_json((out / "report.json").read_bytes())
        self.assertEqual([n["policy"] for n in report["notRolledOut"]], ["bad"])
        self.check_markdown((out / "report.md").read_text(encoding="utf-8"))

    # ---- the folder ----
    def test_the_folder_replaces_only_its_own(self):
        path = self.write("p.yaml", policy())
        out = self.folder(path)
        self.assertTrue((out / "stages/4-enforce/sample.yaml").exists())
        path.write_text(policy(action="Post"), encoding="utf-8")
        self.folder(path)
        self.assertFalse((out / "stages/4-enforce").exists(), "what is no more is gone")
        (out / "stages/notes.txt").write_text("mine", encoding="utf-8")
        before = self.files(out)
        got = tpc("review", "--btf", "none", path, "-o", out, status=(3,))
        self.assertIn(b"stages/notes.txt", got.stderr)
        self.assertEqual(self.files(out), before)
        self.assertEqual(sorted(p.name for p in self.dir.iterdir()), ["out", "p.yaml"])

    def test_folders_of_others_are_left(self):
        path = self.write("p.yaml", policy())
        (self.dir / "empty").mkdir()
        self.assertTrue((self.folder(path, out="empty/") / "report.md").exists())
        other = self.write("other/file", "x").parent
        (self.dir / "link").symlink_to(self.dir / "empty")
        for target in (other, self.dir / "link", path, self.dir / "no/such/place"):
            tpc("review", "--btf", "none", path, "-o", target, status=(3,))
        self.assertEqual((other / "file").read_text(encoding="utf-8"), "x")
        self.assertEqual(sorted(p.name for p in self.dir.iterdir()), ["empty", "link", "other", "p.yaml"])

    def test_a_list_that_lies(self):
        """The list of an earlier run cannot make it remove what lies elsewhere."""
        path = self.write("p.yaml", policy())
        out = self.folder(path)
        victim = self.write("victim", "x")
        listed = (out / ".tpc-review").read_text(encoding="utf-8")
        (out / ".tpc-review").write_text(f"{listed}../victim\n{victim}\nstages/../../victim\n", encoding="utf-8")
        self.folder(path)
        self.assertTrue(victim.exists())


if __name__ == "__main__":
    unittest.main()
