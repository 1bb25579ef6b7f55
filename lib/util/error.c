/* SPDX-License-Identifier: MIT */
#include "util/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const cause_names[] = {
	[DBRIEF_CAUSE_NONE] = "none",
	[DBRIEF_CAUSE_MEMORY] = "memory",
	[DBRIEF_CAUSE_ARG] = "argument",
	[DBRIEF_CAUSE_STATE] = "state",
	[DBRIEF_CAUSE_OPTION] = "option",
	[DBRIEF_CAUSE_LIMIT] = "limit",
	[DBRIEF_CAUSE_ENCODING] = "encoding",
	[DBRIEF_CAUSE_VALUE] = "value",
	[DBRIEF_CAUSE_CONNECTOR] = "connector",
	[DBRIEF_CAUSE_INCOMPLETE] = "incomplete",
	[DBRIEF_CAUSE_UNDECLARED] = "undeclared",
	[DBRIEF_CAUSE_FOREIGN] = "foreign",
	[DBRIEF_CAUSE_UNKNOWN_SUBJECT] = "unknown-subject",
	[DBRIEF_CAUSE_HOLD] = "hold",
	[DBRIEF_CAUSE_CONFIG] = "config",
	[DBRIEF_CAUSE_XML] = "xml",
	[DBRIEF_CAUSE_TEMPLATE] = "template",
	[DBRIEF_CAUSE_GLYPH] = "glyph",
	[DBRIEF_CAUSE_FONT] = "font",
	[DBRIEF_CAUSE_LAYOUT] = "layout",
	[DBRIEF_CAUSE_IMAGE] = "image",
	[DBRIEF_CAUSE_PDF] = "pdf",
	[DBRIEF_CAUSE_SINK] = "sink",
	[DBRIEF_CAUSE_DEADLINE] = "deadline",
	[DBRIEF_CAUSE_CANCELLED] = "cancelled",
	[DBRIEF_CAUSE_SYSTEM] = "system", [DBRIEF_CAUSE_FENCED] = "fenced",
	[DBRIEF_CAUSE_AMBIGUOUS] = "ambiguous",
};

const char *dbrief_cause_name(int cause)
{
	if (cause < 0 || (size_t)cause >= sizeof cause_names / sizeof *cause_names)
		return "unknown";
	return cause_names[cause];
}

const char *dbrief_status_name(int status)
{
	switch (status) {
	case DBRIEF_EOF: return "eof";
	case DBRIEF_OK: return "ok";
	case DBRIEF_WARN: return "warn";
	case DBRIEF_RETRY: return "retry";
	case DBRIEF_FAILED: return "failed";
	case DBRIEF_FATAL: return "fatal";
	default: return "unknown";
	}
}

void dbrief_error_clear(struct dbrief_error *err)
{
	if (!err)
		return;
	err->status = DBRIEF_OK;
	err->cause = DBRIEF_CAUSE_NONE;
	err->os_errno = 0;
	err->where[0] = '\0';
	err->text[0] = '\0';
}

/* A warning gives way to an error; an error stays. */
static bool is_free(const struct dbrief_error *err, int status)
{
	return err->status >= DBRIEF_OK || (err->status == DBRIEF_WARN && status < DBRIEF_WARN);
}

/* Ends a text that did not fit with "...", never inside a UTF-8 sequence. */
static void mark_cut(char *s, size_t size)
{
	size_t at = size - 4;

	while (at > 0 && ((unsigned char)s[at] & 0xC0) == 0x80)
		at--;
	memcpy(s + at, "...", 4);
}

/* One line only: control characters would break logs and CSV files. */
static void make_line(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20)
			*s = ' ';
}

static void copy_text(char *to, size_t size, const char *from)
{
	size_t len = from ? strlen(from) : 0;
	size_t n = len < size ? len : size - 1;

	if (n)
		memmove(to, from, n);
	to[n] = '\0';
	if (len >= size)
		mark_cut(to, size);
	make_line(to);
}

