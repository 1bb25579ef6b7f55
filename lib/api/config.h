/* SPDX-License-Identifier: MIT */
/* The configuration file (urn:datenbrief:config:1), read, validated and resolved. Immutable. */
#ifndef DBI_API_CONFIG_H
#define DBI_API_CONFIG_H

#include "gather/declare.h"
#include "gather/subject.h"
#include "letter/delivery.h"
#include "register/register.h"
#include "text/fontset.h"
#include "util/format.h"

/* <attest>: somebody answers for what no program can judge. */
struct dbi_attest { const char *rule, *by, *on, *subject, *reason, *place; }; /* subject: "source/records/field" or NULL */

/* <template>: the file, and which letters it is for. */
struct dbi_template_decl {
	char *path;                       /* resolved */
	const char *mode, *lang, *when;   /* NULL: any; `when` is an XPath over the model */
	const char *place;
};

struct dbi_config {
	dbi_xml_doc *doc;
	char *base;                       /* folder of the file, for relative paths */
	char *lang;                       /* default language of letters */
	dbi_register *reg;
	struct dbi_sources sources;
	dbi_subject_map *subject;
	struct dbi_delivery delivery;     /* <output> */
	char *house_style;                /* resolved, or NULL */
	unsigned char case_key[32];       /* of <case-code key-file>, else derived from the controller's name */
	char *ledger;                     /* file of <ledger>, resolved, or NULL */
	unsigned char ledger_key[32];     /* of its key-file */
	struct dbi_arena arena;           /* of attestations and templates */
	struct dbi_template_decl *templates; size_t n_templates;  /* the first that fits makes the letter */
	struct dbi_attest *attests; size_t n_attests;
	struct dbi_family_spec *families; size_t n_families;      /* <fonts>, or none */
	struct dbi_family_spec *fallbacks; size_t n_fallbacks;
};
/* FATAL, cause CONFIG or XML: "file:line:column: what; what to do". */
int dbi_config_load(struct dbi_config **config, const char *path, struct dbrief_error *err);
/* The same with the standard templates in another folder than the installed one; NULL: that one. */
int dbi_config_load_with(struct dbi_config **config, const char *path, const char *templates, struct dbrief_error *err);
/* Is there a file of that name? FATAL, cause CONFIG, with what to do otherwise. */
int dbi_config_check_path(const char *path, struct dbrief_error *err);
/* Path of the standard letter that <template standard="..."> means, in the folder of those; yours. */
int dbi_config_standard(char **path, const char *word, const char *templates, const char *place, struct dbrief_error *err);
/* Reads the <attest> elements of the root. FATAL, cause CONFIG. */
int dbi_attests_read(struct dbi_config *config, const dbi_xml_node *root, struct dbrief_error *err);
/* Reads <output>. FATAL, cause CONFIG. */
int dbi_output_read(struct dbi_config *config, const dbi_xml_node *root, struct dbrief_error *err);
/* Reads <house-style>. FATAL, cause CONFIG. */
int dbi_house_style_read(struct dbi_config *config, const dbi_xml_node *root, struct dbrief_error *err);
void dbi_config_free(struct dbi_config *config);
/* Fills <controller> of a model tree, with <dpo> and <authority> inside; country names in the model's language. */
int dbi_config_join_controller(const struct dbi_config *config, dbi_xml_doc *model, dbi_format *format,
    struct dbrief_error *err);

#endif
