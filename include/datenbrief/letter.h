/* SPDX-License-Identifier: MIT */
/*
 * Letters: from a subject, from a model, or from a ready letter document.
 */
#ifndef DATENBRIEF_LETTER_H
#define DATENBRIEF_LETTER_H

#include <stddef.h>
#include <datenbrief/engine.h>
#include <datenbrief/model.h>
#include <datenbrief/sink.h>
#include <datenbrief/template.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the sink receives. */
enum dbrief_stage {
	DBRIEF_STAGE_PDF = 0,
	DBRIEF_STAGE_MODEL,  /* model as XML */
	DBRIEF_STAGE_LETTER, /* letter document as XML */
	DBRIEF_STAGE_LAYOUT, /* display list as text */
	DBRIEF_STAGE_SPOOL   /* a record to be put into a lot, see lot.h */
};

/* Filled by the library if the caller passes it. */
struct dbrief_letter_info {
	size_t size;
	unsigned pages;
	unsigned records; /* records of the model; 0 for ready letters */
	size_t bytes;     /* handed to the sink */
	char case_code[DBRIEF_CASE_CODE_SIZE];
	char sha256[65];  /* of these bytes, in hexadecimal */
	unsigned replaced; /* characters that were no text and were replaced or left out, as the configuration allows */
	unsigned suspect;  /* values that look as if read in a wrong charset ("MÃ¼ller") */
	unsigned choice;   /* which <template> of the configuration made it, from 1; 0: a ready letter */
	char lang[16];     /* of the letter, BCP 47; cut if longer */
};
#define DBRIEF_LETTER_INFO_INIT { sizeof(struct dbrief_letter_info), 0, 0, 0, "", "", 0, 0, 0, "" }

struct dbrief_letter_opts {
	size_t size;
	int stage;         /* enum dbrief_stage; 0: PDF */
	int no_attachment; /* do not attach the model as XML */
	struct dbrief_letter_info *info;
	const char *stamp; /* UTF-8, printed across each page below its text, as on a sample; NULL: none */
};
#define DBRIEF_LETTER_OPTS_INIT { sizeof(struct dbrief_letter_opts), 0, 0, NULL, NULL }

/*
 * The common case in one call: gather, fill the template, lay out, write,
 * commit. On failure the sink is aborted. OK, FAILED (this letter is held) or
 * FATAL (stop the run).
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_letter_create(dbrief_session *session, const dbrief_template *tmpl,
    const char *subject, struct dbrief_sink *sink, const struct dbrief_letter_opts *opts,
    struct dbrief_error *err);
/* The same from a model. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_letter_render(dbrief_session *session, const dbrief_template *tmpl,
    const dbrief_model *model, struct dbrief_sink *sink, const struct dbrief_letter_opts *opts,
    struct dbrief_error *err);
/* A ready letter document (urn:datenbrief:letter:1) from a file, as in mail merge. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_letter_render_file(dbrief_session *session, const char *path,
    struct dbrief_sink *sink, const struct dbrief_letter_opts *opts, struct dbrief_error *err);

#ifdef __cplusplus
}
#endif
#endif
