# SPDX-License-Identifier: MIT
# The PostgreSQL connector against a real server, which this test starts and stops.
. "${srcdir:-.}/tests/connect/common.sh"
"$datenbrief" --version | grep -q libpq || skip_all "this build has no connector for PostgreSQL"
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || bin=$(pg_config --bindir 2>/dev/null)
[ -x "$bin/initdb" ] || skip_all "there is no PostgreSQL server; install the package postgresql"
[ "$(id -u)" != 0 ] || id postgres >/dev/null 2>&1 || skip_all "root cannot start PostgreSQL without a user postgres"

start_server() {
	as_owner "$bin/pg_ctl" -D "$home/data" -s -w -t 60 -l "$home/log" \
		-o "-k $home -c listen_addresses= -c fsync=off -c log_statement=all" start >/dev/null 2>&1
}
stop_server() { as_owner "$bin/pg_ctl" -D "$home/data" -s -m immediate stop; }
server_home postgres
cd "$work" || exit 99
(cd / && as_owner "$bin/initdb" -D "$home/data" -U postgres -A trust -E UTF8 --locale=C --no-sync) >initdb.log 2>&1 &&
	(cd / && start_server) || { cat initdb.log; skip_all "no PostgreSQL server can be started here"; }
load() { "$bin/psql" -h "$home" -U postgres -q -v ON_ERROR_STOP=1 -d "$1" >/dev/null; }
url() { echo "postgresql:host=$home user=postgres dbname=$1"; }
sql() { "$bin/psql" -h "$home" -U postgres -q -A -t -d "${2:-postgres}" -c "$1"; }

# ---- the same models ----

lindenhof
sql "CREATE DATABASE lindenhof"
python3 "$convert" dump lindenhof.db postgresql | load lindenhof; ok "the sample company is loaded"
same datenbrief.xml crm=sqlite:lindenhof.db "crm=$(url lindenhof)" datenbrief.xml "sample company" \
	"$(python3 -c 'import sqlite3; print(sqlite3.connect("lindenhof.db").execute("SELECT count(*) FROM customer").fetchone()[0])')"

if [ -f "$data/chinook/Chinook_PostgreSql.sql" ]; then
	chinook
	load postgres < "$data/chinook/Chinook_PostgreSql.sql" 2>/dev/null; ok "Chinook's own script for PostgreSQL is loaded"
	python3 "$convert" views "$data/chinook/chinook.sqlite" | load chinook; ok "with views of SQLite's names"
	# The only difference of the two scripts: a blank that SQLite's has.
	sql "UPDATE customer SET city = 'Edinburgh ' WHERE city = 'Edinburgh';
		UPDATE invoice SET billing_city = 'Edinburgh ' WHERE billing_city = 'Edinburgh'" chinook
	same chinook.xml "chinook=sqlite:$data/chinook/chinook.sqlite" "chinook=$(url chinook)" quoted.xml "Chinook" 59
	init_there "$(url chinook)" customer.customer_id 5 "init on Chinook"
else
	skip "Chinook" "no chinook/Chinook_PostgreSql.sql; set DATENBRIEF_DATA to the folder that holds it"
fi

if [ -f "$data/fides/postgres_sample.sql" ]; then
	sql "CREATE DATABASE fides"
	load fides < "$data/fides/postgres_sample.sql"; ok "fides is loaded"
	init_there "$(url fides)" customer.id 1 "init on fides"
	grep -q 'table="backup_schema.customer"' "init on fides/datenbrief.xml"; ok "a copy in another schema is not overlooked"
else
	skip "fides" "no fides/postgres_sample.sql"
fi

# ---- types ----

fixture
sql "CREATE DATABASE shop"
load shop <<'SQL'
CREATE TABLE customer (customer_no integer PRIMARY KEY, name text, street varchar(80), city char(20), country char(2), born date);
INSERT INTO customer VALUES
	(1001, 'Zoë Beispiel', 'Musterweg 1', '34117 Kassel', 'DE', '1980-02-29'),
	(1002, 'Jürgen Müßig', 'Am Teich 7', '99084 Erfurt', 'DE', NULL),
	(1003, 'Łucja Przykład', 'ulica Wzorcowa 3', '50-001 Wrocław', 'PL', '1971-07-01');
CREATE TABLE orders (order_no char(8) PRIMARY KEY, customer_no bigint NOT NULL, ordered_on timestamp, total double precision, row_version smallint);
INSERT INTO orders VALUES ('A-1', 1001, '2025-03-02', 12.5, 1), ('A-2', 1001, '2025-11-30', 1234, 7), ('A-3', 1002, '2024-12-31', 0.99, 2);
SQL
same datenbrief.xml shop=sqlite:shop.db "shop=$(url shop)" datenbrief.xml "shop" 3

