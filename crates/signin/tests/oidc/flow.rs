//! From the click to the code: addresses, state, mix-up.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use rolecall_signin::oidc::discovery::{ClientAuthentication, Provider};
use rolecall_signin::oidc::flow::{Callback, CallbackError, Client, RANDOM_BYTES, SignIn};
use rolecall_signin::oidc::token_request::{end_session_address, token_request};
use rolecall_signin::oidc::{Algorithm, LoopbackHttp};
use rolecall_signin::secret::Secret;
use rolecall_signin::time::UnixSeconds;
use serde_json::json;

const BEGAN: UnixSeconds = UnixSeconds(1_790_000_000);
const NOW: UnixSeconds = UnixSeconds(BEGAN.0 + 30);

fn provider() -> Provider {
    let document = json!({
        "issuer": "https://sso.example.com",
        "authorization_endpoint": "https://sso.example.com/auth?tenant=a",
        "token_endpoint": "https://sso.example.com/token",
        "jwks_uri": "https://sso.example.com/keys",
        "end_session_endpoint": "https://sso.example.com/logout"
    });
    let from = "https://sso.example.com/.well-known/openid-configuration";
    let provider = Provider::read(document.to_string().as_bytes(), from, LoopbackHttp::Refused).unwrap();
    assert_eq!(provider.algorithms, [Algorithm::Rs256]);
    provider
}

fn client() -> Client {
    Client {
        id: "role:call".to_owned(),
        secret: Secret::from("s3cret&more:ü"),
        redirect_uri: "https://rolecall.example.com/callback?idp=oidc".to_owned(),
        scopes: ["email profile", "openid", "groups"].map(str::to_owned).to_vec(),
    }
}

fn random() -> [u8; RANDOM_BYTES] {
    std::array::from_fn(|number| u8::try_from(number).unwrap())
}

fn begun() -> SignIn {
    SignIn::begin("oidc", "/projects?tab=1", &random(), BEGAN).unwrap()
}

fn checked(query: &str, provider: &Provider) -> Result<String, CallbackError> {
    let callback = Callback::read(query)?;
    begun().check(&callback, provider.into(), NOW).map(|code| code.expose().to_owned())
}

fn query(rest: &str) -> String {
    format!("state={}&{rest}", begun().state.expose())
}

#[test]
fn the_browser_is_sent_with_everything_that_binds_the_answer() {
    let sign_in = begun();
    let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, sign_in.verifier.expose().as_bytes()));
    assert_eq!(
        sign_in.authorization_address(&provider(), &client()),
        format!(
            "https://sso.example.com/auth?tenant=a&response_type=code&response_mode=query&client_id=role%3Acall\
             &redirect_uri=https%3A%2F%2Frolecall.example.com%2Fcallback%3Fidp%3Doidc\
             &scope=openid%20email%20profile%20groups&state={}&nonce={}&code_challenge={challenge}&code_challenge_method=S256",
            sign_in.state.expose(),
            sign_in.nonce.expose()
        )
    );
    // RFC 7636, section 4.1: 43 to 128 characters. All three are different random numbers.
    assert_eq!(sign_in.verifier.expose().len(), 43);
    assert_ne!(sign_in.state.expose(), sign_in.nonce.expose());
    assert_ne!(sign_in.nonce.expose(), sign_in.verifier.expose());
    assert!(!sign_in.authorization_address(&provider(), &client()).contains(sign_in.verifier.expose()));
    let printed = format!("{sign_in:?}");
    assert!(!printed.contains(sign_in.state.expose()) && printed.contains("***"));
}

#[test]
fn the_challenge_is_that_of_the_rfc() {
    // RFC 7636, appendix B.
    let sign_in = SignIn { verifier: Secret::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), ..begun() };
    let address = sign_in.authorization_address(&provider(), &client());
    assert!(address.contains("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&"), "{address}");
}

#[test]
fn a_return_path_stays_on_this_site() {
    for good in ["/", "/a/b?c=d&e=%20#f", "/a//b", "/@evil.example"] {
        assert_eq!(SignIn::begin("oidc", good, &random(), BEGAN).unwrap().return_path, good);
    }
    let long = format!("/{}", "a".repeat(2048));
    for bad in [
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "a",
        "\\\\evil.example",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: x",
        "/ä",
        " /",
        &long,
    ] {
        let refused = SignIn::begin("oidc", bad, &random(), BEGAN).unwrap_err();
        assert_eq!(refused.code(), "sign-in-return-path", "{bad}");
    }
}

#[test]
fn a_code_is_returned_to_the_sign_in_it_belongs_to() {
    let provider = provider();
    assert_eq!(checked(&query("code=a%2Fb+c&session_state=x"), &provider), Ok("a/b c".to_owned()));
    for other in ["code=a", "state=&code=a", "state=AAAA&code=a", "state=AAECAwQFBgcICQoL&code=a"] {
        assert_eq!(checked(other, &provider), Err(CallbackError::State), "{other}");
    }
    let longer = format!("state={}A&code=a", begun().state.expose());
    assert_eq!(checked(&longer, &provider), Err(CallbackError::State));
    assert_eq!(checked(&query(""), &provider), Err(CallbackError::NoCode));
    assert_eq!(checked(&query("code="), &provider), Err(CallbackError::NoCode));
}

