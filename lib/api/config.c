/* SPDX-License-Identifier: MIT */
#include "api/config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "api/config_key.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/mem.h"
#include "xml/form.h"
#include "xml/schemas.h"
#include "xml/xpath.h"

#define CONFIG_NS "urn:datenbrief:config:1"

/* What a configuration is while it is read. */
struct reading {
	struct dbi_config *config;
	struct dbi_form f;
	struct dbi_arena arena;    /* texts that do not outlive the reading */
	const dbi_xml_node *root;
	struct dbrief_error *err;
	const char *templates;     /* folder of the standard ones */
};

/* ---- paths ---- */

/* Folder of a path, "." when it names none. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return dbi_strdup(".");
	return slash == path ? dbi_strdup("/") : dbi_strndup(path, (size_t)(slash - path));
}

/* A path of the file, seen from the process; yours. */
static char *resolve(const struct reading *r, const char *path)
{
	struct dbi_buf buf = DBI_BUF_INIT;
	if (path[0] == '/' || strcmp(r->config->base, ".") == 0)
		return dbi_strdup(path);
	dbi_buf_adds(&buf, r->config->base);
	if (strcmp(r->config->base, "/"))
		dbi_buf_addc(&buf, '/');
	dbi_buf_adds(&buf, path);
	return dbi_buf_take(&buf);
}

static int resolve_attr(struct reading *r, const dbi_xml_node *n, const char *attr, char **out)
{
	const char *path;
	int rc = dbi_form_attr(&r->f, n, attr, &path);
	*out = NULL;
	if (rc != DBRIEF_OK || !path)
		return rc;
	*out = resolve(r, path);
	return *out ? DBRIEF_OK : dbi_form_memory(&r->f);
}

/* The file must be there and no folder; the message names the file as the configuration does. */
static int check_file(struct reading *r, const dbi_xml_node *n, const char *attr, const char *path)
{
	struct stat st;
	const char *named = dbi_node_attr(n, attr);
	if (stat(path, &st))
		return dbi_form_error(&r->f, n,
		    "the file '%.120s' of <%s> is not there or cannot be reached; correct %s", named,
		    dbi_node_name(n), attr);
	if (!S_ISREG(st.st_mode))
		return dbi_form_error(&r->f, n, "'%.120s' of <%s> is no file; correct %s", named,
		    dbi_node_name(n), attr);
	return DBRIEF_OK;
}

/* ---- controller, officer, authority ---- */

static int check_country(const struct dbi_form *f, const dbi_xml_node *n)
{
	const dbi_xml_node *country = dbi_node_child(n, "country");
	const char *code = NULL;
	int rc = country ? dbi_form_text(f, country, true, true, &code) : DBRIEF_OK;
	if (rc != DBRIEF_OK || !country)
		return rc;
	if (strlen(code) != 2 || strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2)
		return dbi_form_error(f, country,
		    "the country is no ISO 3166 code; write two capital letters such as DE");
	return DBRIEF_OK;
}

static int check_office(struct reading *r, const char *name, const char *children, bool required)
{
	const dbi_xml_node *n = dbi_node_child(r->root, name);
	size_t lines = 0;
	int rc;
	if (!n)
		return required ? dbi_form_error(&r->f, r->root, "<datenbrief> has no <%s>; add one", name)
		    : DBRIEF_OK;
	rc = dbi_form_attrs(&r->f, n, "");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(&r->f, n, children);
	for (const dbi_xml_node *c = dbi_node_child(n, NULL); rc == DBRIEF_OK && c;
	    c = dbi_node_sibling(c, NULL)) {
		const char *text;
		bool needed = dbi_node_is(c, "name") || dbi_node_is(c, "line");
		rc = dbi_form_attrs(&r->f, c, "");
		if (rc == DBRIEF_OK)
			rc = dbi_form_text(&r->f, c, true, needed, &text);
		lines += dbi_node_is(c, "line");
	}
	if (rc == DBRIEF_OK && lines > 5)
		rc = dbi_form_error(&r->f, n, "<%s> has more than 5 <line>; join some", name);
	return rc == DBRIEF_OK ? check_country(&r->f, n) : rc;
}

