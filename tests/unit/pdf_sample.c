/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem */
#include "pdf_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

bool sample_open(struct sample *s)
{
	memset(s, 0, sizeof(*s));
	if (dbi_fontset_new(&s->set, NULL, 0, NULL, 0, &s->err) != DBRIEF_OK ||
	    dbi_shaper_new(&s->shaper, s->set, &s->err) != DBRIEF_OK ||
	    dbi_pdf_fonts_new(&s->fonts, s->set, &s->err) != DBRIEF_OK ||
	    dbi_pdf_writer_new(&s->writer, s->fonts, &s->err) != DBRIEF_OK)
		return false;
	s->regular = dbi_fontset_face(s->set, 0, DBI_FONT_REGULAR);
	s->bold = dbi_fontset_face(s->set, 0, DBI_FONT_BOLD);
	return true;
}

void sample_close(struct sample *s)
{
	dbi_pdf_writer_free(s->writer);
	dbi_pdf_fonts_free(s->fonts);
	dbi_shaper_free(s->shaper);
	dbi_fontset_free(s->set);
	dbi_arena_dispose(&s->arena);
}

void sample_begin(struct sample *s)
{
	dbi_display_init(&s->d, &s->arena, s->set);
	s->d.lang = "de";
	s->d.title = "Musterbrief";
	s->face = s->regular;
	s->size = DBI_PT(10);
	s->color = 0;
	s->rtl = false;
	s->failed = !dbi_display_add_page(&s->d, DBI_A4_WIDTH, DBI_A4_HEIGHT);
	sample_element(s, DBI_ROLE_DOCUMENT, 0);
}

void sample_end(struct sample *s)
{
	dbi_arena_reset(&s->arena);
	dbi_shaper_letter_done(s->shaper);
}

dbi_elem sample_element(struct sample *s, enum dbi_role role, dbi_elem parent)
{
	dbi_elem e = dbi_display_add_element(&s->d, role, parent);
	if (e == DBI_ELEM_ARTIFACT)
		s->failed = true;
	return e;
}

struct dbi_op *sample_op(struct sample *s, enum dbi_op_kind kind, dbi_elem elem, dbi_len x, dbi_len y)
{
	static struct dbi_op none;
	struct dbi_op *op = dbi_page_add_op(&s->d, s->d.n_pages - 1, kind, elem);
	if (!op) {
		s->failed = true;
		return &none;
	}
	op->x = x;
	op->y = y;
	op->color = s->color;
	return op;
}

void sample_rule(struct sample *s, dbi_elem elem, dbi_len x, dbi_len y, dbi_len x2, dbi_len y2)
{
	struct dbi_op *op = sample_op(s, DBI_OP_RULE, elem, x, y);
	op->u.rule.x2 = x2;
	op->u.rule.y2 = y2;
	op->u.rule.width = 400;
}

void sample_run(struct sample *s, dbi_elem elem, dbi_len x, dbi_len y, const struct dbi_run *run, bool space)
{
	struct dbi_op *op = sample_op(s, DBI_OP_TEXT, elem, x, y);
	struct dbi_set_run *set = dbi_arena_calloc(s->d.arena, 1, sizeof(*set));
	if (!set) {
		s->failed = true;
		return;
	}
	*set = (struct dbi_set_run){ run, dbi_run_width(s->set, run, s->size), space, 0 };
	op->u.text.runs = set;
	op->u.text.n = 1;
	op->u.text.size = s->size;
}

static dbi_len put_piece(struct sample *s, dbi_elem elem, dbi_len x, dbi_len y, const char *text, size_t len, bool draw)
{
	const struct dbi_run *const *runs;
	size_t n;
	if (dbi_shape(s->shaper, s->face, text, len, s->rtl && *text != ' ', "de", &runs, &n, &s->err) != DBRIEF_OK) {
		s->failed = true;
		return x;
	}
	for (size_t i = 0; i < n; i++) {
		if (draw)
			sample_run(s, elem, x, y, runs[i], *text == ' ');
		x += dbi_run_width(s->set, runs[i], s->size);
	}
	return x;
}

static size_t piece_length(const char *text)
{
	size_t spaces = strspn(text, " ");
	return spaces ? spaces : strcspn(text, " ");
}

static void end_line(struct sample *s)
{
	struct dbi_page *p = &s->d.pages[s->d.n_pages - 1];
	if (p->n_ops)
		p->ops[p->n_ops - 1].line_end = 1;
}

dbi_len sample_text(struct sample *s, dbi_elem elem, dbi_len x, dbi_len y, const char *text, bool line_end)
{
	for (size_t len; *text; text += len) {
		len = piece_length(text);
		x = put_piece(s, elem, x, y, text, len, true);
	}
	if (line_end)
		end_line(s);
	return x;
}

