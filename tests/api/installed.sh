# SPDX-License-Identifier: MIT
# What is installed is enough: pkg-config alone builds a program against it, and the program makes a letter.
. "${srcdir:-.}/tests/cli/common.sh"
command -v "${PKG_CONFIG:-pkg-config}" >/dev/null || skip_all "no pkg-config"
fixture
unset MAKEFLAGS MFLAGS MAKELEVEL
dest="$work/root"

(cd "$top" && make -s install DESTDIR="$dest") >install.log 2>&1
ok "make install DESTDIR succeeds"
pc=$(find "$dest" -name libdatenbrief.pc)
[ -n "$pc" ]; ok "the pkg-config file is installed"
lib=$(dirname "$(dirname "$pc")")
program=$(find "$dest" -type f -path '*/bin/datenbrief')
[ -x "$program" ]; ok "the program is installed"
[ -n "$(find "$dest" -name datenbrief.1)" ]; ok "its man page is installed"
is "$(find "$dest" -name '*.la' -o -name 'libdbi*' | grep -v libdatenbrief.la)" "" "nothing internal is installed"

cat >ten.c <<'C'
#include <stdio.h>
#include <datenbrief.h>

int main(int argc, char **argv)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbrief_sink sink;
	dbrief_engine *engine = NULL;
	dbrief_session *session = NULL;
	dbrief_template *tmpl = NULL;

	if (argc != 4 || dbrief_engine_load(&engine, argv[1], NULL, &err) || dbrief_engine_freeze(engine, &err) ||
	    dbrief_session_new(&session, engine, &err) || dbrief_template_load(&tmpl, engine, NULL, &err) ||
	    dbrief_sink_init_file(&sink, argv[3], &err) || dbrief_letter_create(session, tmpl, argv[2], &sink, NULL, &err)) {
		fprintf(stderr, "%s: %s\n", err.where, err.text);
		return 1;
	}
	dbrief_sink_dispose(&sink);
	dbrief_template_free(tmpl);
	dbrief_session_free(session);
	dbrief_engine_free(engine);
	return 0;
}
C
export PKG_CONFIG_SYSROOT_DIR="$dest" PKG_CONFIG_PATH="$lib/pkgconfig"
flags=$("${PKG_CONFIG:-pkg-config}" --cflags --libs libdatenbrief)
ok "pkg-config knows it"
# shellcheck disable=SC2086
${CC:-cc} ${SAN_FLAGS:-} -std=c11 -Wall -Wextra -Wpedantic -Werror ten.c -o ten $flags 2>stderr
ok "a program compiles and links with pkg-config alone"
LD_LIBRARY_PATH="$lib" ./ten datenbrief.xml 1001 ten.pdf 2>stderr
ok "it makes a letter"
is "$(head -c 5 ten.pdf)" "%PDF-" "the letter is a PDF"
LD_LIBRARY_PATH="$lib" ./ten datenbrief.xml 4711 none.pdf 2>stderr
is $? 1 "it learns why another one is held"
no_file none.pdf "and no file is left"
LD_LIBRARY_PATH="$lib" "$program" letter -c datenbrief.xml 1001 -o cli.pdf 2>stderr
ok "the installed program makes a letter, too"
done_testing
