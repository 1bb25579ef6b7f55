/* SPDX-License-Identifier: MIT */
#include "batch/run.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "batch/ledger.h"
#include "batch/point.h"
#include "util/mem.h"

/* ---- counts ---- */

void dbi_counts_start(struct dbrief_run_counts *counts, uint64_t planned)
{
	memset(counts, 0, sizeof(*counts));
	counts->size = sizeof(*counts);
	counts->planned = planned;
}

void dbi_counts_give(struct dbrief_run_counts *to, const struct dbrief_run_counts *from)
{
	size_t size = to ? to->size : 0;

	if (!to)
		return;
	memcpy(to, from, size < sizeof(*from) ? size : sizeof(*from));
	to->size = size;
}

/* ---- plan ---- */

struct planning {
	dbrief_session *session;
	const dbrief_engine *engine;
	dbi_ledger *ledger;  /* NULL: nobody asks it */
	char date[11];
};

static int list(void *user, int (*add)(void *ctx, const struct dbrief_subject_row *row), void *ctx, struct dbrief_error *err)
{
	struct planning *p = user;

	return dbrief_session_list_rows(p->session, add, ctx, err);
}

static void code_of(void *user, const char *subject, char out[DBRIEF_CASE_CODE_SIZE])
{
	const struct planning *p = user;

	dbi_engine_code(p->engine, subject, out);
}

static int had_letter(void *user, const char *subject, bool *had, struct dbrief_error *err)
{
	const struct planning *p = user;

	/* Answers to requests are always due. */
	return p->ledger ? dbi_ledger_has(p->ledger, subject, p->date, "", had, err) : DBRIEF_OK;
}

static int is_stranger(void *ctx, const char *name)
{
	if (name[0] != '.')
		++*(size_t *)ctx;
	return 0;
}

static int check_part(const struct dbi_folder *folder, const char *name, struct dbrief_error *err)
{
	size_t n = 0;
	int fd = -1, status = dbi_folder_part(folder, name, false, &fd, err);

	if (status != DBRIEF_OK)
		return status == DBRIEF_EOF ? DBRIEF_OK : status;
	dbi_folder_clean(fd);
	status = dbi_folder_each(fd, folder->path, is_stranger, &n, err);
	(void)close(fd);
	if (status == DBRIEF_OK && n)
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, folder->path,
		    "%s/ holds %zu files of another run; choose an empty folder or remove them", name, n);
	return status;
}

/* Whoever posts the folder posts all of it: nothing of another run may lie there. */
static int check_empty(const struct dbi_folder *folder, struct dbrief_error *err)
{
	static const char *const parts[] = { "letters", "lots", "journal/spool", "unreleased" };
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < sizeof(parts) / sizeof(parts[0]); i++)
		status = check_part(folder, parts[i], err);
	return status;
}

static int make_plan(const struct dbi_folder *folder, dbrief_engine *engine, const dbrief_template *tmpl,
    const struct dbrief_plan_opts *o, const struct dbi_form *form, struct dbrief_error *err)
{
	struct dbi_fingerprint made_with;
	struct planning p = { NULL, engine, NULL, "" };
	const struct dbi_config *config = engine->config;
	char check[65], described[DBI_LEDGER_STATE_SIZE] = "";
	const struct dbi_plan_maker maker = { &made_with, p.date, dbi_engine_mode(engine), form->name,
		o->shards ? o->shards : 1, o->limit,
		o->lot_letters || o->lot_sheets ? o->lot_letters : 25000, o->lot_sheets, o->duplex || engine->delivery.duplex == 1, o->release_key,
		config->ledger ? had_letter : NULL, check, described, o->due, o->again, list, code_of, &p };
	int status = dbi_fingerprint(&made_with, engine, tmpl, err);

	dbi_engine_date(engine, p.date);
	dbi_ledger_check(config, check);
	if (status == DBRIEF_OK && config->ledger)
		status = dbi_ledger_open(&p.ledger, config, DBI_LEDGER_CREATE, err);
	if (status == DBRIEF_OK && p.ledger)
		status = dbi_ledger_describe(p.ledger, described, err);
	if (strcmp(maker.mode, "request") == 0) {
		dbi_ledger_free(p.ledger);
		p.ledger = NULL;
	}
	if (status == DBRIEF_OK)
		status = dbrief_session_new(&p.session, engine, err);
	if (status == DBRIEF_OK)
		status = dbi_plan_make(folder, &maker, err);
	dbrief_session_free(p.session);
	dbi_ledger_free(p.ledger);
	return status;
}