dbi_len sample_lines(struct sample *s, dbi_elem elem, dbi_len x, dbi_len y, dbi_len width, const char *text)
{
	dbi_len at = x;
	for (size_t len; *text; text += len) {
		len = piece_length(text);
		dbi_len w = put_piece(s, elem, 0, y, text, len, false);
		if (*text == ' ' && at + w + put_piece(s, elem, 0, y, text + len, piece_length(text + len), false) > x + width) {
			end_line(s);
			at = x;
			y += s->size * 5 / 4;
			continue;
		}
		at = put_piece(s, elem, at, y, text, len, true);
	}
	end_line(s);
	return y + s->size * 5 / 4;
}

static const char *const first_names[] = { "Erika", "Jürgen", "Zoë", "Ayşe", "Łukasz", "Anna", "Søren", "Maria" };
static const char *const last_names[] = { "Muster", "Beispiel", "Großmann", "Öztürk", "Müller-Lüdenscheidt", "Vorlage" };
static const char *const words[] = {
	"Bestellung", "vom", "Lieferung", "an", "die", "Anschrift", "Zahlung", "per", "Lastschrift", "erhalten", "und",
	"gespeichert", "Vertrag", "zur", "Erfüllung", "Rücksendung", "geprüft", "Kundenkonto", "Anfrage", "beantwortet",
};

static unsigned next(unsigned *state)
{
	*state = *state * 1103515245u + 12345u;
	return *state >> 16 & 0x7FFF;
}

static void make_phrase(char *out, size_t size, unsigned *state, unsigned n)
{
	out[0] = '\0';
	for (unsigned i = 0; i < n; i++) {
		const char *w = words[next(state) % (sizeof(words) / sizeof(words[0]))];
		if (strlen(out) + strlen(w) + 2 > size)
			break;
		if (i)
			strncat(out, " ", size - strlen(out) - 1);
		strncat(out, w, size - strlen(out) - 1);
	}
}

static void footer(struct sample *s)
{
	char text[] = "Muster Versand GmbH · Musterweg 1 · 34117 Kassel · Seite 0";
	text[sizeof(text) - 2] = (char)('0' + s->d.n_pages % 10);
	s->size = DBI_PT(8);
	sample_rule(s, DBI_ELEM_ARTIFACT_PAGINATION, DBI_PT(70), DBI_PT(790), DBI_PT(540), DBI_PT(790));
	sample_text(s, DBI_ELEM_ARTIFACT_PAGINATION, DBI_PT(70), DBI_PT(802), text, true);
	s->size = DBI_PT(10);
}

static const dbi_len columns[4] = { 70000, 130000, 270000, 430000 };

static void table_head(struct sample *s, dbi_elem table, bool repeated, dbi_len y)
{
	static const char *const heads[4] = { "Datum", "Vorgang", "Zweck", "Betrag" };
	dbi_elem row = repeated ? 0 : sample_element(s, DBI_ROLE_TR, sample_element(s, DBI_ROLE_THEAD, table));
	s->face = s->bold;
	for (int i = 0; i < 4; i++) {
		dbi_elem cell = DBI_ELEM_ARTIFACT_PAGINATION;
		if (!repeated) {
			cell = sample_element(s, DBI_ROLE_TH, row);
			s->d.elements[cell].scope = 1;
		}
		sample_text(s, cell, columns[i], y, heads[i], true);
	}
	s->face = s->regular;
	sample_rule(s, DBI_ELEM_ARTIFACT, DBI_PT(70), y + 3000, DBI_PT(540), y + 3000);
}

static dbi_len table_row(struct sample *s, dbi_elem body, dbi_len y, unsigned *state)
{
	dbi_elem row = sample_element(s, DBI_ROLE_TR, body);
	char text[160];
	dbi_len end = y;
	for (int i = 0; i < 4; i++) {
		unsigned v = next(state);
		dbi_elem cell = sample_element(s, DBI_ROLE_TD, row);
		dbi_len width = (i < 3 ? columns[i + 1] : 540000) - columns[i] - 6000;
		if (i == 0)
			snprintf(text, sizeof(text), "%02u.%02u.20%02u", v % 28 + 1, v % 12 + 1, v % 26);
		else if (i == 3)
			snprintf(text, sizeof(text), "%u,%02u €", v % 900, v % 100);
		else
			make_phrase(text, sizeof(text), state, 5 + v % 4);
		dbi_len after = sample_lines(s, cell, columns[i], y, width, text);
		if (after > end)
			end = after;
	}
	sample_rule(s, DBI_ELEM_ARTIFACT, DBI_PT(70), end - 9000, DBI_PT(540), end - 9000);
	return end + 1500;
}

