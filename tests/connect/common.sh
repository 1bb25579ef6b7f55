# SPDX-License-Identifier: MIT
# Sourced by the tests of the SQL connectors: tests/cli/common.sh, and a folder for a private server.
. "${srcdir:-.}/tests/cli/common.sh"
data=${DATENBRIEF_DATA:-$src/../shared/data}
case $data in /*) ;; *) data="$top/$data" ;; esac
. "$src/tests/cli/init-common.sh"
models="$top/tests/connect/models"
convert="$src/tests/connect/convert.py"

# Sockets need a short path, and a server refuses to run as root: it runs as $owner in $home, given to it.
server_home() {
	owner=$1
	home=$(mktemp -d /tmp/dbrief.XXXXXX) || exit 99
	trap 'stop_server >/dev/null 2>&1; rm -rf "$home"' EXIT
	trap 'exit 99' HUP INT TERM
	[ "$(id -u)" != 0 ] || chown "$owner" "$home" || exit 99
	chmod 755 "$home"
}
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u "$owner" -- "$@"; else "$@"; fi; }

# same CONFIG URL-SQLITE URL CONFIG-THERE WHAT: all models of both, and in chunks, are the same bytes.
same() {
	"$models" one "$1" "$2" >want.xml
	ok "$5: models from SQLite, one by one"
	"$models" many "$1" "$2" >got.xml
	cmp want.xml got.xml; ok "$5: in chunks the same"
	! grep -m 3 '^# ' want.xml; ok "$5: none is held"
	"$models" one "$4" "$3" >got.xml
	cmp want.xml got.xml || diff want.xml got.xml | head -6 | cut -c1-300 | sed 's/^/# /'
	cmp -s want.xml got.xml; ok "$5: from the server, one by one, the same"
	"$models" many "$4" "$3" >got.xml
	cmp want.xml got.xml; ok "$5: from the server in chunks the same"
	is "$(grep -c '<model ' want.xml)" "$6" "$5: of all customers"
}
# The sample company's database, without the rules that hold letters.
lindenhof() {
	cat "$src/examples/lindenhof/schema.sql" "$src/examples/lindenhof/data.sql" | database lindenhof.db
	cp "$src/examples/lindenhof/datenbrief.xml" "$src/examples/lindenhof/register.xml" .
	sed -i "s|\.\./\.\./templates|$src/templates|; /<hold name=/d" datenbrief.xml
}
chinook() {
	cp "$src/examples/chinook/datenbrief.xml" chinook.xml
	cp "$src/examples/chinook/register.xml" register.xml
	sed -i "s|\.\./\.\./templates|$src/templates|" chinook.xml
	python3 "$convert" quote "$data/chinook/chinook.sqlite" chinook.xml >quoted.xml
}
# init_there URL SUBJECT ID WHAT: a draft from the server makes a letter; decided, it leaves nothing out.
init_there() {
	mkdir -p "$4" && cd "$4" || exit 99
	run init "$1" --subject "$2"
	is "$code" 0 "$4: a draft is written"
	run letter -c datenbrief.xml "$3" -o letter.pdf
	is "$code" 0 "$4: it makes a letter"
	no_todo_is_left "$4: "
	cd ..
}
