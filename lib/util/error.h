/* SPDX-License-Identifier: MIT */
/* Filling the caller's struct dbrief_error. First error wins; see datenbrief/error.h. */
#ifndef DBI_ERROR_H
#define DBI_ERROR_H

#include <stdbool.h>
#include <datenbrief/error.h>

#define DBI_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/*
 * Records status, cause, place and a printf text, unless err already holds an
 * error. Returns status. `where` may be NULL or "". Only %s %d %u %zu %ld %x
 * and friends: never a customer's value, never a real number (locale).
 */
int dbi_error(struct dbrief_error *err, int status, int cause, const char *where, const char *fmt, ...) DBI_PRINTF(5, 6);
/* FAILED, cause MEMORY. */
int dbi_error_memory(struct dbrief_error *err);
/* As dbi_error, and keeps the errno of the system call that failed. */
int dbi_error_system(struct dbrief_error *err, int status, int cause, int os_errno, const char *where, const char *fmt, ...)
    DBI_PRINTF(6, 7);
/* English text of an errno, the same in every locale. Static, never NULL. */
const char *dbi_errno_text(int os_errno);
/* Puts "place / " in front of where of a recorded error. Returns err's status, or `status` when err is NULL. */
int dbi_error_prefix(struct dbrief_error *err, int status, const char *fmt, ...) DBI_PRINTF(3, 4);
/* Hands an error that was recorded elsewhere on to the caller's record, unless that holds one. Returns status. */
int dbi_error_pass(struct dbrief_error *err, int status, const struct dbrief_error *e);
/* The graver (lower) of two statuses. */
int dbi_status_combine(int a, int b);

#endif
