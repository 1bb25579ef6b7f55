/* SPDX-License-Identifier: MIT */
/*
 * The libharu door. libharu keeps the document, its catalog, Info, page tree
 * and object numbers; what we write ourselves hangs in it as raw records.
 * Only document.c sees libharu's headers. One letter, one thread; all memory
 * comes from the letter's arena, so that nothing is freed one by one.
 */
#ifndef DBI_PDF_DOCUMENT_H
#define DBI_PDF_DOCUMENT_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include "util/arena.h"
#include "util/buf.h"
#include "util/unit.h"

/* An object of ours: a dictionary given by the text between << and >>, or a stream with ready bytes. */
struct dbi_raw {
	const char *body;
	size_t len;
	const void *data;    /* stream: bytes as they go to the file, else NULL */
	size_t data_len;
	uint32_t number;     /* 0: direct */
	bool stock;          /* stream: other objects tell its bytes, the identifier need not depend on them */
};

struct dbi_doc {
	struct dbi_arena *arena;
	void *hpdf;          /* HPDF_Doc */
	void **pages;        /* HPDF_Page by index */
	size_t n_pages, cap_pages;
	uint32_t *dead;      /* numbers of objects that are not written, ascending */
	size_t n_dead;
	unsigned long code, detail; /* first error libharu reported */
	bool failed;         /* a call of ours returned nothing */
};

enum dbi_object_kind { DBI_OBJECT_FREE, DBI_OBJECT_RAW, DBI_OBJECT_VALUE };

/* FATAL, cause STATE: the libharu at run time is not the one of the build. */
int dbi_doc_check_library(struct dbrief_error *err);

/* The adding calls latch: check once with dbi_doc_check. */
int dbi_doc_open(struct dbi_doc *d, struct dbi_arena *arena, size_t pages, struct dbrief_error *err);
void dbi_doc_close(struct dbi_doc *d);
int dbi_doc_check(const struct dbi_doc *d, struct dbrief_error *err);
/* A numbered object. body and data must live as long as the document. NULL on failure. */
struct dbi_raw *dbi_doc_add(struct dbi_doc *d, const char *body, size_t len);
struct dbi_raw *dbi_doc_add_stream(struct dbi_doc *d, const char *body, size_t len, const void *data, size_t data_len);

/* Adds a page whose content is the (compressed) data. */
void dbi_doc_add_page(struct dbi_doc *d, dbi_len width, dbi_len height, const void *data, size_t data_len);
uint32_t dbi_doc_page_number(const struct dbi_doc *d, size_t page);
void dbi_doc_page_integer(struct dbi_doc *d, size_t page, const char *key, int32_t value);
void dbi_doc_page_name(struct dbi_doc *d, size_t page, const char *key, const char *name);
void dbi_doc_page_annotation(struct dbi_doc *d, size_t page, const struct dbi_raw *annotation);
/* Puts a reference under a key ("Font", "XObject") of the page's Resources. */
void dbi_doc_page_resource(struct dbi_doc *d, size_t page, const char *key, const struct dbi_raw *raw);

void dbi_doc_catalog_reference(struct dbi_doc *d, const char *key, const struct dbi_raw *raw);
void dbi_doc_catalog_array(struct dbi_doc *d, const char *key, const struct dbi_raw *raw); /* [raw] */
void dbi_doc_catalog_dictionary(struct dbi_doc *d, const char *key, const char *body);     /* direct */
void dbi_doc_catalog_string(struct dbi_doc *d, const char *key, const char *ascii);
/* UTF-8; written as UTF-16BE where it is not ASCII. */
void dbi_doc_info(struct dbi_doc *d, const char *key, const char *text);

/* Reading back, for save.c: objects are numbered 1 .. count-1. */
size_t dbi_doc_count(const struct dbi_doc *d);
enum dbi_object_kind dbi_doc_object(const struct dbi_doc *d, size_t number, const struct dbi_raw **raw);
/* Appends the value of an object that is libharu's own. */
void dbi_doc_write_value(struct dbi_doc *d, size_t number, struct dbi_buf *out);
uint32_t dbi_doc_root(const struct dbi_doc *d);
uint32_t dbi_doc_info_number(const struct dbi_doc *d);

#endif
