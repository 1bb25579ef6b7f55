/* SPDX-License-Identifier: MIT */
/* The output folder of a run: private, held by one run at a time. */
#ifndef FOLDER_H
#define FOLDER_H

#include "idset.h"

struct folder {
	const char *path;  /* as given; borrowed */
	int fd;            /* of the folder, locked */
	int letters;       /* of letters/ */
};

/* An exit code, with the message printed when it is not EXIT_DONE. */
int folder_open(struct folder *folder, const char *path);
void folder_close(struct folder *folder);
/* "PATH/letters/CASE.pdf", in memory of its own; NULL when out of memory. */
char *folder_letter(const struct folder *folder, const char *code);
char *folder_file(const struct folder *folder, const char *name);
/* How many files of letters/, hidden ones aside, belong to none of the case codes. */
size_t folder_strangers(const struct folder *folder, const struct idset *codes);
/* A letter of an earlier run must not stand beside a held.csv that names it. */
void folder_remove_letter(const struct folder *folder, const char *code);

#endif
