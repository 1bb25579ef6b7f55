/* SPDX-License-Identifier: MIT */
/*
 * Letters of a run compared with those of the year before, as the ledger has
 * them. What a letter is compared with does not depend on when it is made: see
 * dbi_ledger_state.
 */
#ifndef DBI_BATCH_MARKS_H
#define DBI_BATCH_MARKS_H

#include <pthread.h>
#include "batch/ledger.h"
#include "model/change.h"

struct dbi_marks {
	const dbrief_run *run;
	dbi_ledger *ledger;       /* NULL: nothing is compared */
	pthread_mutex_t lock;     /* of the ledger */
};

/* What one thread needs for it. Zeroed at first. */
struct dbi_marks_letter {
	struct dbi_changes changes;
	struct dbi_buf before;
};

/* Nothing is compared without a <ledger>, nor in answers to requests. */
int dbi_marks_open(struct dbi_marks *marks, const dbrief_run *run, struct dbrief_error *err);
void dbi_marks_close(struct dbi_marks *marks);
/* Makes a letter as the run's form does, compared; its state is in letter->changes.after, empty when nothing is compared. */
int dbi_marks_create(struct dbi_marks *marks, struct dbi_marks_letter *letter, dbrief_session *session, const char *subject,
    struct dbrief_sink *sink, const struct dbrief_letter_opts *opts, bool as_form, struct dbrief_error *err);
void dbi_marks_letter_dispose(struct dbi_marks_letter *letter);

#endif