/* A plan that could not be made leaves no folder that it made; whatever is in there keeps it. */
static void remove_empty(const struct dbi_folder *folder, const char *path)
{
	static const char *const parts[] = { "letters", "journal/spool", "journal", "lots", NULL };

	for (size_t i = 0; parts[i]; i++)
		(void)unlinkat(folder->fd, parts[i], AT_REMOVEDIR);
	(void)rmdir(path);
}

static int check_due(const char *folder, const dbrief_engine *engine, const struct dbrief_plan_opts *o, struct dbrief_error *err)
{
	const char *text = NULL;

	if (!o->due && !o->again)
		return DBRIEF_OK;
	if (!engine->config->ledger)
		text = "who had a letter is not known: the configuration has no <ledger>; add one, or leave out --due and --again";
	else if (o->due && o->again)
		text = "--due leaves out whom --again is for; give one of them";
	else if (strcmp(dbi_engine_mode(engine), "request") == 0)
		text = "the answer to a request is always due; leave out --due and --again";
	else if (o->again && (!o->again[0] || strlen(o->again) > 200))
		text = "the reason of --again has no text or more than 200 bytes; write a short one";
	for (const char *p = o->again; !text && p && *p; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			text = "the reason of --again has control characters; write it in one line";
	return text ? dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, folder, "%s", text) : DBRIEF_OK;
}

int dbrief_plan_create(const char *folder, dbrief_engine *engine, const dbrief_template *tmpl,
    const struct dbrief_plan_opts *opts, struct dbrief_error *err)
{
	struct dbi_folder f = DBI_FOLDER_INIT;
	const struct dbi_form *form;
	struct dbrief_plan_opts o;
	bool made;
	int status;

	dbrief_error_clear(err);
	status = dbi_engine_check(engine, DBI_ENGINE_FROZEN, err);
	if (status == DBRIEF_OK)
		status = dbi_opts_copy(&o, sizeof(o), sizeof(o), opts, err);
	if (status != DBRIEF_OK)
		return status;
	form = dbi_form_find(o.form ? o.form : "files");
	if (!folder || !tmpl || !engine->config || !form || o.shards > DBRIEF_SHARDS_MAX)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG,
		    "folder, template or configuration is missing, or form or shards are unknown; see run.h");
	if (o.release_key && (strlen(o.release_key) != 64 || strspn(o.release_key, "0123456789abcdef") != 64))
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the release key is no public key: 64 digits of 0-9 and a-f; see release.h");
	status = check_due(folder, engine, &o, err);
	if (status != DBRIEF_OK)
		return status;
	dbi_point("plan-before-lock");
	made = access(folder, F_OK) != 0;
	status = dbi_folder_open(&f, folder, true, DBI_LOCK_ALONE, err);
	if (status == DBRIEF_OK) {
		if (access(folder, W_OK) != 0)
			status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, folder, "no permission to write; choose another folder");
		dbi_folder_clean(f.fd);
	}
	if (status == DBRIEF_OK)
		status = check_empty(&f, err);
	if (status == DBRIEF_OK)
		status = make_plan(&f, engine, tmpl, &o, form, err);
	if (status != DBRIEF_OK && made && f.fd >= 0)
		remove_empty(&f, folder);
	dbi_folder_close(&f);
	return status;
}

