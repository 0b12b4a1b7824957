// SPDX-License-Identifier: Apache-2.0
/* Private to the back end: what its files share while they write one C text. */
#ifndef TPC_BACKEND_EMIT_H
#define TPC_BACKEND_EMIT_H

#include "backend/backend.h"
#include "ir/ir.h"

struct emit {
	struct tpc_ctx *c;
	const struct ir_unit *u;
	struct tpc_buf *out;
	unsigned path_top, path_bottom; /* TPC_PATH_TOP, TPC_PATH_BOTTOM */
	enum tpc_severity sev;		/* of what cannot be done */
	bool cases;			/* backend_opts.cases */
	TPC_VEC(const char *) structs;	/* resolve.c: declared so far, number i + 1 each */
	unsigned nenums;
};

#define EMIT_COMPONENTS_MAX 16 /* of a path in a policy: they stay on the BPF stack while a path is walked */
#define EMIT_STACK_TEXT_MAX                                                                                  \
	128 /* longer texts, and those compared from their end, are read into a scratch slot */

/* ---- emit.c: text ---- */
void emit_f(struct emit *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* #line at @at's YAML line, nothing where there is none. */
void emit_line(struct emit *e, struct tpc_span at);
/* @s inside a C comment: control characters and comment ends made harmless. */
void emit_comment_text(struct emit *e, const char *s, size_t len);
/* A C string literal. */
void emit_c_string(struct emit *e, const char *s, size_t len);
/* An expression: the @len bytes at pointer expression @p, byte @off on, are @bytes. Needs no alignment. */
void emit_bytes_equal(struct emit *e, const char *p, const char *bytes, size_t len);

/* ---- supported.c: what there is no code for, TPC_E_NOT_YET of severity @sev ---- */
void backend_supported(struct tpc_ctx *c, const struct ir_unit *u, enum tpc_severity sev);

/* ---- variant.c: the ways to attach a program, best first ---- */
enum attach_kind { ATTACH_KPROBE, ATTACH_FENTRY, ATTACH_FMOD_RET, ATTACH_LSM, ATTACH_TRACEPOINT };
struct variant {
	enum attach_kind attach;
	bool direct;	    /* arguments are pointers that the verifier knows the type of */
	bool overrides;	    /* its result, or a helper it calls, replaces the function's */
	const char *name;   /* of the C function: "p0_fentry" */
	const char *target; /* "__x64_sys_openat", "raw_syscalls/sys_enter" */
};
#define VARIANTS_MAX 3
unsigned backend_variants(struct tpc_ctx *c, const struct ir_program *p, unsigned index, struct variant *ret);
const char *attach_name(enum attach_kind k); /* "fmod_ret": the manifest's word and libbpf's section prefix */
bool program_overrides(const struct ir_program *p);
/* Name of the struct that argument @v points to in the kernel's prototype, NULL: it is a number or text. */
const char *value_struct(const struct ir_program *p, const struct ir_value *v);

/* ---- field.c: where a tracepoint's fields are; backend_field() too ---- */
unsigned backend_field_count(const struct ir_unit *u);

/* ---- path.c: tests of paths ---- */
/* Raises e->path_top and path_bottom to what @kind and @texts ask for. */
void emit_path_needs(struct emit *e, enum ir_pred_kind kind, const struct ir_text *texts, uint32_t n);
/* Says which of @texts are longer than generated code can handle. */
void emit_path_check(struct emit *e, enum ir_pred_kind kind, const struct ir_text *texts, uint32_t n);
/* The functions that compare, over components that have been walked. */
void emit_path_test(struct emit *e, const char *name, enum ir_pred_kind kind, const struct ir_text *texts,
		    uint32_t n);
/* Equal only: the function that looks at the leaf first, for emit_path_condition(). */
void emit_path_filter(struct emit *e, const char *name, enum ir_pred_kind kind, const struct ir_text *texts,
		      uint32_t n);
/* Condition: the path at struct tpc_walk @walk passes the test; walks as far as it must. */
void emit_path_condition(struct emit *e, const char *name, enum ir_pred_kind kind,
			 const struct ir_text *texts, uint32_t n, const char *walk);
/* Name of the function that alone decides when the whole path has been walked. */
const char *emit_path_function(struct emit *e, const char *name, enum ir_pred_kind kind);

/* ---- text.c: tests of strings and buffers ---- */
/* static __noinline bool NAME(const char *s, __s32 n) */
void emit_text_test(struct emit *e, const char *name, const struct ir_pred *pred);
/* Bytes of stack that the tests on value @v need, 0: none or it goes into a scratch slot (*@ret_big). */
unsigned emit_text_room(const struct ir_program *p, unsigned v, bool *ret_big);

/* ---- substring.c: search inside texts and paths ---- */
bool emit_is_substring(enum ir_pred_kind kind);
/* The functions that search; a walk of a path must have only begun. */
void emit_substring_test(struct emit *e, const char *name, const struct ir_pred *q, const struct ir_value *v);
/* Condition: one of the texts is in value @vi. */
void emit_substring(struct emit *e, const char *name, const struct ir_value *v, unsigned vi);
void emit_substring_includes(struct emit *e);

/* ---- value.c: how values are fetched ---- */
/* Declarations of what the tests of @p need. */
void emit_value_locals(struct emit *e, const struct ir_program *p);
/* Statements that fetch value @v into its local. */
void emit_value_fetch(struct emit *e, const struct ir_program *p, unsigned v);
/* Where an expression stands: the body of a program has its arguments, an event function a struct of numbers. */
enum emit_place { IN_BODY, IN_EVENT };
/*
 * Expression of value @v: a number, or in the body a pointer as one. Of a number at the end of a resolve path it is
 * whether it could be read; the expression itself stores it.
 */
void emit_value_raw(struct emit *e, const struct ir_program *p, unsigned v, enum emit_place place);
/* The argument, field or number of the task, before any way from it. */
void emit_source(struct emit *e, const struct ir_program *p, unsigned v, enum emit_place place);
/* "direct" or "false", see tpc_read(): what leads to path @v is typed where attachments have typed arguments. */
const char *emit_path_direct(const struct ir_program *p, const struct ir_value *v);
/* "direct", or "false" where what @v's pointer points to has no type for the verifier, whatever the attachment. */
const char *emit_direct_word(const struct ir_program *p, const struct ir_value *v);
/* C type of an integer value as the policy names it: "__s32". */
const char *emit_int_type(const struct ir_value *v);

/* ---- resolve.c: ways through kernel types ---- */
/* Why there is no code for @v's resolve, "'resolve' to a bitfield"; NULL: there is. */
const char *resolve_without_code(const struct ir_program *p, const struct ir_value *v);
/* A typed variant cannot read the argument that @v's resolve begins at. */
bool resolve_defies_types(const struct ir_value *v);
/* Name of the struct that a typed variant takes @v's argument for, NULL: it takes it for a number. */
const char *resolve_struct(const struct ir_program *p, const struct ir_value *v);
/* The structs on the ways, and functions that follow them: pN_getV() of a number, pN_endV() of all else. */
void emit_resolve_functions(struct emit *e, const struct ir_program *p, unsigned pi);
/* An integer that may be absent: its local is vN, and vN_there says whether it is there. */
bool emit_resolves_number(const struct ir_value *v);
/* Text in a char array, which may fill it: pN_roomV() bounds what is read. */
bool emit_resolves_array(const struct ir_program *p, const struct ir_value *v);
/* Where arguments are typed pointers, so is what pN_endV() gives. */
bool emit_resolve_direct(const struct ir_program *p, const struct ir_value *v);

/* ---- facet.c: numbers in memory, which may be absent: local vN, and vN_there says whether it is there ---- */
bool emit_may_lack(const struct ir_value *v);
/* Of those the ones that events show: a struct tpc_got keeps what a test has read. */
bool emit_keeps_number(const struct ir_value *v);
/* A set of capabilities behind a pointer, not at the end of a resolve path. */
bool emit_in_memory(const struct ir_value *v);
/* Expression: it could be read; it stores it. */
void emit_caps_get(struct emit *e, const struct ir_program *p, unsigned v, enum emit_place place);
/* Statements that fetch facet @v. */
void emit_facet_fetch(struct emit *e, const struct ir_program *p, unsigned v);
/* A test needs the local of value @v. */
bool emit_is_fetched(const struct ir_program *p, unsigned v);
void emit_facet_includes(struct emit *e);

/* ---- shown.c: kernel objects that are only shown ---- */
struct shown {
	const char *type;   /* the policy's word; tpc_put_TYPE() is what puts it into an event */
	const char *of;	    /* the struct that the argument points to */
	const char *abi;    /* the manifest's word for the record */
	const char *room;   /* bytes it takes in an event */
	const char *header; /* of templates/bpf/ */
};
const struct shown *emit_shown(const struct ir_value *v); /* NULL: there is no code for it */
void emit_put_shown(struct emit *e, const struct ir_program *p, unsigned v);
void emit_shown_includes(struct emit *e);

/* ---- task.c: what is asked of the current task ---- */
/* Expression of a value of the task, a number. */
void emit_task_value(struct emit *e, const struct ir_value *v);
/* Expression: namespace number @vi is the host's. */
void emit_host_test(struct emit *e, const struct ir_value *v, unsigned vi);
/* What templates/bpf/task_*.h want to know, and their includes, where a policy asks. */
void emit_task_defines(struct emit *e);
void emit_task_includes(struct emit *e);
/* Processes are remembered as they began: templates/bpf/changes.h. */
bool emit_asks_changes(const struct ir_unit *u);
/* Statement after the event of rule @r, which has told of a change. */
void emit_task_told(struct emit *e, const struct ir_program *p, const struct ir_rule *r);

/* ---- socket.c: sockets, packets and socket addresses ---- */
/* "arg_sock.h", where the code for @v is; the manifest's word; the room that an event needs. NULL: @v is none of them. */
const char *socket_header(const struct ir_value *v);
const char *socket_abi(const struct ir_value *v);
const char *socket_room(const struct ir_value *v);
/* Name of the struct that a typed variant takes the argument for, NULL: it must not. */
const char *socket_struct(const struct ir_program *p, const struct ir_value *v);
bool emit_is_unix(const struct ir_value *v);	/* of type sockaddr_un: its path is a text */
bool emit_is_address(const struct ir_value *v); /* of type sockaddr */
const char *emit_facet_name(enum ir_facet f);	/* "dport"; NULL: it is none of a socket */
/* Of a socket: its local is vN, and vN_there or its length say whether it is there. */
bool emit_is_facet(const struct ir_value *v);
/* The value that must be opened before facet @v is read, -1: none. */
int emit_opened(const struct ir_program *p, const struct ir_value *v);
void emit_facet_local(struct emit *e, const struct ir_value *v, unsigned vi);
void emit_socket_local(struct emit *e, const struct ir_value *v, unsigned vi);
void emit_socket_open(struct emit *e, const struct ir_program *p, unsigned v);
void emit_socket_facet_fetch(struct emit *e, const struct ir_program *p, unsigned v);
/* Expression: the path of a Unix address into @dst, of @size bytes. */
void emit_unix_read(struct emit *e, const struct ir_program *p, unsigned v, const char *dst,
		    const char *size);
void emit_put_socket(struct emit *e, const struct ir_program *p, unsigned v);

/* ---- nets.c: tests of addresses ---- */
/* static bool NAME(const struct tpc_addr *a) */
void emit_nets_test(struct emit *e, const char *name, const struct ir_pred *q);

/* ---- use.c: what of a program is used ---- */
/* The decision graph asks predicate @q of @p: not all that stand in the table are. */
bool emit_pred_used(const struct ir_program *p, unsigned q);
/* Decided from the event itself; the others are bits of the task. */
bool emit_pred_local(const struct ir_pred *q);
/* Bit i: argument i of the hooked function. */
uint32_t emit_args_used(const struct ir_program *p);

/* ---- pred.c: predicates ---- */
void emit_pred_functions(struct emit *e, const struct ir_program *p, unsigned pi);
/* The predicate as an expression over what has been fetched. */
void emit_pred(struct emit *e, const struct ir_program *p, unsigned pi, unsigned qi);

/* ---- graph.c, program.c, event.c, exec.c ---- */
/* The last argument of a call that puts a text: what a test has read already, if any has. */
void emit_seen(struct emit *e, const struct ir_program *p, unsigned v);
/* static __always_inline long pN(...) */
void emit_graph(struct emit *e, const struct ir_program *p, unsigned pi);
void emit_program(struct emit *e, unsigned pi);
void emit_event_function(struct emit *e, const struct ir_program *p, unsigned pi, unsigned ci);
/* C expression: bytes that an event of chain @ci takes at most. */
const char *emit_event_room(struct emit *e, const struct ir_program *p, unsigned ci);
void emit_exec_tests(struct emit *e);

#endif
