/* SPDX-License-Identifier: MIT */
/*
 * What letters of a run become: the `form` of a plan. A form says what is
 * written for one letter when it is rendered, and what merge makes of all of
 * them. Rendered letters are files FOLDER/CASE+SUFFIX, published with their
 * journal row; `merge` is called with every written letter in the order of the
 * plan.
 */
#ifndef DBI_BATCH_FORM_H
#define DBI_BATCH_FORM_H

#include <stdbool.h>
#include <datenbrief/letter.h>
#include "batch/folder.h"
#include "batch/journal.h"
#include "batch/plan.h"

struct dbi_form_merge;

struct dbi_form {
	const char *name;     /* as in --form and in the plan */
	const char *folder;   /* of rendered letters inside the run's folder */
	const char *suffix;   /* of their names */
	/* Makes one rendered letter; NULL: dbrief_letter_create. In a worker's thread. */
	int (*create)(dbrief_session *session, const dbrief_template *tmpl, const char *subject, struct dbrief_sink *sink,
	    const struct dbrief_letter_opts *opts, struct dbrief_error *err);
	/* Assembles; NULL: rendered letters are the product. begin makes *state; end frees it, also after a failure (ok false). */
	int (*merge_begin)(void **state, const struct dbi_form_merge *merge, struct dbrief_error *err);
	/*
	 * One written letter. Fills where it stands: `file` relative to the
	 * run's folder, and the first page in it.
	 */
	int (*merge_letter)(void *state, const struct dbi_journal_row *row, char file[48], unsigned *first_page, struct dbrief_error *err);
	int (*merge_end)(void *state, bool ok, struct dbrief_error *err);
};
struct dbi_form_merge {
	dbrief_engine *engine;
	const dbi_plan *plan;
	const struct dbi_folder *folder;
	const struct dbi_folder *product; /* the same, or DIR/unreleased: of what is posted */
	int rendered;         /* descriptor of the folder of rendered letters */
	bool dry;             /* verify: work places out and compare; write nothing */
	/* When dry: tells of a difference at FOLDER/NAME. */
	void (*found)(void *user, const char *folder, const char *name, const char *text);
	void *user;
};

extern const struct dbi_form dbi_form_files, dbi_form_lots;
/* The folder that is posted: "letters" or "lots". */
const char *dbi_form_product(const struct dbi_form *form);
/* By name; NULL: unknown. */
const struct dbi_form *dbi_form_find(const char *name);

#endif
