/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Arguments of type cred and user_namespace: read when the event is built, member by member. */
#ifndef TPC_BPF_ARG_CRED_H
#define TPC_BPF_ARG_CRED_H

#include <tpc/bpf/event.h>
#include <tpc/bpf/task_caps.h>

static __always_inline void tpc_fill_user_ns(struct tpc_arg_user_ns *a, struct user_namespace *ns)
{
	a->level = tpc_read(false, ns, level);
	a->uid = tpc_read(false, ns, owner.val);
	a->gid = tpc_read(false, ns, group.val);
	a->inum = tpc_read(false, ns, ns.inum);
}

static __always_inline void tpc_put_user_namespace(struct tpc_scratch *s, struct user_namespace *ns)
{
	struct tpc_arg_user_ns *a;
	__u64 off;

	if (!ns)
		tpc_put_none(s);
	if (!ns || !tpc_room(s, off, TPC_USER_NS_ROOM))
		return;
	*(struct tpc_arg *)(s->data + off) = (struct tpc_arg){ .type = TPC_ARG_USER_NS, .len = sizeof(*a) };
	a = (void *)(s->data + off + sizeof(struct tpc_arg));
	tpc_fill_user_ns(a, ns);
	s->len = off + TPC_USER_NS_ROOM;
}

static __always_inline void tpc_fill_cred(struct tpc_arg_cred *a, struct cred *c)
{
	a->uid = tpc_read(false, c, uid.val);
	a->gid = tpc_read(false, c, gid.val);
	a->euid = tpc_read(false, c, euid.val);
	a->egid = tpc_read(false, c, egid.val);
	a->suid = tpc_read(false, c, suid.val);
	a->sgid = tpc_read(false, c, sgid.val);
	a->fsuid = tpc_read(false, c, fsuid.val);
	a->fsgid = tpc_read(false, c, fsgid.val);
	a->securebits = tpc_read(false, c, securebits);
	a->pad = 0;
	a->permitted = tpc_caps_member(false, c, cap_permitted);
	a->effective = tpc_caps_member(false, c, cap_effective);
	a->inheritable = tpc_caps_member(false, c, cap_inheritable);
	tpc_fill_user_ns(&a->user_ns, tpc_read(false, c, user_ns));
}

static __always_inline void tpc_put_cred(struct tpc_scratch *s, struct cred *c)
{
	struct tpc_arg_cred *a;
	__u64 off;

	if (!c)
		tpc_put_none(s);
	if (!c || !tpc_room(s, off, TPC_CRED_ROOM))
		return;
	*(struct tpc_arg *)(s->data + off) = (struct tpc_arg){ .type = TPC_ARG_CRED, .len = sizeof(*a) };
	a = (void *)(s->data + off + sizeof(struct tpc_arg));
	tpc_fill_cred(a, c);
	s->len = off + TPC_CRED_ROOM;
}

#endif
