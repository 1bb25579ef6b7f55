/* SPDX-License-Identifier: MIT */
/*
 * The pipeline of a letter: model -> template -> letter document -> layout -> PDF
 * -> sink. Each entry ends the sink exactly once: commit after the last byte,
 * abort on any failure.
 */
#include <stdio.h>
#include <string.h>
#include "api/api.h"
#include "util/hash.h"

#define LETTER_NS "urn:datenbrief:letter:1"

/* One letter at work. */
struct job {
	dbrief_session *s;
	struct dbrief_letter_opts opts;
	const dbi_xml_doc *model;       /* NULL: a ready letter */
	const dbi_template *tmpl;       /* NULL: a ready letter */
	const char *folder;             /* of pictures */
	int fault;                      /* status of mistakes in the letter document */
	unsigned pages;
	unsigned choice;                /* of the templates, from 1 */
	char lang[16];
};

static int load_image(void *user, const char *folder, const char *src, const struct dbi_image **image, struct dbrief_error *err)
{
	struct job *job = user;
	struct dbrief_error e = DBRIEF_ERROR_INIT;
	int status = dbi_images_find(job->s->engine->images, folder ? folder : job->folder, src, image, &e);

	/* A picture the template itself names is everybody's; one that the data name is this letter's. */
	if (status == DBRIEF_FATAL && e.cause == DBRIEF_CAUSE_IMAGE && job->tmpl &&
	    !dbi_template_writes(job->tmpl, "img", "src", src))
		status = DBRIEF_FAILED;
	return dbi_error_pass(err, status, &e);
}

static const char *controller_name(const dbi_xml_doc *model)
{
	const dbi_xml_node *controller = model ? dbi_node_child(dbi_xml_root(model), "controller") : NULL;
	const dbi_xml_node *name = controller ? dbi_node_child(controller, "name") : NULL;
	const char *text = name ? dbi_node_text(name) : NULL;

	return text && text[0] ? text : "datenbrief";
}

static int attach_model(struct job *job, struct dbi_pdf_meta *meta, const char *lang, struct dbrief_error *err)
{
	struct dbi_buf *xml = &job->s->xml;
	bool german = lang && strncmp(lang, "de", 2) == 0 && (!lang[2] || lang[2] == '-');
	int status;

	if (!job->model || job->opts.no_attachment)
		return DBRIEF_OK;
	status = dbi_model_write(job->model, false, xml, err);
	meta->attachment_name = "datenbrief.xml";
	meta->attachment_description = german ? "Die Daten dieses Briefes in maschinenlesbarer Form" :
	    "The data of this letter in machine-readable form";
	meta->attachment = xml->data;
	meta->attachment_len = xml->len;
	return status;
}

/* NULL: none. */
static const char *case_code(const struct job *job)
{
	return job->model ? dbi_node_attr(dbi_xml_root(job->model), "case") : dbi_draft_attr(job->s->draft.root, DBI_ATTR_CASE);
}

static int write_pdf(struct job *job, const struct dbi_letter *letter, const struct dbi_display *display,
    struct dbrief_error *err)
{
	dbrief_session *s = job->s;
	const struct dbi_date *date = &s->engine->env.date;
	struct dbi_pdf_meta meta = {
		.title = letter->title, .lang = letter->lang, .producer = "libdatenbrief " DBRIEF_VERSION_STRING,
		.creator = controller_name(job->model), .stamp = job->opts.stamp,
	};
	int status = DBRIEF_OK;

	meta.date.year = date->year;
	meta.date.month = date->month;
	meta.date.day = date->day;
	if (job->opts.stage == DBRIEF_STAGE_SPOOL) {
		meta.case_code = case_code(job);
		meta.picture_folder = s->engine->config ? s->engine->config->base : NULL;
		return dbi_pdf_spool(s->pdf, s->shaper, display, &meta, &s->out, err);
	}
	status = attach_model(job, &meta, letter->lang, err);
	if (status == DBRIEF_OK)
		status = dbi_pdf_write(s->pdf, s->shaper, display, &meta, &s->out, err);
	return status;
}

/* A report is never posted, whatever the others are. */
static void deliver_as(struct dbi_letter *letter, const struct dbi_delivery *delivery)
{
	if (strcmp(letter->form, "report") == 0)
		return;
	dbi_delivery_over(&letter->delivery, delivery);
	letter->form = letter->delivery.form;
}

/* Layout and what follows; text or PDF goes to the session's buffer. */
static int set_letter(struct job *job, struct dbrief_error *err)
{
	dbrief_session *s = job->s;
	const struct dbi_image_source images = { load_image, job };
	struct dbi_layout_ctx ctx = { s->engine->fonts, s->shaper, s->breaker, &s->arena, &images };
	struct dbi_letter *letter = NULL;
	struct dbi_display display;
	int status;

	status = dbi_letter_read_in_house(&letter, &s->arena, &s->draft, dbi_engine_house(s->engine), s->engine->fonts, job->fault, err);
	if (status != DBRIEF_OK)
		return status;
	(void)snprintf(job->lang, sizeof(job->lang), "%s", letter->lang ? letter->lang : "");
	deliver_as(letter, &s->engine->delivery);
	dbi_display_init(&display, &s->arena, s->engine->fonts);
	status = dbi_layout_letter(&ctx, letter, &display, err);
	if (status != DBRIEF_OK)
		return status;
	job->pages = (unsigned)display.n_pages;
	if (s->engine->config && job->model && job->pages > s->engine->config->sources.limits.pages)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "",
		    "more than %u pages for one letter; raise <limits pages>, or decide about this letter by hand",
		    s->engine->config->sources.limits.pages);
	if (job->opts.stage == DBRIEF_STAGE_LAYOUT)
		return dbi_display_dump(&display, &s->out, err);
	return write_pdf(job, letter, &display, err);
}

