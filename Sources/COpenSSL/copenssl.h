// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/asn1t.h>
#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/proverr.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

// Macros that Swift cannot import, as functions of the same meaning.

static inline long COpenSSL_BIO_get_mem_data(BIO *bio, char **start) { return BIO_get_mem_data(bio, start); }

static inline void COpenSSL_free(void *memory) { OPENSSL_free(memory); }

static inline void COpenSSL_secure_clear_free(void *memory, size_t count) { OPENSSL_secure_clear_free(memory, count); }

static inline void COpenSSL_clear_free(void *memory, size_t count) { OPENSSL_clear_free(memory, count); }

// Typed stacks. Swift sees every STACK_OF(T) * as an OpaquePointer.
#define COPENSSL_STACK(T)                                                                                              \
  static inline int COpenSSL_sk_##T##_num(const STACK_OF(T) *stack) { return stack == NULL ? 0 : sk_##T##_num(stack); } \
  static inline T *COpenSSL_sk_##T##_value(const STACK_OF(T) *stack, int index) { return sk_##T##_value(stack, index); }
COPENSSL_STACK(PKCS7)
COPENSSL_STACK(PKCS12_SAFEBAG)
COPENSSL_STACK(X509_ATTRIBUTE)
COPENSSL_STACK(CONF_VALUE)

// Stacks of names; freeing one leaves the names to their owner.
static inline int COpenSSL_sk_OPENSSL_CSTRING_num(const STACK_OF(OPENSSL_CSTRING) *stack) {
  return stack == NULL ? 0 : sk_OPENSSL_CSTRING_num(stack);
}
static inline const char *COpenSSL_sk_OPENSSL_CSTRING_value(const STACK_OF(OPENSSL_CSTRING) *stack, int index) {
  return sk_OPENSSL_CSTRING_value(stack, index);
}
static inline void COpenSSL_sk_OPENSSL_CSTRING_free(STACK_OF(OPENSSL_CSTRING) *stack) {
  sk_OPENSSL_CSTRING_free(stack);
}

static inline void COpenSSL_sk_PKCS7_free(STACK_OF(PKCS7) *stack) { sk_PKCS7_pop_free(stack, PKCS7_free); }

static inline void COpenSSL_sk_PKCS12_SAFEBAG_free(STACK_OF(PKCS12_SAFEBAG) *stack) {
  sk_PKCS12_SAFEBAG_pop_free(stack, PKCS12_SAFEBAG_free);
}

// An encoder into unencrypted PKCS#8. It keeps pointers to the names, so that these cannot come from Swift.
static inline OSSL_ENCODER_CTX *COpenSSL_PrivateKeyInfo_encoder(const EVP_PKEY *key) {
  return OSSL_ENCODER_CTX_new_for_pkey(key, EVP_PKEY_KEYPAIR, "DER", "PrivateKeyInfo", NULL);
}

// The same into PKCS#1 or SEC 1.
static inline OSSL_ENCODER_CTX *COpenSSL_traditional_encoder(const EVP_PKEY *key) {
  return OSSL_ENCODER_CTX_new_for_pkey(key, EVP_PKEY_KEYPAIR, "DER", "type-specific", NULL);
}

// The ASN.1 templates that d2i functions without a name of their own need.
static inline PBE2PARAM *COpenSSL_PBE2PARAM(const X509_ALGOR *algorithm) {
  return ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algorithm->parameter);
}
static inline PBKDF2PARAM *COpenSSL_PBKDF2PARAM(const X509_ALGOR *algorithm) {
  return ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), algorithm->parameter);
}
static inline SCRYPT_PARAMS *COpenSSL_SCRYPT_PARAMS(const X509_ALGOR *algorithm) {
  return ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), algorithm->parameter);
}
static inline PBEPARAM *COpenSSL_PBEPARAM(const X509_ALGOR *algorithm) {
  return ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), algorithm->parameter);
}

// The content of a safe.
static inline STACK_OF(PKCS12_SAFEBAG) *COpenSSL_d2i_SAFEBAGS(const unsigned char **cursor, long count) {
  return (STACK_OF(PKCS12_SAFEBAG) *)ASN1_item_d2i(NULL, cursor, count, ASN1_ITEM_rptr(PKCS12_SAFEBAGS));
}

// Composed of flags in a way that Swift does not import.
static inline int COpenSSL_reason_unsupported(void) { return ERR_R_UNSUPPORTED; }

static inline int COpenSSL_utf8(void) { return MBSTRING_UTF8; }

// Appends to a stack, which is made when there is none yet; 1 when it worked.
static inline int COpenSSL_sk_PKCS12_SAFEBAG_add(STACK_OF(PKCS12_SAFEBAG) **stack, PKCS12_SAFEBAG *bag) {
  if (*stack == NULL && (*stack = sk_PKCS12_SAFEBAG_new_null()) == NULL)
    return 0;
  return sk_PKCS12_SAFEBAG_push(*stack, bag) > 0;
}

// One number of a key, by its OSSL_PKEY_PARAM name, written without sign in the machine's order of bytes into all of the
// buffer; with no buffer, only how many bytes it takes. 1 when the key has it.
static inline int COpenSSL_key_number(const EVP_PKEY *key, const char *name, void *buffer, size_t capacity,
                                      size_t *count) {
  OSSL_PARAM parameters[] = {OSSL_PARAM_construct_BN(name, (unsigned char *)buffer, capacity),
                             OSSL_PARAM_construct_end()};
  if (EVP_PKEY_get_params(key, parameters) != 1 || !OSSL_PARAM_modified(parameters))
    return 0;
  *count = parameters[0].return_size;
  return 1;
}

// The key wrapping of RFC 3394 and RFC 5649 is only done when it is asked for.
static inline void COpenSSL_allow_wrapping(EVP_CIPHER_CTX *context) {
  EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
}

// A time stamp's version and signature; its imprint and nonce are compared by ourselves, and named when they differ.
static inline int COpenSSL_verify_stamp(void) { return TS_VFY_VERSION | TS_VFY_SIGNATURE; }