static dbi_len table(struct sample *s, dbi_len y, unsigned *state)
{
	dbi_elem t = sample_element(s, DBI_ROLE_TABLE, 0);
	s->size = DBI_PT(9);
	table_head(s, t, false, y);
	dbi_elem body = sample_element(s, DBI_ROLE_TBODY, t);
	y += 14000;
	for (int row = 0; row < 60; row++) {
		if (y > DBI_PT(750)) {
			footer(s);
			if (!dbi_display_add_page(&s->d, DBI_A4_WIDTH, DBI_A4_HEIGHT))
				s->failed = true;
			s->size = DBI_PT(9);
			table_head(s, t, true, DBI_PT(70));
			y = DBI_PT(84);
		}
		y = table_row(s, body, y, state);
	}
	s->size = DBI_PT(10);
	return y;
}

void sample_full_letter(struct sample *s, unsigned number)
{
	unsigned state = number * 7919u + 17u;
	char text[256];
	dbi_len y = DBI_PT(120);

	sample_begin(s);
	snprintf(text, sizeof(text), "%s %s", first_names[number % 14 ? (number % 2 ? 5 : 0) : 3 + number / 14 % 2],
	    last_names[number % 6]);
	sample_text(s, sample_element(s, DBI_ROLE_P, 0), DBI_PT(70), y, text, true);
	s->face = s->bold;
	s->size = DBI_PT(13);
	sample_text(s, sample_element(s, DBI_ROLE_H1, 0), DBI_PT(70), y += 40000, "Ihre bei uns gespeicherten Daten", true);
	s->face = s->regular;
	s->size = DBI_PT(10);
	y = sample_lines(s, sample_element(s, DBI_ROLE_P, 0), DBI_PT(70), y + 20000, DBI_PT(470),
	    "Guten Tag, einmal im Jahr schreiben wir Ihnen, welche Daten wir über Sie gespeichert haben, woher wir sie "
	    "haben, wozu wir sie brauchen und wem wir sie geben. Sie müssen nichts tun.");
	y = table(s, y + 10000, &state);
	for (int i = 0; i < 4; i++) {
		dbi_elem p = sample_element(s, DBI_ROLE_P, 0);
		y = sample_lines(s, p, DBI_PT(70), y + 8000, DBI_PT(470),
		    "Sie können Auskunft nach Artikel 15 DSGVO verlangen, Fehler berichtigen lassen (Artikel 16), Daten löschen "
		    "lassen (Artikel 17) und der Verarbeitung widersprechen (Artikel 21). Beschweren können Sie sich bei der "
		    "Aufsichtsbehörde.");
	}
	dbi_elem p = sample_element(s, DBI_ROLE_P, 0);
	dbi_len x = sample_text(s, p, DBI_PT(70), y += 12000, "Mehr dazu unter ", false);
	dbi_elem a = sample_element(s, DBI_ROLE_LINK, p);
	s->d.elements[a].alt = "Informationen zum Datenschutz";
	dbi_len x2 = sample_text(s, a, x, y, "https://www.example.org/datenschutz", true);
	struct dbi_link *link = dbi_page_add_link(&s->d, s->d.n_pages - 1, a);
	if (link)
		*link = (struct dbi_link){ x, y - 10000, x2 - x, 13000, "https://www.example.org/datenschutz", a };
	footer(s);
}

void sample_attachment(struct dbi_buf *out, unsigned number)
{
	unsigned state = number * 31u + 5u;
	char text[160];
	dbi_buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<model xmlns=\"urn:datenbrief:model:1\">\n");
	for (unsigned i = 0; i < 60; i++) {
		make_phrase(text, sizeof(text), &state, 6);
		dbi_buf_addf(out, "<record item=\"B%02u\" key=\"%u\"><field name=\"note\">%s</field></record>\n", i, 1000 + i, text);
	}
	dbi_buf_adds(out, "</model>\n");
}

void sample_meta(struct dbi_pdf_meta *meta, const struct dbi_buf *attachment)
{
	*meta = (struct dbi_pdf_meta){
		.title = "Ihr Datenbrief", .lang = "de", .producer = "libdatenbrief 0.1.0", .creator = "Muster Versand GmbH",
		.date = { 2026, 11, 23 },
	};
	if (attachment) {
		meta->attachment_name = "datenbrief.xml";
		meta->attachment_description = "Ihre Daten, maschinenlesbar";
		meta->attachment = attachment->data;
		meta->attachment_len = attachment->len;
	}
}

void sample_unpack(const struct dbi_buf *pdf, struct dbi_buf *text)
{
	const char *at = pdf->data, *end = pdf->data + pdf->len, *s;
	while ((s = memmem(at, (size_t)(end - at), ">>stream\n", 9)) != NULL) {
		static unsigned char room[1 << 22];
		const char *len = s;
		uLongf n = sizeof(room);
		while (len > at && memcmp(len, "/Length ", 8) != 0)
			len--;
		size_t bytes = strtoul(len + 8, NULL, 10);
		if (uncompress(room, &n, (const Bytef *)s + 9, bytes) == Z_OK)
			dbi_buf_add(text, room, n);
		dbi_buf_addc(text, '\n');
		at = s + 9 + bytes;
	}
}
