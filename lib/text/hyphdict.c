/* SPDX-License-Identifier: MIT */
#include "text/hyphdict.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/charset.h"
#include "util/mem.h"
#include "util/number.h"
#include "text/hyphtrie.h"

#define MAX_FILE (8u << 20)

struct dbi_hyphdict {
	struct dbi_hyphdict *next;
	dev_t device;
	ino_t inode;
	unsigned users;
	struct dbi_hyphtrie level[2]; /* parts of compounds, then letters */
	bool compounds;               /* level[0] is there */
	int left, right, compound_left, compound_right; /* letters that stay together */
};

/* The dictionaries in use by this process. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct dbi_hyphdict *loaded;

static void free_dict(struct dbi_hyphdict *d)
{
	if (!d)
		return;
	dbi_hyphtrie_dispose(&d->level[0]);
	dbi_hyphtrie_dispose(&d->level[1]);
	dbi_free(d);
}

static int read_all(int fd, size_t size, struct dbi_buf *out, const char *path, struct dbrief_error *err)
{
	char *to = dbi_buf_room(out, size);

	if (!to)
		return dbi_error_memory(err);
	while (out->len < size) {
		ssize_t n = read(fd, to, size - out->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_SYSTEM, path,
			    "the hyphenation dictionary cannot be read; install it again or remove it");
		to += n;
		out->len += (size_t)n;
	}
	return DBRIEF_OK;
}

static size_t line_end(const char *s, size_t len)
{
	const char *nl = len ? memchr(s, '\n', len) : NULL;

	return nl ? (size_t)(nl - s) : len;
}

static int latin1_to_utf8(const struct dbi_buf *raw, struct dbi_buf *out, struct dbrief_error *err)
{
	char *to = dbi_buf_room(out, raw->len * 2), *p = to;

	if (!to)
		return dbi_error_memory(err);
	for (size_t i = 0; i < raw->len; i++) {
		unsigned char c = (unsigned char)raw->data[i];

		if (c >= 0x80)
			*p++ = (char)(0xC0 | c >> 6);
		*p++ = (char)(c < 0x80 ? c : 0x80 | (c & 0x3F));
	}
	out->len += (size_t)(p - to);
	return DBRIEF_OK;
}

/* The charset named in the first line: "ISO8859-2" is how these files spell ISO-8859-2. */
static void read_charset(const struct dbi_buf *raw, char name[32])
{
	size_t n = line_end(raw->data, raw->len);

	while (n > 0 && (raw->data[n - 1] == '\r' || raw->data[n - 1] == ' '))
		n--;
	name[0] = '\0';
	if (n > 8 && n < 20 && memcmp(raw->data, "ISO8859-", 8) == 0) {
		memcpy(name, "ISO-8859-", 9);
		memcpy(name + 9, raw->data + 8, n - 8);
		name[n + 1] = '\0';
	} else if (n < 32) {
		memcpy(name, raw->data, n);
		name[n] = '\0';
	}
}

static int to_utf8(const struct dbi_buf *raw, struct dbi_buf *out, const char *path, struct dbrief_error *err)
{
	struct dbi_charset *cs = NULL;
	size_t offset;
	char name[32];
	int rc;

	read_charset(raw, name);
	if (strcmp(name, "ISO-8859-1") == 0)
		return latin1_to_utf8(raw, out, err);
	if (!dbi_charset_canonical(name))
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONFIG, path,
		    "the charset of the hyphenation dictionary is not supported; remove the file");
	if ((rc = dbi_charset_open(&cs, name, err)))
		return rc;
	rc = dbi_charset_convert(cs, out, raw->data, raw->len, &offset, err);
	dbi_charset_close(cs);
	return rc;
}

/* "LEFTHYPHENMIN 2" and its like. True when the line was one of them. */
static bool read_setting(struct dbi_hyphdict *d, const char *line, size_t len)
{
	static const char *const names[] = {
		"COMPOUNDLEFTHYPHENMIN", "COMPOUNDRIGHTHYPHENMIN", "LEFTHYPHENMIN", "RIGHTHYPHENMIN"
	};
	int *const to[] = { &d->compound_left, &d->compound_right, &d->left, &d->right };

	for (size_t i = 0; i < 4; i++) {
		size_t n = strlen(names[i]);
		int64_t v;

		if (len <= n || memcmp(line, names[i], n) != 0)
			continue;
		while (n < len && (line[n] == ' ' || line[n] == '\t'))
			n++;
		if (dbi_parse_int(line + n, len - n, &v) && v >= 0 && v < 100)
			*to[i] = (int)v;
		return true;
	}
	return len >= 8 && memcmp(line, "NOHYPHEN", 8) == 0;
}

static int parse(struct dbi_hyphdict *d, const char *s, size_t len, struct dbrief_error *err)
{
	bool first = true;
	int level = 1;

	for (size_t i = 0, n; i < len; i += n + 1) {
		size_t m = n = line_end(s + i, len - i);
		const char *line = s + i;

		while (m > 0 && (unsigned char)line[m - 1] <= ' ')
			m--;
		if (first || m == 0 || *line == '%' || *line == '#') {
			first = false;
		} else if (m == 9 && memcmp(line, "NEXTLEVEL", 9) == 0 && !d->compounds) {
			/* What was read so far is the level of the compounds. */
			d->level[0] = d->level[1];
			memset(&d->level[1], 0, sizeof d->level[1]);
			d->compounds = true;
		} else if (!read_setting(d, line, m) && !dbi_hyphtrie_add(&d->level[level], line, m)) {
			return dbi_error_memory(err);
		}
	}
	return DBRIEF_OK;
}