static int fill_template(struct job *job, const dbrief_template *tmpl, struct dbrief_error *err)
{
	const dbi_template *chosen = NULL;
	dbi_template_eval *eval = NULL;
	/* The count of references is all that changes in a template. */
	int status = dbi_session_eval(job->s, (dbrief_template *)(uintptr_t)tmpl, job->model, &chosen, &eval, err);

	if (status != DBRIEF_OK)
		return status;
	job->tmpl = chosen;
	while (job->choice < tmpl->n_choices && tmpl->choices[job->choice++].tmpl != chosen)
		;
	job->folder = dbi_template_folder(chosen);
	return dbi_template_run(eval, job->model, &job->s->draft, err);
}

static int write_letter(const struct job *job, struct dbrief_error *err)
{
	return dbi_draft_write(&job->s->draft, LETTER_NS, true, &job->s->out, err);
}

static int make_from_model(struct job *job, const dbrief_template *tmpl, struct dbrief_error *err)
{
	int status;

	if (job->opts.stage == DBRIEF_STAGE_MODEL)
		return dbi_model_write(job->model, true, &job->s->out, err);
	if (!tmpl)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the template is NULL; load one with dbrief_template_load");
	status = fill_template(job, tmpl, err);
	if (status != DBRIEF_OK)
		return status;
	return job->opts.stage == DBRIEF_STAGE_LETTER ? write_letter(job, err) : set_letter(job, err);
}

static unsigned count_of_sources(const dbi_xml_doc *model, const char *attr)
{
	const dbi_xml_node *sources = dbi_node_child(dbi_xml_root(model), "sources");
	unsigned sum = 0;

	for (const dbi_xml_node *n = sources ? dbi_node_child(sources, "source") : NULL; n; n = dbi_node_sibling(n, "source")) {
		const char *text = dbi_node_attr(n, attr);
		int64_t value = 0;

		if (text && dbi_parse_int(text, strlen(text), &value) && value > 0)
			sum += (unsigned)value;
	}
	return sum;
}

static void fill_info(const struct job *job)
{
	const struct dbi_buf *out = &job->s->out;
	struct dbrief_letter_info *info = job->opts.info;
	const char *code;

	if (!info)
		return;
	code = case_code(job);
	info->pages = job->pages;
	info->records = job->model ? dbi_model_records(job->model) : 0;
	info->bytes = out->len;
	info->replaced = job->model ? count_of_sources(job->model, "replaced") : 0;
	info->suspect = job->model ? count_of_sources(job->model, "suspect") : 0;
	info->choice = job->choice;
	memcpy(info->lang, job->lang, sizeof(info->lang));
	memset(info->case_code, 0, sizeof(info->case_code));
	if (code)
		memcpy(info->case_code, code, strnlen(code, sizeof(info->case_code) - 1));
	dbi_sha256_hex(info->sha256, out->data ? out->data : "", out->len);
}

static int deliver(struct job *job, struct dbrief_sink *sink, struct dbrief_error *err)
{
	const struct dbi_buf *out = &job->s->out;
	int status;

	if (out->failed || !out->data)
		return dbi_error_memory(err);
	status = sink->write(sink->user, out->data, out->len, err);
	if (status == DBRIEF_OK)
		status = sink->commit(sink->user, err);
	if (status != DBRIEF_OK)
		return dbi_error(err, status < 0 ? status : DBRIEF_FATAL, DBRIEF_CAUSE_SINK, "",
		    "the output was refused; check the sink");
	fill_info(job);
	return DBRIEF_OK;
}

/* Out of memory twice in a row is no matter of one letter any more. */
static int judge_memory(dbrief_session *s, int status, struct dbrief_error *err)
{
	if (status == DBRIEF_OK || err->cause != DBRIEF_CAUSE_MEMORY) {
		s->memory_failures = 0;
		return status;
	}
	if (++s->memory_failures < 2 || status <= DBRIEF_FATAL)
		return status;
	err->status = DBRIEF_FATAL;
	return DBRIEF_FATAL;
}

static int read_opts(struct job *job, const struct dbrief_letter_opts *opts, struct dbrief_error *err)
{
	int status = dbi_opts_copy(&job->opts, sizeof(job->opts), sizeof(job->opts), opts, err);

	if (status != DBRIEF_OK)
		return status;
	if (job->opts.stage < DBRIEF_STAGE_PDF || job->opts.stage > DBRIEF_STAGE_SPOOL)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "unknown stage; use enum dbrief_stage");
	if (job->opts.info && job->opts.info->size < sizeof(*job->opts.info))
		return dbi_misuse(err, DBRIEF_CAUSE_ARG,
		    "the letter info has no size; begin it with DBRIEF_LETTER_INFO_INIT");
	return DBRIEF_OK;
}

