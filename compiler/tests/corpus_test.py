#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What 'tpc check' makes of published policies, where the collection is there (see corpus.py).

    corpus_test.py TPC SOURCE_ROOT

Tetragon's own: what it accepts is accepted; what it refuses as YAML, by its schema or by BTF is refused at the line
where the fault is, the rest with --compat tetragon. Third parties': nothing crashes, and a typical mistake gets a
message that names what was meant. Speaks TAP.
"""
import csv
import pathlib
import re
import subprocess
import sys

from corpus import corpus

# Accepted by Tetragon's tests, refused here, and why.
NOT_ACCEPTED = {
    "test__generic_test__TestResolveBTFArgWithBTFType__1.yaml": "a function without 'syscall: false'; never loaded there",
    "examples__policylibrary__egress.yaml": "a template: ${PODCIDR} is no address until it is filled in",
    "examples__quickstart__network_egress_cluster_enforce.yaml": "a template: ${PODCIDR} is no address until it is filled in",
    "test__kprobe_test__TestFentryObjectFilenameOpen__1.yaml": "the test fills in the function, which is empty here",
    "test__kprobe_test__TestFentryObjectReturnFilenameOpen__1.yaml": "the test fills in the function, which is empty here",
}
# Stages whose rules are those of the language: 'tpc check' alone refuses these.
LANGUAGE = ("yaml", "schema", "btf-validate")
# Name: (line, code) of an error. The fault is there, and nowhere else.
SECURITY = "docs__security-observability-with-ebpf__"
CHAPTER = SECURITY + "04_chapter__01_cilium_tracing_policy__"
REFUSED = {
    "docs__concepts__tracing-policy__hooks_md__7.yaml": (12, "TPC205"),
    "docs__concepts__tracing-policy__k8s-filtering_md__1.yaml": (6, "TPC205"),
    "docs__concepts__tracing-policy__selectors_md__3.yaml": (4, "TPC208"),
    "docs__concepts__tracing-policy__selectors_md__4.yaml": (4, "TPC208"),
    "docs__concepts__tracing-policy__selectors_md__5.yaml": (1, "TPC205"),
    SECURITY + "03_chapter__01_installation__elastic_keystore_fd_install.yaml": (27, "TPC206"),
    CHAPTER + "01_privileged_pod.yaml": (36, "TPC203"),
    CHAPTER + "03_etc_kubernetes_manifests_write.yaml": (36, "TPC206"),
    CHAPTER + "04_deny_c2_connection.yaml": (29, "TPC104"),
    CHAPTER + "05_deny_write_to_ops_bank_account.yaml": (36, "TPC206"),
    SECURITY + "04_chapter__examples__tracing_policy.yaml": (29, "TPC206"),
    "gostruct__manager_test__TestPolicyListCollections__1.yaml": (3, "TPC205"),
    "test__k8s_xvalidation_test__TestKprobeValidationReturnWithoutArg__1.yaml": (9, "TPC205"),
    "test__k8s_xvalidation_test__TestUprobeValidationOverrideArgNewSymbolAddrOffset__3.yaml": (15, "TPC209"),
    "test__k8s_xvalidation_test__TestUprobeValidationOverrideArgNewSymbolAddrOffset__4.yaml": (15, "TPC209"),
    "test__k8s_xvalidation_test__TestUprobeValidationReturnWithoutArg__1.yaml": (11, "TPC205"),
    "test__k8s_xvalidation_test__TestUprobeValidationSymbolsAddrsOffsets__1.yaml": (9, "TPC209"),
    "test__k8s_xvalidation_test__TestUprobeValidationSymbolsAddrsOffsets__4.yaml": (10, "TPC209"),
    "test__yaml_test__TestParseK8sObjJSONContent__1.yaml": (9, "TPC203"),
    "test__yaml_test__TestPolicyYAMLSetMode__3.yaml": (4, "TPC208"),
    "testdata__specs__nosuchcall.yaml": (7, "TPC301"),
    "testdata__specs__notasyscall.yaml": (7, "TPC301"),
    "testdata__specs__syswrongargindex.yaml": (10, "TPC302"),
    "testdata__specs__wrongargindex.yaml": (10, "TPC302"),
}
# Of wild/: a mistake, starts of the names of files that have it, and what must be said of it.
MISTAKES = [
    ("removed action", ["315-", "356-", "358-"], r"unknown action 'FollowFD'[^\n]*\n.*\n.*remove it\n.*fd or file finds its path"),
    ("removed action, UnfollowFD", ["304-"], r"unknown action 'UnfollowFD'(.*\n){2}.*remove it"),
    ("returnArgAction: Post", ["029-", "031-", "033-", "362-"], r"unknown returnArgAction 'Post'(.*\n){2}.*remove it"),
    ("actions in a selector", ["473-", "474-", "478-", "480-"], r"unknown field 'actions' in selector(.*\n){2}.*'matchActions:'"),
    ("action in a selector", ["463-"], r"unknown field 'action' in selector(.*\n){2}.*'matchActions:'"),
    ("namespace of a cluster-wide policy", ["029-", "473-"], r"does not belong to a namespace(.*\n){2}.*TracingPolicyNamespaced"),
    ("a namespace of Kubernetes", ["265-", "403-", "404-", "407-", "409-"],
     r"unknown namespace 'media'(.*\n){3}.*metadata\.namespace.*k8s:io\.kubernetes\.pod\.namespace"),
    ("In for Equal", ["406-", "409-", "473-", "479-"], r"unknown operator 'In'(.*\n){2}.*did you mean 'Equal'\?"),
    ("NotIn for NotEqual", ["475-"], r"unknown operator 'NotIn'(.*\n){2}.*did you mean 'NotEqual'\?"),
    ("type string_array", ["460-", "473-", "474-"], r"unknown argument type 'string_array'(.*\n){3}.*process events"),
    ("type unsigned_long", ["461-"], r"unknown argument type 'unsigned_long'(.*\n){2}.*did you mean 'ulong'\?"),
    ("type linux_cred", ["248-"], r"unknown argument type 'linux_cred'(.*\n){2}.*did you mean 'cred'\?"),
    ("a struct as a type", ["461-", "475-", "476-"], r"unknown argument type '(aead_request|msghdr|nsproxy)'(.*\n){3}.*'resolve' reads"),
    ("apiVersion of another product", ["315-"], r"unknown apiVersion 'isovalent.*(.*\n){2}.*write 'cilium.io/v1alpha1'"),
    ("apiVersion of the future", ["458-", "459-", "460-"], r"unknown apiVersion 'cilium.io/v2alpha1'(.*\n){2}.*'cilium.io/v1alpha1'"),
    ("a filter's field in the selector", ["405-"], r"'isNamespaceCapability' in selector(.*\n){2}.*an item of 'matchCapabilities'"),
    ("parser", ["357-"], r"unknown field 'parser' in spec(.*\n){2}.*remove it"),
    ("selectors and action in spec", ["428-"], r"'selectors' in spec(.*\n){2}.*put them into a hook(.*\n)+.*write 'matchActions'"),
    ("argFmt", ["431-"], r"unknown field 'argFmt' in action(.*\n){2}.*'message' of the hook"),
    ("a rate for a time", ["471-"], r"'1/second' is not a rate limit(.*\n){2}.*30, 30s, 5m or 1h"),
    ("wrong indentation", ["465-"], r"8:7: error: expected a key here(.*\n){2}.*indent it"),
    ("a filter twice", ["477-"], r"39:7: error: the key 'matchArgs' is here twice(.*\n){3}.*15:7: note"),
    ("name of one architecture", ["134-", "138-", "359-"], r"exists on one architecture only(.*\n){2}.*write 'sys_"),
    ("no namespace", ["157-"], r"TracingPolicyNamespaced without 'namespace'(.*\n){2}.*add 'namespace:'"),
    ("return without returnArg", ["158-"], r"'return: true' without 'returnArg'(.*\n){2}.*add 'returnArg:"),
    ("syscall: false forgotten", ["413-", "414-"], r"is not a system call(.*\n){2}.*add 'syscall: false'"),
    ("an argument that is not declared", ["413-"], r"no argument has index 1"),
    ("a tracepoint's index from 0", ["431-", "460-", "471-"], r"begin with index 5(.*\n){2}.*index: 5"),
    ("sizeArgIndex from 0", ["133-"], r"'sizeArgIndex: 2' is this argument itself(.*\n){2}.*sizeArgIndex: 3"),
    ("a name for a path", ["352-", "374-"], r"does not begin with '/'(.*\n){2}.*operator Postfix"),
    ("no values", ["473-", "474-", "477-"], r"has no values to compare with(.*\n){2}.*remove the filter"),
    ("a pattern for a name", ["158-"], r"'do_syscall_\*' is not a system call(.*\n){2}.*there are no patterns"),
    ("a function of the kernel for a system call", ["459-"], r"'__sys_connect'.*(.*\n){2}.*'sys_connect'"),
    ("InMap of text", ["460-"], r"'InMap' does not apply to type 'string'(.*\n){2}.*Equal and NotEqual"),
]  # fmt: skip


def check(tpc, path, *options):
    argv = [tpc, "check", *options, path.name]
    got = subprocess.run(argv, cwd=path.parent, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    return got.returncode, got.stderr.decode(errors="replace")


def broken(status, text):
    """What no policy may lead to."""
    if status not in (0, 1):
        return [f"exit status {status}", *text.splitlines()[-5:]]
    return [line for line in text.splitlines() if "[TPC503" in line]


def accepted(tpc, folder, row):
    status, text = check(tpc, folder / row["file"])
    wrong = broken(status, text)
    if row["file"] in NOT_ACCEPTED:
        return wrong + ([] if status else ["accepted by now: no exception any more"])
    return wrong + ([line for line in text.splitlines() if " error: " in line] if status else [])


def refused(tpc, folder, row):
    status, text = check(tpc, folder / row["file"])
    wrong = broken(status, text)
    if row["stage"] not in LANGUAGE:
        if status == 0:
            status, text = check(tpc, folder / row["file"], "--compat", "tetragon")
        return wrong + broken(status, text) + ([] if status == 1 else [f"accepted, stage {row['stage']}"])
    line, code = REFUSED[row["file"]]
    if not re.search(rf":{line}:\d+: error: .*\[{code} ", text):
        wrong += [f"no {code} at line {line}", *text.splitlines()]
    return wrong


def upstream(tpc, root):
    with open(root / "manifest.tsv", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f, delimiter="\t"))
    accept = [row for row in rows if row["expect"] == "accept"]
    reject = [row for row in rows if row["expect"] == "reject"]
    names = {row["file"] for row in accept}
    yield "exceptions exist", [f"{n} is not accepted by Tetragon" for n in NOT_ACCEPTED if n not in names]
    language = {row["file"] for row in reject if row["stage"] in LANGUAGE}
    yield "each refusal has a line", sorted(language ^ set(REFUSED))
    for title, part, judge in (("accepted", accept, accepted), ("refused", reject, refused)):
        wrong = []
        for row in part:
            wrong += [f"{row['file']}: {line}" for line in judge(tpc, root / "policies", row)]
        yield f"{title}: {len(part)} of Tetragon's policies", wrong


def wild(tpc, root):
    files = sorted((root / "wild/policies").glob("*.yaml"))
    said = {path.name: check(tpc, path) for path in files}
    crashes = [f"{n}: {line}" for n, (status, text) in said.items() for line in broken(status, text)]
    yield f"no crash over {len(files)} policies of others", crashes if files else ["no file"]
    for mistake, starts, pattern in MISTAKES:
        wrong = []
        for start in starts:
            texts = [text for name, (_, text) in said.items() if name.startswith(start)]
            if not texts:
                wrong.append(f"there is no {start}*")
            elif not any(re.search(pattern, text) for text in texts):
                wrong += [f"{start}*: not {pattern}", *"".join(texts).splitlines()[:20]]
        yield f"mistake: {mistake}", wrong


def main():
    tpc, root = pathlib.Path(sys.argv[1]).resolve(), corpus(sys.argv[2])
    if root is None:
        print("1..0 # SKIP there is no collection of policies (TPC_CORPUS)")
        return 0
    failed, n = False, 0
    for part in (upstream, wild):
        for title, wrong in part(tpc, root):
            n += 1
            failed = failed or bool(wrong)
            print(f"{'not ok' if wrong else 'ok'} {n} {title}")
            print("".join(f"# {line}\n" for line in wrong), end="", flush=True)
    print(f"1..{n}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
