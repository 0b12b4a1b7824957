#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Includes run one way: check_includes.py ROOT names each one that does not.

    cli -> review -> tpc.h -> bundle, pdiff, ptest, verify -> ask -> backend, compat, passes, toolchain -> ir -> frontend, kernel, cel -> base
    cli -> fmt -> frontend -> base
    runtime -> runtime/bundle -> <tpc/...>        templates/bpf -> <tpc/abi.h>, <tpc/bpf/...>
    templates/case -> templates/bpf, <tpc/case.h>

Folders of one level do not know each other; compiler/tpc.[ch] stands between review and cli on the one side and the rest.
"""

import os
import re
import sys

LEVELS = {
    "base": 0,
    "kernel": 1,
    "cel": 1,
    "frontend": 1,
    "fmt": 2,
    "ir": 2,
    "compat": 3,
    "passes": 3,
    "backend": 3,
    "toolchain": 3,
    "bundle": 3,
    "ask": 4,
    "pdiff": 4,
    "ptest": 4,
    "verify": 5,
    "": 6,  # compiler/tpc.c and tpc.h
    "review": 7,
    "cli": 8,
}
# Of the headers of runtime/include those that both sides may know: the ABI, and the reader that they share.
SHARED = ("tpc/abi.h", "tpc/bundle.h", "tpc/sign.h")
# What a test run shares with the compiler that starts it; the loader has none.
CASE = "tpc/case.h"
INCLUDE = re.compile(rb'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def includes(path):
    """(line number, '<' or '"', name) of each include."""
    with open(path, "rb") as f:
        for n, line in enumerate(f, 1):
            m = INCLUDE.match(line)
            if m:
                yield n, m.group(1).decode(), m.group(2).decode("utf-8", "replace")


def area(path):
    """compiler/ir/ir.h -> "ir"; compiler/tpc.h -> "" """
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else ""


def resolve(root, path, name, base):
    """The file that an include in quotes means, relative to the root, or None."""
    for folder in (os.path.dirname(path), base):
        candidate = os.path.normpath(os.path.join(folder, name)).replace(os.sep, "/")
        if os.path.isfile(os.path.join(root, candidate)):
            return candidate
    return None


def judge_compiler(root, path, quote, name):
    if quote == "<":
        if name.startswith("tpc/") and name not in SHARED + (CASE,):
            return "<%s> is not for the compiler: only %s are" % (name, ", ".join(SHARED))
        return None
    target = resolve(root, path, name, "compiler")
    here = area(path)
    if here == "tests" and (target or "").startswith("templates/bpf/"):
        return None  # what BPF code does, run as a program
    if target is None or not target.startswith("compiler/"):
        return '"%s" is not a file of compiler/' % name
    there = area(target)
    if here == "tests" or there == here:
        return None
    if there not in LEVELS or here not in LEVELS:
        return '"%s": no level is known for %s' % (name, there if there not in LEVELS else here)
    if LEVELS[there] >= LEVELS[here]:
        return '"%s": %s may not know %s' % (name, here or "tpc", there or "tpc")
    return None


def judge_runtime(root, path, quote, name):
    if quote == "<":
        bad = name.startswith("tpc/") and name not in SHARED
        return "<%s>: of ours only %s" % (name, ", ".join(SHARED)) if bad else None
    target = resolve(root, path, name, "runtime")
    if target is None or not target.startswith("runtime/"):
        return '"%s" is not a file of runtime/' % name
    if path.startswith("runtime/bundle/") and not target.startswith("runtime/bundle/"):
        return '"%s": the bundle reader may not know the rest of runtime/' % name
    return None


def judge_template(_root, path, quote, name):
    if quote == "<" and (name == "tpc/abi.h" or name.startswith("tpc/bpf/")):
        return None
    if quote == "<" and path.startswith("templates/case/") and (name == CASE or name.startswith("tpc/case/")):
        return None
    return "%s: a template includes only <tpc/abi.h> and <tpc/bpf/...>" % name


JUDGES = {"compiler": judge_compiler, "runtime": judge_runtime, "templates": judge_template}


def faults(root):
    """Each wrong include as FILE:LINE: text, sorted."""
    out = []
    for top, judge in JUDGES.items():
        for folder, subfolders, names in os.walk(os.path.join(root, top)):
            subfolders.sort()
            for file in sorted(names):
                if not file.endswith((".c", ".h")):
                    continue
                full = os.path.join(folder, file)
                path = os.path.relpath(full, root).replace(os.sep, "/")
                for n, quote, name in includes(full):
                    why = judge(root, path, quote, name)
                    if why:
                        out.append("%s:%d: %s" % (path, n, why))
    return out


def main():
    found = faults(sys.argv[1])
    print("\n".join(found) if found else "every include runs the right way")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
