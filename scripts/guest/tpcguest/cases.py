# SPDX-License-Identifier: Apache-2.0
"""Live cases: reading case.json, putting a case into the image, judging what came back.

testdata/live/README.md describes the format. An unknown key is an error: a misspelt expectation must not pass.
"""

import dataclasses
import errno
import json
import pathlib
import re
import shlex
import signal
import subprocess

from . import Broken
from .match import matches, mismatch

CASE_KEYS = {"about", "kernel", "policies", "compile", "loader", "setup", "before", "steps", "after", "events"}
STEP_KEYS = {"name", "run", "init", "finish", "exit", "errno", "signal", "stdout"}
EVENT_KEYS = {"match", "count", "min"}
LOADER_KEYS = {"args", "exit", "stderr", "ready", "none"}
HOOK_EVENTS = ("process_kprobe", "process_tracepoint", "process_lsm", "process_uprobe", "process_usdt")
KERNELS = ("debian", "override", "any")


@dataclasses.dataclass
class Case:
    name: str
    folder: pathlib.Path
    spec: dict

    def runs_on(self, kernel: str) -> bool:
        return self.spec.get("kernel", "any") in ("any", kernel)

    def policies(self):
        named = self.spec.get("policies")
        return [self.folder / n for n in named] if named else sorted(self.folder.glob("*.yaml"))

    def phases(self):
        return [(phase, self.spec.get(phase, [])) for phase in ("before", "steps", "after")]


def load_all(folder):
    return [load(path.parent) for path in sorted(pathlib.Path(folder).glob("*/case.json"))]


def load(folder: pathlib.Path) -> Case:
    path = folder / "case.json"
    try:
        spec = json.loads(path.read_text())
    except (OSError, ValueError) as err:
        raise Broken(f"{path}: {err}") from err
    _keys(path, spec, CASE_KEYS)
    _keys(path, spec.get("loader", {}), LOADER_KEYS)
    if spec.get("kernel", "any") not in KERNELS:
        raise Broken(f"{path}: kernel is one of {', '.join(KERNELS)}")
    for phase in ("before", "steps", "after"):
        for step in spec.get(phase, []):
            _check_step(path, step)
    for event in spec.get("events", []):
        _keys(path, event, EVENT_KEYS)
        if "match" not in event:
            raise Broken(f"{path}: an event without match")
    return Case(folder.name, folder, spec)


def _keys(path, value, known):
    if not isinstance(value, dict):
        raise Broken(f"{path}: expected an object, saw {value!r}")
    unknown = set(value) - known
    if unknown:
        raise Broken(f"{path}: unknown key {sorted(unknown)[0]!r} (known: {', '.join(sorted(known))})")


def _check_step(path, step):
    _keys(path, step, STEP_KEYS)
    if not re.fullmatch(r"[a-z0-9-]+", step.get("name", "")):
        raise Broken(f"{path}: a step needs a name of a-z, 0-9 and -")
    if sum(key in step for key in ("run", "init", "finish")) != 1:
        raise Broken(f"{path}: step {step['name']}: exactly one of run, init, finish")


