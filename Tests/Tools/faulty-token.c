// SPDX-License-Identifier: Apache-2.0
// A PKCS#11 module that hands every call on to SoftHSM, but for what FAULT says; built by faulty-token.sh.
//
// FAULT is NAME:CALL:WHAT, where NAME is a function, CALL the number of the call from which on it is wrong (1 for the
// first), and WHAT a status in hexadecimal that it returns instead of doing anything. NAME may also be
//   private       C_CreateObject of a private key
//   key           C_CreateObject of the session's wrapping key
//   lengths       C_GetAttributeValue says that every certificate is WHAT bytes long
//   wrapped       C_WrapKey says that every key is WHAT bytes long
//   garbled       C_WrapKey changes a byte of what it hands over
//   objects       C_FindObjects always has more
//   flags         C_GetTokenInfo has these flags on top
//   pss           C_SignInit for RSA-PSS
//   signature     C_Sign changes a byte of the signature
// STUCK has C_DestroyObject fail for certificates. LOGINS names a file that gets a line for every C_Login,
// KEYPAD is the PIN of a token that asks for it itself.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static CK_FUNCTION_LIST real, list;
static char fault[64];
static unsigned long first, what, calls;

static int is(const char *name) { return strcmp(fault, name) == 0 && ++calls >= first; }

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
  CK_RV status = real.C_GetTokenInfo(slot, info);
  if (is("flags"))
    info->flags |= what;
  return status;
}
static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                          CK_SESSION_HANDLE *session) {
  if ((flags & CKF_RW_SESSION) && is("C_OpenSession"))
    return what;
  return real.C_OpenSession(slot, flags, application, notify, session);
}
static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, CK_ULONG count) {
  const char *path = getenv("LOGINS");
  FILE *file = path ? fopen(path, "a") : NULL;
  if (file) {
    fputs("login\n", file);
    fclose(file);
  }
  const char *keypad = getenv("KEYPAD");  // what somebody types there
  if (!pin && keypad)
    return real.C_Login(session, user, (unsigned char *)keypad, strlen(keypad));
  return is("C_Login") ? what : real.C_Login(session, user, pin, count);
}
static int number(CK_ATTRIBUTE *attributes, CK_ULONG count, CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  for (CK_ULONG i = 0; i < count; i++)
    if (attributes[i].type == type && attributes[i].ulValueLen == sizeof value)
      return memcmp(attributes[i].pValue, &value, sizeof value) == 0;
  return 0;
}
static CK_RV create(CK_SESSION_HANDLE session, CK_ATTRIBUTE *attributes, CK_ULONG count, CK_OBJECT_HANDLE *object) {
  if (number(attributes, count, CKA_CLASS, CKO_PRIVATE_KEY) && is("private"))
    return what;
  if (number(attributes, count, CKA_CLASS, CKO_SECRET_KEY) && is("key"))
    return what;
  return is("C_CreateObject") ? what : real.C_CreateObject(session, attributes, count, object);
}
static CK_RV destroy(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  CK_ATTRIBUTE kind = {CKA_CERTIFICATE_TYPE, NULL, 0};
  if (getenv("STUCK") && real.C_GetAttributeValue(session, object, &kind, 1) == CKR_OK)
    return CKR_DEVICE_REMOVED;
  return real.C_DestroyObject(session, object);
}
static CK_RV get_attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attributes,
                            CK_ULONG count) {
  CK_RV status = real.C_GetAttributeValue(session, object, attributes, count);
  if (attributes[0].type == CKA_VALUE && is("lengths"))
    attributes[0].ulValueLen = what;
  return is("C_GetAttributeValue") ? what : status;
}
static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG capacity, CK_ULONG *count) {
  CK_RV status = real.C_FindObjects(session, objects, capacity, count);
  if (is("objects"))
    *count = what;
  return status;
}
static CK_RV wrap(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE wrapping, CK_OBJECT_HANDLE key,
                  unsigned char *wrapped, CK_ULONG *count) {
  CK_RV status = real.C_WrapKey(session, mechanism, wrapping, key, wrapped, count);
  if (status == CKR_OK && is("wrapped"))
    *count = what;
  if (status == CKR_OK && wrapped && is("garbled"))
    wrapped[20] ^= 1;
  return is("C_WrapKey") ? what : status;
}
static CK_RV unwrap(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE wrapping,
                    unsigned char *wrapped, CK_ULONG count, CK_ATTRIBUTE *attributes, CK_ULONG attribute_count,
                    CK_OBJECT_HANDLE *object) {
  if (is("C_UnwrapKey"))
    return what;
  return real.C_UnwrapKey(session, mechanism, wrapping, wrapped, count, attributes, attribute_count, object);
}
static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key) {
  if (mechanism->mechanism == CKM_SHA256_RSA_PKCS_PSS && is("pss"))
    return what;
  return is("C_SignInit") ? what : real.C_SignInit(session, mechanism, key);
}
static CK_RV sign(CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG count, unsigned char *signature,
                  CK_ULONG *signature_count) {
  CK_RV status = real.C_Sign(session, data, count, signature, signature_count);
  if (status == CKR_OK && is("signature"))
    signature[9] ^= 1;
  return status;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **functions) {
  void *library = dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW);
  CK_RV (*get)(CK_FUNCTION_LIST **) = library ? (CK_RV(*)(CK_FUNCTION_LIST **))dlsym(library, "C_GetFunctionList") : NULL;
  CK_FUNCTION_LIST *found;
  if (!get || get(&found) != CKR_OK)
    return CKR_GENERAL_ERROR;
  const char *text = getenv("FAULT");
  if (text)
    sscanf(text, "%63[^:]:%lu:%lx", fault, &first, &what);
  list = real = *found;
  list.C_GetTokenInfo = get_token_info;
  list.C_OpenSession = open_session;
  list.C_Login = login;
  list.C_CreateObject = create;
  list.C_DestroyObject = destroy;
  list.C_GetAttributeValue = get_attributes;
  list.C_FindObjects = find;
  list.C_WrapKey = wrap;
  list.C_UnwrapKey = unwrap;
  list.C_SignInit = sign_init;
  list.C_Sign = sign;
  *functions = &list;
  return CKR_OK;
}
