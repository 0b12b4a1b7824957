# SPDX-License-Identifier: Apache-2.0
"""What the back end has no code for it refuses by name, and never leaves out. TPC names the program.

Each row is a policy's spec and what must be told: an error of `tpc compile`, a warning of `tpc check`. A row without is
compiled without a word about it. When the back end learns one, its row moves to SUPPORTED.
"""
import os
import pathlib
import subprocess
import tempfile
import unittest

TPC = os.environ["TPC"]
KIND = "apiVersion: cilium.io/v1alpha1\nkind: {kind}\nmetadata: {{name: sample{ns}}}\nspec:\n"


def kprobe(args="", selector="", more="", call="some_function", syscall="false", data=""):
    """A spec with one kprobe, in flow style; @selector is the inside of one."""
    hook = f"call: {call}, syscall: {syscall}"
    hook += f", args: [{args}]" if args else ""
    hook += f", data: [{data}]" if data else ""
    hook += f", selectors: [{{{selector}}}]" if selector else ""
    return f"  kprobes: [{{{hook}{more}}}]\n"


def arg(type_, more=""):
    return f"{{index: 0, type: {type_}{more}}}"


def match(operator, *values):
    return f"matchArgs: [{{index: 0, operator: {operator}, values: [{', '.join(values)}]}}]"


def action(text):
    return f"matchActions: [{{action: {text}}}]"


def typed(type_):
    return (kprobe(arg(type_)), f"an argument of type '{type_}'")


def asked(type_, operator, value, what):
    return (kprobe(arg(type_), match(operator, value)), what)


SCOPE = "a pod, container or host selector"
SIMPLE = kprobe()
UPROBE = "  uprobes: [{path: /bin/sh, symbols: [main]}]\n"
LIST = "  lists: [{name: all, type: generated_%s}]\n"

