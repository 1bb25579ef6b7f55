/* SPDX-License-Identifier: MIT */
/*
 * What a program that calls libharu directly would do with the same lines of
 * text: the measure that the library is compared with. The lines are already
 * broken and placed, so the peer does no layout at all.
 */
#ifndef BENCH_PEER_HARU_H
#define BENCH_PEER_HARU_H

#include <stddef.h>
#include <stdbool.h>

struct peer_line {
	unsigned page;
	float x, y, size;      /* pt, origin at the bottom left */
	bool bold;
	const char *utf8;      /* one line of text in one font */
	const char *cp1252;    /* the same for the base-14 fonts; '?' where that charset has nothing */
};
struct peer_rule { unsigned page; float x1, y1, x2, y2, width; };

struct peer_letter {
	unsigned n_pages;
	float width, height;
	const struct peer_line *lines; size_t n_lines;
	const struct peer_rule *rules; size_t n_rules;
};

/* Draws the letter into memory; returns the number of bytes, 0 on failure. */
size_t peer_haru_helvetica(const struct peer_letter *letter);
size_t peer_haru_truetype(const struct peer_letter *letter, const char *regular_path, const char *bold_path);

#endif
