#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a white picture, a PNG of SIDE times SIDE pixels, to standard output.

blank.py [SIDE]
"""
import struct
import sys
import zlib

side = int(sys.argv[1]) if len(sys.argv) > 1 else 200


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


sys.stdout.buffer.write(
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress((b"\0" + b"\xff" * side) * side))
    + chunk(b"IEND", b"")
)
