"""A real SAML provider on loopback: pysaml2, which signs and encrypts with xmlsec1. People sign in by a name alone.

The first line on standard input says who they are and how it answers; each later line changes that. Lines are JSON:

    people     by name: their NameID and their attributes
    consumer   the metadata of Rolecall, to read at the first request
    key        "new" signs with a new key from then on, "expired" with a key whose certificate has expired
    clock      seconds by which its clock is ahead
    encrypt    how it encrypts assertions: "" not at all, "AES-GCM", or "3DES" as pysaml2 does of itself
    binding    how it wants requests: "redirect" or "post"
    logout     how it wants messages about signing out: "redirect" or "post", or "" for a provider that signs nobody out and
               asks people for their name at each sign-in. Otherwise it knows who is signed in, and /leave signs them out
"""

import base64
import datetime
import html
import json
import pathlib
import re
import shutil
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, entity, time_util
from saml2.authn_context import PASSWORDPROTECTEDTRANSPORT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_BASIC, NAMEID_FORMAT_PERSISTENT, NAMEID_FORMAT_TRANSIENT, NameID
from saml2.server import Server
from saml2.sigver import SecurityContext
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

BINDINGS = {"redirect": BINDING_HTTP_REDIRECT, "post": BINDING_HTTP_POST}
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="rolecall-saml-"))

state = {"people": {}, "key": "new", "clock": 0, "encrypt": "", "binding": "redirect", "logout": ""}
# The session of each person who is signed in.
signed_in = {}
lock = threading.Lock()
provider = None


