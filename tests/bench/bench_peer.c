/* SPDX-License-Identifier: MIT */
#include "bench_peer.h"

#include <stdlib.h>
#include <string.h>

#include "util/utf8.h"

static float to_pt(dbi_len v)
{
	return (float)v / 1000.0f;
}

/* WINDOWS-1252 for what the letters hold; '?' for the rest. */
static char to_cp1252(uint32_t c)
{
	static const uint16_t high[] = { 0x20AC, 0x80, 0x201E, 0x84, 0x201C, 0x93, 0x2013, 0x96, 0x2026, 0x85, 0x2022, 0x95 };

	if (c < 0x80 || (c >= 0xA0 && c <= 0xFF))
		return (char)c;
	for (size_t i = 0; i < sizeof(high) / sizeof(high[0]); i += 2)
		if (high[i] == c)
			return (char)high[i + 1];
	return '?';
}

static char *convert(struct dbi_arena *arena, const char *utf8)
{
	size_t len = strlen(utf8), n, out = 0;
	char *text = dbi_arena_alloc(arena, len + 1);

	for (size_t i = 0; text && i < len; i += n)
		text[out++] = to_cp1252(dbi_utf8_next(utf8 + i, len - i, &n));
	if (text)
		text[out] = '\0';
	return text;
}

static bool same_line(const struct dbi_op *a, const struct dbi_op *b)
{
	return b->kind == DBI_OP_TEXT && a->y == b->y && a->elem == b->elem && a->u.text.runs->run->face == b->u.text.runs->run->face &&
	    a->u.text.size == b->u.text.size && !a->line_end;
}

/* Joins the runs of one line in one font, as a program that draws by hand would. */
static size_t join_runs(const struct dbi_page *page, size_t i, char *text, size_t size)
{
	size_t len = 0;

	do {
		const struct dbi_op *op = &page->ops[i++];
		for (uint32_t k = 0; k < op->u.text.n; k++) {
			const struct dbi_run *run = op->u.text.runs[k].run;
			if (len + run->text_len + 1 > size)
				break;
			memcpy(text + len, run->text, run->text_len);
			len += run->text_len;
		}
	} while (i < page->n_ops && same_line(&page->ops[i - 1], &page->ops[i]));
	text[len] = '\0';
	return i;
}

static size_t add_line(struct peer_line *line, struct dbi_arena *arena, const struct dbi_display *d, size_t p, size_t i)
{
	char text[4096];
	const struct dbi_page *page = &d->pages[p];
	const struct dbi_op *op = &page->ops[i];
	size_t next = join_runs(page, i, text, sizeof(text));

	*line = (struct peer_line){ .page = (unsigned)p, .x = to_pt(op->x), .y = to_pt(page->height - op->y),
		.size = to_pt(op->u.text.size), .bold = dbi_fontset_info(d->fonts, op->u.text.runs->run->face)->weight > 500 };
	line->utf8 = dbi_arena_strndup(arena, text, strlen(text));
	line->cp1252 = convert(arena, text);
	return next;
}

bool bench_peer_letter(struct peer_letter *letter, struct dbi_arena *arena, const struct dbi_display *d)
{
	size_t n = 0, n_lines = 0, n_rules = 0;
	struct peer_line *lines;
	struct peer_rule *rules;

	for (size_t p = 0; p < d->n_pages; p++)
		n += d->pages[p].n_ops;
	lines = dbi_arena_calloc(arena, n, sizeof(*lines));
	rules = dbi_arena_calloc(arena, n, sizeof(*rules));
	if (!lines || !rules)
		return false;
	for (size_t p = 0; p < d->n_pages; p++) {
		const struct dbi_page *page = &d->pages[p];
		for (size_t i = 0; i < page->n_ops;) {
			const struct dbi_op *op = &page->ops[i];
			if (op->kind == DBI_OP_TEXT) {
				i = add_line(&lines[n_lines++], arena, d, p, i);
				continue;
			}
			if (op->kind == DBI_OP_RULE)
				rules[n_rules++] = (struct peer_rule){ (unsigned)p, to_pt(op->x), to_pt(page->height - op->y),
					to_pt(op->u.rule.x2), to_pt(page->height - op->u.rule.y2), to_pt(op->u.rule.width) };
			i++;
		}
	}
	*letter = (struct peer_letter){ (unsigned)d->n_pages, to_pt(d->pages[0].width), to_pt(d->pages[0].height), lines, n_lines,
		rules, n_rules };
	return true;
}
