// SPDX-License-Identifier: Apache-2.0
/* Reading objects: a good one, then the same one broken in every way that can be thought of. */
#include <bpf/libbpf.h>
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "tests/sample_object.h"
#include "toolchain/clang.h"
#include "toolchain/object.h"
#include "toolchain/seal.h"

#define CEILING ((size_t)256 << 20)

static const struct clang_header headers[] = {
	{ "sample/maps.h", SAMPLE_HEADER, sizeof(SAMPLE_HEADER) - 1 },
	{ NULL, NULL, 0 },
};

static struct tpc_ctx ctx;

static void setup(void)
{
	ck_assert_int_eq(tpc_ctx_init(&ctx, CEILING), 0);
}

static void teardown(void)
{
	tpc_ctx_done(&ctx);
}

/* @s as a C string literal. */
static const char *quote(const char *s)
{
	struct tpc_buf b = TPC_BUF(ctx.arena);

	tpc_buf_putc(&b, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			tpc_buf_putc(&b, '\\');
		tpc_buf_putc(&b, *s);
	}
	tpc_buf_putc(&b, '"');
	return tpc_buf_text(&b);
}

static struct clang_object sample(const char *manifest)
{
	struct clang_opts o = { .arch = "x86_64", .headers = headers };
	const char *c = tpc_sprintf(ctx.arena, "#define MANIFEST %s\n%s", quote(manifest),
				    SAMPLE_C_HEAD SAMPLE_C_PROGRAMS);
	struct clang_object obj;

	ck_assert_int_eq(clang_compile(&ctx, c, strlen(c), &o, &obj), 0);
	ck_assert_uint_eq(ctx.diags.nerrors, 0);
	return obj;
}

static bool said(const char *part)
{
	for (uint32_t i = 0; i < ctx.diags.list.len; i++)
		if (strstr(ctx.diags.list.items[i]->msg, part))
			return true;
	return false;
}

START_TEST(reads_programs_maps_and_manifest)
{
	struct clang_object obj = sample(SAMPLE_MANIFEST);
	struct object o;

	ck_assert_int_eq(object_read(&ctx, "s.bpf.o", obj.data, obj.len, &o), 0);
	ck_assert_uint_eq(o.programs.len, 2);
	ck_assert_str_eq(o.programs.items[0].name, "p0_fentry");
	ck_assert_str_eq(o.programs.items[0].section, "fentry/fd_install");
	ck_assert_uint_eq(o.programs.items[0].insns, 3); /* load, call, exit */
	ck_assert_str_eq(o.programs.items[1].name, "tpc_on_exec");
	ck_assert_uint_gt(o.text_insns, 0);
	ck_assert_uint_eq(o.maps.len, 1);
	ck_assert_str_eq(o.maps.items[0].name, "counts");
	ck_assert_str_eq(o.maps.items[0].type, "percpu_array");
	ck_assert_uint_eq(o.maps.items[0].key_size, 4);
	ck_assert_uint_eq(o.maps.items[0].value_size, 16);
	ck_assert_uint_eq(o.maps.items[0].max_entries, 3);
	ck_assert_str_eq(o.license, "GPL");
	ck_assert_int_eq(strncmp(o.digest, "sha256:", 7), 0);
	ck_assert(json_is_object(o.manifest));
	object_done(&o);
	ck_assert_ptr_null(o.manifest);
}
END_TEST

