//! Requests: words borrowed from the body, and what the document says of them. Other members are ignored, including groups
//! in a subject's `properties`: the world knows them.

pub mod evaluation;
pub mod search;

use rolecall_core::World;
use rolecall_core::org::{AccountId, Scope};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Ignored, Object};
use crate::app::decisions::ScopeRef;
use crate::http::json::Text;
use crate::http::limits;
use crate::http::v1::access_rules;

/// A subject.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AuthzenSubject)]
pub struct Subject<'a> {
    /// user, group or service-account.
    #[serde(borrow, rename = "type")]
    #[schema(value_type = String, example = "user", max_length = 255)]
    pub kind: Text<'a, { limits::NAME }>,
    /// The email of a user, the name of a group, the client id of a service account.
    #[serde(borrow)]
    #[schema(value_type = String, example = "ana@example.com", max_length = 255)]
    pub id: Text<'a, { limits::NAME }>,
    /// Ignored; groups too, since the server knows who is in which.
    #[serde(rename = "properties")]
    #[schema(value_type = Option<serde_json::Map<String, serde_json::Value>>)]
    _properties: Option<Object<Ignored>>,
}

/// An action.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AuthzenAction)]
pub struct Action<'a> {
    /// create, read, update, delete or sync.
    #[serde(borrow)]
    #[schema(value_type = String, example = "create", max_length = 255)]
    pub name: Text<'a, { limits::NAME }>,
    /// Ignored.
    #[serde(rename = "properties")]
    #[schema(value_type = Option<serde_json::Map<String, serde_json::Value>>)]
    _properties: Option<Object<Ignored>>,
}

/// A type of resource in a scope.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AuthzenResource)]
pub struct Resource<'a> {
    /// A type of resource, as roles name it.
    #[serde(borrow, rename = "type")]
    #[schema(value_type = String, example = "workspaces", max_length = 255)]
    pub kind: Text<'a, { limits::NAME }>,
    /// The scope: scopeType:scopeId, or the names on the way down to it, each after a slash: /berlin/research/vision.
    #[serde(borrow)]
    #[schema(value_type = String, example = "project:12", max_length = 768)]
    pub id: Text<'a, { limits::SCOPE }>,
    /// Ignored.
    #[serde(rename = "properties")]
    #[schema(value_type = Option<serde_json::Map<String, serde_json::Value>>)]
    _properties: Option<Object<Ignored>>,
}

/// A type without an id.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AuthzenType)]
pub struct Typed<'a> {
    /// The type.
    #[serde(borrow, rename = "type")]
    #[schema(value_type = String, max_length = 255)]
    pub kind: Text<'a, { limits::NAME }>,
    /// Ignored.
    #[serde(rename = "properties")]
    #[schema(value_type = Option<serde_json::Map<String, serde_json::Value>>)]
    _properties: Option<Object<Ignored>>,
}

/// The scope of a resource id: `project:12`, or the names on its path, `/berlin/research/vision`.
pub fn scope_ref(id: &str, account: AccountId) -> ScopeRef<'_> {
    if id.starts_with('/') {
        return ScopeRef::Names(id);
    }
    access_rules::node_word(id, account).map_or(ScopeRef::Nonsense, ScopeRef::Id)
}

/// The same for an existing scope.
pub fn scope(id: &str, world: &World) -> Option<Scope> {
    scope_ref(id, world.account().id).find(world)
}