static int check_offices(struct reading *r)
{
	int rc = check_office(r, "controller",
	    "name! line+ country! represented-by phone email web registration vat-id", true);
	if (rc == DBRIEF_OK)
		rc = check_office(r, "dpo", "name! line* country phone email web", false);
	if (rc == DBRIEF_OK)
		rc = check_office(r, "authority", "name! line* country phone email web", true);
	return rc;
}

/* ---- parts that are files ---- */

static int read_register(struct reading *r)
{
	const dbi_xml_node *n = dbi_node_child(r->root, "register");
	struct dbi_config *c = r->config;
	char *path = NULL;
	int rc;
	if (!dbi_node_attr(n, "href"))
		return dbi_register_from_node(&c->reg, c->doc, n, r->err);
	rc = dbi_form_attrs(&r->f, n, "href!");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(&r->f, n, "");
	if (rc == DBRIEF_OK)
		rc = resolve_attr(r, n, "href", &path);
	if (rc == DBRIEF_OK)
		rc = check_file(r, n, "href", path);
	if (rc == DBRIEF_OK)
		rc = dbi_register_load(&c->reg, path, r->err);
	dbi_free(path);
	return rc;
}

/* ---- templates ---- */

struct when_check { struct reading *r; const dbi_xml_node *n; };

static int check_when_name(void *ctx, char kind, const char *name, size_t args)
{
	const struct when_check *c = ctx;
	(void)args;
	if (kind == 'v' || (kind == 'f' && strchr(name, ':')))
		return dbi_form_error(&c->r->f, c->n,
		    "when uses %.40s; only paths of the model and functions of XPath 1.0 are known here", name);
	return DBRIEF_OK;
}

static int check_when(struct reading *r, const dbi_xml_node *n, const char *when)
{
	struct when_check check = { r, n };
	struct dbrief_error e = DBRIEF_ERROR_INIT;
	dbi_xpath *compiled = NULL;
	size_t column = 0;
	int rc = when ? dbi_xpath_compile(&compiled, when, &column, &e) : DBRIEF_OK;
	dbi_xpath_free(compiled);
	if (rc != DBRIEF_OK)
		return dbi_form_error(&r->f, n, "when fails at its character %zu: %.150s", column + 1, e.text);
	return when ? dbi_xpath_names(when, check_when_name, &check) : DBRIEF_OK;
}

/* A copy that lives as long as the configuration; NULL of NULL. */
static int keep(struct reading *r, const char *s, const char **out)
{
	*out = s ? dbi_arena_strndup(&r->config->arena, s, strlen(s)) : NULL;
	return s && !*out ? dbi_form_memory(&r->f) : DBRIEF_OK;
}

static int find_template(struct reading *r, const dbi_xml_node *n, struct dbi_template_decl *t)
{
	int rc;
	if (dbi_node_attr(n, "standard"))
		return dbi_node_attr(n, "href") ? dbi_form_error(&r->f, n,
		    "<template> has both standard and href; keep one of them") : dbi_config_standard(&t->path,
		    dbi_node_attr(n, "standard"), r->templates, dbi_form_place(&r->f, n), r->err);
	if (!dbi_node_attr(n, "href"))
		return dbi_form_error(&r->f, n,
		    "<template> names no template; add standard=\"de\" for the letter that comes along, or href");
	rc = resolve_attr(r, n, "href", &t->path);
	return rc == DBRIEF_OK ? check_file(r, n, "href", t->path) : rc;
}

