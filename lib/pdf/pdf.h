/* SPDX-License-Identifier: MIT */
/*
 * PDF: a display list written as one PDF document. libharu keeps the document,
 * pages and xref; content, fonts, tags, archive parts and the file are ours.
 * libharu's headers stay inside this folder.
 */
#ifndef DBI_PDF_H
#define DBI_PDF_H

#include "page/display.h"
#include "util/buf.h"

typedef struct dbi_pdf_fonts dbi_pdf_fonts; /* per process: prepared subsets, immutable */
typedef struct dbi_pdf_writer dbi_pdf_writer; /* per thread: compressor, buffers, arena */

/* Once per engine: prepares faces for subsetting. FATAL when the libharu at run time is not the one built against. */
int dbi_pdf_fonts_new(dbi_pdf_fonts **fonts, const dbi_fontset *set, struct dbrief_error *err);
void dbi_pdf_fonts_free(dbi_pdf_fonts *fonts);
int dbi_pdf_writer_new(dbi_pdf_writer **w, const dbi_pdf_fonts *fonts, struct dbrief_error *err);
void dbi_pdf_writer_free(dbi_pdf_writer *w);

struct dbi_pdf_meta {
	const char *title;           /* UTF-8, from the template: no personal data */
	const char *lang;
	const char *producer;        /* "libdatenbrief 0.1.0" */
	const char *creator;         /* the controller's name or the program */
	struct { int year, month, day; } date; /* creation and modification, midnight UTC */
	/* The model, attached as XML; NULL: none. */
	const char *attachment_name; /* "datenbrief.xml" */
	const char *attachment_description;
	const void *attachment; size_t attachment_len;
	const char *stamp;           /* a word across each page; NULL: none */
	/* For spool records. */
	const char *case_code;       /* NULL: none */
	const char *picture_folder;  /* pictures in it are named from there; NULL: none are */
	bool untagged;               /* the metadata claim PDF/A-3b alone: a lot */
};

/* Appends the whole file to out. FAILED on anything of this letter; out is then to be thrown away. */
int dbi_pdf_write(dbi_pdf_writer *w, dbi_shaper *shaper, const struct dbi_display *d, const struct dbi_pdf_meta *meta,
    struct dbi_buf *out, struct dbrief_error *err);

/*
 * The same letter as a record to be put into a lot, see spool.h: pages without
 * marks for readers, no attachment.
 */
int dbi_pdf_spool(dbi_pdf_writer *w, dbi_shaper *shaper, const struct dbi_display *d, const struct dbi_pdf_meta *meta,
    struct dbi_buf *out, struct dbrief_error *err);

/* "2.3.0": of the libharu in use. */
const char *dbi_pdf_library_version(void);
/* "libpng 1.6.39, libjpeg-turbo 2.1.5, libdeflate 1.14": those in use, or built against where they do not tell. */
void dbi_pdf_helper_versions(char *out, size_t size);

#endif
