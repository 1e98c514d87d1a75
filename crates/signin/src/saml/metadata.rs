//! The metadata of an identity provider. Owns what is taken from it; its signature is not verified: the administrator
//! who gives it, or the TLS address that it came from, is what is trusted.

use super::assertion::{bounded, time};
use super::certificate::Certificate;
use super::error::SamlError;
use super::namespace::{METADATA, PROTOCOL, SIGNATURE};
use super::xml::{self, Element, Limits};
use super::{instant, value};
use crate::time::UnixSeconds;

/// Maximum size of metadata, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;
const LIMITS: Limits = Limits { bytes: MAX_BYTES, elements: 20_000 };
const MAX_ADDRESS_BYTES: usize = 2048;
const MAX_CERTIFICATES: usize = 16;

/// An identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityProvider {
    /// Its entity id: the issuer of its responses.
    pub entity_id: String,
    /// Where to send a user who signs in.
    pub sign_on: Addresses,
    /// Where to send a user who signs out.
    pub log_out: Addresses,
    /// The certificates whose keys sign, in its order. During a roll-over there are several. Never empty.
    pub certificates: Vec<Certificate>,
    /// Certificates that cannot be used, with the reason for each. They are left out, so that an odd one does not
    /// disable the others.
    pub unusable_certificates: Vec<SamlError>,
    /// Whether it wants requests to be signed.
    pub wants_signed_requests: bool,
    /// From this second on the metadata is out of date.
    pub valid_until: Option<UnixSeconds>,
    /// After how many seconds it should be fetched again.
    pub cache_seconds: Option<i64>,
}

/// Addresses of one service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Addresses {
    /// For HTTP-Redirect.
    pub redirect: Option<String>,
    /// For HTTP-POST.
    pub post: Option<String>,
    /// Where responses go, if it is another address (HTTP-Redirect).
    pub redirect_response: Option<String>,
    /// Where responses go, if it is another address (HTTP-POST).
    pub post_response: Option<String>,
}

impl IdentityProvider {
    /// Reads metadata: an `EntityDescriptor`, or an `EntitiesDescriptor` with exactly one identity provider.
    ///
    /// # Errors
    /// When it is not such a document, has expired at `now`, or lacks what signing in needs.
    pub fn from_metadata(bytes: &[u8], now: UnixSeconds) -> Result<Self, SamlError> {
        if bytes.len() > MAX_BYTES {
            return Err(SamlError::TooLarge { limit: MAX_BYTES });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| SamlError::NotXml)?;
        let document = xml::parse(text, &LIMITS)?;
        let root = Element::root(&document)?;
        if !root.is(METADATA, "EntityDescriptor") && !root.is(METADATA, "EntitiesDescriptor") {
            return Err(SamlError::Malformed("it is not SAML metadata"));
        }
        let mut entities =
            root.descendants().filter(|entity| entity.is(METADATA, "EntityDescriptor")).flat_map(|entity| {
                let roles = entity.children(METADATA, "IDPSSODescriptor").filter(|role| speaks_saml_2(*role));
                roles.map(move |role| (entity, role))
            });
        let (entity, role) = entities.next().ok_or(SamlError::NoIdentityProvider)?;
        if entities.next().is_some() {
            return Err(SamlError::SeveralIdentityProviders);
        }
        let around = [root, entity, role];
        let valid_until = shortest(&around, |element| time(element, "validUntil"))?;
        if let Some(valid_until) = valid_until.filter(|end| now >= *end) {
            return Err(SamlError::MetadataExpired { valid_until });
        }
        let cache_seconds = shortest(&around, |element| {
            let duration = element.attribute("cacheDuration").map(instant::parse_duration);
            duration.map(|duration| duration.ok_or(SamlError::Malformed("a duration"))).transpose()
        })?;
        let entity_id = entity.attribute("entityID").unwrap_or_default().to_owned();
        let sign_on = addresses(role, "SingleSignOnService")?;
        if sign_on.redirect.is_none() && sign_on.post.is_none() {
            return Err(SamlError::NoSignOnAddress);
        }
        let (certificates, unusable_certificates) = certificates(role)?;
        Ok(Self {
            entity_id: bounded(entity_id, "entity id", 1024)?,
            sign_on,
            log_out: addresses(role, "SingleLogoutService")?,
            certificates,
            unusable_certificates,
            wants_signed_requests: matches!(role.attribute("WantAuthnRequestsSigned"), Some("true" | "1")),
            valid_until,
            cache_seconds,
        })
    }

