/* SPDX-License-Identifier: MIT */
/* The SQL of a collection. */
#include <string.h>
#include "init.h"

/* Names that databases read as something else unless they are quoted; others of small letters stand as they are. */
static bool is_plain(const char *name)
{
	static const char *const reserved[] = { "all", "and", "any", "as", "by", "case", "cast", "check", "column", "constraint", "create", "cross",
		"current", "default", "delete", "desc", "distinct", "do", "else", "end", "exists", "for", "foreign", "from", "full", "grant", "group",
		"groups", "having", "in", "index", "inner", "insert", "into", "is", "join", "key", "keys", "lateral", "left", "like", "limit", "natural",
		"not", "null", "offset", "on", "or", "order", "outer", "primary", "range", "rank", "references", "right", "row", "rows", "select", "set",
		"some", "system", "table", "then", "to", "trigger", "union", "unique", "update", "user", "using", "values", "when", "where", "window", "with" };

	if (!name[0] || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(name) || strchr("0123456789", name[0]))
		return false;
	for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++)
		if (strcmp(name, reserved[i]) == 0)
			return false;
	return true;
}

static void add_name(const struct plan *plan, struct text *out, const char *name)
{
	char quote[2] = { dbrief_schema_quote(plan->schema), '\0' }, one[2] = "";

	if (is_plain(name)) {
		text_add(out, name);
		return;
	}
	text_add(out, quote[0] == '"' ? "\"" : quote);
	for (; *name; name++) {
		one[0] = *name;
		if (one[0] == quote[0])
			text_add(out, quote);
		if (strchr("<>&", one[0]))
			text_xml(out, one);
		else
			text_add(out, one);
	}
	text_add(out, quote);
}

static void add_table(const struct plan *plan, struct text *out, size_t table)
{
	struct dbrief_table_info t = plan_table(plan, table);

	if (t.space) {
		add_name(plan, out, t.space);
		text_add(out, ".");
	}
	add_name(plan, out, t.table);
}

static void add_column(const struct plan *plan, struct text *out, const char *alias, size_t table, size_t column)
{
	text_add(out, alias);
	text_add(out, ".");
	add_name(plan, out, plan_column(plan, table, column).name);
}

/* PostgreSQL writes money by the locale of the server. */
static void add_field(const struct plan *plan, struct text *out, const struct field *f)
{
	struct dbrief_column_info c = plan_column(plan, f->table, f->column);
	bool cast = strcmp(c.type, "money") == 0;

	text_add(out, cast ? "CAST(" : "");
	add_column(plan, out, f->alias, f->table, f->column);
	text_add(out, cast ? " AS numeric)" : "");
	if (cast || strcmp(c.name, f->name) != 0) {
		text_add(out, " AS ");
		add_name(plan, out, f->name);
	}
}

static void add_email_test(const struct plan *plan, const struct collection *c, size_t column, struct text *out)
{
	text_add(out, "lower(");
	add_column(plan, out, "t", c->table, column);
	text_add(out, ") = lower(:subject)");
}

/* The address that the record was found by, where it has more than one. */
static void add_found_by(const struct plan *plan, const struct collection *c, struct text *out)
{
	size_t from = 0, column;

	text_add(out, "CASE");
	while ((column = email_column(plan, c->table, from)) != DBRIEF_NONE) {
		text_add(out, " WHEN ");
		add_email_test(plan, c, column, out);
		text_add(out, " THEN ");
		add_column(plan, out, "t", c->table, column);
		from = column + 1;
	}
	text_addf(out, " END AS %s", c->subject_key);
}

static void add_email_tests(const struct plan *plan, const struct collection *c, struct text *out)
{
	size_t from = 0, column;

	while ((column = email_column(plan, c->table, from)) != DBRIEF_NONE) {
		text_add(out, from ? " OR " : "");
		add_email_test(plan, c, column, out);
		from = column + 1;
	}
}

static void add_list(const struct plan *plan, const struct collection *c, struct text *out)
{
	size_t column = 0, begin = out->len;
	bool own = strcmp(c->subject_alias, "t") == 0, wrap;

	text_add(out, "SELECT ");
	if (c->email && !own) {
		add_found_by(plan, c, out);
	} else if (!own) {
		add_column(plan, out, c->subject_alias, c->subject_table, c->subject_column);
		if (strcmp(plan_column(plan, c->subject_table, c->subject_column).name, c->subject_key) != 0) {
			text_add(out, " AS ");
			add_name(plan, out, c->subject_key);
		}
	}
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < c->n; i++) {
			if ((strcmp(c->fields[i].alias, "t") == 0) != (pass == 0))
				continue;
			wrap = out->len - begin > 110;
			if (!own || column++)
				text_add(out, wrap ? ",\n          " : ", ");
			begin = wrap ? out->len : begin;
			add_field(plan, out, &c->fields[i]);
		}
	}
}

static void add_join(const struct plan *plan, struct text *out, const struct join *j)
{
	struct dbrief_reference_info r = plan_reference(plan, j->reference);

	text_addf(out, "\n        %sJOIN ", j->left ? "LEFT " : "");
	add_table(plan, out, j->table);
	text_addf(out, " AS %s ON ", j->alias);
	for (size_t i = 0; i < r.n; i++) {
		text_add(out, i ? " AND " : "");
		add_column(plan, out, j->alias, r.to, r.to_columns[i]);
		text_add(out, " = ");
		add_column(plan, out, j->from, r.table, r.columns[i]);
	}
}

void write_query(const struct plan *plan, const struct collection *c, struct text *out)
{
	add_list(plan, c, out);
	text_add(out, "\n        FROM ");
	add_table(plan, out, c->table);
	text_add(out, " AS t");
	for (size_t i = 0; i < c->n_joins; i++)
		add_join(plan, out, &c->joins[i]);
	text_add(out, "\n        WHERE ");
	if (c->email) {
		add_email_tests(plan, c, out);
		return;
	}
	add_column(plan, out, c->subject_alias, c->subject_table, c->subject_column);
	text_add(out, " = :subject");
}

/* Customers who share an address: then nobody knows whose a record is. */
void write_shared(const struct plan *plan, struct text *out)
{
	size_t email = email_column(plan, plan->table, 0);

	text_add(out, "SELECT ");
	add_column(plan, out, "a", plan->table, plan->column);
	text_add(out, " FROM ");
	add_table(plan, out, plan->table);
	text_add(out, " AS a JOIN ");
	add_table(plan, out, plan->table);
	text_add(out, " AS b ON lower(");
	add_column(plan, out, "b", plan->table, email);
	text_add(out, ") = lower(");
	add_column(plan, out, "a", plan->table, email);
	text_add(out, ")\n        WHERE ");
	add_column(plan, out, "a", plan->table, plan->column);
	text_add(out, " = :subject AND ");
	add_column(plan, out, "b", plan->table, plan->column);
	text_add(out, " &lt;&gt; ");
	add_column(plan, out, "a", plan->table, plan->column);
}

void write_subjects(const struct plan *plan, struct text *out)
{
	struct dbrief_column_info c = plan_column(plan, plan->table, plan->column);

	text_add(out, "SELECT ");
	add_name(plan, out, c.name);
	text_add(out, " FROM ");
	add_table(plan, out, plan->table);
	if (c.nullable) {
		text_add(out, " WHERE ");
		add_name(plan, out, c.name);
		text_add(out, " IS NOT NULL");
	}
	text_add(out, " ORDER BY ");
	add_name(plan, out, c.name);
}
