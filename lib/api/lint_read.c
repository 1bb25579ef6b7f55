/* SPDX-License-Identifier: MIT */
/* How easily the texts of template, register and configuration read. */
#include <string.h>
#include "api/lint.h"
#include "util/readability.h"

#define SHORTEST 12 /* words; the index of less says nothing */

static void check_text(struct dbi_lint *l, const char *lang, const char *place, const char *what, const char *text, size_t len)
{
	unsigned threshold = l->tmpl ? dbi_template_readability(l->tmpl) : l->threshold;
	struct dbi_text_counts counts;
	int index;

	if (!text || !threshold || !dbi_readability_known(lang))
		return;
	dbi_readability_count(lang, text, len, &counts);
	index = dbi_readability_index(lang, &counts);
	if (counts.words >= SHORTEST && index < (int)threshold)
		dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, place, "%s is hard to read: index %d, %u words in %u sentences, and %u is asked for; "
		    "use shorter sentences and words", what, index, counts.words, counts.sentences, threshold);
}

/* ---- blocks of the template ---- */

#define MAX_OPEN 64

struct reading {
	struct dbi_lint *l;
	struct { bool block; const char *place; struct dbi_buf text; } open[MAX_OPEN];
	size_t n;
	unsigned skipped;   /* elements inside one whose text is no prose */
};

static bool is_inline(const char *element)
{
	return dbi_lint_has_word("a b i span img checkbox br", element);
}

/* Looks, labels, addresses and what stands in the window. */
static bool is_no_prose(const char *element)
{
	return dbi_lint_has_word("style recipient return-address remark info-block footer letterhead page-label h1 h2 h3 th dt subject", element);
}

static int enter(void *ctx, const char *element, const char *role, const char *place)
{
	struct reading *r = ctx;

	(void)role;
	if (r->skipped || is_no_prose(element) || r->n == MAX_OPEN) {
		r->skipped++;
		return 0;
	}
	r->open[r->n].block = !is_inline(element);
	r->open[r->n].place = place;
	r->open[r->n].text = (struct dbi_buf)DBI_BUF_INIT;
	r->n++;
	return 0;
}

static int leave(void *ctx, const char *element)
{
	struct reading *r = ctx;
	struct dbi_lint *l = r->l;

	(void)element;
	if (r->skipped) {
		r->skipped--;
		return 0;
	}
	r->n--;
	if (r->open[r->n].text.failed)
		dbi_lint_memory(l);
	else if (r->open[r->n].text.len)
		check_text(l, l->lang, dbi_lint_template_place(l, r->open[r->n].place), "this text", r->open[r->n].text.data,
		    r->open[r->n].text.len);
	dbi_buf_dispose(&r->open[r->n].text);
	return l->stop;
}

/* To the block it stands in. What an instruction prints counts as nothing. */
static int add_text(void *ctx, const char *s, size_t len)
{
	struct reading *r = ctx;
	size_t i = r->n;

	while (i && !r->open[i - 1].block)
		i--;
	if (i && !r->skipped)
		dbi_buf_add(&r->open[i - 1].text, s, len);
	return 0;
}

static void check_blocks(struct dbi_lint *l)
{
	static const struct dbi_template_visitor visitor = { enter, leave, add_text, NULL };
	struct reading r = { .l = l };

	(void)dbi_template_walk(l->tmpl, &visitor, &r);
	while (r.n)
		dbi_buf_dispose(&r.open[--r.n].text);
}

/* ---- texts that are printed as they are ---- */

static void check_plain(struct dbi_lint *l, const char *place, const char *what, const char *text)
{
	if (text)
		check_text(l, l->config->lang, place, what, text, strlen(text));
}

static void check_field(struct dbi_lint *l, const struct dbi_source_decl *s, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f)
{
	(void)s;
	(void)c;
	check_plain(l, f->place, "the meaning", f->meaning);
	check_plain(l, f->place, "the effect", f->effect);
}

void dbi_lint_readability(struct dbi_lint *l)
{
	check_blocks(l);
}

void dbi_lint_read_texts(struct dbi_lint *l)
{
	for (size_t i = 0; i < l->reg->n_activities && !l->stop; i++) {
		const struct activity *a = &l->reg->activities[i];

		check_plain(l, a->purpose_place, "the purpose", a->purpose);
		check_plain(l, a->retention_place, "the retention", a->retention);
		for (size_t k = 0; k < a->n_disclosures; k++)
			check_plain(l, a->disclosures[k].place, "the reason of a disclosure", a->disclosures[k].text);
		for (size_t k = 0; k < a->n_transfers; k++)
			check_plain(l, a->transfers[k].place, "the transfer", a->transfers[k].text);
	}
	dbi_lint_each_field(l, check_field);
}