static int load(struct dbi_hyphdict **out, int fd, const struct stat *st, const char *path,
    struct dbrief_error *err)
{
	struct dbi_buf raw = DBI_BUF_INIT, text = DBI_BUF_INIT;
	struct dbi_hyphdict *d = dbi_calloc(1, sizeof *d);
	int rc = DBRIEF_OK;

	*out = NULL;
	if (!d)
		return dbi_error_memory(err);
	if (st->st_size <= 0 || st->st_size > MAX_FILE)
		rc = dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONFIG, path,
		    "the hyphenation dictionary is empty or too large; install it again or remove it");
	if (!rc && !(rc = read_all(fd, (size_t)st->st_size, &raw, path, err)) && !(rc = to_utf8(&raw, &text, path, err)))
		rc = parse(d, text.data, text.len, err);
	dbi_buf_dispose(&raw);
	dbi_buf_dispose(&text);
	if (rc) {
		free_dict(d);
		return rc;
	}
	dbi_hyphtrie_finish(&d->level[0]);
	dbi_hyphtrie_finish(&d->level[1]);
	if (d->left < 2)
		d->left = 2;
	if (d->right < 3)
		d->right = 3;
	d->device = st->st_dev;
	d->inode = st->st_ino;
	*out = d;
	return DBRIEF_OK;
}

int dbi_hyphdict_open(dbi_hyphdict **out, const char *path, struct dbrief_error *err)
{
	struct dbi_hyphdict *d;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), rc = DBRIEF_OK;

	*out = NULL;
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return DBRIEF_OK;
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		if (fd >= 0)
			close(fd);
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_SYSTEM, path,
		    "the hyphenation dictionary cannot be opened; check its rights or remove it");
	}
	pthread_mutex_lock(&lock);
	for (d = loaded; d && (d->device != st.st_dev || d->inode != st.st_ino); d = d->next)
		;
	if (!d && !(rc = load(&d, fd, &st, path, err))) {
		d->next = loaded;
		loaded = d;
	}
	if (d)
		d->users++;
	pthread_mutex_unlock(&lock);
	close(fd);
	*out = d;
	return rc;
}

void dbi_hyphdict_close(dbi_hyphdict *d)
{
	if (!d)
		return;
	pthread_mutex_lock(&lock);
	if (--d->users == 0) {
		struct dbi_hyphdict **link = &loaded;

		while (*link != d)
			link = &(*link)->next;
		*link = d->next;
	} else {
		d = NULL;
	}
	pthread_mutex_unlock(&lock);
	free_dict(d);
}

/* No point before the n-th letter from the left, counted from the start. */
static void keep_left(const char *word, size_t len, int n, unsigned char *points)
{
	int letters = 0;

	for (size_t i = 0; i < len; i++) {
		if (((unsigned char)word[i] & 0xC0) != 0x80)
			letters++;
		if (letters <= n)
			points[i] = 0;
	}
}

static void keep_right(const char *word, size_t len, int n, unsigned char *points)
{
	int letters = 0;

	for (size_t i = len; i-- > 0;) {
		if (((unsigned char)word[i] & 0xC0) != 0x80)
			letters++;
		if (letters < n || (letters == n && ((unsigned char)word[i] & 0xC0) == 0x80))
			points[i] = 0;
	}
}

/*
 * Points of one part of a word: the level of the compounds cuts it, and each
 * piece again, until a piece is whole; then the level of the letters applies,
 * as if the piece stood alone.
 */
static bool part_points(const dbi_hyphdict *d, const char *word, size_t len, bool at_start, bool at_end, unsigned char *points)
{
	size_t begin = 0;

	memset(points, 0, len);
	if (d->compounds && !dbi_hyphtrie_match(&d->level[0], word, len, points))
		return false;
	for (size_t i = 1; i <= len; i++) {
		bool cut = i < len && points[i];

		if (!cut && (begin == 0 || i < len))
			continue;
		if (i - begin > 1) {
			if (!part_points(d, word + begin, i - begin, begin == 0 && at_start, i == len && at_end, points + begin))
				return false;
		} else {
			points[begin] = 0;
		}
		if (begin > 0)
			points[begin] = 1;
		begin = i;
	}
	if (begin == 0 && !dbi_hyphtrie_match(&d->level[1], word, len, points))
		return false;
	if (!at_start)
		keep_left(word, len, d->compound_left, points);
	if (!at_end)
		keep_right(word, len, d->compound_right, points);
	return true;
}

bool dbi_hyphdict_points(const dbi_hyphdict *d, const char *word, size_t len, unsigned char *points)
{
	if (len == 0)
		return true;
	if (!part_points(d, word, len, true, true, points))
		return false;
	keep_left(word, len, d->left, points);
	keep_right(word, len, d->right, points);
	return true;
}
