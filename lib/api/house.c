/* SPDX-License-Identifier: MIT */
/* The house style: read once, tried before any letter, shared by all. */
#include <string.h>
#include "api/api.h"
#include "util/mem.h"
#include "xml/form.h"

#define LETTER_NS "urn:datenbrief:letter:1"

int dbi_house_style_read(struct dbi_config *config, const dbi_xml_node *root, struct dbrief_error *err)
{
	struct dbi_form f = { config->doc, "urn:datenbrief:config:1", &config->arena, err };
	const dbi_xml_node *n = dbi_node_child(root, "house-style");
	const char *href = NULL;
	struct dbi_buf path = DBI_BUF_INIT;
	int rc;

	if (!n)
		return DBRIEF_OK;
	rc = dbi_form_attrs(&f, n, "href!");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(&f, n, "");
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(&f, n, "href", &href);
	if (rc != DBRIEF_OK)
		return rc;
	if (href[0] != '/' && strcmp(config->base, ".") != 0) {
		dbi_buf_adds(&path, config->base);
		dbi_buf_addc(&path, '/');
	}
	dbi_buf_adds(&path, href);
	config->house_style = dbi_buf_take(&path);
	return config->house_style ? DBRIEF_OK : dbi_form_memory(&f);
}

/* The document, and what the engine itself wants to know of it. */
static int read_house(dbrief_engine *e, const char *path, struct dbrief_error *err)
{
	dbi_xml_doc *doc = NULL;
	const char *fonts;
	int status = dbi_xml_parse_file(&doc, path, LETTER_NS, err);

	if (status == DBRIEF_OK)
		status = dbi_draft_from_xml(&e->house_doc, doc, err);
	fonts = status == DBRIEF_OK ? dbi_node_attr(dbi_xml_root(doc), "fonts") : NULL;
	if (fonts && !(e->house_fonts = dbi_strdup(fonts)))
		status = dbi_error_memory(err);
	dbi_xml_free(doc);
	return status;
}

int dbi_engine_load_house(dbrief_engine *e, const char *path, struct dbrief_error *err)
{
	const char *slash;
	int status;

	path = path ? path : e->config ? e->config->house_style : NULL;
	if (!path)
		return DBRIEF_OK;
	status = read_house(e, path, err);
	if (status != DBRIEF_OK)
		return status;
	slash = strrchr(path, '/');
	e->house_folder = !slash ? dbi_strdup(".") : slash == path ? dbi_strdup("/") : dbi_strndup(path, (size_t)(slash - path));
	e->house = (struct dbi_house){ &e->house_doc, e->house_folder };
	return e->house_folder ? DBRIEF_OK : dbi_error_memory(err);
}

const struct dbi_house *dbi_engine_house(const dbrief_engine *e)
{
	return e->house.doc ? &e->house : NULL;
}

/* Reads a letter of nothing in it, so that its mistakes are found before the first letter. */
int dbi_engine_try_house(const dbrief_engine *e, struct dbrief_error *err)
{
	static const char nothing[] = "<letter xmlns=\"" LETTER_NS "\" form=\"report\" lang=\"de\" title=\"x\"><subject>x</subject><body/></letter>";
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_letter *letter = NULL;
	struct dbi_draft draft = { 0 };
	dbi_xml_doc *doc = NULL;
	int status;

	if (!e->house.doc)
		return DBRIEF_OK;
	status = dbi_xml_parse_memory(&doc, e->house.doc->name, nothing, sizeof(nothing) - 1, LETTER_NS, err);
	if (status == DBRIEF_OK)
		status = dbi_draft_from_xml(&draft, doc, err);
	if (status == DBRIEF_OK)
		status = dbi_letter_read_in_house(&letter, &arena, &draft, &e->house, e->fonts, DBRIEF_FATAL, err);
	dbi_xml_free(doc);
	dbi_draft_dispose(&draft);
	dbi_arena_dispose(&arena);
	return status;
}
