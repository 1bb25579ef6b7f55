/* SPDX-License-Identifier: MIT */
/*
 * Run: the letters of all customers in a folder, made so that the process may
 * be killed at any moment and go on: plan -> render -> merge -> verify.
 *
 *   plan.db        the frozen, hashed list of customers, in the order of the
 *                  post, and all that decides how letters look
 *   journal/       per shard which letters are written or held
 *   letters/       CASE.pdf, named by case codes, never by identifiers; or
 *   lots/          lot-NNNNN.pdf, see lot.h; letters of different envelopes in
 *                  different ones, each in the order of the plan
 *   manifest.csv   the letters in the order of the plan
 *   held.csv       who got none, and why
 *   journal/seal   hashes over all of it, keyed by the case code's key
 *
 * The plan is cut into chunks of 256; chunk c belongs to shard c modulo the
 * number of shards. A letter is published before its row is committed: temporary
 * file, sync, rename, sync of the folder, row. A letter may be made twice but
 * stands in journal and folder once. Each attempt at a shard counts its epoch
 * up; an older one that is still alive can publish nothing more (FATAL, cause
 * FENCED).
 *
 * With a <ledger> in the configuration, yearly letters are compared with those
 * of the year before, as it knows them by keyed hashes (doc/forms.md), and
 * their own hashes go into the journal with their rows, and from there into
 * the ledger. What a letter is compared with is fixed by the plan and the dates
 * of the runs, not by when it is made; where it might not be, render is FATAL,
 * cause CONFIG.
 *
 * The folder belongs to its owner alone and is locked while it is open.
 * Threads: a run belongs to one thread at a time, but for dbrief_run_stop.
 */
#ifndef DATENBRIEF_RUN_H
#define DATENBRIEF_RUN_H

#include <stddef.h>
#include <stdint.h>
#include <datenbrief/engine.h>
#include <datenbrief/model.h>
#include <datenbrief/template.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dbrief_run dbrief_run;

/* ---- plan ---- */

#define DBRIEF_SHARDS_MAX 1000

struct dbrief_plan_opts {
	size_t size;
	unsigned shards;  /* 0: one */
	size_t limit;     /* the first so many that <subjects> lists; 0: all */
	const char *form; /* "files" or "lots"; NULL: files */
	/* Of lots: how many letters, or sheets printed on both sides, one holds; 0: no bound. Both 0: 25,000 letters. */
	size_t lot_letters, lot_sheets;
	const char *release_key; /* public key of who must release the letters, see release.h; NULL: nobody must */
	int duplex;       /* of lots: each letter begins on a front; also where the configuration says <output duplex="yes"> */
	/*
	 * With a <ledger> in the configuration, at most one of: `due`, only who had no yearly letter in the twelve months
	 * before the date of the letters; `again`, the reason (1 to 200 bytes of text about nobody) why some get another.
	 * Neither: a plan that would give somebody a second one is refused.
	 */
	int due;
	const char *again;
};
#define DBRIEF_PLAN_OPTS_INIT { sizeof(struct dbrief_plan_opts), 0, 0, NULL, 0, 0, NULL, 0, 0, NULL }

/*
 * Lists the subjects and writes plan.db into the folder, which is made if
 * absent. FATAL, cause CONFIG: a plan stands there already, an identifier is
 * listed twice, letters of another run lie there, or somebody would get a
 * second letter within twelve months. The engine is frozen.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_plan_create(const char *folder, dbrief_engine *engine,
    const dbrief_template *tmpl, const struct dbrief_plan_opts *opts, struct dbrief_error *err);

struct dbrief_plan_info {
	size_t size;
	char date[11];   /* of the letters */
	char mode[16];   /* "yearly", "request" */
	char form[16];
	char sha256[65]; /* of the whole plan */
	uint64_t subjects, chunks;
	unsigned shards;
	uint64_t limit;  /* 0: none */
	uint64_t lot_letters, lot_sheets; /* of lots; 0: no bound */
	int duplex;
	char release_key[65]; /* "": nobody must release it */
	int due;         /* planned with `due` */
	uint64_t recent; /* listed who had a letter in the twelve months before: left out with `due`, else planned again */
	char again[201]; /* reason, or "" */
};
#define DBRIEF_PLAN_INFO_INIT { sizeof(struct dbrief_plan_info), "", "", "", "", 0, 0, 0, 0, 0, 0, 0, "", 0, 0, "" }
/* Reads what an engine must be loaded with to go on. DBRIEF_EOF: there is no plan. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_plan_read(const char *folder, struct dbrief_plan_info *info,
    struct dbrief_error *err);

/* ---- run ---- */

