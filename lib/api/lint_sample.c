/* SPDX-License-Identifier: MIT */
/*
 * Letters of invented customers: every field of every collection is filled
 * with a value of its own, so that what the template prints can be looked for.
 * No source is asked.
 */
#include <stdio.h>
#include <string.h>
#include "api/lint.h"
#include "util/code.h"
#include "util/mem.h"

#define YEAR 2001 /* of the samples: in no text of a template */

struct making {
	struct dbi_lint *l;
	dbi_format *format;
	struct dbi_dataset data;
	struct dbi_env env;
	const char *lang;                 /* of the model */
	bool nothing;                     /* no records but those of the letter itself */
	unsigned rows, seed;
	struct dbrief_error err;
};

/* ---- values ---- */

static const char *textf(struct making *m, const char *fmt, unsigned a, unsigned b, unsigned c)
{
	char text[64];

	(void)snprintf(text, sizeof(text), fmt, a, b, c);
	return dbi_lint_copy(m->l, text);
}

static void fill_value(struct making *m, const struct dbi_field_decl *f, struct dbi_value *v)
{
	unsigned n = ++m->seed;

	v->set = true;
	switch (f->type) {
	case DBI_TYPE_INTEGER:
		v->text = textf(m, "%u", 100000 + n, 0, 0);
		break;
	case DBI_TYPE_DECIMAL:
	case DBI_TYPE_MONEY:
		v->text = textf(m, "%u.25", 100000 + n, 0, 0);
		break;
	case DBI_TYPE_DATE:
		v->text = textf(m, "%04u-%02u-%02u", 1900 + n / 336 % 90, n / 28 % 12 + 1, n % 28 + 1);
		break;
	case DBI_TYPE_DATETIME:
		v->text = textf(m, "%04u-%02u-%02u 10:00:00", 1900 + n / 336 % 90, n / 28 % 12 + 1, n % 28 + 1);
		break;
	case DBI_TYPE_BOOLEAN:
		v->text = "true";
		break;
	case DBI_TYPE_CODE:
		v->text = f->codes && f->codes->n ? f->codes->codes[0].value : "";
		break;
	case DBI_TYPE_BINARY:
		v->bytes = 1000 * (uint64_t)n;
		v->media_type = "image/png";
		v->text = "";
		break;
	default:
		v->text = textf(m, "Muster %05u", n, 0, 0);
		break;
	}
	v->len = strlen(v->text);
}

static void add_record(struct making *m, const struct dbi_collection_decl *c, unsigned row)
{
	struct dbi_record *r = dbi_arena_calloc(&m->l->arena, 1, sizeof(*r));

	if (r)
		r->values = dbi_arena_calloc(&m->l->arena, c->n_fields + 1, sizeof(*r->values));
	if (!r || !r->values) {
		dbi_lint_memory(m->l);
		return;
	}
	r->decl = c;
	r->key = c->key ? textf(m, "%u", row, 0, 0) : NULL;
	r->parent_key = c->parent ? "1" : NULL;
	for (size_t i = 0; i < c->n_fields; i++)
		if (!c->fields[i].ignore_reason)
			fill_value(m, &c->fields[i], &r->values[i]);
	*m->data.tail = r;
	m->data.tail = &r->next;
	m->data.n_records++;
}

static unsigned rows_of(const struct making *m, const struct dbi_collection_decl *c)
{
	return m->nothing && strcmp(c->activity, "datenbrief") != 0 ? 0 : m->rows;
}

static void fill_data(struct making *m)
{
	const struct dbi_sources *s = &m->l->config->sources;

	m->data.subject = "1";
	m->data.tail = &m->data.first;
	m->data.n_sources = s->n;
	m->data.sources = dbi_arena_calloc(&m->l->arena, s->n + 1, sizeof(*m->data.sources));
	if (!m->data.sources) {
		dbi_lint_memory(m->l);
		return;
	}
	for (size_t i = 0; i < s->n; i++) {
		size_t before = m->data.n_records;

		for (size_t k = 0; k < s->sources[i].n_collections && !m->l->stop; k++)
			for (unsigned row = 1; row <= rows_of(m, &s->sources[i].collections[k]) && !m->l->stop; row++)
				add_record(m, &s->sources[i].collections[k], row);
		m->data.sources[i].decl = &s->sources[i];
		m->data.sources[i].n_records = m->data.n_records - before;
	}
}

/* ---- the person ---- */

static bool add_text(dbi_xml_node *parent, const char *name, const char *text)
{
	dbi_xml_node *n = dbi_node_add(parent, name);

	return n && dbi_node_add_text(n, text, strlen(text));
}

