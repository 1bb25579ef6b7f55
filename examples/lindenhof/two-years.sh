#!/bin/sh
# SPDX-License-Identifier: MIT
# Two years of the sample company with a ledger: the letters of the second say what has changed, and who is the same gets
# the short one. two-years.sh PROGRAM DATABASE FOLDER
set -eu
program=$1 database=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
umask 077
mkdir "$out"
cp "$database" "$out/crm.db"
head -c 32 /dev/urandom >"$out/ledger.key"

# The register says what is kept for that.
sed "s|des Jahres vermerkt|&, dazu Prüfwerte, an denen wir Änderungen erkennen|" "$here/register.xml" >"$out/register.xml"

# The configuration with a ledger, and short letters for those of whom nothing has changed. They stand before the others. Who
# wishes large print gets the whole letter in any case, since the short one comes in no other size.
awk '
/<template / && !done {
	same = "changes[@new + @changed + @gone = 0] and sources/@complete = sources/@total"
	wish = "collections/collection[@name=\047customer\047]/record/field[@name=\047letter_wish\047]/@value"
	print "  <ledger file=\"ledger.db\" key-file=\"ledger.key\"/>"
	print "  <template href=\"../../templates/standard/short-plain.xml\" mode=\"yearly\" when=\"" same " and " wish " = \047E\047\"/>"
	print "  <template href=\"../../templates/standard/short-de.xml\" mode=\"yearly\" when=\"" same " and not(" wish ")\"/>"
	done = 1
}
{ print }' "$here/datenbrief.xml" | sed "s|\"\.\./\.\./|\"$here/../../|" >"$out/datenbrief.xml"

yearly() { # yearly YEAR: its letters; 1 is no failure, since some customers are there to be held
	code=0
	"$program" run -c "$out/datenbrief.xml" -o "$out/$1" --date "$1-11-23" || code=$?
	[ "$code" -le 1 ] || exit "$code"
}
yearly 2026
sqlite3 "$out/crm.db" <"$here/second-year.sql"
yearly 2027
cat <<TEXT

The letters of both years:  $(cd "$out" && pwd)/2026/letters, $(cd "$out" && pwd)/2027/letters
Three customers got a whole letter in 2027 with what is new, changed or gone, see second-year.sql; so did one whose first it
is, and two who wish large print. All others got the short one. What ledger.db keeps for that are hashes under ledger.key.
TEXT
