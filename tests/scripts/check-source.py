#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Banned calls, licence lines, paths of somebody's machine, and symbols the library must not use."""
from fnmatch import fnmatchcase
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checklib import Planted, TOKEN, Tap, blank, files_below, read, source_root, tracked_files  # noqa: E402

# (functions, why, files they are banned in, files excepted)
BANNED = [
    ("sprintf vsprintf strcpy stpcpy strcat strncat gets", "writes without a bound", ("lib/*", "tools/*"), ()),
    ("strtok strtok_r", "changes its input", ("lib/*", "tools/*"), ()),
    ("strtod strtof strtold atof scanf sscanf fscanf vsscanf", "follows the locale", ("lib/*", "tools/*"), ()),
    ("atoi atol atoll", "hides errors; use dbi_parse_int or strtol with checks", ("lib/*", "tools/*"), ()),
    ("setlocale uselocale localeconv", "locale is the host's", ("lib/*", "tools/*"), ()),
    ("strerror strerror_r perror strftime localtime localtime_r gmtime ctime asctime", "follows locale or time zone; see dbi_errno_text",
     ("lib/*",), ()),
    ("system popen fork vfork", "the library never forks", ("lib/*",), ()),
    ("system popen", "runs a shell", ("tools/*",), ()),
    ("posix_spawn posix_spawnp", "programs are started in one place", ("lib/*", "tools/*"), ("lib/connect/exec_process.c",)),
    ("signal sigaction atexit abort exit _exit", "belongs to the host", ("lib/*",), ()),
    ("printf puts putchar vprintf", "the library prints nothing", ("lib/*",), ()),
    ("free", "allocate through util/mem.h; realpath alone gives memory of the C library", ("lib/*",),
     ("lib/util/mem.c", "lib/connect/*", "lib/template/load.c")),
    ("malloc calloc realloc strdup strndup asprintf vasprintf alloca", "allocate through util/mem.h", ("lib/*",),
     ("lib/util/mem.c", "lib/connect/*")),
    ("rand srand random srandom drand48", "use dbi_random", ("lib/*", "tools/*"), ()),
    ("time clock_gettime gettimeofday", "the letter's date is the only clock; deadlines are measured in gather and batch", ("lib/*",),
     ("lib/gather/*", "lib/batch/*", "lib/api/*", "lib/connect/*")),
    ("setjmp longjmp", "only around libpng and libjpeg", ("lib/*", "tools/*"), ("lib/pdf/image*",)),
    ("xmlSetGenericErrorFunc xmlSetStructuredErrorFunc xmlSetExternalEntityLoader xmlCleanupParser xmlMemSetup", "global state of libxml2",
     ("lib/*", "tools/*"), ()),
]
# printf of real numbers: the point follows the locale.
REAL = re.compile(r"%[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*)?)?[lL]?[aAeEfFgG](?![A-Za-z])")
PRINTF = re.compile(r"\b(?:\w*printf|dbi_buf_addf|dbi_error\w*|dbi_form_error)\s*\(")
SPDX = "SPDX-License-" + "Identifier: MIT"
MACHINE = re.compile("/" + "work/|/" + r"tmp/(dev|build|hub)\b|/" + "root/|/" + "home/[a-z]")
SYMBOLS = ["HPDF_LoadPng*", "HPDF_LoadRawImageFromFile", "HPDF_LoadJpeg*", "HPDF_LoadTTF*", "HPDF_SaveToFile", "HPDF_PDFA_*", "HPDF_AttachFile",
           "HPDF_UseUTF*", "xslt*", "xmlCleanupParser", "xmlMemSetup", "xmlSetGenericErrorFunc", "xmlSetStructuredErrorFunc",
           "xmlSetExternalEntityLoader", "setlocale", "uselocale", "fork", "vfork", "system", "popen", "strtod", "strtof", "sprintf",
           "vsprintf", "strcpy", "strcat", "strtok", "localtime", "gmtime", "ctime"]


def matches(path, patterns):
    return any(fnmatchcase(path, p) for p in patterns)


def check_calls(path, text):
    code = blank(text)
    for functions, why, where, excepted in BANNED:
        if not matches(path, where) or matches(path, excepted):
            continue
        # A member of a struct or a pointer to a function is something else of the same name.
        pattern = re.compile(r"(?<![\w.>])(" + "|".join(functions.split()) + r")\s*\(")
        for number, line in enumerate(code.split("\n"), 1):
            for match in pattern.finditer(line):
                yield f"{path}:{number}: {match.group(1)}: {why}"


