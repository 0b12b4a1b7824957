// SPDX-License-Identifier: Apache-2.0
/*
 * What a plain scalar is, as Kubernetes reads YAML: the rules of sigs.k8s.io/yaml (go-yaml v2, YAML 1.1):
 * yes/no/on/off are booleans, integers have the prefixes of Go (0x, 0o, 0b, leading 0 for octal) and may
 * hold '_'.
 */
#ifndef TPC_FRONTEND_SCALAR_H
#define TPC_FRONTEND_SCALAR_H

#include "frontend/yaml.h"

enum tpc_scalar_kind { TPC_SCALAR_TEXT, TPC_SCALAR_NULL, TPC_SCALAR_BOOL, TPC_SCALAR_INT, TPC_SCALAR_FLOAT };

struct tpc_scalar {
	enum tpc_scalar_kind kind;
	bool b;
	int64_t i;
	bool overflow; /* an integer that int64_t cannot hold; i is the nearest it can */
};

/* @n must be a scalar. */
struct tpc_scalar tpc_scalar_resolve(const struct tpc_node *n);
/* A plain null or an empty value. */
bool tpc_node_is_null(const struct tpc_node *n);

#endif