static int read_template(struct reading *r, const dbi_xml_node *n, struct dbi_template_decl *t)
{
	const char *lang = NULL, *when = NULL;
	int mode = 0;
	int rc = dbi_form_attrs(&r->f, n, "href standard mode lang when");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(&r->f, n, "");
	if (rc == DBRIEF_OK)
		rc = find_template(r, n, t);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(&r->f, n, "mode", "yearly request", -1, &mode);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(&r->f, n, "lang", &lang);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(&r->f, n, "when", &when);
	if (rc == DBRIEF_OK)
		rc = check_when(r, n, when);
	t->mode = mode < 0 ? NULL : mode ? "request" : "yearly";
	if (rc == DBRIEF_OK)
		rc = keep(r, lang, &t->lang);
	if (rc == DBRIEF_OK)
		rc = keep(r, when, &t->when);
	return rc == DBRIEF_OK ? keep(r, dbi_form_place(&r->f, n), &t->place) : rc;
}

static int read_templates(struct reading *r)
{
	struct dbi_config *c = r->config;
	size_t cap = 0;
	int rc = DBRIEF_OK;
	for (const dbi_xml_node *n = dbi_node_child(r->root, "template"); rc == DBRIEF_OK && n;
	    n = dbi_node_sibling(n, "template")) {
		const struct dbi_template_decl *last = c->n_templates ? &c->templates[c->n_templates - 1] : NULL;
		if (last && !last->mode && !last->lang && !last->when)
			return dbi_form_error(&r->f, n,
			    "the <template> above has no conditions, so this one is never taken; put that one last");
		if (!dbi_grow(&c->templates, &cap, c->n_templates + 1, sizeof *c->templates, DBI_MAX_TEMPLATES))
			return dbi_form_error(&r->f, n, "too many <template>; at most %d are read", DBI_MAX_TEMPLATES);
		memset(&c->templates[c->n_templates], 0, sizeof *c->templates);
		rc = read_template(r, n, &c->templates[c->n_templates++]);
	}
	return rc;
}

/* The file that key-file of an element names. */
static int read_key(struct reading *r, const dbi_xml_node *n, bool secret, unsigned char key[32])
{
	char *path = NULL;
	int rc = resolve_attr(r, n, "key-file", &path);
	if (rc == DBRIEF_OK)
		rc = check_file(r, n, "key-file", path);
	if (rc == DBRIEF_OK)
		rc = dbi_config_read_key(&r->f, n, path, secret, key);
	dbi_free(path);
	return rc;
}

static int read_case_key(struct reading *r)
{
	const dbi_xml_node *n = dbi_node_child(r->root, "case-code");
	const char *name;
	int rc;
	if (!n) {
		rc = dbi_form_child_text(&r->f, dbi_node_child(r->root, "controller"), "name", true, &name);
		if (rc == DBRIEF_OK)
			dbi_blake2b(r->config->case_key, sizeof r->config->case_key, name, strlen(name), NULL,
			    0);
		return rc;
	}
	rc = dbi_form_attrs(&r->f, n, "key-file!");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(&r->f, n, "");
	return rc == DBRIEF_OK ? read_key(r, n, false, r->config->case_key) : rc;
}

/* The ledger itself is opened, and made, by the runs. */
static int read_ledger(struct reading *r)
{
	const dbi_xml_node *n = dbi_node_child(r->root, "ledger");
	int rc;
	if (!n)
		return DBRIEF_OK;
	rc = dbi_form_attrs(&r->f, n, "file! key-file!");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(&r->f, n, "");
	if (rc == DBRIEF_OK)
		rc = resolve_attr(r, n, "file", &r->config->ledger);
	/* Who reads it can try out whose letter and which value a hash is of. */
	return rc == DBRIEF_OK ? read_key(r, n, true, r->config->ledger_key) : rc;
}

/* ---- fonts ---- */

