/* SPDX-License-Identifier: MIT */
/* One table for each connector type that comes along; each lives in the file of its name. */
#ifndef DBI_CONNECT_BUILTIN_H
#define DBI_CONNECT_BUILTIN_H

#include <datenbrief/connector.h>

extern const struct dbrief_connector_type dbi_connector_sqlite;
extern const struct dbrief_connector_type dbi_connector_postgresql;
extern const struct dbrief_connector_type dbi_connector_odbc;
extern const struct dbrief_connector_type dbi_connector_csv;
extern const struct dbrief_connector_type dbi_connector_json;
extern const struct dbrief_connector_type dbi_connector_xml;
extern const struct dbrief_connector_type dbi_connector_exec;

#endif
