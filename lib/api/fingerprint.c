/* SPDX-License-Identifier: MIT */
#include "api/fingerprint.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "api/api.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/mem.h"

const char *const dbi_fingerprint_names[DBI_FINGERPRINTS] = {
	"config", "register", "template", "pictures", "fonts", "sources", "program"
};
const char *const dbi_fingerprint_words[DBI_FINGERPRINTS] = {
	"the configuration", "the register", "the template", "the template's pictures", "the fonts", "the sources' URLs",
	"the program or its libraries"
};

/* Hashes of a part's files, one after the other; hashed again at its end. */
struct part {
	struct dbi_buf hashes;
	struct dbrief_error *err;
};

static void part_add(struct part *p, const void *bytes, size_t len)
{
	unsigned char hash[32];

	dbi_blake2b(hash, sizeof(hash), bytes, len, NULL, 0);
	dbi_buf_add(&p->hashes, hash, sizeof(hash));
}

static int part_file(struct part *p, const char *path, size_t max)
{
	struct dbi_buf file = DBI_BUF_INIT;
	int status = dbi_file_read(&file, path, max, DBRIEF_CAUSE_CONFIG, p->err);

	if (status == DBRIEF_OK)
		part_add(p, file.data ? file.data : "", file.len);
	dbi_buf_dispose(&file);
	return status;
}

static int part_end(struct part *p, char out[65], int status)
{
	if (status == DBRIEF_OK && p->hashes.failed)
		status = dbi_error_memory(p->err);
	if (status == DBRIEF_OK)
		dbi_sha256_hex(out, p->hashes.data ? p->hashes.data : "", p->hashes.len);
	dbi_buf_dispose(&p->hashes);
	return status;
}

/* ---- parts ---- */

/* The key behind the case codes decides their letters' names, wherever it is kept. */
static int hash_config(char out[65], const struct dbi_config *c, struct dbrief_error *err)
{
	struct part p = { DBI_BUF_INIT, err };
	int status = part_file(&p, dbi_xml_name(c->doc), DBI_MAX_XML_FILE);
	unsigned char key[32];

	dbi_blake2b(key, sizeof(key), "fingerprint", 11, c->case_key, sizeof(c->case_key));
	part_add(&p, key, sizeof(key));
	return part_end(&p, out, status);
}

static int hash_register(char out[65], const struct dbi_config *c, struct dbrief_error *err)
{
	const dbi_xml_node *n = dbi_node_child(dbi_xml_root(c->doc), "register");
	const char *href = n ? dbi_node_attr(n, "href") : NULL;
	struct part p = { DBI_BUF_INIT, err };
	struct dbi_buf path = DBI_BUF_INIT;
	int status = DBRIEF_OK;

	if (href && href[0] != '/' && c->base)
		dbi_buf_addf(&path, "%s/", c->base);
	if (href)
		dbi_buf_adds(&path, href);
	if (path.failed)
		status = dbi_error_memory(err);
	else if (href)
		status = part_file(&p, path.data, DBI_MAX_XML_FILE);
	dbi_buf_dispose(&path);
	return part_end(&p, out, status);
}

static bool is_picture(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (strcasecmp(dot, ".png") == 0 || strcasecmp(dot, ".jpg") == 0 || strcasecmp(dot, ".jpeg") == 0);
}

static int order_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names { char **name; size_t n, cap; bool failed; };

static void add_name(struct names *names, const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;

	if (!dbi_grow(&names->name, &names->cap, names->n + 1, sizeof(*names->name), 100000) ||
	    !(names->name[names->n] = dbi_malloc(size))) {
		names->failed = true;
		return;
	}
	(void)snprintf(names->name[names->n++], size, "%s/%s", folder, name);
}

/* Pictures of a folder and of those in it: where templates keep their logos. */
static void find_pictures(struct names *names, const char *folder, bool inside)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	struct stat st;

	while (dir && !names->failed && (entry = readdir(dir))) {
		bool picture = is_picture(entry->d_name);
		size_t at = names->n;

		if (entry->d_name[0] == '.' || (!picture && inside))
			continue;
		add_name(names, folder, entry->d_name);
		if (names->failed || (picture && stat(names->name[at], &st) == 0 && S_ISREG(st.st_mode)))
			continue;
		if (!inside && stat(names->name[at], &st) == 0 && S_ISDIR(st.st_mode))
			find_pictures(names, names->name[at], true);
		/* what is no picture goes; what was found in it moves up */
		dbi_free(names->name[at]);
		memmove(names->name + at, names->name + at + 1, (names->n - at - 1) * sizeof(*names->name));
		names->n--;
	}
	if (dir)
		(void)closedir(dir);
}

