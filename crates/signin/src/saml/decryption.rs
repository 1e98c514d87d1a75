//! Encrypted assertions. Owns which encryption is accepted, and the document that comes out.

use aws_lc_rs::aead::{AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, AES_192, AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::error::SamlError;
use super::key::{Oaep, ServiceProviderKey};
use super::namespace::{ENCRYPTION, ENCRYPTION_1_1, SIGNATURE};
use super::signature::short_name;
use super::xml::{Element, escape};

const OAEP: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const OAEP_1_1: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
/// One for each of our keys and some for others.
const MAX_ENCRYPTED_KEYS: usize = 4;

/// The cipher of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cipher {
    Gcm { key: usize },
    Cbc { key: usize },
}

impl Cipher {
    fn of(algorithm: &str) -> Option<Self> {
        Some(match algorithm {
            "http://www.w3.org/2009/xmlenc11#aes128-gcm" => Self::Gcm { key: 16 },
            "http://www.w3.org/2009/xmlenc11#aes192-gcm" => Self::Gcm { key: 24 },
            "http://www.w3.org/2009/xmlenc11#aes256-gcm" => Self::Gcm { key: 32 },
            "http://www.w3.org/2001/04/xmlenc#aes128-cbc" => Self::Cbc { key: 16 },
            "http://www.w3.org/2001/04/xmlenc#aes192-cbc" => Self::Cbc { key: 24 },
            "http://www.w3.org/2001/04/xmlenc#aes256-cbc" => Self::Cbc { key: 32 },
            _ => return None,
        })
    }

    fn decrypt(self, key: &[u8], content: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Gcm { key: length } if key.len() == length => {
                let algorithm = match length {
                    16 => &AES_128_GCM,
                    24 => &AES_192_GCM,
                    _ => &AES_256_GCM,
                };
                let (nonce, content) = content.split_first_chunk::<12>()?;
                let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
                let mut content = content.to_vec();
                let nonce = Nonce::assume_unique_for_key(*nonce);
                let length = key.open_in_place(nonce, Aad::empty(), &mut content).ok()?.len();
                content.truncate(length);
                Some(content)
            }
            Self::Cbc { key: length } if key.len() == length => {
                let algorithm = match length {
                    16 => &AES_128,
                    24 => &AES_192,
                    _ => &AES_256,
                };
                let (iv, content) = content.split_first_chunk::<16>()?;
                // XML Encryption pads like ISO 10126: the last byte counts, the others may be anything.
                let key = PaddedBlockDecryptingKey::cbc_iso10126(UnboundCipherKey::new(algorithm, key).ok()?).ok()?;
                let mut content = content.to_vec();
                let context = DecryptionContext::Iv128(FixedLength::from(iv));
                let length = key.decrypt(&mut content, context).ok()?.len();
                content.truncate(length);
                Some(content)
            }
            _ => None,
        }
    }
}

/// Decrypts an `EncryptedAssertion` into the text of a document whose top element contains the assertion. The top
/// element declares the namespaces that were in scope, since the encrypted text may use them.
///
/// # Errors
/// `UnprotectedCbc` for AES-CBC unless something signed surrounds it; `CannotDecrypt` for any failure with a key.
pub(super) fn decrypt(
    encrypted: Element<'_>,
    outer: Element<'_>,
    surrounded_by_signed: bool,
    keys: &[ServiceProviderKey],
) -> Result<String, SamlError> {
    if keys.is_empty() {
        return Err(SamlError::NoDecryptionKey);
    }
    let data = encrypted
        .child(ENCRYPTION, "EncryptedData", "several EncryptedData")?
        .ok_or(SamlError::Malformed("an EncryptedAssertion without EncryptedData"))?;
    let algorithm = method(data)?.attribute("Algorithm").unwrap_or_default();
    let cipher = Cipher::of(algorithm).ok_or_else(|| SamlError::UnsupportedEncryption(short_name(algorithm)))?;
    if matches!(cipher, Cipher::Cbc { .. }) && !surrounded_by_signed {
        return Err(SamlError::UnprotectedCbc);
    }
    let content = cipher_value(data)?;
    let plain = encrypted_keys(encrypted, data)?
        .iter()
        .flat_map(|wrapped| keys.iter().map(move |key| (wrapped, key)))
        .find_map(|(wrapped, key)| cipher.decrypt(&key.unwrap(wrapped.oaep, &wrapped.value, &wrapped.label)?, &content))
        .ok_or(SamlError::CannotDecrypt)?;
    let plain = String::from_utf8(plain).map_err(|_| SamlError::CannotDecrypt)?;
    let plain = match plain.trim_start().strip_prefix("<?xml") {
        Some(declaration) => declaration.split_once("?>").ok_or(SamlError::NotXml)?.1,
        None => &plain,
    };
    Ok(format!("<decrypted{}>{plain}</decrypted>", namespaces(&[outer, encrypted])))
}

