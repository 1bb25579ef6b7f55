/* SPDX-License-Identifier: MIT */
#include "model/model.h"

#include <stdio.h>
#include <string.h>
#include "model/change.h"
#include "model/display.h"
#include "model/order.h"
#include "model/words.h"
#include "util/code.h"

struct build {
	const struct dbi_dataset *data;
	struct dbi_order order;
	const char *lang;
	dbi_format *format;
	struct dbi_buf scratch, masked;
	struct dbrief_error *err;
};

static bool set_number(dbi_xml_node *n, const char *attr, size_t value)
{
	char text[24];
	snprintf(text, sizeof text, "%zu", value);
	return dbi_node_set(n, attr, text);
}

static bool set_optional(dbi_xml_node *n, const char *attr, const char *value)
{
	return !value || dbi_node_set(n, attr, value);
}

static bool add_optional(dbi_xml_node *n, const char *name, const char *text)
{
	dbi_xml_node *child;
	if (!text)
		return true;
	child = dbi_node_add(n, name);
	return child && dbi_node_add_text(child, text, strlen(text));
}

/* ---- sources ---- */

static const char *failure_words(const char *lang, int cause)
{
	switch (cause) {
	case DBRIEF_CAUSE_DEADLINE:
		return dbi_word(lang, DBI_WORD_LATE);
	case DBRIEF_CAUSE_INCOMPLETE:
		return dbi_word(lang, DBI_WORD_INCOMPLETE);
	case DBRIEF_CAUSE_ENCODING:
	case DBRIEF_CAUSE_VALUE:
	case DBRIEF_CAUSE_LIMIT:
		return dbi_word(lang, DBI_WORD_UNREADABLE);
	default:
		return dbi_word(lang, DBI_WORD_UNREACHABLE);
	}
}

/* What was mended, and by what the person was found there; without it: by the customer number. */
static bool set_evidence(dbi_xml_node *n, const struct dbi_source_result *s)
{
	const struct dbi_key_decl *key = s->decl->found_by;
	if ((s->replaced && !set_number(n, "replaced", s->replaced)) || (s->suspect && !set_number(n, "suspect", s->suspect)))
		return false;
	return !key || (dbi_node_set(n, "found-by", key->name)
	    && dbi_node_set(n, "strength", key->strong ? "strong" : "weak") && set_number(n, "keys", s->n_keys)
	    && set_optional(n, "confirmed-by", s->decl->confirm_by ? s->decl->confirm_by->name : NULL));
}

static bool build_sources(struct build *b, dbi_xml_node *model, const char *as_of)
{
	static const char *const names[] = { "complete", "empty", "failed" };
	dbi_xml_node *sources = dbi_node_add(model, "sources");
	size_t complete = 0;
	for (size_t i = 0; i < b->data->n_sources; i++)
		complete += b->data->sources[i].status != DBI_SOURCE_FAILED;
	if (!sources || !set_number(sources, "total", b->data->n_sources) || !set_number(sources, "complete",
	    complete))
		return false;
	for (size_t i = 0; i < b->data->n_sources; i++) {
		const struct dbi_source_result *s = &b->data->sources[i];
		const char *why = s->status == DBI_SOURCE_FAILED ? failure_words(b->lang, s->cause) : NULL;
		dbi_xml_node *n = dbi_node_add(sources, "source");
		if (!n || !dbi_node_set(n, "id", s->decl->id) || !dbi_node_set(n, "label", s->decl->label)
		    || !dbi_node_set(n, "status", names[s->status]) || !dbi_node_set(n, "as-of", as_of)
		    || !set_number(n, "records", s->n_records) || !set_evidence(n, s) || (why && !dbi_node_add_text(n, why,
		    strlen(why))))
			return false;
	}
	return true;
}

/* ---- what is declared of a collection ---- */

