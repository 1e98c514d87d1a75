"""Makes the SAML messages of the tests with another implementation: xmlsec1 signs and encrypts, this script writes the
shapes that Keycloak, Entra ID, Okta, Google, AD FS and Auth0 send. The keys are test keys and guard nothing.

How to run it (Debian: `apt-get install xmlsec1`):

    python3 -m venv venv && venv/bin/pip install cryptography
    venv/bin/python make.py

Keys are made once and kept, times are fixed, and RSA signatures have no randomness, so the signed messages come out the
same. Encrypted ones, and the one signed with ECDSA, differ each time.
"""

import base64
import datetime as dt
import pathlib
import re
import subprocess
import tempfile
import urllib.parse
import zlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

HERE = pathlib.Path(__file__).parent
KEYS = HERE / "keys"
NOW = dt.datetime.fromtimestamp(1_790_000_000, dt.timezone.utc)
SP = "https://rolecall.example.com/saml"
ACS = "https://rolecall.example.com/saml/acs"
REQUEST = "id-00112233445566778899aabbccddeeff00112233"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"


def at(**delta):
    return (NOW + dt.timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")


def make_key(name, days, kind="rsa", bits=2048):
    """A key with a self-signed certificate that ends that many days after NOW."""
    if (KEYS / f"{name}.crt").exists():
        return
    KEYS.mkdir(exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, bits)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name}.example.com")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=365))
        .not_valid_after(NOW + dt.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(ser.Encoding.PEM, ser.PrivateFormat.PKCS8, ser.NoEncryption())
    (KEYS / f"{name}.key").write_bytes(private)
    (KEYS / f"{name}.crt").write_bytes(certificate.public_bytes(ser.Encoding.PEM))


def certificate(name):
    lines = (KEYS / f"{name}.crt").read_text().strip().splitlines()
    return "".join(lines[1:-1])


def run(arguments, text):
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder) / "in.xml", pathlib.Path(folder) / "out.xml"
        source.write_text(text)
        subprocess.run(["xmlsec1", *arguments, "--output", str(target), str(source)], check=True, capture_output=True)
        return target.read_text().removeprefix('<?xml version="1.0"?>\n').rstrip("\n")


def signature(id, prefix="ds", method=RSA_SHA256, digest=SHA256, c14n=EXCLUSIVE, inclusive="", key_info=None):
    """An empty signature. With no prefix its namespace is the default one, as Microsoft writes it."""
    p, xmlns = (prefix + ":", "xmlns:" + prefix) if prefix else ("", "xmlns")
    prefixes = f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="{inclusive}"/>' if inclusive else ""
    info = key_info or f"<{p}X509Data><{p}X509Certificate></{p}X509Certificate></{p}X509Data>"
    return (
        f'<{p}Signature {xmlns}="http://www.w3.org/2000/09/xmldsig#"><{p}SignedInfo>'
        f'<{p}CanonicalizationMethod Algorithm="{c14n}"/><{p}SignatureMethod Algorithm="{method}"/>'
        f'<{p}Reference URI="#{id}"><{p}Transforms>'
        f'<{p}Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
        f'<{p}Transform Algorithm="{c14n}">{prefixes}</{p}Transform></{p}Transforms>'
        f'<{p}DigestMethod Algorithm="{digest}"/><{p}DigestValue></{p}DigestValue></{p}Reference></{p}SignedInfo>'
        f"<{p}SignatureValue></{p}SignatureValue><{p}KeyInfo>{info}</{p}KeyInfo></{p}Signature>"
    )


def sign(text, element, key="idp"):
    """Fills in the signature of the element with this name (`Response`, `Assertion`, `AuthnRequest`)."""
    path = f"//*[local-name()='{element}']/*[local-name()='Signature']"
    arguments = ["--sign", "--privkey-pem", f"{KEYS}/{key}.key,{KEYS}/{key}.crt", "--node-xpath", path]
    for name, namespace in [("Response", "protocol"), ("Assertion", "assertion"), ("AuthnRequest", "protocol")]:
        arguments += ["--id-attr:ID", f"urn:oasis:names:tc:SAML:2.0:{namespace}:{name}"]
    return run(arguments, text)


