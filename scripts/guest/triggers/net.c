// SPDX-License-Identifier: Apache-2.0
/*
 * tpc-net COMMAND KIND ADDRESS [PORT]: one socket, and one thing done with it. KIND is tcp, udp, packets (AF_UNIX of
 * datagrams) or unix; ADDRESS is of IPv4 or IPv6, a path, or @name for an abstract one. Exits with 0, or with errno of the
 * call that failed. Static, as tpc-trigger is.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct end {
	union {
		struct sockaddr any;
		struct sockaddr_in ip4;
		struct sockaddr_in6 ip6;
		struct sockaddr_un local;
	};
	socklen_t len;
};

static int failed(int ret)
{
	return ret < 0 ? errno : 0;
}

static int read_local(struct end *e, const char *path)
{
	size_t len = strlen(path);

	if (len > sizeof(e->local.sun_path))
		return ENAMETOOLONG;
	e->local.sun_family = AF_UNIX;
	memcpy(e->local.sun_path, path, len);
	if (path[0] == '@')
		e->local.sun_path[0] = '\0';
	e->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	return 0;
}

static int read_end(struct end *e, const char *address, const char *port)
{
	in_port_t number = htons((uint16_t)strtoul(port, NULL, 0));

	memset(e, 0, sizeof(*e));
	if (address[0] == '/' || address[0] == '@')
		return read_local(e, address);
	if (strchr(address, ':')) {
		e->ip6.sin6_family = AF_INET6;
		e->ip6.sin6_port = number;
		e->len = sizeof(e->ip6);
		return inet_pton(AF_INET6, address, &e->ip6.sin6_addr) == 1 ? 0 : EINVAL;
	}
	e->ip4.sin_family = AF_INET;
	e->ip4.sin_port = number;
	e->len = sizeof(e->ip4);
	return inet_pton(AF_INET, address, &e->ip4.sin_addr) == 1 ? 0 : EINVAL;
}

static int do_connect(int fd, const struct end *e)
{
	return failed(connect(fd, &e->any, e->len));
}

static int do_bind(int fd, const struct end *e)
{
	return failed(bind(fd, &e->any, e->len));
}

static int do_listen(int fd, const struct end *e)
{
	int err = do_bind(fd, e);

	return err ? err : failed(listen(fd, 1));
}

/* Of a datagram. */
static int do_send(int fd, const struct end *e)
{
	return failed((int)sendto(fd, "x", 1, 0, &e->any, e->len));
}

/* Of a datagram behind an extension header of IPv6, hop by hop, with nothing in it. */
static int do_hop(int fd, const struct end *e)
{
	const char empty[8] = { 0, 0, 1, 4 };

	if (setsockopt(fd, IPPROTO_IPV6, IPV6_HOPOPTS, empty, sizeof(empty)))
		return errno;
	return do_send(fd, e);
}

/* Connects to itself: what it sent comes back. */
static int do_talk(int fd, const struct end *e)
{
	int err = do_listen(fd, e), out;

	if (err)
		return err;
	out = socket(e->any.sa_family, SOCK_STREAM, 0);
	return out < 0 ? errno : do_connect(out, e);
}

static const struct {
	const char *name;
	int (*run)(int fd, const struct end *e);
} commands[] = {
	{ "connect", do_connect }, { "bind", do_bind }, { "listen", do_listen },
	{ "send", do_send },	   { "hop", do_hop },	{ "talk", do_talk },
};

static int kind_of(const char *kind)
{
	return strcmp(kind, "udp") && strcmp(kind, "packets") ? SOCK_STREAM : SOCK_DGRAM;
}

int main(int argc, char **argv)
{
	struct end e;
	int err, fd;

	for (size_t i = 0; argc > 3 && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, argv[1]))
			continue;
		err = read_end(&e, argv[3], argc > 4 ? argv[4] : "0");
		if (err)
			return err;
		fd = socket(e.any.sa_family, kind_of(argv[2]), 0);
		return fd < 0 ? errno : commands[i].run(fd, &e);
	}
	fprintf(stderr, "tpc-net: unknown command or too few arguments\n");
	return 125;
}
