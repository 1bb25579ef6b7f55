/* SPDX-License-Identifier: MIT */
/*
 * Where the time of a letter goes: a stack of stages, each charged with the
 * time in which it is on top. The inner stages are calls of the library that
 * the linker redirects here (--wrap), so that the library itself carries no
 * clock.
 */
#ifndef BENCH_STAGES_H
#define BENCH_STAGES_H

#include <stdint.h>
#include <stdbool.h>

enum stage { STAGE_TEMPLATE, STAGE_LAYOUT, STAGE_SHAPING, STAGE_CONTENT, STAGE_FONTS, STAGE_TAGS, STAGE_XML, STAGE_COMPRESS,
	STAGE_SAVE, STAGE_COUNT };
extern const char *const stage_names[STAGE_COUNT];

/* Off by default: then entering and leaving cost a comparison. One thread. */
void stages_start(void);
void stages_stop(int64_t ns[STAGE_COUNT]);
int stage_enter(enum stage stage);   /* returns what stage_leave wants back */
void stage_leave(int previous);

int64_t clock_cpu(void);             /* of the process, ns */
int64_t clock_wall(void);

#endif
