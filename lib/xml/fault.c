/* SPDX-License-Identifier: MIT */
/* Texts for libxml2's error codes: what is wrong and what to do. */
#include "xml/libxml.h"

#include <libxml/parser.h>

struct fault {
	int code;
	const char *text;
};

static const struct fault faults[] = {
	{ XML_ERR_DOCUMENT_EMPTY, "the document is empty; write an element" },
	{ XML_ERR_DOCUMENT_END, "there is text or an element behind the root element; remove it" },
	{ XML_ERR_TAG_NAME_MISMATCH, "an end tag does not match its start tag; close the elements in order" },
	{ XML_ERR_TAG_NOT_FINISHED, "the document ends inside an element; add the missing end tag" },
	{ XML_ERR_GT_REQUIRED, "a tag is not closed; add '>'" },
	{ XML_ERR_LTSLASH_REQUIRED, "an end tag is missing; add it" },
	{ XML_ERR_NAME_REQUIRED, "a name is expected here; write '&lt;' or '&amp;' for a sign that is meant as text" },
	{ XML_ERR_SPACE_REQUIRED, "white space is missing; put a blank between attributes" },
	{ XML_ERR_EQUAL_REQUIRED, "an attribute has no value; write name=\"value\"" },
	{ XML_ERR_ATTRIBUTE_WITHOUT_VALUE, "an attribute has no value; write name=\"value\"" },
	{ XML_ERR_ATTRIBUTE_NOT_STARTED, "the value of an attribute is not quoted; put it in quotes" },
	{ XML_ERR_ATTRIBUTE_NOT_FINISHED, "the value of an attribute is not closed; add the quote" },
	{ XML_ERR_ATTRIBUTE_REDEFINED, "an attribute stands twice in this tag; remove one" },
	{ XML_NS_ERR_ATTRIBUTE_REDEFINED, "an attribute stands twice in this tag; remove one" },
	{ XML_NS_ERR_UNDEFINED_NAMESPACE, "a prefix is not declared; add its xmlns attribute" },
	{ XML_NS_ERR_QNAME, "a name holds more than one colon; correct it" },
	{ XML_NS_ERR_COLON, "a name begins or ends with a colon; correct it" },
	{ XML_NS_ERR_EMPTY, "a prefix is bound to an empty namespace; correct its xmlns attribute" },
	{ XML_NS_ERR_XML_NAMESPACE, "a prefix is bound to a reserved namespace; correct its xmlns attribute" },
	{ XML_WAR_NS_URI, "a namespace name is no valid URI; correct the xmlns attribute" },
	{ XML_ERR_LT_IN_ATTRIBUTE, "'<' stands in the value of an attribute; write '&lt;'" },
	{ XML_ERR_INVALID_CHAR, "a character is not allowed in XML or not saved as UTF-8; correct it" },
	{ XML_ERR_INVALID_CHARREF, "a character reference names no character of XML; correct it" },
	{ XML_ERR_INVALID_HEX_CHARREF, "a character reference is malformed; write '&#x...;'" },
	{ XML_ERR_INVALID_DEC_CHARREF, "a character reference is malformed; write '&#...;'" },
	{ XML_ERR_INVALID_ENCODING, "bytes are no valid text in the document's encoding; save the file as UTF-8" },
	{ XML_ERR_UNKNOWN_ENCODING, "the encoding of the document is not known; save the file as UTF-8" },
	{ XML_ERR_UNSUPPORTED_ENCODING, "the encoding of the document is not supported; save the file as UTF-8" },
	{ XML_ERR_ENCODING_NAME, "the encoding in the XML declaration is malformed; write encoding=\"UTF-8\"" },
	{ XML_I18N_CONV_FAILED, "bytes are no valid text in the document's encoding; save the file as UTF-8" },
	{ XML_IO_ENCODER, "bytes are no valid text in the document's encoding; save the file as UTF-8" },
	{ XML_ERR_UNDECLARED_ENTITY, "an entity is not known; only &lt; &gt; &amp; &quot; &apos; and numbers are" },
	{ XML_WAR_UNDECLARED_ENTITY, "an entity is not known; only &lt; &gt; &amp; &quot; &apos; and numbers are" },
	{ XML_ERR_ENTITYREF_SEMICOL_MISSING, "an entity lacks its ';'; write '&amp;' for the sign itself" },
	{ XML_ERR_ENTITYREF_NO_NAME, "'&' stands alone; write '&amp;'" },
	{ XML_ERR_MISPLACED_CDATA_END, "']]>' stands in text; write ']]&gt;'" },
	{ XML_ERR_CDATA_NOT_FINISHED, "a CDATA section is not closed; add ']]>'" },
	{ XML_ERR_COMMENT_NOT_FINISHED, "a comment is not closed; add '-->'" },
	{ XML_ERR_HYPHEN_IN_COMMENT, "'--' stands in a comment; remove it" },
	{ XML_ERR_PI_NOT_FINISHED, "a processing instruction is not closed; add '?>'" },
	{ XML_ERR_RESERVED_XML_NAME, "the XML declaration does not stand first; move it to the start of the file" },
	{ XML_ERR_XMLDECL_NOT_FINISHED, "the XML declaration is not closed; add '?>'" },
	{ XML_ERR_XMLDECL_NOT_STARTED, "the XML declaration is malformed; correct it" },
	{ XML_ERR_VERSION_MISSING, "the XML declaration has no version; write version=\"1.0\"" },
	{ XML_ERR_UNKNOWN_VERSION, "the XML version is not supported; write version=\"1.0\"" },
	{ XML_ERR_STANDALONE_VALUE, "standalone in the XML declaration must be yes or no; correct it" },
	{ XML_ERR_NAME_TOO_LONG, "a name is too long; shorten it" },
	{ XML_ERR_INTERNAL_ERROR, "libxml2 refused the document; check it with xmllint" },
};

const char *dbi_xml_fault(int domain, int code)
{
	(void)domain;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		if (faults[i].code == code)
			return faults[i].text;
	return NULL;
}