    /// The second at which the next of its certificates expires: sign-ins fail from then on, if that is the one that it signs
    /// with. Where all have expired, the last of these seconds.
    #[must_use]
    pub fn certificate_ends(&self, now: UnixSeconds) -> Option<UnixSeconds> {
        let ends = || self.certificates.iter().map(Certificate::not_after);
        ends().filter(|end| *end > now).min().or_else(|| ends().max())
    }
}

fn speaks_saml_2(role: Element<'_>) -> bool {
    let protocols = role.attribute("protocolSupportEnumeration").unwrap_or_default();
    protocols.split_ascii_whitespace().any(|protocol| protocol == PROTOCOL)
}

/// The smallest of what the elements around a role say: each bounds what is inside it.
fn shortest<T: Ord>(
    around: &[Element<'_>],
    read: impl Fn(Element<'_>) -> Result<Option<T>, SamlError>,
) -> Result<Option<T>, SamlError> {
    let values: Result<Vec<_>, _> = around.iter().map(|element| read(*element)).collect();
    Ok(values?.into_iter().flatten().min())
}

/// The first address for each binding.
fn addresses(role: Element<'_>, name: &str) -> Result<Addresses, SamlError> {
    let mut addresses = Addresses::default();
    for service in role.children(METADATA, name) {
        let (request, response) = match service.attribute("Binding") {
            Some(value::HTTP_REDIRECT) => (&mut addresses.redirect, &mut addresses.redirect_response),
            Some(value::HTTP_POST) => (&mut addresses.post, &mut addresses.post_response),
            _ => continue,
        };
        if request.is_none() {
            *request = Some(address(service.attribute("Location").unwrap_or_default())?);
            *response = service.attribute("ResponseLocation").map(address).transpose()?;
        }
    }
    Ok(addresses)
}

/// An address that is safe in a `Location` header and in a form: `javascript:` and the like are refused.
fn address(address: &str) -> Result<String, SamlError> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let plain = address.len() <= MAX_ADDRESS_BYTES
        && address.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte));
    if plain && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?'])) {
        Ok(address.to_owned())
    } else {
        Err(SamlError::BadAddress)
    }
}

/// Those for signing: `use="signing"`, or no use.
fn certificates(role: Element<'_>) -> Result<(Vec<Certificate>, Vec<SamlError>), SamlError> {
    let (mut usable, mut unusable) = (Vec::new(), Vec::new());
    let descriptors = role.children(METADATA, "KeyDescriptor").filter(|key| key.attribute("use") != Some("encryption"));
    let infos = descriptors.flat_map(|key| key.children(SIGNATURE, "KeyInfo"));
    let data = infos.flat_map(|info| info.children(SIGNATURE, "X509Data"));
    for (count, certificate) in data.flat_map(|data| data.children(SIGNATURE, "X509Certificate")).enumerate() {
        if count >= MAX_CERTIFICATES {
            return Err(SamlError::TooComplex("certificates"));
        }
        match Certificate::from_text(&certificate.text("elements in a certificate")?) {
            Ok(certificate) if usable.contains(&certificate) => {}
            Ok(certificate) => usable.push(certificate),
            Err(error) => unusable.push(error),
        }
    }
    if usable.is_empty() {
        Err(unusable.pop().unwrap_or(SamlError::NoSigningCertificate))
    } else {
        Ok((usable, unusable))
    }
}
