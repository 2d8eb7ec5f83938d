"""A passkey device in software, which can also be made to answer wrongly."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORIGIN = "http://localhost:8000"
PRESENT, VERIFIED, BACKUP, ATTESTED = 0x01, 0x04, 0x08, 0x40


def text(raw):
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(encoded):
    return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


class Authenticator:
    """One device with one key. Its attributes may be changed to see what is refused."""

    def __init__(self, origin=ORIGIN, counts=True):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential = secrets.token_bytes(32)
        self.user = b""
        self.count = 1 if counts else 0
        self.counts = counts
        self.origin = origin
        self.rp_id = "localhost"
        self.flags = PRESENT | VERIFIED

    def client_data(self, kind, challenge):
        found = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(found).encode()

    def head(self, flags):
        rp_id = hashlib.sha256(self.rp_id.encode()).digest()
        return rp_id + bytes([flags]) + self.count.to_bytes(4, "big")

    def public_key(self):
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def add(self, options):
        """The answer to the question for a new passkey, as a browser would send it."""
        self.user = raw(options["user"]["id"])
        data = self.client_data("webauthn.create", options["challenge"])
        length = len(self.credential).to_bytes(2, "big")
        held = bytes(16) + length + self.credential + self.public_key()
        whole = self.head(self.flags | ATTESTED) + held
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": whole})
        response = {"clientDataJSON": text(data), "attestationObject": text(attestation)}
        return self.answer(response)

    def sign(self, options):
        """The answer to the question who it is."""
        self.count += self.counts
        data = self.client_data("webauthn.get", options["challenge"])
        head = self.head(self.flags)
        signed = head + hashlib.sha256(data).digest()
        response = {
            "clientDataJSON": text(data),
            "authenticatorData": text(head),
            "signature": text(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": text(self.user),
        }
        return self.answer(response)

    def answer(self, response):
        name = text(self.credential)
        kind = {"type": "public-key", "clientExtensionResults": {}}
        return json.dumps({"id": name, "rawId": name, "response": response, **kind})