static int read_family(struct reading *r, const dbi_xml_node *n, struct dbi_family_spec *family)
{
	static const char *const styles[] = { "regular", "bold", "italic", "bold-italic" };
	const char *name;
	int rc = dbi_form_attrs(&r->f, n, "name! regular bold italic bold-italic");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(&r->f, n, "");
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(&r->f, n, "name", &name);
	if (rc == DBRIEF_OK && !(family->name = dbi_strdup(name)))
		rc = dbi_form_memory(&r->f);
	for (size_t i = 0; rc == DBRIEF_OK && i < 4; i++) {
		char *path = NULL;
		rc = resolve_attr(r, n, styles[i], &path);
		family->files[i] = path;
		if (rc == DBRIEF_OK && path)
			rc = check_file(r, n, styles[i], path);
	}
	return rc;
}

static int read_families(struct reading *r, const dbi_xml_node *fonts, const char *name,
    struct dbi_family_spec **out, size_t *n)
{
	size_t cap = 0;
	int rc = DBRIEF_OK;
	for (const dbi_xml_node *x = dbi_node_child(fonts, name); rc == DBRIEF_OK && x;
	    x = dbi_node_sibling(x, name)) {
		if (!dbi_grow(out, &cap, *n + 1, sizeof **out, 64))
			return dbi_form_error(&r->f, x, "too many <%s>; at most 64 are read", name);
		memset(&(*out)[*n], 0, sizeof **out);
		++*n;
		rc = read_family(r, x, &(*out)[*n - 1]);
		for (size_t i = 0; rc == DBRIEF_OK && i + 1 < *n; i++)
			if (strcmp((*out)[i].name, (*out)[*n - 1].name) == 0)
				rc = dbi_form_error(&r->f, x, "a <%s> '%.60s' stands above; name each once",
				    name, (*out)[i].name);
	}
	return rc;
}

static int read_fonts(struct reading *r)
{
	const dbi_xml_node *n = dbi_node_child(r->root, "fonts");
	int rc;
	if (!n)
		return DBRIEF_OK;
	rc = dbi_form_attrs(&r->f, n, "");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(&r->f, n, "family* fallback*");
	if (rc == DBRIEF_OK)
		rc = read_families(r, n, "family", &r->config->families, &r->config->n_families);
	if (rc == DBRIEF_OK)
		rc = read_families(r, n, "fallback", &r->config->fallbacks, &r->config->n_fallbacks);
	return rc;
}

/* ---- sources against the register ---- */

static int check_activities(struct reading *r)
{
	const struct dbi_sources *all = &r->config->sources;
	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < all->sources[i].n_collections; k++) {
			const struct dbi_collection_decl *c = &all->sources[i].collections[k];
			if (!dbi_register_has(r->config->reg, c->activity))
				return dbi_error(r->err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, c->place,
				    "the register has no activity '%.60s'; add it there or correct activity",
				    c->activity);
		}
	return DBRIEF_OK;
}

/* ---- the whole ---- */

static int read_root(struct reading *r)
{
	const char *lang = NULL;
	int rc;
	if (!dbi_node_is(r->root, "datenbrief") || strcmp(dbi_node_ns(r->root), CONFIG_NS))
		return dbi_form_error(&r->f, r->root,
		    "this is no configuration; begin it with <datenbrief xmlns=\"" CONFIG_NS "\">");
	rc = dbi_form_attrs(&r->f, r->root, "lang");
	/* An inline register has its own namespace and reader. */
	r->f.ns = NULL;
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(&r->f, r->root,
		    "controller! dpo authority! register! template* output house-style case-code ledger fonts codes* limits identity source+ subject! hold* attest*");
	r->f.ns = CONFIG_NS;
	for (const dbi_xml_node *n = dbi_node_child(r->root, NULL); rc == DBRIEF_OK && n;
	    n = dbi_node_sibling(n, NULL))
		if (strcmp(dbi_node_ns(n), CONFIG_NS)
		    && !(dbi_node_is(n, "register") && !dbi_node_attr(n, "href")))
			rc = dbi_form_error(&r->f, n,
			    "<%s> is not in the namespace " CONFIG_NS "; remove its xmlns", dbi_node_name(n));
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(&r->f, r->root, "lang", &lang);
	if (rc == DBRIEF_OK && !(r->config->lang = dbi_strdup(lang ? lang : "de")))
		rc = dbi_form_memory(&r->f);
	return rc;
}

