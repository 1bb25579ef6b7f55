/* SPDX-License-Identifier: MIT */
/* Our own serialiser: same tree, same bytes, and no white space where it would become content. */
#include "xml/libxml.h"

#include <string.h>

struct writer {
	struct dbi_buf *out;
	const char *ns; /* for the root; NULL or "": none */
	bool indent;
};

#define PIECE 2048

/* Bytes that dbi_buf_add_xml would change, and the end. */
static const bool stops[256] = { ['\0'] = true, ['<'] = true, ['>'] = true, ['&'] = true, ['"'] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true };

/*
 * Most pieces are short: the place they could need at worst is reserved once,
 * and up to the first special character they are copied as they are checked.
 */
static void add_escaped(struct dbi_buf *out, const char *s, bool attribute)
{
	char *p = dbi_buf_room(out, PIECE);
	size_t n = 0;

	if (!p)
		return;
	while (n < PIECE - 1 && !stops[(unsigned char)s[n]]) {
		p[n] = s[n];
		n++;
	}
	p[n] = '\0';
	out->len += n;
	if (s[n])
		dbi_buf_add_xml(out, s + n, strlen(s + n), attribute);
}

static void add_name(struct dbi_buf *out, const xmlNs *ns, const xmlChar *name)
{
	if (ns && ns->prefix) {
		dbi_buf_adds(out, from_xml(ns->prefix));
		dbi_buf_addc(out, ':');
	}
	dbi_buf_adds(out, from_xml(name));
}

static void add_attr(struct dbi_buf *out, const xmlNs *ns, const xmlChar *name, const char *value)
{
	dbi_buf_addc(out, ' ');
	add_name(out, ns, name);
	dbi_buf_add(out, "=\"", 2);
	add_escaped(out, value, true);
	dbi_buf_addc(out, '"');
}

static void add_declaration(struct dbi_buf *out, const char *prefix, const char *uri)
{
	dbi_buf_adds(out, prefix ? " xmlns:" : " xmlns");
	if (prefix)
		dbi_buf_adds(out, prefix);
	dbi_buf_add(out, "=\"", 2);
	add_escaped(out, uri, true);
	dbi_buf_addc(out, '"');
}

static void open_tag(struct writer *w, const xmlNode *node, bool root)
{
	struct dbi_buf *out = w->out;

	dbi_buf_addc(out, '<');
	add_name(out, node->ns, node->name);
	if (root && w->ns && *w->ns)
		add_declaration(out, NULL, w->ns);
	for (const xmlNs *ns = node->nsDef; ns; ns = ns->next)
		add_declaration(out, ns->prefix ? from_xml(ns->prefix) : NULL, ns->href ? from_xml(ns->href) : "");
	for (const xmlAttr *a = node->properties; a; a = a->next)
		add_attr(out, a->ns, a->name, a->children && a->children->content ? from_xml(a->children->content) : "");
	dbi_buf_add(out, node->children ? ">" : "/>", node->children ? 1 : 2);
}

static void close_tag(struct writer *w, const xmlNode *node)
{
	dbi_buf_add(w->out, "</", 2);
	add_name(w->out, node->ns, node->name);
	dbi_buf_addc(w->out, '>');
}

static bool has_text(const xmlNode *node)
{
	for (const xmlNode *child = node->children; child; child = child->next)
		if (child->type == XML_TEXT_NODE)
			return true;
	return false;
}

static void new_line(struct writer *w, size_t depth)
{
	char *p = dbi_buf_room(w->out, 1 + depth * 2);

	if (!p)
		return;
	p[0] = '\n';
	memset(p + 1, ' ', depth * 2);
	p[1 + depth * 2] = '\0';
	w->out->len += 1 + depth * 2;
}

/*
 * In document order without recursion. `mixed` is the outermost element with
 * text of its own: inside it nothing is indented.
 */
static void write_tree(struct writer *w, const xmlNode *root)
{
	const xmlNode *node = root, *mixed = NULL;
	size_t depth = 0;

	for (;;) {
		if (node->type == XML_TEXT_NODE) {
			const char *s = node->content ? from_xml(node->content) : "";

			add_escaped(w->out, s, false);
		} else if (node->type == XML_ELEMENT_NODE) {
			if (w->indent && !mixed && node != root)
				new_line(w, depth);
			open_tag(w, node, node == root);
			__builtin_prefetch(node->next);
			if (node->children) {
				if (!mixed && has_text(node))
					mixed = node;
				node = node->children;
				depth++;
				continue;
			}
		}
		while (node != root && !node->next) {
			node = node->parent;
			depth--;
			if (w->indent && !mixed)
				new_line(w, depth);
			close_tag(w, node);
			if (node == mixed)
				mixed = NULL;
		}
		if (node == root)
			return;
		node = node->next;
	}
}

int dbi_xml_write(const dbi_xml_doc *doc, const char *ns, bool indent, struct dbi_buf *out, struct dbrief_error *err)
{
	struct writer w = { out, ns, indent };
	const xmlNode *root = xmlDocGetRootElement(to_doc(doc));

	dbi_buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	if (root)
		write_tree(&w, root);
	dbi_buf_addc(out, '\n');
	return out->failed ? dbi_error_memory(err) : DBRIEF_OK;
}
