/* SPDX-License-Identifier: MIT */
/*
 * The iconv door: bytes in an allowed charset to clean UTF-8. Strict: never
 * //TRANSLIT or //IGNORE, the result is validated as UTF-8 and XML-legal text.
 */
#ifndef DBI_CHARSET_H
#define DBI_CHARSET_H

#include "util/buf.h"

struct dbi_charset; /* one thread; a converter for one charset */

/* Canonical name when the charset is on the allow-list (robustness rules), else NULL. Case and "CP1252" aliases are understood. */
const char *dbi_charset_canonical(const char *name);
int dbi_charset_open(struct dbi_charset **cs, const char *name, struct dbrief_error *err);
void dbi_charset_close(struct dbi_charset *cs);
/* What to do with bytes that are no text, and with control characters: without it, refuse. */
struct dbi_text_policy { bool replace, drop_controls; };
/*
 * The same by a policy: what is no text becomes U+FFFD, a control character is left out. *changed is how many there
 * were, added to what it held.
 */
int dbi_charset_convert_by(struct dbi_charset *cs, struct dbi_text_policy policy, struct dbi_buf *out, const char *bytes,
    size_t len, unsigned *changed, struct dbrief_error *err);
/*
 * Does clean text look as if it had been decoded in a wrong charset ("MÃ¼ller", "â€œ"), or hold control characters of C1?
 * Such text is legal; only a person can tell.
 */
bool dbi_text_is_suspect(const char *s, size_t len);
/*
 * Appends the value as NFC UTF-8. On bad bytes FAILED, cause ENCODING, and
 * *offset is the first bad byte; text says which kind, never the value.
 */
int dbi_charset_convert(struct dbi_charset *cs, struct dbi_buf *out, const char *bytes, size_t len,
    size_t *offset, struct dbrief_error *err);

#endif
