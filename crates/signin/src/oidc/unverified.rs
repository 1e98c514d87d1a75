//! The claims of a token that an administrator pasted, to try settings with. Nothing is verified, so nobody signs in with
//! what is read here.

use serde_json::{Map, Value};

use super::id_token::MAX_ID_TOKEN_BYTES;
use super::jws::{self, SignatureError};

/// The claims of a token in compact form. Neither its signature nor its times are checked.
///
/// # Errors
/// When it is too long, encrypted, or not a token.
pub fn claims(token: &str) -> Result<Map<String, Value>, SignatureError> {
    jws::unverified_payload(token.trim(), MAX_ID_TOKEN_BYTES)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_claims_of_any_token_are_read() {
        let payload = URL_SAFE_NO_PAD.encode(json!({ "sub": "ana", "exp": 1 }).to_string());
        assert_eq!(
            claims(&format!(" e30.{payload}.c2ln\n")).unwrap(),
            *json!({ "sub": "ana", "exp": 1 }).as_object().unwrap()
        );
        for (text, code) in
            [("a.b", "token-malformed"), ("a.b.c.d.e", "token-encrypted"), ("e30.W10.c2ln", "token-malformed")]
        {
            assert_eq!(claims(text).unwrap_err().code(), code, "{text}");
        }
        assert_eq!(claims(&"x".repeat(MAX_ID_TOKEN_BYTES + 1)).unwrap_err().code(), "token-too-long");
    }
}