REFUSED = {
    **{"type_" + t: typed(t) for t in [
        "char_iovec", "const_buf", "data_loc", "filename", "iov_iter", "net_device", "bpf_attr", "bpf_cmd", "bpf_map", "bpf_prog",
        "module", "load_info",
    ]},
    "expression": asked("int64", "CelExpr", "'arg0 + 1 == 2'", "operator 'CelExpr'"),
    "follow_forks": (kprobe(selector="matchPIDs: [{operator: In, followForks: true, values: [1]}]"), "'followForks'"),
    "follow_children": (kprobe(selector="matchBinaries: [{operator: In, followChildren: true, values: [/bin/sh]}]"),
                        "'followChildren'"),
    "parent_binaries": (kprobe(selector="matchParentBinaries: [{operator: NotIn, values: [/bin/sh]}]"),
                        "'matchParentBinaries'"),
    "workloads": (kprobe(selector="matchWorkloads: {podSelector: {matchLabels: {app: a}}}"), "'matchWorkloads'"),
    "selector_label": (kprobe(selector="label: here"), "the label of a selector"),
    "pod_selector": ("  podSelector: {matchLabels: {app: a}}\n" + SIMPLE, SCOPE),
    "container_selector": ("  containerSelector: {}\n" + SIMPLE, SCOPE),
    "host_selector": ("  hostSelector: {}\n" + SIMPLE, SCOPE),
    "node_selector": ("  nodeSelector: {matchLabels: {a: b}}\n" + SIMPLE, "'nodeSelector'"),
    "override_method": ("  options: [{name: override-method, value: fmod-ret}]\n" + SIMPLE, "option 'override-method'"),
    "data": (kprobe(data="{index: 0, source: pt_regs, resolve: rdi, type: uint64}"), "'data' from registers"),
    "returns": (kprobe(more=", return: true, returnArg: {index: 0, type: int}"), "a return value"),
    "return_filter": (kprobe(selector="matchReturnArgs: [{index: 0, operator: LT, values: ['0']}]",
                             more=", return: true, returnArg: {index: 0, type: int}"), "'matchReturnArgs'"),
    "return_actions": (kprobe(selector="matchReturnActions: [{action: NoPost}]",
                              more=", return: true, returnArg: {index: 0, type: int}"), "'matchReturnActions'"),
    "return_track": (kprobe(more=", return: true, returnArg: {index: 0, type: sock}, returnArgAction: UntrackSock"),
                     "'returnArgAction'"),
    "return_copy": (kprobe(arg("char_buf", ", returnCopy: true")), "'returnCopy'"),
    "max_data": (kprobe(arg("char_buf", ", maxData: true, sizeArgIndex: 2")), "'maxData'"),
    "may_miss": (kprobe(more=", ignore: {callNotFound: true}"), "a hook that may be missing"),
    "get_url": (kprobe(selector=action("GetUrl, argUrl: 'http://localhost'")), "action 'GetUrl'"),
    "dns_lookup": (kprobe(selector=action("DnsLookup, argFqdn: a.example")), "action 'DnsLookup'"),
    "track_sock": (kprobe(arg("sock"), action("UntrackSock, argSock: 0")), "action 'UntrackSock'"),
    "cleanup_enforcer": (kprobe(selector=action("CleanupEnforcerNotification")),
                         "action 'CleanupEnforcerNotification'"),
    "notify_enforcer": ("  enforcers: [{calls: [sys_dup]}]\n" +
                        kprobe(selector=action("NotifyEnforcer, argError: -1")), "action 'NotifyEnforcer'"),
    "enforcers": ("  enforcers: [{calls: [sys_dup]}]\n" + SIMPLE, "'enforcers'"),
    "enforcers_alone": ("  enforcers: [{calls: [sys_dup]}]\n", "'enforcers'"),
    "rate_limit": (kprobe(selector=action("Post, rateLimit: 5s")), "'rateLimit'"),
    "kernel_stack": (kprobe(selector=action("Post, kernelStackTrace: true")), "a stack trace"),
    "user_stack": (kprobe(selector=action("Post, userStackTrace: true")), "a stack trace"),
    "ima_hash": ("  lsmhooks: [{hook: file_open, selectors: [{%s}]}]\n" % action("Post, imaHash: true"), "'imaHash'"),
    "i386": (kprobe(call="i386/sys_dup", syscall="true"), "a system call of another ABI"),
    "every_syscall": (LIST % "syscalls" + kprobe(call="'list:all'"), "a generated list of calls"),
    "every_match": ("  lists: [{name: all, type: generated_ftrace, pattern: ^ksys_}]\n" + kprobe(call="'list:all'"),
                    "a generated list of calls"),
    "fentry": ("  fentries: [{call: some_function, syscall: false}]\n", "a hook in 'fentries'"),
    "raw_tracepoint": ("  tracepoints: [{subsystem: sched, event: sched_switch, raw: true}]\n", "a raw tracepoint"),
    "auto_field": ("  tracepoints: [{subsystem: sched, event: sched_switch, args: [{index: 5, type: auto}]}]\n",
                   "an argument of type 'auto'"),
    "file_field": ("  tracepoints: [{subsystem: a, event: b, args: [{index: 5, type: file}]}]\n",
                   "an argument of type 'file' in a tracepoint"),
    "caps_field": ("  tracepoints: [{subsystem: a, event: b, args: [{index: 5, type: cap_effective}]}]\n",
                   "an argument of type 'cap_effective' in a tracepoint"),
    "cred_field": ("  tracepoints: [{subsystem: a, event: b, args: [{index: 5, type: cred}]}]\n",
                   "an argument of type 'cred' in a tracepoint"),
    "uprobe": (UPROBE, "a uprobe"),
    "usdt": ("  usdts: [{path: /bin/sh, provider: a, name: b}]\n", "a USDT probe"),
    "loader": ("  loader: true\n", "'loader'"),
    # The number of a 32-bit task's call has a bit of its own, which is not set yet.
    "syscall64": (kprobe(arg("syscall64")), "an argument of type 'syscall64'"),
    "no_hooks": ("  options: [{name: policy-mode, value: monitor}]\n", "a policy without hooks"),
    # One of two selectors, and one of two hooks, is enough.
    "second_selector": (kprobe(arg("file")).replace("}]\n", ", selectors: [{%s}, {%s}]}]\n" % (
        match("Equal", "/etc/passwd"), match("Equal", "/etc/shadow") + ", label: here")), "the label of a selector"),
    "second_hook": (kprobe().replace("}]\n", "}, {call: other, syscall: false, args: [%s]}]\n" % arg("iov_iter")),
                    "an argument of type 'iov_iter'"),
}

