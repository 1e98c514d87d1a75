"""Makes the vectors of the OpenID Connect tests with other implementations: PyJWT, joserfc and cryptography.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install 'pyjwt[crypto]' joserfc
    /tmp/venv/bin/python make.py

Writes beside itself:

- keys.json: the private keys, made once and then read again, so that a new run changes little. They are test keys and
  guard nothing.
- providers.json: discovery document, key set, ID token and userinfo in the shapes of Keycloak, Entra ID, Okta, Google,
  Auth0 and ADFS, and what must be read from them. Names, ids and keys are invented.
- tokens.json: ID tokens that must be accepted, and attacks with the code of the error that must refuse them.
- logout.json: the same for logout tokens.

All times are fixed: NOW is the time of the tests. ECDSA and RSA-PSS signatures are random, so those tokens differ in
every run.
"""

import base64
import hashlib
import hmac
import json
import pathlib

import jwt
from cryptography.hazmat.primitives import hashes, serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, ed448, padding, rsa
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import RSAKey

HERE = pathlib.Path(__file__).parent
NOW = 1790000000
ISSUER = "https://sso.example.com/realms/acme"
CLIENT = "rolecall"
NONCE = "n-0S6_WzA2MjQ3-Xk1pYl9mZ2hpamtsbW5vcHFyc3Q"
ACCESS_TOKEN = "ya29.jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


# ---- keys

MAKERS = {
    "rsa": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "rsa-other": lambda: rsa.generate_private_key(public_exponent=65537, key_size=3072),
    "rsa-small": lambda: rsa.generate_private_key(public_exponent=65537, key_size=1024),
    "stranger": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "p521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ed448": ed448.Ed448PrivateKey.generate,
}


def load_keys():
    path = HERE / "keys.json"
    stored = json.loads(path.read_text()) if path.exists() else {}
    for name, make in MAKERS.items():
        if name not in stored:
            der = make().private_bytes(ser.Encoding.DER, ser.PrivateFormat.PKCS8, ser.NoEncryption())
            stored[name] = base64.b64encode(der).decode()
    path.write_text(json.dumps(stored, indent=1) + "\n")
    return {name: ser.load_der_private_key(base64.b64decode(der), None) for name, der in stored.items()}


KEYS = load_keys()


