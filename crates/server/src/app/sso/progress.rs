//! How far a sign-in came: for the administrator who looks up why it failed.

use rolecall_signin::mapping::Received;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::person::Reading;

/// Maximum size of the claims of a recent sign-in, in bytes of JSON.
const SHOWN: usize = 16 * 1024;
/// Maximum size of the claims that changed settings are tried with. Group names can be many.
const TRIED: usize = 256 * 1024;

/// Maximum levels of a value: those who read the record have limits of their own.
const MOST_LEVELS: usize = 16;
/// Maximum claims of which at least the name is kept, where they are too large.
const MOST_NAMES: usize = 200;

/// Claims that prove something, or that mean nothing after the sign-in.
const SECRET: [&str; 9] =
    ["nonce", "at_hash", "c_hash", "s_hash", "jti", "access_token", "refresh_token", "id_token", "code"];

/// A step of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Read what the provider says of itself.
    ReadProvider,
    /// Check that the answer belongs to the sign-in.
    CheckAnswer,
    /// Exchange the code for tokens.
    ExchangeCode,
    /// Verify who the provider says it is.
    VerifyIdentity,
    /// Ask the provider for more claims.
    AskForMore,
    /// Read email and groups from the claims.
    ReadClaims,
    /// Find the user, or create them, and open the session.
    Admit,
}

impl Step {
    /// All of them, in the order in which they come.
    pub const ALL: [Self; 7] = [
        Self::ReadProvider,
        Self::CheckAnswer,
        Self::ExchangeCode,
        Self::VerifyIdentity,
        Self::AskForMore,
        Self::ReadClaims,
        Self::Admit,
    ];

    /// Its word in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadProvider => "read-provider",
            Self::CheckAnswer => "check-answer",
            Self::ExchangeCode => "exchange-code",
            Self::VerifyIdentity => "verify-identity",
            Self::AskForMore => "ask-for-more",
            Self::ReadClaims => "read-claims",
            Self::Admit => "admit",
        }
    }
}

/// A sign-in on its way.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The steps that were begun. All but the last one are done.
    pub steps: Vec<Step>,
    /// What the provider said, once that is verified.
    pub claims: Option<Value>,
    /// The same, whole, to try changed settings with; `None` where that is too large.
    pub tried: Option<Value>,
    /// Whether the person is known here.
    pub is_known: bool,
    /// What was made of it.
    pub reading: Reading,
}

impl Progress {
    /// The next step begins.
    pub(super) fn at(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// The provider said this.
    pub(super) fn said(&mut self, received: Received<'_>) {
        self.claims = Some(presentable(received, SHOWN));
        self.tried = whole(received);
    }
}

/// Claims without secrets, unless they are too large to be kept whole.
fn whole(received: Received<'_>) -> Option<Value> {
    let kept = presentable(received, usize::MAX);
    (kept.to_string().len() <= TRIED && !is_deeper_than(MOST_LEVELS, &kept)).then_some(kept)
}

/// Claims without secrets. Where all are larger than `most` bytes of JSON, the largest are named without their values.
fn presentable(received: Received<'_>, most: usize) -> Value {
    let mut claims: Vec<(&str, Value)> = match received {
        Received::Claims(claims) => claims.iter().map(|(name, value)| (name.as_str(), value.clone())).collect(),
        Received::Attributes(all) => {
            all.iter().map(|(name, values)| (name.as_str(), Value::from(values.as_slice()))).collect()
        }
    };
    claims.retain(|(name, _)| !SECRET.contains(name));
    let length = |(name, value): &(&str, Value)| name.len().saturating_add(value.to_string().len());
    claims.sort_by_cached_key(length);
    let mut size: usize = 0;
    let mut kept = Map::new();
    for claim in claims {
        let length = length(&claim);
        let (name, value) = claim;
        size = size.saturating_add(length);
        let left_out = || Value::from(format!("(left out: {length} bytes)"));
        let value = if size > most || is_deeper_than(MOST_LEVELS, &value) { left_out() } else { value };
        // Names alone could be many, too.
        if size > most && kept.len() >= MOST_NAMES {
            break;
        }
        kept.insert(name.to_owned(), value);
    }
    Value::Object(kept)
}

fn is_deeper_than(levels: usize, value: &Value) -> bool {
    let deeper = |inner: &Value| match levels.checked_sub(1) {
        None => true,
        Some(levels) => is_deeper_than(levels, inner),
    };
    match value {
        Value::Array(items) => items.iter().any(deeper),
        Value::Object(members) => members.values().any(deeper),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kept(claims: &Value) -> Value {
        presentable(Received::Claims(claims.as_object().unwrap()), SHOWN)
    }

    #[test]
    fn secrets_are_left_out() {
        let claims = json!({ "sub": "1", "nonce": "n", "at_hash": "h", "access_token": "t", "groups": ["a"] });
        assert_eq!(kept(&claims), json!({ "sub": "1", "groups": ["a"] }));
    }

    #[test]
    fn deep_claims_are_named_and_not_kept() {
        let deep = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(kept(&json!({ "a": deep(16) })), json!({ "a": deep(16) }));
        assert_eq!(kept(&json!({ "a": deep(17), "b": 1 }))["a"], "(left out: 36 bytes)");
    }

    #[test]
    fn large_claims_are_named_and_not_kept() {
        let long = "x".repeat(SHOWN);
        assert_eq!(
            kept(&json!({ "a": long, "b": "1" })),
            json!({ "a": "(left out: 16387 bytes)", "b": "1" }),
            "one claim hides no other"
        );
        let many: Map<String, Value> = (0..10_000).map(|n| (format!("claim-{n:06}"), Value::from(n))).collect();
        assert!(kept(&Value::Object(many)).to_string().len() < 5 * SHOWN);
    }
}