def encrypt(text, cipher, transport="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"):
    """Replaces the assertion inside EncryptedAssertion by its encryption for our key."""
    template = (
        '<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" '
        f'Type="http://www.w3.org/2001/04/xmlenc#Element"><xenc:EncryptionMethod Algorithm="{cipher}"/>'
        '<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedKey>'
        f'<xenc:EncryptionMethod Algorithm="{transport}"></xenc:EncryptionMethod>'
        "<xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>"
        "<xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>"
    )
    session = "aes-128" if "aes128" in cipher else "aes-256"
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as data:
        data.write(text)
        data.flush()
        path = "//*[local-name()='EncryptedAssertion']/*[local-name()='Assertion']"
        arguments = ["--encrypt", "--pubkey-cert-pem", f"{KEYS}/sp.crt", "--session-key", session]
        return run([*arguments, "--xml-data", data.name, "--node-xpath", path], template)


def write(name, text):
    (HERE / f"{name}.xml").write_text(text + "\n")


def keycloak(name_id="G-7d0f", format=PERSISTENT, extra_signature=True):
    """Signs the response; the assertion uses the namespaces that the response declares."""
    key_info = (
        "<ds:KeyName>kc-key</ds:KeyName><ds:X509Data><ds:X509Certificate></ds:X509Certificate></ds:X509Data>"
        "<ds:KeyValue></ds:KeyValue>"
    )
    return (
        '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
        'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" '
        f'Destination="{ACS}" ID="ID_response" InResponseTo="{REQUEST}" IssueInstant="{at()}" Version="2.0">'
        "<saml:Issuer>https://idp.example.com/realms/main</saml:Issuer>"
        + (signature("ID_response", key_info=key_info) if extra_signature else "")
        + '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
        + keycloak_assertion(name_id, format)
        + "</samlp:Response>"
    )


def keycloak_assertion(name_id="G-7d0f", format=PERSISTENT, signed=""):
    return (
        f'<saml:Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="ID_assertion" IssueInstant="{at()}" '
        'Version="2.0"><saml:Issuer>https://idp.example.com/realms/main</saml:Issuer>'
        f'{signed}<saml:Subject><saml:NameID Format="{format}">{name_id}</saml:NameID>'
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData '
        f'InResponseTo="{REQUEST}" NotOnOrAfter="{at(minutes=5)}" Recipient="{ACS}"/></saml:SubjectConfirmation>'
        f'</saml:Subject><saml:Conditions NotBefore="{at(seconds=-2)}" NotOnOrAfter="{at(seconds=58)}">'
        f"<saml:AudienceRestriction><saml:Audience>{SP}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        f'<saml:AuthnStatement AuthnInstant="{at()}" SessionIndex="s-1::c-1" SessionNotOnOrAfter="{at(hours=10)}">'
        "<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"
        "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>"
        '<saml:Attribute FriendlyName="email" Name="urn:oid:1.2.840.113549.1.9.1" '
        'NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"><saml:AttributeValue '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:type="xs:string">ana@example.com</saml:AttributeValue></saml:Attribute><saml:Attribute Name="Role" '
        'NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic">'
        "<saml:AttributeValue>vision</saml:AttributeValue><saml:AttributeValue>Łódź &amp; more</saml:AttributeValue>"
        "</saml:Attribute></saml:AttributeStatement></saml:Assertion>"
    )


def entra():
    """Signs the assertion; no prefixes inside it."""
    claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
    return (
        f'<samlp:Response ID="_r1" Version="2.0" IssueInstant="{at()}" Destination="{ACS}" InResponseTo="{REQUEST}" '
        'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">'
        "https://sts.windows.net/2f0e8a3c/</Issuer><samlp:Status><samlp:StatusCode "
        'Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
        f'<Assertion ID="_a1" IssueInstant="{at()}" Version="2.0" xmlns="urn:oasis:names:tc:SAML:2.0:assertion">'
        "<Issuer>https://sts.windows.net/2f0e8a3c/</Issuer>" + signature("_a1", prefix="") + "<Subject>"
        f'<NameID Format="{PERSISTENT}">Zk3mQ</NameID>'
        '<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><SubjectConfirmationData '
        f'InResponseTo="{REQUEST}" NotOnOrAfter="{at(hours=1)}" Recipient="{ACS}"/></SubjectConfirmation></Subject>'
        f'<Conditions NotBefore="{at(minutes=-5)}" NotOnOrAfter="{at(hours=1)}"><AudienceRestriction>'
        f"<Audience>{SP}</Audience></AudienceRestriction></Conditions><AttributeStatement>"
        f'<Attribute Name="{claims}/name"><AttributeValue>ana@example.com</AttributeValue></Attribute>'
        '<Attribute Name="http://schemas.microsoft.com/ws/2008/06/identity/claims/groups">'
        "<AttributeValue>5a1c</AttributeValue><AttributeValue>77de</AttributeValue></Attribute></AttributeStatement>"
        f'<AuthnStatement AuthnInstant="{at(hours=-2)[:-1]}.123Z" SessionIndex="_a1"><AuthnContext>'
        "<AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</AuthnContextClassRef></AuthnContext>"
        "</AuthnStatement></Assertion></samlp:Response>"
    )


