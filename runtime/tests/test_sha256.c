// SPDX-License-Identifier: Apache-2.0
/* FIPS 180-4's own examples, and each length around the padding's edges against one piece at a time. */
#include <string.h>

#include "sha256.h"
#include "support.h"

static const char *hex(const void *data, size_t len, size_t piece)
{
	static char ret[65];
	struct sha256 s;

	sha256_init(&s);
	for (size_t at = 0; at < len; at += piece)
		sha256_add(&s, (const char *)data + at, len - at < piece ? len - at : piece);
	sha256_hex(&s, ret);
	return ret;
}

START_TEST(vectors)
{
	static const char long_text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	static char million[1000000];

	ck_assert_str_eq(hex("", 0, 1), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	ck_assert_str_eq(hex("abc", 3, 3),
			 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	ck_assert_str_eq(hex(long_text, strlen(long_text), 7),
			 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	memset(million, 'a', sizeof(million));
	ck_assert_str_eq(hex(million, sizeof(million), 999),
			 "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
END_TEST

START_TEST(pieces)
{
	char text[200], whole[65];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 7);
	for (size_t len = 0; len < sizeof(text); len++) {
		strcpy(whole, hex(text, len, len ? len : 1));
		ck_assert_str_eq(whole, hex(text, len, 1));
		ck_assert_str_eq(whole, hex(text, len, 63));
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rt_sha256");
	TCase *t = tcase_create("sha256");

	tcase_add_test(t, vectors);
	tcase_add_test(t, pieces);
	suite_add_tcase(s, t);
	return support_run(s);
}
