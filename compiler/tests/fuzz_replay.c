// SPDX-License-Identifier: Apache-2.0
/*
 * A fuzz target's entry over a kept corpus, with an ordinary main: replay_NAME FOLDER. For the test suite, which
 * needs no libFuzzer then. Speaks TAP; what a crash was about is the last name on standard error.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The whole of @path in a block of exactly its size, so that a sanitizer sees the first byte too many. */
static uint8_t *read_file(const char *path, size_t *ret_len)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	long len = -1;

	if (!f)
		return NULL;
	if (!fseek(f, 0, SEEK_END))
		len = ftell(f);
	rewind(f);
	if (len >= 0)
		data = malloc(len ? (size_t)len : 1);
	if (data && fread(data, 1, (size_t)len, f) != (size_t)len) {
		free(data);
		data = NULL;
	}
	fclose(f);
	*ret_len = (size_t)len;
	return data;
}

static int is_shown(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static bool replay(const char *folder, const char *name)
{
	char path[4096];
	uint8_t *data;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	data = read_file(path, &len);
	if (!data)
		return false;
	fprintf(stderr, "%s\n", name);
	LLVMFuzzerTestOneInput(data, len);
	free(data);
	return true;
}

int main(int argc, char **argv)
{
	struct dirent **entries;
	int n = argc == 2 ? scandir(argv[1], &entries, is_shown, alphasort) : -1;
	bool good = n > 0;

	if (n <= 0) {
		fprintf(stderr, "Usage: %s FOLDER, which is not empty\n", argv[0]);
		return EXIT_FAILURE;
	}
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		bool ok = replay(argv[1], entries[i]->d_name);

		printf("%sok %d - %s\n", ok ? "" : "not ", i + 1, entries[i]->d_name);
		fflush(stdout);
		good &= ok;
		free(entries[i]);
	}
	free(entries);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
