/* SPDX-License-Identifier: MIT */
/* The progress bar fits its terminal and says what is so. */
#include "../../tools/progress.h"
#include "../unit/tap.h"

static void line_is(size_t done, size_t total, size_t held, int64_t ms, int width, const char *want, const char *what)
{
	struct progress p = { .kind = PROGRESS_BAR, .total = total, .done = done, .held = held };
	char line[512];

	progress_line(&p, ms, width, line, sizeof(line));
	IS(line, want, what);
}

int main(void)
{
	line_is(0, 10, 0, 0, 60, "[..............................] 0/10   0%  0.0/s  ETA -:--", "at the start");
	line_is(5, 10, 0, 1000, 60, "[###############...............] 5/10  50%  5.0/s  ETA 0:01", "in the middle");
	line_is(10, 10, 2, 4000, 120, "[########################################] 10/10 100%  2.5/s  ETA 0:00  2 held", "at the end");
	line_is(50000, 1000000, 0, 100000, 80, "[#.....................................] 50000/1000000   5%  500.0/s  ETA 31:40",
	    "large numbers");
	line_is(1, 7200, 0, 1000, 40, "[.....] 1/7200   0%  1.0/s  ETA 1:59:59", "little room");
	line_is(1, 7200, 0, 1000, 38, "1/7200   0%  1.0/s  ETA 1:59:59", "no room for a bar");
	line_is(1, 7200, 0, 1000, 20, "1/7200   0%  1.0/s ", "hardly any room");
	line_is(0, 0, 0, 5, 60, "[###############################] 0/0 100%  0.0/s  ETA -:--", "nothing to do");
	for (int width = 2; width < 200; width++) {
		struct progress p = { .kind = PROGRESS_BAR, .total = 1000000, .done = 999999, .held = 12345 };
		char line[512];

		progress_line(&p, 3600000, width, line, sizeof(line));
		if (strlen(line) >= (size_t)width)
			OK(0, "a line is shorter than its terminal is wide");
	}
	return tap_done();
}
