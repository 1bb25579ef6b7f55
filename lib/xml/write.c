/* SPDX-License-Identifier: MIT */
/* Our own serialiser: same tree, same bytes, and no white space where it would become content. */
#include "xml/libxml.h"

#include <string.h>

struct writer {
	struct dbi_buf *out;
	char *at, *end; /* what is written goes to at; nothing is behind it when out has failed */
	const char *ns; /* for the root; NULL or "": none */
	bool indent, built;
};

/* Lets the buffer know what was written, and the writer where the buffer is. */
static void leave_buffer(struct writer *w)
{
	if (w->at)
		w->out->len = (size_t)(w->at - w->out->data);
}

static char *enter_buffer(struct writer *w, size_t room)
{
	w->at = dbi_buf_room(w->out, room);
	w->end = w->at ? w->out->data + w->out->cap - 1 : NULL;
	return w->at;
}

/* Where room for so many bytes is; then move w->at. NULL: none. */
static inline char *room_for(struct writer *w, size_t room)
{
	if (room < (size_t)(w->end - w->at))
		return w->at;
	leave_buffer(w);
	return enter_buffer(w, room);
}

#define BLOCK DBI_TEXT_BLOCK
typedef unsigned char block __attribute__((vector_size(BLOCK)));

/* Whether a block holds bytes that dbi_buf_add_xml might change: < > & " and what is below the blank, but for zeros. */
static inline bool has_special(block b)
{
	uint64_t half[2];
	/* '<' and '>' differ in one bit, and so do '"' and '&'. */
	block hits = (block)(b - 1 < ' ' - 1) | (block)((b | 2) == '>') | (block)((b | 4) == '&');

	memcpy(half, &hits, sizeof half);
	return (half[0] | half[1]) != 0;
}

/* Writes a value of any bytes. */
static void put_escaped(struct writer *w, const char *s, size_t len, bool attribute)
{
	leave_buffer(w);
	dbi_buf_add_xml(w->out, s, len, attribute);
	(void)enter_buffer(w, 1);
}

/*
 * Puts a value at p, which has room for it and a block more. False when it
 * has special characters: then what stands there is of no use.
 */
static inline bool put_plain(const struct writer *w, char *p, const char *s, size_t len)
{
	block b;
	size_t i;

	if (!w->built) {
		memcpy(p, s, len);
		memset(p + len, 0, BLOCK);
		s = p;
	}
	for (i = 0; i < len; i += BLOCK) {
		memcpy(&b, s + i, BLOCK);
		if (has_special(b))
			return false;
		memcpy(p + i, &b, BLOCK);
	}
	return true;
}

static inline size_t name_length(const struct writer *w, const xmlChar *name)
{
	return w->built ? dbi_built_name_length(name) : strlen(from_xml(name));
}

/* Puts a name at p, which has room for it and a block more, and gives its end. */
static inline char *put_name(const struct writer *w, char *p, const xmlChar *name, size_t len)
{
	size_t i = 0;

	if (w->built)
		do
			memcpy(p + i, name + i, BLOCK);
		while ((i += BLOCK) < len);
	else
		memcpy(p, name, len);
	return p + len;
}

static void put(struct writer *w, const char *s)
{
	size_t len = strlen(s);
	char *p = room_for(w, len);

	if (!p)
		return;
	memcpy(p, s, len);
	w->at = p + len;
}

/* What stands before a name: a sign and the prefix. */
static void put_prefix(struct writer *w, const char *sign, const xmlNs *ns)
{
	put(w, sign);
	if (!ns->prefix)
		return;
	put(w, from_xml(ns->prefix));
	put(w, ":");
}

static void add_attr(struct writer *w, const xmlAttr *a)
{
	const xmlNode *text = a->children && a->children->content ? a->children : NULL;
	const char *value = text ? from_xml(text->content) : "";
	size_t n = name_length(w, a->name), len = text && w->built ? dbi_built_text_length(text) : strlen(value);
	char *p;

	if (a->ns)
		put_prefix(w, " ", a->ns);
	p = room_for(w, n + len + 4 + 2 * BLOCK);
	if (!p)
		return;
	*p = ' ';
	p = put_name(w, p + !a->ns, a->name, n);
	*p++ = '=';
	*p++ = '"';
	w->at = p;
	if (put_plain(w, p, value, len)) {
		p[len] = '"';
		w->at = p + len + 1;
		return;
	}
	put_escaped(w, value, len, true);
	put(w, "\"");
}

static void add_declaration(struct writer *w, const char *prefix, const char *uri)
{
	put(w, prefix ? " xmlns:" : " xmlns");
	if (prefix)
		put(w, prefix);
	put(w, "=\"");
	put_escaped(w, uri, strlen(uri), true);
	put(w, "\"");
}

/* "<" or "</" and the name; gives the end, where there is room for one more. NULL: no room. */
static inline char *put_tag(struct writer *w, const xmlNode *node, const char *sign, size_t len)
{
	size_t n = name_length(w, node->name);
	char *p;

	if (node->ns)
		put_prefix(w, sign, node->ns);
	p = room_for(w, n + len + 1 + BLOCK);
	if (!p)
		return NULL;
	if (!node->ns) {
		memcpy(p, sign, len);
		p += len;
	}
	return put_name(w, p, node->name, n);
}

static void open_tag(struct writer *w, const xmlNode *node, bool root)
{
	char *p = put_tag(w, node, "<", 1);

	if (!p)
		return;
	w->at = p;
	if (root && w->ns && *w->ns)
		add_declaration(w, NULL, w->ns);
	for (const xmlNs *ns = node->nsDef; ns; ns = ns->next)
		add_declaration(w, ns->prefix ? from_xml(ns->prefix) : NULL, ns->href ? from_xml(ns->href) : "");
	for (const xmlAttr *a = node->properties; a; a = a->next)
		add_attr(w, a);
	p = room_for(w, 2);
	if (!p)
		return;
	*p = '/';
	p += node->children == NULL;
	*p = '>';
	w->at = p + 1;
}

static void close_tag(struct writer *w, const xmlNode *node)
{
	char *p = put_tag(w, node, "</", 2);

	if (!p)
		return;
	*p = '>';
	w->at = p + 1;
}

static void add_text(struct writer *w, const xmlNode *node)
{
	const char *s = node->content ? from_xml(node->content) : "";
	size_t len = w->built && node->content ? dbi_built_text_length(node) : strlen(s);
	char *p = room_for(w, len + BLOCK);

	if (!p)
		return;
	if (put_plain(w, p, s, len))
		w->at = p + len;
	else
		put_escaped(w, s, len, false);
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
	char *p = room_for(w, 1 + depth * 2);

	if (!p)
		return;
	*p = '\n';
	memset(p + 1, ' ', depth * 2);
	w->at = p + 1 + depth * 2;
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
			add_text(w, node);
		} else if (node->type == XML_ELEMENT_NODE) {
			if (w->indent && !mixed && node != root)
				new_line(w, depth);
			open_tag(w, node, node == root);
			__builtin_prefetch(node->next);
			if (node->children) {
				if (w->indent && !mixed && has_text(node))
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
	struct writer w = { out, NULL, NULL, ns, indent, dbi_is_built(to_doc(doc)) };
	const xmlNode *root = xmlDocGetRootElement(to_doc(doc));

	put(&w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	if (root)
		write_tree(&w, root);
	leave_buffer(&w);
	dbi_buf_addc(out, '\n');
	return out->failed ? dbi_error_memory(err) : DBRIEF_OK;
}
