/* SPDX-License-Identifier: MIT */
/*
 * Checks of configuration, register and template. Each rule is a function in
 * the table of lint.c; what it says goes through dbi_lint_say.
 */
#ifndef DBI_API_LINT_H
#define DBI_API_LINT_H

#include <datenbrief/check.h>
#include "api/api.h"
#include "register/rules.h"

/* Letters of invented customers, with what is in them as text. */
#define DBI_LINT_SAMPLES 2
struct dbi_lint_sample {
	enum dbi_mode mode;
	dbi_xml_doc *model;
	struct dbi_draft letter;         /* borrows from the model and from the template */
	char *text;                      /* the whole letter, white space collapsed */
};

struct dbi_lint_said { const struct dbi_lint_said *next; const char *rule, *place, *text; };

struct dbi_lint {
	dbrief_engine *engine;
	const struct dbi_config *config;
	const dbi_register *reg;
	dbi_template *tmpl;              /* at work; NULL: none, or none that loads */
	const struct dbi_template_decl *decl; /* its letters */
	const char *tmpl_place;          /* of its start */
	const char *lang;                /* of the template, else of the configuration */
	struct dbi_lint_sample samples[DBI_LINT_SAMPLES];
	size_t n_samples;                /* 0: rules that need letters do not run */
	bool made_letters;               /* some template made letters with all data */
	unsigned threshold;              /* of readability: the lowest of the full templates */
	struct dbi_arena arena;
	const struct dbi_lint_rule *rule; /* at work */
	const struct dbi_lint_said *said; /* what was said once is not said again */
	unsigned path_errors;            /* a template with some makes no letter */
	bool *attest_used;               /* by index of config->attests */
	bool *refused;                   /* by index of the source: a query of it does not compile, and that was said */
	int (*each)(void *ctx, const struct dbrief_finding *finding);
	void *ctx;
	bool stop;                       /* the callback has heard enough */
	struct dbrief_error *err;
	int status;                      /* of checking itself */
};

#define DBI_LINT_LETTERS(kind) (1u << (kind))
struct dbi_lint_rule {
	const char *id, *article;
	void (*check)(struct dbi_lint *l);
	unsigned letters;                /* looks at the letters of these kinds of template, DBI_LINT_LETTERS; 0: at none */
};

/* Reports a finding of the rule at work. `place` NULL: the start of the template. */
void dbi_lint_say(struct dbi_lint *l, int severity, const char *place, const char *fmt, ...) DBI_PRINTF(4, 5);
void dbi_lint_memory(struct dbi_lint *l);
char *dbi_lint_copy(struct dbi_lint *l, const char *s);        /* in the arena; "" when out of memory */
/* Is the rule at work attested, for everything or for `subject` ("source/records/field", may be NULL)? */
bool dbi_lint_attested(struct dbi_lint *l, const char *subject);
/* As above, for a field. */
bool dbi_lint_attested_field(struct dbi_lint *l, const struct dbi_source_decl *s, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f);
/* "file:line:column" of a template's element, with its folder. */
const char *dbi_lint_template_place(struct dbi_lint *l, const char *place);
/* Is the word one of those separated by blanks? */
bool dbi_lint_has_word(const char *list, const char *word);
/* Number of words separated by blanks. */
size_t dbi_lint_words(const char *s);
/* Does the text hold that part, whatever its capitals (ASCII)? */
bool dbi_lint_contains(const char *text, const char *part);

/* ---- lint_sample.c ---- */
void dbi_lint_samples_make(struct dbi_lint *l);
void dbi_lint_samples_free(struct dbi_lint *l);
/* s with white space of any kind as single blanks, soft hyphens gone. In the arena. */
char *dbi_lint_plain(struct dbi_lint *l, const char *s);
/* Does the letter print s? Blank texts count as printed. */
bool dbi_lint_prints(struct dbi_lint *l, const struct dbi_lint_sample *sample, const char *s);
/* Text of all parts of that role, NULL when there is none. `element` not NULL: of such elements only. */
const char *dbi_lint_role(struct dbi_lint *l, const struct dbi_lint_sample *sample, const char *role, const char *element);

/* Calls `check` for every field, <ignore> too. */
typedef void (*dbi_lint_field_fn)(struct dbi_lint *l, const struct dbi_source_decl *s, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f);
void dbi_lint_each_field(struct dbi_lint *l, dbi_lint_field_fn check);
/* Does a collection belong to the activity? That of the letter itself always counts. */
bool dbi_lint_used(const struct dbi_lint *l, const struct activity *a);
/* Says that the letter lacks the part of that role, unless it prints `needed` (NULL: anything) in it. */
void dbi_lint_need_role(struct dbi_lint *l, const char *role, const char *needed, const char *what);

/* ---- lint_templates.c ---- */
/* The templates of the configuration as a list: conditions, order, kinds. */
void dbi_lint_templates(struct dbi_lint *l);
/* Loads the template of that number and makes it the one at work. */
void dbi_lint_template_load(struct dbi_lint *l, size_t n);

/* ---- the parts beside the rules ---- */
void dbi_lint_paths(struct dbi_lint *l);        /* lint_paths.c */
void dbi_lint_roles(struct dbi_lint *l);        /* lint_roles.c: words of role */
void dbi_lint_readability(struct dbi_lint *l);  /* lint_read.c: blocks of the template */
void dbi_lint_read_texts(struct dbi_lint *l);   /* texts of register and configuration */
void dbi_lint_condition(struct dbi_lint *l, const char *when, const char *place); /* lint_paths.c */
void dbi_lint_sources(struct dbi_lint *l);      /* lint_source.c */
void dbi_lint_charsets(struct dbi_lint *l);     /* lint_charset.c */
void dbi_lint_coverage(struct dbi_lint *l);     /* lint_cover.c */
void dbi_lint_todos(struct dbi_lint *l);        /* lint_todo.c */

/* ---- rules, by number ---- */
#define DBI_LINT_RULE(n) void dbi_lint_l##n(struct dbi_lint *l)
DBI_LINT_RULE(01); DBI_LINT_RULE(02); DBI_LINT_RULE(03); DBI_LINT_RULE(04); DBI_LINT_RULE(05); DBI_LINT_RULE(06);
DBI_LINT_RULE(07); DBI_LINT_RULE(08); DBI_LINT_RULE(09); DBI_LINT_RULE(10); DBI_LINT_RULE(11); DBI_LINT_RULE(12);
DBI_LINT_RULE(13); DBI_LINT_RULE(14); DBI_LINT_RULE(15); DBI_LINT_RULE(16); DBI_LINT_RULE(17); DBI_LINT_RULE(18);
DBI_LINT_RULE(19); DBI_LINT_RULE(20); DBI_LINT_RULE(21); DBI_LINT_RULE(22); DBI_LINT_RULE(23); DBI_LINT_RULE(24);
DBI_LINT_RULE(25); DBI_LINT_RULE(26); DBI_LINT_RULE(27); DBI_LINT_RULE(28); DBI_LINT_RULE(29); DBI_LINT_RULE(30);
DBI_LINT_RULE(31); DBI_LINT_RULE(32);

#endif
