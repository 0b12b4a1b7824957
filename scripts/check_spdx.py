#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each source file says its licence near its top, and it is the one of its folder: check_spdx.py ROOT"""

import os
import re
import sys

TAG = re.compile(rb"SPDX-License-Identifier: *([^\n]*?) *(?:\*/)?\r?$", re.M)
SUFFIXES = (".c", ".h", ".py", ".sh", ".ini")
NAMES = ("meson.build", "meson_options.txt", "run", ".clang-format", ".clang-tidy", ".editorconfig")
# What is read by a test as it stands, hostile input among it.
SKIPPED = (".git", "__pycache__")

DEFAULT = "Apache-2.0"
BY_PLACE = (
    ("templates/bpf/", "GPL-2.0-only OR BSD-2-Clause"),
    ("templates/case/", "GPL-2.0-only OR BSD-2-Clause"),
    ("runtime/include/tpc/case.h", "GPL-2.0-only OR BSD-2-Clause OR Apache-2.0"),
    ("runtime/include/tpc/abi.h", "GPL-2.0-only OR BSD-2-Clause OR Apache-2.0"),
)
BPF_SOURCE = (".bpf.c", "GPL-2.0-only OR BSD-2-Clause")


def wanted(path):
    if path.endswith(BPF_SOURCE[0]):
        return BPF_SOURCE[1]
    for prefix, licence in BY_PLACE:
        if path.startswith(prefix):
            return licence
    return DEFAULT


def sources(root):
    for folder, subfolders, names in os.walk(root):
        here = os.path.relpath(folder, root)
        subfolders[:] = sorted(
            d for d in subfolders if d not in SKIPPED and not (here == "." and d.startswith("build"))
        )
        for name in sorted(names):
            if name.endswith(SUFFIXES) or name in NAMES:
                yield os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")


def faults(root):
    out = []
    for path in sources(root):
        with open(os.path.join(root, path), "rb") as f:
            head = b"\n".join(f.read(1024).split(b"\n")[:3])
        m = TAG.search(head)
        if not m:
            out.append("%s: no SPDX-License-Identifier in its first lines" % path)
        elif m.group(1).decode("ascii", "replace") != wanted(path):
            out.append("%s: '%s', expected '%s'" % (path, m.group(1).decode("ascii", "replace"), wanted(path)))
    return out


def main():
    found = faults(sys.argv[1])
    print("\n".join(found) if found else "every file says its licence")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
