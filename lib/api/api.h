/* SPDX-License-Identifier: MIT */
/* What stands behind the opaque types of the public API. */
#ifndef DBI_API_H
#define DBI_API_H

#include <pthread.h>
#include <stdatomic.h>
#include <datenbrief/engine.h>
#include <datenbrief/letter.h>
#include "api/config.h"
#include "gather/gather.h"
#include "layout/layout.h"
#include "letter/letter.h"
#include "model/change.h"
#include "model/model.h"
#include "pdf/pdf.h"
#include "template/template.h"
#include "text/breaks.h"
#include "util/arena.h"
#include "util/env.h"
#include "util/format.h"
#include "xml/xpath.h"

/* States of an engine, as bits, so that a check may allow several. */
enum { DBI_ENGINE_OPEN = 1, DBI_ENGINE_FROZEN = 2 };

struct dbrief_source {
	const struct dbi_source_decl *decl;
};

/* How a source came to its connector. */
struct dbi_engine_source {
	struct dbrief_source source;
	const struct dbrief_connector_type *type; /* made by this type; NULL: the host's own, or none yet */
	bool connected;                           /* the table stands in dbrief_engine.connected */
	bool described;
};

struct dbi_images;

struct dbrief_engine {
	unsigned state;
	struct dbi_env env;
	struct dbi_config *config;                /* NULL: ready letter documents only */
	const struct dbrief_connector_type **types;
	size_t n_types;
	struct dbi_engine_source *sources;        /* configuration order, like `connected` */
	struct dbi_connected *connected;
	size_t n_sources;
	dbi_fontset *fonts;
	dbi_pdf_fonts *pdf_fonts;
	struct dbi_images *images;
	struct dbi_delivery delivery;             /* of the configuration and the call */
	struct dbi_house house;                   /* doc NULL: none */
	struct dbi_draft house_doc;
	char *house_folder, *house_fonts;         /* fonts: names, or NULL */
};

/* Shared by the caller and by the sessions that hold its compiled form. */
struct dbrief_template {
	atomic_uint refs;
	dbrief_engine *engine;
	struct dbi_template_choice {
		const struct dbi_template_decl *decl; /* NULL: loaded by its path */
		dbi_template *tmpl;
	} *choices;                               /* the first that fits makes the letter */
	size_t n_choices;
};

struct dbrief_model {
	dbi_xml_doc *doc;
	char case_code[DBRIEF_CASE_CODE_SIZE];
};

#define DBI_SESSION_TEMPLATES 8

struct dbi_session_template {
	dbrief_template *tmpl;
	struct dbi_session_choice { dbi_template_eval *eval; dbi_xpath *when; } *choices; /* made on first use */
	dbi_xpath_ctx *conditions;                /* NULL: none of the choices has one */
	unsigned long used;                       /* when last, counted in letters */
};

struct dbrief_session {
	dbrief_engine *engine;
	dbi_gatherer *gatherer;                   /* NULL without configuration */
	dbi_subject_eval *subject;
	dbi_shaper *shaper;
	dbi_breaker *breaker;
	dbi_pdf_writer *pdf;
	dbi_format *format;
	struct dbi_arena arena;                   /* of the letter at work */
	struct dbi_draft draft;                   /* its document, which borrows from model and template */
	struct dbi_buf xml, out;                  /* its attachment and its bytes */
	struct dbi_session_template templates[DBI_SESSION_TEMPLATES];
	unsigned long letters;
	unsigned memory_failures;                 /* in a row */
	struct dbi_changes *changes;              /* of the letter at work, borrowed; NULL: not compared with the last one */
	bool busy;                                /* inside a call: callbacks must not come back in */
};

/* ---- checks at public entries ---- */
int dbi_misuse(struct dbrief_error *err, int cause, const char *text);
/*
 * Copies a caller's options struct, which begins with its size, into a zeroed
 * one of `known` bytes. Smaller than `first`: ARG. A tail this library does
 * not know must be zero: OPTION. `from` NULL: all defaults.
 */
int dbi_opts_copy(void *to, size_t known, size_t first, const void *from, struct dbrief_error *err);
int dbi_engine_check(const dbrief_engine *engine, unsigned states, struct dbrief_error *err);
/* FAILED when it is too long or no text: such an identifier can have no data. */
int dbi_subject_check(const char *subject, struct dbrief_error *err);
bool dbi_sink_usable(const struct dbrief_sink *sink);
/* Marks the session as working; fails when it already is. */
int dbi_session_enter(dbrief_session *session, struct dbrief_error *err);
/* Ends the work: memory of the letter is wiped and kept. */
void dbi_session_leave(dbrief_session *session);

/* Memory that holds what was fetched ahead last. */
size_t dbi_session_ahead_bytes(const dbrief_session *session);

/* ---- parts ---- */
/* The house style at `path`, else the configuration's, if any. */
int dbi_engine_load_house(dbrief_engine *e, const char *path, struct dbrief_error *err);
/* Needs the fonts. FATAL with the place of a mistake in it. */
int dbi_engine_try_house(const dbrief_engine *e, struct dbrief_error *err);
const struct dbi_house *dbi_engine_house(const dbrief_engine *e); /* or NULL */
/* What the call says about delivery, over what the configuration says. */
int dbi_engine_set_delivery(dbrief_engine *e, const struct dbrief_engine_opts *o, struct dbrief_error *err);
/* Makes the connector of a source, once. */
int dbi_engine_create_source(dbrief_engine *engine, size_t i, struct dbrief_error *err);
/* Makes the connector of a source and compares it with its declaration, once. */
int dbi_engine_connect_source(dbrief_engine *engine, size_t i, struct dbrief_error *err);
int dbi_engine_connect(dbrief_engine *engine, struct dbrief_error *err);
int dbi_images_new(struct dbi_images **images, struct dbrief_error *err);
void dbi_images_free(struct dbi_images *images);
/* The picture `src` of a document in `folder`: a relative path that stays inside. Borrowed from the cache. */
int dbi_images_find(struct dbi_images *images, const char *folder, const char *src,
    const struct dbi_image **image, struct dbrief_error *err);
/* The template that fits the model, and its compiled form. FAILED when none does. */
int dbi_session_eval(dbrief_session *session, dbrief_template *tmpl, const dbi_xml_doc *model, const dbi_template **chosen,
    dbi_template_eval **eval, struct dbrief_error *err);
/* Ends the compiled forms of all templates. */
void dbi_session_templates_drop(dbrief_session *session);
void dbi_session_code_in_year(const dbrief_session *session, const char *subject, int year,
    char code[DBRIEF_CASE_CODE_SIZE]);
void dbi_session_code(const dbrief_session *session, const char *subject, char code[DBRIEF_CASE_CODE_SIZE]);
/* Gathers and joins everything about a subject. The session must be entered. */
int dbi_model_of_subject(dbi_xml_doc **model, dbrief_session *session, const char *subject,
    struct dbrief_error *err);
/* Records of a model, nested ones included. */
unsigned dbi_model_records(const dbi_xml_doc *model);

#endif
