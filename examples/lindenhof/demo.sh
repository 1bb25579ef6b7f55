#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the letters of the sample company and says where they are: demo.sh PROGRAM CONFIG DATABASE FOLDER
set -eu
program=$1 config=$2 database=$3 out=$4
code=0
"$program" run -c "$config" --source "crm=sqlite:$database" -o "$out" || code=$?
[ "$code" -le 1 ] || exit "$code"

# Lines after the head; the lists are written with one line for each letter.
made=$(($(wc -l <"$out/manifest.csv") - 1))
held=$(($(wc -l <"$out/held.csv") - 1))
flags=$(sed -n 's/.*"hold","[^"]* \/ rule \([a-z-]*\)",.*/\1/p' "$out/held.csv" | sort)
echo
echo "$made letters:  $(cd "$out" && pwd)/letters"
[ "$held" -eq 0 ] && exit 0
echo "$held held:      $(cd "$out" && pwd)/held.csv"
if [ "$(echo "$flags" | wc -l)" -ne "$held" ]; then
	echo "Not all of them were meant to be held; held.csv names the reasons." >&2
	exit 1
fi
cat <<EOF

That is right: a letter is made complete or held, and these customers are in the sample data to show it. For each of them
a person must decide first, because the company's own data says:
$(echo "$flags" | sed 's/^/  - /')
EOF
