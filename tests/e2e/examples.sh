# SPDX-License-Identifier: MIT
# The example programs and the ready letter do what their comments say.
set -u
src=${srcdir:-.}
dir=tests/e2e/examples.dir
n=0 bad=0
check() { # WHAT COMMAND...
	what=$1
	shift
	n=$((n + 1))
	if "$@" >"$dir/said" 2>&1; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		sed 's/^/# /' "$dir/said"
		bad=1
	fi
}
is_pdf() { [ "$(head -c 5 "$1")" = "%PDF-" ]; }
fails() { ! "$@"; }

rm -rf "$dir" && mkdir -p "$dir"
sed '1,/^```c$/d; /^```$/,$d' "$src/README.md" >"$dir/listing.c"
sed 1d "$src/examples/ten-lines.c" >"$dir/ten-lines.c"
check "README.md shows ten-lines.c as it is" cmp "$dir/listing.c" "$dir/ten-lines.c"
host=$src/examples/host_connector.xml
check "host_connector makes a letter" ./examples/host_connector "$host" 4711 "$dir/host.pdf"
check "and it is a PDF" is_pdf "$dir/host.pdf"
check "somebody unknown gets none" fails ./examples/host_connector "$host" 9999 "$dir/none.pdf"
check "and nothing is left" fails test -e "$dir/none.pdf"
check "ten-lines says that the connector is missing" fails ./examples/ten-lines "$host" 4711 "$dir/ten.pdf"
check "the ready letter is rendered" ./datenbrief render-letter "$src/examples/mail-merge/letter.xml" -o "$dir/merge.pdf"
check "and it is a PDF, too" is_pdf "$dir/merge.pdf"
if command -v sqlite3 >/dev/null; then
	cat "$src/examples/lindenhof/schema.sql" "$src/examples/lindenhof/data.sql" | sqlite3 "$dir/crm.db"
	sed "s#url=\"sqlite:crm.db\"#url=\"sqlite:$PWD/$dir/crm.db\"#; s#href=\"\\.\\./\\.\\./#href=\"$(cd "$src" && pwd)/#" \
		"$src/examples/lindenhof/datenbrief.xml" >"$dir/datenbrief.xml"
	cp "$src/examples/lindenhof/register.xml" "$dir/"
	check "ten-lines makes a letter" ./examples/ten-lines "$dir/datenbrief.xml" K-100001 "$dir/ten.pdf"
	check "which is a PDF" is_pdf "$dir/ten.pdf"
	check "two years of the sample company" sh "$src/examples/lindenhof/two-years.sh" ./datenbrief "$dir/crm.db" "$dir/two"
	long=$(python3 -c 'import csv, sys
print(sum(int(r["pages"]) > 2 for r in csv.DictReader(open(sys.argv[1]))))' "$dir/two/2027/manifest.csv")
	check "six customers have a whole letter in the second year, the others two pages" test "$long" = 6
else
	echo "ok $((n += 1)) - ten-lines makes a letter # SKIP sqlite3 is not installed"
	echo "ok $((n += 1)) - two years of the sample company # SKIP sqlite3 is not installed"
fi
echo "1..$n"
exit $bad