int dbrief_plan_read(const char *folder, struct dbrief_plan_info *info, struct dbrief_error *err)
{
	struct dbi_folder f = DBI_FOLDER_INIT;
	dbi_plan *plan = NULL;
	size_t size;
	int status;

	dbrief_error_clear(err);
	if (!folder || !info || info->size < sizeof(size_t))
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "folder or info is missing; begin info with DBRIEF_PLAN_INFO_INIT");
	size = info->size;
	status = dbi_folder_open(&f, folder, false, DBI_LOCK_NONE, err);
	if (status == DBRIEF_OK)
		status = dbi_plan_open(&plan, &f, err);
	if (status == DBRIEF_OK) {
		memcpy(info, dbi_plan_info(plan), size < sizeof(*info) ? size : sizeof(*info));
		info->size = size;
	}
	dbi_plan_free(plan);
	dbi_folder_close(&f);
	return status;
}

/* ---- run ---- */

static int no_plan(const char *folder, struct dbrief_error *err)
{
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, folder, "there is no plan; make one with datenbrief plan or run");
}

static int check_date(const dbrief_run *r, struct dbrief_error *err)
{
	const struct dbrief_plan_info *info = dbi_plan_info(r->plan);
	char date[11];

	dbi_engine_date(r->engine, date);
	if (strcmp(date, info->date) != 0)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, r->folder.path,
		    "the plan is for letters of %s and not of %s; leave out --date, or start again in an empty folder", info->date, date);
	if (strcmp(dbi_engine_mode(r->engine), info->mode) != 0)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, r->folder.path,
		    "the plan is for %s letters; leave out --mode, or start again in an empty folder", info->mode);
	return DBRIEF_OK;
}

static int check_ledger(const dbrief_run *r, struct dbrief_error *err)
{
	char check[65];

	dbi_ledger_check(r->engine->config, check);
	if (!r->engine->config->ledger || strcmp(check, dbi_plan_meta(r->plan, "ledger")) == 0)
		return DBRIEF_OK;
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, r->folder.path,
	    "changed since the plan was made: the ledger's key; put it back, or start again in an empty folder");
}

static int check_plan(dbrief_run *r, struct dbrief_error *err)
{
	struct dbi_fingerprint now;
	int status = check_date(r, err);

	if (status == DBRIEF_OK)
		status = dbi_fingerprint(&now, r->engine, r->tmpl, err);
	if (status == DBRIEF_OK)
		status = dbi_plan_compare(r->plan, &now, err);
	if (status == DBRIEF_OK)
		status = check_ledger(r, err);
	if (status != DBRIEF_OK)
		return status;
	r->form = dbi_form_find(dbi_plan_info(r->plan)->form);
	if (!r->form)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, r->folder.path,
		    "the plan's form of output is not in this version; use the one that made it");
	(void)snprintf(r->plan_hash, sizeof(r->plan_hash), "%s", dbi_plan_info(r->plan)->sha256);
	return DBRIEF_OK;
}

const struct dbi_folder *dbi_run_product(const dbrief_run *run)
{
	return run->product.fd >= 0 ? &run->product : &run->folder;
}

/* Letters of a plan with a release key lie aside until they are released; then they stand in DIR, moved by one rename. */
static int open_product(dbrief_run *r, struct dbrief_error *err)
{
	if (!dbi_plan_meta(r->plan, "release-key")[0] || faccessat(r->folder.fd, dbi_form_product(r->form), F_OK, 0) == 0)
		return DBRIEF_OK;
	r->product.path = dbi_folder_path(&r->folder, "unreleased");
	if (!r->product.path)
		return dbi_error_memory(err);
	return dbi_folder_part(&r->folder, "unreleased", true, &r->product.fd, err);
}

static int open_all(dbrief_run *r, const char *folder, int access, struct dbrief_error *err)
{
	int status = dbi_folder_open(&r->folder, folder, false, access == DBRIEF_RUN_SHARED ? DBI_LOCK_SHARED : DBI_LOCK_ALONE, err);

	if (status == DBRIEF_OK)
		status = dbi_plan_open(&r->plan, &r->folder, err);
	if (status == DBRIEF_EOF)
		return no_plan(folder, err);
	if (status == DBRIEF_OK)
		status = check_plan(r, err);
	if (status == DBRIEF_OK)
		status = dbi_folder_part(&r->folder, "journal", true, &r->journal, err);
	if (status == DBRIEF_OK)
		status = open_product(r, err);
	if (status == DBRIEF_OK)
		status = dbi_folder_part(r->form->merge_letter ? &r->folder : dbi_run_product(r), r->form->folder, true, &r->rendered, err);
	return status;
}

