/* SPDX-License-Identifier: MIT */
/*
 * Lots: many letters in one PDF for the printer. They share fonts and
 * pictures, so that a letter takes a third or less of the bytes it takes
 * alone. A lot is PDF/A-3b: it has no structure for screen readers and no
 * attached models, which letters that are files of their own have. Page labels
 * begin anew with each letter ("17-2": page two of the seventeenth), a
 * bookmark named by its case code leads to each; nothing else in the file's
 * bookmarks and metadata comes from a letter. A lot may be split anywhere.
 *
 * The way: sessions, in any number of threads, make spool records (stage
 * DBRIEF_STAGE_SPOOL of letter.h); one thread adds them to a lot in the order
 * of the post. Equal records in equal order give equal bytes. A lot grows in
 * its sink, not in memory.
 */
#ifndef DATENBRIEF_LOT_H
#define DATENBRIEF_LOT_H

#include <stddef.h>
#include <datenbrief/engine.h>
#include <datenbrief/sink.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dbrief_lot dbrief_lot;

struct dbrief_lot_opts {
	size_t size;
	const char *title; /* of the file; NULL: the title of the first letter */
	int duplex;        /* each letter begins on a front: a blank page follows an odd number of pages */
};
#define DBRIEF_LOT_OPTS_INIT { sizeof(struct dbrief_lot_opts), NULL, 0 }

/* Where a letter stands in its lot. */
struct dbrief_lot_place {
	size_t size;
	unsigned long letter;     /* 1 for the first */
	unsigned long first_page; /* likewise */
	unsigned pages;           /* without the blank one */
	unsigned sheets;          /* as many as pages without duplex, else half of them, rounded up */
};
#define DBRIEF_LOT_PLACE_INIT { sizeof(struct dbrief_lot_place), 0, 0, 0, 0 }

/* Of the lot so far; sha256 is there after finish. */
struct dbrief_lot_info {
	size_t size;
	unsigned long letters;
	unsigned long pages;      /* blank ones included */
	unsigned long sheets;
	unsigned long long bytes;
	char sha256[65];          /* in hexadecimal */
};
#define DBRIEF_LOT_INFO_INIT { sizeof(struct dbrief_lot_info), 0, 0, 0, 0, "" }

/*
 * The engine must be frozen and have the fonts the records were made with; the
 * pictures of the letters must still be where they were, those below the
 * configuration's folder where they were in it. Engine and sink (borrowed)
 * must live until dbrief_lot_free. One thread uses a lot.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_lot_new(dbrief_lot **lot, dbrief_engine *engine, struct dbrief_sink *sink,
    const struct dbrief_lot_opts *opts, struct dbrief_error *err);
/*
 * Adds the letter of a spool record, which is copied. place may be NULL.
 * FAILED: the record is damaged, or of other fonts or pictures, and the lot is
 * as it was. FATAL: the lot cannot be continued.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_lot_add(dbrief_lot *lot, const void *record, size_t len,
    struct dbrief_lot_place *place, struct dbrief_error *err);
/* Counts so far, to decide whether the lot is full. */
DBRIEF_API void dbrief_lot_count(const dbrief_lot *lot, struct dbrief_lot_info *info);
/* Writes the rest and commits the sink. info may be NULL. A lot needs a letter. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_lot_finish(dbrief_lot *lot, struct dbrief_lot_info *info,
    struct dbrief_error *err);
/* Aborts the sink of a lot that was not finished. NULL is allowed. */
DBRIEF_API void dbrief_lot_free(dbrief_lot *lot);

#ifdef __cplusplus
}
#endif
#endif
