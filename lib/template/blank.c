/* SPDX-License-Identifier: MIT */
/* Which white space of a template belongs to its text, and which only to its indentation. */
#include <string.h>
#include "template/compile.h"
#include "util/limits.h"

bool dbi_is_blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

static bool is_inline_name(const char *name)
{
	static const char *const names[] = { "b", "i", "a", "br", "span", "img", "checkbox" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Does running text stand among these children, also inside instructions? There blanks between elements are words' spaces. */
static bool has_inline(const dbi_xml_node *parent, unsigned depth)
{
	const dbi_xml_node *n;

	for (n = dbi_node_first(parent); n && depth < DBI_MAX_XML_DEPTH; n = dbi_node_next(n)) {
		if (dbi_node_is_text(n) ? !dbi_is_blank(dbi_node_text(n)) :
		    dbi_is_own(n) ? dbi_is_instruction(n, "value-of") || dbi_is_instruction(n, "text") || has_inline(n, depth + 1) :
		    is_inline_name(dbi_node_name(n)))
			return true;
	}
	return false;
}

bool dbi_keeps_blank(const dbi_xml_node *parent, const dbi_xml_node *text, const dbi_xml_node *first)
{
	bool edge = text == first || !dbi_node_next(text);

	if (edge && !dbi_is_own(parent) && !is_inline_name(dbi_node_name(parent)))
		return false;
	return has_inline(parent, 0);
}

