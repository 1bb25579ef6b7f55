/* SPDX-License-Identifier: MIT */
/*
 * Status, cause and the caller-owned error record.
 *
 * Every fallible function returns a status, ordered by consequence: the lower
 * the graver. Combining two results means taking the lower one. The cause says
 * what went wrong, `where` names a place ("source crm / records orders / field
 * total", "letter.xml:41:7"), `text` is one English line that ends in what to
 * do. Neither ever holds a customer's value or identifier.
 *
 * A struct dbrief_error belongs to the caller, needs no clean-up and never
 * allocates. Every function takes NULL for it. A call of the library empties it
 * first; within the call the first error wins, and higher floors only add to
 * the front of `where`.
 */
#ifndef DATENBRIEF_ERROR_H
#define DATENBRIEF_ERROR_H

#include <datenbrief/version.h>

#ifdef __cplusplus
extern "C" {
#endif

enum dbrief_status {
	DBRIEF_EOF = 1,     /* no more items; not an error */
	DBRIEF_OK = 0,
	DBRIEF_WARN = -10,   /* done, with something to read in the error record */
	DBRIEF_RETRY = -20,  /* a repeat may help: connection lost, server busy */
	DBRIEF_FAILED = -30, /* this letter is held; the next one may succeed */
	DBRIEF_FATAL = -40   /* this run is over: misconfigured, output gone, breach */
};

enum dbrief_cause {
	DBRIEF_CAUSE_NONE = 0,
	DBRIEF_CAUSE_MEMORY,     /* an allocation failed */
	DBRIEF_CAUSE_ARG,        /* the caller passed something it must not */
	DBRIEF_CAUSE_STATE,      /* call in the wrong order */
	DBRIEF_CAUSE_OPTION,     /* an options struct holds a field unknown here */
	DBRIEF_CAUSE_LIMIT,      /* a maximum of limits.h was reached */
	DBRIEF_CAUSE_ENCODING,   /* bytes that are not text in the declared charset */
	DBRIEF_CAUSE_VALUE,      /* text that is no value of its declared type */
	DBRIEF_CAUSE_CONNECTOR,  /* a source reported a failure */
	DBRIEF_CAUSE_INCOMPLETE, /* a source did not answer to its end, or a field is missing */
	DBRIEF_CAUSE_UNDECLARED, /* a source delivered what nobody declared */
	DBRIEF_CAUSE_FOREIGN,    /* a record of another subject: a privacy incident */
	DBRIEF_CAUSE_UNKNOWN_SUBJECT, /* no source knows the identifier */
	DBRIEF_CAUSE_HOLD,       /* a hold rule of the configuration applies */
	DBRIEF_CAUSE_CONFIG,     /* configuration or register is wrong */
	DBRIEF_CAUSE_XML,        /* a document is not well-formed or not valid */
	DBRIEF_CAUSE_TEMPLATE,   /* a template is wrong, or a select found nothing */
	DBRIEF_CAUSE_GLYPH,      /* no font draws a character */
	DBRIEF_CAUSE_FONT,       /* a font is missing or unusable */
	DBRIEF_CAUSE_LAYOUT,     /* content does not fit where it must */
	DBRIEF_CAUSE_IMAGE,      /* a picture is damaged or too large */
	DBRIEF_CAUSE_PDF,        /* the PDF could not be built */
	DBRIEF_CAUSE_SINK,       /* the output could not be written */
	DBRIEF_CAUSE_DEADLINE,   /* a call took longer than allowed */
	DBRIEF_CAUSE_CANCELLED,  /* somebody asked to stop */
	DBRIEF_CAUSE_SYSTEM,     /* an operating system call failed, see os_errno */
	DBRIEF_CAUSE_FENCED,     /* another run is at work in the folder, or a newer attempt at the shard */
	DBRIEF_CAUSE_AMBIGUOUS   /* a key leads to more than one subject, or is not confirmed */
};

struct dbrief_error {
	int status;      /* enum dbrief_status */
	int cause;       /* enum dbrief_cause */
	int os_errno;    /* errno of a failed system call, else 0. A connector's: what is missing or unreadable at an optional source */
	char where[192]; /* place, NUL-terminated; "..." at the end if cut */
	char text[256];  /* what; what to do. NUL-terminated, likewise */
};

#define DBRIEF_ERROR_INIT { DBRIEF_OK, DBRIEF_CAUSE_NONE, 0, "", "" }

/* Short stable word for a cause, e.g. "undeclared". Static, never NULL. */
DBRIEF_API const char *dbrief_cause_name(int cause);
/* Short stable word for a status, e.g. "failed". Static, never NULL. */
DBRIEF_API const char *dbrief_status_name(int status);
/* Empties *err; NULL is allowed. */
DBRIEF_API void dbrief_error_clear(struct dbrief_error *err);
/*
 * For connectors and sinks: records a failure and returns `status`, so that
 * a callback may end with `return dbrief_error_set(...)`. `where` and `text`
 * are copied. Does nothing but return `status` if err is NULL or already
 * holds an error.
 */
DBRIEF_API int dbrief_error_set(struct dbrief_error *err, int status, int cause,
    const char *where, const char *text);

#ifdef __cplusplus
}
#endif
#endif
