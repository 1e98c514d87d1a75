//! What has a second version: the token endpoint, and roles.

pub mod roles;
pub mod token;