# value SQL TYPE: the value of the first field of type TYPE in the model, from the expression SQL.
value() {
	python3 - "$1" "$2" <<'PY'
import re, sys
s = open("datenbrief.xml", encoding="utf-8").read()
s = re.sub(r"<query>SELECT customer_no, order_no.*?</query>", "<query>SELECT customer_no, 'k' AS order_no, NULL::date AS ordered_on, "
           "NULL::numeric AS total, (%s) AS v FROM customer WHERE customer_no = :subject</query>" % sys.argv[1].replace("<", "&lt;"), s, flags=re.S)
s = s.replace('<ignore field="row_version" reason="Technical counter of the database"/>',
              '<field name="v" label="V" type="%s"%s/>' % (sys.argv[2], ' currency="EUR"' if sys.argv[2] == "money" else ""))
open("value.xml", "w", encoding="utf-8").write(s)
PY
	run letter -c value.xml --source "shop=$(url shop)" 1001 --stop-after model --date 2026-01-31
	python3 - "$code" <<'PY'
import sys, xml.etree.ElementTree as T
if sys.argv[1] != "0":
    e = open("stderr").read()
    print("held" if sys.argv[1] == "1" else "exit %s" % sys.argv[1], end="")
else:
    for f in T.parse("stdout").iter("{urn:datenbrief:model:1}field"):
        if f.get("name") == "v":
            print("(null)" if f.get("null") or f.get("state") == "empty" else f.get("value") or f.get("bytes") or f.text or "", end="")
PY
}
is "$(value "true" boolean)" "true" "boolean"
is "$(value "9223372036854775807" integer)" "9223372036854775807" "bigint"
is "$(value "123456789012345678901234567890.10::numeric" decimal)" "123456789012345678901234567890.10" "numeric to its last digit"
is "$(value "'NaN'::numeric" decimal)" "held" "NaN holds the letter"
is "$(value "0.1::float8 + 0.2" decimal)" "0.30000000000000004" "double precision"
is "$(value "1e300::float8" decimal)" "1$(printf '%0300d' 0)" "a large one without exponent"
is "$(value "-2.5e-7::float8" decimal)" "-0.00000025" "a small one without exponent"
is "$(value "1.25e-7::float8" text)" "0.000000125" "in a text, too"
is "$(value "'Infinity'::float8" decimal)" "held" "infinity holds the letter"
is "$(value "0.1::real" decimal)" "0.1" "real"
is "$(value "date '2024-02-29'" date)" "2024-02-29" "date"
is "$(value "timestamp '2024-02-29 13:14:15.5'" datetime)" "2024-02-29T13:14:15.5" "timestamp"
is "$(value "timestamptz '2024-02-29 01:00:00+02'" datetime)" "2024-02-28T23:00:00Z" "timestamp with time zone, in UTC"
is "$(value "'infinity'::timestamp" datetime)" "held" "an infinite timestamp holds the letter"
is "$(value "decode('00ff','hex')" binary)" "2" "bytea"
is "$(value "'{\"a\": 1}'::jsonb" text)" '{"a": 1}' "jsonb as text"
is "$(value "'ab'::char(5)" text)" 'ab' "character without its padding"
is "$(value "'3'::money" text)" 'exit 2' "money depends on the server's locale and is refused"
is "$(value "'x' || chr(1)" text)" 'held' "a control character holds the letter"
is "$(value "'it''s :subject' || \$q\$ ? :subject \$q\$ || /* :x /* :y */ */ E'\\\\' :subject' -- :z
" text)" "it's :subject ? :subject ' :subject" \
	"what looks like a parameter in quotes and comments is none"

# ---- mistakes ----

query() { # query CODE TEXT WHAT SQL: the SQL as the query of the orders
	cp "$src/tests/fixture/datenbrief.xml" .
	edit datenbrief.xml "SELECT customer_no, order_no, ordered_on, total, row_version FROM orders WHERE customer_no = :subject" "$4"
	fails "$1" "$2" "$3" letter -c datenbrief.xml --source "shop=$(url shop)" 1001 --stop-after model
}
all="customer_no, order_no, ordered_on, total, row_version FROM orders"
query 2 'column "nosuch" does not exist' "an unknown column" "SELECT nosuch, $all WHERE customer_no = :subject"
query 2 'syntax error' "no SQL" "SELEKT $all WHERE customer_no = :subject"
query 2 "more than one statement" "two statements" "SELECT $all WHERE customer_no = :subject; DROP TABLE orders"
query 2 "more than read" "DELETE with RETURNING" "DELETE FROM orders WHERE customer_no = :subject RETURNING *"
query 2 "no SELECT" "UPDATE" "UPDATE orders SET total = 0 WHERE customer_no = :subject"
query 2 "no parameter" "no parameter" "SELECT $all"
query 2 ":other" "another parameter" "SELECT $all WHERE customer_no = :subject AND order_no = :other"
query 2 "'customer_no' named by subject-key" "no subject key" "SELECT order_no FROM orders WHERE customer_no = :subject"
query 1 "mood" "an undeclared column" "SELECT 1 AS mood, $all WHERE customer_no = :subject" 2>/dev/null
query 4 "another subject" "a foreign record" "SELECT $all WHERE customer_no = :subject OR total &gt; 0"
query 1 "SQLSTATE 22012" "an error in the data" "SELECT $all WHERE customer_no = :subject AND 1 / (row_version - 1) = 0"
is "$(sql "SELECT count(*) FROM orders WHERE total > 0" shop)" 3 "no query changed anything"
cp "$src/tests/fixture/datenbrief.xml" .
fails 1 "leading zeros" "an identifier with zeros in front" letter -c datenbrief.xml --source "shop=$(url shop)" 01001 --stop-after model
fails 1 "SQLSTATE 22P02" "an identifier that is no number" letter -c datenbrief.xml --source "shop=$(url shop)" "x' OR 'a'='a" --stop-after model
! grep -q "x' OR" stderr; ok "is not printed"

