// SPDX-License-Identifier: Apache-2.0
/* Arguments of the network, from their records to both outputs. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "event_net.h"
#include "support.h"

/* One hook with an argument of each type. */
static const char manifest[] =
	"{\"abi\": {\"major\": 1, \"minor\": 0},\n"
	"\"compiler\": {\"name\": \"tpc\", \"version\": \"0.1.0\", \"templates\": \"sha256:00\", \"opt\": 2},\n"
	"\"arch\": \"x86_64\",\n"
	"\"policies\": [{\"name\": \"net\", \"kind\": \"TracingPolicy\", \"mode\": \"enforce\", \"file\": \"p.yaml\", "
	"\"line\": 4, \"digest\": \"sha256:01\"}],\n"
	"\"hooks\": [{\"policy\": 0, \"kind\": \"lsm\", \"hook\": \"socket_connect\", \"line\": 7, \"args\": ["
	"{\"index\": 0, \"type\": \"socket\", \"abi\": \"sock\"}, {\"index\": 1, \"type\": \"skb\", \"abi\": \"skb\"}, "
	"{\"index\": 2, \"type\": \"sockaddr\", \"abi\": \"sockaddr\"}, "
	"{\"index\": 3, \"type\": \"sockaddr_un\", \"abi\": \"sockaddr_un\"}], \"selectors\": [{}]}],\n"
	"\"programs\": [{\"hooks\": [0], \"kind\": \"lsm\", \"line\": 7, \"variants\": [{\"program\": \"p0_lsm\", "
	"\"attach\": \"lsm\", \"target\": \"socket_connect\"}]}],\n"
	"\"trackers\": [], \"fields\": [], \"exec_tests\": [], \"needs\": [\"ringbuf\"]}";

static const struct tpc_task_id me = { .pid = 10, .tid = 11, .start = 5 };
static struct manifest *m;
static struct record r;
static struct event ev;
static struct tpc_arg_sock sock;
static struct tpc_arg_skb skb;
static struct tpc_arg_sockaddr address;

static void setup(void)
{
	struct rt_error e = { .text = "" };

	ck_assert_msg(manifest_parse(manifest, sizeof(manifest), &m, &e) == 0, "%s", e.text);
	sock = (struct tpc_arg_sock){ .family = AF_INET,
				      .type = SOCK_STREAM,
				      .protocol = IPPROTO_TCP,
				      .sport = 40000,
				      .dport = 80,
				      .state = 1,
				      .mark = 7,
				      .cookie = 1ULL << 63 };
	inet_pton(AF_INET, "10.0.0.1", sock.saddr);
	inet_pton(AF_INET, "10.0.0.2", sock.daddr);
	skb = (struct tpc_arg_skb){
		.family = AF_INET6, .protocol = IPPROTO_UDP, .sport = 1, .dport = 53, .len = 60
	};
	inet_pton(AF_INET6, "fd00::1", skb.saddr);
	inet_pton(AF_INET6, "::ffff:10.0.0.2", skb.daddr);
	address = (struct tpc_arg_sockaddr){ .family = AF_INET6, .port = 443 };
	inet_pton(AF_INET6, "fd00::2", address.addr);
}

static void teardown(void)
{
	manifest_free(m);
}

static void record_unix(uint16_t family, bool is_abstract, const char *path, size_t len)
{
	struct tpc_arg_sockaddr_un u = { family, is_abstract, (uint32_t)len };
	char bytes[sizeof(u) + 128];

	memcpy(bytes, &u, sizeof(u));
	memcpy(bytes + sizeof(u), path, len);
	record_arg(&r, TPC_ARG_SOCKADDR_UN, 0, bytes, sizeof(u) + len);
}

static void record_all(uint16_t family, bool is_abstract, const char *path, size_t len)
{
	record_hook(&r, 6, me, 0, 0, TPC_DID_POST, 4);
	record_arg(&r, TPC_ARG_SOCK, 0, &sock, sizeof(sock));
	record_arg(&r, TPC_ARG_SKB, 0, &skb, sizeof(skb));
	record_arg(&r, TPC_ARG_SOCKADDR, 0, &address, sizeof(address));
	record_unix(family, is_abstract, path, len);
}

static void shows(size_t arg, const char *json, const char *compact)
{
	struct rt_buf b = { 0 };
	json_t *o = json_object();
	char *s;

	record_decode(&r, m, &ev);
	event_net_json(o, &ev.hook.args[arg]);
	s = json_dumps(o, JSON_COMPACT);
	ck_assert_str_eq(s, json);
	free(s);
	json_decref(o);
	event_net_compact(&b, &ev.hook.args[arg]);
	ck_assert_str_eq(b.s, compact);
	rt_buf_free(&b);
}

