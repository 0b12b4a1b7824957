// SPDX-License-Identifier: Apache-2.0
/* Names as Kubernetes wants them (k8s.io/apimachinery, pkg/util/validation). */
#ifndef TPC_FRONTEND_K8S_NAME_H
#define TPC_FRONTEND_K8S_NAME_H

#include <stdbool.h>
#include <stdint.h>

#define K8S_LABEL_MAX 63
#define K8S_SUBDOMAIN_MAX 253

/* RFC 1123 subdomain: labels of lower case letters, digits and inner '-', with '.' between them. */
bool k8s_is_subdomain(const char *s, uint32_t len);
/* One label of such a subdomain, as namespaces are called. */
bool k8s_is_dns_label(const char *s, uint32_t len);
/* The value of a label that is not empty: ([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9] */
bool k8s_is_label_value(const char *s, uint32_t len);

#endif
