// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/asn1t.h>
#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509v3.h>

// Macros that Swift cannot import, as functions of the same meaning.

static inline long COpenSSL_BIO_get_mem_data(BIO *bio, char **start) { return BIO_get_mem_data(bio, start); }

static inline void COpenSSL_free(void *memory) { OPENSSL_free(memory); }

static inline void COpenSSL_clear_free(void *memory, size_t count) { OPENSSL_clear_free(memory, count); }

// Typed stacks. Swift sees every STACK_OF(T) * as an OpaquePointer.
#define COPENSSL_STACK(T)                                                                                              \
  static inline int COpenSSL_sk_##T##_num(const STACK_OF(T) *stack) { return stack == NULL ? 0 : sk_##T##_num(stack); } \
  static inline T *COpenSSL_sk_##T##_value(const STACK_OF(T) *stack, int index) { return sk_##T##_value(stack, index); }
COPENSSL_STACK(PKCS7)
COPENSSL_STACK(PKCS12_SAFEBAG)
COPENSSL_STACK(X509_ATTRIBUTE)

static inline void COpenSSL_sk_PKCS7_free(STACK_OF(PKCS7) *stack) { sk_PKCS7_pop_free(stack, PKCS7_free); }

static inline void COpenSSL_sk_PKCS12_SAFEBAG_free(STACK_OF(PKCS12_SAFEBAG) *stack) {
  sk_PKCS12_SAFEBAG_pop_free(stack, PKCS12_SAFEBAG_free);
}
