/* SPDX-License-Identifier: Apache-2.0 */
/* Where an object's bytes come from: a file, or this machine's image in an OCI archive; and who vouches for them. */
#ifndef TPC_RT_SOURCE_H
#define TPC_RT_SOURCE_H

#include <tpc/sign.h>

#include "util.h"

/* Reads a public key. 0, or -errno and a message. */
int source_read_key(const char *path, struct sign_key *ret, struct rt_error *e);

/*
 * Reads the object at @path into @ret. With @key only what it signed: a file by PATH.sig beside it, an image by its
 * index. Read once, checked, and given as checked: what happens to the file later does not matter. 0, or -errno and
 * a message; @ret is to be freed in any case.
 */
int source_read(const char *path, const struct sign_key *key, struct rt_buf *ret, struct rt_error *e);

#endif
