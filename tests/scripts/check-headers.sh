#!/bin/bash
# SPDX-License-Identifier: MIT
# Each public header compiles alone, as pedantic C11 and as C++, and includes
# neither config.h nor a third party's header.
set -u
src=${srcdir:-$(dirname "$0")/../..}
count=0
failed=0

report() { # good name [details]
	count=$((count + 1))
	if [ "$1" = yes ]; then
		echo "ok $count - $2"
	else
		failed=1
		echo "not ok $count - $2"
		[ -n "${3:-}" ] && printf '%s\n' "$3" | sed 's/^/# /'
	fi
}

work=$(mktemp -d ./check-headers.XXXXXX) || exit 99
trap 'rm -rf "$work"' EXIT

# include folder, header, compiler, language, standard
compile() {
	printf '#include <%s>\n#include <%s>\nint datenbrief_headertest;\n' "$2" "$2" >"$work/test.$4"
	"$3" -x "$4" "-std=$5" -Wall -Wextra -pedantic-errors -Werror -fsyntax-only -I "$1" "$work/test.$4" 2>&1
}

# Anything but our own and the plain headers of C.
foreign() { grep -nE '^[[:space:]]*#[[:space:]]*include' "$1" | grep -vE '<(stddef|stdint|stdbool)\.h>|<datenbrief(/[a-z/]+)?\.h>'; }

headers() { (cd "$1" && ls datenbrief.h datenbrief/*.h datenbrief/sys/*.h 2>/dev/null); }

for header in $(headers "$src/include"); do
	out=$(foreign "$src/include/$header")
	report "$([ -z "$out" ] && echo yes)" "$header includes only our own headers" "$out"
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		out=$(compile "$src/include" "$header" $compiler c c11)
		report "$([ -z "$out" ] && echo yes)" "$header compiles alone as C11 ($compiler)" "$out"
	done
	for compiler in g++ clang++; do
		command -v $compiler >/dev/null || continue
		out=$(compile "$src/include" "$header" $compiler c++ c++11)
		report "$([ -z "$out" ] && echo yes)" "$header compiles alone as C++ ($compiler)" "$out"
	done
done
report "$([ "$count" -gt 8 ] && echo yes)" "headers were found"

# ---- planted breaches must be found ----
mkdir -p "$work/datenbrief"
plant() { # text breach-in-C breach-in-includes name
	printf '%s\n' "$1" >"$work/datenbrief/planted.h"
	command -v gcc >/dev/null || return 0
	out=$(compile "$work" datenbrief/planted.h gcc c c11)
	report "$([ -n "$out" ] && found=yes || found=no; [ $found = "$2" ] && echo yes)" "$4: compiler" "$out"
	out=$(foreign "$work/datenbrief/planted.h")
	report "$([ -n "$out" ] && found=yes || found=no; [ $found = "$3" ] && echo yes)" "$4: includes" "$out"
}
plant 'extern int dbrief_a;' no no "allowed: a declaration"
plant 'size_t dbrief_a(void);' yes no "found: a type without its header"
plant 'struct dbrief_a { int a; };' yes no "found: no guard against a second include"
plant '#include "config.h"
extern int dbrief_a;' yes yes "found: config.h"
plant '#include <stdio.h>
extern int dbrief_a;' no yes "found: a header nobody needs"
plant 'extern int dbrief_a[({ 1; })];' yes no "found: an extension of GNU C"
if command -v g++ >/dev/null; then
	printf '#ifndef A\n#define A\nextern int class;\n#endif\n' >"$work/datenbrief/planted.h"
	out=$(compile "$work" datenbrief/planted.h g++ c++ c++11)
	report "$([ -n "$out" ] && echo yes)" "found: a word of C++"
fi
echo "1..$count"
exit $failed
