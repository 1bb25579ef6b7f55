# SPDX-License-Identifier: MIT
# Sourced by the tests of the program: a fresh folder with the fixture shop, and TAP.
set -u
# Signals that whoever started the tests ignores (nohup does, and a shell for what runs behind it) are not ignored here.
if [ -z "${signals_are_default:-}" ] && env --default-signal true 2>/dev/null; then
	exec env --default-signal signals_are_default=1 bash "$0" "$@"
fi
unset signals_are_default
export LC_ALL=C
name=$(basename "$0" .sh)
src=$(cd "${srcdir:-.}" && pwd)
top=$(pwd)
work="$top/tests/${suite:-cli}/$name.dir"
datenbrief=${DATENBRIEF:-$top/datenbrief}
export DATENBRIEF_TEMPLATES=$src/templates
if [ -n "$(find "$work" -maxdepth 0 2>/dev/null)" ]; then rm -rf "$work"; fi
mkdir -p "$work" && cd "$work" || exit 99
umask 022
count=0
failed=0

skip_all() { echo "1..0 # SKIP $1"; exit 0; }
command -v python3 >/dev/null || skip_all "python3 makes the databases"

# Makes a database from SQL on standard input.
database() {
	python3 -c 'import sqlite3, sys
c = sqlite3.connect(sys.argv[1]); c.executescript(sys.stdin.read()); c.commit()' "$1"
}
fixture() {
	cp "$src/tests/fixture/datenbrief.xml" "$src/tests/fixture/register.xml" "$src/tests/fixture/letter.xml" \
		"$src/tests/fixture/ready.xml" .
	rm -f shop.db
	database shop.db < "$src/tests/fixture/shop.sql"
}
# edit FILE OLD NEW: replaces a text that must be there.
edit() {
	python3 -c 'import sys
p, a, b = sys.argv[1:]
s = open(p, encoding="utf-8").read()
assert a in s, "fixture text not found: " + a
open(p, "w", encoding="utf-8").write(s.replace(a, b))' "$@" || exit 99
}
ok() { # ok WHAT: by the status of the command before
	local good=$?
	count=$((count + 1))
	if [ $good -eq 0 ]; then echo "ok $count - $1"; else
		echo "not ok $count - $1"
		failed=$((failed + 1))
		[ -f stderr ] && sed 's/^/# stderr: /' stderr
	fi
}
is() { # is GOT WANT WHAT
	count=$((count + 1))
	if [ "$1" = "$2" ]; then echo "ok $count - $3"; else
		echo "not ok $count - $3"
		echo "# got:  $1" | head -5
		echo "# want: $2" | head -5
		failed=$((failed + 1))
		[ -f stderr ] && sed 's/^/# stderr: /' stderr
	fi
	return 0
}
skip() { count=$((count + 1)); echo "ok $count - $1 # SKIP $2"; }
# Runs the program: $code, files stdout and stderr.
run() {
	"$datenbrief" "$@" >stdout 2>stderr </dev/null
	code=$?
}
# fails CODE TEXT WHAT ARGUMENTS...: exit code, one line on stderr that holds TEXT, nothing on stdout.
fails() {
	local want=$1 text=$2 what=$3
	shift 3
	run "$@"
	is "$code" "$want" "$what: exit status $want"
	is "$(wc -l <stderr)" 1 "$what: one line on standard error"
	grep -q "^datenbrief: " stderr && grep -qF -- "$text" stderr
	ok "$what: says \"$text\""
	is "$(wc -c <stdout)" 0 "$what: nothing on standard output"
}
no_file() { [ -z "$(find . -name "$1" 2>/dev/null)" ]; ok "$2"; }
done_testing() { echo "1..$count"; [ $failed -eq 0 ]; exit $?; }