/* The flags that the configuration names, none raised. */
static bool add_flags(const struct dbi_config *config, dbi_xml_node *subject)
{
	const dbi_xml_node *map = dbi_node_child(dbi_xml_root(config->doc), "subject");

	for (const dbi_xml_node *f = map ? dbi_node_child(map, "flag") : NULL; f; f = dbi_node_sibling(f, "flag")) {
		const char *name = dbi_node_attr(f, "name");
		dbi_xml_node *n = dbi_node_add(subject, "flag");

		if (!n || !dbi_node_set(n, "name", name ? name : "") || !dbi_node_set(n, "value", "false"))
			return false;
	}
	return true;
}

static int add_person(struct making *m, dbi_xml_doc *model)
{
	dbi_xml_node *subject = dbi_node_child(dbi_xml_root(model), "subject"), *country;
	struct dbi_buf name = DBI_BUF_INIT;
	int st = dbi_format_country(m->format, m->lang, "PL", &name, &m->err);

	if (st == DBRIEF_OK && (!subject || name.failed || !dbi_node_set(subject, "lang", m->lang) ||
	    !add_text(subject, "name", "Maria Muster") || !add_text(subject, "salutation", "Guten Tag Maria Muster") ||
	    !add_text(subject, "line", "Musterweg 2") || !add_text(subject, "line", "34999 Musterort") ||
	    !(country = dbi_node_add(subject, "country")) || !dbi_node_set(country, "code", "PL") ||
	    !dbi_node_add_text(country, name.data, name.len) || !add_flags(m->l->config, subject)))
		st = dbi_error_memory(&m->err);
	dbi_buf_dispose(&name);
	return st;
}

/* ---- model and letter ---- */

static int make_model(struct making *m, struct dbi_lint_sample *s)
{
	static const unsigned char hash[16] = { 1, 2, 3 }, nothing[] = { 1 };
	const struct dbi_config *config = m->l->config;
	/* Where letters are compared, the last one of this customer held nothing: all is marked as new. */
	struct dbi_changes changes = { .before = nothing, .before_len = sizeof(nothing), .since = "2000-02-03", .after = DBI_BUF_INIT };
	char code[DBRIEF_CASE_CODE_SIZE];
	int st;

	dbi_case_code_format(code, hash);
	if (config->ledger && m->env.mode == DBI_MODE_YEARLY)
		m->data.changes = &changes;
	st = dbi_model_build(&s->model, &m->data, code, m->lang, &m->env, m->format, &m->err);
	m->data.changes = NULL;
	dbi_buf_dispose(&changes.after);
	if (st == DBRIEF_OK)
		st = dbi_register_join(config->reg, s->model, m->lang, &m->env, m->format, &m->err);
	if (st == DBRIEF_OK)
		st = dbi_config_join_controller(config, s->model, m->format, &m->err);
	return st == DBRIEF_OK ? add_person(m, s->model) : st;
}

static int make_letter(struct making *m, struct dbi_lint_sample *s)
{
	dbi_template_eval *eval = NULL;
	struct dbi_buf text = DBI_BUF_INIT;
	int st = dbi_template_eval_new(&eval, m->l->tmpl, &m->env, &m->err);

	if (st == DBRIEF_OK)
		st = dbi_template_run(eval, s->model, &s->letter, &m->err);
	dbi_template_eval_free(eval);
	if (st == DBRIEF_OK)
		dbi_draft_string(s->letter.root, &text);
	if (st == DBRIEF_OK && text.failed)
		st = dbi_error_memory(&m->err);
	if (st == DBRIEF_OK)
		s->text = dbi_lint_plain(m->l, text.data ? text.data : "");
	dbi_buf_dispose(&text);
	return st;
}