def opensaml(issuer, name_id, format, sign_response, response_to=REQUEST, inclusive=""):
    """Okta and Google: saml2p and saml2, declared where they are used."""
    answers = f' InResponseTo="{response_to}"' if response_to else ""
    return (
        f'<saml2p:Response xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" Destination="{ACS}" ID="id1"{answers} '
        f'IssueInstant="{at()}" Version="2.0"><saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" '
        f'Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">{issuer}</saml2:Issuer>'
        + (signature("id1") if sign_response else "")
        + '<saml2p:Status><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></saml2p:Status>'
        f'<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="id2" IssueInstant="{at()}" '
        f'Version="2.0"><saml2:Issuer>{issuer}</saml2:Issuer>' + signature("id2", inclusive=inclusive) + "<saml2:Subject>"
        f'<saml2:NameID Format="{format}">{name_id}</saml2:NameID><saml2:SubjectConfirmation '
        'Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml2:SubjectConfirmationData'
        f'{answers} NotOnOrAfter="{at(minutes=5)}" Recipient="{ACS}"/></saml2:SubjectConfirmation></saml2:Subject>'
        f'<saml2:Conditions NotBefore="{at(minutes=-5)}" NotOnOrAfter="{at(minutes=5)}"><saml2:AudienceRestriction>'
        f"<saml2:Audience>{SP}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions><saml2:AuthnStatement "
        f'AuthnInstant="{at()}" SessionIndex="_s2"><saml2:AuthnContext><saml2:AuthnContextClassRef>'
        "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml2:AuthnContextClassRef>"
        "</saml2:AuthnContext></saml2:AuthnStatement><saml2:AttributeStatement>"
        '<saml2:Attribute Name="groups"><saml2:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">everyone</saml2:AttributeValue>'
        '</saml2:Attribute></saml2:AttributeStatement></saml2:Assertion></saml2p:Response>'
    )


def adfs():
    """Started at the provider; signs the assertion."""
    return (
        f'<samlp:Response ID="_r3" Version="2.0" IssueInstant="{at()}" Destination="{ACS}" '
        'Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">http://adfs.example.com/adfs/services/trust</Issuer>'
        '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success" /></samlp:Status>'
        f'<Assertion ID="_a3" IssueInstant="{at()}" Version="2.0" xmlns="urn:oasis:names:tc:SAML:2.0:assertion">'
        "<Issuer>http://adfs.example.com/adfs/services/trust</Issuer>" + signature("_a3") + "<Subject>"
        '<NameID>EXAMPLE\\ana</NameID><SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
        f'<SubjectConfirmationData NotOnOrAfter="{at(minutes=5)}" Recipient="{ACS}" /></SubjectConfirmation></Subject>'
        f'<Conditions NotBefore="{at()}" NotOnOrAfter="{at(hours=1)}"><AudienceRestriction>'
        f"<Audience>{SP}</Audience></AudienceRestriction></Conditions><AttributeStatement>"
        '<Attribute Name="http://schemas.xmlsoap.org/claims/Group"><AttributeValue>Domain Users</AttributeValue>'
        "</Attribute></AttributeStatement>"
        f'<AuthnStatement AuthnInstant="{at(minutes=-1)}" SessionIndex="_a3"><AuthnContext><AuthnContextClassRef>'
        "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</AuthnContextClassRef></AuthnContext>"
        "</AuthnStatement></Assertion></samlp:Response>"
    )


