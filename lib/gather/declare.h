/* SPDX-License-Identifier: MIT */
/* Reads <source> and <codes> of a configuration into the declarations of model/declare.h. */
#ifndef DBI_GATHER_DECLARE_H
#define DBI_GATHER_DECLARE_H

#include "model/declare.h"
#include "util/arena.h"
#include "xml/xmlio.h"

struct dbi_sources {
	struct dbi_arena arena;
	struct dbi_code_list *code_lists; size_t n_code_lists;
	struct dbi_gather_limits limits;
	struct dbi_key_decl *keys; size_t n_keys;
	struct dbi_source_decl *sources; size_t n;
};
/* All <codes> and <source> children of a config root. FATAL, cause CONFIG, with place. `base`: folder of the file. */
int dbi_sources_read(struct dbi_sources *s, const dbi_xml_doc *doc, const dbi_xml_node *root, const char *base,
    struct dbrief_error *err);
void dbi_sources_dispose(struct dbi_sources *s);
/* "ID=URL": replaces a source's url, and its type by the word before the url's colon. FATAL when there is no such source. */
int dbi_sources_override(struct dbi_sources *s, const char *id_url, struct dbrief_error *err);

#endif