int dbrief_error_set(struct dbrief_error *err, int status, int cause, const char *where, const char *text)
{
	if (!err || !is_free(err, status))
		return status;
	err->status = status;
	err->cause = cause;
	err->os_errno = 0;
	copy_text(err->where, sizeof err->where, where);
	copy_text(err->text, sizeof err->text, text);
	return status;
}

int dbi_error_pass(struct dbrief_error *err, int status, const struct dbrief_error *e)
{
	if (status == DBRIEF_OK || !err || !is_free(err, status))
		return status;
	*err = *e;
	err->status = status;
	return status;
}

int dbi_error(struct dbrief_error *err, int status, int cause, const char *where, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int n;

	if (!err || !is_free(err, status))
		return status;
	va_start(ap, fmt);
	n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (n < 0)
		text[0] = '\0';
	return dbrief_error_set(err, status, cause, where, text);
}

int dbi_error_memory(struct dbrief_error *err)
{
	return dbrief_error_set(err, DBRIEF_FAILED, DBRIEF_CAUSE_MEMORY, "",
	    "out of memory; raise the memory limit or run fewer threads");
}

int dbi_error_system(struct dbrief_error *err, int status, int cause, int os_errno, const char *where, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int n;

	if (!err || !is_free(err, status))
		return status;
	va_start(ap, fmt);
	n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (n < 0)
		text[0] = '\0';
	(void)dbrief_error_set(err, status, cause, where, text);
	err->os_errno = os_errno;
	return status;
}

int dbi_error_prefix(struct dbrief_error *err, int status, const char *fmt, ...)
{
	char joined[sizeof err->where * 2 + 8];
	size_t len;
	va_list ap;
	int n;

	if (!err)
		return status;
	if (err->status == DBRIEF_OK)
		return status;
	va_start(ap, fmt);
	n = vsnprintf(joined, sizeof err->where, fmt, ap);
	va_end(ap);
	if (n < 0)
		return err->status;
	if ((size_t)n >= sizeof err->where)
		mark_cut(joined, sizeof err->where);
	len = strlen(joined);
	if (len && err->where[0]) {
		memcpy(joined + len, " / ", 3);
		len += 3;
	}
	memcpy(joined + len, err->where, strlen(err->where) + 1);
	copy_text(err->where, sizeof err->where, joined);
	return err->status;
}

int dbi_status_combine(int a, int b)
{
	return a < b ? a : b;
}

/* The texts of the C library follow the locale of the process, so the errors a file or a socket can bring stand here. */
const char *dbi_errno_text(int os_errno)
{
	switch (os_errno) {
	case EACCES: return "Permission denied";
	case EPERM: return "Operation not permitted";
	case ENOENT: return "No such file or directory";
	case EEXIST: return "File exists";
	case ENOTDIR: return "Not a directory";
	case EISDIR: return "Is a directory";
	case ELOOP: return "Too many symbolic links";
	case ENAMETOOLONG: return "File name too long";
	case ENOSPC: return "No space left on device";
	case EDQUOT: return "Disk quota exceeded";
	case EFBIG: return "File too large";
	case EROFS: return "Read-only file system";
	case EIO: return "Input/output error";
	case EMFILE: return "Too many open files in this process";
	case ENFILE: return "Too many open files in the system";
	case ENOMEM: return "Cannot allocate memory";
	case EBUSY: return "Device or resource busy";
	case ETXTBSY: return "Text file busy";
	case EXDEV: return "Not on the same file system";
	case EBADF: return "Bad file descriptor";
	case EINVAL: return "Invalid argument";
	case EPIPE: return "Broken pipe";
	case EAGAIN: return "Resource temporarily unavailable";
	case EINTR: return "Interrupted system call";
	case ENODEV: return "No such device";
	case ENXIO: return "No such device or address";
	case ENOTEMPTY: return "Directory not empty";
	case ESTALE: return "Stale file handle";
	case ECONNREFUSED: return "Connection refused";
	case ECONNRESET: return "Connection reset by peer";
	case ETIMEDOUT: return "Connection timed out";
	default: return "System error";
	}
}
