// SPDX-License-Identifier: Apache-2.0
#pragma once

// PKCS#11 as p11-kit writes it down: the header alone, modules are loaded at run time and libp11-kit is not linked.
#include "/usr/include/p11-kit-1/p11-kit/pkcs11.h"

// Newer than the header of p11-kit 0.24. PKCS#11 3.0, section 2.21.
#ifndef CKM_AES_KEY_WRAP_KWP
#define CKM_AES_KEY_WRAP_KWP (0x210BUL)
#endif

// The raw public value of an EC key, under which NSS files a private key. nss/lib/util/pkcs11n.h.
#define CPKCS11_CKA_NSS_DB (0xD5A0DB00UL)

/// What NSS's softokn takes for C_Initialize: the standard arguments with a text before the last one.
/// nss/lib/util/pkcs11t.h, CK_C_INITIALIZE_ARGS.
struct CPKCS11_NSS_initialize_args {
  CK_CREATEMUTEX CreateMutex;
  CK_DESTROYMUTEX DestroyMutex;
  CK_LOCKMUTEX LockMutex;
  CK_UNLOCKMUTEX UnlockMutex;
  CK_FLAGS flags;
  const char *LibraryParameters;
  void *pReserved;
};
