# SPDX-License-Identifier: Apache-2.0
"""Kernels at hand whose types tests may ask: this machine's, and those that the guests boot."""
import os
import pathlib
import shutil
import subprocess
import sys
import zlib

HERE_BTF = pathlib.Path("/sys/kernel/btf/vmlinux")


def unpack_kernel(image: pathlib.Path, to: pathlib.Path):
    """The ELF file in a bzImage (Documentation/arch/x86/boot.rst). None: how it is packed is not known here."""
    data = image.read_bytes()
    at = (data[0x1F1] + 1) * 512 + int.from_bytes(data[0x248:0x24C], "little")
    packed = data[at:at + int.from_bytes(data[0x24C:0x250], "little")]
    if packed[:2] == b"\x1f\x8b":
        to.write_bytes(zlib.decompressobj(31).decompress(packed))
        return to
    if packed[:4] == b"\x02\x21\x4c\x18" and shutil.which("lz4"):
        got = subprocess.run(["lz4", "-d", "-c"], input=packed[:-4], capture_output=True, check=False)
        to.write_bytes(got.stdout)
        return to if got.stdout else None
    return None


def guest_kernels(root: pathlib.Path, folder: pathlib.Path) -> list:
    """ELF files in @folder of the 6.1 kernels that the guests boot; none where there is no image."""
    sys.path.insert(0, str(root / "scripts/guest"))
    from tpcguest import kernel as guest  # pylint: disable=import-outside-toplevel,import-error
    images = [pathlib.Path(os.environ.get("TPC_KERNEL_OVERRIDE", guest.OVERRIDE_DEFAULT))]
    images += sorted(guest.cache_dir().glob("vmlinuz-6.1*"))
    elves = [unpack_kernel(p, folder / f"kernel{i}") for i, p in enumerate(images) if p.is_file()]
    return [e for e in elves if e]
