#!/bin/bash
# SPDX-License-Identifier: MIT
# The shared library exports what the public headers declare and nothing else,
# and every global symbol inside begins with dbi_ or dbrief_.
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

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# Sanitizers and the compiler add names with two underscores.
exported() { nm -D --defined-only "$1" | awk '{ print $NF }' | sed 's/@.*//' | grep -Ev '^(__|DATENBRIEF_[0-9]|_init$|_fini$)' | sort -u; }
globals() { nm -g --defined-only "$1" 2>/dev/null | awk 'NF == 3 && $2 ~ /[A-Z]/ { print $3 }' | grep -v '^__' | sort -u; }
# DBRIEF_API declarations can go over lines: one line each first, comments away.
declared() {
	cat "$1"/datenbrief.h "$1"/datenbrief/*.h "$1"/datenbrief/sys/*.h 2>/dev/null | tr '\n\t' '  ' | sed 's|/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/||g' |
		tr ';' '\n' | sed -n 's/.*DBRIEF_API[^(]*[ *]\(dbrief_[a-z0-9_]*\) *(.*/\1/p' | sort -u
}
strangers() { grep -Ev '^(dbi|dbrief)_'; }

command -v nm >/dev/null || skip_all "nm is not installed"
so=.libs/libdatenbrief.so
inner=$(ls .libs/libdbi.a libdbi.a 2>/dev/null | head -1)
[ -f "$so" ] || skip_all "the shared library is not built"

work=$(mktemp -d ./check-exports.XXXXXX) || exit 99
trap 'rm -rf "$work"' EXIT
exported "$so" >"$work/exported"
declared "$src/include" >"$work/declared"
[ -s "$work/exported" ] && [ -s "$work/declared" ]
report "$([ -s "$work/exported" ] && [ -s "$work/declared" ] && echo yes)" "names of headers and library can be read"

other=$(grep -v '^dbrief_' "$work/exported")
report "$([ -z "$other" ] && echo yes)" "only names with dbrief_ are exported" "$other"
hidden=$(comm -13 "$work/exported" "$work/declared")
report "$([ -z "$hidden" ] && echo yes)" "every declared function is exported" "$hidden"
undeclared=$(comm -23 "$work/exported" "$work/declared")
report "$([ -z "$undeclared" ] && echo yes)" "every exported function is declared in a public header" "$undeclared"
if [ -n "$inner" ]; then
	bad=$(globals "$inner" | strangers)
	report "$([ -z "$bad" ] && echo yes)" "every global symbol inside begins with dbi_ or dbrief_" "$bad"
fi

# ---- breaches planted in a library of our own must be found ----
CC=${CC:-cc}
mkdir -p "$work/include/datenbrief"
cat >"$work/include/datenbrief.h" <<'H'
/* DBRIEF_API int dbrief_in_a_comment(void); */
#define DBRIEF_API
DBRIEF_API const char *dbrief_known(int a,
    int b);
DBRIEF_API void dbrief_lost(void);
H
cat >"$work/a.c" <<'C'
const char *dbrief_known(int a, int b) { return a > b ? "" : "x"; }
void dbrief_secret(void) { }
int stranger;
int dbi_inner(void) { return stranger; }
C
if $CC -shared -fPIC -o "$work/a.so" "$work/a.c" 2>/dev/null && $CC -c -o "$work/a.o" "$work/a.c" 2>/dev/null; then
	exported "$work/a.so" >"$work/exported"
	declared "$work/include" >"$work/declared"
	[ "$(tr '\n' ' ' <"$work/declared")" = "dbrief_known dbrief_lost " ]
	report "$([ $? = 0 ] && echo yes)" "declarations over two lines are read, comments are not" "$(cat "$work/declared")"
	[ "$(grep -v '^dbrief_' "$work/exported" | tr '\n' ' ')" = "dbi_inner stranger " ]
	report "$([ $? = 0 ] && echo yes)" "found: exports without dbrief_"
	[ "$(comm -13 "$work/exported" "$work/declared")" = dbrief_lost ]
	report "$([ $? = 0 ] && echo yes)" "found: a declared function that is not exported"
	[ "$(comm -23 "$work/exported" "$work/declared" | grep '^dbrief_')" = dbrief_secret ]
	report "$([ $? = 0 ] && echo yes)" "found: an exported function that is not declared"
	[ "$(globals "$work/a.o" | strangers)" = stranger ]
	report "$([ $? = 0 ] && echo yes)" "found: a global symbol without prefix"
else
	count=$((count + 1))
	echo "ok $count - planted breaches # SKIP no working C compiler"
fi
echo "1..$count"
exit $failed
