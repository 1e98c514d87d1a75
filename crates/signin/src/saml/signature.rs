//! Signatures in XML. Owns which are accepted, and that nothing but the verified node comes out.
//!
//! The library verifies what a signature says; this file decides, before that, what a signature may say. Otherwise a
//! message could choose HMAC, read files (a reference to one), or run a transform.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra_dsig::verify::verify_all_document_with_source;
use bergshamra_dsig::{DsigContext, VerifyResult};
use bergshamra_keys::KeysManager;
use uppsala::Document;

use super::certificate::{Certificate, fingerprint};
use super::error::SamlError;
use super::namespace::{EXCLUSIVE_C14N, SIGNATURE};
use super::xml::Element;
use crate::time::UnixSeconds;

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const CANONICALIZATIONS: [&str; 2] =
    ["http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"];
const METHODS: [&str; 6] = [
    super::value::RSA_SHA256,
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
];
const DIGESTS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];

/// An element whose signature is good. Only [`verified`] makes one.
#[derive(Clone, Copy)]
pub(super) struct Verified<'d>(Element<'d>);

impl<'d> Verified<'d> {
    /// The signed element.
    pub(super) fn element(self) -> Element<'d> {
        self.0
    }
}

/// Verifies every signature of a document. Each must be a child of one of `signable` and sign exactly that. Returns the
/// signed ones, in the order of the document; none when there is no signature.
///
/// # Errors
/// When any signature is misplaced, of another form, or not good: a message with a bad signature is not read at all.
pub(super) fn verified<'d>(
    document: &'d Document<'d>,
    text: &str,
    signable: &[Element<'d>],
    trusted: &[Certificate],
    now: UnixSeconds,
) -> Result<Vec<Verified<'d>>, SamlError> {
    let root = Element::root(document)?;
    let all = root.descendants().filter(|element| element.local_name() == "Signature").count();
    let mut expected = Vec::new();
    for parent in signable {
        let several = "an element has several signatures";
        if let Some(signature) = parent.child(SIGNATURE, "Signature", several)? {
            check_form(signature, *parent)?;
            expected.push((signature, *parent));
        }
    }
    if all != expected.len() {
        return Err(SamlError::MisplacedSignature);
    }
    if expected.is_empty() {
        return Ok(Vec::new());
    }
    expected.sort_by_key(|(signature, _)| signature.node().index());

    let (current, expired): (Vec<_>, Vec<_>) = trusted.iter().partition(|certificate| certificate.is_current(now));
    let Some(results) = verify(document, text, &current)? else {
        // With an expired certificate the words can be better than "bad signature".
        return Err(match verify(document, text, &expired)? {
            Some(results) => SamlError::ExpiredCertificate { not_after: end_of(&results, &expired).unwrap_or(now) },
            None => reason(&expected, trusted),
        });
    };
    if results.len() != expected.len() {
        return Err(SamlError::MisplacedSignature);
    }
    let mut verified = Vec::new();
    for (result, (signature, parent)) in results.iter().zip(&expected) {
        let VerifyResult::Valid { signature_node, references, .. } = result else {
            return Err(SamlError::BadSignature);
        };
        let [reference] = references.as_slice() else { return Err(SamlError::SignatureForm("not one reference")) };
        // INVARIANT: what is read later is the node that the library has hashed, not one that looks like it.
        let Some(node) = reference.resolved_node else { return Err(SamlError::SignatureForm("it signs no element")) };
        if *signature_node != signature.node() || node != parent.node() || !reference.digest_verified {
            return Err(SamlError::SignatureForm("it signs another element than the one around it"));
        }
        verified.push(Verified(Element::at(document, node).ok_or(SamlError::BadSignature)?));
    }
    Ok(verified)
}

/// `None` unless every signature is good.
fn verify(
    document: &Document<'_>,
    text: &str,
    certificates: &[&Certificate],
) -> Result<Option<Vec<VerifyResult>>, SamlError> {
    if certificates.is_empty() {
        return Ok(None);
    }
    let mut keys = KeysManager::new();
    keys.add_keys(certificates.iter().map(|certificate| certificate.key().clone()));
    // The defaults: trusted keys only, references nearby only, every digest computed here.
    let context = DsigContext::new(keys);
    let results =
        verify_all_document_with_source(&context, document, Some(text)).map_err(|_| SamlError::BadSignature)?;
    let all_good = results.iter().all(|result| matches!(result, VerifyResult::Valid { .. }));
    Ok(all_good.then_some(results))
}

/// The last second of the certificate that verified the first signature.
fn end_of(results: &[VerifyResult], certificates: &[&Certificate]) -> Option<UnixSeconds> {
    let VerifyResult::Valid { key_info, .. } = results.first()? else { return None };
    let der = key_info.x509_chain.first()?;
    certificates.iter().find(|certificate| certificate.der() == der).map(|certificate| certificate.not_after())
}

