# SPDX-License-Identifier: MIT
# What gathering costs: the sample company's customers many times over, from SQLite and from a PostgreSQL server that is
# started for it, one by one and in chunks of 256. Prints figures, asserts nothing.
set -eu
export LC_ALL=C
src=$(cd "${srcdir:-.}" && pwd)
top=$(pwd)
work=$(mktemp -d /tmp/dbrief-bench.XXXXXX)
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
clean() {
	[ ! -d "$work/pg/data" ] || (cd / && as_owner "$bin/pg_ctl" -D "$work/pg/data" -s -m immediate stop) || true
	rm -rf "$work"
}
trap clean EXIT
chmod 755 "$work"
cd "$work"
python3 "$src/tests/bench/gather.py" "$src/examples/lindenhof" "$src/templates" "${BENCH_COPIES:-30}"
measure() { # measure WHAT CONFIG URL: the best of five rounds, since noise only ever adds
	for way in one many; do
		printf '%-26s %-5s ' "$1" "$way"
		for _ in 1 2 3 4 5; do "$top/tests/connect/models" "time-$way" "$2" "crm=$3"; done | sort -t' ' -k4n | head -1
	done
}
trips() { # trips WHAT CONFIG URL: how often the program sent something and then waited for the answer
	for way in one many; do
		strace -qq -f -e trace=sendto,recvfrom -o trace "$top/tests/connect/models" "time-$way" "$2" "crm=$3" >letters
		awk -v what="$1" -v way="$way" -v letters="$(grep -o '[0-9]* letters' letters | cut -d' ' -f1)" \
			'/ sendto\(/ {sent = 1} / recvfrom\(/ && !/EAGAIN/ {n += sent; sent = 0}
			END {printf "%-26s %-5s %d round trips for %d letters\n", what, way, n, letters}' trace
	done
}
measure "SQLite, 6 collections" six.xml sqlite:bench.db
measure "SQLite, all" all.xml sqlite:bench.db
if [ -x "$bin/initdb" ] && "$top/datenbrief" --version | grep -q libpq; then
	mkdir pg
	[ "$(id -u)" != 0 ] || chown postgres pg
	(cd / && as_owner "$bin/initdb" -D "$work/pg/data" -U postgres -A trust -E UTF8 --locale=C --no-sync) >initdb.log 2>&1
	(cd / && as_owner "$bin/pg_ctl" -D "$work/pg/data" -s -w -t 60 -l "$work/pg/log" \
		-o "-k $work/pg -c listen_addresses= -c fsync=off" start) >/dev/null 2>&1
	python3 "$src/tests/connect/convert.py" dump bench.db postgresql | "$bin/psql" -h "$work/pg" -U postgres -q -v ON_ERROR_STOP=1 >/dev/null
	"$bin/psql" -h "$work/pg" -U postgres -q -c ANALYZE
	measure "PostgreSQL, 6 collections" six.xml "postgresql:host=$work/pg user=postgres"
	measure "PostgreSQL, all" all.xml "postgresql:host=$work/pg user=postgres"
	if command -v strace >/dev/null; then
		trips "PostgreSQL, all" all.xml "postgresql:host=$work/pg user=postgres"
		echo "(both with those of the start, when each statement is prepared and described)"
	else
		echo "PostgreSQL: strace, which counts round trips, is not installed"
	fi
else
	echo "PostgreSQL: no server here, or a build without libpq"
fi
