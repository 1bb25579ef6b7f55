/* SPDX-License-Identifier: MIT */
#include "bench_letter.h"

#include "bench_model.h"
#include "model/model.h"
#include "stages.h"
#include "util/mem.h"

static const struct dbi_env env = { { 2026, 11, 23 }, DBI_MODE_YEARLY };

int bench_shared_init(struct bench_shared *s, const char *template_path, unsigned n_models, struct dbrief_error *err)
{
	int status;

	*s = (struct bench_shared){ NULL, NULL, NULL, NULL, 0 };
	dbi_xml_init();
	s->models = dbi_calloc(n_models, sizeof(*s->models));
	if (!s->models)
		return dbi_error_memory(err);
	for (; s->n_models < n_models; s->n_models++)
		if (!(s->models[s->n_models] = bench_model(s->n_models)))
			return dbi_error_memory(err);
	status = dbi_fontset_new(&s->fonts, NULL, 0, NULL, 0, err);
	if (status == DBRIEF_OK)
		status = dbi_pdf_fonts_new(&s->pdf_fonts, s->fonts, err);
	if (status == DBRIEF_OK)
		status = dbi_template_load(&s->tmpl, template_path, err);
	return status;
}

void bench_shared_dispose(struct bench_shared *s)
{
	for (unsigned i = 0; i < s->n_models; i++)
		dbi_xml_free(s->models[i]);
	dbi_free(s->models);
	dbi_template_free(s->tmpl);
	dbi_pdf_fonts_free(s->pdf_fonts);
	dbi_fontset_free(s->fonts);
}

int bench_worker_init(struct bench_worker *w, const struct bench_shared *s, struct dbrief_error *err)
{
	int status;

	*w = (struct bench_worker){ .shared = s };
	status = dbi_template_eval_new(&w->eval, s->tmpl, &env, err);
	if (status == DBRIEF_OK)
		status = dbi_shaper_new(&w->shaper, s->fonts, err);
	if (status == DBRIEF_OK)
		status = dbi_breaker_new(&w->breaker, err);
	if (status == DBRIEF_OK)
		status = dbi_pdf_writer_new(&w->pdf, s->pdf_fonts, err);
	return status;
}

void bench_worker_dispose(struct bench_worker *w)
{
	dbi_pdf_writer_free(w->pdf);
	dbi_breaker_free(w->breaker);
	dbi_shaper_free(w->shaper);
	dbi_template_eval_free(w->eval);
	dbi_arena_dispose(&w->arena);
	dbi_draft_dispose(&w->draft);
	dbi_buf_dispose(&w->xml);
	dbi_buf_dispose(&w->out);
	dbi_xml_free(w->gathered);
}

int bench_gather(struct bench_worker *w, unsigned n, struct dbrief_error *err)
{
	dbi_xml_free(w->gathered);
	w->gathered = bench_model_copy(w->shared->models[n % w->shared->n_models]);
	return w->gathered ? DBRIEF_OK : dbi_error_memory(err);
}

/* What belongs to the letter before goes only now, so that its display list could be looked at. */
static void begin(struct bench_worker *w)
{
	dbi_shaper_letter_done(w->shaper);
	dbi_arena_reset(&w->arena);
	dbi_buf_clear(&w->xml);
	dbi_buf_clear(&w->out);
}

static int write_pdf(struct bench_worker *w, const dbi_xml_doc *model, const struct dbi_letter *letter, struct dbrief_error *err)
{
	struct dbi_pdf_meta meta = { .title = letter->title, .lang = letter->lang, .producer = "libdatenbrief",
		.creator = "bench", .date = { 2026, 11, 23 }, .attachment_name = "datenbrief.xml",
		.attachment_description = "Die Daten dieses Briefes in maschinenlesbarer Form" };
	int status;

	if (w->spool)
		return dbi_pdf_spool(w->pdf, w->shaper, &w->display, &meta, &w->out, err);
	status = dbi_model_write(model, false, &w->xml, err);

	if (status != DBRIEF_OK)
		return status;
	meta.attachment = w->xml.data;
	meta.attachment_len = w->xml.len;
	return dbi_pdf_write(w->pdf, w->shaper, &w->display, &meta, &w->out, err);
}

int bench_letter(struct bench_worker *w, unsigned n, struct dbrief_error *err)
{
	const struct bench_shared *s = w->shared;
	const dbi_xml_doc *model = w->gathered ? w->gathered : s->models[n % s->n_models];
	struct dbi_layout_ctx ctx = { s->fonts, w->shaper, w->breaker, &w->arena, NULL };
	struct dbi_letter *letter = NULL;
	int status, stage;

	begin(w);
	stage = stage_enter(STAGE_TEMPLATE);
	status = dbi_template_run(w->eval, model, &w->draft, err);
	stage_leave(stage);
	if (status != DBRIEF_OK)
		return status;
	stage = stage_enter(STAGE_LAYOUT);
	status = dbi_letter_read(&letter, &w->arena, &w->draft, s->fonts, DBRIEF_FAILED, err);
	dbi_display_init(&w->display, &w->arena, s->fonts);
	if (status == DBRIEF_OK)
		status = dbi_layout_letter(&ctx, letter, &w->display, err);
	stage_leave(stage);
	stage = stage_enter(STAGE_SAVE);
	if (status == DBRIEF_OK)
		status = write_pdf(w, model, letter, err);
	stage_leave(stage);
	w->bytes += w->out.len;
	return status;
}
