#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed_program.py OUTPUT [PROGRAM]: assembly that holds guest_init[] of compiler/ask/ask_impl.h, empty without one."""

import sys

TEXT = """/* SPDX-License-Identifier: Apache-2.0 */
/* Made by scripts/embed_program.py: do not edit. */
	.section .rodata.guest_init, "a"
	.balign 16
	.globl guest_init, guest_init_len
guest_init_len:
	.quad end - guest_init
guest_init:
%send:
	.section .note.GNU-stack, "", @progbits
"""


def main():
    output, *programs = sys.argv[1:]
    lines = ['\t.incbin "%s"\n' % p.replace("\\", "\\\\").replace('"', '\\"') for p in programs]
    with open(output, "w", encoding="utf-8") as f:
        f.write(TEXT % "".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
