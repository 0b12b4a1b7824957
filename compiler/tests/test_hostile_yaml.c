// SPDX-License-Identifier: Apache-2.0
/*
 * Inputs made to break a reader. Each must end in at least one error with a line, and never in a crash
 * (run with ASan and UBSan too). The corpus of published policies goes the same way when it is at hand.
 */
#include <dirent.h>
#include <unistd.h>

#include "base/buf.h"
#include "read_yaml.h"

static struct tpc_arena *a;

static void setup(void)
{
	read_setup();
	a = tpc_arena_new(256 << 20);
}

static void teardown(void)
{
	tpc_arena_free(a);
	read_teardown();
}

static const char *repeat(const char *s, uint32_t n)
{
	struct tpc_buf b = TPC_BUF(a);

	while (n--)
		tpc_buf_puts(&b, s);
	return tpc_buf_text(&b);
}

static void expect_places(void)
{
	for (uint32_t i = 0; i < ctx.diags.list.len; i++)
		ck_assert_uint_ne(tpc_source_line(&ctx.sources, ctx.diags.list.items[i]->at), 0);
	free(printed(false));
	free(printed(true));
}

static void expect_first(enum tpc_diag_code code)
{
	char *s = printed(false);

	ck_assert_uint_gt(ctx.diags.nerrors, 0);
	ck_assert_msg(ctx.diags.list.items[0]->code == code, "%s", s);
	free(s);
	expect_places();
}

START_TEST(empty_file)
{
	read_text("");
	expect_first(TPC_E_EMPTY);
}
END_TEST

START_TEST(binary_file)
{
	char bytes[4096];
	uint32_t x = 12345;

	for (size_t i = 0; i < sizeof(bytes); i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (char)(x >> 24);
	}
	read_bytes(bytes, sizeof(bytes));
	expect_first(TPC_E_ENCODING);
	ck_assert_uint_eq(policies.len, 0);
}
END_TEST

START_TEST(nul_bytes)
{
	read_bytes("kind: a\0b\n", 10);
	expect_first(TPC_E_ENCODING);
}
END_TEST

START_TEST(ten_megabytes)
{
	read_text(repeat("a: b\n", 2000000));
	expect_first(TPC_E_TOO_BIG);
}
END_TEST

START_TEST(just_too_many_bytes)
{
	char *s = tpc_strdup(a, repeat("#", (1 << 20) + 1));

	memcpy(s, "a: b ", 5);
	s[1 << 20] = 0;
	read_text(s);
	expect_first(TPC_E_NOT_A_POLICY); /* a mebibyte is taken */
	s[1 << 20] = '#';
	read_text(s);
	ck_assert_int_eq(ctx.diags.list.items[1]->code, TPC_E_TOO_BIG);
}
END_TEST

static const char *const deep[] = { "[", "{a: ", "- ", "? ", "a:\n- ", "[{a: " };

START_TEST(ten_thousand_levels)
{
	read_text(repeat(deep[_i], 10000));
	ck_assert_uint_gt(ctx.diags.nerrors, 0);
	if (_i != 4)
		expect_first(TPC_E_DEPTH);
	expect_places();
}
END_TEST

START_TEST(ten_thousand_levels_of_block)
{
	struct tpc_buf b = TPC_BUF(a);

	for (int i = 0; i < 1200; i++)
		tpc_buf_printf(&b, "%*sa:\n", i, "");
	read_text(tpc_buf_text(&b));
	expect_first(TPC_E_DEPTH);
}
END_TEST

START_TEST(levels_up_to_the_limit_are_fine)
{
	const char *s = tpc_sprintf(a, "%s%s", repeat("[", 64), repeat("]", 64));

	read_text(s);
	expect_first(TPC_E_NOT_A_POLICY);
	read_text(tpc_sprintf(a, "%s%s", repeat("[", 65), repeat("]", 65)));
	ck_assert_int_eq(ctx.diags.list.items[1]->code, TPC_E_DEPTH);
}
END_TEST

