#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes know_files[] of compiler/review/knowledge_impl.h: the YAML of templates/knowledge as C strings, by name."""

import argparse
import os
import sys

sys.dont_write_bytecode = True  # the source folder stays as it is
from embed_headers import c_string  # noqa: E402


def files_of(root):
    """[(name below root, path)], sorted, and all folders."""
    found, folders = [], []
    for folder, subfolders, names in os.walk(root):
        subfolders.sort()
        folders.append(folder)
        for name in names:
            if name.endswith(".yaml") and not name.startswith("."):
                path = os.path.join(folder, name)
                found.append((os.path.relpath(path, root).replace(os.sep, "/"), path))
    return sorted(found), folders


def render(prefix, files):
    out = [
        "// SPDX-License-Identifier: Apache-2.0",
        "/* Made by scripts/embed_knowledge.py from templates/knowledge: do not edit. */",
        '#include "review/knowledge_impl.h"',
        "",
        "const struct know_file know_files[] = {",
    ]
    for name, path in files:
        with open(path, "rb") as f:
            data = f.read()
        if b"\0" in data:
            sys.exit("embed_knowledge: %s holds a NUL" % name)
        out.append('\t{\n\t\t"%s/%s",\n%s,\n\t\t%d,\n\t},' % (prefix, name, c_string(data), len(data)))
    out += ["\t{ NULL, NULL, 0 },", "};"]
    return "\n".join(out) + "\n"


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--output", required=True)
    ap.add_argument("--depfile", required=True)
    ap.add_argument("--prefix", required=True, help="what diagnostics show before a file's name")
    ap.add_argument("folder")
    args = ap.parse_args()

    files, folders = files_of(args.folder)
    with open(args.output, "w", encoding="ascii") as f:
        f.write(render(args.prefix, files))
    deps = [path for _, path in files] + folders
    deps.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "embed_headers.py"))
    with open(args.depfile, "w", encoding="utf-8") as f:
        f.write("%s: %s\n" % (args.output, " ".join(d.replace(" ", "\\ ") for d in deps)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
