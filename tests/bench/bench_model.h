/* SPDX-License-Identifier: MIT */
/* Models of fictional customers for the bench, each different, a tenth of the names not German. */
#ifndef BENCH_MODEL_H
#define BENCH_MODEL_H

#include "xml/xmlio.h"

/* The n-th customer's model; NULL when out of memory. */
dbi_xml_doc *bench_model(unsigned n);
dbi_xml_doc *bench_model_copy(const dbi_xml_doc *model);

#endif
