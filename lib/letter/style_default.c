/* SPDX-License-Identifier: MIT */
/*
 * The default look: black, one accent colour, hairlines. As tables, so that a
 * letter does not parse it anew.
 */
#include "letter/style_rules.h"

#define ACCENT   0x1f4e79
#define MUTED    0x595959
#define HAIRLINE 0xb9bec4

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define LEN(p, pt)    { p, DBI_CSS_LEN, (int32_t)((pt) * 1000), 0, NULL }
#define EM(p, em)     { p, DBI_CSS_EM, (int32_t)((em) * 1000), 0, NULL }
#define SIZE(pt)      LEN(DBI_PROP_SIZE, pt)
#define LEADING(pt)   LEN(DBI_PROP_LEADING, pt)
#define FACTOR(f)     { DBI_PROP_LEADING, DBI_CSS_NUMBER, (int32_t)((f) * 1000), 0, NULL }
#define KEY(p, k)     { p, DBI_CSS_KEY, k, 0, NULL }
#define BOLD          KEY(DBI_PROP_WEIGHT, 1)
#define ITALIC        KEY(DBI_PROP_SLANT, 1)
#define COLOR(c)      { DBI_PROP_COLOR, DBI_CSS_KEY, 0, c, NULL }
#define BACKGROUND(c) { DBI_PROP_BACKGROUND, DBI_CSS_KEY, 1, c, NULL }
#define MARGIN(side, pt)     LEN(DBI_PROP_MARGIN + (side), pt)
#define PADDING(side, pt)    LEN(DBI_PROP_PADDING + (side), pt)
#define BORDER(side, pt, c)  { DBI_PROP_BORDER + (side), DBI_CSS_LEN, (int32_t)((pt) * 1000), c, NULL }
#define ABOVE_BELOW(a, b)    MARGIN(DBI_TOP, a), MARGIN(DBI_BOTTOM, b)
#define NO_HYPHENS           KEY(DBI_PROP_HYPHENS, 0)
#define KEEP_WITH_NEXT       KEY(DBI_PROP_BREAK_AFTER, 1)
#define KEEP_TOGETHER        KEY(DBI_PROP_BREAK_INSIDE, 1)
#define RIGHT                KEY(DBI_PROP_ALIGN, DBI_ALIGN_RIGHT)
#define CELL_PADDING         PADDING(DBI_TOP, 2.6), PADDING(DBI_BOTTOM, 2.9), PADDING(DBI_LEFT, 4), PADDING(DBI_RIGHT, 4)

static const struct dbi_decl letter[] = { SIZE(10), FACTOR(1.35) };
static const struct dbi_decl p[] = { MARGIN(DBI_BOTTOM, 7) };
static const struct dbi_decl h1[] = { SIZE(13), FACTOR(1.25), BOLD, COLOR(ACCENT), ABOVE_BELOW(18, 5), NO_HYPHENS, KEEP_WITH_NEXT };
static const struct dbi_decl h2[] = { SIZE(11), FACTOR(1.25), BOLD, ABOVE_BELOW(14, 4), NO_HYPHENS, KEEP_WITH_NEXT };
static const struct dbi_decl h3[] = { SIZE(10), FACTOR(1.3), BOLD, ABOVE_BELOW(11, 3), NO_HYPHENS, KEEP_WITH_NEXT };
static const struct dbi_decl list[] = { ABOVE_BELOW(2, 7), PADDING(DBI_LEFT, 13) };
static const struct dbi_decl ordered[] = { ABOVE_BELOW(2, 7), PADDING(DBI_LEFT, 17) };
static const struct dbi_decl li[] = { MARGIN(DBI_BOTTOM, 2.5) };
static const struct dbi_decl dl[] = { ABOVE_BELOW(2, 8) };
static const struct dbi_decl dt[] = { COLOR(MUTED), PADDING(DBI_TOP, 1.5), PADDING(DBI_BOTTOM, 1.5), PADDING(DBI_RIGHT, 12), NO_HYPHENS };
static const struct dbi_decl dd[] = { PADDING(DBI_TOP, 1.5), PADDING(DBI_BOTTOM, 1.5) };
static const struct dbi_decl table[] = { SIZE(8.5), FACTOR(1.295), ABOVE_BELOW(5, 11), { DBI_PROP_WIDTH, DBI_CSS_PERCENT, 100000, 0, NULL } };
static const struct dbi_decl caption[] = { SIZE(9), FACTOR(1.33), BOLD, MARGIN(DBI_BOTTOM, 3), KEEP_WITH_NEXT };
static const struct dbi_decl th[] = { BOLD, CELL_PADDING, BORDER(DBI_BOTTOM, 0.25, HAIRLINE), NO_HYPHENS };
static const struct dbi_decl thead_th[] = { BORDER(DBI_BOTTOM, 0.75, ACCENT), KEY(DBI_PROP_VALIGN, DBI_VALIGN_BOTTOM) };
static const struct dbi_decl td[] = { CELL_PADDING, BORDER(DBI_BOTTOM, 0.25, HAIRLINE) };
static const struct dbi_decl tfoot_td[] = { BOLD };
static const struct dbi_decl num[] = { RIGHT, KEY(DBI_PROP_WHITE_SPACE, 1) };
static const struct dbi_decl note[] = { SIZE(8), FACTOR(1.32), COLOR(MUTED) };
static const struct dbi_decl muted[] = { COLOR(MUTED) };
static const struct dbi_decl small[] = { SIZE(8.5), FACTOR(1.32) };
static const struct dbi_decl center[] = { KEY(DBI_PROP_ALIGN, DBI_ALIGN_CENTER) };
static const struct dbi_decl right[] = { RIGHT };
static const struct dbi_decl box[] = { ABOVE_BELOW(6, 11), PADDING(DBI_TOP, 8), PADDING(DBI_BOTTOM, 9), PADDING(DBI_LEFT, 10),
	PADDING(DBI_RIGHT, 10), BORDER(DBI_TOP, 0.5, HAIRLINE), BORDER(DBI_RIGHT, 0.5, HAIRLINE), BORDER(DBI_BOTTOM, 0.5, HAIRLINE),
	BORDER(DBI_LEFT, 0.5, HAIRLINE) };
