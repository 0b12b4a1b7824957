# SPDX-License-Identifier: Apache-2.0
"""Damaged and hostile archives: tpc inspect and tpc-loader refuse each with the same reason, and nothing is written."""
import copy
import gzip
import json
import os
import pathlib
import resource
import shutil
import subprocess
import tarfile
import tempfile
import unittest

from bundle_archive import BLOBS, Image, digest, special, tar

TPC = os.environ["TPC"]
LOADER = os.environ["TPC_LOADER"]
ROOT = pathlib.Path(os.environ["TPC_SOURCE_ROOT"])
POLICY = ROOT / "testdata/golden/fd-install-prefix/policy.yaml"
MEMORY = 1 << 30  # bytes of address space that a refusal may take
SANITIZED = b"__asan_init" in pathlib.Path(TPC).read_bytes()  # which reserves terabytes

CASES = {}


def case(says):
    """A function that spoils an Image, or gives other bytes in its place; and what is said then."""

    def add(f):
        CASES[f.__name__] = (f, says)
        return f

    return add


def with_file(name, data=b"x", **more):
    return lambda image: tar(image.parts() + [(special(name, tarfile.REGTYPE, **more) if more else name, data)])


def with_entry(name, kind, **more):
    return lambda image: tar(image.parts() + [(special(name, kind, **more), b"")])


def layer_of(*entries):
    return lambda image: image.set_layer(tar(entries))


def setter(*path, value):
    """Sets a key of the image's documents: setter("config", "os", value="plan9")."""

    def change(image):
        at = getattr(image, path[0])
        for key in path[1:-1]:
            at = at[key]
        at[path[-1]] = value

    return change


def dropper(*path):
    def change(image):
        at = getattr(image, path[0])
        for key in path[1:-1]:
            at = at[key]
        del at[path[-1]]

    return change


NAMES = {
    "leads_up": "../x", "leads_up_inside": "blobs/../../x", "absolute": "/etc/x", "dots_at_end": "blobs/sha256/..",
    "double_slash": "blobs//x", "control_letters": "a\x1b[2Jb", "blank": "a b", "not_ascii": "\xff\xfe",
    "only_dots": "..", "dot_inside": "blobs/./x", "long_name": "x" * 300,
}
for key, name in NAMES.items():
    CASES["name_" + key] = (with_file(name), r"may not be called|archive is broken")