def auth0(**changes):
    """Signs the assertion, whose signature comes first."""
    return (
        f'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r4" InResponseTo="{REQUEST}" '
        f'Version="2.0" IssueInstant="{at()}" Destination="{ACS}"><saml:Issuer '
        'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">urn:example.eu.auth0.com</saml:Issuer><samlp:Status>'
        '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion '
        f'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" ID="_a4" IssueInstant="{at()}">'
        "<saml:Issuer>urn:example.eu.auth0.com</saml:Issuer>" + signature("_a4", **changes) + "<saml:Subject>"
        f'<saml:NameID Format="{UNSPECIFIED}">auth0|user@a.com.evil.com</saml:NameID><saml:SubjectConfirmation '
        'Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData '
        f'NotOnOrAfter="{at(hours=1)}" Recipient="{ACS}" InResponseTo="{REQUEST}"/></saml:SubjectConfirmation>'
        f'</saml:Subject><saml:Conditions NotBefore="{at()}" NotOnOrAfter="{at(hours=1)}"><saml:AudienceRestriction>'
        f"<saml:Audience>{SP}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement "
        f'AuthnInstant="{at()}" SessionIndex="_x"><saml:AuthnContext><saml:AuthnContextClassRef>'
        "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext>"
        '</saml:AuthnStatement><saml:AttributeStatement xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><saml:Attribute Name="roles">'
        '<saml:AttributeValue xsi:nil="true"/><saml:AttributeValue xsi:type="xs:string">ml</saml:AttributeValue>'
        "</saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>"
    )


def metadata(entity, certificates, services, attributes="", role=""):
    """`certificates` as (use, name); `services` as (element, binding, address)."""
    keys = "".join(
        f"<md:KeyDescriptor{use and chr(32) + f'use={chr(34)}{use}{chr(34)}'}>"
        '<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
        f"<ds:X509Certificate>\n{certificate(name)}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for use, name in certificates
    )
    addresses = "".join(
        f'<md:{element} Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-{binding}" Location="{address}"/>'
        for element, binding, address in services
    )
    return (
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}"{attributes}>'
        f'<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"{role}>'
        f"{keys}{addresses}</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


for name, days in [("idp", 365), ("idp-next", 730), ("idp-expired", -1), ("sp", 365), ("sp-next", 730), ("attacker", 365)]:
    make_key(name, days)
make_key("idp-ec", 365, kind="ec")
make_key("idp-weak", 365, bits=1024)

write("keycloak", sign(keycloak(), "Response"))
write("entra", sign(entra(), "Assertion"))
okta = opensaml("http://www.okta.com/exk1", "ana@example.com", EMAIL, True, inclusive="xs")
write("okta", sign(sign(okta, "Assertion"), "Response"))
google = opensaml("https://accounts.google.com/o/saml2?idpid=C01", "ana@example.com", EMAIL, False)
write("google", sign(google, "Assertion"))
write("adfs", sign(adfs(), "Assertion"))
write("auth0", sign(auth0(), "Assertion"))

write("inclusive-c14n", sign(auth0(c14n=INCLUSIVE), "Assertion"))
write("rolled-over", sign(auth0(), "Assertion", "idp-next"))
write("expired-certificate", sign(auth0(), "Assertion", "idp-expired"))
write("attacker", sign(auth0(), "Assertion", "attacker"))
ecdsa = auth0(method="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256")
write("ecdsa", sign(ecdsa, "Assertion", "idp-ec"))
write("sha512", sign(auth0(method=RSA_SHA256.replace("256", "512"), digest=SHA256.replace("256", "512")), "Assertion"))
sha1 = auth0(method="http://www.w3.org/2000/09/xmldsig#rsa-sha1", digest="http://www.w3.org/2000/09/xmldsig#sha1")
write("sha1", sign(sha1, "Assertion"))
write("sha1-digest", sign(auth0(digest="http://www.w3.org/2000/09/xmldsig#sha1"), "Assertion"))
transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
write("transient", sign(keycloak("_random", transient), "Response"))
write("unsigned", keycloak(extra_signature=False))

GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
CBC = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"