enum dbrief_run_access {
	DBRIEF_RUN_ALONE = 0,  /* nobody else may work in the folder: run, merge */
	DBRIEF_RUN_SHARED      /* other shards may: render, verify */
};
/*
 * Opens the plan in the folder and compares what it was made with: another
 * configuration, register, template, font, library or letter date is FATAL,
 * cause CONFIG, and said. The folder's lock is held by another run: FATAL,
 * cause FENCED. The engine need not be frozen for merge and verify; then fonts
 * are not compared. End with dbrief_run_close, before the engine.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_run_open(dbrief_run **run, const char *folder, dbrief_engine *engine,
    const dbrief_template *tmpl, int access, struct dbrief_error *err);
/* NULL is allowed. */
DBRIEF_API void dbrief_run_close(dbrief_run *run);
/* Chunks at work are finished, then dbrief_run_render returns RETRY, cause CANCELLED. From anywhere, also a signal handler. */
DBRIEF_API void dbrief_run_stop(dbrief_run *run);

/* Numbers of letters. planned = written + held + left. */
struct dbrief_run_counts {
	size_t size;
	uint64_t planned, written, held, left;
	uint64_t pages, sheets;
	uint64_t replaced, replaced_letters; /* characters that were no text, see letter.h, and in how many letters */
};
#define DBRIEF_RUN_COUNTS_INIT { sizeof(struct dbrief_run_counts), 0, 0, 0, 0, 0, 0, 0, 0 }

struct dbrief_render_opts {
	size_t size;
	unsigned shard;   /* 0 .. shards - 1 */
	unsigned threads; /* 0: one for each processor */
	/*
	 * The attempt before this one died by a crash: letters that were at
	 * work are tried alone, one at a time, before the others, and one
	 * that crashes again is held. Zero: it was killed from outside.
	 */
	int crashed;
	/* After each letter, under a lock: `held` since the call began, and so on. May be NULL. */
	void (*progress)(void *user, const struct dbrief_run_counts *counts);
	void *user;
	/*
	 * Before each letter is made and before a chunk's data are fetched, in the
	 * thread that does it, at the same time as others. May be NULL.
	 */
	void (*begun)(void *user);
};
#define DBRIEF_RENDER_OPTS_INIT { sizeof(struct dbrief_render_opts), 0, 0, 0, NULL, NULL, NULL }
/*
 * Makes the letters of a shard that are not in its journal yet. OK: the shard
 * is complete, held letters included. `counts`, which may be NULL, is filled
 * in every case. Engine frozen.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_run_render(dbrief_run *run, const struct dbrief_render_opts *opts,
    struct dbrief_run_counts *counts, struct dbrief_error *err);
/*
 * Writes manifest.csv, held.csv and the seal from the journals of all shards,
 * and removes what a killed process left behind. RETRY, cause INCOMPLETE: a
 * shard is not complete. The letters written go into the <ledger>, in one
 * transaction before the seal; those of a held run when it is released.
 * FATAL, cause CONFIG: another run gave some of them a letter meanwhile.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_run_merge(dbrief_run *run, struct dbrief_run_counts *counts,
    struct dbrief_error *err);
/*
 * Compares plan, journals, lists, seal and files, byte for byte: a letter that is missing, one
 * too many, doubled, swapped or changed is found, as is one that the <ledger> does not have. `finding`, which may be
 * NULL, is called for each with its place ("letters/CASE.pdf") and what is
 * wrong. OK: none; FATAL, cause INCOMPLETE: the number is in the error's text.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_run_verify(dbrief_run *run,
    void (*finding)(void *user, const char *place, const char *text), void *user, struct dbrief_run_counts *counts,
    struct dbrief_error *err);
/*
 * The figures of a run as a tree for report templates (doc/forms.md): the
 * register's tree with an element `run`. All shards must have journals. No
 * value, no case code. `lang` NULL: that of the configuration.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_model_run(dbrief_model **model, dbrief_run *run, const char *lang,
    struct dbrief_error *err);
/* How far the shards are; no lock is taken, no engine needed. `shard` DBRIEF_SHARDS_ALL: all of them. */
#define DBRIEF_SHARDS_ALL ((unsigned)-1)
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_run_status(const char *folder, unsigned shard,
    struct dbrief_run_counts *counts, struct dbrief_error *err);

#ifdef __cplusplus
}
#endif
#endif
