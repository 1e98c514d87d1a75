//! Users, service accounts, and their rules.

use serde_json::{Value, json};

use super::{Server, TestScope, Token, Tokens};

/// The first administrator, with their own password.
pub const ROOT: &str = "root@example.com";
/// Their password.
pub const ROOTS_PASSWORD: &str = "harbour-Quince-58-tundra";
/// A user in the group [`PLATFORM`] with a local password, root's.
pub const GIA: &str = "gia@example.com";
/// A user in the group [`PLATFORM`] with single sign-on.
pub const SOL: &str = "sol@example.com";
/// A group.
pub const PLATFORM: &str = "Platform, on-call";

impl Server {
    /// Tries to sign a user in for a client.
    pub async fn try_to_sign_in(&self, username: &str, password: &str) -> super::Answer {
        let wanted = json!({ "grantType": "password", "clientID": "cli", "username": username, "password": password });
        self.ask("POST", "/api/v1/token").json(&wanted).send().await
    }

    /// Signs a user in for a client.
    pub async fn sign_in_for_both(&self, username: &str, password: &str) -> Tokens {
        Tokens::of(&self.try_to_sign_in(username, password).await.ok())
    }

    /// Signs a user in.
    pub async fn sign_in(&self, username: &str, password: &str) -> Token {
        self.sign_in_for_both(username, password).await.access
    }

    /// Creates a user with a permanent password; returns their id and the password.
    pub async fn user(&self, email: &str) -> (String, String) {
        self.new_user(json!({ "email": email, "resetPassword": false })).await
    }

    /// Creates a user with a temporary password; returns their id and the password.
    pub async fn newcomer(&self, email: &str) -> (String, String) {
        self.new_user(json!({ "email": email })).await
    }

    async fn new_user(&self, wanted: Value) -> (String, String) {
        let created = self.post(&self.root, "/api/v1/users", wanted).await.created();
        let text = |name: &str| created[name].as_str().unwrap().to_owned();
        (text("id"), text("tempPassword"))
    }

    /// Gives a role to a user, and returns the rule's id.
    pub async fn grant(&self, email: &str, role: i32, place: &TestScope) -> i64 {
        self.grant_to("user", email, role, place).await
    }

    /// Gives a role to a subject, and returns the rule's id.
    pub async fn grant_to(&self, kind: &str, subject: &str, role: i32, place: &TestScope) -> i64 {
        self.post(&self.root, RULES, rule(kind, subject, role, place)).await.created()["id"].as_i64().unwrap()
    }

    /// Creates a user with their own password and one rule, and signs them in.
    pub async fn user_with_rule(&self, email: &str, role: i32, place: &TestScope) -> Token {
        let (_, password) = self.user(email).await;
        self.grant(email, role, place).await;
        self.sign_in(email, &password).await
    }

    /// Creates a service account.
    pub async fn service_account(&self, name: &str) -> Machine {
        let wanted = json!({ "name": name });
        let created = self.post(&self.root, "/api/v1/service-accounts", wanted).await.created();
        let text = |name: &str| created[name].as_str().unwrap_or_else(|| panic!("no {name} in {created}")).to_owned();
        Machine { id: text("id"), client_id: text("clientId"), secret: text("clientSecret") }
    }

    /// Tries to sign a service account in.
    pub async fn try_to_sign_in_machine(&self, client_id: &str, secret: &str) -> super::Answer {
        let wanted = json!({ "grantType": "app_token", "AppId": client_id, "AppSecret": secret });
        self.ask("POST", "/api/v1/token").json(&wanted).send().await
    }

    /// Signs a service account in.
    pub async fn sign_in_machine(&self, machine: &Machine) -> Token {
        let answer = self.try_to_sign_in_machine(&machine.client_id, &machine.secret).await.ok();
        Token(answer["accessToken"].as_str().unwrap().to_owned())
    }

    /// The id of a user, as root finds it.
    pub async fn id_of(&self, email: &str) -> String {
        let path = super::query("/api/v1/users", &[("filterBy", &format!("username=={email}"))]);
        self.get(&self.root, &path).await.ok()[0]["id"].as_str().unwrap().to_owned()
    }
}

/// A service account, with its secret.
#[derive(Debug, Clone)]
pub struct Machine {
    pub id: String,
    pub client_id: String,
    pub secret: String,
}

/// The path of access rules.
pub const RULES: &str = "/api/v1/authorization/access-rules";

/// The body of a new access rule.
pub fn rule(kind: &str, subject: &str, role: i32, place: &TestScope) -> Value {
    json!({
        "subjectType": kind,
        "subjectId": subject,
        "roleId": role,
        "scopeType": place.kind,
        "scopeId": place.id,
    })
}
