/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli.h"
#include "folder.h"

static const char *reason(int code)
{
	switch (code) {
	case ENOENT:
		return "the folder above it does not exist; create it";
	case EACCES:
	case EPERM:
		return "no permission; choose another folder";
	case EROFS:
		return "the file system is read-only; choose another folder";
	case ENOSPC:
	case EDQUOT:
		return "no space is left; free some or choose another folder";
	case ELOOP:
		return "it is a symbolic link; give the folder itself";
	case ENOTDIR:
		return "it is no folder; choose another name";
	default:
		return "it cannot be used; choose another folder";
	}
}

/* Opens a folder, made if absent. Links are refused; nobody else may write into it. */
static int open_private(int at, const char *name, const char *place, int *fd)
{
	struct stat st;

	if (mkdirat(at, name, 0700) != 0 && errno != EEXIST) {
		message(place, "%s", reason(errno));
		return EXIT_FATAL;
	}
	*fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*fd < 0) {
		int code = errno;

		/* O_DIRECTORY reports a link as "not a directory". */
		if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
			code = ELOOP;
		message(place, "%s", reason(code));
		return EXIT_FATAL;
	}
	if (fstat(*fd, &st) != 0 || (st.st_mode & (S_IWGRP | S_IWOTH))) {
		message(place, "group or others may write into the folder; remove that right (chmod go-w) or choose another");
		return EXIT_FATAL;
	}
	return EXIT_DONE;
}

/* Made by the library's file sinks: ".datenbrief-", 16 hexadecimal digits, ".tmp". */
static bool is_temporary(const char *name)
{
	return strncmp(name, ".datenbrief-", 12) == 0 && strspn(name + 12, "0123456789abcdef") == 16 &&
	    strcmp(name + 28, ".tmp") == 0;
}

/* The files of a folder, whose descriptor stays open; NULL when it cannot be read. */
static DIR *list_files(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	if (!dir && fd >= 0)
		(void)close(fd);
	return dir;
}

/* A run that was killed may have left half a letter. The lock is ours, so nobody is writing it any more. */
static void remove_leftovers(int folder)
{
	DIR *dir = list_files(folder);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (is_temporary(entry->d_name))
			(void)unlinkat(folder, entry->d_name, 0);
	if (dir)
		(void)closedir(dir);
}

/* Is it CODE.pdf of one of the codes? */
static bool is_letter_of(const char *name, const struct idset *codes)
{
	char code[DBRIEF_CASE_CODE_SIZE];
	size_t len = strlen(name);

	if (len < 4 || len - 4 >= sizeof(code) || strcmp(name + len - 4, ".pdf") != 0)
		return false;
	memcpy(code, name, len - 4);
	code[len - 4] = '\0';
	return idset_has(codes, code);
}

size_t folder_strangers(const struct folder *folder, const struct idset *codes)
{
	DIR *dir = list_files(folder->letters);
	const struct dirent *entry;
	size_t n = 0;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && !is_letter_of(entry->d_name, codes))
			n++;
	if (dir)
		(void)closedir(dir);
	return n;
}

static int lock(int fd, const char *path)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return EXIT_DONE;
	if (errno == EWOULDBLOCK) {
		message(path, "another run is at work in this folder; wait for it or choose another");
		return EXIT_FENCED;
	}
	message(path, "the folder cannot be locked; choose one on another file system");
	return EXIT_FATAL;
}

int folder_open(struct folder *folder, const char *path)
{
	int code;

	folder->path = path;
	folder->fd = folder->letters = -1;
	code = open_private(AT_FDCWD, path, path, &folder->fd);
	if (code == EXIT_DONE)
		code = lock(folder->fd, path);
	if (code == EXIT_DONE)
		code = open_private(folder->fd, "letters", path, &folder->letters);
	if (code != EXIT_DONE) {
		folder_close(folder);
		return code;
	}
	remove_leftovers(folder->fd);
	remove_leftovers(folder->letters);
	return EXIT_DONE;
}

void folder_close(struct folder *folder)
{
	if (folder->letters >= 0)
		(void)close(folder->letters);
	if (folder->fd >= 0)
		(void)close(folder->fd);
	folder->fd = folder->letters = -1;
}

char *folder_file(const struct folder *folder, const char *name)
{
	size_t size = strlen(folder->path) + strlen(name) + 2;
	char *path = malloc(size);

	if (path)
		(void)snprintf(path, size, "%s/%s", folder->path, name);
	return path;
}

char *folder_letter(const struct folder *folder, const char *code)
{
	char name[sizeof("letters/.pdf") + DBRIEF_CASE_CODE_SIZE];

	(void)snprintf(name, sizeof(name), "letters/%.*s.pdf", DBRIEF_CASE_CODE_SIZE, code);
	return folder_file(folder, name);
}

void folder_remove_letter(const struct folder *folder, const char *code)
{
	char name[sizeof(".pdf") + DBRIEF_CASE_CODE_SIZE];

	(void)snprintf(name, sizeof(name), "%.*s.pdf", DBRIEF_CASE_CODE_SIZE, code);
	(void)unlinkat(folder->letters, name, 0);
}
