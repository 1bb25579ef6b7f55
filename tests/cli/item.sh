# SPDX-License-Identifier: MIT
# item: codes of a reply slip lead back to source, record and field.
. "${srcdir:-.}/tests/cli/common.sh"
fixture

run letter -c datenbrief.xml 1001 --date 2026-11-23 --stop-after model
cp stdout model.xml
attribute() { # attribute XPATH: of the model
	python3 -c 'import sys, xml.etree.ElementTree as E
n = {"m": "urn:datenbrief:model:1"}
print(E.parse("model.xml").getroot().find(sys.argv[1], n).get(sys.argv[2]))' "$@"
}
case=$(python3 -c 'import xml.etree.ElementTree as E; print(E.parse("model.xml").getroot().get("case"))')
record=$(attribute './/m:collection[@name="orders"]/m:record' item)
key=$(attribute './/m:collection[@name="orders"]/m:record' key)
field=$(attribute './/m:collection[@name="orders"]/m:record/m:field[@name="total"]' item)

run item -c datenbrief.xml "$case" "$field" --date 2026-12-01
is "$code" 0 "a field's code is found"
is "$(cat stdout)" "source      shop
collection  orders (Ihre Bestellungen)
record      $key
field       total (Betrag)" "source, collection, record and field are printed, not the value"
run item -c datenbrief.xml "$case" "$record" --date 2026-12-01
is "$(tail -n 1 stdout)" "field       - (the whole record)" "a record's code is found"
run item -c datenbrief.xml "$case" "$field" --date 2027-02-01
is "$code" 0 "a slip that comes back in the next year is found"
run item -c datenbrief.xml "$(echo "$case" | tr 'A-Z' 'a-z' | tr -d -)" "$(echo "$field" | tr 'A-Z' 'a-z')" --date 2026-12-01
is "$code" 0 "codes in small letters and without hyphens are read"
run item -c datenbrief.xml "$case" --date 2026-11-23
is "$code $(cat stdout)" "0 customer    1001" "a case code alone, as in held.csv: whose it is"
run item -c datenbrief.xml "$(echo "$case" | tr 'A-Z' 'a-z' | tr -d -)" --date 2026-11-23
is "$code $(cat stdout)" "0 customer    1001" "also in small letters without hyphens"
fails 1 "nobody has this case code" "a case code of nobody" item -c datenbrief.xml 0000-0000-0000 --date 2026-11-23
wrong() { # another digit in place of the first one
	echo "$1" | python3 -c 'import re, sys; s = sys.stdin.read().strip(); print(re.sub(r"\d", lambda m: str((int(m[0]) + 1) % 10), s, count=1))'
}
fails 2 "mistyped" "a wrong digit in the item code" item -c datenbrief.xml "$case" "$(wrong "$field")" --date 2026-12-01
fails 2 "mistyped" "a swap in the case code" item -c datenbrief.xml "$(python3 -c 'import sys
s = sys.argv[1]; i = next(i for i in range(3) if s[i] != s[i + 1]); print(s[:i] + s[i + 1] + s[i] + s[i + 2:])' "$case")" "$field" --date 2026-12-01
fails 1 "no customer has it" "a case code of another year" item -c datenbrief.xml "$case" "$field" --date 2030-01-01
fails 2 "ITEM] is missing" "no code" item -c datenbrief.xml
fails 2 "too many arguments" "three codes" item -c datenbrief.xml "$case" "$field" "$record"
sql='DELETE FROM orders'
python3 -c 'import sqlite3, sys; c = sqlite3.connect("shop.db"); c.execute(sys.argv[1]); c.commit()' "$sql"
fails 1 "nothing has it now" "an entry deleted since the letter" item -c datenbrief.xml "$case" "$field" --date 2026-12-01
done_testing