# One bad record in a chunk: only its letter is held.
cp "$src/tests/fixture/datenbrief.xml" .
edit datenbrief.xml "row_version FROM orders WHERE customer_no = :subject" \
	"1 / (row_version - 2) AS row_version FROM orders WHERE customer_no = :subject"
run run -c datenbrief.xml --source "shop=$(url shop)" -o bad
is "$code" 1 "a run with an error in the data of one customer"
is "$(wc -l <bad/manifest.csv)/$(wc -l <bad/held.csv)" "3/2" "holds one letter and makes the others"

# ---- deadlines ----

cp "$src/tests/fixture/datenbrief.xml" .
edit datenbrief.xml 'label="Bestellsystem"' 'label="Bestellsystem" deadline="300ms"'
edit datenbrief.xml "row_version FROM orders WHERE customer_no = :subject" \
	"row_version FROM orders WHERE customer_no = :subject AND (customer_no &lt;&gt; 1001 OR pg_sleep(60) IS NOT NULL)"
start=$(date +%s)
fails 1 "no answer within 300 ms" "a query that sleeps" letter -c datenbrief.xml --source "shop=$(url shop)" 1001 --stop-after model
is "$(sql "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()")" 0 \
	"is cancelled in the server"
run run -c datenbrief.xml --source "shop=$(url shop)" -o slow
is "$code" 1 "in a run"
is "$(wc -l <slow/manifest.csv)/$(wc -l <slow/held.csv)" "3/2" "it holds its own letter only"
[ $(($(date +%s) - start)) -lt 30 ]; ok "and nobody waits for it"

# ---- the server comes and goes ----

cp "$src/tests/fixture/datenbrief.xml" .
for u in "postgresql://postgres:geheim@127.0.0.1:1/shop" "postgresql:host=127.0.0.1 port=1 password=geheim dbname=shop"; do
	fails 75 "cannot be reached" "a server that is not there" letter -c datenbrief.xml --source "shop=$u" 1001 --stop-after model
	! grep -q geheim stderr; ok "the password is not printed"
done
fails 2 "no such database" "an unknown database" letter -c datenbrief.xml --source "shop=$(url nosuch)" 1001
fails 2 "not understood" "an url that is none" letter -c datenbrief.xml --source "shop=postgresql:geheim" 1001
! grep -q geheim stderr; ok "is not printed"
sql "CREATE ROLE poor LOGIN" shop
fails 2 "permission denied" "a user without rights" letter -c datenbrief.xml --source "shop=postgresql:host=$home user=poor dbname=shop" 1001
fails 2 "refuses the user" "an unknown user" letter -c datenbrief.xml --source "shop=postgresql:host=$home user=nosuch dbname=shop" 1001
is "$(sql "SELECT count(*) FROM pg_prepared_xacts" shop)" 0 "no transaction is left"
sql "INSERT INTO customer SELECT g, 'Muster ' || g, 'Weg 1', '34117 Kassel', 'DE', NULL FROM generate_series(2000, 5000) AS g" shop
"$datenbrief" run -c datenbrief.xml --source "shop=$(url shop)" -o gone --progress none >stdout 2>stderr &
pid=$!
for _ in $(seq 1 200); do [ "$(ls gone/letters 2>/dev/null | wc -l)" -gt 50 ] && break; sleep 0.02; done
stop_server
wait $pid
is "$?" 75 "a server that stops in mid-run ends it, to be tried again"
grep -q "^datenbrief: source shop" stderr; ok "the source is named"
"$datenbrief" status -o gone >stdout
is "$?" 75 "letters are left"
[ "$(sed -n 's/.*written \([0-9]*\).*/\1/p' stdout)" -gt 50 ]; ok "what was done stands in the journal"
done_testing