/* Every manifest fault has one message that says where. {part to replace, replacement, message} */
static const char *const faults[][3] = {
	{ "\"major\":1", "\"major\":2", "made for ABI 2.0" },
	{ "\"opt\":2", "\"opt\":\"2\"", "compiler.opt: must be an integer" },
	{ "\"arch\":\"x86_64\",", "", "arch: is missing" },
	{ "\"arch\":", "\"colour\":1,\"arch\":", "unknown key 'colour'" },
	{ "\"arch\":", "\"arch\":\"a\",\"arch\":", "duplicate object key" },
	{ "\"arch\":\"x86_64\"", "\"arch\":\"x\\u0000y\"", "\\u0000" },
	{ "\"mode\":\"enforce\"", "\"mode\":\"maybe\"",
	  "policies[0].mode: 'maybe' is none of enforce, monitor" },
	{ "\"policy\":0", "\"policy\":1", "hooks[0]: there is no policy 1" },
	{ "\"policy\":0", "\"policy\":-1", "hooks[0].policy: -1 is not in" },
	{ "\"function\":\"fd_install\"", "\"hook\":\"fd_install\"", "hooks[0]: a kprobe needs 'function'" },
	{ "\"tags\":[\"t\"]", "\"tags\":[1]", "hooks[0].tags[0]: must be a string" },
	{ "\"abi\":\"s64\"", "\"abi\":\"s65\"", "hooks[0].args[0].abi: 's65' is none of" },
	{ "{\"action\":\"Post\"}", "7", "hooks[0].selectors[0].actions[0]: must be an object" },
	{ ",\"signal\":10", "", "actions[1]: 'signal' goes with Signal" },
	{ "\"signal\":10", "\"signal\":65", "actions[1].signal: 65 is not in 1 to 64" },
	{ ",\"error\":-1", "", "actions[2]: 'error' goes with Override" },
	{ "\"dropped\":true", "\"dropped\":false", "hooks[0].selectors[1]: has either actions" },
	{ "\"hooks\":[0]", "\"hooks\":[1]", "programs[0].hooks[0]: there is no such hook" },
	{ "\"hooks\":[0]", "\"hooks\":[0,0]", "programs[0].hooks[1]: hook 0 is in two programs" },
	{ "\"program\":\"p0_fentry\"", "\"program\":\"p0\"", "variants[0]: the object has no program 'p0'" },
	{ "\"program\":\"tpc_on_exec\"", "\"program\":\"p0_fentry\"",
	  "trackers[0]: program 'p0_fentry' was named before" },
	{ "\"scalar\":true", "\"scalar\":false", "params[0]: has either a struct" },
	{ "\"attach\":\"fentry\"", "\"attach\":\"fexit\"", "variants[0].attach: 'fexit' is none of" },
	{ "\"slot\":-1", "\"slot\":0", "fields[0]: a field has either a slot" },
	{ "\"hook\":0", "\"hook\":5", "fields[0]: there is no hook 5" },
	{ "\"values\":[\"/bin/cat\"]", "\"values\":[]", "exec_tests[0].values: has 0 items" },
	{ "\"needs\":[\"ringbuf\"]", "\"needs\":[[]]", "needs[0]: must be a string" },
	{ "\"needs\":[\"ringbuf\"]", "\"needs\":[", "manifest: line 1, column" },
	{ "{\"program\":\"tpc_on_exec\",\"attach\":\"tp_btf\",\"target\":\"sched_process_exec\"}", "",
	  "says nothing of the object's program 'tpc_on_exec'" },
};

static const char *replaced(const char *s, const char *what, const char *with)
{
	const char *at = strstr(s, what);

	ck_assert_ptr_nonnull(at);
	return tpc_sprintf(ctx.arena, "%.*s%s%s", (int)(at - s), s, with, at + strlen(what));
}

/* Puts @manifest into @obj in place of its own, which is at least as long: JSON takes blanks at its end. */
static void patch_manifest(struct clang_object *obj, const char *manifest)
{
	size_t room = strlen(SAMPLE_MANIFEST), len = strlen(manifest);
	char *at = memmem(obj->data, obj->len, SAMPLE_MANIFEST, room);

	ck_assert_ptr_nonnull(at);
	ck_assert_uint_le(len, room + 64);
	memset(at, ' ', room + 64);
	memcpy(at, manifest, len);
}

START_TEST(says_what_is_wrong_with_a_manifest)
{
	/* Blanks behind the text give the longer ones room. */
	const char *pad = "                                                                ";
	struct clang_object obj = sample(tpc_sprintf(ctx.arena, "%s%s", SAMPLE_MANIFEST, pad));
	struct object o;

	ck_assert_uint_eq(strlen(pad), 64);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct clang_object bad = obj;

		bad.data = tpc_arena_alloc(ctx.arena, obj.len, 8);
		memcpy(bad.data, obj.data, obj.len);
		patch_manifest(&bad, replaced(SAMPLE_MANIFEST, faults[i][0], faults[i][1]));
		ck_assert_msg(object_read(&ctx, "s.bpf.o", bad.data, bad.len, &o) == -EINVAL, "accepted: %s",
			      faults[i][1]);
		ck_assert_msg(said(faults[i][2]), "'%s' for '%s'",
			      ctx.diags.list.items[ctx.diags.list.len - 1]->msg, faults[i][2]);
		ctx.diags.list.len = ctx.diags.nerrors = 0;
	}
	ck_assert_int_eq(object_read(&ctx, "s.bpf.o", obj.data, obj.len, &o), 0);
	object_done(&o);
}
END_TEST

/* A newer minor version only adds: what is not known is passed over, what is known is still checked. */
START_TEST(takes_unknown_keys_of_a_newer_minor)
{
	const char *newer = replaced(SAMPLE_MANIFEST, "\"minor\":0", "\"minor\":1,\"new\":0");
	struct clang_object obj = sample(replaced(newer, "\"arch\":", "\"colour\":1,\"arch\":"));
	struct object o;

	ck_assert_int_eq(object_read(&ctx, "s.bpf.o", obj.data, obj.len, &o), 0);
	object_done(&o);
}
END_TEST