/* Checks what all entries share and marks the session; the caller ends with leave(). */
static int enter(struct job *job, dbrief_session *session, const struct dbrief_letter_opts *opts,
    struct dbrief_error *err)
{
	int status;

	*job = (struct job){ .s = NULL, .fault = DBRIEF_FAILED, .folder = "." };
	status = read_opts(job, opts, err);
	if (status == DBRIEF_OK)
		status = dbi_session_enter(session, err);
	if (status != DBRIEF_OK)
		return status;
	job->s = session;
	session->letters++;
	return DBRIEF_OK;
}

static int leave(struct job *job, struct dbrief_sink *sink, int status, struct dbrief_error *err)
{
	if (status != DBRIEF_OK)
		sink->abort(sink->user);
	if (!job->s)
		return status;
	status = judge_memory(job->s, status, err);
	dbi_session_leave(job->s);
	return status;
}

static int bad_sink(struct dbrief_error *err)
{
	return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the sink is incomplete; set its size, write, commit and abort");
}

int dbrief_letter_create(dbrief_session *session, const dbrief_template *tmpl, const char *subject,
    struct dbrief_sink *sink, const struct dbrief_letter_opts *opts, struct dbrief_error *err)
{
	dbi_xml_doc *model = NULL;
	struct dbrief_error own = DBRIEF_ERROR_INIT;
	struct job job;
	int status;

	err = err ? err : &own;
	dbrief_error_clear(err);
	if (!dbi_sink_usable(sink))
		return bad_sink(err);
	status = enter(&job, session, opts, err);
	if (status == DBRIEF_OK)
		status = dbi_model_of_subject(&model, session, subject, err);
	job.model = model;
	if (status == DBRIEF_OK)
		status = make_from_model(&job, tmpl, err);
	if (status == DBRIEF_OK)
		status = deliver(&job, sink, err);
	dbi_xml_free(model);
	return leave(&job, sink, status, err);
}

int dbrief_letter_render(dbrief_session *session, const dbrief_template *tmpl, const dbrief_model *model,
    struct dbrief_sink *sink, const struct dbrief_letter_opts *opts, struct dbrief_error *err)
{
	struct dbrief_error own = DBRIEF_ERROR_INIT;
	struct job job;
	int status;

	err = err ? err : &own;
	dbrief_error_clear(err);
	if (!dbi_sink_usable(sink))
		return bad_sink(err);
	status = enter(&job, session, opts, err);
	if (status == DBRIEF_OK && !model)
		status = dbi_misuse(err, DBRIEF_CAUSE_ARG, "the model is NULL; gather or load one first");
	if (status == DBRIEF_OK) {
		job.model = model->doc;
		status = make_from_model(&job, tmpl, err);
	}
	if (status == DBRIEF_OK)
		status = deliver(&job, sink, err);
	return leave(&job, sink, status, err);
}

static int make_from_file(struct job *job, const char *path, struct dbrief_error *err)
{
	const char *slash = strrchr(path, '/');

	job->fault = DBRIEF_FATAL;
	if (slash) {
		size_t len = slash > path ? (size_t)(slash - path) : 1;

		job->folder = dbi_arena_strndup(&job->s->arena, path, len);
		if (!job->folder)
			return dbi_error_memory(err);
	}
	if (job->opts.stage == DBRIEF_STAGE_MODEL)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "a ready letter has no model; choose another stage");
	if (job->opts.stage == DBRIEF_STAGE_LETTER)
		return write_letter(job, err);
	return set_letter(job, err);
}

static int read_file(struct job *job, const char *path, struct dbrief_error *err)
{
	dbi_xml_doc *doc = NULL;
	int status = dbi_xml_parse_file(&doc, path, LETTER_NS, err);

	if (status == DBRIEF_OK)
		status = dbi_draft_from_xml(&job->s->draft, doc, err);
	dbi_xml_free(doc);
	return status;
}

int dbrief_letter_render_file(dbrief_session *session, const char *path, struct dbrief_sink *sink,
    const struct dbrief_letter_opts *opts, struct dbrief_error *err)
{
	struct dbrief_error own = DBRIEF_ERROR_INIT;
	struct job job;
	int status;

	err = err ? err : &own;
	dbrief_error_clear(err);
	if (!dbi_sink_usable(sink))
		return bad_sink(err);
	status = enter(&job, session, opts, err);
	if (status == DBRIEF_OK && !path)
		status = dbi_misuse(err, DBRIEF_CAUSE_ARG, "the path of the letter is NULL; pass one");
	if (status == DBRIEF_OK)
		status = read_file(&job, path, err);
	if (status == DBRIEF_OK)
		status = make_from_file(&job, path, err);
	if (status == DBRIEF_OK)
		status = deliver(&job, sink, err);
	return leave(&job, sink, status, err);
}
