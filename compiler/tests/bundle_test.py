# SPDX-License-Identifier: Apache-2.0
"""tpc bundle, keygen, sign and inspect: what they make, and that other tools read it the same way."""
import io
import json
import os
import pathlib
import shutil
import stat
import subprocess
import tarfile
import tempfile
import unittest

from bundle_archive import BLOBS, Image, digest, read, tar

TPC = os.environ["TPC"]
LOADER = os.environ["TPC_LOADER"]
ROOT = pathlib.Path(os.environ["TPC_SOURCE_ROOT"])
POLICY = ROOT / "testdata/golden/fd-install-prefix/policy.yaml"


def run(*args, cwd=None, env=None, status=None):
    got = subprocess.run(
        [*map(str, args)], cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, timeout=120, check=False
    )
    got.stdout, got.stderr = got.stdout.decode(errors="replace"), got.stderr.decode(errors="replace")
    if status is not None and got.returncode != status:
        raise AssertionError(f"{args}: exit status {got.returncode}: {got.stdout}{got.stderr}")
    return got


def need(tool):
    return unittest.skipUnless(shutil.which(tool), f"{tool} is not installed")


class BundleCase(unittest.TestCase):
    """A folder with a compiled object and a pair of keys, made once."""

    @classmethod
    def setUpClass(cls):
        cls.made = pathlib.Path(tempfile.mkdtemp(prefix="tpc-bundle-"))
        cls.addClassCleanup(shutil.rmtree, cls.made)
        run(TPC, "compile", POLICY, "-o", cls.made / "p.bpf.o", status=0)
        run(TPC, "keygen", "-o", cls.made / "team", status=0)
        object_ = (cls.made / "p.bpf.o").read_bytes()
        assert object_.count(b'"arch": "x86_64"') == 1
        (cls.made / "arm.bpf.o").write_bytes(object_.replace(b'"arch": "x86_64"', b'"arch": "arm64" '))
        (cls.made / "mips.bpf.o").write_bytes(object_.replace(b'"arch": "x86_64"', b'"arch": "mips"  '))

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="tpc-bundle-"))
        self.addCleanup(shutil.rmtree, self.work)
        for file in self.made.iterdir():
            shutil.copy(file, self.work)

    def tpc(self, *args, status=0, env=None):
        return run(TPC, *args, cwd=self.work, status=status, env=env)

    def bundle(self, *args, env=None):
        self.tpc("bundle", *args, "-o", "image.tar", env=env)
        return (self.work / "image.tar").read_bytes()

    def verify(self, file, key="team.pub"):
        """(whether the loader takes the file as signed, what it says). Loading may be forbidden here."""
        got = run(LOADER, "run", "--no-attach", "--verify", key, file, cwd=self.work)
        text = got.stdout + got.stderr
        self.assertEqual(got.returncode == 1, "not loaded: " in text, text)
        return got.returncode != 1, text