def compile_case(case: Case, command, out: pathlib.Path):
    """Compile the case's policies into one object; the diagnostics, or None when that worked."""
    argv = [*command, *map(str, case.policies()), *case.spec.get("compile", []), "-o", str(out)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode == 0 and out.is_file():
        return None
    return f"{shlex.join(argv)}\nended with status {done.returncode}\n{done.stdout}{done.stderr}"


def install(case: Case, image, obj, loader_args=()):
    """Put the case into the image under /cases/NAME, as init/cases.sh expects it."""
    base = f"cases/{case.name}"
    image.add_text(f"{base}/setup.sh", "\n".join(case.spec.get("setup", [])) + "\n")
    if obj:
        image.add_file(f"{base}/OBJECT", obj)
        args = [*case.spec.get("loader", {}).get("args", []), *loader_args]
        image.add_text(f"{base}/loader.args", shlex.join(args) + "\n")
    for phase, steps in case.phases():
        for i, step in enumerate(steps):
            number = "" if phase == "before" else f"{i:02}-"
            kind = "init" if "init" in step else "sh"
            image.add_text(f"{base}/{phase}/{number}{step['name']}.{kind}", _script(case, step), 0o755)


def _script(case: Case, step) -> str:
    if "finish" in step:
        old = f"/out/{case.name}/before-{step['finish']}.status"
        return (f"#!/bin/sh\ntouch /t/{case.name}/go\n"
                f"i=0; while [ ! -e {old} ]; do i=$((i + 1)); [ $i -lt 200 ] || exit 1; sleep 0.1; done\n")
    run = step.get("run", step.get("init"))
    if isinstance(run, list):
        return f"#!/bin/sh\nexec {shlex.join(run)}\n"
    return f"{run}\n" if "init" in step else f"#!/bin/sh\n{run}\n"


def judge(case: Case, files):
    """What is wrong with the files that came back: a list of sentences, empty when the case passed."""
    texts = {name: data.decode(errors="replace") for name, data in files.items()}
    wrong = []
    state = texts.get("state", "")
    if "setup failed" in state:
        return [f"setup failed: {texts.get('setup.txt', '').strip()}"]
    if not case.spec.get("loader", {}).get("none"):
        wrong += _judge_loader(case, texts, state)
    for phase, steps in case.phases():
        for i, step in enumerate(steps):
            name = f"before-{step['name']}" if phase == "before" else f"{i:02}-{step['name']}"
            wrong += _judge_step(step, name, texts)
    return wrong + _judge_events(case, texts.get("loader.out", ""))


def _judge_loader(case: Case, texts, state):
    wanted = case.spec.get("loader", {})
    wrong = []
    ready = "ready" in state.splitlines()
    if ready != wanted.get("ready", True):
        wrong.append("the loader became ready" if ready else "the loader did not become ready")
    status = texts.get("loader.status", "none").strip()
    if status != f"exit {wanted.get('exit', 0)}":
        wrong.append(f"the loader ended with {status}, not exit {wanted.get('exit', 0)}")
    pattern = wanted.get("stderr")
    if pattern and not re.search(pattern, texts.get("loader.err", ""), re.S):
        wrong.append(f"the loader's standard error has nothing like {pattern!r}")
    wrong += [line for line in state.splitlines() if line.startswith("still there")]
    return wrong


def _judge_step(step, name, texts):
    status = texts.get(f"{name}.status", "not run").strip()
    expected = "exit 0"
    if "signal" in step:
        expected = f"signal {_number(step['signal'], signal.Signals, 'SIG')}"
    elif "errno" in step:
        expected = f"exit {_number(step['errno'], errno, '')}"
    elif "exit" in step:
        expected = f"exit {step['exit']}"
    wrong = []
    if status != expected:
        detail = texts.get(f"{name}.err", "").strip()
        wrong.append(f"step {step['name']} ended with {status}, not {expected}{': ' + detail if detail else ''}")
    if "stdout" in step:
        why = mismatch(step["stdout"], texts.get(f"{name}.out", ""), f"step {step['name']}: output")
        wrong += [why] if why else []
    return wrong


def _number(value, names, prefix):
    if isinstance(value, int):
        return value
    return int(getattr(names, value if value.startswith(prefix) else prefix + value))


def _judge_events(case: Case, text):
    wrong, events = [], []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            event = json.loads(line)
        except ValueError:
            wrong.append(f"line {number} of the output is no JSON: {line[:200]}")
            continue
        if any(kind in event for kind in HOOK_EVENTS):
            events.append(event)
    unexplained = list(events)
    for expected in case.spec.get("events", []):
        unexplained = [e for e in unexplained if not matches(expected["match"], e)]
        wrong += _count(expected, events)
    wrong += [f"unexpected event: {json.dumps(event)}" for event in unexplained]
    return wrong


def _count(expected, events):
    found = sum(matches(expected["match"], event) for event in events)
    if "min" in expected:
        if found >= expected["min"]:
            return []
        text = f"at least {expected['min']}"
    else:
        if found == expected.get("count", 1):
            return []
        text = str(expected.get("count", 1))
    wrong = [f"{found} events, not {text}, match {json.dumps(expected['match'])}"]
    if not found:
        wrong += [f"  {mismatch(expected['match'], event)}" for event in events[:5]]
    return wrong
