/* SPDX-License-Identifier: MIT */
/*
 * Checks of a configuration, its register and its template against the rules
 * L01 to L32 of the GDPR, before any letter is made. Each finding names rule,
 * article, place and what to do.
 */
#ifndef DATENBRIEF_CHECK_H
#define DATENBRIEF_CHECK_H

#include <datenbrief/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

enum dbrief_severity {
	DBRIEF_SEVERITY_INFO = 0,    /* good to know */
	DBRIEF_SEVERITY_WARNING = 1, /* a person should look at it */
	DBRIEF_SEVERITY_ERROR = 2    /* no letter should leave like this */
};

/* Valid during the callback only. No text holds a customer's value. */
struct dbrief_finding {
	size_t size;
	const char *rule;     /* "L07", or a word: "path", "name", "template", "role", "attest", "readability",
	                       * "source", "coverage", "charset", "todo" */
	int severity;         /* enum dbrief_severity */
	const char *article;  /* "Art. 15(1)(e) GDPR", "" for the words */
	const char *place;    /* "file:line:column", or the source */
	const char *text;     /* what; what to do */
};

struct dbrief_check_opts {
	size_t size;
	/* Not 0: sources are connected, and what they deliver and their schemas are compared with what is declared;
	 * the data of the first 50 customers are read, and texts that look as if read in a wrong charset are counted. */
	int connect;
};
#define DBRIEF_CHECK_OPTS_INIT { sizeof(struct dbrief_check_opts), 0 }

/*
 * Runs every check over an engine that was loaded, frozen or not, and calls
 * `each` with what it finds, in no order that matters. A non-zero result of
 * `each` ends the checks; that is no failure. Findings are no failure either:
 * the status is other than OK only when checking itself was not possible.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_engine_check(dbrief_engine *engine, const struct dbrief_check_opts *opts,
    int (*each)(void *ctx, const struct dbrief_finding *finding), void *ctx, struct dbrief_error *err);

#ifdef __cplusplus
}
#endif
#endif
