# SPDX-License-Identifier: MIT
# DBI_CHECK_LIBHARU: libharu is tested function by function and field by field.
AC_DEFUN([DBI_CHECK_LIBHARU], [
  AC_CHECK_HEADER([hpdf.h], [], [AC_MSG_ERROR([hpdf.h not found: install libhpdf-dev])])
  AC_CHECK_LIB([hpdf], [HPDF_NewEx], [HARU_LIBS=-lhpdf], [AC_MSG_ERROR([libhpdf not found: install libhpdf-dev])])
  AC_SUBST([HARU_LIBS])
])