int dbrief_run_open(dbrief_run **run, const char *folder, dbrief_engine *engine, const dbrief_template *tmpl, int access,
    struct dbrief_error *err)
{
	dbrief_run *r;
	int status;

	dbrief_error_clear(err);
	if (!run)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place for the run is NULL; pass its address");
	*run = NULL;
	status = dbi_engine_check(engine, DBI_ENGINE_OPEN | DBI_ENGINE_FROZEN, err);
	if (status != DBRIEF_OK)
		return status;
	if (!folder || !tmpl || !engine->config || (access != DBRIEF_RUN_ALONE && access != DBRIEF_RUN_SHARED))
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "folder, template or configuration is missing; pass them");
	r = dbi_calloc(1, sizeof(*r));
	if (!r)
		return dbi_error_memory(err);
	r->engine = engine;
	r->tmpl = tmpl;
	r->folder.fd = r->product.fd = r->rendered = r->journal = -1;
	status = open_all(r, folder, access, err);
	if (status != DBRIEF_OK) {
		dbrief_run_close(r);
		return status;
	}
	*run = r;
	return DBRIEF_OK;
}

void dbrief_run_close(dbrief_run *run)
{
	if (!run)
		return;
	dbi_plan_free(run->plan);
	if (run->journal >= 0)
		(void)close(run->journal);
	if (run->rendered >= 0)
		(void)close(run->rendered);
	dbi_folder_close(&run->product);
	dbi_folder_close(&run->folder);
	dbi_free(run);
}

void dbrief_run_stop(dbrief_run *run)
{
	if (run)
		atomic_store(&run->stop, true);
}

/* ---- status ---- */

static int count_shards(const struct dbi_folder *f, int journal, const dbi_plan *plan, unsigned shard,
    struct dbrief_run_counts *c, struct dbrief_error *err)
{
	const struct dbrief_plan_info *info = dbi_plan_info(plan);
	int status = DBRIEF_OK;

	for (unsigned k = 0; status == DBRIEF_OK && k < info->shards; k++) {
		dbi_journal *j = NULL;

		if (shard != DBRIEF_SHARDS_ALL && shard != k)
			continue;
		c->planned += dbi_plan_shard_size(plan, k);
		if (journal < 0)
			continue;
		status = dbi_journal_open(&j, f, journal, info->sha256, k, err);
		if (status == DBRIEF_OK)
			status = dbi_journal_count(j, c, err);
		dbi_journal_free(j);
		status = status == DBRIEF_EOF ? DBRIEF_OK : status;
	}
	c->left = c->planned - c->written - c->held;
	return status;
}

int dbrief_run_status(const char *folder, unsigned shard, struct dbrief_run_counts *counts, struct dbrief_error *err)
{
	struct dbi_folder f = DBI_FOLDER_INIT;
	struct dbrief_run_counts c;
	dbi_plan *plan = NULL;
	int journal = -1, status;

	dbrief_error_clear(err);
	if (!folder || !counts)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "folder or counts is missing; pass both");
	dbi_counts_start(&c, 0);
	status = dbi_folder_open(&f, folder, false, DBI_LOCK_NONE, err);
	if (status == DBRIEF_OK)
		status = dbi_plan_open(&plan, &f, err);
	if (status == DBRIEF_EOF)
		status = no_plan(folder, err);
	if (status == DBRIEF_OK)
		status = dbi_folder_part(&f, "journal", false, &journal, err);
	if (status == DBRIEF_OK || status == DBRIEF_EOF)
		status = count_shards(&f, journal, plan, shard, &c, err);
	dbi_counts_give(counts, &c);
	if (journal >= 0)
		(void)close(journal);
	dbi_plan_free(plan);
	dbi_folder_close(&f);
	return status;
}
