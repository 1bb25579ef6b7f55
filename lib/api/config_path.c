/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <sys/stat.h>
#include "api/config.h"
#include "util/error.h"

int dbi_config_check_path(const char *path, struct dbrief_error *err)
{
	struct stat st;
	if (stat(path, &st)) {
		(void)dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, path, errno == ENOENT
		    ? "there is no such file; name the configuration, usually datenbrief.xml"
		    : "the configuration cannot be reached; correct the path or the rights of its folder");
		return DBRIEF_FATAL;
	}
	if (S_ISDIR(st.st_mode))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, path,
		    "this is a folder; name the configuration in it, usually datenbrief.xml");
	return DBRIEF_OK;
}
