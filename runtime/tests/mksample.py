#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds sample.bpf.c with a manifest: mksample.py CLANG INCLUDE MANIFEST OUT [clang options]."""

import json
import pathlib
import subprocess
import sys


def main() -> int:
    clang, include, manifest, out, *more = sys.argv[1:]
    source = pathlib.Path(__file__).with_name("sample.bpf.c")
    text = json.dumps(pathlib.Path(manifest).read_text())
    return subprocess.run(
        [clang, "-target", "bpf", "-g", "-O2", "-mcpu=v3", "-I", include, f"-DMANIFEST={text}", *more]
        + ["-c", str(source), "-o", out],
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
