# SPDX-License-Identifier: MIT
# The SQLite connector: reads only, reads all, and says what hinders it.
. "${srcdir:-.}/tests/cli/common.sh"
fixture
letter() { run letter -c datenbrief.xml "$@"; }

before=$(sha256sum <shop.db)
letter 1001 --stop-after model
is "$code" 0 "a database is read"
is "$(sha256sum <shop.db)" "$before" "and left as it was"
is "$(ls shop.db*)" "shop.db" "with nothing beside it"
chmod 400 shop.db
letter 1001 --stop-after model
is "$code" 0 "a file without the right to write is enough"
cp stdout utf8.xml

# The same data as UTF-16 inside the database.
rm -f shop.db
{ echo 'PRAGMA encoding = "UTF-16le";'; cat "$src/tests/fixture/shop.sql"; } | database shop.db
letter 1001 --stop-after model
cmp -s stdout utf8.xml; ok "a database in UTF-16 gives the same model"

# Text in an INTEGER column's place, blobs, zero bytes, views, a name that looks like a URI.
fixture
database shop.db <<'SQL'
ALTER TABLE orders RENAME TO all_orders;
CREATE VIEW orders AS SELECT * FROM all_orders;
SQL
letter 1001 --stop-after model
cmp -s stdout utf8.xml; ok "a view is read like a table"
mv shop.db 'file:shop.db?mode=memory'
letter 1001 --stop-after model --source 'shop=sqlite:file:shop.db?mode=memory'
is "$code" 0 "a file name that looks like a URI is a file name"
mv 'file:shop.db?mode=memory' shop.db
letter 1001 --source shop=sqlite::memory:
is "$code" 2 "there is no database in memory"

fixture
database shop.db <<'SQL'
UPDATE customer SET name = x'89504E47' WHERE customer_no = 1001;
SQL
fails 1 "person" "bytes in a text field" letter -c datenbrief.xml 1001 --stop-after model
fixture
database shop.db <<'SQL'
UPDATE orders SET total = 9e999 WHERE order_no = 'A-1';
SQL
fails 1 "orders" "an infinite amount" letter -c datenbrief.xml 1001 --stop-after model
fixture
database shop.db <<'SQL'
UPDATE customer SET name = 'a' || char(0) || 'b' WHERE customer_no = 1001;
SQL
fails 1 "person" "a NUL inside a text" letter -c datenbrief.xml 1001 --stop-after model
fixture
database shop.db <<'SQL'
UPDATE orders SET order_no = 'A' || char(0) || '1' WHERE order_no = 'A-1';
SQL
fails 1 "NUL" "a NUL inside a key" letter -c datenbrief.xml 1001 --stop-after model

query() { # query CODE TEXT WHAT SQL: the SQL as the query of the orders
	fixture
	edit datenbrief.xml "SELECT customer_no, order_no, ordered_on, total, row_version FROM orders WHERE customer_no = :subject" "$4"
	fails "$1" "$2" "$3" letter -c datenbrief.xml 1001 --stop-after model
}
query 2 "SELECT" "INSERT" "INSERT INTO orders (order_no, customer_no) VALUES ('X', :subject)"
query 2 "SELECT" "UPDATE with RETURNING" "UPDATE orders SET total = 0 WHERE customer_no = :subject RETURNING *"
query 2 "" "ATTACH" "ATTACH :subject AS other"
query 2 "" "PRAGMA" "PRAGMA table_info(orders)"
query 2 "" "a PRAGMA in a SELECT" "SELECT :subject AS customer_no, * FROM pragma_table_info('orders')"
query 2 "" "load_extension" "SELECT load_extension(:subject) AS customer_no"
query 2 "no SELECT" "EXPLAIN" "EXPLAIN SELECT customer_no FROM orders WHERE customer_no = :subject"
query 2 "no SELECT" "a transaction" "BEGIN"
query 2 "empty" "a comment only" "-- nothing"
query 2 "more than one" "a second statement" "SELECT customer_no FROM orders WHERE customer_no = :subject; DROP TABLE orders"
query 2 "custmer_no" "a misspelled column in quotation marks" 'SELECT customer_no, order_no, ordered_on, total, row_version FROM orders WHERE "custmer_no" = :subject'
query 2 "nosuch" "an unknown table" "SELECT * FROM nosuch WHERE customer_no = :subject"
fixture
edit datenbrief.xml "row_version FROM orders WHERE customer_no = :subject" "row_version FROM orders WHERE customer_no = ?1 -- ok"
letter 1001 --stop-after model
is "$code" 0 "?1 and a comment at the end are allowed"
is "$(python3 -c 'import sqlite3; print(sqlite3.connect("shop.db").execute("SELECT count(*) FROM orders").fetchone()[0])')" 3 \
	"no query changed anything"

# <subjects>
subjects() { # subjects CODE TEXT WHAT SQL
	fixture
	edit datenbrief.xml "SELECT customer_no FROM customer ORDER BY customer_no" "$4"
	fails "$1" "$2" "$3" run -c datenbrief.xml -o out
	no_file out "$3: no folder is made"
}
subjects 2 "nosuch" "a wrong list" "SELECT nosuch FROM customer"
subjects 2 "the column 'name'" "a list with a column of no use" "SELECT customer_no, name FROM customer"
subjects 2 "once each" "a list with a column twice" "SELECT customer_no, street, street FROM customer"
subjects 2 "NULL" "a list with a NULL" "SELECT customer_no FROM customer UNION ALL SELECT NULL"
subjects 2 "parameter" "a list with a parameter" "SELECT customer_no FROM customer WHERE customer_no = :subject"

# A writer holds the database.
fixture
python3 -c 'import sqlite3, sys, time
c = sqlite3.connect("shop.db", isolation_level=None); c.execute("BEGIN EXCLUSIVE"); open("locked", "w").close()
time.sleep(30)' &
locker=$!
for _ in $(seq 1 100); do [ -e locked ] && break; sleep 0.05; done
fails 75 "locked" "a locked database is tried again later" letter -c datenbrief.xml 1001 --stop-after model
kill $locker
wait $locker 2>/dev/null

# A damaged file: pages in the middle overwritten.
fixture
python3 -c 'import sqlite3
c = sqlite3.connect("shop.db")
c.executemany("INSERT INTO orders VALUES (?, 1001, \"2025-01-01\", 1, 1)", [("B-%d" % i,) for i in range(5000)]); c.commit(); c.close()
f = open("shop.db", "r+b"); f.seek(4096 * 4)
f.write(b"\xff" * 4096 * 8)'
letter 1001 -o damaged.pdf
[ "$code" -ne 0 ] && [ "$(wc -l <stderr)" -eq 1 ]; ok "a damaged database gives no letter"
no_file damaged.pdf "and no file"
done_testing
