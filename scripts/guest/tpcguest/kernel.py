# SPDX-License-Identifier: Apache-2.0
"""Kernels to boot: Debian's cloud kernel, fetched once and kept, and the one with override."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from . import Skip

META_PACKAGE = "linux-image-cloud-amd64"
OVERRIDE_DEFAULT = "/work/shared/vm/bzImage-6.1-override"
NAMES = ("debian", "override")


def cache_dir() -> pathlib.Path:
    return pathlib.Path(os.environ.get("TPC_CACHE", "/var/cache/tpc-guest"))


def find(name: str) -> pathlib.Path:
    """The image to boot for a kernel's name or a path; Skip says why there is none."""
    if name == "debian":
        return debian()
    if name == "override":
        return override()
    path = pathlib.Path(name)
    if not path.is_file():
        raise Skip(f"no kernel image at {name}")
    return path


def override() -> pathlib.Path:
    """The kernel with CONFIG_BPF_KPROBE_OVERRIDE; $TPC_KERNEL_OVERRIDE says where it is."""
    path = pathlib.Path(os.environ.get("TPC_KERNEL_OVERRIDE", OVERRIDE_DEFAULT))
    if not path.is_file():
        raise Skip(f"no kernel with bpf_override_return at {path} (set TPC_KERNEL_OVERRIDE)")
    return path


def debian() -> pathlib.Path:
    """vmlinuz of Debian's cloud kernel: $TPC_KERNEL_DEBIAN, else the cache, else apt-get download."""
    given = os.environ.get("TPC_KERNEL_DEBIAN")
    if given:
        return find(given)
    cached = _newest_cached()
    if cached:
        return cached
    package = _resolve()
    try:
        return _download(package)
    except OSError as err:
        raise Skip(f"cannot keep {package} in {cache_dir()}: {err.strerror} (set TPC_CACHE)") from err


def _newest_cached():
    found = sorted(cache_dir().glob("vmlinuz-6.1.0-*-cloud-amd64"), key=_abi_number)
    return found[-1] if found else None


def _abi_number(path) -> int:
    return int(re.search(r"6\.1\.0-(\d+)-", path.name).group(1))


def _run(argv, **kwargs):
    try:
        return subprocess.run(argv, capture_output=True, text=True, check=False, **kwargs)
    except FileNotFoundError:
        raise Skip(f"no {argv[0]} here: Debian's kernel package cannot be fetched") from None


def _resolve() -> str:
    out = _run(["apt-cache", "depends", "--important", META_PACKAGE])
    names = re.findall(r"Depends: (linux-image-6\.1\.0-\d+-cloud-amd64)\b", out.stdout)
    if not names:
        raise Skip(f"apt knows no 6.1 kernel behind {META_PACKAGE} (not Debian 12, or apt-get update is due)")
    return names[0]


def _download(package: str) -> pathlib.Path:
    cache = cache_dir()
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="fetch-") as tmp:
        got = _run(["apt-get", "download", "-q", package], cwd=tmp)
        debs = list(pathlib.Path(tmp).glob("*.deb"))
        if got.returncode or not debs:
            raise Skip(f"apt-get download {package} failed: {_last_line(got.stderr)}")
        _run(["dpkg-deb", "-x", str(debs[0]), tmp + "/root"])
        images = list(pathlib.Path(tmp, "root", "boot").glob("vmlinuz-*"))
        if not images:
            raise Skip(f"{package} holds no /boot/vmlinuz-*")
        # The rename comes last, so a run that is broken off leaves no half image behind.
        target = cache / images[0].name
        shutil.copyfile(images[0], tmp + "/image")
        os.replace(tmp + "/image", target)
        return target


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
