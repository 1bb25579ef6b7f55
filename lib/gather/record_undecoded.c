/* SPDX-License-Identifier: MIT */
/* Text that a connector could not decode: judged in the charset that it names. */
#include "gather/records.h"

int dbrief_record_set_undecoded(dbrief_records *r, const char *name, const char *charset, const char *bytes, size_t len)
{
	struct dbi_charset *own = r->charset;
	int rc;
	if (r->error.status < DBRIEF_OK)
		return r->error.status;
	rc = dbi_charset_open(&r->charset, charset, &r->error);
	if (rc == DBRIEF_OK) {
		rc = dbrief_record_set_text(r, name, bytes, len);
		dbi_charset_close(r->charset);
	}
	r->charset = own;
	return rc;
}
