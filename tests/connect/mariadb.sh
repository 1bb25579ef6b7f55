# SPDX-License-Identifier: MIT
# The ODBC connector with MariaDB's driver against a real server, which this test starts and stops.
. "${srcdir:-.}/tests/connect/common.sh"
# libmaodbc reads past the end of its own copy of the connection string (SQLDriverConnectW, version 3.1.15).
! grep -q '^SAN_FLAGS = .*fsanitize' "$top/Makefile" || skip_all "MariaDB's driver does not run under AddressSanitizer; the plain build is tested"
"$datenbrief" --version | grep -q unixODBC || skip_all "this build has no connector for ODBC"
for p in mariadbd mariadb-install-db mariadb mariadb-admin; do
	PATH=$PATH:/usr/sbin command -v $p >/dev/null || skip_all "there is no MariaDB server; install the package mariadb-server"
done
PATH=$PATH:/usr/sbin
driver=$(ls /usr/lib/*/odbc/libmaodbc.so /usr/lib/libmaodbc.so /usr/lib64/libmaodbc.so 2>/dev/null | head -1)
[ -n "$driver" ] || skip_all "there is no ODBC driver for MariaDB; install the package odbc-mariadb"
[ "$(id -u)" != 0 ] || id mysql >/dev/null 2>&1 || skip_all "root cannot start MariaDB without a user mysql"

start_server() {
	as_owner mariadbd --no-defaults --datadir="$home/data" --socket="$home/s" --pid-file="$home/pid" --skip-networking \
		--sql-mode=ANSI --character-set-server=utf8mb4 --innodb-buffer-pool-size=32M --innodb-flush-log-at-trx-commit=0 \
		--log-error="$home/log" >/dev/null 2>&1 &
	for _ in $(seq 1 300); do
		mariadb-admin --no-defaults -S "$home/s" -u root ping >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	return 1
}
stop_server() {
	[ ! -s "$home/pid" ] || kill -9 "$(cat "$home/pid")"
	for _ in $(seq 1 50); do kill -0 "$(cat "$home/pid")" 2>/dev/null || break; sleep 0.1; done
}
server_home mysql
(cd / && as_owner mariadb-install-db --no-defaults --datadir="$home/data" --auth-root-authentication-method=normal \
	--skip-test-db) >install.log 2>&1 && (cd / && start_server) || { tail -3 install.log | sed 's/^/# /'; skip_all "no MariaDB server can be started here"; }
client() { mariadb --no-defaults -S "$home/s" -u root --default-character-set=utf8mb4 -N -B "$@"; }
url() { echo "odbc:DRIVER=$driver;SOCKET=$home/s;UID=root;DATABASE=$1"; }

# ---- the same models ----

lindenhof
client -e "CREATE DATABASE lindenhof"
python3 "$convert" dump lindenhof.db mariadb | client lindenhof; ok "the sample company is loaded"
same datenbrief.xml crm=sqlite:lindenhof.db "crm=$(url lindenhof)" datenbrief.xml "sample company" \
	"$(python3 -c 'import sqlite3; print(sqlite3.connect("lindenhof.db").execute("SELECT count(*) FROM customer").fetchone()[0])')"

if [ -f "$data/chinook/chinook.sqlite" ]; then
	chinook
	client -e "CREATE DATABASE chinook"
	python3 "$convert" dump "$data/chinook/chinook.sqlite" mariadb | client chinook; ok "Chinook is loaded"
	client chinook -e 'CREATE INDEX a ON "InvoiceLine" ("InvoiceId"); CREATE INDEX b ON "Track" ("TrackId"); CREATE INDEX c ON "Album" ("AlbumId");
		CREATE INDEX d ON "Artist" ("ArtistId"); CREATE INDEX e ON "Invoice" ("InvoiceId")'
	same chinook.xml "chinook=sqlite:$data/chinook/chinook.sqlite" "chinook=$(url chinook)" quoted.xml "Chinook" 59
	init_there "$(url chinook)" Customer.CustomerId 5 "init on Chinook, without any key"
else
	skip "Chinook" "no chinook/chinook.sqlite; set DATENBRIEF_DATA to the folder that holds it"
fi

client -e "CREATE DATABASE keyed"
client keyed <<'SQL'
CREATE TABLE town (town_id int PRIMARY KEY, name varchar(40));
CREATE TABLE person (person_no int PRIMARY KEY, name varchar(40), street varchar(40), city varchar(40), town_id int, FOREIGN KEY (town_id) REFERENCES town (town_id));
CREATE TABLE "note" (note_id int PRIMARY KEY, who int NOT NULL, words text, FOREIGN KEY (who) REFERENCES person (person_no));
INSERT INTO town VALUES (1, 'Kassel'); INSERT INTO person VALUES (1, 'Zoë', 'Weg 1', 'Kassel', 1); INSERT INTO note VALUES (1, 1, 'x');
SQL
init_there "$(url keyed)" person.person_no 1 "init by foreign keys"
grep -q '<records name="note" .*subject-key="who"' "init by foreign keys/datenbrief.xml"; ok "a foreign key is followed"
client keyed -e 'ALTER TABLE note ADD COLUMN secret_remark text'
run check -c "init by foreign keys/decided/datenbrief.xml"
grep -q ': error: coverage .*: note.secret_remark: ' stdout; ok "a column that comes later is found"

# ---- types ----

fixture
client -e "CREATE DATABASE shop"
client shop <<'SQL'
CREATE TABLE customer (customer_no int PRIMARY KEY, name varchar(100), street text, city char(20), country char(2), born date);
INSERT INTO customer VALUES
	(1001, 'Zoë Beispiel', 'Musterweg 1', '34117 Kassel', 'DE', '1980-02-29'),
	(1002, 'Jürgen Müßig', 'Am Teich 7', '99084 Erfurt', 'DE', NULL),
	(1003, 'Łucja Przykład', 'ulica Wzorcowa 3', '50-001 Wrocław', 'PL', '1971-07-01');
CREATE TABLE orders (order_no varchar(8) PRIMARY KEY, customer_no int NOT NULL, ordered_on datetime, total double, row_version smallint);
INSERT INTO orders VALUES ('A-1', 1001, '2025-03-02', 12.5, 1), ('A-2', 1001, '2025-11-30', 1234, 7), ('A-3', 1002, '2024-12-31', 0.99, 2);
SQL
same datenbrief.xml shop=sqlite:shop.db "shop=$(url shop)" datenbrief.xml "shop" 3

value() { # value SQL TYPE: the value of the first field of type TYPE in the model, from the expression SQL
	client shop -e "DROP TABLE IF EXISTS v; CREATE TABLE v (customer_no int, v $3); INSERT INTO v VALUES (1001, $1)"
	cp "$src/tests/fixture/datenbrief.xml" value.xml
	edit value.xml "SELECT customer_no, order_no, ordered_on, total, row_version FROM orders" \
		"SELECT customer_no, 'k' AS order_no, NULL AS ordered_on, NULL AS total, v FROM v"
	edit value.xml '<ignore field="row_version" reason="Technical counter of the database"/>' "<field name=\"v\" label=\"V\" type=\"$2\"/>"
	run letter -c value.xml --source "shop=$(url shop)" 1001 --stop-after model --date 2026-01-31
	python3 - "$code" <<'PY'
import sys, xml.etree.ElementTree as T
if sys.argv[1] != "0":
    print("held" if sys.argv[1] == "1" else "exit %s" % sys.argv[1], end="")
else:
    for f in T.parse("stdout").iter("{urn:datenbrief:model:1}field"):
        if f.get("name") == "v":
            text = f.get("value") or f.get("bytes") or f.text or ""
            print(text if len(text) < 100 else "%d of %s" % (len(text), text[0]), end="")
PY
}
is "$(value true boolean boolean)" "true" "boolean"
is "$(value 18446744073709551615 integer 'bigint unsigned')" "18446744073709551615" "bigint unsigned"
is "$(value 123456789012345678901234567890.10 decimal 'decimal(40,2)')" "123456789012345678901234567890.10" "decimal to its last digit"
is "$(value 0.30000000000000004e0 decimal double)" "0.30000000000000004" "double"
is "$(value 1e-7 decimal double)" "0.0000001" "a small one"
is "$(value "'2024-02-29'" date date)" "2024-02-29" "date"
is "$(value "'2024-02-29 13:14:15'" datetime datetime)" "2024-02-29T13:14:15" "datetime"
is "$(value "x'00ff'" binary 'varbinary(10)')" "2" "varbinary"
is "$(value "repeat(x'00', 100000)" binary longblob)" "100000" "a large blob"
is "$(value "'𝄞 ẞ ǆ'" text 'varchar(20) character set utf8mb4')" "𝄞 ẞ ǆ" "characters beyond 16 bits"
is "$(value "'Köln €'" text 'varchar(20) character set latin1')" "Köln €" "a column in another charset"
is "$(value "'Ørsted-Bjørk 漢'" text longtext)" "Ørsted-Bjørk 漢" "of a text with umlauts every character"
is "$(value "repeat('ä', 300000)" text longtext)" "300000 of ä" "a long text in pieces"
is "$(value "repeat('ä', 600000)" text longtext)" "held" "one above the limit holds the letter"
is "$(value "concat('x', char(1))" text 'varchar(9)')" "held" "a control character holds the letter"
is "$(value "''" text 'varchar(9)')" "" "an empty text"
is "$(value "'a\\\\''?:subject'" text 'varchar(40)')" "a\\'?:subject" "quotes, backslashes and what looks like a parameter"

client shop -e "CREATE TABLE named (name varchar(40) PRIMARY KEY, v text); INSERT INTO named VALUES ('Øß 漢𝄞', 'Größe €')"
cp "$src/tests/fixture/datenbrief.xml" .
edit datenbrief.xml "SELECT customer_no, name, street" "SELECT name AS customer_no, concat(v, ' ÄÖ𝄞ü') AS name, 'W' AS street"
edit datenbrief.xml "city, country, born FROM customer WHERE customer_no = " "'O' AS city, 'DE' AS country, NULL AS born FROM named WHERE name = "
edit datenbrief.xml "FROM orders WHERE customer_no = " "FROM orders WHERE 'x' = "
run letter -c datenbrief.xml --source "shop=$(url shop)" 'Øß 漢𝄞' --stop-after model
is "$code" 0 "an identifier beyond ASCII is found"
grep -q 'Größe € ÄÖ𝄞ü' stdout; ok "a query may hold any character"

# ---- mistakes ----

query() { # query CODE TEXT WHAT SQL: the SQL as the query of the orders
	cp "$src/tests/fixture/datenbrief.xml" .
	edit datenbrief.xml "SELECT customer_no, order_no, ordered_on, total, row_version FROM orders WHERE customer_no = :subject" "$4"
	fails "$1" "$2" "$3" letter -c datenbrief.xml --source "shop=$(url shop)" 1001 --stop-after model
}
all="customer_no, order_no, ordered_on, total, row_version FROM orders"
client shop -e "CREATE FUNCTION writes() RETURNS int MODIFIES SQL DATA BEGIN UPDATE orders SET total = 0; RETURN 1; END" --delimiter=//
query 2 "nosuch" "an unknown column" "SELECT nosuch, $all WHERE customer_no = :subject"
query 2 "more than one statement" "two statements" "SELECT $all WHERE customer_no = :subject; DROP TABLE orders"
query 2 "no SELECT" "INSERT with RETURNING" "INSERT INTO orders VALUES ('X', :subject, NULL, 1, 1) RETURNING customer_no, order_no, ordered_on, total, row_version"
query 2 "no SELECT" "UPDATE" "UPDATE orders SET total = 0 WHERE customer_no = :subject"
query 2 "no parameter" "no parameter" "SELECT $all"
query 2 "write :subject" "a question mark" "SELECT $all WHERE customer_no = ?"
query 1 "mood" "an undeclared column" "SELECT 1 AS mood, $all WHERE customer_no = :subject"
query 4 "another subject" "a foreign record" "SELECT $all WHERE customer_no = :subject OR total &gt; 0"
query 2 "more than read" "a function that writes" "SELECT writes() AS order_no, customer_no, ordered_on, total, row_version FROM orders WHERE customer_no = :subject"
is "$(client shop -e "SELECT count(*) FROM orders WHERE total > 0")" 3 "no query changed anything"
cp "$src/tests/fixture/datenbrief.xml" .
fails 1 "leading zeros" "an identifier with zeros in front" letter -c datenbrief.xml --source "shop=$(url shop)" 01001 --stop-after model
fails 1 "another form" "a number with letters behind, which MariaDB takes for the number" \
	letter -c datenbrief.xml --source "shop=$(url shop)" 1001abc --stop-after model

# ---- deadlines ----

edit datenbrief.xml 'label="Bestellsystem"' 'label="Bestellsystem" deadline="300ms"'
edit datenbrief.xml "row_version FROM orders WHERE customer_no = :subject" \
	"row_version FROM orders WHERE customer_no = :subject AND (customer_no &lt;&gt; 1001 OR sleep(60) = 0)"
start=$(date +%s)
fails 1 "no answer within 300 ms" "a query that sleeps" letter -c datenbrief.xml --source "shop=$(url shop)" 1001 --stop-after model
is "$(client -e "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%sleep(60)%' AND id <> connection_id()")" 0 \
	"is cancelled in the server"
run run -c datenbrief.xml --source "shop=$(url shop)" -o slow
is "$code" 1 "in a run"
is "$(wc -l <slow/manifest.csv)/$(wc -l <slow/held.csv)" "3/2" "it holds its own letter only"
[ $(($(date +%s) - start)) -lt 30 ]; ok "and nobody waits for it"

# ---- the server comes and goes ----

cp "$src/tests/fixture/datenbrief.xml" .
fails 75 "cannot be reached" "a server that is not there" letter -c datenbrief.xml \
	--source "shop=odbc:DRIVER=$driver;SOCKET=$home/none;UID=root;PWD=geheim;DATABASE=shop" 1001
! grep -q geheim stderr; ok "the password is not printed"
fails 2 "refuses the user" "a wrong password" letter -c datenbrief.xml --source "shop=odbc:DRIVER=$driver;SOCKET=$home/s;UID=nosuch;PWD=geheim" 1001
! grep -q geheim stderr; ok "is not printed"
fails 2 "no such database" "an unknown database" letter -c datenbrief.xml --source "shop=$(url nosuch)" 1001
fails 2 "no such ODBC driver" "an unknown driver" letter -c datenbrief.xml --source "shop=odbc:DRIVER=nosuch" 1001
fails 2 "not understood" "an url that is none" letter -c datenbrief.xml --source "shop=odbc:geheim" 1001
client shop -e "INSERT INTO customer SELECT seq, concat('Muster ', seq), 'Weg 1', '34117 Kassel', 'DE', NULL FROM seq_2000_to_5000"
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
