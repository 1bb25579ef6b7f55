# SPDX-License-Identifier: MIT
# CSV, JSON and XML: every charset, every way to write them, and what is damaged is refused with its place.
. "${srcdir:-.}/tests/connect/common.sh"
for kind in CSV JSON XML; do "$datenbrief" --version | grep -q "^$kind " || skip_all "this build has no connector for $kind"; done
cp "$src/tests/fixture/register.xml" "$src/tests/fixture/letter.xml" .

config() { # config TYPE RECORDS [SETTINGS] [ATTRIBUTES OF SOURCE]: datenbrief.xml
	{ sed -n '1,/<template/p' "$src/tests/fixture/datenbrief.xml"
	echo "<source id=\"shop\" type=\"$1\" url=\"$1:in.$1\" label=\"Shop\" ${4-}>${3-}<subjects>SELECT DISTINCT customer_no FROM person ORDER BY 1</subjects>$2</source>"
	echo "<subject><name select=\"'x'\"/><line select=\"'y'\"/></subject></datenbrief>"; } >datenbrief.xml
}
person='<records name="person" label="Daten" activity="contract" subject-key="customer_no">'
fields='<field name="customer_no" label="Nummer" type="text"/><field name="name" label="Name" type="text"/>'
# shows ID: name=value of every field of the model, one a line
shows() {
	run letter -c datenbrief.xml "$1" --stop-after model --date 2026-01-31
	[ "$code" = 0 ] || { echo "exit $code: $(cat stderr)"; return; }
	python3 - <<'PY'
import xml.etree.ElementTree as T
for f in T.parse("stdout").iter("{urn:datenbrief:model:1}field"):
    print(f.get("name"), "-" if f.get("empty") else repr(f.get("value") or f.text or f.get("bytes")), sep="=", end=" ")
PY
}
csv() { config csv "$person$fields</records>" "${1-}" "${2-}"; }

# ---- CSV as it is written ----

csv
printf 'customer_no,name\n1,Zoë\n' >in.csv
is "$(shows 1)" "customer_no='1' name='Zoë' " "CSV as simple as can be"
printf '\357\273\277customer_no,name\r\n1,"Zoë ""die\r\nGroße"", Beispiel"\r\n\r\n2,\r\n3,""\r\n' >in.csv
is "$(shows 1)" "customer_no='1' name='Zoë \"die\\nGroße\", Beispiel' " "a byte order mark, quotes, a line break and a comma in a value"
is "$(shows 2)" "customer_no='2' name=- " "an empty line is none, an unquoted nothing no value"
printf 'customer_no,name\r1,Zoë\r2,Jürgen\r' >in.csv
is "$(shows 2)" "customer_no='2' name='Jürgen' " "lines that end with CR"
csv '<setting name="delimiter">tab</setting><setting name="quote">none</setting>'
printf 'customer_no\tname\n1\tZoë "B"\n' >in.csv
is "$(shows 1)" "customer_no='1' name='Zoë \"B\"' " "tabs, and quotes that are none"
csv '<setting name="delimiter">;</setting><setting name="quote">'"'"'</setting><setting name="last-line">open</setting>'
printf "customer_no;name\n1;'Zoë; B'" >in.csv
is "$(shows 1)" "customer_no='1' name='Zoë; B' " "semicolons, apostrophes, a last line without its end that is allowed"
config csv "$person<field name=\"customer_no\" path=\"1\" label=\"N\" type=\"text\"/><field name=\"name\" path=\"2\" label=\"N\" type=\"text\"/></records>" \
	'<setting name="header">no</setting><setting name="columns">2</setting>'
printf '1,Zoë\n' >in.csv
is "$(shows 1)" "customer_no='1' name='Zoë' " "without a header columns have numbers"
config csv "$person<field name=\"customer_no\" path=\"Kunden-Nr.\" label=\"N\" type=\"text\"/><field name=\"name\" path=\"Name (voll)\" label=\"N\" type=\"text\"/></records>"
printf 'Kunden-Nr.,Name (voll)\n1,Zoë\n' >in.csv
is "$(shows 1)" "customer_no='1' name='Zoë' " "titles that are no names"
config csv "$person$fields<field name=\"v\" label=\"V\" type=\"binary\"/></records>"
printf 'customer_no,name,v\n1,Zoë,iVBORw0KGgo=\n' >in.csv
shows 1 | grep -q 'v=.*8'; ok "a binary is base64"

