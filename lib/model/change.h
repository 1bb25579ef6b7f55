/* SPDX-License-Identifier: MIT */
/*
 * What changed since a subject's last letter, told by keyed hashes alone.
 *
 * The state of a letter is one run of bytes, numbers big-endian: a version
 * (1), then the collections in the order of their names:
 *
 *   collection   name 8, number of records 4, then the records in the order of their ids
 *   record       id 8, number of stored values 2, then of each value 6
 *
 * A name or id is the start of a BLAKE2b hash of source, collection, parent
 * record and key; a value's is over the record's id, the field and what is
 * stored: never over its display form, its place or the register's texts. All
 * are keyed with a key of the subject alone, derived from `key` and the
 * identifier: what is equal for two subjects has nothing in common here.
 * Records of no key have their content in the id, and no values. Empty fields
 * leave nothing; of secrets only that they are there counts. Without the key
 * the bytes tell how many records and values there are, and nothing else.
 *
 * Bits: two values of one record are taken for one another once in 2^48, two
 * records of one subject once in 2^64.
 */
#ifndef DBI_MODEL_CHANGE_H
#define DBI_MODEL_CHANGE_H

#include "model/dataset.h"
#include "model/order.h"
#include "util/buf.h"
#include "xml/xmlio.h"

struct dbi_changes {
	unsigned char key[32];       /* of all subjects */
	const unsigned char *before; /* state of the letter compared with; NULL: none, so nothing is marked */
	size_t before_len;
	char since[11];              /* date of that letter */
	struct dbi_buf after;        /* out: state of this one */
};

/*
 * Writes `after`, and with `before` the marks: <changes> of the model, counts
 * of collections, @change of records and fields. The nodes stand in `order`.
 * A source that failed is not compared; what was known of it is kept.
 * FATAL, cause SINK: `before` is no state.
 */
int dbi_changes_mark(struct dbi_changes *changes, const struct dbi_order *order, const struct dbi_dataset *data,
    dbi_xml_doc *model, struct dbrief_error *err);

#endif