SUPPORTED = {
    **{"type_" + t: kprobe(arg(t)) for t in [
        "nop", "int", "sint8", "int8", "uint8", "sint16", "int16", "uint16", "uint32", "sint32", "int32", "ulong",
        "uint64", "size_t", "long", "sint64", "int64", "string", "fd", "file", "path", "dentry", "kiocb",
        "linux_binprm", "cred", "user_namespace", "perf_event", "capability", "kernel_cap_t", "cap_inheritable",
        "cap_permitted", "cap_effective", "skb", "sock", "socket", "sockaddr", "sockaddr_un",
    ]},
    "saddr": kprobe(arg("sock"), match("SAddr", "10.0.0.0/8")),
    "not_daddr": kprobe(arg("skb"), match("NotDAddr", "'::1'")),
    "sport": kprobe(arg("socket"), match("SPort", "'80'")),
    "dport_priv": kprobe(arg("sock"), "matchArgs: [{index: 0, operator: DPortPriv}]"),
    "family": kprobe(arg("sockaddr_un"), match("Family", "AF_UNIX")),
    "address_port": kprobe(arg("sockaddr"), match("NotSPort", "'80:90'")),
    "unix_path": kprobe(arg("sockaddr_un"), match("NotPrefix", "/run/")),
    "protocol": kprobe(arg("skb"), match("Protocol", "IPPROTO_TCP")),
    "state": kprobe(arg("sock"), match("State", "TCP_LISTEN")),
    "sock_field": "  tracepoints: [{subsystem: a, event: b, args: [{index: 5, type: sock}]}]\n",
    "char_buf": kprobe(arg("char_buf", ", sizeArgIndex: 2")),
    "numbers": kprobe(arg("int"), match("InMap", "'1'", "'5:9'")),
    "texts": kprobe(arg("file"), match("NotPostfix", ".so")),
    "pids": kprobe(selector="matchPIDs: [{operator: NotIn, values: [1, 2]}]"),
    "binaries": kprobe(selector="matchBinaries: [{operator: NotPrefix, values: [/usr/]}]"),
    "file_type": kprobe(arg("path"), match("NotFileType", "dir")),
    "substring": kprobe(arg("string"), match("SubString", "abc")),
    "substring_case": kprobe(arg("file"), match("SubStringIgnCase", "abc")),
    "gained": kprobe("{index: 1, type: cap_effective}, {index: 2, type: cap_effective}",
                     "matchArgs: [{args: [0, 1], operator: CapabilitiesGained}]"),
    "namespace_pid": kprobe(selector="matchPIDs: [{operator: In, isNamespacePID: true, values: [1]}]"),
    "namespaces": kprobe(selector="matchNamespaces: [{namespace: Pid, operator: In, values: [host_ns, '1']}]"),
    "namespace_changes": kprobe(selector="matchNamespaceChanges: [{operator: In, values: [Mnt]}]"),
    "capabilities": kprobe(selector="matchCapabilities: [{operator: In, values: [CAP_SYS_ADMIN], "
                           "isNamespaceCapability: true}]"),
    "capability_changes": kprobe(selector="matchCapabilityChanges: [{operator: NotIn, values: [CAP_SYS_ADMIN]}]"),
    "expression_of_ranges": kprobe(arg("int64"), match("CelExpr", "'arg0 > 1 && !(arg0 == 5)'")),
    "sigkill": kprobe(selector=action("Sigkill")),
    "signal": kprobe(selector=action("Signal, argSig: 10")),
    "override": kprobe(call="sys_dup", syscall="true", selector=action("Override, argError: -1")),
    "no_post": kprobe(selector=action("NoPost")),
    "monitor": "  options: [{name: policy-mode, value: monitor}]\n" + SIMPLE,
    "labels": kprobe(arg("int", ", label: number"), more=", message: hello, tags: [tag]"),
    "list": "  lists: [{name: some, type: syscalls, values: [sys_dup, sys_dup2]}]\n" + kprobe(call="'list:some'"),
    "tracepoint": "  tracepoints: [{subsystem: a, event: b, args: [{index: 5, type: int64}]}]\n",
    "lsm": "  lsmhooks: [{hook: file_open, args: [%s]}]\n" % arg("file"),
    "macro": "  selectorsMacros: {quiet: {%s}}\n" % action("NoPost") + kprobe(selector="macros: [quiet]"),
}


class SupportedTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tpc-supported-")
        self.policy = pathlib.Path(self.folder.name) / "policy.yaml"

    def tearDown(self):
        self.folder.cleanup()

    def told(self, severity, *args):
        """Exit status and what of the policy cannot be compiled yet, told with @severity."""
        got = subprocess.run([TPC, *args, "--btf", "none", self.policy], capture_output=True, timeout=60, check=False)
        text = got.stderr.decode()
        other = [line for line in text.splitlines() if ": error: " in line and "[TPC401" not in line]
        self.assertEqual(other, [], "an error of another kind")
        told = [line for line in text.splitlines() if "[TPC401" in line]
        for line in told:
            self.assertIn(f": {severity}: ", line)
            self.assertIn(" cannot be compiled yet [", line)
        return got, [line.split(f": {severity}: ")[1].split(" cannot be")[0] for line in told]

    def check(self, spec, kind, want):
        ns = ", namespace: shop" if kind == "TracingPolicyNamespaced" else ""
        self.policy.write_text(KIND.format(kind=kind, ns=ns) + spec)
        got, told = self.told("error", "compile", "--emit", "c", "-o", "-")
        self.assertEqual(got.returncode != 0, bool(want), got.stderr.decode())
        self.assertEqual(bool(got.stdout), not want, "C of what cannot be compiled")
        checked, warned = self.told("warning", "check")
        self.assertEqual(told, warned)
        self.assertEqual(checked.returncode, 0, checked.stderr.decode())
        self.assertEqual(len(told), len(set(told)), "told twice")
        if want:
            self.assertIn(want, told)
        else:
            self.assertEqual(told, [])

    def test_no_hooks_beside_others(self):
        head = KIND.format(kind="TracingPolicy", ns="")
        self.check("  options: [{name: policy-mode, value: monitor}]\n---\n" +
                   head.replace("sample", "other") + SIMPLE, "TracingPolicy", None)

    def test_namespaced(self):
        self.check(SIMPLE, "TracingPolicyNamespaced", "a TracingPolicyNamespaced")


def add(name, spec, want):
    setattr(SupportedTest, "test_" + name, lambda self: self.check(spec, "TracingPolicy", want))


for _name, (_spec, _want) in REFUSED.items():
    add("refused_" + _name, _spec, _want)
for _name, _spec in SUPPORTED.items():
    add("supported_" + _name, _spec, None)

if __name__ == "__main__":
    unittest.main()