#[test]
fn a_parameter_that_occurs_twice_is_refused() {
    let provider = provider();
    assert_eq!(checked(&query("code=a&code=b"), &provider).unwrap_err().code(), "callback-parameter-twice");
    assert_eq!(checked(&query("code=a&state=b"), &provider).unwrap_err().code(), "callback-parameter-twice");
    assert_eq!(
        checked(&query(&format!("code={}", "a".repeat(20_000))), &provider).unwrap_err().code(),
        "callback-too-long"
    );
}

#[test]
fn an_answer_after_ten_minutes_is_refused() {
    let callback = Callback::read(&query("code=a")).unwrap();
    let at = |seconds: i64| begun().check(&callback, (&provider()).into(), UnixSeconds(BEGAN.0 + seconds)).map(|_| ());
    assert_eq!(at(600), Ok(()));
    assert_eq!(at(601), Err(CallbackError::TooLate { seconds: 601 }));
    // A replica whose clock is behind.
    assert_eq!(at(-30), Ok(()));
}

#[test]
fn an_answer_of_another_provider_is_refused() {
    let silent = provider();
    let announced = Provider { sends_issuer: true, ..provider() };
    let ours = query("code=a&iss=https%3A%2F%2Fsso.example.com");
    assert!(checked(&ours, &silent).is_ok() && checked(&ours, &announced).is_ok());

    for theirs in ["https%3A%2F%2Fevil.example", "https%3A%2F%2Fsso.example.com%2F", ""] {
        let theirs = query(&format!("code=a&iss={theirs}"));
        for provider in [&silent, &announced] {
            assert_eq!(checked(&theirs, provider).unwrap_err().code(), "callback-other-issuer", "{theirs}");
        }
    }
    assert!(checked(&query("code=a"), &silent).is_ok());
    assert_eq!(checked(&query("code=a"), &announced).unwrap_err().code(), "callback-issuer-missing");
    // Errors are answers too.
    assert_eq!(checked(&query("error=access_denied"), &announced).unwrap_err().code(), "callback-issuer-missing");
}

#[test]
fn the_providers_refusal_is_shown_only_to_the_browser_that_began() {
    let provider = provider();
    let refused =
        checked(&query("error=access_denied&error_description=Ana%0Adeclined&code=a"), &provider).unwrap_err();
    assert_eq!(refused.to_string(), "the identity provider refused the sign-in: \"access_denied\", \"Ana\\ndeclined\"");
    assert_eq!(refused.code(), "callback-provider-error");
    let forged = checked("state=x&error=a&error_description=Call+0800+to+unlock", &provider).unwrap_err();
    assert_eq!(forged, CallbackError::State);
    let long = checked(&query(&format!("error={}", "x".repeat(5000))), &provider).unwrap_err();
    assert!(long.to_string().len() < 300);
}

#[test]
fn the_code_is_exchanged_with_the_verifier_and_the_secret() {
    let code = Secret::from("a/b c");
    let basic = token_request(ClientAuthentication::Basic, &client(), &begun(), &code);
    // "role%3Acall:s3cret%26more%3A%C3%BC" in base64: RFC 6749, section 2.3.1.
    assert_eq!(basic.authorization.unwrap().expose(), "Basic cm9sZSUzQWNhbGw6czNjcmV0JTI2bW9yZSUzQSVDMyVCQw==");
    let common = format!(
        "grant_type=authorization_code&code=a%2Fb%20c\
         &redirect_uri=https%3A%2F%2Frolecall.example.com%2Fcallback%3Fidp%3Doidc&code_verifier={}",
        begun().verifier.expose()
    );
    assert_eq!(basic.body.expose(), common);

    let post = token_request(ClientAuthentication::Post, &client(), &begun(), &code);
    assert!(post.authorization.is_none());
    assert_eq!(post.body.expose(), format!("{common}&client_id=role%3Acall&client_secret=s3cret%26more%3A%C3%BC"));
}

#[test]
fn the_providers_session_can_be_ended() {
    let address = |hint: Option<&Secret>| {
        let back = Some(("https://rolecall.example.com/", "s-1"));
        end_session_address(&provider(), &client().id, hint, back).unwrap()
    };
    assert_eq!(
        address(Some(&Secret::from("a.b.c"))).expose(),
        "https://sso.example.com/logout?client_id=role%3Acall&id_token_hint=a.b.c\
         &post_logout_redirect_uri=https%3A%2F%2Frolecall.example.com%2F&state=s-1"
    );
    assert!(!address(Some(&Secret::from("a".repeat(10_000)))).expose().contains("hint"));
    let without = Provider { end_session_endpoint: None, ..provider() };
    assert!(end_session_address(&without, &client().id, None, None).is_none());
}

proptest! {
    #[test]
    fn no_query_panics(text: String) {
        let _ = checked(&text, &provider());
        let _ = checked(&query(&text), &provider());
    }

    #[test]
    fn no_return_path_names_a_host(path in "[/\\\\a:@.\t ]{0,8}") {
        if let Ok(sign_in) = SignIn::begin("oidc", &path, &random(), BEGAN) {
            prop_assert!(!sign_in.return_path.contains('\\') && !sign_in.return_path.starts_with("//"));
        }
    }
}