CASES.update({
    "unknown_file": (with_file("x"), "'x' does not belong"),
    "unknown_folder": (with_entry("x", tarfile.DIRTYPE), "folder 'x' does not belong"),
    "blob_of_sha512": (with_file("blobs/sha512/" + "a" * 128), "does not belong"),
    "blob_named_short": (with_file(BLOBS + "aa"), "not named by a SHA-256"),
    "blob_named_long": (with_file(BLOBS + "a" * 65), "not named by a SHA-256"),
    "blob_named_big": (with_file(BLOBS + "A" * 64), "not named by a SHA-256"),
    "blob_of_other_content": (with_file(BLOBS + "a" * 64), "was changed: its digest is"),
    "symlink": (with_entry("index.json", tarfile.SYMTYPE, linkname="/etc/passwd"), "neither a file nor a folder"),
    "hardlink": (with_entry("x", tarfile.LNKTYPE, linkname="oci-layout"), "neither a file nor a folder"),
    "device": (with_entry("x", tarfile.CHRTYPE), "neither a file nor a folder"),
    "fifo": (with_entry("x", tarfile.FIFOTYPE), "neither a file nor a folder"),
    "index_twice": (with_file("index.json", b"{}"), "holds 'index.json' twice"),
    "layout_twice": (with_file("./oci-layout", b"{}"), "holds 'oci-layout' twice"),
    "other_layout": (setter("__dict__", "layout", value=b'{"imageLayoutVersion":"2"}'), "layout '2'"),
    "layout_no_json": (setter("__dict__", "layout", value=b"{"), "oci-layout is no JSON"),
    "layout_a_list": (setter("__dict__", "layout", value=b"[]"), "no JSON object"),
    "index_old": (setter("index", "schemaVersion", value=1), "of another kind or version"),
    "index_other_kind": (setter("index", "mediaType", value="x"), "of another kind or version"),
    "index_no_list": (setter("index", "manifests", value={}), "of another kind or version"),
    "index_empty": (setter("index", "manifests", value=[]), "holds no image"),
    "index_of_numbers": (setter("index", "manifests", value=[1]), "no media type, digest or size"),
    "index_of_thousands": (setter("index", "manifests", value=[1] * 1000), "more than 256 things"),
    "entry_media": (setter("entry", "mediaType", value="application/json"), "media type 'application/json'"),
    "entry_platform": (setter("entry", "platform", "architecture", value="arm64"), "says that an image is for"),
    "manifest_old": (setter("manifest", "schemaVersion", value=1), "of another kind or version"),
    "manifest_other_kind": (setter("manifest", "mediaType", value="x"), "of another kind or version"),
    "manifest_no_config": (dropper("manifest", "config", "mediaType"), "no media type"),
    "manifest_no_layers": (setter("manifest", "annotations", value={}), None),  # see below
    "config_media": (setter("manifest", "config", "mediaType", value="x"), "configuration is of media type 'x'"),
    "config_os": (setter("config", "os", value="plan9"), "for 'plan9', not for linux"),
    "config_no_arch": (dropper("config", "architecture"), "for which platform"),
    "config_long_arch": (setter("config", "architecture", value="a" * 40), "for which platform"),
    "config_labels": (setter("config", "config", "Labels", value=[1]), "labels are no JSON object"),
    "config_label": (setter("config", "config", "Labels", value={"a": 1}), "label 'a' is no text"),
    "config_no_diff_ids": (setter("config", "rootfs", "diff_ids", value=[]), "a digest for each of its 1 layers"),
    "config_md5": (setter("config", "rootfs", "diff_ids", value=["md5:1"]), "a digest for each of its 1 layers"),
    "config_other_diff_id": (setter("config", "rootfs", "diff_ids", value=[digest(b"")]), "first layer was changed"),
    "config_huge": (setter("config", "comment", value="x" * (5 << 20)), "larger than 4194304 bytes"),
    "layer_media": (dropper("manifest", "layers", 0, "mediaType"), "a layer has no media type"),
    "layer_not_zipped": (
        setter("manifest", "layers", 0, "mediaType", value="application/vnd.oci.image.layer.v1.tar"), "expected"),
    "layer_zstd": (
        setter("manifest", "layers", 0, "mediaType", value="application/vnd.oci.image.layer.v1.tar+zstd"), "expected"),
    "layer_empty": (layer_of(), "the first layer holds no file"),
    "layer_two_files": (layer_of(("a.o", b"a"), ("b.o", b"b")), "more than one file"),
    "layer_three_files": (layer_of(("a.o", b"a"), ("b.o", b"b"), ("c", b"c")), "more than"),
    "layer_in_a_folder": (layer_of(("a/b.o", b"a")), "not at the root"),
    "layer_of_a_folder": (layer_of((special("a", tarfile.DIRTYPE), b"")), "folder 'a' does not belong"),
    "layer_up": (layer_of(("../p.bpf.o", b"a")), "may not be called"),
    "layer_link": (layer_of((special("p.bpf.o", tarfile.SYMTYPE, linkname="/etc/shadow"), b"")), "neither a file"),
    "layer_no_tar": (lambda image: image.set_layer(b"hello" * 1000), "no tar file"),
    "layer_no_gzip": (lambda image: image.set_layer(b"", b"plain"), "no gzip file"),
    "layer_cut": (lambda image: image.set_layer(gzip.decompress(image.layer), image.layer[:-20]), "is broken"),
    "layer_behind_its_end": (
        lambda image: image.set_layer(gzip.decompress(image.layer), image.layer + b"more"), "4 bytes behind its end"),
    "layer_two_members": (
        lambda image: image.set_layer(gzip.decompress(image.layer), image.layer * 2), "bytes behind its end"),
    "object_no_object": (layer_of(("p.bpf.o", b"\x7fELF")), "is not the object that the image's manifest tells of"),
})
del CASES["manifest_no_layers"]


