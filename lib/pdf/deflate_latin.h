/* SPDX-License-Identifier: MIT */
/*
 * Texts of Latin letters: page contents, the attached model. The codes that letters get for their own texts are so much alike that
 * one made in advance is as good but for some hundredths. With it a text is written while it is read.
 */
#ifndef DBI_PDF_DEFLATE_LATIN_H
#define DBI_PDF_DEFLATE_LATIN_H

#include <stdbool.h>

#include "pdf/deflate_block.h"
#include "pdf/deflate_match.h"

struct dbi_latin {
	struct dbi_codes codes;
	struct dbi_bits header;      /* how many bits tell the codes, the last of them */
	unsigned char bytes[192];    /* and the bytes before those */
};

void dbi_latin_init(struct dbi_latin *latin);
/* The longest such text: room for one is twice its length. */
#define DBI_LATIN_LONGEST (1u << 20)
/* Whether a text has hardly other bytes than those of ASCII, enough of them and not too many. */
bool dbi_is_latin(const unsigned char *text, size_t len);
/* Writes the text as one block, which has at most DBI_LATIN_BOUND bytes. */
#define DBI_LATIN_BOUND(len) (2 * (len) + 256)
void dbi_latin_write(const struct dbi_latin *latin, struct dbi_places *places, const unsigned char *text, size_t len, bool last,
    struct dbi_bits *bits);

#endif