def integer(number, length=None):
    return b64(number.to_bytes(length or (number.bit_length() + 7) // 8, "big"))


def jwk(name, **more):
    """The public key as a JWK with its name as kid, written by hand: the members are what the tests are about."""
    public = KEYS[name].public_key()
    if isinstance(public, rsa.RSAPublicKey):
        numbers = public.public_numbers()
        members = {"kty": "RSA", "n": integer(numbers.n), "e": integer(numbers.e)}
    elif isinstance(public, ec.EllipticCurvePublicKey):
        numbers = public.public_numbers()
        length = (public.curve.key_size + 7) // 8
        curve = {256: "P-256", 384: "P-384", 521: "P-521"}[public.curve.key_size]
        members = {"kty": "EC", "crv": curve, "x": integer(numbers.x, length), "y": integer(numbers.y, length)}
    else:
        curve = "Ed25519" if isinstance(public, ed25519.Ed25519PublicKey) else "Ed448"
        members = {"kty": "OKP", "crv": curve, "x": b64(public.public_bytes(ser.Encoding.Raw, ser.PublicFormat.Raw))}
    members = {**members, "kid": name, "use": "sig", **more}
    return {member: value for member, value in members.items() if value is not None}


JWKS = {
    "keys": [
        jwk("rsa"),
        jwk("rsa-other", alg="RS256"),
        jwk("rsa-small"),
        jwk("p256", alg="ES256"),
        jwk("p384"),
        jwk("p521", alg="ES512"),
        jwk("ed25519", alg="EdDSA"),
        jwk("ed448"),
        {**jwk("stranger"), "kid": "encryption", "use": "enc", "alg": "RSA-OAEP"},
        {"kty": "oct", "kid": "symmetric", "k": b64(b"secret" * 8)},
        {"kty": "future", "kid": "unknown"},
    ]
}

# ---- tokens

CLAIMS = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "7d1f1f0e-2b8e-4c0e-9c1d-5a6b7c8d9e0f",
    "iat": NOW - 10,
    "exp": NOW + 290,
    "nonce": NONCE,
}


def body(changes=None, without=()):
    return {name: value for name, value in {**CLAIMS, **(changes or {})}.items() if name not in without}


def token(changes=None, without=(), key="rsa", alg="RS256", headers=None, kid=True):
    """By PyJWT. `kid=None` leaves the key id out; other texts replace it."""
    header = dict(headers or {})
    if kid:
        header["kid"] = key if kid is True else kid
    return jwt.encode(body(changes, without), KEYS[key], algorithm=alg, headers=header)


def sign(alg, key, message):
    """A signature over any bytes, for tokens that PyJWT refuses to make."""
    return jwt.get_algorithm_by_name(alg).sign(message, KEYS[key])


def by_hand(header, payload, signature):
    """Header and payload as bytes or values; the signature as bytes, or as a function of what is signed."""
    header = header if isinstance(header, bytes) else compact(header)
    payload = payload if isinstance(payload, bytes) else compact(payload)
    signed = f"{b64(header)}.{b64(payload)}"
    if callable(signature):
        signature = signature(signed.encode())
    return f"{signed}.{b64(signature)}"


def rs256(message):
    return sign("RS256", "rsa", message)


RS = {"alg": "RS256", "kid": "rsa", "typ": "JWT"}


def at_hash(hash_name, access_token=ACCESS_TOKEN):
    digest = hashlib.new(hash_name, access_token.encode()).digest()
    return b64(digest[: len(digest) // 2])


def mac(secret, hash_name="sha256"):
    return lambda message: hmac.new(secret, message, hash_name).digest()


def accepted():
    hash_of = {"256": "sha256", "384": "sha384", "512": "sha512"}
    for alg, key in [
        ("RS256", "rsa"), ("RS384", "rsa"), ("RS512", "rsa"), ("PS256", "rsa"), ("PS384", "rsa"), ("PS512", "rsa"),
        ("RS256", "rsa-other"), ("ES256", "p256"), ("ES384", "p384"), ("EdDSA", "ed25519"),
    ]:
        name = hash_of.get(alg[2:], "sha512")
        yield f"{alg} with {key}", token({"at_hash": at_hash(name)}, key=key, alg=alg)
    yield "EdDSA named Ed25519", by_hand(
        {"alg": "Ed25519", "kid": "ed25519"}, body(), lambda m: sign("EdDSA", "ed25519", m)
    )
    yield "no kid where one key fits", token(key="p384", alg="ES384", kid=None)
    yield "a list of one audience", token({"aud": [CLIENT]})
    yield "several audiences, issued to us", token({"aud": ["account", CLIENT], "azp": CLIENT})
    yield "one audience and azp", token({"azp": CLIENT})
    yield "expired 59 seconds ago", token({"exp": NOW - 59})
    yield "issued in 60 seconds", token({"iat": NOW + 60})
    yield "valid in 60 seconds", token({"nbf": NOW + 60})
    yield "times with a fraction", token({"iat": NOW - 10.25, "exp": NOW + 290.75})
    yield "a subject of 255 characters", token({"sub": "s" * 255})
    yield "no typ", by_hand({"alg": "RS256", "kid": "rsa"}, body(), rs256)
    yield "typ in lower case", token(headers={"typ": "jwt"})
    yield "headers that are never looked at", token(
        headers={"jku": "https://evil.example/keys", "x5u": "https://evil.example/cert", "x5t": "AAAA", "x5c": ["AAAA"]}
    )
    yield "claims that nobody knows", token({"future": {"a": [1, None, True, 1.5, "é🦒"]}})


def refused():
    stranger = lambda message: sign("RS256", "stranger", message)
    public = KEYS["rsa"].public_key()
    pem = public.public_bytes(ser.Encoding.PEM, ser.PublicFormat.SubjectPublicKeyInfo)
    der = public.public_bytes(ser.Encoding.DER, ser.PublicFormat.SubjectPublicKeyInfo)
    pkcs1 = public.public_bytes(ser.Encoding.PEM, ser.PublicFormat.PKCS1)
    good = token()
    header, payload, signature = good.split(".")

    # No signature at all.
    for name in ["none", "None", "NONE", "nOnE", "", " none"]:
        yield f"alg {name!r} without signature", "token-algorithm", by_hand({**RS, "alg": name}, body(), b"")
    yield "alg none with a good signature", "token-algorithm", by_hand({**RS, "alg": "none"}, body(), rs256)
    yield "no alg", "token-malformed", by_hand({"kid": "rsa"}, body(), rs256)
    yield "alg is a number", "token-malformed", by_hand({**RS, "alg": 256}, body(), rs256)
    yield "alg is a list", "token-malformed", by_hand({**RS, "alg": ["none", "RS256"]}, body(), rs256)
    yield "alg in lower case", "token-algorithm", by_hand({**RS, "alg": "rs256"}, body(), rs256)

    # The public key as the secret of an HMAC.
    forms = {
        "PEM": pem, "PEM without the last line end": pem.rstrip(b"\n"), "PEM of PKCS #1": pkcs1, "DER": der,
        "JWK": compact(jwk("rsa")), "n": jwk("rsa")["n"].encode(),
        "bytes of n": public.public_numbers().n.to_bytes(256, "big"),
    }
    for name, secret in forms.items():
        yield f"HS256 with the public key as {name}", "token-algorithm", by_hand({**RS, "alg": "HS256"}, body(), mac(secret))
    yield "HS512 with the public key as PEM", "token-algorithm", by_hand({**RS, "alg": "HS512"}, body(), mac(pem, "sha512"))
    yield "HS256 with the client secret", "token-algorithm", by_hand({"alg": "HS256"}, body(), mac(b"client-secret"))
    yield "HS256 with the symmetric key of the set", "token-algorithm", by_hand(
        {"alg": "HS256", "kid": "symmetric"}, body(), mac(b"secret" * 8)
    )
    yield "RS256 said, HMAC with the public key", "token-signature", by_hand(RS, body(), mac(pem))

    # The algorithm does not fit the key.
    yield "ES256 with the id of an RSA key", "token-key-of-other-kind", by_hand(
        {"alg": "ES256", "kid": "rsa"}, body(), lambda m: sign("ES256", "p256", m)[:64]
    )
    yield "RS256 with the id of a P-256 key", "token-key-of-other-kind", by_hand({**RS, "kid": "p256"}, body(), rs256)
    yield "ES384 with the id of a P-256 key", "token-key-of-other-kind", by_hand({"alg": "ES384", "kid": "p256"}, body(), b"\0" * 96)
    yield "EdDSA with the id of an RSA key", "token-key-of-other-kind", by_hand({"alg": "EdDSA", "kid": "rsa"}, body(), b"\0" * 64)
    yield "PS256 with a key for RS256", "token-key-of-other-kind", token(key="rsa-other", alg="PS256")
    yield "RS256 said, PS256 made", "token-signature", by_hand(RS, body(), lambda m: sign("PS256", "rsa", m))
    yield "PS256 said, RS256 made", "token-signature", by_hand({**RS, "alg": "PS256"}, body(), rs256)
    yield "RS256 said, RS512 made", "token-signature", by_hand(RS, body(), lambda m: sign("RS512", "rsa", m))
    yield "PS256 with a salt of another length", "token-signature", by_hand(
        {**RS, "alg": "PS256"}, body(),
        lambda m: KEYS["rsa"].sign(m, padding.PSS(padding.MGF1(hashes.SHA256()), 0), hashes.SHA256()),
    )
    yield "RS1", "token-algorithm", by_hand(
        {**RS, "alg": "RS1"}, body(), lambda m: KEYS["rsa"].sign(m, padding.PKCS1v15(), hashes.SHA1())
    )
    yield "ES512", "token-algorithm", token(key="p521", alg="ES512")
    yield "EdDSA with Ed448", "token-unusable-key", token(key="ed448", alg="EdDSA")

    # Key ids.
    for name, kid in {
        "a path": "../../../../../../dev/null", "SQL": "x' UNION SELECT 'AAAA' -- ", "an address": "https://evil.example/key",
        "a command": "rsa|id", "a NUL": "rsa\0", "empty": "", "another case": "RSA", "a space": "rsa ",
    }.items():
        yield f"kid is {name}", "token-unknown-key", by_hand({**RS, "kid": kid}, body(), stranger)
    yield "kid is a path and the secret is empty", "token-algorithm", by_hand({"alg": "HS256", "kid": "/dev/null"}, body(), mac(b""))
    yield "kid is long", "token-malformed", by_hand({**RS, "kid": "k" * 513}, body(), rs256)
    yield "kid is a number", "token-malformed", by_hand({**RS, "kid": 1}, body(), rs256)
    yield "kid is null", "token-malformed", by_hand({**RS, "kid": None}, body(), rs256)
    yield "no kid and several keys", "token-several-keys", token(kid=None, alg="RS256")
    yield "the key is for encryption", "token-unusable-key", by_hand({**RS, "kid": "encryption"}, body(), stranger)
    yield "the key has 1024 bits", "token-unusable-key", token(key="rsa-small")
    yield "the key is symmetric", "token-unusable-key", by_hand({**RS, "kid": "symmetric"}, body(), rs256)

    # Keys that the token brings.
    evil = {**jwk("stranger"), "kid": "rsa"}
    yield "jwk", "token-header", by_hand({**RS, "jwk": evil}, body(), stranger)
    yield "jwk of the right key", "token-header", by_hand({**RS, "jwk": jwk("rsa")}, body(), rs256)
    yield "jku with our kid", "token-signature", by_hand({**RS, "jku": "https://evil.example/keys"}, body(), stranger)
    yield "jku with another kid", "token-unknown-key", by_hand({**RS, "jku": "https://evil.example/keys", "kid": "evil"}, body(), stranger)
    yield "x5u", "token-signature", by_hand({**RS, "x5u": "https://evil.example/cert.pem"}, body(), stranger)
    yield "x5c", "token-signature", by_hand({**RS, "x5c": [base64.b64encode(der).decode()]}, body(), stranger)
    yield "crit", "token-header", by_hand({**RS, "crit": ["exp"], "exp": NOW + 290}, body(), rs256)
    yield "crit of an unencoded payload", "token-header", by_hand({**RS, "crit": ["b64"], "b64": False}, body(), rs256)

    # Signatures.
    yield "signed with another key", "token-signature", by_hand(RS, body(), stranger)
    yield "no signature", "token-signature", by_hand(RS, body(), b"")
    yield "RS256 of zeros", "token-signature", by_hand(RS, body(), b"\0" * 256)
    yield "RS256 of one", "token-signature", by_hand(RS, body(), b"\0" * 255 + b"\1")
    yield "RS256 with a byte more", "token-signature", by_hand(RS, body(), lambda m: rs256(m) + b"\0")
    es = {"alg": "ES256", "kid": "p256"}
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    n = order.to_bytes(32, "big")
    es256 = lambda m: sign("ES256", "p256", m)
    yield "ES256 of zeros (CVE-2022-21449)", "token-signature", by_hand(es, body(), b"\0" * 64)
    yield "ES256 with r of zero", "token-signature", by_hand(es, body(), lambda m: b"\0" * 32 + es256(m)[32:])
    yield "ES256 with s of zero", "token-signature", by_hand(es, body(), lambda m: es256(m)[:32] + b"\0" * 32)
    yield "ES256 of the order", "token-signature", by_hand(es, body(), n + n)
    yield "ES256 with s beyond the order", "token-signature", by_hand(
        es, body(), lambda m: (lambda s: s[:32] + min(int.from_bytes(s[32:], "big") + order, 2**256 - 1).to_bytes(32, "big"))(es256(m))
    )
    yield "ES256 as DER", "token-signature", by_hand(es, body(), lambda m: KEYS["p256"].sign(m, ec.ECDSA(hashes.SHA256())))
    yield "ES256 as an empty DER", "token-signature", by_hand(es, body(), bytes.fromhex("3006020100020100"))
    yield "ES384 of zeros", "token-signature", by_hand({"alg": "ES384", "kid": "p384"}, body(), b"\0" * 96)
    ed = {"alg": "EdDSA", "kid": "ed25519"}
    yield "EdDSA of zeros", "token-signature", by_hand(ed, body(), b"\0" * 64)
    yield "EdDSA of the neutral point", "token-signature", by_hand(ed, body(), b"\1" + b"\0" * 63)
    yield "the payload of another token", "token-signature", f"{header}.{b64(compact(body({'sub': 'admin'})))}.{signature}"
    yield "the header of another token", "token-signature", f"{b64(compact({**RS, 'x': 1}))}.{payload}.{signature}"

    # Forms.
    yield "nothing", "token-malformed", ""
    yield "dots", "token-malformed", ".."
    yield "two parts", "token-malformed", f"{header}.{payload}"
    yield "a dot at the end", "token-malformed", good + "."
    yield "a dot at the beginning", "token-malformed", "." + good
    yield "six parts", "token-malformed", good + "." + good
    yield "encrypted", "token-encrypted", "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d"
    yield "padding", "token-malformed", good + "=="
    yield "a space at the end", "token-malformed", good + " "
    yield "a line end at the end", "token-malformed", good + "\n"
    yield "a space at the beginning", "token-malformed", " " + good
    yield "a line end inside", "token-malformed", f"{header}.{payload}.{signature[:100]}\n{signature[100:]}"
    # An invalid length of base64, and a shorter signature.
    yield "a character short", "token-malformed", good[:-1] if len(signature) % 4 == 2 else good + "A" * (5 - len(signature) % 4)
    yield "four characters short", "token-signature", f"{header}.{payload}.{signature[4:]}"
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    yield "unused bits", "token-malformed", good[:-1] + last[last.index(good[-1]) + 1]
    standard = next(
        t for t in (by_hand(RS, body({"jti": str(i)}), rs256) for i in range(100)) if "-" in t.split(".")[2] or "_" in t.split(".")[2]
    )
    h, p, s = standard.split(".")
    yield "the other alphabet", "token-malformed", f"{h}.{p}.{s.replace('-', '+').replace('_', '/')}"
    yield "a header that is not JSON", "token-malformed", by_hand(b"RS256", body(), rs256)
    yield "a header that is a list", "token-malformed", by_hand(b"[]", body(), rs256)
    yield "alg twice", "token-malformed", by_hand(b'{"alg":"none","alg":"RS256","kid":"rsa"}', body(), rs256)
    yield "kid twice", "token-malformed", by_hand(b'{"alg":"RS256","kid":"x","kid":"rsa"}', body(), rs256)
    text = compact(body()).decode()
    yield "sub twice", "token-malformed", by_hand(RS, (text[:-1] + ',"sub":"admin"}').encode(), rs256)
    yield "aud twice, once escaped", "token-malformed", by_hand(RS, (text[:-1] + ',"\\u0061ud":"x"}').encode(), rs256)
    yield "a member twice deep inside", "token-malformed", by_hand(RS, (text[:-1] + ',"x":[{"a":1,"a":2}]}').encode(), rs256)
    yield "a payload that is a list", "token-malformed", by_hand(RS, b"[]", rs256)
    yield "a payload that is not JSON", "token-malformed", by_hand(RS, b"sub=admin", rs256)
    yield "a payload that is not UTF-8", "token-malformed", by_hand(RS, b'{"sub":"\xff"}', rs256)
    yield "an empty payload", "token-malformed", by_hand(RS, b"", rs256)
    yield "two payloads", "token-malformed", by_hand(RS, (text + text).encode(), rs256)
    yield "a deep payload", "token-malformed", by_hand(RS, b'{"a":' + b"[" * 2000 + b"]" * 2000 + b"}", rs256)

    # Tokens for another purpose.
    yield "an access token", "token-type", token(headers={"typ": "at+jwt"})
    yield "a logout token by its type", "token-type", token(headers={"typ": "logout+jwt"})
    yield "a proof of possession", "token-type", token(headers={"typ": "dpop+jwt"})
    yield "typ is a list", "token-type", by_hand({**RS, "typ": ["JWT"]}, body(), rs256)
    yield "a logout token", "token-claim-missing", token(
        {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}}, without=("nonce",)
    )
    yield "a logout token with our nonce", "token-event", token({"events": {}})

    # Issuer and audience.
    yield "another issuer", "token-issuer", token({"iss": "https://evil.example"})
    yield "an issuer with a slash", "token-issuer", token({"iss": ISSUER + "/"})
    yield "an issuer in another case", "token-issuer", token({"iss": ISSUER.replace("acme", "ACME")})
    yield "the issuer of another realm", "token-issuer", token({"iss": ISSUER.replace("acme", "acme2")})
    yield "no issuer", "token-claim-missing", token(without=("iss",))
    yield "issuer is a list", "token-claim-kind", by_hand(RS, body({"iss": [ISSUER]}), rs256)
    yield "another audience", "token-audience", token({"aud": "other"})
    yield "an audience that begins as ours", "token-audience", token({"aud": "rolecall2"})
    yield "audiences without ours", "token-audience", token({"aud": ["a", "b"]})
    yield "no audiences", "token-audience", token({"aud": []})
    yield "no audience", "token-claim-missing", token(without=("aud",))
    yield "audience is a number", "token-claim-kind", by_hand(RS, body({"aud": 1}), rs256)
    yield "audience is an object", "token-claim-kind", by_hand(RS, body({"aud": {CLIENT: 1}}), rs256)
    yield "audience is a list of lists", "token-claim-kind", by_hand(RS, body({"aud": [[CLIENT]]}), rs256)
    yield "too many audiences", "token-claim-kind", token({"aud": [CLIENT] * 101})
    yield "several audiences and no azp", "token-authorized-party", token({"aud": [CLIENT, "other"]})
    yield "issued to another client", "token-authorized-party", token({"azp": "other"})
    yield "issued to another client for us too", "token-authorized-party", token({"aud": [CLIENT, "other"], "azp": "other"})
    yield "azp is a list", "token-claim-kind", token({"azp": [CLIENT]})

    # Times.
    yield "expired a minute ago", "token-expired", token({"exp": NOW - 60})
    yield "expired long ago", "token-expired", token({"exp": 0})
    yield "expired before 1970", "token-expired", token({"exp": -(2**63)})
    yield "no exp", "token-claim-missing", token(without=("exp",))
    yield "exp is a text", "token-claim-kind", by_hand(RS, body({"exp": str(NOW + 290)}), rs256)
    yield "exp is beyond 64 bits", "token-claim-kind", by_hand(RS, body({"exp": 2**64 - 1}), rs256)
    endless = text.replace(f'"exp":{NOW + 290}', '"exp":1e400')
    yield "exp is endless", "token-malformed", by_hand(RS, endless.encode(), rs256)
    yield "exp is null", "token-claim-missing", by_hand(RS, body({"exp": None}), rs256)
    yield "issued in 61 seconds", "token-in-the-future", token({"iat": NOW + 61})
    yield "issued in the far future", "token-in-the-future", token({"iat": 2**63 - 1})
    yield "no iat", "token-claim-missing", token(without=("iat",))
    yield "valid in 61 seconds", "token-in-the-future", token({"nbf": NOW + 61})
    yield "nbf is a text", "token-claim-kind", by_hand(RS, body({"nbf": "0"}), rs256)

    # The sign-in it belongs to.
    yield "the nonce of another sign-in", "token-nonce", token({"nonce": "n-0S6_other"})
    yield "a nonce that begins as ours", "token-nonce", token({"nonce": NONCE + "A"})
    yield "no nonce", "token-claim-missing", token(without=("nonce",))
    yield "nonce is a list", "token-claim-kind", token({"nonce": [NONCE]})
    yield "at_hash of another access token", "token-access-token-hash", token({"at_hash": at_hash("sha256", "other")})
    yield "at_hash by another hash", "token-access-token-hash", token({"at_hash": at_hash("sha512")})
    yield "at_hash is the whole hash", "token-access-token-hash", token({"at_hash": b64(hashlib.sha256(ACCESS_TOKEN.encode()).digest())})
    yield "at_hash is empty", "token-access-token-hash", token({"at_hash": ""})

    # The person.
    yield "no sub", "token-claim-missing", token(without=("sub",))
    yield "sub is empty", "token-claim-kind", token({"sub": ""})
    yield "sub is long", "token-claim-kind", token({"sub": "s" * 256})
    yield "sub is not ASCII", "token-claim-kind", token({"sub": "аna"})
    yield "sub has a control character", "token-claim-kind", token({"sub": "ana\n"})
    yield "sub is a number", "token-claim-kind", by_hand(RS, body({"sub": 7}), rs256)
    yield "sid is a number", "token-claim-kind", token({"sid": 7})
    yield "auth_time is a text", "token-claim-kind", token({"auth_time": "now"})


# ---- logout tokens

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT = {
    "iss": ISSUER, "aud": CLIENT, "iat": NOW - 5, "exp": NOW + 115, "jti": "b1c2", "sub": "7d1f", "sid": "08a5",
    "events": {EVENT: {}},
}


def logout(changes=None, without=(), typ="logout+jwt", key="rsa", alg="RS256"):
    claims = {name: value for name, value in {**LOGOUT, **(changes or {})}.items() if name not in without}
    return jwt.encode(claims, KEYS[key], algorithm=alg, headers={"kid": key, "typ": typ})


def logout_accepted():
    yield "person and session", logout()
    yield "the person alone", logout(without=("sid",))
    yield "the session alone", logout(without=("sub",))
    yield "as drafts wrote it", logout(without=("exp",), typ="JWT")
    yield "with an event that says more", logout({"events": {EVENT: {"x": 1}, "urn:other": {}}})
    yield "for several audiences", logout({"aud": ["other", CLIENT]})
    yield "signed with ES256", logout(key="p256", alg="ES256")
    yield "six minutes old", logout({"iat": NOW - 360}, without=("exp",))


def logout_refused():
    yield "unsigned", "token-algorithm", by_hand({**RS, "alg": "none"}, LOGOUT, b"")
    yield "signed by another", "token-signature", by_hand(RS, LOGOUT, lambda m: sign("RS256", "stranger", m))
    yield "an ID token", "logout-token-no-logout", token({"jti": "x"})
    yield "an ID token with our event", "logout-token-nonce", token({"events": {EVENT: {}}, "jti": "x"})
    yield "a nonce of null", "logout-token-nonce", logout({"nonce": None})
    yield "an access token", "token-type", logout(typ="at+jwt")
    yield "another event", "logout-token-no-logout", logout({"events": {"urn:other": {}}})
    yield "no events", "logout-token-no-logout", logout(without=("events",))
    yield "events is a list", "logout-token-no-logout", logout({"events": [EVENT]})
    yield "the event is a text", "logout-token-no-logout", logout({"events": {EVENT: "yes"}})
    yield "another issuer", "token-issuer", logout({"iss": "https://evil.example"})
    yield "another audience", "token-audience", logout({"aud": "other"})
    yield "neither person nor session", "logout-token-nobody-named", logout(without=("sub", "sid"))
    yield "no jti", "token-claim-missing", logout(without=("jti",))
    yield "an empty jti", "token-claim-kind", logout({"jti": ""})
    yield "no iat", "token-claim-missing", logout(without=("iat",))
    yield "too old", "logout-token-too-old", logout({"iat": NOW - 361, "exp": NOW + 9999})
    yield "expired", "token-expired", logout({"exp": NOW - 60})
    yield "from the future", "token-in-the-future", logout({"iat": NOW + 61})


# ---- providers


def discovery(issuer, **more):
    base = issuer.rstrip("/")
    return {
        "issuer": issuer,
        "authorization_endpoint": base + "/authorize",
        "token_endpoint": base + "/token",
        "jwks_uri": base + "/keys",
        "userinfo_endpoint": base + "/userinfo",
        "response_types_supported": ["code", "id_token", "code id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        **more,
    }


def provider(issuer, client, claims, keys, headers, key="rsa", userinfo=None, mappers=None, read=None, signer="pyjwt", **more):
    claims = {"iss": issuer, "aud": client, "nonce": NONCE, **claims}
    if signer == "pyjwt":
        made = jwt.encode(claims, KEYS[key], algorithm="RS256", headers={"kid": key, **headers})
    else:
        pem = KEYS[key].private_bytes(ser.Encoding.PEM, ser.PrivateFormat.PKCS8, ser.NoEncryption())
        made = joserfc_jwt.encode({"alg": "RS256", "kid": key, **headers}, claims, RSAKey.import_key(pem))
    return {
        "read_from": issuer.rstrip("/") + "/.well-known/openid-configuration",
        "discovery": discovery(issuer, **more),
        "client": client,
        "jwks": {"keys": keys},
        "id_token": made,
        "userinfo": userinfo,
        "mappers": mappers or {},
        "read": read,
    }


def providers():
    certificate = [base64.b64encode(b"a certificate, which nobody reads").decode()]
    tenant = "2c0f1d3e-7b1a-4a52-9e35-6f4b8c7d9e10"
    yield "keycloak", provider(
        ISSUER,
        CLIENT,
        {
            "exp": NOW + 290, "iat": NOW - 10, "auth_time": NOW - 60, "jti": "onrtac:5c6b0b51", "typ": "ID", "azp": CLIENT,
            "sub": "7d1f1f0e-2b8e-4c0e-9c1d-5a6b7c8d9e0f", "sid": "f3b1c2d4-0a9b-4c8d-8e7f-112233445566",
            "at_hash": at_hash("sha256"), "acr": "1", "email_verified": True, "name": "Ana Łuc",
            "preferred_username": "ana", "given_name": "Ana", "family_name": "Łuc", "email": "ana@example.com",
            "realm_access": {"roles": ["offline_access", "gpu"]}, "groups": ["/research", "/research/vision"],
            "UID": "1000",
        },
        [
            {**jwk("stranger"), "kid": "enc", "use": "enc", "alg": "RSA-OAEP", "x5c": certificate, "x5t": "AAAA"},
            jwk("rsa", alg="RS256", x5c=certificate, x5t="AAAA", **{"x5t#S256": "AAAA"}),
        ],
        {"typ": "JWT"},
        mappers={"groups": "realm_access.roles"},
        read={"subject": "7d1f1f0e-2b8e-4c0e-9c1d-5a6b7c8d9e0f", "session": "f3b1c2d4-0a9b-4c8d-8e7f-112233445566",
              "email": "ana@example.com", "verified": "Yes", "groups": ["offline_access", "gpu"], "first": "Ana", "last": "Łuc"},
        end_session_endpoint=ISSUER + "/protocol/openid-connect/logout",
        id_token_signing_alg_values_supported=["PS384", "RS384", "EdDSA", "ES384", "HS256", "HS512", "ES256", "RS256", "HS384", "ES512", "PS256", "PS512", "RS512"],
        response_modes_supported=["query", "fragment", "form_post", "query.jwt"],
        token_endpoint_auth_methods_supported=["private_key_jwt", "client_secret_basic", "client_secret_post", "tls_client_auth"],
        code_challenge_methods_supported=["plain", "S256"],
        authorization_response_iss_parameter_supported=True,
        backchannel_logout_supported=True, backchannel_logout_session_supported=True,
        require_request_uri_registration=True, require_pushed_authorization_requests=False,
    )
    entra = {
        "exp": NOW + 3890, "iat": NOW - 310, "nbf": NOW - 310, "ver": "2.0", "tid": tenant, "aio": "AWQAm/8TAAAA",
        "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "oid": "00000000-0000-0000-66f3-3332eca7ea81",
        "name": "Ana Luc", "preferred_username": "ana@example.com", "email": "ana@example.com", "rh": "0.AAAA", "uti": "AAAA",
    }
    microsoft = dict(
        id_token_signing_alg_values_supported=["RS256"],
        response_modes_supported=["query", "fragment", "form_post"],
        token_endpoint_auth_methods_supported=["client_secret_post", "private_key_jwt", "client_secret_basic"],
        claims_supported=["sub", "iss"], request_uri_parameter_supported=False, http_logout_supported=True,
        frontchannel_logout_supported=True, tenant_region_scope="EU", cloud_instance_name="microsoftonline.com",
        end_session_endpoint=f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/logout",
    )
    entra_issuer = f"https://login.microsoftonline.com/{tenant}/v2.0"
    entra_keys = [jwk("rsa", x5t="AAAA", x5c=certificate, issuer=entra_issuer), jwk("rsa-other", x5t="BBBB", x5c=certificate)]
    group = "0f3a2b1c-1111-2222-3333-444455556666"
    yield "entra", provider(
        entra_issuer, "6731de76-14a6-49ae-97bc-6eba6914391e", {**entra, "groups": [group]}, entra_keys, {"typ": "JWT"},
        mappers={"groups": "groups"},
        read={"subject": entra["sub"], "session": None, "email": "ana@example.com", "verified": "Absent", "groups": [group],
              "first": None, "last": None},
        **microsoft,
    )
    yield "entra with too many groups", provider(
        entra_issuer, "6731de76-14a6-49ae-97bc-6eba6914391e",
        {**entra, "_claim_names": {"groups": "src1"},
         "_claim_sources": {"src1": {"endpoint": f"https://graph.windows.net/{tenant}/users/x/getMemberObjects"}}},
        entra_keys, {"typ": "JWT"},
        userinfo={"sub": entra["sub"], "name": "Ana Luc", "given_name": "Ana", "family_name": "Luc", "email": "ana@example.com"},
        mappers={"groups": "groups"},
        read={"subject": entra["sub"], "session": None, "email": "ana@example.com", "verified": "Absent", "groups": "overage",
              "first": "Ana", "last": "Luc"},
        **microsoft,
    )
    yield "okta", provider(
        "https://acme.okta.com/oauth2/default", "0oa1b2c3d4e5f6g7h8i9",
        {"sub": "00u1a2b3c4d5e6f7g8h9", "name": "Ana Luc", "ver": 1, "iat": NOW - 2, "exp": NOW + 3598, "jti": "ID.AAAA",
         "amr": ["mfa", "otp", "pwd"], "idp": "00o1", "preferred_username": "ana@example.com", "auth_time": NOW - 100,
         "at_hash": at_hash("sha256")},
        [jwk("rsa", alg="RS256")], {}, signer="joserfc",
        userinfo={"sub": "00u1a2b3c4d5e6f7g8h9", "email": "ana@example.com", "email_verified": True, "given_name": "Ana",
                  "family_name": "Luc", "groups": ["Everyone", "GPU, Berlin"], "zoneinfo": "America/Los_Angeles"},
        mappers={"groups": "groups"},
        read={"subject": "00u1a2b3c4d5e6f7g8h9", "session": None, "email": "ana@example.com", "verified": "Yes",
              "groups": ["Everyone", "GPU, Berlin"], "first": "Ana", "last": "Luc"},
        code_challenge_methods_supported=["S256"],
        token_endpoint_auth_methods_supported=["client_secret_basic", "client_secret_post", "client_secret_jwt", "none"],
        end_session_endpoint="https://acme.okta.com/oauth2/default/v1/logout",
    )
    yield "google", provider(
        "https://accounts.google.com", "1234987819200.apps.googleusercontent.com",
        {"azp": "1234987819200.apps.googleusercontent.com", "sub": "110169484474386276334", "hd": "example.com",
         "email": "ana@example.com", "email_verified": True, "at_hash": at_hash("sha256"), "name": "Ana Luc",
         "picture": "https://lh3.googleusercontent.com/a/x", "given_name": "Ana", "family_name": "Luc", "iat": NOW, "exp": NOW + 3600},
        [jwk("rsa-other", alg="RS256"), jwk("rsa", alg="RS256")], {"typ": "JWT"},
        read={"subject": "110169484474386276334", "session": None, "email": "ana@example.com", "verified": "Yes",
              "groups": None, "first": "Ana", "last": "Luc"},
        code_challenge_methods_supported=["plain", "S256"],
        token_endpoint_auth_methods_supported=["client_secret_post", "client_secret_basic"],
    )
    yield "auth0", provider(
        "https://acme.eu.auth0.com/", "AbCdEfGhIjKlMnOpQrStUvWxYz012345",
        {"https://example.com/groups": {"0": "research", "1": "vision"}, "given_name": "Ana", "nickname": "ana", "name": "Ana Luc",
         "picture": "https://s.gravatar.com/x", "updated_at": "2026-09-21T13:33:10.123Z", "email": "ana@example.com",
         "email_verified": False, "sub": "auth0|5f7c8ec7c33c6c004bbafe82", "iat": NOW - 1, "exp": NOW + 35999,
         "sid": "xZ2bXkq0bQ3mJm0c5eT4u0v1w2x3y4z5"},
        [jwk("rsa", alg="RS256", x5t="AAAA", x5c=certificate)], {"typ": "JWT"},
        mappers={"groups": "https://example.com/groups"},
        read={"subject": "auth0|5f7c8ec7c33c6c004bbafe82", "session": "xZ2bXkq0bQ3mJm0c5eT4u0v1w2x3y4z5",
              "email": "ana@example.com", "verified": "No", "groups": ["research", "vision"], "first": "Ana", "last": None},
        id_token_signing_alg_values_supported=["HS256", "RS256", "PS256"],
        code_challenge_methods_supported=["S256", "plain"],
        token_endpoint_auth_methods_supported=["client_secret_basic", "client_secret_post", "private_key_jwt"],
        response_modes_supported=["query", "fragment", "form_post"],
        backchannel_logout_supported=True, backchannel_logout_session_supported=True,
        end_session_endpoint="https://acme.eu.auth0.com/oidc/logout",
    )
    yield "adfs", provider(
        "https://adfs.example.com/adfs", "b1d5f6c2-3a4e-4f5b-8c7d-9e0f1a2b3c4d",
        {"iat": NOW - 3, "nbf": NOW - 3, "exp": NOW + 3597, "auth_time": NOW - 4, "sub": "rGq1ZrR6L8pXqk6hK5+bq0mP0Vw2n3Yx4e5f6g7h8i=",
         "upn": "ana@example.com", "unique_name": "EXAMPLE\\ana", "group": "GPU users", "apptype": "Confidential",
         "sid": "S-1-5-21-1004336348-1177238915-682003330-1104", "ver": "1.0", "scp": "openid",
         "authmethod": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"},
        [jwk("rsa", alg="RS256", x5t="AAAA", x5c=certificate)], {"typ": "JWT", "x5t": "rsa"},
        mappers={"groups": "group", "email": "upn"},
        read={"subject": "rGq1ZrR6L8pXqk6hK5+bq0mP0Vw2n3Yx4e5f6g7h8i=", "session": "S-1-5-21-1004336348-1177238915-682003330-1104",
              "email": "ana@example.com", "verified": "Absent", "groups": ["GPU users"], "first": None, "last": None},
        token_endpoint_auth_methods_supported=["client_secret_post", "client_secret_basic", "private_key_jwt", "windows_client_authentication"],
        response_modes_supported=["query", "fragment", "form_post"],
        access_token_issuer="http://adfs.example.com/adfs/services/trust", microsoft_multi_refresh_token=True,
        capabilities=["kdf_ver2"], end_session_endpoint="https://adfs.example.com/adfs/oauth2/logout",
    )


def write(name, value):
    (HERE / name).write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def common():
    return {"now": NOW, "issuer": ISSUER, "client_id": CLIENT, "nonce": NONCE, "access_token": ACCESS_TOKEN, "jwks": JWKS}


def cases(accepted, refused):
    accepted = [{"name": name, "token": made} for name, made in accepted]
    refused = [{"name": name, "code": code, "token": made} for name, code, made in refused]
    return {**common(), "accepted": accepted, "refused": refused}


write("tokens.json", cases(accepted(), refused()))
write("logout.json", cases(logout_accepted(), logout_refused()))
write("providers.json", {"now": NOW, "nonce": NONCE, "access_token": ACCESS_TOKEN, "providers": dict(providers())})
