/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink/file.h"

/* ---- a file system whose n-th call of one operation fails ---- */

enum op { OPENAT, WRITE, FSYNC, CLOSE, RENAMEAT, UNLINKAT, OPS };
static const char *const op_names[] = { "openat", "write", "fsync", "close", "renameat", "unlinkat" };
static int fail_op, fail_at, fail_with, calls[OPS], short_writes, open_files;

static int fails(enum op op)
{
	if (++calls[op] != fail_at || (int)op != fail_op)
		return 0;
	errno = fail_with;
	return 1;
}

static int t_openat(int dir, const char *name, int flags, unsigned mode)
{
	int fd = fails(OPENAT) ? -1 : openat(dir, name, flags, (mode_t)mode);

	open_files += fd >= 0;
	return fd;
}

static ssize_t t_write(int fd, const void *bytes, size_t len)
{
	if (fails(WRITE))
		return -1;
	return write(fd, bytes, short_writes && len > 3 ? 3 : len);
}

static int t_fsync(int fd)
{
	return fails(FSYNC) ? -1 : fsync(fd);
}

static int t_close(int fd)
{
	int failed = fails(CLOSE), number = errno;

	open_files--;
	(void)close(fd);
	errno = number;
	return failed ? -1 : 0;
}

static int t_renameat(int dir, const char *from, int to_dir, const char *to)
{
	return fails(RENAMEAT) ? -1 : renameat(dir, from, to_dir, to);
}

static int t_unlinkat(int dir, const char *name, int flags)
{
	return fails(UNLINKAT) ? -1 : unlinkat(dir, name, flags);
}

static const struct dbi_file_ops ops = { t_openat, t_write, t_fsync, t_close, t_renameat, t_unlinkat };

static void plan_failure(int op, int at, int number)
{
	memset(calls, 0, sizeof calls);
	fail_op = op;
	fail_at = at;
	fail_with = number;
	short_writes = 0;
}

/* ---- the folder of the test ---- */

static char folder[64];

