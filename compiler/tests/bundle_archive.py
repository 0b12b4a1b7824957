# SPDX-License-Identifier: Apache-2.0
"""Image archives taken apart and put together again, with and without their digests set right."""
import gzip
import hashlib
import io
import json
import tarfile

BLOBS = "blobs/sha256/"


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def tar(entries):
    """The bytes of a tar file of (name or TarInfo, content)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as t:
        for name, data in entries:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            if info.isreg() and info.size == 0:
                info.size = len(data)
            t.addfile(info, io.BytesIO(data) if info.isreg() else None)
    return out.getvalue()


def special(name, kind, **more):
    info = tarfile.TarInfo(name)
    info.type = kind
    for key, value in more.items():
        setattr(info, key, value)
    return info


def read(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as t:
        return {m.name: t.extractfile(m).read() for m in t.getmembers() if m.isreg()}


class Image:
    """An archive of one image, by its parts; bytes() makes every digest and size fit them."""

    def __init__(self, data):
        files = read(data)
        self.layout = files["oci-layout"]
        self.index = json.loads(files["index.json"])
        entry = self.index["manifests"][0]
        if entry["mediaType"].endswith("index.v1+json"):
            entry = json.loads(files[BLOBS + entry["digest"][7:]])["manifests"][0]
            self.index["manifests"] = [entry]
        self.entry = entry
        self.manifest = json.loads(files[BLOBS + entry["digest"][7:]])
        self.config = json.loads(files[BLOBS + self.manifest["config"]["digest"][7:]])
        self.layer = files[BLOBS + self.manifest["layers"][0]["digest"][7:]]
        self.extra = []

    @property
    def object(self):
        """Name and content of the first layer's file."""
        return next(iter(read(gzip.decompress(self.layer)).items()))

    def set_layer(self, unpacked, packed=None):
        self.layer = packed if packed is not None else gzip.compress(unpacked, mtime=0)
        self.config["rootfs"]["diff_ids"][0] = digest(unpacked)

    def seal(self, descriptor, data):
        descriptor.update(digest=digest(data), size=len(data))
        return (BLOBS + descriptor["digest"][7:], data)

    def parts(self):
        """(name, content) of everything, its digests right."""
        blobs = [self.seal(self.manifest["layers"][0], self.layer)]
        blobs.append(self.seal(self.manifest["config"], json.dumps(self.config).encode()))
        blobs.append(self.seal(self.entry, json.dumps(self.manifest).encode()))
        top = [("oci-layout", self.layout), ("index.json", json.dumps(self.index).encode())]
        return top + blobs + self.extra

    def bytes(self):
        return tar(self.parts())
