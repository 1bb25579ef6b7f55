/* SPDX-License-Identifier: MIT */
/* What a letter weighs and which envelope it needs: estimates for sorting and franking. */
#ifndef DBI_BATCH_POST_H
#define DBI_BATCH_POST_H

/* Printed on both sides. */
static inline unsigned dbi_post_sheets(unsigned pages)
{
	return pages / 2 + pages % 2;
}

/* Machines fold up to 8 sheets into DL and up to 20 into C5; more lie flat in C4. */
static inline const char *dbi_post_envelope(unsigned sheets)
{
	return sheets <= 8 ? "DL" : sheets <= 20 ? "C5" : "C4";
}

/* A sheet A4 of 80 g/m2 weighs 5 g; empty envelopes 5, 8 and 20 g. */
static inline unsigned dbi_post_grams(unsigned sheets)
{
	return sheets * 5 + (sheets <= 8 ? 5 : sheets <= 20 ? 8 : 20);
}

#endif
