// SPDX-License-Identifier: Apache-2.0
/* A kernel whose types are as odd as types of kernels get: what ways (resolve) may lead through. */
typedef struct {
	int val;
} nameless;

enum small { MINUS = -1, ONE = 1 };
enum large { LARGE = 0x7fffffffffffff };

struct inner {
	short s;
	long arr[3];
	struct {
		unsigned char b[2][3];
	} n[4];
};

union either {
	struct inner *ip;
	unsigned long raw;
};

struct odd {
	struct inner **ipp;
	struct inner (*pa)[2];
	struct inner *list;
	enum small e;
	enum large g;
	unsigned int bits:3;
	double d;
	nameless *to_nameless;
	nameless embedded;
	int *nums;
	char **strs;
	char text[];
};

struct top {
	union either u;
	struct odd *o;
	struct {
		struct {
			signed char deep;
		};
	};
	_Bool flag;
	__int128 wide;
	char grid[2][8];
	struct odd *os[5];
	char c;
};

/* clang describes only what is used by itself. */
struct top keep_top;
struct odd keep_odd;
union either keep_either;
struct inner keep_inner;

int hook(struct top *p, struct odd **pp, long n, struct inner v)
{
	return p && pp && n && v.s;
}