/* Each byte of the file counts, the seal's own among them. */
START_TEST(seal_tells_damage)
{
	struct clang_object obj = sample(SAMPLE_MANIFEST);
	struct tpc_arena *a = tpc_arena_new((size_t)1 << 30);

	ck_assert_int_eq(object_seal_check(a, obj.data, obj.len), SEAL_GOOD);
	for (size_t i = 0; i < obj.len; i++) {
		obj.data[i] ^= 1;
		ck_assert_msg(object_seal_check(a, obj.data, obj.len) != SEAL_GOOD, "byte %zu", i);
		obj.data[i] ^= 1;
		tpc_arena_reset(a);
	}
	ck_assert_int_eq(object_seal_check(a, obj.data, obj.len), SEAL_GOOD);
	ck_assert_int_eq(object_seal_check(a, obj.data, obj.len - 1), SEAL_NONE);
	ck_assert_int_eq(object_seal_check(a, "", 0), SEAL_NONE);
	ck_assert_int_eq(object_seal(a, obj.data, 100), -EINVAL);
	tpc_arena_free(a);
}
END_TEST

static void must_not_crash(const char *data, size_t len)
{
	struct object o;

	if (!object_read(&ctx, "hostile.o", data, len, &o))
		object_done(&o);
	else
		ck_assert_uint_gt(ctx.diags.nerrors, 0);
	ctx.diags.list.len = ctx.diags.nerrors = 0;
}

START_TEST(survives_truncation)
{
	struct clang_object obj = sample(SAMPLE_MANIFEST);
	struct tpc_ctx keep = ctx;

	for (size_t len = 0; len < obj.len; len += 64) {
		/* malloc: the byte behind the end is ASan's. */
		char *copy = malloc(len ? len : 1);

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, obj.data, len);
		setup();
		struct object o;

		ck_assert_int_eq(object_read(&ctx, "cut.o", copy, len, &o), -EINVAL);
		ck_assert_uint_eq(ctx.diags.nerrors, 1);
		teardown();
		free(copy);
	}
	ctx = keep;
}
END_TEST

START_TEST(survives_flipped_bytes)
{
	static const unsigned char flips[] = { 0xff, 0x01, 0x80 };
	struct clang_object obj = sample(SAMPLE_MANIFEST);
	char *copy = malloc(obj.len);
	struct tpc_ctx keep = ctx;

	ck_assert_ptr_nonnull(copy);
	setup();
	for (size_t i = 0; i < obj.len; i++) {
		memcpy(copy, obj.data, obj.len);
		copy[i] = (char)(copy[i] ^ flips[i % sizeof(flips)]);
		must_not_crash(copy, obj.len);
		if (i % 64 == 0) {
			teardown();
			setup();
		}
	}
	teardown();
	ctx = keep;
	free(copy);
}
END_TEST

/* Headers are where an offset leads astray: all of their words, with the values that overflow. */
START_TEST(survives_wild_section_headers)
{
	static const uint64_t wild[] = {
		0, 1, 0x7fffffff, 0xffffffff, 0x7fffffffffffffff, UINT64_MAX, UINT64_MAX - 63
	};
	struct clang_object obj = sample(SAMPLE_MANIFEST);
	char *copy = malloc(obj.len);
	struct tpc_ctx keep = ctx;
	uint64_t shoff;

	ck_assert_ptr_nonnull(copy);
	memcpy(&shoff, obj.data + 40, sizeof(shoff));
	for (uint64_t at = shoff; at + 8 <= obj.len; at += 4) {
		setup();
		for (size_t i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
			memcpy(copy, obj.data, obj.len);
			memcpy(copy + at, &wild[i], sizeof(wild[i]));
			must_not_crash(copy, obj.len);
		}
		teardown();
	}
	ctx = keep;
	free(copy);
}
END_TEST

START_TEST(refuses_what_is_no_object)
{
	static const char *const texts[] = { "", "x", "apiVersion: cilium.io/v1alpha1\n", "\177ELF" };
	struct object o;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ck_assert_int_eq(object_read(&ctx, "f", texts[i], strlen(texts[i]), &o), -EINVAL);
	ck_assert_uint_eq(ctx.diags.nerrors, 4);
	ck_assert(said("f: empty"));
	ck_assert(said("not an ELF file"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("object");
	TCase *t = tcase_create("object");
	SRunner *r = srunner_create(s);
	int failed;

	libbpf_set_print(NULL);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, reads_programs_maps_and_manifest);
	tcase_add_test(t, says_what_is_wrong_with_a_manifest);
	tcase_add_test(t, takes_unknown_keys_of_a_newer_minor);
	tcase_add_test(t, seal_tells_damage);
	tcase_add_test(t, survives_truncation);
	tcase_add_test(t, survives_flipped_bytes);
	tcase_add_test(t, survives_wild_section_headers);
	tcase_add_test(t, refuses_what_is_no_object);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
