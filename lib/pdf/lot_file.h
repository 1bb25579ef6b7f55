/* SPDX-License-Identifier: MIT */
/*
 * A PDF file written from front to back: streams go out at once, other
 * objects in object streams, the cross-reference stream at the end. Of what
 * was written only the table of places is kept, eight bytes an object.
 * libharu is not part of it: it holds a document in memory as a whole and ends
 * at 32,767 pages. All calls latch in `status`, with the first error in err.
 */
#ifndef DBI_PDF_LOT_FILE_H
#define DBI_PDF_LOT_FILE_H

#include <datenbrief/sink.h>
#include "pdf/compress.h"
#include "pdf/strings.h"
#include "util/hash.h"

struct dbi_lot_file {
	struct dbrief_sink *sink;
	struct dbi_sha256_state sha;
	dbi_deflater *z;
	struct dbi_buf out;              /* not handed on yet */
	uint64_t gone;                   /* bytes handed on */
	struct dbi_buf table;            /* entries of the cross-reference stream */
	uint32_t next;                   /* number of the next object */
	uint32_t stream;                 /* number of the open object stream; 0: none */
	uint32_t in_stream;              /* objects in it */
	struct dbi_buf head, body, packed;
	struct dbrief_error *err;        /* of the call at work */
	int status;
};

/* The most objects PDF/A allows a file (ISO 19005-2, 6.1.13). */
#define DBI_LOT_OBJECTS 8388607u

/* err of later calls is put into f->err by the caller. */
int dbi_lot_file_open(struct dbi_lot_file *f, struct dbrief_sink *sink, struct dbrief_error *err);
void dbi_lot_file_dispose(struct dbi_lot_file *f);
/* A number for an object that is written later, exactly once. */
uint32_t dbi_lot_file_number(struct dbi_lot_file *f);
/* The value of an object, dictionary brackets included, is what is added to the buffer returned before the next call. */
struct dbi_buf *dbi_lot_file_object(struct dbi_lot_file *f, uint32_t number);
/* A stream of ready bytes; body: its dictionary without Length. */
void dbi_lot_file_stream(struct dbi_lot_file *f, uint32_t number, const char *body, size_t body_len, const void *data,
    size_t len);
/* Compresses the bytes first. */
void dbi_lot_file_deflated(struct dbi_lot_file *f, uint32_t number, const char *body, const struct dbi_buf *data);
/* Ends the file; everything has gone to the sink then, which is not committed. id: 16 bytes. */
int dbi_lot_file_close(struct dbi_lot_file *f, uint32_t root, uint32_t info, const unsigned char *id, char sha256[65]);
uint64_t dbi_lot_file_bytes(const struct dbi_lot_file *f);
/* " 12 0 R" */
void dbi_lot_add_reference(struct dbi_buf *out, uint32_t number);

#endif