/// Declarations of the namespaces in scope; inner ones win.
fn namespaces(outer_to_inner: &[Element<'_>]) -> String {
    let mut in_scope = std::collections::BTreeMap::new();
    for element in outer_to_inner {
        in_scope.extend(element.declared_namespaces().filter(|(prefix, _)| *prefix != "xml"));
    }
    in_scope
        .iter()
        .map(|(prefix, uri)| {
            let colon = if prefix.is_empty() { "" } else { ":" };
            format!(" xmlns{colon}{prefix}=\"{}\"", escape(uri))
        })
        .collect()
}

struct WrappedKey {
    oaep: Oaep,
    label: Vec<u8>,
    value: Vec<u8>,
}

/// The keys inside the data's `KeyInfo` and beside the data; both are common.
fn encrypted_keys(encrypted: Element<'_>, data: Element<'_>) -> Result<Vec<WrappedKey>, SamlError> {
    let info = data.child(SIGNATURE, "KeyInfo", "several KeyInfo")?;
    let inside = info.into_iter().flat_map(|info| info.children(ENCRYPTION, "EncryptedKey"));
    let keys: Vec<_> = inside.chain(encrypted.children(ENCRYPTION, "EncryptedKey")).collect();
    if keys.is_empty() {
        return Err(SamlError::UnsupportedEncryption("a key that is not in the message".to_owned()));
    }
    if keys.len() > MAX_ENCRYPTED_KEYS {
        return Err(SamlError::TooComplex("encrypted keys"));
    }
    keys.into_iter().map(wrapped_key).collect()
}

fn wrapped_key(key: Element<'_>) -> Result<WrappedKey, SamlError> {
    let method = method(key)?;
    let algorithm = method.attribute("Algorithm").unwrap_or_default();
    let digest = method.child(SIGNATURE, "DigestMethod", "several DigestMethod")?;
    let digest = digest.and_then(|digest| digest.attribute("Algorithm")).map_or("sha1".to_owned(), short_name);
    let mask = method.child(ENCRYPTION_1_1, "MGF", "several MGF")?;
    let mask = mask.and_then(|mask| mask.attribute("Algorithm")).map(short_name);
    // The older algorithm masks with SHA-1 unless it says otherwise; the newer one too (XML Encryption 1.1, 5.5.2).
    let mask = mask.unwrap_or("mgf1sha1".to_owned());
    let oaep = match (algorithm, digest.as_str(), mask.as_str()) {
        (OAEP | OAEP_1_1, "sha1", "mgf1sha1") => Oaep::Sha1,
        (OAEP | OAEP_1_1, "sha256", "mgf1sha256") => Oaep::Sha256,
        (OAEP | OAEP_1_1, "sha384", "mgf1sha384") => Oaep::Sha384,
        (OAEP | OAEP_1_1, "sha512", "mgf1sha512") => Oaep::Sha512,
        (OAEP | OAEP_1_1, _, _) => {
            return Err(SamlError::UnsupportedEncryption(format!("RSA-OAEP with {digest} and {mask}")));
        }
        _ => return Err(SamlError::UnsupportedEncryption(short_name(algorithm))),
    };
    let label = method.child(ENCRYPTION, "OAEPparams", "several OAEPparams")?;
    let label = label.map_or(Ok(Vec::new()), |label| base64(label))?;
    Ok(WrappedKey { oaep, label, value: cipher_value(key)? })
}

fn method(element: Element<'_>) -> Result<Element<'_>, SamlError> {
    element
        .child(ENCRYPTION, "EncryptionMethod", "several EncryptionMethod")?
        .ok_or(SamlError::Malformed("no EncryptionMethod"))
}

fn cipher_value(element: Element<'_>) -> Result<Vec<u8>, SamlError> {
    let data = element.child(ENCRYPTION, "CipherData", "several CipherData")?;
    let value = data.map(|data| data.child(ENCRYPTION, "CipherValue", "several CipherValue")).transpose()?.flatten();
    base64(value.ok_or(SamlError::UnsupportedEncryption("a value that is not in the message".to_owned()))?)
}

fn base64(element: Element<'_>) -> Result<Vec<u8>, SamlError> {
    let text: String = element.text("elements inside base64")?.split_ascii_whitespace().collect();
    STANDARD.decode(text).map_err(|_| SamlError::Malformed("a value that is not base64"))
}