static bool build_column(dbi_xml_node *parent, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f)
{
	static const char *const kinds[] = { "stored", "derived" };
	static const char *const sensitivities[] = { "normal", "special", "secret" };
	static const char *const shows[] = { "value", "masked", "named" };
	dbi_xml_node *n = dbi_node_add(parent, "column");
	return n && dbi_node_set(n, "name", f->name) && dbi_node_set(n, "label", f->label)
	    && dbi_node_set(n, "type", dbi_type_names[f->type]) && dbi_node_set(n, "kind", kinds[f->kind])
	    && dbi_node_set(n, "sensitivity", sensitivities[f->sensitivity]) && dbi_node_set(n, "show",
	    shows[f->show])
	    && dbi_node_set(n, "third-party", f->third_party ? "yes" : "no") && set_optional(n, "unit", f->unit)
	    && set_optional(n, "currency", f->currency) && set_optional(n, "origin", f->origin ? f->origin
	    : c->origin)
	    && add_optional(n, "inputs", f->inputs) && add_optional(n, "meaning", f->meaning)
	    && add_optional(n, "effect", f->effect);
}

/* The letters of a collection: those its item codes begin with. */
static bool set_code(dbi_xml_node *n, unsigned index)
{
	char code[DBI_ITEM_CODE_SIZE];
	dbi_item_code_format(code, index, 1, 0);
	code[strcspn(code, "0123456789")] = 0;
	return dbi_node_set(n, "code", code);
}

/* Columns, the collections nested in this one, and what is left out with a reason. */
static bool build_head(struct build *b, dbi_xml_node *n, struct dbi_order_list *list)
{
	const struct dbi_collection_decl *decl = list->decl;
	list->head = n;
	if (!dbi_node_set(n, "name", decl->name) || !dbi_node_set(n, "label", decl->label)
	    || !dbi_node_set(n, "activity", decl->activity) || !set_code(n, decl->index) || !set_number(n,
	    "count", list->n))
		return false;
	for (size_t i = 0; i < decl->n_fields; i++)
		if (!decl->fields[i].ignore_reason && !build_column(n, decl, &decl->fields[i]))
			return false;
	for (size_t i = 0; i < b->order.n; i++) {
		struct dbi_order_list *inner = &b->order.lists[i];
		dbi_xml_node *nested;
		if (!inner->decl || inner->decl->parent != decl)
			continue;
		nested = dbi_node_add(n, "nested");
		if (!nested || !build_head(b, nested, inner))
			return false;
	}
	for (size_t i = 0; i < decl->n_fields; i++) {
		dbi_xml_node *ignored;
		if (!decl->fields[i].ignore_reason)
			continue;
		ignored = dbi_node_add(n, "ignored");
		if (!ignored || !dbi_node_set(ignored, "name", decl->fields[i].name)
		    || !dbi_node_set(ignored, "reason", decl->fields[i].ignore_reason))
			return false;
	}
	return true;
}

/* ---- records ---- */

/* May the stored value stand in the letter and its attachment? */
static bool shown(const struct dbi_field_decl *f)
{
	return f->show == DBI_SHOW_VALUE && f->sensitivity != DBI_SENS_SECRET;
}

/* Then the length of the masked text, or its end, would tell which one it is. */
static bool has_few_values(const struct dbi_field_decl *f)
{
	return f->type == DBI_TYPE_CODE || f->type == DBI_TYPE_BOOLEAN;
}

static bool fill_binary(struct build *b, dbi_xml_node *n, const struct dbi_value *v)
{
	char bytes[24];
	snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)v->bytes);
	return dbi_node_set(n, "bytes", bytes) && set_optional(n, "media-type", v->media_type)
	    && dbi_node_add_text(n, b->scratch.data, b->scratch.len);
}