static const struct dbi_decl keep[] = { KEEP_TOGETHER };
static const struct dbi_decl hr[] = { ABOVE_BELOW(8, 8), BORDER(DBI_TOP, 0.5, HAIRLINE) };
static const struct dbi_decl img[] = { ABOVE_BELOW(4, 8) };
static const struct dbi_decl chart[] = { SIZE(8.5), FACTOR(1.295), ABOVE_BELOW(5, 10), BACKGROUND(ACCENT) };
static const struct dbi_decl a[] = { COLOR(ACCENT) };
static const struct dbi_decl b[] = { BOLD };
static const struct dbi_decl i[] = { ITALIC };
static const struct dbi_decl letterhead[] = { SIZE(9), FACTOR(1.35) };
static const struct dbi_decl flat[] = { ABOVE_BELOW(0, 0) };
static const struct dbi_decl letterhead_h1[] = { SIZE(18), FACTOR(1.15), ABOVE_BELOW(0, 2) };
static const struct dbi_decl return_address[] = { SIZE(7), FACTOR(1.286), BORDER(DBI_BOTTOM, 0.25, HAIRLINE), NO_HYPHENS };
static const struct dbi_decl remark[] = { SIZE(9), LEADING(11.991), NO_HYPHENS };
static const struct dbi_decl recipient[] = { SIZE(10.5), LEADING(11.991), NO_HYPHENS };
static const struct dbi_decl info_block[] = { SIZE(9), FACTOR(1.3323) };
static const struct dbi_decl info_label[] = { COLOR(MUTED), PADDING(DBI_RIGHT, 9), NO_HYPHENS };
static const struct dbi_decl subject[] = { SIZE(11.5), FACTOR(1.25), BOLD, MARGIN(DBI_BOTTOM, 18), NO_HYPHENS, KEEP_WITH_NEXT };
static const struct dbi_decl salutation[] = { MARGIN(DBI_BOTTOM, 9), KEEP_WITH_NEXT };
static const struct dbi_decl closing[] = { MARGIN(DBI_TOP, 14), KEEP_TOGETHER };
static const struct dbi_decl reply_slip[] = { KEY(DBI_PROP_BREAK_BEFORE, 1) };
static const struct dbi_decl footer[] = { SIZE(7), FACTOR(1.286), COLOR(MUTED), NO_HYPHENS };
static const struct dbi_decl page_label[] = { SIZE(7.5), FACTOR(1.33), COLOR(MUTED) };

#define RULE(part, element, cls, decls) { part, element, cls, decls, COUNT(decls), 0, NULL }
const struct dbi_rule dbi_style_defaults[] = {
	RULE("", "letter", "", letter), RULE("", "p", "", p), RULE("", "h1", "", h1), RULE("", "h2", "", h2), RULE("", "h3", "", h3),
	RULE("", "ul", "", list), RULE("", "ol", "", ordered), RULE("", "li", "", li), RULE("", "dl", "", dl), RULE("", "dt", "", dt),
	RULE("", "dd", "", dd), RULE("", "table", "", table), RULE("", "caption", "", caption), RULE("", "th", "", th),
	RULE("", "td", "", td), RULE("", "box", "", box), RULE("", "keep", "", keep), RULE("", "hr", "", hr), RULE("", "img", "", img),
	RULE("", "qr", "", img), RULE("", "chart", "", chart), RULE("", "a", "", a), RULE("", "b", "", b), RULE("", "i", "", i),
	RULE("", "letterhead", "", letterhead), RULE("", "return-address", "", return_address), RULE("", "remark", "", remark),
	RULE("", "recipient", "", recipient), RULE("", "info-block", "", info_block), RULE("", "info-label", "", info_label),
	RULE("", "subject", "", subject), RULE("", "salutation", "", salutation), RULE("", "closing", "", closing),
	RULE("", "reply-slip", "", reply_slip), RULE("", "footer", "", footer), RULE("", "page-label", "", page_label),
	RULE("letterhead", "p", "", flat), RULE("letterhead", "h1", "", letterhead_h1), RULE("letterhead", "img", "", flat),
	RULE("footer", "p", "", flat), RULE("footer", "img", "", flat), RULE("footer", "table", "", flat),
	RULE("thead", "th", "", thead_th), RULE("tfoot", "td", "", tfoot_td),
	RULE("", "", "num", num), RULE("", "", "amount", num), RULE("", "", "note", note), RULE("", "", "muted", muted),
	RULE("", "", "small", small), RULE("", "", "center", center), RULE("", "", "right", right)
};
const size_t dbi_style_n_defaults = COUNT(dbi_style_defaults);