def check_reals(path, text):
    """A %f, %g or the like in the format of a call of the printf family."""
    code = blank(text, keep_strings=True)
    for call in PRINTF.finditer(code):
        end = code.find(";", call.end())
        for token in TOKEN.finditer(code, call.end(), end if end > 0 else len(code)):
            if token.group(0)[0] == '"' and REAL.search(token.group(0).replace("%%", "")):
                yield f"{path}:{code.count(chr(10), 0, call.start()) + 1}: printf of a real number follows the locale"


def check_licence(path, text):
    if path.endswith((".c", ".h", ".py", ".sh", ".rng", ".am", ".ac")) and SPDX not in text[:400]:
        yield f"{path}: no licence line near the top"


def check_machine(path, text):
    for number, line in enumerate(text.split("\n"), 1):
        if MACHINE.search(line):
            yield f"{path}:{number}: a path of somebody's machine"


def check(root):
    findings = []
    for path in files_below(root, ["lib", "tools"], (".c", ".h")):
        text = read(root, path)
        findings += check_calls(path, text)
        findings += check_reals(path, text)
    for path in tracked_files(root):
        text = read(root, path)
        findings += check_licence(path, text)
        findings += check_machine(path, text)
    return findings


def undefined_symbols(library):
    out = subprocess.run(["nm", "-D", "--undefined-only", library], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1].split("@")[0] for line in out.splitlines() if line.strip()}


def check_symbols(symbols):
    return sorted(s for s in symbols if matches(s, SYMBOLS))


def test_library(tap):
    library = os.path.join(os.getcwd(), ".libs", "libdatenbrief.so")
    try:
        symbols = undefined_symbols(library)
    except (OSError, subprocess.CalledProcessError):
        tap.skip("the library uses no forbidden symbol", "no built library or no nm")
        return
    tap.ok({"xmlNewParserCtxt", "memcpy"} & symbols, "the symbols of the built library can be read")
    bad = check_symbols(symbols)
    tap.ok(not bad, "the library uses no forbidden symbol", bad)


HEAD = "/* " + SPDX + " */\n"
BREACHES = [
    ("sprintf", "lib/util/a.c", HEAD + "int f(char *s)\n{\n\treturn sprintf (s, 0);\n}\n", True),
    ("snprintf", "lib/util/a.c", HEAD + "int f(char *s)\n{\n\treturn snprintf(s, 1, 0);\n}\n", False),
    ("a banned name in a comment", "lib/util/a.c", HEAD + "/* strcpy(a, b) */\n", False),
    ("a banned name in a string", "lib/util/a.c", HEAD + 'const char *s = "strcpy(a, b)";\n', False),
    ("a member of that name", "lib/util/a.c", HEAD + "int f(struct s *s)\n{\n\treturn s->system(1) + s->ops.free(2);\n}\n", False),
    ("fork in the library", "lib/api/a.c", HEAD + "int f(void)\n{\n\treturn fork();\n}\n", True),
    ("fork in the program", "tools/a.c", HEAD + "int f(void)\n{\n\treturn fork();\n}\n", False),
    ("malloc in the library", "lib/api/a.c", HEAD + "void *f(void)\n{\n\treturn malloc(1);\n}\n", True),
    ("malloc in a connector", "lib/connect/a.c", HEAD + "void *f(void)\n{\n\treturn malloc(1);\n}\n", False),
    ("a real number", "lib/api/a.c", HEAD + 'void f(char *s)\n{\n\tsnprintf(s, 9,\n\t    "x %5.2f");\n}\n', True),
    ("a percent sign", "lib/api/a.c", HEAD + 'void f(char *s)\n{\n\tsnprintf(s, 9, "100%% for %d");\n}\n', False),
    ("no licence line", "lib/util/a.c", "int a;\n", True),
    ("a path of a machine", "doc/a.md", "see /" + "work/x\n", True),
    ("another path", "doc/a.md", "see framework/x and /usr/share\n", False),
]


def main():
    tap = Tap()
    findings = check(source_root())
    tap.ok(not findings, "no banned call, no missing licence line, no path of a machine", findings)
    test_library(tap)
    for what, path, text, breach in BREACHES:
        with Planted({path: text}) as root:
            tap.ok(bool(check(root)) == breach, f"{'found' if breach else 'allowed'}: {what}")
    tap.ok(check_symbols({"HPDF_LoadPngImageFromMem", "xsltApplyStylesheet", "fork", "xmlNewDoc", "memcpy"}) ==
           ["HPDF_LoadPngImageFromMem", "fork", "xsltApplyStylesheet"], "found: forbidden symbols among others")
    tap.done()


main()
