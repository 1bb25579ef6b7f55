/* SPDX-License-Identifier: MIT */
/*
 * What makes the file an archive file (PDF/A-3, ISO 19005-3) and says so
 * (PDF/UA-1, ISO 14289-1): metadata, output intent, attachment.
 */
#ifndef DBI_PDF_ARCHIVE_H
#define DBI_PDF_ARCHIVE_H

#include "pdf/compress.h"
#include "pdf/document.h"
#include "pdf/pdf.h"

/* Kept by a writer from letter to letter. */
struct dbi_archive {
	struct { char *data; size_t len; } icc[2]; /* deflated profile; 0 gray, 1 RGB */
	struct dbi_buf xmp, packed;                /* the last metadata, plain and deflated */
};

void dbi_archive_dispose(struct dbi_archive *a);
/* Adds metadata, output intent and attachment to the document. z packs what is new, `kept` what the archive keeps. */
int dbi_archive_add(struct dbi_archive *a, struct dbi_doc *doc, const struct dbi_pdf_meta *meta, bool color,
    dbi_deflater *z, dbi_deflater *kept, struct dbi_arena *arena, struct dbrief_error *err);
/* D:20261123000000Z */
void dbi_archive_write_date(struct dbi_buf *out, const struct dbi_pdf_meta *meta);
/* Body of the output intent up to the profile's number; *stream: body of the profile's dictionary. */
const char *dbi_archive_profile(bool color, const char **stream);
/* The XMP packet; also for tests. */
void dbi_archive_write_xmp(struct dbi_buf *out, const struct dbi_pdf_meta *meta);

#endif