/* The content of a field that stores something. */
static int fill_field(struct build *b, dbi_xml_node *n, const struct dbi_field_decl *f,
    const struct dbi_value *v)
{
	bool done;
	int rc;
	if (f->show == DBI_SHOW_NAMED || f->sensitivity == DBI_SENS_SECRET) {
		const char *words = dbi_word(b->lang, DBI_WORD_NAMED);
		done = dbi_node_set_constant(n, "named", "true") && dbi_node_add_text(n, words, strlen(words));
		return done ? DBRIEF_OK : dbi_error_memory(b->err);
	}
	dbi_buf_clear(&b->scratch);
	rc = dbi_display_value(f, v, b->lang, b->format, &b->scratch, b->err);
	if (rc != DBRIEF_OK)
		return rc;
	if (f->type == DBI_TYPE_BINARY) {
		done = fill_binary(b, n, v);
	} else if (f->show == DBI_SHOW_MASKED) {
		dbi_buf_clear(&b->masked);
		if (has_few_values(f))
			dbi_model_mask(&b->masked, "****", 4);
		else
			dbi_display_mask(f, b->scratch.data, b->scratch.len, &b->masked);
		done = !b->masked.failed && dbi_node_set_constant(n, "masked", "true")
		    && dbi_node_add_text(n, b->masked.data, b->masked.len);
	} else {
		done = (f->type == DBI_TYPE_TEXT || dbi_node_set(n, "value", v->text))
		    && dbi_node_add_text(n, b->scratch.data, b->scratch.len);
	}
	return done ? DBRIEF_OK : dbi_error_memory(b->err);
}

static int build_fields(struct build *b, dbi_xml_node *record, const struct dbi_record *r, unsigned ordinal)
{
	unsigned field = 0;
	for (size_t i = 0; i < r->decl->n_fields; i++) {
		const struct dbi_field_decl *f = &r->decl->fields[i];
		const struct dbi_value *v = &r->values[i];
		char item[DBI_ITEM_CODE_SIZE];
		dbi_xml_node *n;
		int rc = DBRIEF_OK;
		if (f->ignore_reason)
			continue;
		dbi_item_code_format(item, r->decl->index, ordinal, ++field);
		n = dbi_node_add(record, "field");
		if (!n || !dbi_node_set_constant(n, "name", f->name) || !dbi_node_set(n, "item", item))
			return dbi_error_memory(b->err);
		if (v->null || (v->len == 0 && f->type != DBI_TYPE_BINARY && f->type != DBI_TYPE_CODE)) {
			if (!dbi_node_set_constant(n, "empty", "true"))
				return dbi_error_memory(b->err);
		} else {
			rc = fill_field(b, n, f, v);
		}
		if (rc != DBRIEF_OK)
			return dbi_error_prefix(b->err, rc, "records %s / field %s", r->decl->name, f->name);
	}
	return DBRIEF_OK;
}

/* @key, unless the key is a value that must not be read, and @since likewise. */
static bool build_marks(dbi_xml_node *n, const struct dbi_record *r)
{
	const struct dbi_field_decl *key = r->decl->key ? dbi_collection_field(r->decl, r->decl->key) : NULL;
	const struct dbi_field_decl *since = r->decl->since ? dbi_collection_field(r->decl, r->decl->since)
	    : NULL;
	if (r->key && (!key || key->ignore_reason || shown(key)) && !dbi_node_set(n, "key", r->key))
		return false;
	if (since && shown(since)) {
		const struct dbi_value *v = &r->values[since - r->decl->fields];
		char date[11];
		if (!v->null && v->len >= 10) {
			memcpy(date, v->text, 10);
			date[10] = 0;
			return dbi_node_set(n, "since", date);
		}
	}
	return true;
}

static int build_record(struct build *b, dbi_xml_node *parent, const struct dbi_order_list *list, size_t at);

/* The next records of a nested list, as long as they belong to this parent: both are in one order. */
static int build_nested(struct build *b, dbi_xml_node *record, struct dbi_order_list *list, size_t parent)
{
	dbi_xml_node *collection = NULL;
	int rc = DBRIEF_OK;
	while (rc == DBRIEF_OK && list->cursor < list->n && list->items[list->cursor].parent == parent) {
		if (!collection) {
			collection = dbi_node_add(record, "collection");
			if (!collection || !dbi_node_set_constant(collection, "name", list->decl->name))
				return dbi_error_memory(b->err);
		}
		rc = build_record(b, collection, list, list->cursor++);
	}
	return rc;
}

