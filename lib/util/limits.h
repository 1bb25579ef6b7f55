/* SPDX-License-Identifier: MIT */
/* Every maximum of the library, one line each. Reaching one holds the letter (cause LIMIT). */
#ifndef DBI_LIMITS_H
#define DBI_LIMITS_H

#define DBI_MAX_XML_FILE      (16u << 20)  /* bytes of a config, register, template or letter file */
#define DBI_MAX_XML_DEPTH     64           /* nesting of elements in any of them */
#define DBI_MAX_VALUE         (1u << 20)   /* bytes of one field value */
#define DBI_MAX_BINARY        (64u << 20)  /* bytes of one binary field (never copied, only named) */
#define DBI_MAX_RECORDS       200000       /* records of one customer */
#define DBI_MAX_MODEL_BYTES   (256u << 20) /* text of all records of one customer */
#define DBI_MAX_TREE_BYTES    (2u << 30)   /* nodes and text of one model or letter document in memory */
#define DBI_KEEP_LETTER       (1u << 20)   /* memory of one letter's layout that a session keeps for the next */
#define DBI_KEEP_DRAFT        (512u << 10) /* the same of its document: as much of nodes as of texts */
#define DBI_KEEP_PDF          (1u << 20)   /* the same of its objects */
#define DBI_KEEP_BUF          (256u << 10) /* the same of each of its buffers */
#define DBI_KEEP_CHUNK        (2u << 20)   /* the same of subjects fetched ahead */
#define DBI_MAX_CHUNK_BYTES   (24u << 20)  /* memory of subjects fetched ahead, per session; above it they are fetched one by one */
#define DBI_MAX_COLLECTIONS   500          /* collections in a configuration */
#define DBI_MAX_FIELDS        1000         /* fields in a collection */
#define DBI_MAX_XPATH         4096         /* bytes of one expression */
#define DBI_MAX_XPATH_OPS     5000000      /* steps of one evaluation */
#define DBI_MAX_TEMPLATE_OPS  20000000     /* instructions run for one letter */
#define DBI_MAX_TEMPLATES     32           /* of one configuration */
#define DBI_MAX_INCLUDES      64           /* files of one template */
#define DBI_MAX_PAGES         5000         /* pages of one letter */
#define DBI_MAX_LOT_PAGES     2000000      /* pages of one lot: PDF/A allows 8 million objects */
#define DBI_MAX_PDF_BYTES     (256u << 20) /* bytes of one PDF */
#define DBI_MAX_BUF           (512u << 20) /* bytes of any growing buffer without a smaller bound */
#define DBI_MAX_FACES         160          /* font files of one engine */
#define DBI_MAX_IMAGE_PIXELS  25000000     /* pixels of one picture */
#define DBI_MAX_IMAGE_BYTES   (16u << 20)  /* bytes of one picture file */
#define DBI_MAX_SUBJECT_KEY   255          /* bytes of a customer identifier */

#endif
