"""Writes resources/datasets/persuasion/persuasion.txt from Debian's copy of the R package janeaustenr.

    python3 scripts/makePersuasion.py            fetch the package with apt-get, write the file
    python3 scripts/makePersuasion.py --check    write nothing; exit 1 where the file differs

One line per line of the book, as plain ASCII. Needs a Debian or Ubuntu with apt-get and dpkg-deb; the
file is committed, so nothing else needs this script.
"""

import argparse
import hashlib
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).parent.parent / "resources" / "datasets" / "persuasion" / "persuasion.txt"
PACKAGE = "r-cran-janeaustenr"
DATABASE = "usr/lib/R/site-library/janeaustenr/data/Rdata.rdb"
TITLE = "Persuasion"
TEXT_SHA256 = "8061549557aebd2fd6e353d18d9197cb707029112bd52d4d8b174583a925848a"

STRING_VECTOR, STRING, ALTERNATIVE_VERSION = 16, 9, 3


def fetch_database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["apt-get", "download", "--quiet", PACKAGE], cwd=folder, check=True)
        [package] = Path(folder).glob("*.deb")
        subprocess.run(["dpkg-deb", "--extract", str(package), folder], check=True)
        return (Path(folder) / DATABASE).read_bytes()


def unpack_all(database: bytes) -> Iterator[bytes]:
    """Every object of R's lazy-load database: its unpacked length, then zlib's bytes."""
    place = 0
    while place < len(database):
        unpacking = zlib.decompressobj()
        yield unpacking.decompress(database[place + 4 :])
        place = len(database) - len(unpacking.unused_data)


def read_strings(serialized: bytes) -> list[str]:
    """A character vector in R's XDR serialization; [] where it is something else."""
    if serialized[:2] != b"X\n":
        return []
    version = struct.unpack(">i", serialized[2:6])[0]
    place = 14
    if version == ALTERNATIVE_VERSION:
        place += 4 + struct.unpack(">i", serialized[14:18])[0]
    flags, count = struct.unpack(">ii", serialized[place : place + 8])
    if flags & 0xFF != STRING_VECTOR:
        return []
    place += 8
    strings = []
    for _ in range(count):
        flags, length = struct.unpack(">ii", serialized[place : place + 8])
        if flags & 0xFF != STRING or length < 0:
            return []
        strings.append(serialized[place + 8 : place + 8 + length].decode("utf-8"))
        place += 8 + length
    return strings


def fetch_text() -> bytes:
    books = [lines for each in unpack_all(fetch_database()) if (lines := read_strings(each))]
    [book] = [lines for lines in books if lines[0] == TITLE]
    text = ("\n".join(line.rstrip() for line in book) + "\n").encode("ascii")
    digest = hashlib.sha256(text).hexdigest()
    if digest != TEXT_SHA256:
        sys.exit(f"{TITLE} of {PACKAGE} has sha256 {digest}, not {TEXT_SHA256}: nothing written")
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the committed text again.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    text = fetch_text()
    if arguments.check:
        if not TARGET.exists() or TARGET.read_bytes() != text:
            sys.exit(f"{TARGET} differs from what this script makes")
        return
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(text)


if __name__ == "__main__":
    main()
