// SPDX-License-Identifier: Apache-2.0
/* A small object for the tests of the toolchain, made without the front end and the back end. */
#ifndef TPC_TESTS_SAMPLE_OBJECT_H
#define TPC_TESTS_SAMPLE_OBJECT_H

#define SAMPLE_ABI "\"abi\":{\"major\":1,\"minor\":0}"
#define SAMPLE_HEAD                                                                                          \
	"\"compiler\":{\"name\":\"tpc\",\"version\":\"0.1.0\",\"templates\":\"sha256:0\",\"opt\":2},"        \
	"\"arch\":\"x86_64\","
#define SAMPLE_POLICIES                                                                                      \
	"\"policies\":[{\"name\":\"sample\",\"kind\":\"TracingPolicy\",\"mode\":\"enforce\","                \
	"\"file\":\"policy.yaml\",\"line\":4,\"digest\":\"sha256:1\"}],"
#define SAMPLE_HOOKS                                                                                         \
	"\"hooks\":[{\"policy\":0,\"kind\":\"kprobe\",\"function\":\"fd_install\",\"syscall\":false,"        \
	"\"line\":7,\"message\":\"m\",\"tags\":[\"t\"],\"args\":[{\"index\":0,\"type\":\"int\","             \
	"\"label\":\"fd\",\"abi\":\"s64\"}],\"selectors\":[{\"line\":12,\"actions\":[{\"action\":\"Post\"}," \
	"{\"action\":\"Signal\",\"signal\":10},{\"action\":\"Override\",\"error\":-1}]},"                    \
	"{\"line\":20,\"dropped\":true}]}],"
#define SAMPLE_PROGRAMS                                                                                      \
	"\"programs\":[{\"hooks\":[0],\"kind\":\"kprobe\",\"function\":\"fd_install\",\"syscall\":false,"    \
	"\"line\":7,\"variants\":[{\"program\":\"p0_fentry\",\"attach\":\"fentry\","                         \
	"\"target\":\"fd_install\",\"params\":[{\"index\":0,\"scalar\":true},"                               \
	"{\"index\":1,\"struct\":\"file\"}],\"overrides\":false}]}],"
#define SAMPLE_REST                                                                                          \
	"\"trackers\":[{\"program\":\"tpc_on_exec\",\"attach\":\"tp_btf\","                                  \
	"\"target\":\"sched_process_exec\"}],\"fields\":[{\"slot\":-1,\"subsystem\":\"s\",\"event\":\"e\","  \
	"\"index\":1,\"type\":\"int\",\"hook\":0,\"expect\":{\"off\":8,\"size\":8}}],"                       \
	"\"exec_tests\":[{\"operator\":\"Equal\",\"values\":[\"/bin/cat\"]}],\"needs\":[\"ringbuf\"]"

#define SAMPLE_MANIFEST                                                                                      \
	"{" SAMPLE_ABI "," SAMPLE_HEAD SAMPLE_POLICIES SAMPLE_HOOKS SAMPLE_PROGRAMS SAMPLE_REST "}"

/* The C of the object; the manifest stands where MANIFEST is, as a macro that the caller defines before it. */
#define SAMPLE_C_HEAD                                                                                                    \
	"#include <sample/maps.h>\n"                                                                                     \
	"#define SEC(n) __attribute__((section(n), used))\n"                                                             \
	"char sample_license[] SEC(\"license\") = \"GPL\";\n"                                                            \
	"const char manifest[] SEC(\".tpc.manifest\") = MANIFEST;\n"                                                     \
	"struct { int (*type)[6]; int (*max_entries)[3]; unsigned *key; struct value *value; } counts SEC(\".maps\");\n" \
	"static __attribute__((noinline)) int shared(long x) { asm volatile(\"\"); return x > 3; }\n"
#define SAMPLE_C_PROGRAMS                                                                                    \
	"#line 2 \"policy.yaml\"\n"                                                                          \
	"SEC(\"fentry/fd_install\")\n"                                                                       \
	"int p0_fentry(unsigned long long *ctx) { return shared((long)ctx[0]); }\n"                          \
	"SEC(\"tp_btf/sched_process_exec\")\n"                                                               \
	"int tpc_on_exec(unsigned long long *ctx __attribute__((unused))) { return 0; }\n"
#define SAMPLE_HEADER "struct value { long long a; int b; };\n"

#endif