class ArchiveTest(BundleCase):
    def test_equal_bytes_in_another_folder_at_another_time(self):
        first = self.bundle("p.bpf.o", "--sign", "team.key")
        other = self.work / "deep" / "folder"
        other.mkdir(parents=True)
        shutil.copy(self.work / "p.bpf.o", other)
        os.utime(other / "p.bpf.o", (1, 1))
        os.chmod(other / "p.bpf.o", 0o600)
        run(TPC, "bundle", other / "p.bpf.o", "--sign", self.work / "team.key", "-o", other / "x.tar", cwd="/", status=0,
            env={"TZ": "Asia/Tokyo", "LANG": "C.UTF-8", "USER": "somebody", "HOSTNAME": "elsewhere"})
        self.assertEqual((other / "x.tar").read_bytes(), first)
        for word in (b"somebody", b"elsewhere", str(self.work).encode()):
            self.assertFalse(word in first, word)
        with tarfile.open(fileobj=io.BytesIO(first)) as t:
            for m in t.getmembers():
                self.assertEqual((m.uid, m.gid, m.uname, m.gname, m.mtime, m.mode), (0, 0, "", "", 0, 0o444), m.name)

    @need("faketime")
    def test_two_builds_in_two_folders_on_two_days(self):
        archives = []
        # faketime is preloaded, and so not behind a sanitizer.
        env = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        for folder, day in ("a", "2026-01-02 03:04:05"), ("b/c", "2031-11-12 13:14:15"):
            work = self.work / folder
            work.mkdir(parents=True)
            shutil.copy(ROOT / "testdata/policies/file-monitoring.yaml", work)
            at = ["faketime", "-f", day]
            run(*at, TPC, "compile", "file-monitoring.yaml", "-o", "p.bpf.o", cwd=work, env=env, status=0)
            run(*at, TPC, "bundle", "p.bpf.o", "-o", "p.tar", cwd=work, env=env, status=0)
            archives.append((work / "p.tar").read_bytes())
        self.assertTrue(archives[0] == archives[1])

    def test_source_date_epoch(self):
        zero = self.bundle("p.bpf.o")
        self.assertEqual(zero, self.bundle("p.bpf.o", env={"SOURCE_DATE_EPOCH": "0"}))
        dated = self.bundle("p.bpf.o", env={"SOURCE_DATE_EPOCH": "1700000000"})
        self.assertNotEqual(zero, dated)
        self.assertEqual(Image(dated).config["created"], "2023-11-14T22:13:20Z")
        for bad in ("x", "-1", "1.5", " 1", "99999999999", "99999999999999999999"):
            got = self.tpc("bundle", "p.bpf.o", "-o", "bad.tar", status=3, env={"SOURCE_DATE_EPOCH": bad})
            self.assertIn("SOURCE_DATE_EPOCH", got.stderr)
        self.assertFalse((self.work / "bad.tar").exists())

    def test_what_the_archive_holds(self):
        files = read(self.bundle("p.bpf.o"))
        for name, data in files.items():
            if name.startswith(BLOBS):
                self.assertEqual(name, BLOBS + digest(data)[7:])
        image = Image((self.work / "image.tar").read_bytes())
        object_ = (self.work / "p.bpf.o").read_bytes()
        self.assertEqual(image.object, ("p.bpf.o", object_))
        self.assertEqual(image.layer[:10], b"\x1f\x8b\x08\0\0\0\0\0\x02\xff")
        self.assertEqual(image.manifest["annotations"]["dev.tpc.object.digest"], digest(object_))
        labels = image.config["config"]["Labels"]
        self.assertEqual(json.loads(labels["io.ebpf.programs"]), {
            "p0_fentry": "fentry", "p0_kprobe": "kprobe",
            "tpc_on_exec": "tp_btf", "tpc_on_exit": "tp_btf", "tpc_on_fork": "tp_btf",
        })
        self.assertEqual(json.loads(labels["io.ebpf.maps"])["tpc_stats"], "per_cpu_array")
        shown = json.loads(self.tpc("inspect", "p.bpf.o", "--format", "json").stdout)
        self.assertEqual(json.loads(labels["dev.tpc.manifest"]), shown["manifest"])

    def test_two_architectures(self):
        both = self.bundle("p.bpf.o", "arm.bpf.o")
        self.assertEqual(both, self.bundle("arm.bpf.o", "p.bpf.o"))
        got = self.tpc("inspect", "image.tar", "--format", "json").stdout.splitlines()
        self.assertEqual([json.loads(line)["image"]["architecture"] for line in got], ["amd64", "arm64"])
        self.assertIn("for linux/arm64", self.tpc("inspect", "image.tar").stdout)

    def test_what_does_not_go_together(self):
        shutil.copy(self.work / "p.bpf.o", self.work / "q.bpf.o")
        shutil.copy(self.work / "p.bpf.o", self.work / "a b.o")
        shutil.copy(self.work / "p.bpf.o", self.work / "tpc-loader")
        for args, says in [
            (["p.bpf.o", "q.bpf.o"], "q.bpf.o: it is for amd64, as 'p.bpf.o' is"),
            (["p.bpf.o", "--platform", "linux/arm64"], "it is for linux/amd64, not for linux/arm64"),
            (["mips.bpf.o"], "it is for 'mips'"),
            (["a b.o"], "printable ASCII"),
            (["p.bpf.o", "--with-loader", "team.pub"], "team.pub: not a 64-bit ELF program"),
            (["p.bpf.o", "--with-loader", "q.bpf.o"], "q.bpf.o: not a 64-bit ELF program"),
            (["arm.bpf.o", "--with-loader", LOADER], "no object is for its machine"),
            (["p.bpf.o", "arm.bpf.o", "--with-loader", LOADER], "arm.bpf.o: it is for arm64, and no loader is"),
            (["tpc-loader", "--with-loader", LOADER], "the loader has this name"),
            (["p.bpf.o", "--with-loader", LOADER, "--with-loader", LOADER], "it is for amd64, as"),
            (["nothing.o"], "cannot read 'nothing.o'"),
            (["team.pub"], "not an ELF file"),
            (["p.bpf.o", "--sign", "team.pub"], "not a secret key"),
            (["p.bpf.o", "--sign", "none.key"], "cannot read 'none.key'"),
        ]:
            with self.subTest(args=args):
                got = self.tpc("bundle", *args, "-o", "no.tar", status=1)
                self.assertIn(says, got.stderr)
                self.assertFalse((self.work / "no.tar").exists())

    def test_command_lines(self):
        for args, says in [
            ([], "no object is named"),
            (["p.bpf.o"], "-o OUT"),
            (["p.bpf.o", "-o", "x", "--tag", "a/b"], "is no tag"),
            (["p.bpf.o", "-o", "x", "--tag", "-a"], "is no tag"),
            (["p.bpf.o", "-o", "x", "--platform", "windows/amd64"], "--platform"),
        ]:
            self.assertIn(says, self.tpc("bundle", *args, status=2).stderr)
        self.assertIn("equal bytes", self.tpc("bundle", "--help").stdout.replace("\n", " "))
        self.assertIn("-o NAME", self.tpc("keygen", status=2).stderr)
        self.assertIn("--key KEY", self.tpc("sign", "p.bpf.o", status=2).stderr)

    def test_loader_layer(self):
        got = self.tpc("bundle", "p.bpf.o", "--with-loader", LOADER, "-o", "image.tar")
        self.assertIn("TPC663", got.stderr)  # the one of the build needs libraries
        image = Image((self.work / "image.tar").read_bytes())
        self.assertEqual(image.config["config"]["Entrypoint"], ["/tpc-loader", "run", "/p.bpf.o"])
        self.assertEqual(len(image.manifest["layers"]), 2)
        self.assertIn("2 layers", self.tpc("inspect", "image.tar").stdout)

    @need("busybox")
    def test_static_loader(self):
        program = pathlib.Path(shutil.which("busybox"))
        if not run("ldd", program).returncode:
            self.skipTest("busybox is not static here")
        self.assertEqual(self.tpc("bundle", "p.bpf.o", "--with-loader", program, "-o", "image.tar").stderr, "")

    def test_labels_that_lie(self):
        image = Image(self.bundle("p.bpf.o"))
        image.config["config"]["Labels"]["io.ebpf.programs"] = '{"p":"xdp"}'
        (self.work / "image.tar").write_bytes(image.bytes())
        self.assertIn("TPC664", self.tpc("inspect", "image.tar").stderr)
        image.config["architecture"] = image.entry["platform"]["architecture"] = "arm64"
        (self.work / "image.tar").write_bytes(image.bytes())
        self.assertIn("the object in it is not", self.tpc("inspect", "image.tar", status=1).stderr)

    @need("skopeo")
    def test_skopeo_shows_the_labels(self):
        self.bundle("p.bpf.o", "--tag", "v1")
        got = json.loads(run("skopeo", "inspect", "oci-archive:image.tar:v1", cwd=self.work, status=0).stdout)
        self.assertEqual((got["Architecture"], got["Os"]), ("amd64", "linux"))
        self.assertEqual(json.loads(got["Labels"]["io.ebpf.programs"])["p0_kprobe"], "kprobe")
        self.bundle("p.bpf.o", "arm.bpf.o")
        for arch in ("amd64", "arm64"):
            got = run("skopeo", "--override-arch", arch, "inspect", "oci-archive:image.tar", cwd=self.work, status=0)
            self.assertEqual(json.loads(got.stdout)["Architecture"], arch)

    @need("skopeo")
    def test_skopeo_keeps_signatures(self):
        self.bundle("p.bpf.o", "arm.bpf.o", "--sign", "team.key")
        copy = ["skopeo", "--insecure-policy", "copy", "--all"]
        run(*copy, "oci-archive:image.tar", "dir:registry", cwd=self.work, status=0)
        run(*copy, "dir:registry", "oci-archive:again.tar", cwd=self.work, status=0)
        self.assertTrue(self.verify("again.tar")[0], self.verify("again.tar")[1])
        self.tpc("inspect", "again.tar")

    @need("umoci")
    def test_umoci_unpacks_the_object(self):
        for args in ([], ["--sign", "team.key"]):
            self.bundle("p.bpf.o", *args)
            for folder in ("layout", "unpacked"):
                shutil.rmtree(self.work / folder, ignore_errors=True)
            (self.work / "layout").mkdir()
            run("tar", "xf", "image.tar", "-C", "layout", cwd=self.work, status=0)
            run("umoci", "unpack", "--rootless", "--image", "layout:latest", "unpacked", cwd=self.work, status=0)
            self.assertEqual((self.work / "unpacked/rootfs/p.bpf.o").read_bytes(), (self.work / "p.bpf.o").read_bytes())


