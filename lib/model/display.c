/* SPDX-License-Identifier: MIT */
#include "model/display.h"

#include <string.h>
#include "model/model.h"
#include "model/words.h"
#include "util/utf8.h"

#define NO_BREAK_SPACE "\xC2\xA0"
#define BULLET "\xE2\x80\xA2"
/* A shorter text would show half of itself or more. */
#define MASK_MIN 8
#define MASK_SHOWN 4

static enum dbi_word media_word(const char *type)
{
	static const struct { const char *prefix; enum dbi_word word; } table[] = {
		{ "image/png", DBI_WORD_PNG }, { "image/jpeg", DBI_WORD_JPEG }, { "image/gif", DBI_WORD_GIF },
		{ "image/", DBI_WORD_IMAGE }, { "application/pdf", DBI_WORD_PDF }, { "text/", DBI_WORD_TEXT },
		{ "audio/", DBI_WORD_AUDIO }, { "video/", DBI_WORD_VIDEO }, { "application/zip",
		    DBI_WORD_ARCHIVE },
	};
	for (size_t i = 0; type && i < sizeof table / sizeof *table; i++)
		if (strncmp(type, table[i].prefix, strlen(table[i].prefix)) == 0)
			return table[i].word;
	return DBI_WORD_FILE;
}

/* "PNG-Bild, 12 kB": whole units of 1000, rounded to the nearest. */
static void display_binary(const struct dbi_value *v, const char *lang, struct dbi_buf *out)
{
	dbi_buf_adds(out, dbi_word(lang, media_word(v->media_type)));
	dbi_buf_adds(out, ", ");
	if (v->bytes < 1000) {
		dbi_buf_add_int(out, (int64_t)v->bytes);
		dbi_buf_adds(out, NO_BREAK_SPACE);
		dbi_buf_adds(out, dbi_word(lang, DBI_WORD_BYTES));
	} else if (v->bytes < 999500) {
		dbi_buf_add_int(out, (int64_t)((v->bytes + 500) / 1000));
		dbi_buf_adds(out, NO_BREAK_SPACE "kB");
	} else {
		dbi_buf_add_int(out, (int64_t)((v->bytes + 500000) / 1000000));
		dbi_buf_adds(out, NO_BREAK_SPACE "MB");
	}
}

/* The zone of a stored time, if it names one: " UTC", " UTC+02:00". */
static void display_zone(const struct dbi_value *v, struct dbi_buf *out)
{
	size_t at = 11 + strcspn(v->text + 11, "Zz+-");
	const char *zone = v->text + at, *digits = zone + (at < v->len);
	if (at >= v->len)
		return;
	dbi_buf_adds(out, NO_BREAK_SPACE "UTC");
	if (strspn(digits, "0:") == strlen(digits))
		return;
	dbi_buf_add(out, zone, 3);
	dbi_buf_addc(out, ':');
	digits += digits[2] == ':' ? 3 : 2;
	dbi_buf_adds(out, *digits ? digits : "00");
}

static int display_date(const struct dbi_value *v, const char *lang, dbi_format *format, struct dbi_buf *out,
    struct dbrief_error *err)
{
	struct dbi_date date;
	int seconds = 0;
	bool has_time = false;
	if (!dbi_datetime_parse(v->text, v->len, &date, &seconds, &has_time))
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "",
		    "a date is no date of the calendar; correct it at the source");
	if (has_time) {
		int rc = dbi_format_datetime(format, lang, &date, seconds, out, err);
		if (rc == DBRIEF_OK)
			display_zone(v, out);
		return rc;
	}
	return dbi_format_date(format, lang, &date, DBI_DATE_NUMERIC, out, err);
}

static int display_code(const struct dbi_field_decl *field, const struct dbi_value *v, struct dbi_buf *out,
    struct dbrief_error *err)
{
	const struct dbi_code *code = field->codes ? dbi_code_find(field->codes, v->text) : NULL;
	if (!code)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "",
		    "has a code that its list '%s' does not explain; add it to <codes id=\"%s\">",
		    field->codes ? field->codes->id : "", field->codes ? field->codes->id : "");
	dbi_buf_adds(out, code->label);
	return DBRIEF_OK;
}

