# SPDX-License-Identifier: Apache-2.0
"""An initramfs as a cpio archive in memory: needs neither root nor the cpio program."""

import os
import pathlib
import re
import shutil
import stat
import subprocess

from . import Skip

# Device nodes that must be there before init has mounted devtmpfs.
NODES = (("dev/console", 5, 1), ("dev/null", 1, 3))
FOLDERS = ("proc", "sys", "dev", "tmp", "run", "root", "etc", "bin", "lib", "t", "out", "cases")


class Initramfs:
    """Files by their guest path (no leading slash). Parents are made as they are needed."""

    def __init__(self):
        self._entries = {}
        for folder in FOLDERS:
            self._parents(folder + "/x")
        for name, major, minor in NODES:
            self._entries[name] = (stat.S_IFCHR | 0o600, b"", (major, minor))
        self.add_text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n")
        self.add_text("etc/group", "root:x:0:\nnogroup:x:65534:\n")

    def add_data(self, name: str, data: bytes, mode: int = 0o644):
        name = name.lstrip("/")
        self._parents(name)
        self._entries[name] = (stat.S_IFREG | mode, data, (0, 0))

    def add_text(self, name: str, text: str, mode: int = 0o644):
        self.add_data(name, text.encode(), mode)

    def add_file(self, name: str, source):
        source = pathlib.Path(source)
        mode = 0o755 if os.access(source, os.X_OK) else 0o644
        self.add_data(name, source.read_bytes(), mode)

    def add_tree(self, name: str, source):
        source = pathlib.Path(source)
        for path in sorted(source.rglob("*")):
            if path.is_file():
                self.add_file(f"{name}/{path.relative_to(source)}", path)

    def add_link(self, name: str, target: str):
        name = name.lstrip("/")
        self._parents(name)
        self._entries[name] = (stat.S_IFLNK | 0o777, target.encode(), (0, 0))

    def add_program(self, name: str, source):
        """An executable with the shared libraries and the interpreter that ldd names for it."""
        self.add_file(name, source)
        for library in shared_libraries(source):
            if library.lstrip("/") not in self._entries:
                self.add_file(library, library)

    def add_busybox(self):
        busybox = shutil.which("busybox")
        if not busybox or shared_libraries(busybox):
            raise Skip("no static busybox here (apt-get install busybox-static)")
        self.add_file("bin/busybox", busybox)
        listed = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True)
        for applet in listed.stdout.split():
            if f"bin/{applet}" not in self._entries:
                self.add_link(f"bin/{applet}", "busybox")

    def pack(self) -> bytes:
        """newc archive; left uncompressed, because emulated decompression costs more than the copy."""
        out = bytearray()
        for inode, (name, entry) in enumerate(sorted(self._entries.items()), 1):
            _append(out, inode, name, *entry)
        _append(out, 0, "TRAILER!!!", 0, b"", (0, 0))
        return bytes(out)

    def _parents(self, name: str):
        for parent in pathlib.PurePosixPath(name).parents:
            if str(parent) != ".":
                self._entries.setdefault(str(parent), (stat.S_IFDIR | 0o755, b"", (0, 0)))


def shared_libraries(program):
    """Absolute paths of what ldd finds; nothing for a static program."""
    out = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False)
    if out.returncode:
        return []
    missing = re.findall(r"^\s*(\S+) => not found", out.stdout, re.M)
    if missing:
        raise Skip(f"{program} needs {', '.join(missing)}, which is not on this machine")
    return re.findall(r"(?:=>\s*|^\s+)(/\S+) \(0x", out.stdout, re.M)


def _append(out: bytearray, inode: int, name: str, mode: int, data: bytes, device):
    encoded = name.encode() + b"\0"
    links = 2 if stat.S_ISDIR(mode) else 1
    fields = (inode, mode, 0, 0, links, 0, len(data), 0, 0, device[0], device[1], len(encoded), 0)
    out += b"070701" + b"".join(b"%08X" % field for field in fields) + encoded
    out += b"\0" * (-len(out) % 4)
    out += data
    out += b"\0" * (-len(out) % 4)