@case("larger than 68157440 bytes when it is unpacked")
def layer_bomb(image):
    image.set_layer(bytes(256 << 20), gzip.compress(bytes(256 << 20), 9, mtime=0))


@case("cut short")
def cut_in_the_middle(image):
    return image.bytes()[:5000]


@case("cut short")
def cut_of_the_tail(image):
    return image.bytes().rstrip(b"\0")


@case("larger than the archive that it is in")
def cut_at_a_record(image):
    data = image.bytes()
    return data[: len(data) // 2 // 512 * 512 - 5120] + bytes(1024)


@case("no 'index.json'")
def no_index(image):
    return tar([p for p in image.parts() if p[0] != "index.json"])


@case("no 'oci-layout'")
def no_layout(image):
    return tar([p for p in image.parts() if p[0] != "oci-layout"])


@case("a layer is not in the archive")
def no_layer(image):
    return tar([p for p in image.parts() if p[1] != image.layer])


@case("holds 'blobs/sha256/.*' twice")
def blob_twice(image):
    return tar(image.parts() + [image.parts()[2]])


@case("a layer is 3 bytes long and not 4")
def wrong_size(image):
    parts = image.parts()
    image.layer = b"abc"
    parts = image.parts()
    image.manifest["layers"][0]["size"] = 4
    manifest = json.dumps(image.manifest).encode()
    entry = image.seal(image.entry, manifest)
    index = json.dumps(image.index).encode()
    return tar([parts[0], ("index.json", index), parts[2], parts[3], entry])


@case("has digest 'sha256:../../../etc/passwd'")
def digest_is_a_path(image):
    image.parts()
    index = copy.deepcopy(image.index)
    index["manifests"][0]["digest"] = "sha256:../../../etc/passwd"
    return tar([p if p[0] != "index.json" else (p[0], json.dumps(index).encode()) for p in image.parts()])


@case("holds two images for 'amd64'")
def one_platform_twice(image):
    image.parts()
    image.index["manifests"] = [image.entry, image.entry]


@case("more than 256 files")
def many_files(image):
    blobs = [str(i).encode() for i in range(300)]
    image.extra = [(BLOBS + digest(b)[7:], b) for b in blobs]


@case("larger than the archive that it is in|archive is broken")
def huge_size(image):
    data = image.bytes()
    return data[:124] + b"77777777777\0" + data[136:148] + checksum(data[:124] + b"77777777777\0" + data[136:512]) + data[156:]


@case("larger than the archive that it is in|archive is broken")
def negative_size(image):
    data = image.bytes()
    size = b"\xff" * 12
    return data[:124] + size + data[136:148] + checksum(data[:124] + size + data[136:512]) + data[156:]


def checksum(header):
    return b"%06o\0 " % (sum(header[:148]) + 8 * 32 + sum(header[156:512]))


@case("not a tar file|archive is broken")
def wrong_checksum(image):
    data = bytearray(image.bytes())
    data[0] ^= 1
    return bytes(data)


@case("duplicate")
def key_twice(image):
    parts = image.parts()
    return tar([parts[0], ("index.json", parts[1][1].replace(b"{", b'{"schemaVersion":2,', 1)), *parts[2:]])


@case("is no JSON")
def deep_json(image):
    parts = image.parts()
    return tar([parts[0], ("index.json", b'{"a":' * 100000), *parts[2:]])


@case("is no JSON")
def json_is_not_utf8(image):
    parts = image.parts()
    return tar([parts[0], ("index.json", b'{"a":"\xff"}'), *parts[2:]])


@case("media type '.*index.v1.json'")
def index_in_index_in_index(image):
    inner = json.dumps({"schemaVersion": 2, "manifests": []}).encode()
    for _ in range(3):
        d = {"mediaType": "application/vnd.oci.image.index.v1+json", "digest": digest(inner), "size": len(inner)}
        image.extra.append((BLOBS + digest(inner)[7:], inner))
        inner = json.dumps({"schemaVersion": 2, "manifests": [d]}).encode()
    image.index = json.loads(inner)
    return tar([("oci-layout", image.layout), ("index.json", inner), *image.extra])


@case("larger than the archive that it is in|archive is broken|cut short")
def sparse_file(image):
    """GNU's old sparse format: a gigabyte of nothing in 512 bytes."""
    header = bytearray(512)
    header[0:10] = b"index.json"
    header[100:108] = b"0000644\0"
    header[124:136] = b"00000000000\0"
    header[156:157] = b"S"
    header[257:265] = b"ustar  \0"
    header[386:398], header[398:410] = b"10000000000\0", b"00000000000\0"
    header[483:495] = b"10000000000\0"
    header[148:156] = checksum(bytes(header))
    parts = image.parts()
    return tar([parts[0]]).rstrip(b"\0").ljust(1024, b"\0") + bytes(header) + bytes(1024)


class HostileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = pathlib.Path(tempfile.mkdtemp(prefix="tpc-hostile-"))
        cls.addClassCleanup(shutil.rmtree, cls.made)
        for args in (["compile", POLICY, "-o", cls.made / "p.bpf.o"],
                     ["bundle", cls.made / "p.bpf.o", "-o", cls.made / "good.tar"]):
            subprocess.run([TPC, *map(str, args)], check=True, timeout=60)
        cls.good = (cls.made / "good.tar").read_bytes()

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="tpc-hostile-"))
        self.addCleanup(shutil.rmtree, self.work)

    def ask(self, data, *command):
        (self.work / "image.tar").write_bytes(data)
        limit = None if SANITIZED else lambda: resource.setrlimit(resource.RLIMIT_AS, (3 * MEMORY, 3 * MEMORY))
        got = subprocess.run([*command, "image.tar"], cwd=self.work, capture_output=True, timeout=60, check=False,
                             preexec_fn=limit)
        self.assertEqual([p.name for p in self.work.iterdir()], ["image.tar"], "something was written")
        return got.returncode, (got.stdout + got.stderr).decode(errors="replace")

    def test_the_good_one(self):
        image = Image(self.good)
        self.assertEqual(self.ask(image.bytes(), TPC, "inspect")[0], 0)
        self.assertNotEqual(self.ask(image.bytes(), LOADER, "run", "--no-attach")[0], 1)

    def test_what_other_builders_add(self):
        image = Image(self.good)
        del image.manifest["mediaType"], image.manifest["annotations"], image.config["config"]
        image.extra = [("manifest.json", b"[]"), ("repositories", b"{}")]
        image.parts()
        proof = dict(image.entry, platform={"architecture": "unknown", "os": "unknown"})
        image.index["manifests"] = [image.entry, proof]
        image.extra[2:] = [(special(n, tarfile.DIRTYPE), b"") for n in ("./", "blobs/", "blobs/sha256/")]
        status, text = self.ask(image.bytes(), TPC, "inspect")
        self.assertEqual(status, 0, text)

    def test_refused(self):
        self.assertGreater(len(CASES), 70)
        for name, (spoil, says) in CASES.items():
            with self.subTest(name):
                image = Image(self.good)
                data = spoil(image)
                data = image.bytes() if data is None else data
                status, text = self.ask(data, TPC, "inspect")
                self.assertEqual(status, 1, text)
                self.assertRegex(text, says)
                self.assertIn("TPC660", text)
                self.assertTrue(text.isprintable() or text.replace("\n", "").isprintable(), text)
                status, text = self.ask(data, LOADER, "run", "--no-attach")
                self.assertEqual(status, 1, text)
                self.assertRegex(text, says)

    def test_an_archive_cut_anywhere(self):
        for n in range(300, len(self.good) - 512, 1500):
            with self.subTest(n):
                status, text = self.ask(self.good[:n], TPC, "inspect")
                self.assertEqual((status, "TPC660" in text), (1, True), text)

    def test_each_byte_counts(self):
        """But for what says nothing here, as the tag: then the same is read."""
        good = self.ask(self.good, TPC, "inspect")
        for n in range(200, len(self.good) - 1024, 397):
            data = bytearray(self.good)
            data[n] ^= 0x41
            with self.subTest(n):
                status, text = self.ask(bytes(data), TPC, "inspect")
                if (status, text) != good:
                    self.assertEqual((status, "TPC660" in text), (1, True), text)


if __name__ == "__main__":
    unittest.main()