def wrapped(text):
    """Puts EncryptedAssertion around the assertion. It stays where it was, so its signature stays good."""
    start = text.index("<saml:Assertion ")
    end = text.index("</saml:Assertion>") + len("</saml:Assertion>")
    return f"{text[:start]}<saml:EncryptedAssertion>{text[start:end]}</saml:EncryptedAssertion>{text[end:]}"


unsigned = keycloak(extra_signature=False)
inner = unsigned.replace(keycloak_assertion(), keycloak_assertion(signed=signature("ID_assertion")))
inner = wrapped(sign(inner, "Assertion"))
write("encrypted-gcm", encrypt(inner, GCM))
write("encrypted-gcm-128", encrypt(inner, GCM.replace("256", "128")))
write("encrypted-cbc-unprotected", encrypt(inner, CBC))
write("encrypted-unsigned", encrypt(wrapped(unsigned), GCM))
write("encrypted-cbc", sign(encrypt(wrapped(keycloak()), CBC), "Response"))
write("encrypted-pkcs1", encrypt(inner, GCM, transport="http://www.w3.org/2001/04/xmlenc#rsa-1_5"))

# Our own request, signed by xmlsec1: ours must have the same digest and signature.
request = (
    f'<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
    f'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{REQUEST}" Version="2.0" IssueInstant="{at()}" '
    'Destination="https://idp.example.com/sso?tenant=1" ForceAuthn="true" '
    f'ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" AssertionConsumerServiceURL="{ACS}">'
    f"<saml:Issuer>{SP}</saml:Issuer>{signature(REQUEST)}"
    f'<samlp:NameIDPolicy AllowCreate="true" Format="{PERSISTENT}"/></samlp:AuthnRequest>'
)
write("request", sign(request, "AuthnRequest", "sp"))


def query(text, lower_case):
    """A signed query. Microsoft encodes in lower case; the signature is over what was sent."""

    def quote(value):
        quoted = urllib.parse.quote(value, safe="")
        return re.sub("%..", lambda found: found[0].lower(), quoted) if lower_case else quoted

    deflate = zlib.compressobj(wbits=-15)
    message = base64.b64encode(deflate.compress(text.encode()) + deflate.flush()).decode()
    signed = f"SAMLRequest={quote(message)}&RelayState={quote('a b/c')}&SigAlg={quote(RSA_SHA256)}"
    key = ser.load_pem_private_key((KEYS / "idp.key").read_bytes(), None)
    value = base64.b64encode(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    return f"{signed}&Signature={quote(value)}"


log_out = (
    '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
    f'xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="ID_logout" Version="2.0" IssueInstant="{at()}" '
    f'Destination="{SP}/logout"><Issuer>https://idp.example.com/realms/main</Issuer>'
    f'<NameID Format="{PERSISTENT}">G-7d0f</NameID><samlp:SessionIndex>s-1::c-1</samlp:SessionIndex>'
    "</samlp:LogoutRequest>"
)
(HERE / "logout-query.txt").write_text(query(log_out, False) + "\n")
(HERE / "logout-query-lower-case.txt").write_text(query(log_out, True) + "\n")

SSO, SLO = "SingleSignOnService", "SingleLogoutService"
realm = "https://idp.example.com/realms/main/protocol/saml"
write(
    "metadata-keycloak",
    metadata(
        "https://idp.example.com/realms/main",
        [("signing", "idp"), ("signing", "idp-next")],
        [(SLO, "POST", realm), (SLO, "Redirect", realm), (SSO, "POST", realm), (SSO, "Redirect", realm), (SSO, "SOAP", realm)],
        role=' WantAuthnRequestsSigned="true"',
    ),
)
login = "https://login.example.com/2f0e8a3c/saml2"
write(
    "metadata-entra",
    metadata(
        "https://sts.windows.net/2f0e8a3c/",
        [("signing", "idp"), ("signing", "idp-ec"), ("encryption", "attacker"), ("", "idp-next"), ("signing", "idp-weak")],
        [(SLO, "Redirect", login), (SSO, "Redirect", login), (SSO, "POST", login)],
        attributes=f' validUntil="{at(days=7)}" cacheDuration="PT6H"',
    ),
)
print("made", len(list(HERE.glob("*.xml"))), "messages in", HERE)
