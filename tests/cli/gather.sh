# SPDX-License-Identifier: MIT
# What holds a letter, what is named in it, and what ends the run: sources and data that are not as they should be.
. "${srcdir:-.}/tests/cli/common.sh"
fixture
letter() { run letter -c datenbrief.xml "$@"; }

# ---- a source that is away ----

second() { # second ATTRIBUTES: a second source with the customer's visits
	edit datenbrief.xml '  <subject>' "  <source id=\"web\" type=\"sqlite\" url=\"sqlite:web.db\" label=\"Webseite\" $1>
    <records name=\"visits\" label=\"Besuche\" activity=\"contract\" subject-key=\"customer_no\">
      <query>SELECT customer_no, page FROM visit WHERE customer_no = :subject</query>
      <field name=\"page\" label=\"Seite\" type=\"text\"/>
    </records>
  </source>
  <subject>"
}
second ''
fails 2 "web.db" "a required database that is not there" letter -c datenbrief.xml 1001 --stop-after model
fixture
second 'optional="yes"'
letter 1001 --stop-after model
is "$code" 0 "without an optional database the letter goes on"
grep -q 'id="web".*status="failed"' stdout; ok "and names the source"
echo "this is no database, and long enough to be one if it were" >web.db
letter 1001 --stop-after model
is "$code" 0 "so it does when the file is no database"
grep -q 'id="web".*status="failed"' stdout; ok "and names the source, too"
rm web.db
database web.db <<<'CREATE TABLE visit (customer_no INTEGER, page TEXT); INSERT INTO visit VALUES (1001, "start")'
letter 1001 --stop-after model
grep -q 'sources total="2" complete="2"' stdout; ok "a database that is there is asked"

# ---- pictures ----

fixture
edit letter.xml '<p>diese Angaben speichern wir über Sie.</p>' \
	'<p>diese Angaben speichern wir über Sie. <img src="{subject/line[2]}.png" alt="Wappen" width="10mm"/></p>'
fails 1 "34117 Kassel.png" "a picture that is named by the data and not there" letter -c datenbrief.xml 1001 -o x.pdf
edit letter.xml '{subject/line[2]}.png' 'logo.png'
fails 2 "logo.png" "a picture of the template that is not there" letter -c datenbrief.xml 1001 -o x.pdf
no_file x.pdf "no letter is made"

# ---- charsets ----

charset() { # charset HEX: the name of customer 1001, as bytes that the database takes for text
	fixture
	database shop.db <<<"UPDATE customer SET name = CAST(x'$1' AS TEXT) WHERE customer_no = 1001"
}
charset 4DFC6C6C6572
fails 1 "source shop / records person / record 1 / field name: a malformed sequence in UTF-8 text at byte 1" "bytes that are no text" \
	letter -c datenbrief.xml 1001 -o x.pdf
edit datenbrief.xml '<field name="name" label="Name" type="text"/>' '<field name="name" label="Name" type="text" charset="ISO-8859-1"/>'
letter 1001 --stop-after model
grep -q '>Müller<' stdout; ok "a field may have a charset of its own"
edit datenbrief.xml ' charset="ISO-8859-1"' ' bad-bytes="replace"'
letter 1001 --stop-after model
grep -q '>M�ller<' stdout && grep -q 'id="shop".*records="3" replaced="1"' stdout; ok "bad bytes are replaced where that is allowed, and counted"
charset 4D4DC3834D
edit datenbrief.xml 'type="sqlite" url' 'type="sqlite" bad-bytes="replace" url'
letter 1001 --stop-after model
is "$(grep -c 'replaced=' stdout)" 0 "a policy alone replaces nothing"
charset 410142
fails 1 "a control character in UTF-8 text at byte 1" "a control character" letter -c datenbrief.xml 1001 -o x.pdf
edit datenbrief.xml 'type="sqlite" url' 'type="sqlite" controls="drop" url'
letter 1001 --stop-after model
grep -q '>AB<' stdout && grep -q 'replaced="1"' stdout; ok "control characters are left out where that is allowed"
charset 4100FF42
edit datenbrief.xml 'type="sqlite" url' 'type="sqlite" controls="drop" url'
fails 1 "at byte 2" "which is not to say other bytes are" letter -c datenbrief.xml 1001 -o x.pdf
charset 4DC383C2BC6C6C6572
letter 1001 --stop-after model
grep -q 'suspect="1"' stdout; ok "text that looks as if decoded twice is counted"
run check -c datenbrief.xml --json
is "$(python3 -c 'import json
for f in json.load(open("stdout"))["findings"]:
    if f["rule"] == "charset": print(f["severity"], f["place"], f["text"])')" \
	'warning datenbrief.xml:20:7 source shop / records person / field name: 1 of 3 sampled values look as if read in a wrong charset (as "MÃ¼ller" does); set charset="..." of the source or field to that of its bytes, or repair the data' \
	"check counts such text in a sample, and shows no value"
charset 4D856C6C6572
edit datenbrief.xml '<field name="name" label="Name" type="text"/>' '<field name="name" label="Name" type="text" charset="ISO-8859-1"/>'
run check -c datenbrief.xml
is "$(grep -c 'charset: source shop / records person / field name: 3 of 3 .* wrong charset' stdout)" 1 "so it does with UTF-8 and C1 read as ISO-8859-1"
charset 4DFC6C6C6572
run check -c datenbrief.xml
is "$(grep -c 'charset: the data of 1 of 3 sampled customers cannot be gathered; the first: source shop / records person / record 1 / field name: a malformed' stdout)" 1 \
	"check says where sampled data hold a letter"