START_TEST(alias_bomb)
{
	struct tpc_buf b = TPC_BUF(a);

	tpc_buf_puts(&b, "a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 10; i++)
		tpc_buf_printf(&b, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i,
			       i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	read_text(tpc_buf_text(&b));
	expect_first(TPC_E_ALIAS);
}
END_TEST

/* Each document stays below the limit, all together do not. */
START_TEST(alias_bomb_in_many_documents)
{
	read_text(repeat("---\na: &a [[x,x,x,x,x,x,x,x],[x,x,x,x,x,x,x,x]]\n"
			 "b: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]\n",
			 200));
	ck_assert_uint_gt(ctx.diags.nerrors, 0);
	for (uint32_t i = 0; i < ctx.diags.list.len; i++) {
		if (ctx.diags.list.items[i]->code == TPC_E_ALIAS)
			return;
	}
	ck_abort_msg("no limit");
}
END_TEST

START_TEST(alias_that_is_too_deep)
{
	read_text(tpc_sprintf(a, "a: &a %s%s\nb: %s*a%s\n", repeat("[", 40), repeat("]", 40), repeat("[", 30),
			      repeat("]", 30)));
	expect_first(TPC_E_DEPTH);
}
END_TEST

START_TEST(too_many_anchors)
{
	struct tpc_buf b = TPC_BUF(a);

	for (int i = 0; i < 1000; i++)
		tpc_buf_printf(&b, "k%d: &a%d x\n", i, i);
	read_text(tpc_buf_text(&b));
	expect_first(TPC_E_ALIAS);
}
END_TEST

START_TEST(many_keys)
{
	struct tpc_buf b = TPC_BUF(a);

	for (int i = 0; i < 60000; i++)
		tpc_buf_printf(&b, "k%d: 1\n", i);
	read_text(tpc_buf_text(&b));
	expect_first(TPC_E_TOO_BIG);
}
END_TEST

START_TEST(one_key_forty_thousand_times)
{
	read_text(tpc_sprintf(a, "kind: TracingPolicy\n%s", repeat("k: 1\n", 40000)));
	ck_assert_uint_gt(ctx.diags.nerrors, 39998);
	ck_assert_uint_eq(ctx.diags.list.len, TPC_DIAG_MAX);
	expect_places();
}
END_TEST

START_TEST(forty_thousand_unknown_fields)
{
	struct tpc_buf b = TPC_BUF(a);

	tpc_buf_puts(&b, "kind: TracingPolicy\n");
	for (int i = 0; i < 40000; i++)
		tpc_buf_printf(&b, "metadata%d: 1\n", i);
	read_text(tpc_buf_text(&b));
	ck_assert_uint_gt(ctx.diags.nerrors, 39999);
	expect_places();
}
END_TEST

START_TEST(many_documents)
{
	read_text(repeat("---\nkind: TracingPolicy\n", 30000));
	ck_assert_uint_gt(ctx.diags.nerrors, 30000);
	expect_places();
}
END_TEST

START_TEST(one_long_line)
{
	read_text(tpc_sprintf(a, "kind: \"%s\"\n", repeat("\xe6\xbc\xa2\xcc\x81\\e", 100000)));
	expect_first(TPC_E_NOT_A_POLICY);
}
END_TEST

static const char sample[] =
	"apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: &m\n  name: 'p'\nspec:\n"
	"  kprobes:\n  - call: \"fd_install\" # h\xc3\xa9\n    syscall: false\n    args:\n"
	"    - {index: 0, type: int}\n    - index: 1\n      type: file\n    selectors:\n"
	"    - matchPIDs:\n      - operator: NotIn\n        values: [1, 0x10]\n      matchArgs:\n"
	"      - index: 1\n        operator: Prefix\n        values: &v\n        - |\n          /etc/\n"
	"        - \"\\x41\"\n      matchBinaries: [{operator: In, values: *v}]\n"
	"      matchActions: [{action: Override, argError: -1}]\n---\n<<: {a: 1}\n";

static void read_again(const char *s, size_t len)
{
	tpc_arena_reset(ctx.arena);
	ctx = (struct tpc_ctx){ .arena = ctx.arena };
	ctx.sources.arena = ctx.arena;
	ctx.diags.arena = ctx.arena;
	ctx.diags.sources = &ctx.sources;
	memset(&policies, 0, sizeof(policies));
	read_bytes(s, len);
	for (uint32_t i = 0; i < policies.len; i++)
		ck_assert_ptr_nonnull(policies.items[i]->metadata.name.s);
}

START_TEST(cut_anywhere)
{
	for (size_t len = 0; len < sizeof(sample); len++) {
		read_again(sample, len);
		expect_places();
	}
}
END_TEST

START_TEST(bytes_replaced)
{
	static const char with[] = "\0\t\n \"'#&*-:,?[]{}|>%@!\x7f\xc3\xff~0";
	char s[sizeof(sample)];

	for (size_t i = 0; i < sizeof(sample) - 1; i++) {
		for (size_t k = 0; k < sizeof(with) - 1; k++) {
			memcpy(s, sample, sizeof(s));
			s[i] = with[k];
			read_again(s, sizeof(s) - 1);
			if (ctx.diags.nerrors)
				ck_assert_uint_ne(tpc_source_line(&ctx.sources, ctx.diags.list.items[0]->at),
						  0);
		}
	}
}
END_TEST

/* @dir: from TPC_CORPUS; not in the tree, so absent is fine. */
static unsigned read_folder(const char *root, const char *sub)
{
	const char *dir = tpc_sprintf(a, "%s/%s", root, sub);
	static char bytes[1 << 21];
	struct dirent *e;
	unsigned n = 0;
	DIR *d = opendir(dir);

	while (d && (e = readdir(d))) {
		FILE *f;

		if (e->d_name[0] == '.')
			continue;
		f = fopen(tpc_sprintf(a, "%s/%s", dir, e->d_name), "rb");
		ck_assert_ptr_nonnull(f);
		read_again(bytes, fread(bytes, 1, sizeof(bytes), f));
		fclose(f);
		expect_places();
		n++;
	}
	if (d)
		closedir(d);
	return n;
}

/* The collection's folder, or its policies/, as corpus.py takes it. */
START_TEST(published_policies)
{
	const char *root = getenv("TPC_CORPUS");

	if (!root || access(root, F_OK))
		return;
	if (access(tpc_sprintf(a, "%s/policies", root), F_OK))
		root = tpc_sprintf(a, "%s/..", root);
	ck_assert_uint_gt(read_folder(root, "policies"), 0);
	ck_assert_uint_gt(read_folder(root, "wild/policies"), 0);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("hostile");

	tcase_set_timeout(t, 200);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, empty_file);
	tcase_add_test(t, binary_file);
	tcase_add_test(t, nul_bytes);
	tcase_add_test(t, ten_megabytes);
	tcase_add_test(t, just_too_many_bytes);
	tcase_add_loop_test(t, ten_thousand_levels, 0, (int)(sizeof(deep) / sizeof(deep[0])));
	tcase_add_test(t, ten_thousand_levels_of_block);
	tcase_add_test(t, levels_up_to_the_limit_are_fine);
	tcase_add_test(t, alias_bomb);
	tcase_add_test(t, alias_bomb_in_many_documents);
	tcase_add_test(t, alias_that_is_too_deep);
	tcase_add_test(t, too_many_anchors);
	tcase_add_test(t, many_keys);
	tcase_add_test(t, one_key_forty_thousand_times);
	tcase_add_test(t, forty_thousand_unknown_fields);
	tcase_add_test(t, many_documents);
	tcase_add_test(t, one_long_line);
	tcase_add_test(t, cut_anywhere);
	tcase_add_test(t, bytes_replaced);
	tcase_add_test(t, published_policies);
	return run_suite("hostile_yaml", t);
}
