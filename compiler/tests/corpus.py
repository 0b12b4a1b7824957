# SPDX-License-Identifier: Apache-2.0
"""Where the collection of published policies is: TPC_CORPUS, its folder or its policies/, else ../shared/corpus."""
import os
import pathlib


def corpus(source_root):
    """The folder with manifest.tsv, policies/ and wild/; None when there is none."""
    given = pathlib.Path(os.environ.get("TPC_CORPUS") or pathlib.Path(source_root).resolve().parent / "shared/corpus")
    for folder in (given, given.parent):
        if (folder / "manifest.tsv").is_file():
            return folder
    return None
