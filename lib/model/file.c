/* SPDX-License-Identifier: MIT */
/* The model as a document: canonical text out, checked tree in. */
#include "model/model.h"

#include "xml/schemas.h"

int dbi_model_write(const dbi_xml_doc *model, bool indent, struct dbi_buf *out, struct dbrief_error *err)
{
	return dbi_xml_write(model, DBI_MODEL_NS, indent, out, err);
}

int dbi_model_read(dbi_xml_doc **model, const char *path, struct dbrief_error *err)
{
	dbi_xml_doc *doc = NULL;
	int rc;
	*model = NULL;
	/* The schema speaks of the namespace, which the tree for use has lost: so one parse for each. */
	rc = dbi_xml_parse_file(&doc, path, NULL, err);
	if (rc == DBRIEF_OK)
		rc = dbi_xml_validate(doc, "model.rng", dbi_schema_model, err);
	dbi_xml_free(doc);
	doc = NULL;
	if (rc == DBRIEF_OK)
		rc = dbi_xml_parse_file(&doc, path, DBI_MODEL_NS, err);
	if (rc == DBRIEF_OK)
		*model = doc;
	return rc;
}
