/* SPDX-License-Identifier: MIT */
#include <hpdf.h>
#include <stdlib.h>
#include "peer_haru.h"

struct peer_fonts {
	HPDF_Font regular, bold;
	bool utf8;
};

static void note_error(HPDF_STATUS error, HPDF_STATUS detail, void *user)
{
	(void)error;
	(void)detail;
	*(bool *)user = true;
}

static void draw_page(HPDF_Page page, const struct peer_letter *letter, unsigned number, const struct peer_fonts *fonts)
{
	HPDF_Font font = NULL;
	float size = 0;

	HPDF_Page_BeginText(page);
	for (size_t i = 0; i < letter->n_lines; i++) {
		const struct peer_line *line = &letter->lines[i];
		HPDF_Font wanted = line->bold ? fonts->bold : fonts->regular;
		if (line->page != number)
			continue;
		if (wanted != font || line->size < size || line->size > size) {
			HPDF_Page_SetFontAndSize(page, wanted, line->size);
			font = wanted;
			size = line->size;
		}
		HPDF_Page_TextOut(page, line->x, line->y, fonts->utf8 ? line->utf8 : line->cp1252);
	}
	HPDF_Page_EndText(page);
	for (size_t i = 0; i < letter->n_rules; i++) {
		const struct peer_rule *rule = &letter->rules[i];
		if (rule->page != number)
			continue;
		HPDF_Page_SetLineWidth(page, rule->width);
		HPDF_Page_MoveTo(page, rule->x1, rule->y1);
		HPDF_Page_LineTo(page, rule->x2, rule->y2);
		HPDF_Page_Stroke(page);
	}
}

static void draw_pages(HPDF_Doc doc, const struct peer_letter *letter, const struct peer_fonts *fonts)
{
	for (unsigned p = 0; p < letter->n_pages; p++) {
		HPDF_Page page = HPDF_AddPage(doc);
		HPDF_Page_SetWidth(page, letter->width);
		HPDF_Page_SetHeight(page, letter->height);
		draw_page(page, letter, p, fonts);
	}
}

/* Saves to libharu's memory stream and copies the file out, as a caller must. */
static size_t save_and_free(HPDF_Doc doc, bool failed)
{
	size_t bytes = 0;
	HPDF_UINT32 size = 0;
	HPDF_BYTE *copy = NULL;

	if (!failed && HPDF_SaveToStream(doc) == HPDF_OK) {
		size = HPDF_GetStreamSize(doc);
		copy = malloc(size ? size : 1);
		if (copy && HPDF_ReadFromStream(doc, copy, &size) == HPDF_OK)
			bytes = size;
		free(copy);
	}
	HPDF_Free(doc);
	return bytes;
}

size_t peer_haru_helvetica(const struct peer_letter *letter)
{
	bool failed = false;
	HPDF_Doc doc = HPDF_New(note_error, &failed);
	struct peer_fonts fonts = { NULL, NULL, false };

	if (!doc)
		return 0;
	HPDF_SetCompressionMode(doc, HPDF_COMP_ALL);
	fonts.regular = HPDF_GetFont(doc, "Helvetica", "WinAnsiEncoding");
	fonts.bold = HPDF_GetFont(doc, "Helvetica-Bold", "WinAnsiEncoding");
	draw_pages(doc, letter, &fonts);
	return save_and_free(doc, failed);
}

size_t peer_haru_truetype(const struct peer_letter *letter, const char *regular_path, const char *bold_path)
{
	bool failed = false;
	HPDF_Doc doc = HPDF_New(note_error, &failed);
	struct peer_fonts fonts = { NULL, NULL, true };
	const char *name;

	if (!doc)
		return 0;
	HPDF_SetCompressionMode(doc, HPDF_COMP_ALL);
	HPDF_UseUTFEncodings(doc);
	name = HPDF_LoadTTFontFromFile(doc, regular_path, HPDF_TRUE);
	fonts.regular = name ? HPDF_GetFont(doc, name, "UTF-8") : NULL;
	name = HPDF_LoadTTFontFromFile(doc, bold_path, HPDF_TRUE);
	fonts.bold = name ? HPDF_GetFont(doc, name, "UTF-8") : NULL;
	if (fonts.regular && fonts.bold)
		draw_pages(doc, letter, &fonts);
	else
		failed = true;
	return save_and_free(doc, failed);
}
