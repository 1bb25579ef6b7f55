/* SPDX-License-Identifier: MIT */
#ifndef DATENBRIEF_VERSION_H
#define DATENBRIEF_VERSION_H

#if defined(_WIN32)
#define DBRIEF_API
#else
#define DBRIEF_API __attribute__((visibility("default")))
#endif
#define DBRIEF_MUST_CHECK __attribute__((warn_unused_result))

#ifdef __cplusplus
extern "C" {
#endif

/* Version the program was compiled against: major, minor, patch. */
#define DBRIEF_VERSION_MAJOR 0
#define DBRIEF_VERSION_MINOR 1
#define DBRIEF_VERSION_PATCH 0
#define DBRIEF_VERSION_STRING "0.1.0"

/* Version of the library in use, e.g. "0.1.0". Static, never NULL. */
DBRIEF_API const char *dbrief_version(void);

/*
 * Version of the library and of every library it uses, as
 * "libdatenbrief 0.1.0, libharu 2.3.0, libxml2 2.9.14, ...". Static text,
 * built on first use; safe to call from any thread.
 */
DBRIEF_API const char *dbrief_version_details(void);

#ifdef __cplusplus
}
#endif
#endif
