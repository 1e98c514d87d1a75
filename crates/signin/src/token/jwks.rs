//! The published form of the public keys (RFC 7517), and the ids of keys (RFC 7638).

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

/// The document at `/.well-known/jwks.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jwks {
    /// Every key whose tokens are still accepted.
    pub keys: Vec<Jwk>,
}

/// A public RSA key for RS256 signatures (RFC 7518, section 6.3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jwk {
    /// `RSA`.
    pub kty: &'static str,
    /// `sig`: for signatures.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// `RS256`.
    pub alg: &'static str,
    /// The key id in tokens: its thumbprint.
    pub kid: String,
    /// The modulus, base64url of its big-endian bytes.
    pub n: String,
    /// The public exponent, likewise.
    pub e: String,
}

impl Jwk {
    /// From modulus and exponent, big-endian without leading zeros.
    pub(super) fn new(modulus: &[u8], exponent: &[u8]) -> Self {
        let n = URL_SAFE_NO_PAD.encode(modulus);
        let e = URL_SAFE_NO_PAD.encode(exponent);
        Self { kty: "RSA", usage: "sig", alg: super::ALGORITHM, kid: thumbprint(&n, &e), n, e }
    }
}

/// RFC 7638: the SHA-256 of the required members in lexicographic order, without white space.
fn thumbprint(n: &str, e: &str) -> String {
    let members = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, members.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_is_that_of_the_rfc() {
        // RFC 7638, section 3.1.
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs\
                 tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbO\
                 pbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        assert_eq!(thumbprint(n, "AQAB"), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }
}
