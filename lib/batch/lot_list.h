/* SPDX-License-Identifier: MIT */
/*
 * Which letter stands in which lot, on which page. It follows from the pages
 * of the letters and the plan alone, so that merge and verify work it out the
 * same. Letters of different envelopes go into different lots; in a lot they
 * stand in the order of the plan.
 *
 * journal/lots lists the lots: "lot-00001.pdf LETTERS PAGES SHEETS BYTES
 * SHA256 WHOSE", a line each, in order; WHOSE: hash over case codes and hashes
 * of the letters in it. It is written when all lots are there; rendered letters
 * are removed after it.
 */
#ifndef DBI_BATCH_LOT_LIST_H
#define DBI_BATCH_LOT_LIST_H

#include <datenbrief/sink.h>
#include "batch/form.h"
#include "util/hash.h"

#define DBI_LOT_CLASSES 3
#define DBI_LOT_NAME_SIZE 24

struct dbi_lot_line {
	uint64_t letters, pages, sheets, bytes;
	char sha256[65], whose[65];                  /* whose: of a list that was read */
	struct dbi_sha256_state sum;                 /* over the letters that were put in */
};

struct dbi_lot_list {
	struct dbi_lot_line *lines; size_t n, cap;   /* lot 1 is the first */
	size_t open[DBI_LOT_CLASSES];                /* lot of each class that is being filled; 0: none */
	uint64_t max_letters, max_sheets;            /* 0: no bound */
	bool duplex;
};

/* Bounds from the plan. */
void dbi_lot_list_init(struct dbi_lot_list *list, const dbi_plan *plan);
void dbi_lot_list_dispose(struct dbi_lot_list *list);
/* The class of a letter's envelope. */
unsigned dbi_lot_class(unsigned pages);
/* The lot of the class has no room for another letter of so many pages: it is to be ended (open[class] = 0). */
bool dbi_lot_is_full(const struct dbi_lot_list *list, unsigned class, unsigned pages);
/* Puts a letter into the open lot of its class, or a new one. *first: its first page there, 1 for the first. */
int dbi_lot_put(struct dbi_lot_list *list, unsigned class, const struct dbi_journal_row *row, unsigned *first,
    struct dbrief_error *err);
/* A lot that was read holds the letters which were put into `want`. */
bool dbi_lot_holds(const struct dbi_lot_line *have, const struct dbi_lot_line *want);
void dbi_lot_name(size_t lot, char name[DBI_LOT_NAME_SIZE]);

int dbi_lot_list_write(const struct dbi_lot_list *list, const struct dbi_folder *folder, struct dbrief_error *err);
/* DBRIEF_EOF: there is none. A list that no merge can have written is refused. */
int dbi_lot_list_read(struct dbi_lot_list *list, const struct dbi_folder *folder, struct dbrief_error *err);

#endif