static int read_all(struct reading *r)
{
	struct dbi_config *c = r->config;
	int rc = read_root(r);
	if (rc == DBRIEF_OK)
		rc = check_offices(r);
	if (rc == DBRIEF_OK)
		rc = read_register(r);
	if (rc == DBRIEF_OK)
		rc = dbi_sources_read(&c->sources, c->doc, r->root, c->base, r->err);
	if (rc == DBRIEF_OK)
		rc = check_activities(r);
	if (rc == DBRIEF_OK)
		rc = dbi_subject_map_read(&c->subject, c->doc, dbi_node_child(r->root, "subject"), r->root, r->err);
	if (rc == DBRIEF_OK)
		rc = read_templates(r);
	if (rc == DBRIEF_OK)
		rc = dbi_output_read(c, r->root, r->err);
	if (rc == DBRIEF_OK)
		rc = dbi_house_style_read(c, r->root, r->err);
	if (rc == DBRIEF_OK)
		rc = read_case_key(r);
	if (rc == DBRIEF_OK)
		rc = read_ledger(r);
	if (rc == DBRIEF_OK)
		rc = read_fonts(r);
	if (rc == DBRIEF_OK)
		rc = dbi_attests_read(c, r->root, r->err);
	/* What the readers above let through by mistake ends here. */
	if (rc == DBRIEF_OK)
		rc = dbi_xml_validate(c->doc, "config.rng", dbi_schema_config, r->err);
	return rc;
}

int dbi_config_load_with(struct dbi_config **out, const char *path, const char *templates, struct dbrief_error *err)
{
	struct reading r = { NULL, { NULL, CONFIG_NS, NULL, err }, DBI_ARENA_INIT, NULL, err, templates };
	int rc = dbi_config_check_path(path, err);
	*out = NULL;
	if (rc != DBRIEF_OK)
		return rc;
	r.config = dbi_calloc(1, sizeof *r.config);
	if (!r.config || !(r.config->base = folder_of(path))) {
		dbi_config_free(r.config);
		return dbi_form_memory(&r.f);
	}
	rc = dbi_xml_parse_file(&r.config->doc, path, NULL, err);
	if (rc == DBRIEF_OK) {
		r.f.doc = r.config->doc;
		r.f.arena = &r.arena;
		r.root = dbi_xml_root(r.config->doc);
		rc = read_all(&r);
	}
	dbi_arena_dispose(&r.arena);
	if (rc == DBRIEF_OK)
		*out = r.config;
	else
		dbi_config_free(r.config);
	return rc;
}

static void free_families(struct dbi_family_spec *families, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		dbi_free((void *)(uintptr_t)families[i].name);
		for (size_t k = 0; k < 4; k++)
			dbi_free((void *)(uintptr_t)families[i].files[k]);
	}
	dbi_free(families);
}

void dbi_config_free(struct dbi_config *c)
{
	if (!c)
		return;
	free_families(c->families, c->n_families);
	free_families(c->fallbacks, c->n_fallbacks);
	dbi_subject_map_free(c->subject);
	dbi_sources_dispose(&c->sources);
	dbi_register_free(c->reg);
	dbi_xml_free(c->doc);
	dbi_arena_dispose(&c->arena);
	for (size_t i = 0; i < c->n_templates; i++)
		dbi_free(c->templates[i].path);
	dbi_free(c->templates);
	dbi_free(c->house_style);
	dbi_free(c->ledger);
	dbi_free(c->lang);
	dbi_free(c->base);
	dbi_free_wiped(c, sizeof *c);
}
