/* SPDX-License-Identifier: MIT */
#include "connect/files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "connect/fault.h"

#define MAX_TABLES 500

struct listing {
	struct dbi_files *files;
	const dbrief_source *source;
	const char *type;
	char *url, *folder;  /* the file or folder of the url; where other files stand */
	bool is_folder;
	struct dbrief_error *err;
};

/* ---- paths ---- */

/* folder/name, or name alone when it is absolute. */
static char *join(const char *folder, const char *name, const char *extension)
{
	size_t len = strlen(folder) + strlen(name) + strlen(extension) + 3;
	char *path = malloc(len);

	if (path)
		(void)snprintf(path, len, "%s%s%s%s%s", name[0] == '/' ? "" : folder, name[0] == '/' ? "" : "/", name,
		    extension[0] ? "." : "", extension);
	return path;
}

static int find_url(struct listing *l)
{
	const char *url = dbrief_source_url(l->source), *base = dbrief_source_base(l->source);
	size_t len = strlen(l->type);
	struct stat st;
	char *slash;

	if (!url || strncmp(url, l->type, len) != 0 || url[len] != ':' || !url[len + 1])
		return dbi_connect_error(l->err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, dbrief_source_place(l->source),
		    "the source has no file; give url=\"%s:FILE\" or --source ID=%s:FILE", l->type, l->type);
	l->url = join(base && base[0] ? base : ".", url + len + 1, "");
	l->folder = l->url ? strdup(l->url) : NULL;
	if (!l->folder)
		return dbi_connect_memory(l->err);
	l->is_folder = stat(l->url, &st) == 0 && S_ISDIR(st.st_mode);
	slash = strrchr(l->folder, '/');
	if (!l->is_folder && slash)
		slash[slash == l->folder] = '\0';
	return DBRIEF_OK;
}

/* ---- tables ---- */

static struct dbi_file_table *add_table(struct listing *l, const char *name, size_t collection, char *file)
{
	struct dbi_file_table *grown = NULL, *t;

	if (file)
		grown = realloc(l->files->tables, (l->files->n + 1) * sizeof(*grown));
	if (!grown) {
		free(file);
		(void)dbi_connect_memory(l->err);
		return NULL;
	}
	l->files->tables = grown;
	t = &grown[l->files->n++];
	*t = (struct dbi_file_table){ .source = l->source, .collection = collection, .file = file };
	t->shown = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	t->charset = dbrief_source_charset(l->source);
	t->name = strdup(name);
	if (t->name)
		return t;
	(void)dbi_connect_memory(l->err);
	return NULL;
}

static int add_collection(struct listing *l, size_t i, const struct dbrief_collection_info *info)
{
	struct dbi_file_table *t;
	char *file = info->file ? join(l->folder, info->file, "") :
	    l->is_folder ? join(l->folder, info->name, l->type) : strdup(l->url);

	if (!info->subject_key) {
		free(file);
		return dbi_connect_config(l->err, info->place,
		    "the records have no subject-key; name the column of the customer");
	}
	t = add_table(l, info->name, i, file);
	if (!t)
		return DBRIEF_FAILED;
	t->charset = info->file_charset;
	t->path = info->path;
	return DBRIEF_OK;
}

/* customer.csv is the table customer, unless that is one of the records'. */
static int add_file(struct listing *l, const char *file)
{
	size_t len = strlen(file), extension = strlen(l->type);
	char name[128];

	if (len <= extension + 1 || len - extension - 1 >= sizeof(name) || file[0] == '.' ||
	    file[len - extension - 1] != '.' || strcmp(file + len - extension, l->type) != 0)
		return DBRIEF_OK;
	memcpy(name, file, len - extension - 1);
	name[len - extension - 1] = '\0';
	for (size_t i = 0; i < l->files->n; i++)
		if (strcmp(l->files->tables[i].name, name) == 0)
			return DBRIEF_OK;
	if (l->files->n == MAX_TABLES)
		return dbi_connect_error(l->err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, dbrief_source_place(l->source),
		    "the folder holds more than %d files of type %s; leave only those of this source there", MAX_TABLES, l->type);
	return add_table(l, name, DBI_NO_COLLECTION, join(l->folder, file, "")) ? DBRIEF_OK : DBRIEF_FAILED;
}

static int add_folder(struct listing *l)
{
	struct dirent **entries = NULL;
	int n = scandir(l->folder, &entries, NULL, NULL), status = DBRIEF_OK;

	if (n < 0)
		return dbi_connect_config(l->err, dbrief_source_place(l->source), "the folder of the url cannot be read; check url");
	for (int i = 0; i < n; i++) {
		if (status == DBRIEF_OK)
			status = add_file(l, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return status;
}

/* Without a folder a query has the file of the url, by its name. */
static int add_for_queries(struct listing *l)
{
	const char *name = strrchr(l->url, '/');

	if (l->is_folder)
		return add_folder(l);
	return l->files->n ? DBRIEF_OK : add_file(l, name ? name + 1 : l->url);
}

/* What belongs to other records of the same file is no field of these. */
static int find_others(struct dbi_files *files, struct dbi_file_table *t, struct dbrief_error *err)
{
	t->others = calloc(files->n, sizeof(*t->others));
	if (!t->others)
		return dbi_connect_memory(err);
	for (size_t i = 0; i < files->n; i++)
		if (&files->tables[i] != t && files->tables[i].path && strcmp(files->tables[i].file, t->file) == 0)
			t->others[t->n_others++] = files->tables[i].path;
	return DBRIEF_OK;
}

int dbi_files_list(struct dbi_files *files, const dbrief_source *source, const char *type, struct dbrief_error *err)
{
	struct listing l = { .files = files, .source = source, .type = type, .err = err };
	bool queries = false;
	int status = find_url(&l);

	memset(files, 0, sizeof(*files));
	for (size_t i = 0; status == DBRIEF_OK && i < dbrief_source_collections(source); i++) {
		struct dbrief_collection_info info = { .size = sizeof(info) };

		status = dbrief_source_collection(source, i, &info);
		if (status == DBRIEF_OK && info.query)
			queries = true;
		else if (status == DBRIEF_OK)
			status = add_collection(&l, i, &info);
	}
	if (status == DBRIEF_OK && queries)
		status = add_for_queries(&l);
	for (size_t i = 0; status == DBRIEF_OK && i < files->n; i++)
		status = find_others(files, &files->tables[i], err);
	free(l.url);
	free(l.folder);
	return status;
}

void dbi_files_dispose(struct dbi_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		dbi_file_table_dispose(&files->tables[i]);
	free(files->tables);
	memset(files, 0, sizeof(*files));
}