def write_key(expired):
    """A new key with its certificate, in two files."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example.org")])
    now = datetime.datetime.now(datetime.timezone.utc)
    end = now + datetime.timedelta(days=-1 if expired else 365)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=30))
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (FOLDER / "key.pem").write_bytes(key.private_bytes(*form))
    (FOLDER / "crt.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def config(metadata):
    endpoints = {"single_sign_on_service": [(f"{BASE}/sign-in", BINDINGS[state["binding"]])]}
    if state["logout"]:
        endpoints["single_logout_service"] = [(f"{BASE}/sign-out", BINDINGS[state["logout"]])]
    settings = {
        "entityid": f"{BASE}/metadata",
        "service": {
            "idp": {
                "endpoints": endpoints,
                "want_authn_requests_signed": True,
                "policy": {"default": {"lifetime": {"minutes": 5}, "name_form": NAME_FORMAT_BASIC}},
            }
        },
        "key_file": str(FOLDER / "key.pem"),
        "cert_file": str(FOLDER / "crt.pem"),
        "xmlsec_binary": shutil.which("xmlsec1"),
        "accepted_time_diff": 3600,
    }
    if metadata:
        settings["metadata"] = {"inline": [metadata]}
    return IdPConfig().load(settings)


def current():
    """The provider, which knows Rolecall by its metadata."""
    global provider
    if provider is None:
        with urllib.request.urlopen(state["consumer"], timeout=30) as answer:
            provider = Server(config=config(answer.read().decode()))
    return provider


def tell(line):
    global provider
    with lock:
        change = json.loads(line)
        state.update(change)
        if "key" in change:
            write_key(change["key"] == "expired")
        provider = None


class Clock:
    """The time as pysaml2 asks for it: that many seconds ahead."""

    def __getattr__(self, name):
        return getattr(time, name)

    @staticmethod
    def gmtime(seconds=None):
        return time.gmtime(time.time() + state["clock"] if seconds is None else seconds)


class Date(datetime.datetime):
    @classmethod
    def now(cls, zone=None):
        return super().now(zone) + datetime.timedelta(seconds=state["clock"])


time_util.time, time_util.datetime = Clock(), Date


def encryption(make):
    def part(**more):
        gcm = {"msg_enc": "http://www.w3.org/2009/xmlenc11#aes256-gcm"} if state["encrypt"] == "AES-GCM" else {}
        return make(**gcm, **more)

    return part


def encrypting(encrypt):
    def with_key(self, statement, key, template, key_type="des-192", node_xpath=None):
        key_type = "aes-256" if state["encrypt"] == "AES-GCM" else key_type
        return encrypt(self, statement, key, template, key_type, node_xpath)

    return with_key


entity.pre_encryption_part = encryption(entity.pre_encryption_part)
SecurityContext.encrypt_assertion = encrypting(SecurityContext.encrypt_assertion)


def page(text, script=""):
    return (
        '<!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,"><main>'
        f"<h1>The provider</h1>{text}</main>{script}</html>"
    )


def fields(**values):
    return "".join(f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in values.items())


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        if address.path == "/metadata":
            with lock:
                self.answer(str(entity_descriptor(config(None))), "application/samlmetadata+xml")
        elif address.path == "/sign-in":
            self.ask(dict(urllib.parse.parse_qsl(address.query)))
        elif address.path == "/sign-out":
            self.log_out(dict(urllib.parse.parse_qsl(address.query)))
        elif address.path == "/leave":
            self.leave()
        else:
            self.send_error(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        form = dict(urllib.parse.parse_qsl(body))
        if self.path == "/sign-out":
            return self.log_out(form)
        self.confirm(form) if "who" in form else self.ask(form)

    def ask(self, request):
        """Who is it?"""
        who = self.known()
        if who in signed_in:
            return self.confirm({"request": json.dumps(request), "who": who})
        form = f'<form method="post" action="/sign-in">{fields(request=json.dumps(request))}'
        form += '<label>Name <input name="who"></label> <button>Continue</button></form>'
        self.answer(page(form))

    def confirm(self, form):
        """The response, in a form that posts itself to Rolecall."""
        with lock:
            request, person = json.loads(form["request"]), state["people"][form["who"]]
            saml, binding = current(), BINDINGS[state["binding"]]
            more = {"signature": request["Signature"], "sigalg": request["SigAlg"]} if "Signature" in request else {}
            asked = saml.parse_authn_request(request["SAMLRequest"], binding, **more)
            to = saml.response_args(asked.message)
            name_format = NAMEID_FORMAT_TRANSIENT if person.get("transient") else NAMEID_FORMAT_PERSISTENT
            response = saml.create_authn_response(
                dict(person["attributes"]),
                userid=form["who"],
                name_id=NameID(format=name_format, text=person["name"]),
                authn={"class_ref": PASSWORDPROTECTEDTRANSPORT},
                sign_assertion=True,
                sign_response=person.get("sign_response", True),
                encrypt_assertion=state["encrypt"] != "",
                encrypted_advice_attributes=False,
                sign_alg=SIG_RSA_SHA256,
                digest_alg=DIGEST_SHA256,
                **{key: to[key] for key in ("in_response_to", "destination", "sp_entity_id")},
            )
            if state["logout"]:
                signed_in[form["who"]] = re.search('SessionIndex="([^"]+)"', str(response)).group(1)
        message = base64.b64encode(str(response).encode()).decode()
        self.post(to["destination"], {"SAMLResponse": message}, cookie=form["who"])

    def log_out(self, message):
        """A request of Rolecall to sign someone out, or its answer."""
        with lock:
            saml, binding = current(), BINDINGS[state["logout"]]
            if "SAMLResponse" in message:
                answered = saml.parse_logout_request_response(message["SAMLResponse"], binding)
                assert answered.status_ok()
                return self.answer(page("<p>Signed out everywhere</p>"))
            more = {"signature": message["Signature"], "sigalg": message["SigAlg"]} if "Signature" in message else {}
            asked = saml.parse_logout_request(message["SAMLRequest"], binding, message.get("RelayState"), **more).message
            who = next(who for who, person in state["people"].items() if person["name"] == asked.name_id.text)
            assert [index.text for index in asked.session_index] == [signed_in.pop(who)]
            in_xml = binding == BINDING_HTTP_POST
            answer = saml.create_logout_response(
                asked, [binding], sign=in_xml, sign_alg=SIG_RSA_SHA256, digest_alg=DIGEST_SHA256
            )
            to = saml.response_args(asked, [binding])["destination"]
            self.send(saml, answer, is_answer=True, to=to)

    def leave(self):
        """The person signs out here, and is to be signed out of Rolecall."""
        with lock:
            saml, who, in_xml = current(), self.known(), state["logout"] == "post"
            name = NameID(format=NAMEID_FORMAT_PERSISTENT, text=state["people"][who]["name"])
            to = f"{state['consumer'].removesuffix('/metadata')}/slo"
            more = {"sign": in_xml, "sign_alg": SIG_RSA_SHA256, "digest_alg": DIGEST_SHA256}
            index = signed_in.pop(who)
            _, request = saml.create_logout_request(to, state["consumer"], name_id=name, session_indexes=[index], **more)
            self.send(saml, request, is_answer=False, to=to)

    def send(self, saml, message, is_answer, to):
        """A message about signing out, by the binding of the moment."""
        if state["logout"] == "post":
            name = "SAMLResponse" if is_answer else "SAMLRequest"
            return self.post(to, {name: base64.b64encode(str(message).encode()).decode()})
        how = {"response": is_answer, "sign": True, "sigalg": SIG_RSA_SHA256}
        sent = saml.apply_binding(BINDING_HTTP_REDIRECT, str(message), to, **how)
        self.send_response(303)
        self.send_header("location", dict(sent["headers"])["Location"])
        self.send_header("content-length", "0")
        self.end_headers()

    def known(self):
        """Who this browser is known as."""
        return (self.headers["cookie"] or "").removeprefix("who=")

    def post(self, to, values, cookie=None):
        """A form that posts itself."""
        sent = f'<form method="post" action="{html.escape(to)}">{fields(**values)}</form>'
        self.answer(page(sent, "<script>document.forms[0].submit()</script>"), cookie=cookie)

    def answer(self, text, kind="text/html; charset=utf-8", cookie=None):
        body = text.encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        if cookie is not None:
            self.send_header("set-cookie", f"who={cookie}; Path=/; HttpOnly")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
BASE = f"http://127.0.0.1:{server.server_port}"
tell(json.dumps({"key": "new"} | json.loads(sys.stdin.readline())))
threading.Thread(target=server.serve_forever, daemon=True).start()
print(BASE, flush=True)
for line in sys.stdin:
    tell(line)
    print("changed", flush=True)