# ---- CSV that is damaged ----

csv
damaged() { # damaged TEXT WHAT [CODE]
	fails "${3:-4}" "$1" "$2" letter -c datenbrief.xml 1 --stop-after model
	! grep -q 'Geheim' stderr; ok "$2: no value is shown"
}
printf 'customer_no,name\n1,Zoë\n2,"Geheim\n3,Jürgen\n' >in.csv
damaged "in.csv:3: a quotation mark opens here and is not closed" "a quote that is not closed"
printf 'customer_no,name\n1,Zoë\n2,Gehei' >in.csv
damaged "in.csv:3: the last line has no line break" "a file that was cut off"
printf 'customer_no,name\n1,"a\nb"\n2\n' >in.csv
damaged "in.csv:4: the row has fewer values than the 2 columns" "a short row"
printf 'customer_no,name\n1,"a\nb"\n2,Geheim,x\n' >in.csv
damaged "in.csv:4: the row has more values than the 2 columns" "a long row"
printf 'customer_no,name\n1,Geh"eim\n' >in.csv
damaged "in.csv:2: a quotation mark stands inside a value" "a quote inside"
printf 'customer_no,name\n1,"Geh"eim\n' >in.csv
damaged "in.csv:2: something stands between a closing quotation mark" "text behind a quote"
printf 'customer_no,customer_no\n1,2\n' >in.csv
damaged "two columns" "two columns of one title"
printf 'customer_no,\n1,2\n' >in.csv
damaged "the title of column 2 is empty" "a column without title"
: >in.csv
damaged "in.csv: the file is empty" "an empty file"
printf 'number,name\n1,Zoë\n' >in.csv
damaged "has no column 'customer_no' named by subject-key" "no column of the key" 2
rm in.csv
damaged "cannot open the file" "no file" 2
mkdir in.csv
damaged "cannot open the file" "an empty folder" 2
rmdir in.csv; mkfifo in.csv
damaged "not a regular file" "a pipe in its place" 2
rm in.csv
printf 'customer_no,name,mood\n1,Zoë,good\n' >in.csv
damaged "mood is delivered but not declared" "a column nobody declared" 1
printf 'customer_no\n1\n' >in.csv
damaged "name is declared but not delivered" "a column that is not there" 1
printf 'customer_no,name\n1,Zo\377\n2,J\374rgen\n3,Jürgen\n' >in.csv
damaged "records person / record 1 / field name: a malformed sequence in UTF-8 text at byte 2" "bytes that are no UTF-8" 1
is "$(shows 3)" "customer_no='3' name='Jürgen' " "hold their own letter only"
printf 'customer_no,name\n1,Zoë\nGeheim\377,x\n' >in.csv
damaged "in.csv:3: the identifier in column 'customer_no' is not readable" "an identifier that is no UTF-8 would be found by nobody"
csv
edit datenbrief.xml '<subject>' "<source id=\"more\" type=\"json\" url=\"json:more.json\" label=\"Mehr\" optional=\"yes\">${person/person/more}$fields</records></source><subject>"
printf 'customer_no,name\n1,Zoë\n' >in.csv
printf '[{"customer_no":"1",' >more.json
run letter -c datenbrief.xml 1 --stop-after model
is "$code $(grep -c 'id="more".*status="failed"' stdout)" "0 1" "an optional source that is damaged is named in the letter as failed"
rm more.json
run letter -c datenbrief.xml 1 --stop-after model
is "$code $(grep -c 'id="more".*status="failed"' stdout)" "0 1" "one that is not there as well"

# ---- charsets ----

