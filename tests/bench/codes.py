#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Code lengths for lib/pdf/deflate_latin.c from the letters given: codes.py LETTER.pdf...

Counts the symbols of the deflate streams (RFC 1951) of pages and attached models, every stream and both kinds alike, and prints
the lengths of one code for all: a hexadecimal digit a symbol, 286 literals and lengths, then 30 distances.
"""
import heapq
import re
import sys
import zlib

LENGTH_EXTRA = [0] * 8 + [n for n in range(1, 6) for _ in range(4)] + [0]
DISTANCE_EXTRA = [0, 0] + [n for n in range(14) for _ in range(2)]
RUN_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
UNSEEN = 1.0    # of 30,000: a symbol that no letter has


class Bits:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        value = 0
        for i in range(n):
            value |= (self.data[self.at >> 3] >> (self.at & 7) & 1) << i
            self.at += 1
        return value

    def symbol(self, codes):
        code = n = 0
        while (n, code) not in codes:
            code, n = code << 1 | self.take(1), n + 1
        return codes[n, code]


def codes_of(lengths):
    codes, code = {}, 0
    for n in range(1, 16):
        for symbol, length in enumerate(lengths):
            if length == n:
                codes[n, code] = symbol
                code += 1
        code <<= 1
    return codes


def read_lengths(bits):
    n_lit, n_dist, n_run = bits.take(5) + 257, bits.take(5) + 1, bits.take(4) + 4
    runs = [0] * 19
    for i in range(n_run):
        runs[RUN_ORDER[i]] = bits.take(3)
    codes, lengths = codes_of(runs), []
    while len(lengths) < n_lit + n_dist:
        symbol = bits.symbol(codes)
        if symbol < 16:
            lengths.append(symbol)
        elif symbol == 16:
            lengths += lengths[-1:] * (3 + bits.take(2))
        else:
            lengths += [0] * (3 + bits.take(3) if symbol == 17 else 11 + bits.take(7))
    return lengths[:n_lit], lengths[n_lit:]


def count(stream, literals, distances):
    """Adds how often each symbol occurs in a raw deflate stream."""
    bits, last = Bits(stream), 0
    while not last:
        last, kind = bits.take(1), bits.take(2)
        if kind == 0:
            return
        lengths = ([8] * 144 + [9] * 112 + [7] * 24 + [8] * 8, [5] * 30) if kind == 1 else read_lengths(bits)
        lit, dist = codes_of(lengths[0]), codes_of(lengths[1])
        symbol = -1
        while symbol != 256:
            symbol = bits.symbol(lit)
            literals[symbol] += 1
            if symbol > 256:
                bits.take(LENGTH_EXTRA[symbol - 257])
                symbol = bits.symbol(dist)
                distances[symbol] += 1
                bits.take(DISTANCE_EXTRA[symbol])
                symbol = -1


def streams(path):
    """Kind and deflate stream of each page and attached model."""
    with open(path, "rb") as f:
        data = f.read()
    for m in re.finditer(rb"\d+ 0 obj\s*<<((?:(?!endobj).)*?)>>\s*stream\r?\n", data, re.S):
        length = re.search(rb"/Length (\d+)", m[1])
        if not length or b"/FlateDecode" not in m[1]:
            continue
        packed = data[m.end():m.end() + int(length[1])]
        if b"/EmbeddedFile" in m[1]:
            yield "model", packed[2:-4]
        elif b" Td[(" in zlib.decompress(packed)[:4096]:
            yield "page", packed[2:-4]


def add(total, counts, weight):
    n = sum(counts) or 1
    for i, v in enumerate(counts):
        total[i] += weight * v / n


def huffman(weights):
    heap = [(w, i, [i]) for i, w in enumerate(weights)]
    lengths = [0] * len(weights)
    heapq.heapify(heap)
    while len(heap) > 1:
        a, b = heapq.heappop(heap), heapq.heappop(heap)
        for i in a[2] + b[2]:
            lengths[i] += 1
        heapq.heappush(heap, (a[0] + b[0], min(a[1], b[1]), a[2] + b[2]))
    return lengths


def main():
    found = [s for path in sys.argv[1:] for s in streams(path)]
    literals, distances = [UNSEEN] * 286, [UNSEEN] * 30
    for kind in ("page", "model"):
        of_kind = [s for k, s in found if k == kind]
        for stream in of_kind:
            counts = [0] * 286, [0] * 30
            count(stream, *counts)
            add(literals, counts[0], 15000 / len(of_kind))
            add(distances, counts[1], 15000 / len(of_kind))
    lengths = huffman(literals) + huffman(distances)
    if max(lengths) > 15:
        sys.exit("codes.py: a code is longer than 15 bits; raise UNSEEN")
    digits = "".join("%x" % n for n in lengths)
    for i in range(0, len(digits), 100):
        print('\t"%s"' % digits[i:i + 100])


main()
