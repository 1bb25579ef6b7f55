/* SPDX-License-Identifier: MIT */
/* States of a chunk's letters wait for their rows: in memory, and beyond a megabyte in a file that has no name. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "batch/states.h"
#include "../unit/tap.h"
#include "util/hash.h"

#define DIR_NAME "tests/batch/states.dir"
#define N 40

static struct dbi_states states;
static struct dbi_buf state;

/* The state of a letter: its length and bytes follow from its number. */
static void make(unsigned i, size_t len)
{
	dbi_buf_clear(&state);
	for (size_t k = 0; k < len; k++)
		dbi_buf_addc(&state, (char)((k * 7 + i * 13) & 0xff));
}

static int put(unsigned i, size_t len)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	make(i, len);
	return dbi_states_put(&states, i, &state, &err);
}

static bool holds(unsigned i, size_t want)
{
	size_t len = 0;
	const void *have = dbi_states_get(&states, i, &len);

	make(i, want);
	return want ? have && len == want && memcmp(have, state.data, len) == 0 : !have && !len;
}

static unsigned names(void)
{
	DIR *dir = opendir(DIR_NAME);
	const struct dirent *entry;
	unsigned n = 0;

	while (dir && (entry = readdir(dir)))
		n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	if (dir)
		(void)closedir(dir);
	return n;
}

static void test_chunk(size_t len, const char *where)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	unsigned bad = 0, good = 0;
	char what[96];

	for (unsigned i = 0; i < N; i++)
		bad += put(i, i == 5 ? 0 : len + i) != DBRIEF_OK;
	bad += put(7, len + 100) != DBRIEF_OK; /* made once more */
	bad += dbi_states_ready(&states, &err) != DBRIEF_OK;
	(void)snprintf(what, sizeof(what), "states are put %s", where);
	EQ(bad, 0, what);
	for (unsigned i = 0; i < N; i++)
		good += holds(i, i == 5 ? 0 : i == 7 ? len + 100 : len + i);
	(void)snprintf(what, sizeof(what), "and come back from there, each as it was, the last of one that was made twice");
	EQ(good, N, what);
	EQ(names(), 0, "no file has a name");
	dbi_states_clear(&states);
	OK(holds(0, 0) && holds(N - 1, 0), "cleared, there are none");
}

int main(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	(void)dbi_hash_init();
	(void)mkdir(DIR_NAME, 0700);
	states.dir = open(DIR_NAME, O_RDONLY | O_DIRECTORY);
	states.place = DIR_NAME;
	test_chunk(100, "in memory");
	test_chunk(300000, "in a file");
	test_chunk(100, "in memory again");
	test_chunk((size_t)5 << 18, "in a file again");
	(void)close(states.dir);
	(void)rmdir(DIR_NAME);
	for (unsigned i = 0; i < 3 && put(i, (size_t)3 << 20) == DBRIEF_OK; i++)
		;
	make(3, (size_t)3 << 20);
	EQ(dbi_states_put(&states, 3, &state, &err), DBRIEF_FATAL, "a folder that is gone ends the run");
	OK(strstr(err.text, "cannot be put aside"), "and it is said");
	dbi_states_dispose(&states);
	dbi_buf_dispose(&state);
	return tap_done();
}
