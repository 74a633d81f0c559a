"""How a phone proves that its PIN was typed: with the key that lies behind it and never leaves it.

The key pair of a person seals what lies on the phone (sealing.py). With the office's pair it makes
a secret that only the two know (ECDH P-256, HKDF-SHA256). static/phone/vault/office.js proves.
"""

import hmac

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from collector_app.sync.rules.sealing import OfficeKey

PROOF_BYTES = 32
_INFO = b"ruta phone unlock"


def is_point(public: bytes) -> bool:
    """Tell whether bytes are a public key of the curve, uncompressed."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    except ValueError:
        return False
    return True


def proves(office: OfficeKey, public: bytes, challenge: str, proof: bytes) -> bool:
    """Tell whether the holder of the private key of `public` answered a challenge.

    Parameters
    ----------
    public : bytes
        A point of the curve, as `is_point` knows it.
    proof : bytes
        HMAC-SHA256 of the challenge under the common secret.
    """
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    shared = office.private.exchange(ec.ECDH(), theirs)
    secret = HKDF(hashes.SHA256(), PROOF_BYTES, salt=None, info=_INFO).derive(shared)
    return hmac.compare_digest(hmac.digest(secret, challenge.encode(), "sha256"), proof)
