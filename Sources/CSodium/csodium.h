// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sodium.h>
#include <stdint.h>

/// The value, of which the compiler knows nothing: what is computed from it stays arithmetic, and becomes no branch.
static inline uint8_t CSodium_opaque(uint8_t value) {
  __asm__("" : "+r"(value));
  return value;
}
