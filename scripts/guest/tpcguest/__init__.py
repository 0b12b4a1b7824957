# SPDX-License-Identifier: Apache-2.0
"""The QEMU guest harness: kernels, initramfs, boot, cases. Python's standard library only."""


class Skip(Exception):
    """Something the harness needs is not on this machine. The text is the reason a person reads."""


class Broken(Exception):
    """The harness was used wrongly: a case file with an unknown key, a file that is not there."""
