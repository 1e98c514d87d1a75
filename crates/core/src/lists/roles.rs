//! The list of roles.

use std::cmp::Ordering;

use super::Cell;
use crate::access::Role;
use crate::filter::{Field, Filter, Kind, Order};
use crate::org::ScopeKind;
use crate::text::folded;
use crate::world::World;

/// The fields of `filterBy`.
pub const ROLE_FIELDS: &[Field] = &[
    Field { name: "name", kind: Kind::Text },
    Field { name: "createdAt", kind: Kind::Date },
    Field { name: "createdBy", kind: Kind::Text },
    Field { name: "custom", kind: Kind::Bool },
    Field { name: "scopeType", kind: Kind::Text },
    Field { name: "enabled", kind: Kind::Bool },
];

/// The fields of `sortBy`.
pub const ROLE_SORTS: &[&str] = &["name", "createdAt", "createdBy", "custom", "scopeType", "enabled"];

/// A role may be granted at each level.
const LEVELS: [&str; 4] = [
    ScopeKind::Account.as_str(),
    ScopeKind::Cluster.as_str(),
    ScopeKind::Department.as_str(),
    ScopeKind::Project.as_str(),
];

/// Which roles are wanted, and in which order.
#[derive(Debug, Clone, Default)]
pub struct RoleList {
    /// Conditions on [`ROLE_FIELDS`].
    pub filter: Filter,
    /// Text that the name contains, compared in its folded form.
    pub search: Option<String>,
    /// One of [`ROLE_SORTS`]; by id without.
    pub sort_by: Option<&'static str>,
    /// The direction.
    pub order: Order,
}

impl RoleList {
    /// All roles that match, in order; those that are alike by id.
    #[must_use]
    pub fn of<'w>(&self, world: &'w World) -> Vec<&'w Role> {
        let (part, filter) = (self.search.as_deref().map(folded), self.filter.matcher());
        let found = |role: &&Role| part.as_ref().is_none_or(|part| role.definition.name.key().contains(part));
        let mut roles: Vec<&Role> =
            world.roles().filter(found).filter(|role| filter.matches(|field| cell(role, field))).collect();
        if let Some(by) = self.sort_by {
            // Stable, so that roles that are alike stay in the order of their ids.
            roles.sort_by(|a, b| {
                let order = compare(a, b, by);
                if self.order == Order::Descending { order.reverse() } else { order }
            });
        } else if self.order == Order::Descending {
            roles.reverse();
        }
        roles
    }
}

fn cell<'r>(role: &'r Role, field: &str) -> Option<Cell<'r>> {
    Some(match field {
        "name" => Cell::Text { text: role.name(), key: role.definition.name.key().into() },
        "createdAt" => Cell::Date(role.created_at),
        "createdBy" => Cell::Text { text: &role.created_by, key: folded(&role.created_by).into() },
        "custom" => Cell::Bool(role.custom),
        "scopeType" => Cell::Words(&LEVELS),
        "enabled" => Cell::Bool(role.enabled),
        _ => return None,
    })
}

fn compare(a: &Role, b: &Role, by: &str) -> Ordering {
    match (cell(a, by), cell(b, by)) {
        (Some(Cell::Text { text: a, key: of_a }), Some(Cell::Text { text: b, key: of_b })) => {
            of_a.cmp(&of_b).then_with(|| a.cmp(b))
        }
        (Some(Cell::Date(a)), Some(Cell::Date(b))) => a.cmp(&b),
        (Some(Cell::Bool(a)), Some(Cell::Bool(b))) => a.cmp(&b),
        _ => Ordering::Equal,
    }
}