int dbi_display_value(const struct dbi_field_decl *field, const struct dbi_value *v, const char *lang,
    dbi_format *format,
    struct dbi_buf *out, struct dbrief_error *err)
{
	int rc = DBRIEF_OK;
	switch (field->type) {
	case DBI_TYPE_INTEGER:
	case DBI_TYPE_DECIMAL:
		rc = dbi_format_number(format, lang, v->text, -1, out, err);
		break;
	case DBI_TYPE_MONEY:
		rc = dbi_format_money(format, lang, v->text, field->currency, out, err);
		break;
	case DBI_TYPE_DATE:
	case DBI_TYPE_DATETIME:
		rc = display_date(v, lang, format, out, err);
		break;
	case DBI_TYPE_BOOLEAN:
		dbi_buf_adds(out, dbi_word(lang, strcmp(v->text, "true") == 0 ? DBI_WORD_YES : DBI_WORD_NO));
		break;
	case DBI_TYPE_CODE:
		rc = display_code(field, v, out, err);
		break;
	case DBI_TYPE_BINARY:
		display_binary(v, lang, out);
		break;
	case DBI_TYPE_TEXT:
	case DBI_TYPE_COUNT:
		dbi_buf_add(out, v->text, v->len);
		break;
	}
	if (rc == DBRIEF_OK && field->unit && (field->type == DBI_TYPE_INTEGER
	    || field->type == DBI_TYPE_DECIMAL)) {
		dbi_buf_adds(out, NO_BREAK_SPACE);
		dbi_buf_adds(out, field->unit);
	}
	if (rc == DBRIEF_OK && out->failed)
		rc = dbi_error_memory(err);
	return rc;
}

void dbi_model_mask(struct dbi_buf *out, const char *text, size_t len)
{
	size_t count = dbi_utf8_count(text, len), hidden = count < MASK_MIN ? count : count - MASK_SHOWN,
	    at = 0;
	for (size_t i = 0; i < hidden; i++) {
		size_t n = 0;
		dbi_utf8_next(text + at, len - at, &n);
		at += n;
		dbi_buf_adds(out, BULLET);
	}
	dbi_buf_add(out, text + at, len - at);
}

/* Bytes of the first n characters. */
static size_t prefix(const char *text, size_t len, size_t n)
{
	size_t at = 0, used;
	for (; n && at < len; n--, at += used)
		dbi_utf8_next(text + at, len - at, &used);
	return at;
}

static void add_bullets(struct dbi_buf *out, size_t n)
{
	while (n--)
		dbi_buf_adds(out, BULLET);
}

/* What would show half of the text or more shows nothing of it; then not even its length is told. */
void dbi_display_mask(const struct dbi_field_decl *field, const char *text, size_t len, struct dbi_buf *out)
{
	size_t count = dbi_utf8_count(text, len), first = field->mask_first, last = field->mask_last, at;
	const char *domain = field->mask_email ? memchr(text, '@', len) : NULL;
	if (domain) {
		at = prefix(text, (size_t)(domain - text), domain - text > 2 ? first : 0);
		dbi_buf_add(out, text, at);
		add_bullets(out, MASK_SHOWN);
		dbi_buf_add(out, domain, len - (size_t)(domain - text));
	} else if (!field->mask_email && first == 0 && last == MASK_SHOWN) {
		dbi_model_mask(out, text, len);
	} else if (field->mask_email || first + last == 0 || (first + last) * 2 > count) {
		add_bullets(out, MASK_MIN);
	} else {
		dbi_buf_add(out, text, prefix(text, len, first));
		add_bullets(out, count - first - last);
		at = prefix(text, len, count - last);
		dbi_buf_add(out, text + at, len - at);
	}
}
