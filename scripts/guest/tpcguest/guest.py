# SPDX-License-Identifier: Apache-2.0
"""The parts that every guest has: busybox, init, the trigger programs, tpc-loader."""

import os
import pathlib
import shutil
import subprocess
import tempfile

from . import Broken, Skip
from .initramfs import Initramfs

HERE = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ("net", "status", "trigger")


def base_image(loader=None) -> Initramfs:
    """An image with everything but the work; `loader` is the path of a built tpc-loader."""
    image = Initramfs()
    image.add_busybox()
    image.add_file("init", HERE / "init" / "init")
    for name in ("units.sh", "cases.sh", "corpus.sh"):
        image.add_file(f"lib/tpc/{name}", HERE / "init" / name)
    with tempfile.TemporaryDirectory(prefix="tpc-triggers-") as tmp:
        for name in PROGRAMS:
            image.add_file(f"bin/tpc-{name}", _build(HERE / "triggers" / f"{name}.c", tmp))
    if loader:
        if not pathlib.Path(loader).is_file():
            raise Broken(f"no tpc-loader at {loader}")
        image.add_program("bin/tpc-loader", loader)
    return image


def _build(source: pathlib.Path, folder: str) -> str:
    compiler = os.environ.get("CC") or next((c for c in ("cc", "gcc", "clang") if shutil.which(c)), None)
    if not compiler:
        raise Skip("no C compiler here for the guest's trigger programs")
    out = os.path.join(folder, source.stem)
    done = subprocess.run([*compiler.split(), "-std=gnu11", "-O1", "-static", "-o", out, str(source)],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise Skip(f"cannot build {source.name} statically: {done.stderr.strip()}")
    return out
