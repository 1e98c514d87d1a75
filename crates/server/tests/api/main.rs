//! The API from outside, on a server in this process and on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on must fail; the harness offers more words than each module uses"
)]

mod authzen;
mod bad_input;
mod batch;
mod batch_create;
mod bodies;
mod browser;
mod console;
mod etag;
mod every_operation;
mod export;
mod harness;
mod headers;
mod identity_providers;
mod impact;
mod list_words;
mod my_rules;
mod names;
mod openshift;
mod organisation;
mod own_password;
mod permissions;
mod recent_sign_ins;
mod rehearsals;
mod roles;
mod rules_scope;
mod saml;
mod saml_logout;
mod sso;
mod sso_groups;
mod sso_logout;
mod sso_rebinding;
mod stale;
mod temporary_password;
mod tokens;
mod transport;
mod turns;
mod users_list;
mod users_names;
mod users_rules;