for set in UTF-16LE UTF-16BE IBM273 IBM500 IBM1141 CP850 CP1252 ISO-8859-15 MACINTOSH; do
	csv '<setting name="delimiter">;</setting>' "charset=\"$set\""
	python3 - "$set" <<'PY'
import sys
name = {"IBM273": "cp273", "IBM500": "cp500", "IBM1141": "cp273", "MACINTOSH": "mac_roman"}.get(sys.argv[1], sys.argv[1])
text = 'customer_no;name\r\nÄ1;"Zoë ""Öß"";\nBeispiel"\r\n'
if sys.argv[1] == "IBM1141":
    text = text.replace("€", "")
open("in.csv", "wb").write(text.encode(name))
PY
	is "$(shows Ä1)" "customer_no='Ä1' name='Zoë \"Öß\";\\nBeispiel' " "$set, also in the key that is looked for"
done
csv
python3 -c "open('in.csv', 'wb').write('customer_no,name\n1,Łucja 𝄞\n'.encode('utf-16'))"
is "$(shows 1)" "customer_no='1' name='Łucja 𝄞' " "UTF-16 by its byte order mark"
python3 -c "open('in.csv', 'wb').write('customer_no,name\n1,x\n'.encode('utf-16-le')[:-1])"
csv "" 'charset="UTF-16LE"'
damaged "ends within a character" "UTF-16 cut in the middle of a character"
python3 -c "open('in.csv', 'wb').write('customer_no,name\n1,xx'.encode('utf-16-le') + b'\x00\xd8' + 'y\n'.encode('utf-16-le'))"
damaged "a half surrogate pair in UTF-16LE text at byte 4" "half a surrogate pair" 1
csv "" 'charset="CP1252"'
printf 'customer_no,name\n1,ab\201\n' >in.csv
damaged "field name: a byte without meaning or a control character in WINDOWS-1252 text at byte 2" "a byte that is none of CP1252" 1
printf '\357\273\277customer_no,name\n1,ab\n' >in.csv
damaged "the file begins with the mark of UTF-8, but WINDOWS-1252 is declared" "a mark that says otherwise"
config csv "$person<file charset=\"CP850\">one.csv</file>$fields</records>${person/person/other}<file>two.csv</file>$fields</records>" "" 'charset="CP1252"'
python3 - <<'PY'
open("one.csv", "wb").write("customer_no,name\nü,Größe\n".encode("cp850"))
open("two.csv", "wb").write("customer_no,name\nü,€ Größe\n".encode("cp1252"))
PY
is "$(shows ü)" "customer_no='ü' name='Größe' customer_no='ü' name='€ Größe' " "two files of one source, each in its charset"

config csv "$person${fields/name=\"name\"/name=\"name\" charset=\"CP850\"}</records>" "" 'charset="CP1252"'
python3 -c "open('in.csv', 'wb').write(b'customer_no,name\n\xfc,Gr\x94\xe1e\n')"
is "$(shows ü)" "customer_no='ü' name='Größe' " "a field in a charset of its own"
config csv "$person${fields/name=\"name\"/name=\"name\" bad-bytes=\"replace\"}</records>"
printf 'customer_no,name\n1,a\377b\n' >in.csv
is "$(shows 1)" "customer_no='1' name='a�b' " "bad bytes are replaced where that is declared"
grep -q 'replaced="1"' stdout; ok "and counted"

