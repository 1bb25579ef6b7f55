/* SPDX-License-Identifier: MIT */
#include "util/norm.h"

#include <stdio.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/uversion.h>

#include "util/mem.h"

#define SMALL 512

/* Nothing below U+0300, whose first byte is 0xCC, combines or decomposes in NFC. */
static bool is_surely_nfc(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] >= 0xCC)
			return false;
	return true;
}

static int unicode_error(struct dbrief_error *err, UErrorCode code)
{
	if (code == U_MEMORY_ALLOCATION_ERROR)
		return dbi_error_memory(err);
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, "",
	    "text could not be normalised (ICU %d); check the charset of the source", (int)code);
}

/* Appends UTF-16 as UTF-8: at most three bytes a unit. */
static int add_utf16(struct dbi_buf *out, const UChar *u, int32_t n, struct dbrief_error *err)
{
	UErrorCode code = U_ZERO_ERROR;
	char *room = dbi_buf_room(out, (size_t)n * 3);
	int32_t written = 0;

	if (!room)
		return dbi_error_memory(err);
	(void)u_strToUTF8(room, n * 3 + 1, &written, u, n, &code);
	if (U_FAILURE(code))
		return unicode_error(err, code);
	out->len += (size_t)written;
	out->data[out->len] = '\0';
	return DBRIEF_OK;
}

static int normalise(struct dbi_buf *out, const UNormalizer2 *nfc, const UChar *u, int32_t n, struct dbrief_error *err)
{
	UErrorCode code = U_ZERO_ERROR;
	int32_t need;
	UChar *result = NULL;
	int status;

	need = unorm2_normalize(nfc, u, n, NULL, 0, &code);
	if (code != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(code))
		return unicode_error(err, code);
	result = dbi_realloc(NULL, (size_t)need + 1, sizeof *result);
	if (!result)
		return dbi_error_memory(err);
	code = U_ZERO_ERROR;
	need = unorm2_normalize(nfc, u, n, result, need + 1, &code);
	status = U_FAILURE(code) ? unicode_error(err, code) : add_utf16(out, result, need, err);
	dbi_free(result);
	return status;
}

int dbi_nfc(struct dbi_buf *out, const char *s, size_t len, struct dbrief_error *err)
{
	UErrorCode code = U_ZERO_ERROR;
	const UNormalizer2 *nfc;
	UChar small[SMALL], *u = small;
	int32_t n = 0;
	int status = DBRIEF_OK;

	if (is_surely_nfc(s, len)) {
		dbi_buf_add(out, s, len);
		return out->failed ? dbi_error_memory(err) : DBRIEF_OK;
	}
	if (len > INT32_MAX / 4)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "", "text is too long; shorten it at its source");
	nfc = unorm2_getNFCInstance(&code);
	if (U_FAILURE(code))
		return unicode_error(err, code);
	if (len > SMALL) {
		u = dbi_realloc(NULL, len, sizeof *u);
		if (!u)
			return dbi_error_memory(err);
	}
	(void)u_strFromUTF8(u, (int32_t)(len > SMALL ? len : SMALL), &n, s, (int32_t)len, &code);
	if (U_FAILURE(code)) {
		status = unicode_error(err, code);
	} else if (unorm2_quickCheck(nfc, u, n, &code) == UNORM_YES && U_SUCCESS(code)) {
		dbi_buf_add(out, s, len);
		status = out->failed ? dbi_error_memory(err) : DBRIEF_OK;
	} else {
		status = normalise(out, nfc, u, n, err);
	}
	if (u != small)
		dbi_free(u);
	return status;
}

void dbi_icu_version(char *out, size_t size)
{
	UVersionInfo version;
	char text[U_MAX_VERSION_STRING_LENGTH];

	u_getVersion(version);
	u_versionToString(version, text);
	(void)snprintf(out, size, "ICU %s", text);
}
