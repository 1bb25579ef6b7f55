/* SPDX-License-Identifier: MIT */
/* Reading SQL just far enough to find its parameters and its end. */
#ifndef DBI_CONNECT_SQL_TEXT_H
#define DBI_CONNECT_SQL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <datenbrief/error.h>

/* What differs between databases. */
struct dbi_sql_syntax {
	bool dollar_quotes;   /* $tag$ ... $tag$ */
	bool nested_comments; /* of two slash-star comments one may stand inside the other */
	bool escape_strings;  /* E'...' knows \' */
	bool backslashes;     /* every string knows \' */
	bool hash_comments;   /* # to the end of the line */
	bool question_marks;  /* ? is a parameter, so that none may be written by hand */
};
extern const struct dbi_sql_syntax dbi_sql_postgres, dbi_sql_mysql, dbi_sql_standard;

/*
 * A copy of one statement with `parameter` in the place of each :subject, and
 * without a semicolon at its end. *uses: how many. End *out with free(). FATAL,
 * cause CONFIG: no statement, more than one, or another parameter.
 */
int dbi_sql_rewrite(char **out, size_t *uses, const char *sql, const struct dbi_sql_syntax *syntax,
    const char *parameter, const char *place, struct dbrief_error *err);
/* FATAL unless a <query> uses :subject. */
int dbi_sql_need_parameter(size_t uses, const char *place, struct dbrief_error *err);

#endif