encodings="$data/encodings"
if [ -f "$encodings/northwind_customers.utf8.csv" ]; then
	twins() { # twins NAME KEY CHARSET...: each file is equal to its UTF-8 twin, customer by customer
		local name=$1 key=$2 set declared field
		shift 2
		rows=$(head -1 "$encodings/$name.utf8.csv" | tr -d '\r' | tr ',' '\n' | sed 's/.*/<field name="&" label="&" type="text"\/>/')
		config csv "<records name=\"person\" label=\"D\" activity=\"contract\" subject-key=\"$key\">$rows</records>"
		edit datenbrief.xml customer_no "$key"
		"$models" many datenbrief.xml "shop=csv:$encodings/$name.utf8.csv" >want.xml
		! grep -m 3 '^# ' want.xml && [ "$(grep -c '<model ' want.xml)" -gt 50 ]; ok "$name: all customers from UTF-8"
		for set; do
			declared="charset=\"$set\""
			[ "$set" != UTF-16 ] || declared="" # its mark says it
			sed "s/label=\"Shop\"/& $declared/" datenbrief.xml >set.xml
			"$models" many set.xml "shop=csv:$encodings/$name.$set.csv" >got.xml
			cmp want.xml got.xml; ok "$name: $set gives the same bytes"
		done
	}
	twins northwind_customers CustomerID CP1252 CP850 ISO-8859-1 ISO-8859-15 IBM273 IBM500 IBM858 IBM1141 MACINTOSH UTF-16LE UTF-16
	twins chinook_customers CustomerId UTF-16LE UTF-16
else
	skip "the files in other charsets" "no encodings/; set DATENBRIEF_DATA to the folder that holds it"
fi

# ---- JSON ----

json() { config json "$person${1-}$fields${2-}</records>" "" "${3-}"; }
json
for text in '[{"customer_no":"1","name":"Zoë"},{"customer_no":"2","name":null}]' \
	'{"customer_no":"1","name":"Zoë"}
{"name":null,"customer_no":"2"}
' '{"customer_no":1,"name":"Zoë"} [{"customer_no":2}]'; do
	printf %s "$text" >in.json
	is "$(shows 1)$(shows 2)" "customer_no='1' name='Zoë' customer_no='2' name=- " "JSON: a list, lines, or both"
done
json '<path>/data/customers</path>' '<field name="city" path="address/city" label="Ort" type="text"/>
	<field name="tags" label="T" type="text"/><field name="big" label="B" type="decimal"/><field name="on" label="O" type="boolean"/>'
cat >in.json <<'JSON'
{"skipped": [[{"a": "]}\"", "customers": 1}], 1.5e3, true, null], "data": {"n": 2, "customers": [
 {"customer_no": "1", "name": "Z\u00f6e \ud834\udd1e", "address": {"city": "Kassel"}, "tags": ["a", "b", 3],
  "big": 123456789012345678901234567890.12, "on": true},
 {"customer_no": "2", "name": "x", "big": 12.50e-3, "on": false}]}, "end": {}}
JSON
is "$(shows 1)" "customer_no='1' name='Zöe 𝄞' city='Kassel' tags='a\\nb\\n3' big='123456789012345678901234567890.12' on='true' " \
	"nested paths, lists of values, numbers to their last digit"
is "$(shows 2)" "customer_no='2' name='x' city=- tags=- big='0.01250' on='false' " "an exponent"
config json "$person<path>/c</path>$fields</records>
	<records name=\"orders\" label=\"O\" activity=\"contract\" subject-key=\"who\" key=\"no\"><path>/c/orders</path><field name=\"who\" path=\"../customer_no\" label=\"W\" type=\"text\"/>
	<field name=\"no\" label=\"N\" type=\"text\"/></records>
	<records name=\"lines\" label=\"L\" activity=\"contract\" subject-key=\"../../customer_no\" key=\"line\" within=\"orders\" link=\"../no\"><path>/c/orders/lines</path>
	<field name=\"line\" path=\"l\" label=\"L\" type=\"text\"/></records>"
echo '{"c":[{"orders":[{"no":"A","lines":[{"l":"i"},{"l":"ii"}]},{"no":"B","lines":[]}],"customer_no":"1","name":"Zoë"},{"customer_no":"2","name":"J","orders":[]}]}' >in.json
is "$(shows 1)" "customer_no='1' name='Zoë' who='1' no='A' line='i' line='ii' who='1' no='B' " "records within records, which climb to their keys"
is "$(shows 2)" "customer_no='2' name='J' " "and none"
json
bad_json() { printf %s "$1" >in.json; damaged "$2" "JSON: $3" "${4:-4}"; }
bad_json '[{"customer_no":"1","name":"Geheim"},{"customer_no":"2","na' "cut off" "cut within a name"
bad_json '[{"customer_no":"Geheim","name":"x"},{"customer_no":"G'$'\377''","name":"x"}]' "identifier in column 'customer_no' is not readable" "an identifier that is no UTF-8"
json '<path>/c</path>'
for other in null 0 -1.5e3 true '"x"' '{"d":[1,{"c":"]"}]}'; do
	printf '%s\n{"c":[{"customer_no":"1","name":"Zoë"}]}' "$other" >in.json
	is "$(shows 1)" "customer_no='1' name='Zoë' " "a line of JSON behind $other, which holds no records, is read"