START_TEST(each_type)
{
	record_all(AF_UNIX, false, "/run/a\xff", 7);
	shows(0,
	      "{\"sock_arg\":{\"family\":\"AF_INET\",\"type\":\"SOCK_STREAM\",\"protocol\":\"IPPROTO_TCP\",\"mark\":7,"
	      "\"saddr\":\"10.0.0.1\",\"daddr\":\"10.0.0.2\",\"sport\":40000,\"dport\":80,"
	      "\"cookie\":\"9223372036854775808\",\"state\":\"TCP_ESTABLISHED\"}}",
	      "10.0.0.1:40000->10.0.0.2:80 TCP");
	shows(1,
	      "{\"skb_arg\":{\"len\":60,\"saddr\":\"fd00::1\",\"daddr\":\"::ffff:10.0.0.2\",\"sport\":1,\"dport\":53,"
	      "\"proto\":17,\"protocol\":\"IPPROTO_UDP\",\"family\":\"AF_INET6\"}}",
	      "[fd00::1]:1->[::ffff:10.0.0.2]:53 UDP");
	shows(2, "{\"sockaddr_arg\":{\"family\":\"AF_INET6\",\"addr\":\"fd00::2\",\"port\":443}}",
	      "[fd00::2]:443");
	shows(3, "{\"sockaddrun_arg\":{\"family\":\"AF_UNIX\",\"path\":\"/run/a\xef\xbf\xbd\"}}",
	      "/run/a\\xff");
}
END_TEST

START_TEST(other_families)
{
	sock = (struct tpc_arg_sock){ .family = AF_UNIX, .type = 99, .protocol = 500, .state = 77 };
	skb = (struct tpc_arg_skb){ .len = 14, .hash = 1, .mark = 2, .priority = 3 };
	address = (struct tpc_arg_sockaddr){ .family = 1000 };
	record_all(AF_NETLINK, false, "", 0);
	shows(0,
	      "{\"sock_arg\":{\"family\":\"AF_UNIX\",\"type\":\"99\",\"protocol\":\"500\",\"cookie\":\"0\",\"state\":\"77\"}}",
	      "AF_UNIX protocol 500");
	shows(1, "{\"skb_arg\":{\"hash\":1,\"len\":14,\"priority\":3,\"mark\":2}}", "(no IP)");
	shows(2, "{\"sockaddr_arg\":{\"family\":\"1000\"}}", "family 1000");
	shows(3, "{\"sockaddrun_arg\":{\"family\":\"AF_NETLINK\"}}", "AF_NETLINK");
}
END_TEST

START_TEST(abstract_name)
{
	record_all(AF_UNIX, true, "na\0me\0\0", 7);
	shows(3, "{\"sockaddrun_arg\":{\"family\":\"AF_UNIX\",\"path\":\"@name\"}}", "@name");
}
END_TEST

/* Offsets of the four arguments' lengths. */
enum {
	AT_SOCK = 48 + 4,
	AT_SKB = AT_SOCK + sizeof(struct tpc_arg) + sizeof(struct tpc_arg_sock),
	AT_ADDRESS = AT_SKB + sizeof(struct tpc_arg) + sizeof(struct tpc_arg_skb),
	AT_UNIX = AT_ADDRESS + sizeof(struct tpc_arg) + sizeof(struct tpc_arg_sockaddr),
	AT_PATH_LEN = AT_UNIX + 4 + offsetof(struct tpc_arg_sockaddr_un, path_len),
};

static const struct {
	size_t off;
	uint32_t v;
	const char *says;
} lies[] = {
	{ AT_SOCK, 8, "not as long as its type" },
	{ AT_SOCK, 0, "not as long as its type" },
	{ AT_SKB, 0xffffffff, "not as long as its type" },
	{ AT_ADDRESS, sizeof(struct tpc_arg_sockaddr) + 8, "not as long as its type" },
	{ AT_UNIX, 4, "lengths disagree" },
	{ AT_UNIX, 0xffffffff, "lengths disagree" },
	{ AT_PATH_LEN, 7, "lengths disagree" },
	{ AT_PATH_LEN, 0xffffffff, "disagree" },
	{ AT_SOCK - 4, TPC_ARG_SKB, "not of the manifest's type" },
};

START_TEST(lies_are_refused)
{
	const char *why = NULL;

	record_all(AF_UNIX, false, "/run/a", 6);
	record_seal(&r);
	memcpy(r.bytes + lies[_i].off, &lies[_i].v, sizeof(lies[_i].v));
	ck_assert_int_eq(event_decode(r.bytes, r.len, m, &ev, &why), -EBADMSG);
	ck_assert_msg(strstr(why, lies[_i].says), "'%s' does not say '%s'", why, lies[_i].says);
}
END_TEST

/* From memory of just that size, so that a sanitizer sees a byte too many. */
START_TEST(cut_anywhere)
{
	const char *why;

	record_all(AF_UNIX, false, "/run/a", 6);
	record_seal(&r);
	for (size_t n = 0; n + 8 < r.len; n++) {
		uint8_t *s = malloc(n ? n : 1);
		uint32_t size = (uint32_t)n;

		memcpy(s, r.bytes, n);
		if (n >= 4)
			memcpy(s, &size, sizeof(size));
		ck_assert_int_eq(event_decode(s, n, m, &ev, &why), -EBADMSG);
		free(s);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rt_event_net");
	TCase *t = tcase_create("event_net");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, each_type);
	tcase_add_test(t, other_families);
	tcase_add_test(t, abstract_name);
	tcase_add_loop_test(t, lies_are_refused, 0, RT_ARRAY_LEN(lies));
	tcase_add_test(t, cut_anywhere);
	suite_add_tcase(s, t);
	return support_run(s);
}
