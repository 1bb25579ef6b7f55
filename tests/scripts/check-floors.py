#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An #include goes down or stays in its folder; a third-party header stays behind its door."""
from fnmatch import fnmatchcase
import os
import re
import sys

sys.dont_write_bytecode = True

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checklib import Planted, Tap, files_below, includes, read, source_root  # noqa: E402

FLOOR = {"util": 0, "xml": 1, "sink": 1, "model": 2, "register": 3, "gather": 3, "template": 3, "letter": 4, "text": 4,
         "page": 5, "layout": 6, "pdf": 6, "api": 7, "batch": 8}
# (folder, header): the letter's reader measures text with the engine's fonts.
SIDEWAYS = {("letter", "text/fontset.h")}
# Folders that use the library like any customer does.
OUTSIDE = ("lib/connect", "tools")

# Header patterns of a library, and the files that may include it.
DOORS = [
    (("libxml/*",), ("lib/xml/*", "lib/connect/xml*.[ch]")),
    (("unicode/*",), ("lib/util/norm.c", "lib/util/format*.[ch]", "lib/text/break*.[ch]", "lib/text/linebreak.c", "lib/text/bidi*.[ch]",
                      "lib/text/uchar.c", "lib/text/hyphen.c")),
    (("hb.h", "hb-*.h"), ("lib/text/*", "lib/pdf/font*.[ch]")),
    (("hpdf*.h",), ("lib/pdf/*",)),
    (("fontconfig/*",), ("lib/text/*",)),
    (("hyphen.h",), ("lib/text/hyphen*.c", "lib/text/version.c")),
    (("iconv.h",), ("lib/util/charset.c",)),
    (("sodium.h",), ("lib/util/hash.c",)),
    (("libdeflate.h", "zlib.h"), ("lib/pdf/compress.c", "lib/pdf/version.c")),
    (("png.h", "jpeglib.h", "jerror.h"), ("lib/pdf/image*.[ch]", "lib/pdf/version.c")),
    (("dmtx.h",), ("lib/layout/datamatrix*.c",)),
    (("qrencode.h",), ("lib/layout/qr*.c", "lib/layout/version.c", "lib/pdf/qr*.c", "lib/page/qr*.c")),
    (("sqlite3.h",), ("lib/connect/*", "lib/batch/*")),
    (("libpq-fe.h",), ("lib/connect/postgres*.[ch]",)),
    (("sql.h", "sqlext.h", "sqlucode.h"), ("lib/connect/odbc*.[ch]",)),
    (("jansson.h",), ("lib/connect/json*.[ch]", "lib/connect/exec*.[ch]")),
    (("malloc.h",), ("tools/datenbrief.c",)), # the program alone sets how memory is managed
    (("setjmp.h",), ("lib/pdf/image*.[ch]",)),
    (("valgrind/*",), ("lib/util/publish.h",)),
]
# C, POSIX and Linux: no door. Headers that belong to nobody are reported, so that each library gets its rule here.
SYSTEM = re.compile(r"(assert|ctype|dirent|errno|fcntl|fenv|float|inttypes|limits|math|poll|pthread|sched|signal|spawn|stdalign|stdarg|"
                    r"stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|termios|time|unistd|wchar|locale|getopt)\.h|"
                    r"sys/[a-z_]+\.h|linux/[a-z_]+\.h|sanitizer/[a-z_]+\.h")


def folder_of(path):
    return path.split("/")[1] if path.startswith("lib/") and path.count("/") > 1 else None


def check_quoted(path, name):
    """A header of our own."""
    if name == "config.h":
        return None
    if any(path.startswith(outside + "/") for outside in OUTSIDE):
        home = os.path.dirname(path)
        if "/" not in name or os.path.join("lib", name).startswith(home + "/"):
            return None
        return "only the public headers and those of its own folder"
    mine = folder_of(path)
    if mine not in FLOOR:
        return "its folder is on no floor"
    if "/" not in name:
        return "headers are included by folder and name"
    theirs = name.split("/")[0]
    if theirs not in FLOOR:
        return "that folder is on no floor"
    if theirs == mine or FLOOR[theirs] < FLOOR[mine] or (mine, name) in SIDEWAYS:
        return None
    return "goes up" if FLOOR[theirs] > FLOOR[mine] else "goes sideways"


def check_angled(path, name):
    """A public header, the system's or a third party's."""
    if name == "datenbrief.h":
        return "the umbrella header is for users of the library" if folder_of(path) in FLOOR else None
    if name.startswith("datenbrief/"):
        return None
    for headers, files in DOORS:
        if any(fnmatchcase(name, h) for h in headers):
            if any(fnmatchcase(path, f) for f in files):
                return None
            return "this library has its door elsewhere: " + ", ".join(files)
    return None if SYSTEM.fullmatch(name) else "unknown header: give it a rule in check-floors.py"


def check(root):
    findings = []
    for path in files_below(root, ["lib", "tools"], (".c", ".h")):
        for line, form, name in includes(read(root, path)):
            fault = check_quoted(path, name) if form == '"' else check_angled(path, name)
            if fault:
                findings.append(f"{path}:{line}: {name}: {fault}")
    return findings


BREACHES = [
    ("up", "lib/util/a.c", '#include "xml/xmlio.h"', True),
    ("sideways", "lib/sink/a.c", '#include "xml/xmlio.h"', True),
    ("sideways on floor 3", "lib/gather/a.c", '#include "register/register.h"', True),
    ("down", "lib/xml/a.c", '#include "util/buf.h"', False),
    ("in its own folder", "lib/xml/a.c", '#include "xml/xmlio.h"', False),
    ("the known exception", "lib/letter/a.c", '#include "text/fontset.h"', False),
    ("another header of text", "lib/letter/a.c", '#include "text/shape.h"', True),
    ("the umbrella inside", "lib/api/a.c", "#include <datenbrief.h>", True),
    ("a public header inside", "lib/api/a.c", "#include <datenbrief/engine.h>", False),
    ("internals in a connector", "lib/connect/a.c", '#include "util/buf.h"', True),
    ("internals in the program", "tools/a.c", '#include "util/buf.h"', True),
    ("the umbrella in the program", "tools/a.c", "#include <datenbrief.h>", False),
    ("its own header in the program", "tools/a.c", '#include "cli.h"', False),
    ("libxml2 outside", "lib/model/a.c", "#include <libxml/tree.h>", True),
    ("libharu outside", "lib/layout/a.c", "#  include  <hpdf.h>", True),
    ("ICU outside", "lib/letter/a.c", "#include <unicode/ucol.h>", True),
    ("iconv elsewhere in util", "lib/util/a.c", "#include <iconv.h>", True),
    ("an unknown library", "lib/util/a.c", "#include <glib.h>", True),
    ("a folder of no floor", "lib/extra/a.c", '#include "util/buf.h"', True),
    ("an include in a comment", "lib/util/a.c", '/*\n#include "xml/xmlio.h"\n*/', False),
]


def main():
    tap = Tap()
    findings = check(source_root())
    tap.ok(not findings, "every include goes down and every library stays behind its door", findings)
    for what, path, line, breach in BREACHES:
        with Planted({path: line + "\n"}) as root:
            tap.ok(bool(check(root)) == breach, f"{'found' if breach else 'allowed'}: {what}")
    tap.done()


main()