edit datenbrief.xml 'type="sqlite" url' 'type="sqlite" bad-bytes="replace" url'
run check -c datenbrief.xml
is "$(grep -c 'charset: source shop / records person / field name: 1 of 3 sampled values hold what is no text and was replaced' stdout)" 1 \
	"and counts what a policy replaces"
is "$(grep -c charset: stdout)" 1 "and says nothing else of the sample"
rm shop.db
run check -c datenbrief.xml
is "$(grep -c 'charset:' stdout) $(grep -c 'source shop was not compared' stdout)" "0 1" "a source that is away is not sampled, as is said"
charset 416E6E612020
letter 1001 --stop-after model
grep -q '>Anna  <' stdout; ok "blanks at the end are data"
edit datenbrief.xml '<field name="name" label="Name" type="text"/>' '<field name="name" label="Name" type="text" trim="end"/>'
letter 1001 --stop-after model
grep -q '>Anna<' stdout; ok "unless the field is declared as padded"

# ---- what is stored, but not printed ----

masked() { # masked ATTRIBUTES STORED SHOWN
	fixture
	database shop.db <<<"UPDATE customer SET street = '$2' WHERE customer_no = 1001"
	edit datenbrief.xml '<field name="street" label="Straße" type="text"/>' "<field name=\"street\" label=\"Straße\" type=\"text\" $1/>"
	edit datenbrief.xml "<line select=\"collections/collection[@name='person']/record/field[@name='street']\"/>" ''
	letter 1001 --stop-after model
	is "$(sed -n 's/.*<field name="street"[^>]*>\(.*\)<.*/\1/p' stdout)" "$3" "$1 shows $3"
	is "$(grep -cF -- "$2" stdout)" 0 "and the value nowhere"
	letter 1001 -o masked.pdf
	pdfdetach -saveall -o attached masked.pdf >/dev/null 2>&1
	is "$(cat attached/* | grep -c "collection")$(cat attached/* masked.pdf | grep -acF -- "$2")" "$(cat attached/* | grep -c "collection")0" "nor in the XML of the PDF"
	[ "$(cat attached/* | wc -c)" -gt 1000 ]; ok "which is there"
}
if command -v pdfdetach >/dev/null; then
	mkdir -p attached
	masked 'show="masked"' 'DE02120300000000202051' '••••••••••••••••••2051'
	masked 'show="masked" mask="iban"' 'DE02120300000000202051' 'DE••••••••••••••••2051'
	masked 'show="masked" mask="card"' '4111111111111111' '••••••••••••1111'
	masked 'show="masked" mask="email"' 'anna.beispiel@example.org' 'a••••@example.org'
	masked 'show="masked" mask="all"' 'anna.beispiel' '••••••••'
	masked 'show="masked" mask="2-2"' 'Beispiel-9' 'Be••••••-9'
	masked 'show="masked" mask="4-4"' 'short' '••••••••'
	masked 'sensitivity="secret"' '$argon2id$v=19$abcdefgh' 'gespeichert, nicht gedruckt'
	masked 'show="named" third-party="yes"' 'Nachbarin Erfunden' 'gespeichert, nicht gedruckt'
	masked 'show="masked" third-party="yes"' 'Nachbarin Erfunden' '••••••••••••••nden'
else
	skip "masks" "pdfdetach is not there"
fi
fixture
edit datenbrief.xml '<field name="street" label="Straße" type="text"/>' '<field name="street" label="Straße" type="text" sensitivity="secret" show="value"/>'
fails 2 "a secret is always named" "a secret that is to be printed" letter -c datenbrief.xml 1001 -o x.pdf
fixture
edit datenbrief.xml '<field name="street" label="Straße" type="text"/>' '<field name="street" label="Straße" type="text" mask="iban"/>'
fails 2 "mask belongs to" "a mask of a value that is shown" letter -c datenbrief.xml 1001 -o x.pdf

# ---- limits ----

limited() { # limited ATTRIBUTES TEXT
	fixture
	edit datenbrief.xml '  <source' "  <limits $1/>
  <source"
	fails 1 "$2" "$1" letter -c datenbrief.xml 1001 -o x.pdf
	grep -q "raise <limits" stderr; ok "and what to do"
	no_file x.pdf "no letter is made"
}
limited 'records="2"' "more than 2 records"
limited 'bytes="20"' "more than 20 bytes of text"
limited 'value="8"' "field name: is longer than 8 bytes"
fixture
edit datenbrief.xml '  <source' '  <limits records="3" bytes="1kB" value="100" pages="1"/>
  <source'
letter 1001 -o x.pdf
is "$code" 0 "limits that are kept"
python3 -c 'import sqlite3
c = sqlite3.connect("shop.db")
c.executemany("INSERT INTO orders VALUES (?, 1001, \"2025-01-01\", 1, 1)", [("B-%d" % i,) for i in range(100)]); c.commit()'
edit datenbrief.xml 'records="3" bytes="1kB"' 'records="1000"'
rm -f x.pdf
fails 1 "more than 1 pages" "a letter with too many pages" letter -c datenbrief.xml 1001 -o x.pdf
edit datenbrief.xml 'pages="1"' 'pages="100000"'
fails 2 "above what this build allows" "a limit beyond the library's" letter -c datenbrief.xml 1001 -o x.pdf
done_testing
