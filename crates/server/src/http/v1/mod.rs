//! The API as Run:ai's clients know it, and what Rolecall adds to it.

pub mod access_rules;
pub mod app_token;
pub mod clusters;
pub mod departments;
pub mod effective_permissions;
pub mod idps;
pub mod impact;
pub mod me;
pub mod org;
pub mod permissions;
pub mod projects;
pub mod roles;
pub mod security_settings;
pub mod service_accounts;
pub mod session;
pub mod sign_ins;
pub mod token;
pub mod users;
pub mod users_minimal;
pub mod who_can;
