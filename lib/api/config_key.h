/* SPDX-License-Identifier: MIT */
/* Key files of the operator's. */
#ifndef DBI_API_CONFIG_KEY_H
#define DBI_API_CONFIG_KEY_H

#include "xml/form.h"

/*
 * The key in the file at `path`, which an element names. FATAL, cause CONFIG: it holds too little or too much, or, if it
 * must be `secret` from everybody, others have rights to it.
 */
int dbi_config_read_key(const struct dbi_form *f, const dbi_xml_node *n, const char *path, bool secret, unsigned char key[32]);

#endif
