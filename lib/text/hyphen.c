/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "text/breaker.h"

#include <string.h>
#include <unicode/uchar.h>

#include "util/buf.h"
#include "util/mem.h"
#include "util/utf8.h"

#define MAX_WORD 255

#ifndef DBI_HYPHEN_DIR
#define DBI_HYPHEN_DIR "/usr/share/hyphen"
#endif

static int open_named(dbi_hyphdict **dict, const char *lang, const char *region, struct dbrief_error *err)
{
	struct dbi_buf path = DBI_BUF_INIT;
	int rc;

	dbi_buf_addf(&path, "%s/hyph_%s%s%s.dic", DBI_HYPHEN_DIR, lang, *region ? "_" : "", region);
	rc = path.failed ? dbi_error_memory(err) : dbi_hyphdict_open(dict, path.data, err);
	dbi_buf_dispose(&path);
	return rc;
}

/* The dictionary of the region, else of the language's main one, else of the language alone. */
static int open_dict(dbi_hyphdict **dict, const char *tag, struct dbrief_error *err)
{
	static const char main_regions[][2][4] = {
		{ "cs", "CZ" }, { "da", "DK" }, { "el", "GR" }, { "en", "US" }, { "et", "EE" }, { "nb", "NO" }, { "sl", "SI" },
		{ "sv", "SE" }, { "uk", "UA" },
	};
	char lang[4] = "", region[4] = "";
	const char *dash = strchr(tag, '-');
	size_t n = strcspn(tag, "-");
	int rc = DBRIEF_OK;

	*dict = NULL;
	if (n == 0)
		return DBRIEF_OK;
	memcpy(lang, tag, n);
	for (size_t i = 0; i < n; i++)
		region[i] = (char)(lang[i] & ~0x20);
	for (size_t i = 0; i < sizeof main_regions / sizeof main_regions[0]; i++)
		if (strcmp(lang, main_regions[i][0]) == 0)
			memcpy(region, main_regions[i][1], 3);
	if (dash)
		rc = open_named(dict, lang, dash + 1, err);
	if (!rc && !*dict)
		rc = open_named(dict, lang, region, err);
	if (!rc && !*dict)
		rc = open_named(dict, lang, "", err);
	return rc;
}

static int find_dict(dbi_breaker *b, const char *lang, const dbi_hyphdict **out, struct dbrief_error *err)
{
	unsigned at = b->next_dict;
	dbi_hyphdict *dict;
	char tag[16];
	int rc;

	*out = NULL;
	dbi_break_tag(tag, lang);
	if (!tag[0])
		return DBRIEF_OK;
	for (int i = 0; i < DBI_BREAK_LANGS; i++) {
		if (strcmp(b->dicts[i].tag, tag) == 0) {
			*out = b->dicts[i].dict;
			return DBRIEF_OK;
		}
	}
	if ((rc = open_dict(&dict, tag, err)))
		return rc;
	dbi_hyphdict_close(b->dicts[at].dict);
	b->dicts[at].dict = dict;
	memcpy(b->dicts[at].tag, tag, sizeof tag);
	b->next_dict = (at + 1) % DBI_BREAK_LANGS;
	*out = dict;
	return DBRIEF_OK;
}

/*
 * The word in lower case, and for each of its bytes the offset in the word as
 * given. Returns its length, 0 when the word holds anything but letters.
 */
static size_t lower_word(const char *word, size_t len, char *lower, unsigned char *origin)
{
	size_t n = 0;

	for (size_t i = 0, step; i < len; i += step) {
		uint32_t c = dbi_utf8_next(word + i, len - i, &step);
		char bytes[4];
		size_t k;

		if (c == 0xFFFFFFFF || !(u_isalpha((UChar32)c) || (U_GET_GC_MASK((UChar32)c) & U_GC_M_MASK)))
			return 0;
		k = dbi_utf8_put(bytes, (uint32_t)u_tolower((UChar32)c));
		memcpy(lower + n, bytes, k);
		memset(origin + n, (int)i, k);
		n += k;
	}
	return n;
}

int dbi_hyphenate(dbi_breaker *b, const char *word, size_t len, const char *lang, unsigned char *points,
    struct dbrief_error *err)
{
	char lower[MAX_WORD * 2];
	unsigned char origin[MAX_WORD * 2], found[MAX_WORD * 2];
	const dbi_hyphdict *dict;
	size_t n;
	int rc;

	memset(points, 0, len);
	if (len < 5 || len > MAX_WORD)
		return DBRIEF_OK;
	if ((rc = find_dict(b, lang, &dict, err)))
		return rc;
	if (!dict || (n = lower_word(word, len, lower, origin)) == 0)
		return DBRIEF_OK;
	if (!dbi_hyphdict_points(dict, lower, n, found))
		return dbi_error_memory(err);
	for (size_t i = 1; i < n; i++)
		if (found[i] && origin[i] != origin[i - 1])
			points[origin[i]] = 1;
	return DBRIEF_OK;
}
