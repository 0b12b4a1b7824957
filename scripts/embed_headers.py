#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes backend_headers[] of compiler/backend/backend.h: header files as C strings, sorted by name.

The order and the text depend on nothing but the headers, for the digest of the templates is part of every
manifest. A depfile names each header and each folder for ninja.
"""

import argparse
import os
import sys

ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\t"): "\\t", ord("\n"): "\\n"}


def c_string(data):
    """The bytes as adjacent C string literals, one a line of text."""
    lines = []
    for line in data.splitlines(keepends=True):
        out = []
        for byte in line:
            if byte in ESCAPES:
                out.append(ESCAPES[byte])
            elif 0x20 <= byte < 0x7F and byte != ord("?"):
                out.append(chr(byte))
            else:
                # Three octal digits always: a digit that follows cannot become part of it. '?' for trigraphs.
                out.append("\\%03o" % byte)
        lines.append('\t\t"' + "".join(out) + '"')
    return "\n".join(lines) if lines else '\t\t""'


def headers_of(dirs, files):
    """name -> path of everything asked for."""
    found = {}
    for prefix, folder in dirs:
        for entry in os.listdir(folder):
            if entry.endswith(".h") and not entry.startswith("."):
                found[prefix + "/" + entry] = os.path.join(folder, entry)
    for name, path in files:
        if name in found:
            sys.exit("embed_headers: %s twice" % name)
        found[name] = path
    return found


def render(headers):
    out = [
        "// SPDX-License-Identifier: Apache-2.0 AND (GPL-2.0-only OR BSD-2-Clause)",
        "/* Made by scripts/embed_headers.py from the headers named below: do not edit. */",
        '#include "backend/backend.h"',
        "",
        "const struct backend_header backend_headers[] = {",
    ]
    for name in sorted(headers):
        with open(headers[name], "rb") as f:
            data = f.read()
        if b"\0" in data:
            sys.exit("embed_headers: %s holds a NUL" % name)
        out.append('\t{\n\t\t"%s",\n%s,\n\t\t%d,\n\t},' % (name, c_string(data), len(data)))
    out.append("\t{ NULL, NULL, 0 },")
    out.append("};")
    return "\n".join(out) + "\n"


def pair(text):
    name, sep, path = text.partition("=")
    if not sep or not name or not path:
        raise argparse.ArgumentTypeError("NAME=PATH expected")
    return name, path


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--output", required=True)
    ap.add_argument("--depfile")
    ap.add_argument("--dir", type=pair, action="append", default=[], help="PREFIX=FOLDER: all of its *.h")
    ap.add_argument("--file", type=pair, action="append", default=[], help="NAME=FILE")
    args = ap.parse_args()

    headers = headers_of(args.dir, args.file)
    text = render(headers)
    with open(args.output, "w", encoding="ascii") as f:
        f.write(text)
    if args.depfile:
        deps = sorted(headers.values()) + sorted(folder for _, folder in args.dir)
        with open(args.depfile, "w", encoding="utf-8") as f:
            f.write("%s: %s\n" % (args.output, " ".join(d.replace(" ", "\\ ") for d in deps)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
