/* SPDX-License-Identifier: MIT */
#include "xml/letter_words.h"

#include <stddef.h>
#include <string.h>

const char *const dbi_tag_names[DBI_TAG_COUNT] = { "a", "b", "bar", "body", "box", "br", "caption", "chart", "checkbox", "closing",
	"column", "dd", "dl", "dt", "footer", "h1", "h2", "h3", "hr", "i", "img", "info-block", "item", "keep", "letter", "letterhead",
	"li", "line", "ol", "p", "page-break", "page-label", "qr", "recipient", "remark", "reply-slip", "return-address", "salutation",
	"span", "style", "subject", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul" };

const char *const dbi_attr_names[DBI_ATTR_COUNT] = { "alt", "case", "class", "colspan", "data", "duplex", "form", "height", "href",
	"inserter", "label", "lang", "marks", "profile", "role", "rowspan", "src", "start", "style", "text", "title", "value", "width" };

static size_t find(const char *name, const char *const *names, size_t n)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(name, names[middle]);

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return n;
}

enum dbi_tag dbi_tag_of(const char *name)
{
	return (enum dbi_tag)find(name, dbi_tag_names, DBI_TAG_COUNT);
}

enum dbi_attr dbi_attr_of(const char *name)
{
	return (enum dbi_attr)find(name, dbi_attr_names, DBI_ATTR_COUNT);
}
