// SPDX-License-Identifier: Apache-2.0
#include "cmemcheck.h"

#include <valgrind/memcheck.h>

int CMemcheck_is_running(void) { return RUNNING_ON_VALGRIND; }

void CMemcheck_make_undefined(const void *start, size_t count) { (void)VALGRIND_MAKE_MEM_UNDEFINED(start, count); }

void CMemcheck_make_defined(const void *start, size_t count) { (void)VALGRIND_MAKE_MEM_DEFINED(start, count); }

unsigned CMemcheck_error_count(void) { return VALGRIND_COUNT_ERRORS; }
