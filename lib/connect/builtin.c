/* SPDX-License-Identifier: MIT */
/* The connector types of this build. */
#include "config.h"
#include "connect/builtin.h"

const struct dbrief_connector_type *const *dbrief_builtin_connectors(void)
{
	static const struct dbrief_connector_type *const types[] = {
		&dbi_connector_sqlite,
#ifdef HAVE_LIBPQ
		&dbi_connector_postgresql,
#endif
#ifdef HAVE_ODBC
		&dbi_connector_odbc,
#endif
#ifdef WITH_CSV
		&dbi_connector_csv,
#endif
#ifdef HAVE_JANSSON
		&dbi_connector_json,
#endif
#ifdef WITH_XML
		&dbi_connector_xml,
#endif
#ifdef WITH_EXEC
		&dbi_connector_exec,
#endif
		NULL
	};

	return types;
}
