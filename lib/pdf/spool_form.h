/* SPDX-License-Identifier: MIT */
/* What the writer and the reader of spool records agree on. The last character of the magic is the version. */
#ifndef DBI_PDF_SPOOL_FORM_H
#define DBI_PDF_SPOOL_FORM_H

#include "util/limits.h"

#define DBI_SPOOL_MAGIC "DBSPOOL1"
#define DBI_SPOOL_MAGIC_LEN 8
#define DBI_SPOOL_HASH 16

#endif
