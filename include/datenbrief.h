/* SPDX-License-Identifier: MIT */
/*
 * libdatenbrief: gather what is stored about a person, print it as a letter.
 *
 * This header brings in the whole public API except sys/, whose headers carry
 * a weaker promise (they may change in a minor release).
 */
#ifndef DATENBRIEF_H
#define DATENBRIEF_H

#include <datenbrief/version.h>
#include <datenbrief/error.h>
#include <datenbrief/connector.h>
#include <datenbrief/engine.h>
#include <datenbrief/model.h>
#include <datenbrief/template.h>
#include <datenbrief/sink.h>
#include <datenbrief/letter.h>
#include <datenbrief/lot.h>
#include <datenbrief/check.h>
#include <datenbrief/item.h>
#include <datenbrief/batch.h>
#include <datenbrief/run.h>
#include <datenbrief/release.h>
#include <datenbrief/schema.h>

#endif
