/* SPDX-License-Identifier: MIT */
/* One letter of the bench: model in memory to PDF bytes in memory, on the library's own floors. */
#ifndef BENCH_LETTER_H
#define BENCH_LETTER_H

#include "layout/layout.h"
#include "pdf/pdf.h"
#include "template/template.h"

struct bench_shared {            /* of the process */
	dbi_fontset *fonts;
	dbi_pdf_fonts *pdf_fonts;
	dbi_template *tmpl;
	dbi_xml_doc **models;
	unsigned n_models;
};
struct bench_worker {            /* of a thread */
	const struct bench_shared *shared;
	dbi_template_eval *eval;
	dbi_shaper *shaper;
	dbi_breaker *breaker;
	dbi_pdf_writer *pdf;
	struct dbi_arena arena;
	struct dbi_draft draft;
	struct dbi_buf xml, out;
	struct dbi_display display;  /* of the letter made last, until the next one */
	size_t bytes;                /* sum over letters */
	bool spool;                  /* letters become records for a lot */
	dbi_xml_doc *gathered;       /* of bench_gather */
};

int bench_shared_init(struct bench_shared *s, const char *template_path, unsigned n_models, struct dbrief_error *err);
void bench_shared_dispose(struct bench_shared *s);
int bench_worker_init(struct bench_worker *w, const struct bench_shared *s, struct dbrief_error *err);
void bench_worker_dispose(struct bench_worker *w);
/* The model of the n-th letter anew, as it comes from gathering: just written, so that it is in the processor's caches. */
int bench_gather(struct bench_worker *w, unsigned n, struct dbrief_error *err);
/* The n-th letter, from that model if it is there; its bytes stand in w->out, its display list in w->display. */
int bench_letter(struct bench_worker *w, unsigned n, struct dbrief_error *err);

#endif
