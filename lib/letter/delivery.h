/* SPDX-License-Identifier: MIT */
/*
 * How a letter is delivered: nothing of it is content, so it may be said by
 * the letter, by the configuration, or by the call, the later one ruling.
 */
#ifndef DBI_LETTER_DELIVERY_H
#define DBI_LETTER_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

enum { DBI_UNSAID = -1 };
enum dbi_inserter { DBI_INSERTER_NONE, DBI_INSERTER_OMR, DBI_INSERTER_DATAMATRIX, DBI_INSERTER_QR };

struct dbi_delivery {
	const char *form;     /* one of dbi_delivery_form(), or NULL: unsaid */
	int8_t fold, hole;    /* marks; like the rest 0, 1 or DBI_UNSAID */
	int8_t hybrid;        /* printed by a post: its free zones, no marks of any kind */
	int8_t duplex;
	int8_t inserter;      /* enum dbi_inserter or DBI_UNSAID */
};
#define DBI_DELIVERY_INIT { NULL, DBI_UNSAID, DBI_UNSAID, DBI_UNSAID, DBI_UNSAID, DBI_UNSAID }

/* The form of this name as a static text, or NULL when there is none. "report" is one, though it is not delivered. */
const char *dbi_delivery_form(const char *name);
#define DBI_FORMS "din5008-b, din5008-a, swiss, austria or report"

/*
 * Sets what one attribute says: form, marks, profile, duplex, inserter.
 * Returns NULL, or what values the attribute takes, when this is none of them.
 */
const char *dbi_delivery_set(struct dbi_delivery *d, const char *name, const char *value);
/* What `over` says replaces what `d` says. */
void dbi_delivery_over(struct dbi_delivery *d, const struct dbi_delivery *over);
/* Whether it asks for an inserter's marks where the hybrid profile allows none. */
bool dbi_delivery_contradicts(const struct dbi_delivery *d);

#endif
