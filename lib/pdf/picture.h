/* SPDX-License-Identifier: MIT */
/* A picture as an image XObject: what dbi_image.priv points to. Immutable. */
#ifndef DBI_PDF_PICTURE_H
#define DBI_PDF_PICTURE_H

#include <stddef.h>

struct dbi_picture {
	char *body; size_t body_len;  /* of the stream dictionary */
	char *data; size_t len;       /* deflated samples or the JPEG file */
};

#endif