class SignatureTest(BundleCase):
    def test_keys(self):
        self.assertEqual(stat.S_IMODE((self.made / "team.key").stat().st_mode), 0o600)
        before = (self.work / "team.key").read_bytes()
        self.assertIn("File exists", self.tpc("keygen", "-o", "team", status=3).stderr)
        self.assertEqual((self.work / "team.key").read_bytes(), before)
        (self.work / "team.key").unlink()
        self.tpc("keygen", "-o", "team", status=3)  # the public one is still there
        self.assertFalse((self.work / "team.key").exists())
        self.tpc("keygen", "-o", "other")
        self.assertNotEqual((self.work / "other.key").read_bytes(), before)

    def test_damaged_keys(self):
        text = (self.work / "team.key").read_text()
        head, line = text.splitlines()
        flip = "B" if line[120] != "B" else "C"
        for bad, says in [
            ("", "does not begin with"), (head, "base64"), (line, "does not begin"), (head + "\n" + line[:-4], "base64"),
            (head + "\n" + line[:120] + flip + line[121:], "checksum"), (head + "\n" + "A" * len(line), "base64"),
            (head + "\n" + line[:2] + "x" + line[3:], "Ed25519"), (head + "\n" + line + "=" * 5000, "larger than"),
        ]:
            with self.subTest(bad=bad[:80]):
                (self.work / "bad.key").write_text(bad)
                self.assertIn(says, self.tpc("sign", "p.bpf.o", "--key", "bad.key", status=1).stderr)
        self.assertFalse((self.work / "p.bpf.o.sig").exists())

    def test_signature_of_a_file(self):
        self.assertIn("signature 'p.bpf.o.sig' cannot be read", self.verify("p.bpf.o")[1])
        self.tpc("sign", "p.bpf.o", "--key", "team.key")
        self.assertTrue(self.verify("p.bpf.o")[0])
        self.tpc("keygen", "-o", "other")
        self.assertIn("not with", self.verify("p.bpf.o", "other.pub")[1])
        lines = (self.work / "p.bpf.o.sig").read_text().splitlines()
        data = (self.work / "p.bpf.o").read_bytes()
        (self.work / "p.bpf.o").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        self.assertIn("not of these bytes", self.verify("p.bpf.o")[1])
        (self.work / "p.bpf.o").write_bytes(data)
        for bad, says in [
            (lines[:2], "format"), (lines[:3], "format"), ([], "format"), (lines[1:], "format"),
            (lines[:2] + [lines[2] + "x", lines[3]], "trusted comment was changed"),
            ([lines[0], "RWQ" + lines[1][3:], *lines[2:]], "kind"),
            (lines[:3] + [lines[1]], "format"),
            (lines[:1] + [lines[1] + "A"] + lines[2:], "format"),
            (lines[:2] + ["trusted comment: " + "x" * 5000, lines[3]], "File too large"),
        ]:
            with self.subTest(bad=bad):
                (self.work / "p.bpf.o.sig").write_text("\n".join(bad))
                good, text = self.verify("p.bpf.o")
                self.assertFalse(good)
                self.assertIn(says, text)
        (self.work / "p.bpf.o.sig").write_text("\r\n".join(["untrusted comment: by us", *lines[1:]]))
        self.assertTrue(self.verify("p.bpf.o")[0])

    def test_only_objects_are_signed(self):
        got = self.tpc("sign", "p.bpf.o", "team.pub", "--key", "team.key", status=1)
        self.assertIn("not an ELF file", got.stderr)
        self.assertFalse((self.work / "p.bpf.o.sig").exists())

    def test_signature_of_an_image(self):
        self.bundle("p.bpf.o")
        self.assertIn("the image is not signed", self.verify("image.tar")[1])
        signed = self.bundle("p.bpf.o", "--sign", "team.key")
        self.assertTrue(self.verify("image.tar")[0])
        self.assertIn("not checked", self.tpc("inspect", "image.tar").stdout)
        self.tpc("keygen", "-o", "other")
        self.assertIn("not with", self.verify("image.tar", "other.pub")[1])
        image = Image(signed)
        data = image.bytes()  # the same in other words: another manifest
        (self.work / "again.tar").write_bytes(data)
        self.assertIn("not of these bytes", self.verify("again.tar")[1])
        self.tpc("bundle", "p.bpf.o", "-o", "dated.tar", env={"SOURCE_DATE_EPOCH": "5"})
        other = Image((self.work / "dated.tar").read_bytes())
        other.entry["annotations"] = {"dev.tpc.signature": image.entry["annotations"]["dev.tpc.signature"]}
        (self.work / "dated.tar").write_bytes(other.bytes())
        self.assertIn("not of these bytes", self.verify("dated.tar")[1])
        image.entry["annotations"]["dev.tpc.signature"] = "rubbish"
        (self.work / "again.tar").write_bytes(image.bytes())
        self.assertIn("format", self.verify("again.tar")[1])

    def test_another_object_in_a_signed_image(self):
        image = Image(self.bundle("p.bpf.o", "--sign", "team.key"))
        files = read((self.work / "image.tar").read_bytes())
        del files[BLOBS + digest(image.layer)[7:]]
        image.set_layer(tar([("p.bpf.o", (self.work / "arm.bpf.o").read_bytes())]))
        files[BLOBS + digest(image.layer)[7:]] = image.layer
        (self.work / "image.tar").write_bytes(tar(files.items()))
        got = run(LOADER, "run", "--no-attach", "--verify", "team.pub", "image.tar", cwd=self.work, status=1)
        self.assertIn("is not in the archive", got.stdout)

    def test_nothing_is_loaded_when_one_is_not_signed(self):
        self.tpc("sign", "p.bpf.o", "--key", "team.key")
        shutil.copy(self.work / "p.bpf.o", self.work / "q.bpf.o")
        got = run(LOADER, "run", "-v", "--verify", "team.pub", "p.bpf.o", "q.bpf.o", cwd=self.work, status=1)
        self.assertNotIn("p.bpf.o: ", got.stderr)  # which variant would be loaded
        self.assertIn("q.bpf.o: not loaded: its signature", got.stderr)

    @need("minisign")
    def test_minisign_agrees(self):
        self.tpc("sign", "p.bpf.o", "--key", "team.key")
        check = ["minisign", "-V", "-p", "team.pub", "-m", "p.bpf.o", "-x", "p.bpf.o.sig"]
        run(*check, cwd=self.work, status=0)
        run("minisign", "-G", "-W", "-p", "m.pub", "-s", "m.key", cwd=self.work, status=0)
        run("minisign", "-S", "-W", "-s", "m.key", "-m", "p.bpf.o", "-x", "p.bpf.o.sig", cwd=self.work, status=0)
        self.assertTrue(self.verify("p.bpf.o", "m.pub")[0])
        self.tpc("sign", "p.bpf.o", "--key", "m.key")
        self.assertTrue(self.verify("p.bpf.o", "m.pub")[0])
        run(*check, cwd=self.work, status=1)

    @need("minisign")
    def test_minisign_checks_images(self):
        image = Image(self.bundle("p.bpf.o", "--sign", "team.key"))
        files = read((self.work / "image.tar").read_bytes())
        (self.work / "manifest").write_bytes(files[BLOBS + image.entry["digest"][7:]])
        (self.work / "manifest.sig").write_text(image.entry["annotations"]["dev.tpc.signature"])
        run("minisign", "-V", "-p", "team.pub", "-m", "manifest", "-x", "manifest.sig", cwd=self.work, status=0)


if __name__ == "__main__":
    unittest.main()
