#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tpc-loader as a command, with objects of sample.bpf.c: test_loader.py LOADER CLANG. TAP.

What needs BPF is skipped, with the reason, where the kernel does not let this process load a tracepoint program.
"""

import gzip
import hashlib
import io
import json
import os
import pathlib
import signal
import struct
import subprocess
import sys
import tarfile
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent / "include"


class Tests:
    """Numbers tests and remembers whether one failed."""

    def __init__(self) -> None:
        self.n = 0
        self.failed = False

    def check(self, name: str, good: bool, why: str = "") -> None:
        self.n += 1
        self.failed |= not good
        print(f"{'ok' if good else 'not ok'} {self.n} - {name}")
        if not good:
            print("".join(f"# {line}\n" for line in why.splitlines()), end="")

    def skip(self, name: str, why: str) -> None:
        self.n += 1
        print(f"ok {self.n} - {name} # SKIP {why}")


def seal(path: pathlib.Path) -> None:
    """Writes the digest as abi.h describes it, as tpc does after clang."""
    data = bytearray(path.read_bytes())
    table, = struct.unpack_from("<Q", data, 0x28)
    count, names = struct.unpack_from("<HH", data, 0x3C)
    headers = [struct.unpack_from("<IIQQQQ", data, table + 64 * i) for i in range(count)]
    for name, _, _, _, at, size in headers:
        start = headers[names][4] + name
        if data[start:data.index(0, start)] == b".tpc.digest":
            data[at:at + size] = bytes(size)
            data[at:at + size - 1] = b"sha256:" + hashlib.sha256(data).hexdigest().encode()
            path.write_bytes(data)
            return
    raise AssertionError("no room for a digest")


def build(clang: str, out: pathlib.Path, manifest: str, *flags: str) -> str:
    subprocess.run(
        [clang, "-target", "bpf", "-g", "-O2", "-mcpu=v3", "-I", str(INCLUDE), f"-DMANIFEST={json.dumps(manifest)}"]
        + [*flags, "-c", str(HERE / "sample.bpf.c"), "-o", str(out)],
        check=True,
    )
    seal(out)
    return str(out)


def run(loader: str, *args: str) -> subprocess.CompletedProcess:
    return subprocess.run([loader, *args], capture_output=True, text=True, timeout=60, check=False)


def command_line(t: Tests, loader: str) -> None:
    for args, status, says in [
        ([], 2, "no command"),
        (["walk"], 2, "unknown command"),
        (["run"], 2, "no object"),
        (["run", "--mode", "off", "x"], 2, "--mode"),
        (["run", "--output", "xml", "x"], 2, "--output"),
        (["run", "--variant", "uprobe", "x"], 2, "--variant"),
        (["run", "--variant", "all", "x"], 2, "--no-attach"),
        (["run", "--frobnicate", "x"], 2, "frobnicate"),
        (["run", "/nonexistent.o"], 1, "No such file"),
        (["--help"], 0, "Usage"),
        (["run", "--help"], 0, "Usage"),
        (["--version"], 0, "ABI 1."),
    ]:
        got = run(loader, *args)
        text = got.stdout + got.stderr
        t.check(f"'{' '.join(args)}' is {status}", got.returncode == status and says in text, text)


def bad_objects(t: Tests, loader: str, clang: str, tmp: pathlib.Path, good: str) -> None:
    """Objects that their manifests contradict."""
    for name, old, new, says in [
        ("another machine", '"arch": "x86_64"', '"arch": "aarch64"', "it was compiled for aarch64"),
        ("a machine without a name", '"arch": "x86_64"', '"arch": "pdp11"', "it was compiled for pdp11"),
        ("another ABI", '"major": 1', '"major": 2', "ABI 2.0"),
        ("missing program", '"program": "p0_tracepoint"', '"program": "p9"', "no program 'p9'"),
        ("wrong kind", '"attach": "tracepoint", "target": "syscalls/sys_enter_mkdirat"',
         '"attach": "kprobe", "target": "do_mkdirat"', "is no kprobe program"),
        ("named twice", '"variants": [', '"variants": [{"program": "p0_tracepoint", "attach": "tracepoint", '
         '"target": "syscalls/sys_enter_mkdirat"}, ', "named twice"),
        ("slot out of range", '"slot": 1', '"slot": 2', "no slot 2"),
        ("unknown need", '["ringbuf"]', '["warp"]', "'warp'"),
    ]:
        assert old in good, old
        obj = build(clang, tmp / "bad.o", good.replace(old, new, 1))
        got = run(loader, "run", obj)
        text = got.stdout + got.stderr
        t.check(f"{name} is refused", got.returncode == 1 and says in text, f"exit {got.returncode}\n{text}")
    # Only the maps' declared sizes are looked at here: nothing of these is ever loaded.
    for name, flag, says in [
        ("a map for other hooks", "-DSTATS=2", "does not fit its manifest"),
        ("a map of all memory", "-DSTATS=0x27000002", "does not fit its manifest"),
        ("a ring of all memory", "-DEVENTS=0x40000000", "more than 512 MB of kernel memory"),
    ]:
        obj = build(clang, tmp / "big.o", good, flag)
        got = run(loader, "run", "--no-attach", obj)
        t.check(f"{name} is refused", got.returncode == 1 and says in got.stdout, f"exit {got.returncode}\n{got.stdout}")
    digests(t, loader, build(clang, tmp / "sealed.o", good), tmp)
    (tmp / "cut.o").write_bytes(pathlib.Path(obj).read_bytes()[:700])
    got = run(loader, "run", str(tmp / "cut.o"))
    t.check("cut file is refused", got.returncode == 1, f"exit {got.returncode}\n{got.stderr}")


def digests(t: Tests, loader: str, obj: str, tmp: pathlib.Path) -> None:
    """A bit that flips anywhere is seen before libbpf is asked; --unsealed goes on."""
    data = pathlib.Path(obj).read_bytes()
    for at in (9, len(data) // 3, data.index(b"Dual BSD"), data.index(b"sha256:") + 7, len(data) - 1):
        damaged = bytearray(data)
        damaged[at] ^= 1
        (tmp / "flip.o").write_bytes(damaged)
        got = run(loader, "run", "--no-attach", str(tmp / "flip.o"))
        t.check(f"bit {at} flipped is refused", got.returncode == 1 and "refused" in got.stdout, got.stdout)
    (tmp / "none.o").write_bytes(data.replace(b".tpc.digest", b".tpc.nothing"[:11]))
    got = run(loader, "run", "--no-attach", str(tmp / "none.o"))
    t.check("no digest is refused", got.returncode == 1 and "no section .tpc.digest" in got.stdout, got.stdout)
    got = run(loader, "run", "--no-attach", "--unsealed", str(tmp / "none.o"))
    t.check("--unsealed goes on", "digest" not in got.stdout, got.stdout)


def image(obj: pathlib.Path) -> bytes:
    """An OCI archive of one image with the object, for this machine."""
    def pack(*files: tuple[str, bytes]) -> bytes:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as tar:
            for name, data in files:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        return out.getvalue()

    def add(kind: str, data: bytes) -> dict:
        digest = hashlib.sha256(data).hexdigest()
        blobs[f"blobs/sha256/{digest}"] = data
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(data)}

    blobs: dict[str, bytes] = {}
    arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, "")
    layer = pack((obj.name, obj.read_bytes()))
    ids = ["sha256:" + hashlib.sha256(layer).hexdigest()]
    layers = [add("layer.v1.tar+gzip", gzip.compress(layer))]
    config = add("config.v1+json", json.dumps({"architecture": arch, "os": "linux", "rootfs": {"diff_ids": ids}}).encode())
    manifest = json.dumps({"schemaVersion": 2, "config": config, "layers": layers}).encode()
    index = json.dumps({"schemaVersion": 2, "manifests": [add("manifest.v1+json", manifest)]}).encode()
    return pack(("oci-layout", b'{"imageLayoutVersion": "1.0.0"}'), ("index.json", index), *blobs.items())


def archives(t: Tests, loader: str, obj: str, tmp: pathlib.Path) -> None:
    """Archives, and what is not signed; what signed objects do is in rt_source and cli_bundle."""
    good, key = image(pathlib.Path(obj)), str(HERE.parents[1] / "testdata/bundle/key.pub")
    tar = tmp / "image.tar"
    tar.write_bytes(good)
    plain, packed = run(loader, "run", "--no-attach", obj), run(loader, "run", "--no-attach", str(tar))
    t.check("an archive is taken as its object is", packed.returncode == plain.returncode and
            packed.stdout == plain.stdout.replace(obj, str(tar)), packed.stdout + packed.stderr)
    tar.write_bytes(good.replace(b"amd64", b"amd65").replace(b"arm64", b"arm65"))
    got = run(loader, "run", str(tar))
    t.check("a changed archive is refused", got.returncode == 1 and "was changed" in got.stderr, got.stderr)
    tar.write_bytes(good)
    for name, args, says in [
        ("an image that is not signed", [str(tar)], "not loaded: the image is not signed"),
        ("an object that is not signed", [obj], ".sig' cannot be read"),
        ("a second one that is not signed", [str(tar), obj], "not loaded"),
    ]:
        got = run(loader, "run", "--verify", key, *args)
        t.check(f"{name} is refused", got.returncode == 1 and says in got.stderr and "attached" not in got.stderr, got.stderr)
    got = run(loader, "run", "--verify", obj, obj)
    t.check("a key that is none", got.returncode == 1 and f"{obj}: " in got.stderr, got.stderr)
    got = run(loader, "run", "--verify", str(tmp / "none"), obj)
    t.check("a missing key", got.returncode == 1 and "No such file" in got.stderr, got.stderr)


def loading(t: Tests, loader: str, clang: str, tmp: pathlib.Path, good: str) -> None:
    obj, bad = build(clang, tmp / "a.o", good), build(clang, tmp / "b.o", good, "-DSAMPLE_BAD")
    got = run(loader, "run", "--no-attach", obj)
    if "does not let this process" in got.stdout or "no ring buffer maps" in got.stdout:
        t.skip("loading", got.stdout.replace("\n", " "))
        return
    t.check("no-attach loads", got.returncode == 0 and f"{obj}: ok" in got.stdout, got.stdout + got.stderr)
    t.check("it names the variant", "tracepoint syscalls/sys_enter_mkdirat (p0_tracepoint)" in got.stdout, got.stdout)
    got = run(loader, "run", "--no-attach", bad, obj)
    t.check("a refusal does not stop the next", got.returncode == 3 and f"{obj}: ok" in got.stdout, got.stdout)
    for says in [f"{bad}: refused: sample.yaml:7: policy 'sample'", "p0_tracepoint", "sample.bpf.c:", "invalid bpf_context"]:
        t.check(f"the refusal says '{says[-30:]}'", says in got.stdout, got.stdout)
    missing = build(clang, tmp / "m.o", good.replace("sys_enter_mkdirat", "sys_enter_nothing"))
    got = run(loader, "run", missing)
    t.check("missing tracepoint", got.returncode == 3 and "sample.yaml:7" in got.stderr and "no tracepoint" in got.stderr,
            got.stderr)
    tar = tmp / "stream.tar"
    tar.write_bytes(image(pathlib.Path(obj)))
    for name, path in ("an object", obj), ("an archive", str(tar)):
        streaming(t, loader, name, path, tmp)


def make_folder(tmp: pathlib.Path) -> None:
    fd = os.open(tmp, os.O_RDONLY)
    os.mkdir("tpc-sample-folder", dir_fd=fd)
    os.close(fd)


def streaming(t: Tests, loader: str, name: str, obj: str, tmp: pathlib.Path) -> None:
    ready = tmp / "ready"
    ready.unlink(missing_ok=True)
    if (tmp / "tpc-sample-folder").exists():
        (tmp / "tpc-sample-folder").rmdir()
    with open(tmp / "out", "w+", encoding="utf-8") as out, open(tmp / "err", "w+", encoding="utf-8") as err:
        p = subprocess.Popen([loader, "run", "--ready-file", ready, "--mode", "monitor", "--node-name", "n", obj],
                             stdout=out, stderr=err)
        while not ready.exists() and p.poll() is None:
            time.sleep(0.02)
        if p.poll() is None:
            make_folder(tmp)
            while not (tmp / "out").read_text(encoding="utf-8").count(f'"pid":{os.getpid()},') and p.poll() is None:
                time.sleep(0.02)
            p.send_signal(signal.SIGTERM)
        p.wait()
    text, said = (tmp / "out").read_text(encoding="utf-8"), (tmp / "err").read_text(encoding="utf-8")
    if "cannot be attached" in said:
        t.skip(f"streaming of {name}", said.replace("\n", " "))
        return
    t.check(f"{name}: a signal ends it with 0", p.returncode == 0, said)
    t.check("it says what is attached", "tpc-loader: 1 policies, 1 hooks attached" in said, said)
    t.check("counters at the end", "matched " in said and "lost 0" in said, said)
    events = [json.loads(line)["process_tracepoint"] for line in text.splitlines()]
    mine = [e for e in events if e["process"]["pid"] == os.getpid()]
    t.check(f"{name}: the event has come", len(mine) == 1, text)
    e = mine[0]
    t.check("its argument", e["args"][0]["string_arg"].rstrip("\0") == "tpc-sample-folder", str(e))
    t.check("a field's size from its format file", e["args"][1]["int_arg"] == 8, str(e))
    t.check("its mode", e["policy_mode"] == "monitor" and e["action"] == "KPROBE_ACTION_SIGKILL", str(e))
    t.check("its process", os.path.realpath(e["process"]["binary"]) == os.path.realpath(sys.executable), str(e))


def main() -> int:
    loader, clang = sys.argv[1:3]
    good = (HERE / "sample.json").read_text(encoding="utf-8")
    t = Tests()
    command_line(t, loader)
    with tempfile.TemporaryDirectory(prefix="tpc-loader-") as tmp:
        bad_objects(t, loader, clang, pathlib.Path(tmp), good)
        archives(t, loader, build(clang, pathlib.Path(tmp) / "c.o", good), pathlib.Path(tmp))
        loading(t, loader, clang, pathlib.Path(tmp), good)
    print(f"1..{t.n}")
    return int(t.failed)


if __name__ == "__main__":
    sys.exit(main())
