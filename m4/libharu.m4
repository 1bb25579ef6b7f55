# SPDX-License-Identifier: MIT
# DBI_CHECK_LIBHARU: the library works on libharu's object layer, whose headers
# are installed but whose structures differ from release to release. So each
# function is linked, each field compiled, and a page is built and looked at;
# the version number decides nothing here.

AC_DEFUN([DBI_LIBHARU_REFUSE],
  [AC_MSG_ERROR([libharu (libhpdf) cannot be used: $1. Known to work: 2.3.0; install libhpdf-dev of that release or fix lib/pdf/document.c])])

# DBI_LIBHARU_FUNCTIONS(NAME...)
AC_DEFUN([DBI_LIBHARU_FUNCTIONS],
  [m4_foreach_w([dbi_function], [$1],
    [AC_CHECK_FUNC(dbi_function, [], [DBI_LIBHARU_REFUSE([it has no function ]dbi_function)])])])

# DBI_LIBHARU_FIELDS(STRUCTURE, FIELD...): of the structures in hpdf_doc.h and what it includes
AC_DEFUN([DBI_LIBHARU_FIELDS],
  [m4_foreach_w([dbi_field], [$2],
    [AC_CHECK_MEMBER([$1.]dbi_field, [], [DBI_LIBHARU_REFUSE([$1 has no field ]dbi_field)], [[
#include <hpdf.h>
#include <hpdf_doc.h>
]])])])

AC_DEFUN([DBI_CHECK_LIBHARU], [
  AC_CHECK_HEADER([hpdf.h], [], [AC_MSG_ERROR([hpdf.h not found: install libhpdf-dev])])
  AC_CHECK_LIB([hpdf], [HPDF_NewEx], [HARU_LIBS=-lhpdf], [AC_MSG_ERROR([libhpdf not found: install libhpdf-dev])], [-lm])
  AC_CHECK_HEADERS([hpdf_doc.h hpdf_version.h], [], [DBI_LIBHARU_REFUSE([its internal headers are not installed])],
    [[#include <hpdf.h>]])
  AC_SUBST([HARU_LIBS])

  dbi_save_LIBS=$LIBS
  LIBS="$HARU_LIBS -lm $LIBS"
  DBI_LIBHARU_FUNCTIONS([HPDF_GetVersion HPDF_GetError HPDF_AddPage HPDF_Page_SetWidth HPDF_Page_SetHeight
    HPDF_Page_GetInheritableItem HPDF_Dict_New HPDF_Dict_Add HPDF_Dict_AddName HPDF_Dict_AddNumber HPDF_Dict_GetItem
    HPDF_Array_New HPDF_Array_Add HPDF_String_New HPDF_Binary_New HPDF_Xref_Add HPDF_Xref_GetEntry
    HPDF_CallbackWriter_New HPDF_Stream_Write HPDF_Obj_WriteValue])
  DBI_LIBHARU_FIELDS([HPDF_Doc_Rec], [mmgr xref catalog info pdf_version])
  DBI_LIBHARU_FIELDS([HPDF_Xref_Rec], [entries])
  DBI_LIBHARU_FIELDS([HPDF_XrefEntry_Rec], [obj entry_typ])
  DBI_LIBHARU_FIELDS([HPDF_Obj_Header], [obj_id obj_class])
  DBI_LIBHARU_FIELDS([struct _HPDF_Dict_Rec], [attr write_fn])
  DBI_LIBHARU_FIELDS([HPDF_PageAttr_Rec], [contents])
  DBI_LIBHARU_FIELDS([HPDF_Stream_Rec], [attr])

  AC_CACHE_CHECK([whether the structures of libharu are those of its headers], [dbi_cv_libharu_layout], [
    AC_RUN_IFELSE([AC_LANG_SOURCE([[
#include <string.h>
#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_version.h>

static char value[4096];
static size_t length;
static int raw_attr;

static HPDF_STATUS collect(HPDF_Stream stream, const HPDF_BYTE *bytes, HPDF_UINT n)
{
	if (stream->attr != value || n > sizeof value - length - 1)
		return 1;
	memcpy(value + length, bytes, n);
	length += n;
	return HPDF_OK;
}

static HPDF_STATUS write_raw(HPDF_Dict dict, HPDF_Stream stream)
{
	return dict->attr == &raw_attr ? HPDF_Stream_Write(stream, (const HPDF_BYTE *)"/Raw 1", 6) : 1;
}

static int is_written(HPDF_Doc doc, void *object, const char *text)
{
	HPDF_Stream stream = HPDF_CallbackWriter_New(doc->mmgr, collect, value);
	length = 0;
	memset(value, 0, sizeof value);
	return stream && HPDF_Obj_WriteValue(object, stream, NULL) == HPDF_OK && strstr(value, text);
}

int main(void)
{
	HPDF_Doc doc = HPDF_New(NULL, NULL);
	HPDF_Page page = doc ? HPDF_AddPage(doc) : NULL;
	HPDF_PageAttr attr = page ? page->attr : NULL;
	HPDF_Dict raw;
	HPDF_Obj_Header *header;
	HPDF_XrefEntry entry;
	if (strcmp(HPDF_GetVersion(), HPDF_VERSION_TEXT) != 0)
		return 2;
	if (!attr || attr->contents != HPDF_Dict_GetItem(page, "Contents", HPDF_OCLASS_DICT))
		return 3;
	if (!HPDF_Dict_GetItem(attr->contents, "Length", HPDF_OCLASS_NUMBER))
		return 4;
	if (!is_written(doc, doc->catalog, "/Catalog") || !doc->info || !is_written(doc, doc->info, "/Producer"))
		return 5;
	raw = HPDF_Dict_New(doc->mmgr);
	if (!raw)
		return 6;
	raw->attr = &raw_attr;
	raw->write_fn = write_raw;
	if (HPDF_Xref_Add(doc->xref, raw) != HPDF_OK || !is_written(doc, raw, "/Raw 1"))
		return 7;
	header = (HPDF_Obj_Header *)raw;
	entry = HPDF_Xref_GetEntry(doc->xref, header->obj_id & 0x00FFFFFF);
	if ((header->obj_class & HPDF_OCLASS_ANY) != HPDF_OCLASS_DICT || !entry || entry->obj != raw ||
	    entry->entry_typ != HPDF_IN_USE_ENTRY || doc->xref->entries->count != (header->obj_id & 0x00FFFFFF) + 1)
		return 8;
	doc->pdf_version = HPDF_VER_17;
	if (HPDF_SaveToStream(doc) != HPDF_OK || HPDF_ReadFromStream(doc, (HPDF_BYTE *)value, &(HPDF_UINT32){ 8 }) != HPDF_OK)
		return 9;
	return memcmp(value, "%PDF-1.7", 8) == 0 ? 0 : 10;
}
]])], [dbi_cv_libharu_layout=yes], [dbi_cv_libharu_layout="no (step $?)"], [dbi_cv_libharu_layout=guessed])])
  AS_CASE([$dbi_cv_libharu_layout], [no*],
    [DBI_LIBHARU_REFUSE([the library in use is not the one of the headers, or its structures are unknown, $dbi_cv_libharu_layout])])
  LIBS=$dbi_save_LIBS
])
