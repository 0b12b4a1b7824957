// SPDX-License-Identifier: Apache-2.0
/* Shared by the files that make images; nobody else includes it. */
#ifndef TPC_BUNDLE_IMAGE_IMPL_H
#define TPC_BUNDLE_IMAGE_IMPL_H

#include "bundle/image.h"

/* ---- image_check.c ---- */
/* Whether these files go into one archive. False: diagnostics say why not. */
bool image_check(struct tpc_ctx *c, const struct image_opts *o);
/* What OCI calls the loader's machine, "" for another. */
const char *image_loader_arch(const struct image_loader *l);

#endif
