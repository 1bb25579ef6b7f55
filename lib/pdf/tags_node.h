/* SPDX-License-Identifier: MIT */
/* What tags.c collects and tags_write.c writes. */
#ifndef DBI_PDF_TAGS_NODE_H
#define DBI_PDF_TAGS_NODE_H

#include "pdf/tags.h"

enum kid_kind { KID_ELEMENT, KID_MARK, KID_ANNOTATION };

struct dbi_tag_kid {
	uint32_t next;      /* index of the next kid, 0: none */
	uint32_t page;
	uint32_t value;     /* element, MCID or object number */
	uint8_t kind;
};

struct dbi_tag_node {
	uint32_t first_kid, last_kid;
	uint32_t first_child, last_child, sibling; /* element 0 is nobody's child: 0 ends a list */
	uint32_t waiting;   /* first child that is not among the kids yet */
	uint32_t page;      /* of the first mark */
	bool attached, marked, covered;
	const char *numbering;
	int32_t box[4];
};

#endif
