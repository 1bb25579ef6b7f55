/* SPDX-License-Identifier: MIT */
/* ICC profiles of the output intent, made here: a few hundred bytes instead of the usual seven thousand. */
#ifndef DBI_PDF_PROFILE_H
#define DBI_PDF_PROFILE_H

#include "util/buf.h"

/* Appends a display profile of version 4.2: sRGB (IEC 61966-2-1), or its gray axis. */
void dbi_profile_write(struct dbi_buf *out, bool color);

#endif
