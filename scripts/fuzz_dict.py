#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The words of the language as a libFuzzer dictionary.

    fuzz_dict.py TPC FILE

Keys and enumerated values come from `tpc schema`, what YAML and kernels add from below. Exit status 1 when FILE is
not what they give; TPC_UPDATE_GOLDEN=1 writes it instead (meson test -C build --setup update golden).
"""
import json
import os
import pathlib
import re
import subprocess
import sys

YAML = ["- ", ": ", "\n", "\n  ", "\n    - ", "---\n", "...\n", "[", "]", "{", "}", "&a ", "*a", "<<: *a", "? ", "| \n", ">-\n",
        "# ", "!!str ", "!!int ", "'", '"', "\\u00e9", "~", "null", "true", "false", "0x10", "-1", "010", "1:2",
        "2147483648", "4294967296", "18446744073709551615", "9223372036854775808", "\u00e9", "\ufeff", "\r\n", "\t"]
KERNEL = ["fd_install", "sys_write", "sys_openat", "__x64_sys_write", "security_file_open", "security_bprm_check",
          "file_open", "bprm_check_security", "syscalls", "sys_enter_openat", "sched", "sched_process_exec", "raw_syscalls",
          "sys_enter", "list:l", "/etc/shadow", "host_ns", "CAP_SYS_ADMIN", "IPPROTO_TCP", "AF_INET", "127.0.0.1/8",
          "80:90", "reg", "disable-kprobe-multi", "policy-mode", "enforce", "monitor", "mm.owner.pid", "arg0 == 1"]


def words(value):
    """Names of properties and enumerated texts, at any depth of a JSON Schema."""
    if isinstance(value, list):
        for item in value:
            yield from words(item)
    if not isinstance(value, dict):
        return
    yield from value.get("properties", {})
    yield from (w for w in value.get("enum", []) if isinstance(w, str))
    for item in value.values():
        yield from words(item)


def entry(word):
    quoted = re.sub(rb'[^ !#-\[\]-~]', lambda m: b"\\x%02x" % m[0][0], word.encode())
    return '"' + quoted.decode() + '"'


def dictionary(schema):
    keys = sorted(set(words(schema)))
    lines = ["# SPDX-License-Identifier: Apache-2.0", "# Made by scripts/fuzz_dict.py from `tpc schema`; do not edit."]
    return "\n".join(lines + [entry(w) for w in (*YAML, *KERNEL, *keys)]) + "\n"


def main():
    tpc, path = sys.argv[1], pathlib.Path(sys.argv[2])
    made = subprocess.run([tpc, "schema"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True)
    text = dictionary(json.loads(made.stdout))
    if os.environ.get("TPC_UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != text:
        print(f"{path} is not up to date: TPC_UPDATE_GOLDEN=1 {sys.argv[0]} {tpc} {path}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