/// Words for a signature that is not good: does it name a certificate that is not trusted?
fn reason(signatures: &[(Element<'_>, Element<'_>)], trusted: &[Certificate]) -> SamlError {
    for (signature, _) in signatures {
        for certificate in signature.descendants().filter(|element| element.is(SIGNATURE, "X509Certificate")) {
            let base64: String = certificate.deep_text().split_ascii_whitespace().collect();
            let Ok(der) = STANDARD.decode(base64) else { continue };
            if !trusted.iter().any(|trusted| trusted.der() == der) {
                return SamlError::UnknownCertificate { fingerprint: fingerprint(&der) };
            }
        }
    }
    SamlError::BadSignature
}

/// Refuses every form but the one of SAML core 5.4: one reference to the parent, enveloped, canonicalized.
fn check_form(signature: Element<'_>, parent: Element<'_>) -> Result<(), SamlError> {
    let form = SamlError::SignatureForm;
    let parts: Vec<_> = signature.elements().collect();
    let (info, value) = match parts.as_slice() {
        [info, value] => (*info, *value),
        [info, value, key] if key.is(SIGNATURE, "KeyInfo") => (*info, *value),
        _ => return Err(form("more than SignedInfo, SignatureValue and KeyInfo")),
    };
    if !info.is(SIGNATURE, "SignedInfo") || !value.is(SIGNATURE, "SignatureValue") {
        return Err(form("SignedInfo or SignatureValue is missing"));
    }
    // The library reads texts up to the first comment, and attributes by their name without prefix.
    if info.has_comments() || value.has_comments() || value.elements().next().is_some() {
        return Err(form("comments"));
    }
    if info.descendants().any(Element::has_foreign_attributes) {
        return Err(form("attributes with a prefix"));
    }
    let [canonicalization, method, reference] = info.elements().collect::<Vec<_>>()[..] else {
        return Err(form("not exactly one reference"));
    };
    if !canonicalization.is(SIGNATURE, "CanonicalizationMethod")
        || !method.is(SIGNATURE, "SignatureMethod")
        || !reference.is(SIGNATURE, "Reference")
    {
        return Err(form("an unexpected element in SignedInfo"));
    }
    check_canonicalization(canonicalization)?;
    check_algorithm(method, &METHODS)?;
    let id = parent.attribute("ID").filter(|id| !id.is_empty()).ok_or(form("it signs an element without an ID"))?;
    if reference.attribute("URI").and_then(|uri| uri.strip_prefix('#')) != Some(id) {
        return Err(form("it signs another element than the one around it"));
    }
    let [transforms, digest, digest_value] = reference.elements().collect::<Vec<_>>()[..] else {
        return Err(form("an unexpected element in Reference"));
    };
    if !transforms.is(SIGNATURE, "Transforms")
        || !digest.is(SIGNATURE, "DigestMethod")
        || !digest_value.is(SIGNATURE, "DigestValue")
        || digest_value.elements().next().is_some()
    {
        return Err(form("an unexpected element in Reference"));
    }
    check_algorithm(digest, &DIGESTS)?;
    let transforms: Vec<_> = transforms.elements().collect();
    if !transforms.iter().all(|transform| transform.is(SIGNATURE, "Transform")) {
        return Err(form("an unexpected transform"));
    }
    match transforms.as_slice() {
        [enveloped] => check_algorithm_is_enveloped(*enveloped),
        [enveloped, canonicalization] => {
            check_algorithm_is_enveloped(*enveloped)?;
            check_canonicalization(*canonicalization)
        }
        _ => Err(form("an unexpected transform")),
    }
}

fn check_algorithm_is_enveloped(transform: Element<'_>) -> Result<(), SamlError> {
    let enveloped = transform.attribute("Algorithm") == Some(ENVELOPED) && transform.elements().next().is_none();
    if enveloped { Ok(()) } else { Err(SamlError::SignatureForm("an unexpected transform")) }
}

fn check_canonicalization(element: Element<'_>) -> Result<(), SamlError> {
    let known = element.attribute("Algorithm").is_some_and(|algorithm| CANONICALIZATIONS.contains(&algorithm));
    let children: Vec<_> = element.elements().collect();
    let plain = match children.as_slice() {
        [] => true,
        [prefixes] => prefixes.is(EXCLUSIVE_C14N, "InclusiveNamespaces") && prefixes.elements().next().is_none(),
        _ => false,
    };
    if known && plain { Ok(()) } else { Err(SamlError::SignatureForm("an unexpected transform")) }
}

/// The algorithm must be on the list, without parameters.
fn check_algorithm(element: Element<'_>, accepted: &[&str]) -> Result<(), SamlError> {
    let algorithm = element.attribute("Algorithm").unwrap_or_default();
    if !accepted.contains(&algorithm) {
        return Err(SamlError::WeakAlgorithm(short_name(algorithm)));
    }
    if element.elements().next().is_some() {
        return Err(SamlError::SignatureForm("an algorithm with parameters"));
    }
    Ok(())
}

/// The end of an algorithm's address, as people know it: `rsa-sha1`.
pub(super) fn short_name(algorithm: &str) -> String {
    let name = algorithm.rsplit(['#', '/']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).take(40).collect();
    if name.is_empty() { "an unknown algorithm".to_owned() } else { name }
}
