//! The HTTP-Redirect binding: a message in a query, and the signature over that query (bindings 3.4.4.1).

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, RsaParameters, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::certificate::Certificate;
use super::error::SamlError;
use super::key::ServiceProviderKey;
use super::signature::short_name;
use super::{MAX_MESSAGE_BYTES, value};
use crate::time::UnixSeconds;

/// The kind of a message, by which its parameter is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// `SAMLRequest`.
    Request,
    /// `SAMLResponse`.
    Response,
}

impl Parameter {
    /// Its name in the query and in a form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }
}

/// Maximum length of a relay state, in bytes (bindings 3.4.3).
pub const MAX_RELAY_STATE_BYTES: usize = 80;
const MAX_QUERY_BYTES: usize = 64 * 1024;

/// The address with the message, signed if there is a key.
pub(super) fn address(
    destination: &str,
    parameter: Parameter,
    xml: &str,
    relay_state: Option<&str>,
    key: Option<&ServiceProviderKey>,
) -> Result<String, SamlError> {
    let mut query = format!("{}={}", parameter.name(), encode(&STANDARD.encode(compress_to_vec(xml.as_bytes(), 6))));
    if let Some(relay_state) = relay_state {
        if relay_state.len() > MAX_RELAY_STATE_BYTES {
            return Err(SamlError::Length { what: "relay state", limit: MAX_RELAY_STATE_BYTES });
        }
        query.push_str(&format!("&RelayState={}", encode(relay_state)));
    }
    if let Some(key) = key {
        query.push_str(&format!("&SigAlg={}", encode(value::RSA_SHA256)));
        let signature = STANDARD.encode(key.sign(query.as_bytes())?);
        query.push_str(&format!("&Signature={}", encode(&signature)));
    }
    let joint = if destination.contains('?') { '&' } else { '?' };
    Ok(format!("{destination}{joint}{query}"))
}

/// A received message whose query signature is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Received {
    pub(super) xml: String,
    pub(super) relay_state: Option<String>,
}

/// Verifies a query as it was received, without the question mark. The signature is over the parameters as the sender
/// has encoded them, so they must not be decoded and encoded again.
pub(super) fn receive(
    query: &str,
    parameter: Parameter,
    trusted: &[Certificate],
    now: UnixSeconds,
) -> Result<Received, SamlError> {
    if query.len() > MAX_QUERY_BYTES {
        return Err(SamlError::TooLarge { limit: MAX_QUERY_BYTES });
    }
    let message = single(query, parameter.name())?.ok_or(SamlError::Query("the message is missing"))?;
    let relay_state = single(query, "RelayState")?;
    let algorithm = single(query, "SigAlg")?.ok_or(SamlError::NotSigned)?;
    let signature = single(query, "Signature")?.ok_or(SamlError::NotSigned)?;
    let mut signed = format!("{}={message}", parameter.name());
    if let Some(relay_state) = relay_state {
        signed.push_str(&format!("&RelayState={relay_state}"));
    }
    signed.push_str(&format!("&SigAlg={algorithm}"));

    let algorithm = decode(algorithm)?;
    let rsa: &'static RsaParameters = match algorithm.as_str() {
        value::RSA_SHA256 => &RSA_PKCS1_2048_8192_SHA256,
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => &RSA_PKCS1_2048_8192_SHA512,
        other => return Err(SamlError::WeakAlgorithm(short_name(other))),
    };
    let signature = base64(signature)?;
    let signed_by = trusted.iter().filter(|certificate| {
        certificate
            .rsa_public_key()
            .is_some_and(|key| UnparsedPublicKey::new(rsa, key).verify(signed.as_bytes(), &signature).is_ok())
    });
    let last = signed_by.max_by_key(|certificate| certificate.not_after()).ok_or(SamlError::BadSignature)?;
    if !last.is_current(now) {
        return Err(SamlError::ExpiredCertificate { not_after: last.not_after() });
    }
    let xml = decompress_to_vec_with_limit(&base64(message)?, MAX_MESSAGE_BYTES).map_err(|_| SamlError::NotDeflated)?;
    let xml = String::from_utf8(xml).map_err(|_| SamlError::NotXml)?;
    Ok(Received { xml, relay_state: relay_state.map(decode).transpose()? })
}

/// The raw value of a parameter. Twice the same name could mean two messages, to two readers.
fn single<'q>(query: &'q str, name: &str) -> Result<Option<&'q str>, SamlError> {
    let mut values = query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(key, _)| *key == name);
    let first = values.next().map(|(_, value)| value);
    if values.next().is_some() { Err(SamlError::Query("a parameter is there twice")) } else { Ok(first) }
}

fn base64(value: &str) -> Result<Vec<u8>, SamlError> {
    let text: String = decode(value)?.split_ascii_whitespace().collect();
    STANDARD.decode(text).map_err(|_| SamlError::NotBase64)
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn decode(text: &str) -> Result<String, SamlError> {
    const BAD: SamlError = SamlError::Query("a wrong percent encoding");
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes().map(plus_is_space));
    for part in parts {
        let (hex, rest) = part.split_at_checked(2).ok_or(BAD)?;
        if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(BAD);
        }
        bytes.push(u8::from_str_radix(hex, 16).map_err(|_| BAD)?);
        bytes.extend(rest.bytes().map(plus_is_space));
    }
    String::from_utf8(bytes).map_err(|_| BAD)
}

fn plus_is_space(byte: u8) -> u8 {
    if byte == b'+' { b' ' } else { byte }
}
