/* SPDX-License-Identifier: MIT */
/* The letters that come along: found by a word, so that a configuration works wherever they were installed. */
#include <string.h>
#include <sys/stat.h>
#include "api/config.h"
#include "util/buf.h"
#include "util/error.h"

int dbi_config_standard(char **path, const char *word, const char *templates, const char *place, struct dbrief_error *err)
{
	struct dbi_buf buf = DBI_BUF_INIT;
	struct stat st;

	if (!templates)
		templates = DBI_TEMPLATES_DIR;
	*path = NULL;
	if (strlen(word) > 20 || strspn(word, "abcdefghijklmnopqrstuvwxyz-") != strlen(word))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place,
		    "there is no standard letter of that name; write standard=\"de\", \"en\" or \"plain\"");
	dbi_buf_addf(&buf, "%s/standard/letter-%s.xml", templates, word);
	*path = dbi_buf_take(&buf);
	if (!*path)
		return dbi_error_memory(err);
	return stat(*path, &st) == 0 ? DBRIEF_OK : dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place,
	    "the standard letter '%s' is not in %.120s; write standard=\"de\", \"en\" or \"plain\", or name a template with href", word, templates);
}

int dbi_config_load(struct dbi_config **config, const char *path, struct dbrief_error *err)
{
	return dbi_config_load_with(config, path, NULL, err);
}