static void make(struct dbi_lint *l, enum dbi_mode mode, unsigned rows)
{
	static const struct dbi_lint_rule of_template = { "template", "", NULL, 0 };
	struct making m = { .l = l, .env = { { YEAR, 2, 3 }, mode }, .rows = rows,
		.lang = l->decl->lang ? l->decl->lang : l->config->lang, .nothing = dbi_template_kind(l->tmpl) == DBI_TEMPLATE_NOTHING,
		.err = DBRIEF_ERROR_INIT };
	struct dbi_lint_sample *s = &l->samples[l->n_samples];
	int st = dbi_format_new(&m.format, &m.err);

	s->mode = mode;
	if (st == DBRIEF_OK)
		fill_data(&m);
	if (st == DBRIEF_OK && !l->stop)
		st = make_model(&m, s);
	if (st == DBRIEF_OK && !l->stop)
		st = make_letter(&m, s);
	dbi_format_free(m.format);
	if (st == DBRIEF_OK && !l->stop) {
		l->n_samples++;
		return;
	}
	dbi_xml_free(s->model);
	dbi_draft_dispose(&s->letter);
	*s = (struct dbi_lint_sample){ .mode = mode };
	if (m.err.cause == DBRIEF_CAUSE_MEMORY)
		dbi_lint_memory(l);
	if (l->path_errors && m.err.cause == DBRIEF_CAUSE_TEMPLATE)
		return; /* said already, with a suggestion */
	l->rule = &of_template;
	dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, m.err.cause == DBRIEF_CAUSE_TEMPLATE && m.err.where[0] ?
	    dbi_lint_template_place(l, m.err.where) : NULL, "a sample letter (mode %s) cannot be made: %s",
	    mode == DBI_MODE_REQUEST ? "request" : "yearly", m.err.text);
}

/* One record and several take different ways through a template. */
void dbi_lint_samples_make(struct dbi_lint *l)
{
	const char *mode = l->decl->mode;
	bool yearly = dbi_template_kind(l->tmpl) == DBI_TEMPLATE_SHORT || (mode && strcmp(mode, "yearly") == 0);
	bool request = mode && strcmp(mode, "request") == 0;

	make(l, request ? DBI_MODE_REQUEST : DBI_MODE_YEARLY, 1);
	if (!l->stop && l->n_samples)
		make(l, yearly ? DBI_MODE_YEARLY : DBI_MODE_REQUEST, 2);
}

void dbi_lint_samples_free(struct dbi_lint *l)
{
	for (size_t i = 0; i < l->n_samples; i++) {
		dbi_xml_free(l->samples[i].model);
		dbi_draft_dispose(&l->samples[i].letter);
	}
	l->n_samples = 0;
}

/* ---- looking into letters ---- */

/* Length of a character that is no more than a space on paper: 0 when it is another; *soft: it prints nothing. */
static size_t space_length(const char *s, bool *soft)
{
	const unsigned char *u = (const unsigned char *)s;

	*soft = false;
	if (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')
		return 1;
	if (u[0] == 0xc2 && (u[1] == 0xa0 || u[1] == 0xad)) {
		*soft = u[1] == 0xad;
		return 2;
	}
	return u[0] == 0xe2 && u[1] == 0x80 && u[2] == 0xaf ? 3 : 0;
}

char *dbi_lint_plain(struct dbi_lint *l, const char *s)
{
	char *out = dbi_lint_copy(l, s), *to = out;
	bool soft;

	if (l->stop)
		return out;
	while (*s) {
		size_t n = space_length(s, &soft);

		if (!n)
			*to++ = *s++;
		else if (!soft && to > out && to[-1] != ' ')
			*to++ = ' ';
		s += n;
	}
	while (to > out && to[-1] == ' ')
		to--;
	*to = '\0';
	return out;
}

bool dbi_lint_prints(struct dbi_lint *l, const struct dbi_lint_sample *sample, const char *s)
{
	return strstr(sample->text, dbi_lint_plain(l, s)) != NULL;
}

bool dbi_lint_has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (list += strspn(list, " "); *list; list += strspn(list, " ")) {
		size_t n = strcspn(list, " ");

		if (n == len && strncmp(list, word, n) == 0)
			return true;
		list += n;
	}
	return false;
}

static bool collect(const struct dbi_draft_node *n, const char *role, const char *element, struct dbi_buf *out)
{
	const char *have = dbi_draft_attr(n, DBI_ATTR_ROLE);
	bool found = false;

	if ((have ? dbi_lint_has_word(have, role) : strcmp(n->name, role) == 0) && (!element || strcmp(n->name, element) == 0)) {
		dbi_draft_string(n, out);
		dbi_buf_addc(out, '\n');
		return true;
	}
	for (n = n->first; n; n = n->next)
		found |= n->name && collect(n, role, element, out);
	return found;
}

const char *dbi_lint_role(struct dbi_lint *l, const struct dbi_lint_sample *sample, const char *role, const char *element)
{
	struct dbi_buf out = DBI_BUF_INIT;
	const char *text = NULL;

	if (collect(sample->letter.root, role, element, &out)) {
		if (out.failed)
			dbi_lint_memory(l);
		else
			text = dbi_lint_plain(l, out.data);
	}
	dbi_buf_dispose(&out);
	return text;
}
