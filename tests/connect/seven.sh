# SPDX-License-Identifier: MIT
# The same customers from seven kinds of source, two of them servers that this test starts and stops: the same bytes.
. "${srcdir:-.}/tests/connect/common.sh"
export_py="$src/tests/connect/export.py"
has() { "$datenbrief" --version | grep -q "$1"; }
PATH=$PATH:/usr/sbin
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
driver=$(ls /usr/lib/*/odbc/libmaodbc.so /usr/lib/libmaodbc.so /usr/lib64/libmaodbc.so 2>/dev/null | head -1)
home=$(mktemp -d /tmp/dbrief.XXXXXX) || exit 99
chmod 755 "$home"
stop() {
	[ ! -d "$home/pg/data" ] || (cd / && as postgres "$bin/pg_ctl" -D "$home/pg/data" -s -m immediate stop)
	[ ! -s "$home/my/pid" ] || kill -9 "$(cat "$home/my/pid")"
	for _ in $(seq 1 50); do kill -0 "$(cat "$home/my/pid" 2>/dev/null)" 2>/dev/null || break; sleep 0.1; done
}
trap 'stop >/dev/null 2>&1; rm -rf "$home"' EXIT
trap 'exit 99' HUP INT TERM
as() { local user=$1; shift; if [ "$(id -u)" = 0 ]; then runuser -u "$user" -- "$@"; else "$@"; fi; }
folder_for() { mkdir "$home/$1" && { [ "$(id -u)" != 0 ] || chown "$2" "$home/$1"; }; }

# ---- servers: each sets why when there is none ----

postgresql() {
	has libpq || { why="this build has no connector for PostgreSQL"; return 1; }
	[ -x "$bin/initdb" ] || { why="there is no PostgreSQL server; install the package postgresql"; return 1; }
	why="no PostgreSQL server can be started here"
	folder_for pg postgres && cd / &&
		as postgres "$bin/initdb" -D "$home/pg/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$home/initdb.log" 2>&1 &&
		as postgres "$bin/pg_ctl" -D "$home/pg/data" -s -w -t 60 -l "$home/pg/log" -o "-k $home/pg -c listen_addresses= -c fsync=off" start >/dev/null 2>&1
}
mariadb_server() {
	has unixODBC || { why="this build has no connector for ODBC"; return 1; }
	! grep -q '^SAN_FLAGS = .*fsanitize' "$top/Makefile" || { why="MariaDB's driver does not run under AddressSanitizer"; return 1; }
	command -v mariadbd >/dev/null && [ -n "$driver" ] || { why="install the packages mariadb-server and odbc-mariadb"; return 1; }
	why="no MariaDB server can be started here"
	folder_for my mysql && cd / || return 1
	as mysql mariadb-install-db --no-defaults --datadir="$home/my/data" --auth-root-authentication-method=normal --skip-test-db \
		>"$home/install.log" 2>&1 || return 1
	as mysql mariadbd --no-defaults --datadir="$home/my/data" --socket="$home/my/s" --pid-file="$home/my/pid" --skip-networking --sql-mode=ANSI \
		--character-set-server=utf8mb4 --innodb-buffer-pool-size=32M --innodb-flush-log-at-trx-commit=0 --log-error="$home/my/log" >/dev/null 2>&1 &
	for _ in $(seq 1 300); do
		mariadb-admin --no-defaults -S "$home/my/s" -u root ping >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	return 1
}
client() { mariadb --no-defaults -S "$home/my/s" -u root --default-character-set=utf8mb4 -N -B "$@"; }
sql() { "$bin/psql" -h "$home/pg" -U postgres -q -v ON_ERROR_STOP=1 -d "$1" >/dev/null; }
why=""
no_pg="" no_my=""
postgresql || no_pg=$why
cd "$work" || exit 99
mariadb_server || no_my=$why
cd "$work" || exit 99

# ---- the comparison ----

equal() { # equal MODE CONFIG URL WHAT
	"$models" "$1" "$2" ${3:+"$3"} >got.xml
	cmp -s want.xml got.xml || diff want.xml got.xml | head -6 | cut -c1-300 | sed 's/^/# /'
	cmp -s want.xml got.xml; ok "$4: the same bytes"
}
seven() { # seven NAME DB CONFIG QUOTED-CONFIG SOURCE CUSTOMERS
	local db=$2 config=$3 quoted=$4 source=$5 kind
	"$models" one "$config" "$source=sqlite:$db" >want.xml
	is "$(grep -c '<model ' want.xml)" "$6" "$1: models of all customers from SQLite"
	! grep -m 3 '^# ' want.xml; ok "$1: none is held"
	for kind in csv json xml; do
		if has "^$(echo $kind | tr a-z A-Z) "; then
			mkdir "$1-$kind" "$1-$kind-records"
			python3 "$export_py" tables "$db" "$1-$kind" $kind
			equal many "$config" "$source=$kind:$1-$kind" "$1: $kind, tables"
			python3 "$export_py" records "$db" "$config" "$1-$kind-records" $kind >"$1-$kind-records.xml"
			equal one "$1-$kind-records.xml" "" "$1: $kind, records"
		else
			skip "$1: $kind" "this build has no connector for it"
		fi
	done
	if has "^exec "; then
		equal many "$config" "$source=exec:python3 '$src/examples/exec/sqlite.py' '$db'" "$1: exec"
	else
		skip "$1: exec" "this build has no connector for programs"
	fi
	if [ -z "$no_pg" ]; then
		equal many "$quoted" "$source=postgresql:host=$home/pg user=postgres dbname=$1" "$1: PostgreSQL"
	else
		skip "$1: PostgreSQL" "$no_pg"
	fi
	if [ -z "$no_my" ]; then
		equal many "$quoted" "$source=odbc:DRIVER=$driver;SOCKET=$home/my/s;UID=root;DATABASE=$1" "$1: ODBC (MariaDB)"
	else
		skip "$1: ODBC (MariaDB)" "$no_my"
	fi
}
fill() { # fill NAME DB: the servers' databases, with the indexes that joins need
	[ -n "$no_pg" ] || { echo "CREATE DATABASE $1" | sql postgres; python3 "$convert" dump "$2" postgresql | sql "$1"; }
	[ -n "$no_my" ] || { client -e "CREATE DATABASE $1"; python3 "$convert" dump "$2" mariadb | client "$1"; }
}

lindenhof
fill lindenhof lindenhof.db
seven lindenhof lindenhof.db datenbrief.xml datenbrief.xml crm \
	"$(python3 -c 'import sqlite3; print(sqlite3.connect("lindenhof.db").execute("SELECT count(*) FROM customer").fetchone()[0])')"

if [ -f "$data/chinook/chinook.sqlite" ]; then
	chinook
	fill chinook "$data/chinook/chinook.sqlite"
	[ -n "$no_my" ] || client chinook -e 'CREATE INDEX a ON "InvoiceLine" ("InvoiceId"); CREATE INDEX b ON "Track" ("TrackId");
		CREATE INDEX c ON "Album" ("AlbumId"); CREATE INDEX d ON "Artist" ("ArtistId"); CREATE INDEX e ON "Invoice" ("InvoiceId")'
	seven chinook "$data/chinook/chinook.sqlite" chinook.xml quoted.xml chinook 59
else
	skip "Chinook" "no chinook/chinook.sqlite; set DATENBRIEF_DATA to the folder that holds it"
fi
done_testing
