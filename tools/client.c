/* SPDX-License-Identifier: MIT */
#include <string.h>
#include "cli.h"

int stage_of(const char *name)
{
	if (!name || strcmp(name, "pdf") == 0)
		return DBRIEF_STAGE_PDF;
	if (strcmp(name, "model") == 0)
		return DBRIEF_STAGE_MODEL;
	return strcmp(name, "letter") == 0 ? DBRIEF_STAGE_LETTER : DBRIEF_STAGE_LAYOUT;
}

static int load(struct client *client, const struct client_opts *opts, const char *const *delivery, struct dbrief_error *err)
{
	struct dbrief_engine_opts o = DBRIEF_ENGINE_OPTS_INIT;
	int status;

	o.source_urls = opts->sources;
	o.n_source_urls = opts->n_sources;
	o.date = opts->date;
	o.mode = opts->mode;
	o.form = delivery[0];
	o.marks = delivery[1];
	o.profile = delivery[2];
	o.duplex = delivery[3];
	o.inserter = delivery[4];
	o.house_style = delivery[5];
	o.templates = templates_folder();
	status = opts->config ? dbrief_engine_load(&client->engine, opts->config, &o, err) :
	    dbrief_engine_new(&client->engine, &o, err);
	/* Mistakes in a template are found before any database is opened. */
	if (status == DBRIEF_OK && opts->config)
		status = dbrief_template_load(&client->tmpl, client->engine, NULL, err);
	if (status == DBRIEF_OK && opts->no_sources)
		return status;
	if (status == DBRIEF_OK)
		status = dbrief_engine_freeze(client->engine, err);
	if (status == DBRIEF_OK)
		status = dbrief_session_new(&client->session, client->engine, err);
	return status;
}

int client_open(struct client *client, const struct client_opts *opts)
{
	static const char *const nothing_said[6];

	return client_open_delivery(client, opts, nothing_said);
}

int client_open_delivery(struct client *client, const struct client_opts *opts, const char *const *delivery)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	memset(client, 0, sizeof(*client));
	if (load(client, opts, delivery, &err) == DBRIEF_OK)
		return EXIT_DONE;
	client_close(client);
	return report_end(&err);
}

void client_close(struct client *client)
{
	dbrief_session_free(client->session);
	dbrief_template_free(client->tmpl);
	dbrief_engine_free(client->engine);
	memset(client, 0, sizeof(*client));
}
