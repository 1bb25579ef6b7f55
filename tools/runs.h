/* SPDX-License-Identifier: MIT */
/* What the commands over a run's folder share: run, plan, render, merge, verify, status. */
#ifndef RUNS_H
#define RUNS_H

#include "cli.h"
#include "progress.h"

struct supervised;

/* The options of these commands, by what they mean. */
struct runs_args {
	const char *config, *folder, *date, *mode, *form, *progress;
	const char *const *sources;
	size_t n_sources;
	long limit, shards, threads, lot_size, lot_sheets;
	bool due;
	const char *again;           /* reason, or NULL */
	const char *release_key;     /* file of --hold-release */
	const char *duplex, *report_lang, *report_template;
};

/* A client of the library and the run it has opened. */
struct runs {
	struct client client;
	struct dbrief_plan_info plan;
	dbrief_run *run;
	struct progress progress;
};

/* EXIT_DONE and *found, or another code with the message printed. */
int runs_find_plan(const char *folder, struct dbrief_plan_info *plan, bool *found);
/* What was asked for must be what the plan says. */
int runs_check_plan(const struct dbrief_plan_info *plan, const struct runs_args *args);
/* Loads the library with the plan's date and mode, where there is one and nothing else is asked for. */
int runs_open_client(struct runs *runs, const struct runs_args *args, bool found, bool needs_sources);
/* Options --lot-size, --lot-sheets and --duplex as given; false with the message printed. */
bool runs_read_lots(struct runs_args *args, const struct command *command, const char *size, const char *sheets,
    const char *duplex);
/* With `other`, a plan that somebody else has made meanwhile sets *other and prints nothing; the code is not EXIT_DONE. */
int runs_make_plan(struct runs *runs, const struct runs_args *args, bool *other);
int runs_open(struct runs *runs, const struct runs_args *args, int access);
/* One shard, with progress and signals. */
int runs_render(struct runs *runs, const struct runs_args *args, unsigned shard, struct supervised *supervised);
int runs_merge(struct runs *runs, struct dbrief_run_counts *counts);
int runs_verify(struct runs *runs, struct dbrief_run_counts *counts);
/* Samples of a held run, and a line that says what it waits for; nothing of another. */
int runs_samples(struct runs *runs, const struct runs_args *args);
/* report.pdf by the installed template; without one a line says so. */
int runs_report(struct runs *runs, const struct runs_args *args);
void runs_close(struct runs *runs);

#endif
