#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tpc_diag_pages[] of compiler/base/diag_pages.h: docs/codes/TPCnnn.md as C strings, sorted by code.

A page has a title "# TPCnnn slug", one sentence that sums it up, and the sections of SECTIONS in that order.
"""

import argparse
import os
import re
import sys

sys.dont_write_bytecode = True  # the source folder stays as it is
from embed_headers import c_string  # noqa: E402

NAME = re.compile(r"TPC[0-9]{3}\.md$")
SECTIONS = ["What it means", "Why", "Example", "Mend"]


class Fault(Exception):
    """A page is not as it must be."""


def split(name, text):
    """{"slug", "summary", "mend"} of a page's text."""
    lines = text.split("\n")
    title = re.fullmatch(r"# (TPC[0-9]{3}) ([a-z0-9-]+)", lines[0])
    if not title or title.group(1) + ".md" != name:
        raise Fault("%s: the first line must be '# %s SLUG'" % (name, name[:-3]))
    if len(lines) < 4 or lines[1] or not lines[2].endswith(".") or lines[3]:
        raise Fault("%s: one sentence on one line must follow the title" % name)
    parts = re.split(r"^## (.*)\n", "\n".join(lines[4:]), flags=re.M)
    if parts[0].strip() or parts[1::2] != SECTIONS:
        raise Fault("%s: its sections must be %s" % (name, ", ".join(SECTIONS)))
    bodies = [body.strip("\n") for body in parts[2::2]]
    if not all(bodies):
        raise Fault("%s: a section is empty" % name)
    return {"slug": title.group(2), "summary": lines[2], "mend": bodies[SECTIONS.index("Mend")]}


def pages_of(folder):
    """[(code, text)], sorted."""
    out = []
    for name in sorted(os.listdir(folder)):
        if NAME.match(name):
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                out.append((name, f.read()))
    return out


def render(pages):
    out = [
        "// SPDX-License-Identifier: Apache-2.0",
        "/* Made by scripts/embed_pages.py from docs/codes: do not edit. */",
        '#include "base/diag_pages.h"',
        "",
        "const struct tpc_diag_page tpc_diag_pages[] = {",
    ]
    for name, text in pages:
        page = split(name, text)
        values = [name[:-3], page["summary"], page["mend"], text]
        out.append("\t{\n%s,\n\t}," % ",\n".join(c_string(v.encode()) for v in values))
    out += ["\t{ NULL, NULL, NULL, NULL },", "};"]
    return "\n".join(out) + "\n"


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--output", required=True)
    ap.add_argument("--depfile", required=True)
    ap.add_argument("folder")
    args = ap.parse_args()

    pages = pages_of(args.folder)
    try:
        text = render(pages)
    except Fault as e:
        sys.exit("embed_pages: %s" % e)
    with open(args.output, "w", encoding="ascii") as f:
        f.write(text)
    deps = [os.path.join(args.folder, name) for name, _ in pages] + [args.folder]
    deps.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "embed_headers.py"))
    with open(args.depfile, "w", encoding="utf-8") as f:
        f.write("%s: %s\n" % (args.output, " ".join(d.replace(" ", "\\ ") for d in deps)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
