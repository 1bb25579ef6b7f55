/* SPDX-License-Identifier: MIT */
/* What every floor may need to know of its surroundings; owned by the engine. */
#ifndef DBI_ENV_H
#define DBI_ENV_H

#include "util/number.h"

enum dbi_mode { DBI_MODE_YEARLY, DBI_MODE_REQUEST };

struct dbi_env {
	struct dbi_date date; /* of the letter; the only clock there is */
	enum dbi_mode mode;
};

#endif
