/* SPDX-License-Identifier: MIT */
#include "api/config_key.h"

#include <stdio.h>
#include <sys/stat.h>
#include "util/hash.h"

#define KEY_MIN 32
#define KEY_MAX 4096

/* All of a key file goes into the key. */
int dbi_config_read_key(const struct dbi_form *f, const dbi_xml_node *n, const char *path, bool secret, unsigned char key[32])
{
	unsigned char bytes[KEY_MAX + 1];
	struct stat st;
	size_t len;
	int rc = DBRIEF_OK;
	FILE *file = fopen(path, "rb");
	if (!file)
		return dbi_form_error(f, n, "the key file cannot be read; correct its rights");
	(void)setvbuf(file, NULL, _IONBF, 0);
	len = fread(bytes, 1, sizeof bytes, file);
	if (ferror(file))
		rc = dbi_form_error(f, n, "the key file cannot be read; check the disk");
	else if (len < KEY_MIN || len > KEY_MAX)
		rc = dbi_form_error(f, n,
		    "the key file holds %s than %d bytes; fill it with: head -c 32 /dev/urandom",
		    len < KEY_MIN ? "less" : "more", len < KEY_MIN ? KEY_MIN : KEY_MAX);
	else if (secret && (fstat(fileno(file), &st) != 0 || (st.st_mode & (S_IRWXG | S_IRWXO))))
		rc = dbi_form_error(f, n, "group or others may read or write the key file; take that right away (chmod go=)");
	else
		dbi_blake2b(key, 32, bytes, len, NULL, 0);
	dbi_wipe(bytes, sizeof bytes);
	(void)fclose(file);
	return rc;
}
