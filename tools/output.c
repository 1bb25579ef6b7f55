/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli.h"

/* A pipe or device cannot be replaced by a finished file, only written to. */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static int open_stdout(struct output *output, bool is_pdf, struct dbrief_error *err)
{
	if (is_pdf && isatty(STDOUT_FILENO))
		return dbrief_error_set(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "standard output",
		    "a PDF does not belong on a terminal; give -o FILE, or --stop-after=layout for text");
	return dbrief_sink_init_fd(&output->sink, STDOUT_FILENO, err);
}

static int open_device(struct output *output, const char *path, struct dbrief_error *err)
{
	output->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (output->fd >= 0)
		return dbrief_sink_init_fd(&output->sink, output->fd, err);
	return dbrief_error_set(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, path,
	    errno == EACCES ? "no permission to write; choose another output" :
	    "cannot be written to; choose another output");
}

int output_open(struct output *output, const char *path, bool is_pdf)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	int status;

	memset(output, 0, sizeof(*output));
	output->fd = -1;
	if (!path || strcmp(path, "-") == 0)
		status = open_stdout(output, is_pdf, &err);
	else if (is_special(path))
		status = open_device(output, path, &err);
	else
		status = dbrief_sink_init_file(&output->sink, path, &err);
	if (status != DBRIEF_OK)
		return report(&err);
	output->open = true;
	return EXIT_DONE;
}

int output_close(struct output *output, int code)
{
	if (output->open)
		dbrief_sink_dispose(&output->sink);
	output->open = false;
	if (output->fd < 0)
		return code;
	if (close(output->fd) != 0 && code == EXIT_DONE) {
		message("output", "could not be written to its end; check the device");
		code = EXIT_FATAL;
	}
	output->fd = -1;
	return code;
}