done
bad_json '? {"c":[{"customer_no":"1","name":"Geheim"}]}' "no JSON" "something that is no value"
json
bad_json '[{"customer_no":"1","name":"Geheim"},' "cut off" "cut after a comma"
bad_json '[{"customer_no":"1","name":"Geheim"}' "cut off" "cut before the bracket"
bad_json '[{"customer_no":"1","name":"Geheim"}}' "no JSON" "the wrong bracket"
bad_json '[{"customer_no":"1" "name":"Geheim"}]' "in.json:1: this is no JSON" "a comma is missing"
bad_json '[{"customer_no":"1","name":Geheim}]' "no JSON" "a bare word"
bad_json '[{"customer_no":"1","name":01}]' "no JSON" "a number with a zero in front"
bad_json '[{"customer_no":"1","name":"a","name":"Geheim"}]' "twice" "a member twice"
bad_json '[{"customer_no":["1","Geheim"],"name":"x"}]' "'customer_no' stands twice in one record" "a record of two customers"
bad_json '["Geheim"]' "no object" "records that are none"
bad_json '' "empty" "an empty file"
bad_json '[{"customer_no":"1","name":"x","mood":{"now":"Geheim"}}]' "mood/now is delivered but not declared" "a nested member nobody declared" 1
bad_json '[{"customer_no":"1","name":"a\u0000"}]' "a control character" "a NUL" 1
bad_json '[{"customer_no":"1","name":"\u00015"}]' "field name: a control character in UTF-8 text at byte 0" "a control character before a digit" 1
printf '[{"customer_no":"1","name":"Zo\377"},{"customer_no":"2","name":"J"}]' >in.json
damaged "field name: a malformed sequence in UTF-8 text at byte 2" "JSON: bytes that are no UTF-8" 1
is "$(shows 2)" "customer_no='2' name='J' " "hold their own letter only"
json '<path>/customers</path>'
bad_json '{"customer":[]}' "nothing stands at the path '/customers'" "a path that leads nowhere"
bad_json '{"other":[{"a":1}' "cut off" "cut off beside the path"

# ---- XML ----

xml() { config xml "$person${1-}$fields${2-}</records>"; }
xml
echo '<all><p><customer_no>1</customer_no><name>Zoë &amp; <![CDATA[<B>]]></name></p><!-- c --><p><name/><customer_no>2</customer_no></p></all>' >in.xml
is "$(shows 1)" "customer_no='1' name='Zoë & <B>' " "XML: elements below the root"
python3 -c "open('in.xml', 'wb').write('<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a><p><customer_no>1</customer_no><name>Zoë</name></p></a>'.encode('latin-1'))"
is "$(shows 1)" "customer_no='1' name='Zoë' " "in the charset that it names"
config xml "$person<path>/x/c</path><field name=\"customer_no\" path=\"@no\" label=\"N\" type=\"text\"/><field name=\"name\" label=\"N\" type=\"text\"/><field name=\"mail\" label=\"M\" type=\"text\"/></records>
	<records name=\"orders\" label=\"O\" activity=\"contract\" subject-key=\"../../@no\" key=\"@id\"><path>/x/c/orders/order</path><field name=\"sum\" path=\".\" label=\"S\" type=\"decimal\"/><field name=\"cur\" path=\"@cur\" label=\"S\" type=\"text\"/></records>"