static const char *in_folder(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static int count_files(void)
{
	DIR *d = opendir(folder);
	int n = 0;

	for (const struct dirent *e; d && (e = readdir(d));)
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	if (d)
		closedir(d);
	return n;
}

static const char *content(const char *name)
{
	static char text[64];
	int fd = open(in_folder(name), O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

	if (fd >= 0)
		(void)close(fd);
	if (n < 0)
		return NULL;
	text[n] = '\0';
	return text;
}

static int write_file(const char *name, const char *text, struct dbrief_error *err)
{
	struct dbrief_sink sink;
	int status = dbi_sink_init_file(&sink, in_folder(name), &ops, err);

	if (status == DBRIEF_OK)
		status = sink.write(sink.user, text, 4, err);
	if (status == DBRIEF_OK)
		status = sink.write(sink.user, text + 4, strlen(text + 4), err);
	if (status == DBRIEF_OK)
		status = sink.commit(sink.user, err);
	dbrief_sink_dispose(&sink);
	return status;
}

/* ---- tests ---- */

static void test_whole_file(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct stat st;

	plan_failure(-1, 0, 0);
	EQ(write_file("a.pdf", "first text", &err), DBRIEF_OK, "a file is written");
	IS(content("a.pdf"), "first text", "its content is whole");
	EQ(stat(in_folder("a.pdf"), &st), 0, "it exists");
	EQ(st.st_mode & 0777, 0600, "only its owner may read it");
	EQ(count_files(), 1, "nothing else remains");
	EQ(calls[FSYNC], 2, "file and folder were synced");
	short_writes = 1;
	EQ(write_file("a.pdf", "second, longer text", &err), DBRIEF_OK, "short writes are carried on");
	IS(content("a.pdf"), "second, longer text", "the file is replaced");
	EQ(open_files, 0, "no descriptor is left open");
}

static void test_failures(void)
{
	static const int numbers[] = { ENOSPC, EIO, EDQUOT };

	for (int op = 0; op < UNLINKAT; op++) {
		for (int at = 1; at <= 2; at++) {
			for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
				struct dbrief_error err = DBRIEF_ERROR_INIT;
				char name[64];

				(void)unlink(in_folder("b.pdf"));
				plan_failure(op, at, numbers[i]);
				(void)write_file("b.pdf", "other text", &err);
				(void)snprintf(name, sizeof name, "%s %d, errno %d", op_names[op], at, numbers[i]);
				if (calls[op] < at || (op == CLOSE && at == 2))
					continue; /* closing the folder is of no consequence */
				OK(err.status == DBRIEF_FATAL && err.cause == DBRIEF_CAUSE_SINK && err.os_errno == numbers[i] && err.where[0],
				    name);
				EQ(count_files(), 1, "  neither the file nor a temporary one is there");
				EQ(open_files, 0, "  no descriptor is left open");
			}
		}
	}
}

static void test_interrupted_write(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	plan_failure(WRITE, 1, EINTR);
	EQ(write_file("c.pdf", "text again", &err), DBRIEF_OK, "an interrupted write is repeated");
	IS(content("c.pdf"), "text again", "the content is whole");
	plan_failure(RENAMEAT, 1, EACCES);
	EQ(write_file("c.pdf", "lost lost", &err), DBRIEF_FATAL, "a failed rename is fatal");
	IS(content("c.pdf"), "text again", "the old file stays");
	IS(err.text, "cannot be given its name (Permission denied); choose another folder or change its rights", "the message says what to do");
}

static void test_abort(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbrief_sink sink;
	int before = count_files();

	plan_failure(-1, 0, 0);
	EQ(dbrief_sink_init_file(&sink, in_folder("d.pdf"), &err), DBRIEF_OK, "a sink is set up");
	EQ(sink.write(sink.user, "x", 1, &err), DBRIEF_OK, "and written to");
	EQ(count_files(), before + 1, "a temporary file stands beside");
	sink.abort(sink.user);
	EQ(count_files(), before, "abort removes it");
	EQ(sink.write(sink.user, "x", 1, &err), DBRIEF_FATAL, "a write after the end fails");
	EQ(err.cause, DBRIEF_CAUSE_STATE, "as a call in the wrong order");
	EQ(sink.commit(sink.user, NULL), DBRIEF_FATAL, "so does a commit");
	dbrief_sink_dispose(&sink);
	dbrief_sink_dispose(&sink);
	dbrief_sink_dispose(NULL);
	EQ(dbrief_sink_init_file(&sink, in_folder("d.pdf"), &err), DBRIEF_OK, "another one");
	dbrief_sink_dispose(&sink);
	EQ(count_files(), before, "dispose aborts what has not ended");
}

static void test_targets(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbrief_sink sink;
	int before = count_files();

	EQ(symlink("a.pdf", in_folder("link.pdf")), 0, "a link stands there");
	EQ(dbrief_sink_init_file(&sink, in_folder("link.pdf"), &err), DBRIEF_FATAL, "a link is not replaced");
	EQ(dbrief_sink_init_file(&sink, folder, &err), DBRIEF_FATAL, "a folder is not replaced");
	EQ(dbrief_sink_init_file(&sink, in_folder(""), &err), DBRIEF_FATAL, "a path must name a file");
	EQ(dbrief_sink_init_file(&sink, in_folder("none/x.pdf"), &err), DBRIEF_FATAL, "the folder must exist");
	EQ(err.os_errno, ENOENT, "its errno is kept");
	IS(err.text, "its folder cannot be opened (No such file or directory); create the folder or choose another one", "the message says what to do");
	EQ(dbrief_sink_init_file(&sink, NULL, &err), DBRIEF_FATAL, "a path must be given");
	(void)unlink(in_folder("link.pdf"));
	EQ(count_files(), before, "nothing is left behind");
	if (geteuid() == 0) {
		tap_skip("an unwritable folder is refused", "root may write everywhere");
		return;
	}
	(void)chmod(folder, 0500);
	EQ(dbrief_sink_init_file(&sink, in_folder("x.pdf"), &err), DBRIEF_FATAL, "an unwritable folder is refused");
	(void)chmod(folder, 0700);
}

static void test_memory_and_descriptor(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbrief_sink sink;
	char text[8] = "";
	size_t len;
	int ends[2];

	EQ(dbrief_sink_init_memory(&sink, &err), DBRIEF_OK, "a memory sink");
	EQ(sink.write(sink.user, "abc", 3, &err) | sink.write(sink.user, "de", 2, &err), DBRIEF_OK, "is written to");
	OK(dbrief_sink_memory(&sink, &len) == NULL && len == 0, "nothing is to be seen before commit");
	EQ(sink.commit(sink.user, &err), DBRIEF_OK, "commit");
	OK(dbrief_sink_memory(&sink, &len) && len == 5 && memcmp(dbrief_sink_memory(&sink, NULL), "abcde", 5) == 0, "all bytes are there");
	dbrief_sink_dispose(&sink);
	EQ(dbrief_sink_init_fd(&sink, -1, &err), DBRIEF_FATAL, "a closed descriptor is refused");
	EQ(err.cause, DBRIEF_CAUSE_ARG, "as a wrong argument");
	if (pipe(ends) != 0)
		exit(99);
	EQ(dbrief_sink_init_fd(&sink, ends[1], &err), DBRIEF_OK, "a descriptor");
	EQ(sink.write(sink.user, "xyz", 3, &err), DBRIEF_OK, "is written to");
	EQ(sink.commit(sink.user, &err), DBRIEF_OK, "commit does nothing");
	OK(dbrief_sink_memory(&sink, NULL) == NULL, "it has no memory");
	dbrief_sink_dispose(&sink);
	EQ(read(ends[0], text, 3), 3, "the bytes came through");
	EQ(fcntl(ends[1], F_GETFD) >= 0, 1, "the descriptor stays open");
	(void)close(ends[0]);
	(void)close(ends[1]);
}

int main(void)
{
	(void)snprintf(folder, sizeof folder, "sink_file.XXXXXX");
	if (!mkdtemp(folder))
		return 99;
	test_whole_file();
	test_failures();
	test_interrupted_write();
	test_abort();
	test_targets();
	test_memory_and_descriptor();
	(void)unlink(in_folder("a.pdf"));
	(void)unlink(in_folder("b.pdf"));
	(void)unlink(in_folder("c.pdf"));
	EQ(rmdir(folder), 0, "the folder is empty in the end");
	return tap_done();
}
