// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>

/// Whether the program runs under valgrind.
int CMemcheck_is_running(void);

/// From now on memcheck counts every decision and every address that depends on these bytes.
void CMemcheck_make_undefined(const void *start, size_t count);

/// What depends on these bytes is no matter any more: they are public.
void CMemcheck_make_defined(const void *start, size_t count);

/// How many errors memcheck has found until now.
unsigned CMemcheck_error_count(void);