cat >in.xml <<'XML'
<n:x xmlns:n="urn:n" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><head><c no="9"/></head>
<n:c no="1"><name>Zoë</name><mail>a@b</mail><mail>c@d</mail><orders><order id="A" cur="EUR">12.50</order><order id="B" cur="CHF">1</order></orders></n:c>
<n:c no="2"><name xsi:nil="true"/><orders/></n:c></n:x>
XML
is "$(shows 1)" "customer_no='1' name='Zoë' mail='a@b\\nc@d' sum='12.50' cur='EUR' sum='1' cur='CHF' " "attributes, repeated elements, records within records"
is "$(shows 2)" "customer_no='2' name=- mail=- " "nil is no value"
is "$(shows 9 | grep -c 'no source knows')" 1 "what stands elsewhere is no record"
config xml "$person<path>/x/c/p</path>$fields<field name=\"mail\" path=\"../mail\" label=\"M\" type=\"text\"/></records>"
echo '<x><c><mail>a@b</mail><p><customer_no>1</customer_no><name>Z</name></p><mail>c@d</mail></c></x>' >in.xml
is "$(shows 1)" "customer_no='1' name='Z' mail='a@b\\nc@d' " "a field that climbs gets all that stands there"
xml
bad_xml() { printf %s "$1" >in.xml; damaged "$2" "XML: $3" "${4:-4}"; }
bad_xml '<a><p><customer_no>1</customer_no><name>Geheim</name></p><p><customer_no>2' "in.xml:1: this is no well-formed XML" "cut off within a record"
bad_xml '<a><p><customer_no>1</customer_no><name>Geheim</name></p>' "no well-formed XML" "cut off between records"
bad_xml '<!DOCTYPE a [<!ENTITY e SYSTEM "/etc/passwd">]><a><p><customer_no>1</customer_no><name>&e;</name></p></a>' "DOCTYPE" "a document type"
bad_xml '<a><p><customer_no>1</customer_no><name>&e;</name></p></a>' "no well-formed XML" "an entity"
bad_xml '<a><p><customer_no>1</customer_no><name>x</name><mood n="1">Geheim</mood></p></a>' "mood/@n is delivered but not declared" "an element nobody declared" 1
bad_xml '<a><p><customer_no>Geheim</customer_no><customer_no>2</customer_no><name>x</name></p></a>' "'customer_no' stands twice in one record" "a record of two customers"
bad_xml '<a><p>Geheim<customer_no>1</customer_no><name>x</name></p></a>' ". is delivered but not declared" "text between elements" 1
xml '<path>/a/q/p</path>'
bad_xml '<a><p/></a>' "nothing stands at the path '/a/q/p'" "a path that leads nowhere"

# ---- nothing is left ----

mkdir tmp
printf 'customer_no,name\n1,Zoë\n' >in.csv
csv
TMPDIR="$work/tmp" "$datenbrief" letter -c datenbrief.xml 1 --stop-after model >stdout
ok "the database of the files is made in TMPDIR"
is "$(ls -A tmp)" "" "and leaves nothing there"

# ---- many rows ----

python3 - <<'PY'
with open("in.csv", "w", encoding="utf-8") as f:
    f.write("customer_no,name\n")
    for i in range(300000):
        f.write('%d,"Zeile %d ' % (i % 1000, i) + 'x' * 60 + '"\n')
PY
csv
is "$(shows 7 | grep -o name= | wc -l)" 300 "300,000 rows: those of one customer"
python3 - "$datenbrief" <<'PY'
import os, resource, subprocess, sys
san = "fsanitize" in open(os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "Makefile")).read().split("SAN_FLAGS =", 1)[1].split("\n")[0]
def peak(n):
    subprocess.run([sys.argv[1], "letter", "-c", "datenbrief.xml", "7", "--stop-after", "model"], stdout=subprocess.DEVNULL, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
big = peak(0)
print("# %.0f MB at the peak, the file has %.0f MB" % (big, os.path.getsize("in.csv") / 1e6))
raise SystemExit(0 if san or big < 90 else 1)
PY
ok "in little memory"
done_testing
