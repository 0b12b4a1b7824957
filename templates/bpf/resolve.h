/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ways through kernel types (resolve). A step reads what lies behind the pointer @p at @way, "[0].f_inode", of @type: a
 * struct of the generated code that has only what is on the way, so that each step is a CO-RE relocation. Macros, so
 * that the line of each is the policy's.
 *
 * @direct as in tpc_read(): a load that cannot fault, and that answers 0 where it would have. Else a helper reads, from
 * user memory too: what a system call is handed points there. A step is false when it leads nowhere.
 */
#ifndef TPC_BPF_RESOLVE_H
#define TPC_BPF_RESOLVE_H

#include <tpc/bpf/arg_string.h>
#include <tpc/bpf/got.h>

/*
 * NULL, what is near it, and error pointers lead nowhere. The first look is in the words in which the verifier learns that
 * a pointer is not NULL. It takes an argument's pointer for one that cannot be and leaves that look out; what it cannot
 * leave out is the second.
 */
static __always_inline bool tpc_leads(const bool direct, __u64 p)
{
	if (!p)
		return false;
	hide_bounds(p);
	return direct ? (__s64)p < -4095 : p > 4095;
}

/* 0: read. @at lies behind @p, which says whose memory it is. */
#define tpc_copy(dst, size, p, at)                                                                           \
	(tpc_is_user(p) ? bpf_probe_read_user(dst, size, (void *)(at)) :                                     \
			  bpf_probe_read_kernel(dst, size, (void *)(at)))

/* Goes on where the pointer there points. */
#define tpc_pointer(direct, p, type, way)                                                                    \
	({                                                                                                   \
		__u64 __p = (p), __v = 0;                                                                    \
		bool __ok = tpc_leads(direct, __p);                                                          \
		if (__ok && (direct))                                                                        \
			__v = (__u64)((type *)__p)way;                                                       \
		else if (__ok)                                                                               \
			__ok = !tpc_copy(&__v, sizeof(__v), __p,                                             \
					 __builtin_preserve_access_index(&((type *)__p)way));                \
		(p) = __v;                                                                                   \
		__ok;                                                                                        \
	})

/* Only adds: what lies there itself is meant. */
#define tpc_place(direct, p, type, way)                                                                      \
	({                                                                                                   \
		__u64 __p = (p);                                                                             \
		bool __ok = tpc_leads(direct, __p);                                                          \
		if (__ok)                                                                                    \
			(p) = (__u64)__builtin_preserve_access_index(&((type *)__p)way);                     \
		__ok;                                                                                        \
	})

/* A number of @size bytes in the low bytes of @v. */
static __always_inline __u64 tpc_extend(__u64 v, __u32 size, bool is_signed)
{
	__u32 unused = 64 - 8 * size;

	return is_signed ? (__u64)((__s64)(v << unused) >> unused) : v;
}

/* The number there becomes @p: of as many bytes as the running kernel's has, 8 at most. */
#define tpc_number(direct, p, type, way, is_signed)                                                          \
	({                                                                                                   \
		__u64 __p = (p), __v = 0;                                                                    \
		bool __ok = tpc_leads(direct, __p);                                                          \
		if (__ok && (direct)) {                                                                      \
			__v = (__u64)((type *)__p)way;                                                       \
		} else if (__ok) {                                                                           \
			__u32 __size = __builtin_preserve_field_info(((type *)__p)way, 1);                   \
			__ok = !tpc_copy(&__v, __size, __p,                                                  \
					 __builtin_preserve_access_index(&((type *)__p)way));                \
			__v = tpc_extend(__v, __size, is_signed);                                            \
		}                                                                                            \
		(p) = __v;                                                                                   \
		__ok;                                                                                        \
	})

/* The first @size bytes of what is no number. */
#define tpc_raw(p, type, way, size)                                                                          \
	({                                                                                                   \
		__u64 __p = (p), __v = 0;                                                                    \
		bool __ok = tpc_leads(false, __p) &&                                                         \
			    !tpc_copy(&__v, size, __p, __builtin_preserve_access_index(&((type *)__p)way));  \
		(p) = __v;                                                                                   \
		__ok;                                                                                        \
	})

/* The same @off bytes behind a pointer to what is no struct, which no relocation is needed for. */
#define tpc_number_at(p, off, size, is_signed)                                                               \
	({                                                                                                   \
		__u64 __p = (p), __v = 0;                                                                    \
		bool __ok = tpc_leads(false, __p) && !tpc_copy(&__v, size, __p, __p + (off));                \
		(p) = tpc_extend(__v, size, is_signed);                                                      \
		__ok;                                                                                        \
	})
#define tpc_pointer_at(p, off) tpc_number_at(p, off, 8, false)
#define tpc_place_at(p, off)                                                                                 \
	({                                                                                                   \
		bool __ok = tpc_leads(false, p);                                                             \
		(p) += (off);                                                                                \
		__ok;                                                                                        \
	})

/* Room for the text of a char array: all of it may be text, without a terminator. At most @most. */
#define tpc_array_room(type, way, most)                                                                      \
	({                                                                                                   \
		__u32 __n = __builtin_preserve_field_info(((type *)0)way, 1) + 1;                            \
		__n < (most) ? __n : (most);                                                                 \
	})

#endif
