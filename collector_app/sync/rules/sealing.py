"""Opens what phones seal to the office, so that a lost phone can send it and nobody can read it.

A box is one public key made for it alone (P-256), for each recipient the name of their key and the
content key wrapped for it, and the content. It is the hybrid encryption of RFC 9180 in the parts
that browsers offer: ECDH, HKDF-SHA256, AES-256-GCM. docs/sync-api.md tells the bytes;
static/phone/vault/sealing.js makes boxes.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VERSION = 1
NAME_BYTES = 8
POINT_BYTES = 65
WRAPPED_BYTES = 48  # a content key of 256 bits and its tag
IV_BYTES = 12
# What the box of the office adds to what is in it: one recipient more may be the phone itself.
MOST_ADDED_BYTES = 2 + POINT_BYTES + 4 * (NAME_BYTES + WRAPPED_BYTES) + IV_BYTES + 16
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # FIPS 186-4, D.1.2.3


class BrokenSeal(ValueError):
    """A box is not for the office, is not the one of this fact, or was changed."""


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """A key pair of the office; `name` is how boxes call it."""

    name: bytes
    public: bytes
    private: ec.EllipticCurvePrivateKey


def office_key(secret: str) -> OfficeKey:
    """Derive the key pair from the secret of the application.

    Derived, not stored: a database restored from yesterday still opens what phones sealed today.
    """
    stretched = HKDF(hashes.SHA256(), 48, salt=None, info=b"ruta phone seal").derive(
        secret.encode()
    )
    # 128 bits more than the order, so that every key is equally likely (FIPS 186-5, A.2.1).
    private = ec.derive_private_key(int.from_bytes(stretched) % (_ORDER - 1) + 1, ec.SECP256R1())
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return OfficeKey(key_name(public), public, private)


def key_name(public: bytes) -> bytes:
    """Return the short name of a public key, by which a recipient finds what is theirs."""
    return hashlib.sha256(public).digest()[:NAME_BYTES]


def open_box(box: bytes, keys: Iterable[OfficeKey], about: str) -> bytes:
    """Return what a box holds.

    Parameters
    ----------
    about : str
        The id of the fact that the box was sealed for: it can't be passed off as another.

    Raises
    ------
    BrokenSeal
        When none of the keys opens it.
    """
    if len(box) < 2 or box[0] != VERSION:
        message = "not a box of this version"
        raise BrokenSeal(message)
    point, wrapped, rest = _parts(box)
    for key in keys:
        if key.name in wrapped:
            return _opened(point, wrapped[key.name], rest, key, about)
    message = "sealed for another key"
    raise BrokenSeal(message)


def _parts(box: bytes) -> tuple[bytes, dict[bytes, bytes], bytes]:
    """Return the public key of a box, the wrapped keys by recipient, and its content."""
    at = 2 + POINT_BYTES
    one = NAME_BYTES + WRAPPED_BYTES
    end = at + box[1] * one
    lines = (box[n : n + one] for n in range(at, end, one))
    return box[2:at], {line[:NAME_BYTES]: line[NAME_BYTES:] for line in lines}, box[end:]


def _opened(point: bytes, wrapped: bytes, rest: bytes, key: OfficeKey, about: str) -> bytes:
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = key.private.exchange(ec.ECDH(), theirs)
        wrapping = HKDF(hashes.SHA256(), 32, salt=point, info=key.name).derive(shared)
        content_key = AESGCM(wrapping).decrypt(bytes(IV_BYTES), wrapped, None)
        iv, content = rest[:IV_BYTES], rest[IV_BYTES:]
        return AESGCM(content_key).decrypt(iv, content, about.encode())
    except (InvalidTag, ValueError) as error:
        message = "it was changed, or it is of another fact"
        raise BrokenSeal(message) from error
