/* SPDX-License-Identifier: MIT */
/*
 * The harness of the unit tests: one line of TAP a check, both values printed
 * when they differ. A program ends with `return tap_done();`.
 */
#ifndef TAP_H
#define TAP_H

#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

static inline int tap_report(int good, const char *what, const char *file, int line) {
	tap_count++;
	if (!good)
		tap_failed++;
	printf("%sok %d - %s\n", good ? "" : "not ", tap_count, what ? what : "");
	if (!good)
		printf("# at %s:%d\n", file, line);
	fflush(stdout);
	return good;
}
static inline int tap_str(const char *got, const char *want, const char *what, const char *file, int line) {
	int good = got == want || (got && want && strcmp(got, want) == 0);
	if (!tap_report(good, what, file, line))
		printf("# got:  %s\n# want: %s\n", got ? got : "(null)", want ? want : "(null)");
	return good;
}
static inline int tap_num(long long got, long long want, const char *what, const char *file, int line) {
	if (!tap_report(got == want, what, file, line))
		printf("# got:  %lld\n# want: %lld\n", got, want);
	return got == want;
}
static inline void tap_skip(const char *what, const char *why) {
	printf("ok %d - %s # SKIP %s\n", ++tap_count, what, why);
}
static inline int tap_done(void) {
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}
#define OK(cond, what) tap_report((cond) ? 1 : 0, what, __FILE__, __LINE__)
#define IS(got, want, what) tap_str(got, want, what, __FILE__, __LINE__)
#define EQ(got, want, what) tap_num((long long)(got), (long long)(want), what, __FILE__, __LINE__)

#endif
