/* SPDX-License-Identifier: MIT */
#include "batch/form.h"

#include <string.h>

const struct dbi_form dbi_form_files = { .name = "files", .folder = "letters", .suffix = ".pdf" };

static const struct dbi_form *const forms[] = { &dbi_form_files, &dbi_form_lots, NULL };

const char *dbi_form_product(const struct dbi_form *form)
{
	return form->merge_letter ? "lots" : form->folder;
}

const struct dbi_form *dbi_form_find(const char *name)
{
	for (size_t i = 0; forms[i]; i++)
		if (strcmp(forms[i]->name, name) == 0)
			return forms[i];
	return NULL;
}