static int add_pictures(struct part *p, const dbi_template *tmpl)
{
	struct names names = { NULL, 0, 0, false };
	const char *folder = dbi_template_folder(tmpl);
	int status = DBRIEF_OK;

	find_pictures(&names, folder, false);
	if (names.failed)
		status = dbi_error_memory(p->err);
	if (names.n)
		qsort(names.name, names.n, sizeof(*names.name), order_names);
	for (size_t i = 0; i < names.n; i++) {
		if (status == DBRIEF_OK) {
			const char *name = names.name[i] + strlen(folder);

			part_add(p, name, strlen(name));
			status = part_file(p, names.name[i], DBI_MAX_IMAGE_BYTES);
		}
		dbi_free(names.name[i]);
	}
	dbi_free(names.name);
	return status;
}

static int hash_templates(struct dbi_fingerprint *out, const dbrief_template *tmpl, struct dbrief_error *err)
{
	struct part files = { DBI_BUF_INIT, err }, pictures = { DBI_BUF_INIT, err };
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < tmpl->n_choices; i++) {
		const char *hash = dbi_template_hash(tmpl->choices[i].tmpl);

		part_add(&files, hash, strlen(hash));
		status = add_pictures(&pictures, tmpl->choices[i].tmpl);
	}
	status = part_end(&files, out->hash[DBI_FINGERPRINT_TEMPLATE], status);
	return part_end(&pictures, out->hash[DBI_FINGERPRINT_PICTURES], status);
}

static int hash_fonts(char out[65], const dbi_fontset *fonts, struct dbrief_error *err)
{
	struct part p = { DBI_BUF_INIT, err };
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < dbi_fontset_count(fonts); i++) {
		const struct dbi_face_info *face = dbi_fontset_info(fonts, (unsigned)i);

		if (face->bytes)
			part_add(&p, face->bytes, face->len);
		else
			status = part_file(&p, face->path, DBI_MAX_PDF_BYTES);
	}
	return part_end(&p, out, status);
}

/* A URL may hold a password: its hash is keyed. */
static int hash_sources(char out[65], const dbrief_engine *e, struct dbrief_error *err)
{
	struct part p = { DBI_BUF_INIT, err };
	struct dbi_buf all = DBI_BUF_INIT;
	unsigned char hash[32];
	int status = DBRIEF_OK;

	for (size_t i = 0; i < e->n_sources; i++) {
		const struct dbi_source_decl *decl = e->sources[i].source.decl;

		dbi_buf_addf(&all, "%s=%s\n", decl->id, decl->url ? decl->url : "");
	}
	if (all.failed)
		status = dbi_error_memory(err);
	else
		dbi_engine_keyed(e, all.data ? all.data : "", all.len, hash);
	if (all.data)
		dbi_wipe(all.data, all.cap);
	dbi_buf_dispose(&all);
	if (status == DBRIEF_OK)
		part_add(&p, hash, sizeof(hash));
	return part_end(&p, out, status);
}

int dbi_fingerprint(struct dbi_fingerprint *out, const dbrief_engine *engine, const dbrief_template *tmpl, struct dbrief_error *err)
{
	const char *program = dbrief_version_details();
	int status;

	memset(out, 0, sizeof(*out));
	status = hash_config(out->hash[DBI_FINGERPRINT_CONFIG], engine->config, err);
	if (status == DBRIEF_OK)
		status = hash_register(out->hash[DBI_FINGERPRINT_REGISTER], engine->config, err);
	if (status == DBRIEF_OK)
		status = hash_templates(out, tmpl, err);
	if (status == DBRIEF_OK && engine->fonts)
		status = hash_fonts(out->hash[DBI_FINGERPRINT_FONTS], engine->fonts, err);
	if (status == DBRIEF_OK)
		status = hash_sources(out->hash[DBI_FINGERPRINT_SOURCES], engine, err);
	dbi_sha256_hex(out->hash[DBI_FINGERPRINT_PROGRAM], program, strlen(program));
	return status;
}

/* ---- what a plan takes from an engine ---- */

void dbi_engine_code(const dbrief_engine *engine, const char *subject, char code[DBRIEF_CASE_CODE_SIZE])
{
	const dbrief_session view = { .engine = (dbrief_engine *)(uintptr_t)engine }; /* all that codes depend on */

	dbi_session_code(&view, subject, code);
}

void dbi_engine_date(const dbrief_engine *engine, char date[11])
{
	const struct dbi_date *d = &engine->env.date;
	char text[40];

	(void)snprintf(text, sizeof(text), "%04d-%02d-%02d", d->year, d->month, d->day);
	(void)snprintf(date, 11, "%.10s", text);
}

const char *dbi_engine_mode(const dbrief_engine *engine)
{
	return engine->env.mode == DBI_MODE_REQUEST ? "request" : "yearly";
}

void dbi_engine_keyed(const dbrief_engine *engine, const char *text, size_t len, unsigned char out[32])
{
	dbi_blake2b(out, 32, text, len, engine->config->case_key, sizeof(engine->config->case_key));
}