static int build_record(struct build *b, dbi_xml_node *parent, const struct dbi_order_list *list, size_t at)
{
	const struct dbi_record *r = list->items[at].record;
	unsigned ordinal = (unsigned)at + 1;
	char item[DBI_ITEM_CODE_SIZE];
	dbi_xml_node *n = dbi_node_add(parent, "record");
	int rc;
	dbi_item_code_format(item, list->decl->index, ordinal, 0);
	list->items[at].node = n;
	if (!n || !dbi_node_set(n, "item", item) || !build_marks(n, r))
		return dbi_error_memory(b->err);
	rc = build_fields(b, n, r, ordinal);
	for (size_t i = 0; rc == DBRIEF_OK && i < b->order.n; i++)
		if (b->order.lists[i].decl && b->order.lists[i].decl->parent == list->decl)
			rc = build_nested(b, n, &b->order.lists[i], at);
	return rc;
}

static int build_collections(struct build *b, dbi_xml_node *model)
{
	dbi_xml_node *collections = dbi_node_add(model, "collections");
	int rc = collections ? DBRIEF_OK : dbi_error_memory(b->err);
	for (size_t i = 0; rc == DBRIEF_OK && i < b->order.n; i++) {
		struct dbi_order_list *list = &b->order.lists[i];
		dbi_xml_node *n;
		if (!list->decl || list->decl->parent)
			continue;
		n = dbi_node_add(collections, "collection");
		if (!n || !dbi_node_set(n, "source", list->source->id) || !build_head(b, n, list))
			return dbi_error_memory(b->err);
		for (size_t at = 0; rc == DBRIEF_OK && at < list->n; at++)
			rc = build_record(b, n, list, at);
		if (rc != DBRIEF_OK)
			rc = dbi_error_prefix(b->err, rc, "source %s", list->source->id);
	}
	return rc;
}

/* ---- the whole ---- */

static int build_root(struct build *b, dbi_xml_doc *doc, const char *case_code, const struct dbi_env *env)
{
	dbi_xml_node *model = dbi_xml_root(doc);
	char date[11];
	int rc;
	dbi_date_write(&env->date, date);
	if (!dbi_node_set(model, "version", "1") || !dbi_node_set(model, "lang", b->lang)
	    || !dbi_node_set(model, "mode", env->mode == DBI_MODE_REQUEST ? "request" : "yearly")
	    || !dbi_node_set(model, "date", date) || !dbi_node_set(model, "case", case_code)
	    || !dbi_node_add(model, "controller") || !dbi_node_add(model, "subject") || !build_sources(b,
	    model, date)
	    || (b->data->changes && b->data->changes->before && !dbi_node_add(model, "changes"))
	    || !dbi_node_add(model, "activities"))
		return dbi_error_memory(b->err);
	rc = build_collections(b, model);
	return rc == DBRIEF_OK && b->data->changes ? dbi_changes_mark(b->data->changes, &b->order, b->data, doc, b->err) : rc;
}

int dbi_model_build(dbi_xml_doc **model, const struct dbi_dataset *data, const char *case_code,
    const char *lang,
    const struct dbi_env *env, dbi_format *format, struct dbrief_error *err)
{
	struct build b = { data, { NULL, 0, NULL }, lang, format, DBI_BUF_INIT, DBI_BUF_INIT, err };
	dbi_xml_doc *doc = NULL;
	int rc;
	*model = NULL;
	rc = dbi_order_build(&b.order, data, err);
	if (rc != DBRIEF_OK)
		return rc;
	doc = dbi_xml_new("model");
	rc = doc ? build_root(&b, doc, case_code, env) : dbi_error_memory(err);
	if (rc == DBRIEF_OK) {
		*model = doc;
		doc = NULL;
	}
	dbi_xml_free(doc);
	dbi_order_dispose(&b.order);
	dbi_buf_dispose(&b.scratch);
	dbi_buf_dispose(&b.masked);
	return rc;
}
