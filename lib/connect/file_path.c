/* SPDX-License-Identifier: MIT */
#include "connect/file_path.h"

#include <stdlib.h>
#include <string.h>
#include "connect/fault.h"

const char *dbi_file_climb(const char *path, size_t *ups)
{
	*ups = 0;
	for (; strncmp(path, "../", 3) == 0; path += 3)
		++*ups;
	return path;
}

static int cut(struct dbi_file_path *p, const struct dbi_file_table *t, struct dbrief_error *err)
{
	char *s = p->cut;

	while (*s) {
		char *end = s + strcspn(s, "/");

		if (end == s || p->n == DBI_FILE_MAX_STEPS)
			return dbi_file_error(t, 0, err, "the path '%.60s' is none; write names separated by '/'", t->path);
		p->steps[p->n++] = s;
		s = *end ? end + 1 : end;
		*end = '\0';
	}
	return DBRIEF_OK;
}

int dbi_file_path_read(struct dbi_file_path *p, const struct dbi_file_table *t, struct dbrief_error *err)
{
	const char *path = t->path ? t->path : "";
	size_t ups, most = 0;
	int status;

	memset(p, 0, sizeof(*p));
	if (*path == '/')
		path++;
	p->cut = strdup(path);
	p->text = malloc(strlen(path) + 2);
	if (!p->cut || !p->text)
		return dbi_connect_memory(err);
	p->text[0] = *path ? '/' : '\0';
	memcpy(p->text + (*path ? 1 : 0), path, strlen(path) + 1);
	status = cut(p, t, err);
	for (size_t i = 0; i < t->n; i++) {
		(void)dbi_file_climb(t->columns[i].path, &ups);
		most = ups > most ? ups : most;
	}
	if (status == DBRIEF_OK && most > p->n)
		return dbi_file_error(t, 0, err, "a field climbs out of the file with '../'; correct its path");
	p->unit = p->n - most;
	return status;
}

void dbi_file_path_dispose(struct dbi_file_path *p)
{
	free(p->text);
	free(p->cut);
	memset(p, 0, sizeof(*p));
}

/* What follows this table's path in another one, NULL when that leads elsewhere. */
static const char *beyond(const struct dbi_file_path *p, const char *other)
{
	size_t len = strlen(p->text);

	other += *other == '/';
	if (!len)
		return other;
	return strncmp(other, p->text + 1, len - 1) == 0 && other[len - 1] == '/' ? other + len : NULL;
}

bool dbi_file_is_others(const struct dbi_file_table *t, const struct dbi_file_path *p, const char *path)
{
	for (size_t i = 0; i < t->n_others; i++) {
		const char *rest = beyond(p, t->others[i]);

		if (rest && strcmp(rest, path) == 0)
			return true;
	}
	return false;
}

bool dbi_file_leads_to_others(const struct dbi_file_table *t, const struct dbi_file_path *p, const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < t->n_others; i++) {
		const char *rest = beyond(p, t->others[i]);

		if (rest && strncmp(rest, path, len) == 0 && rest[len] == '/')
			return true;
	}
	return false;
}
