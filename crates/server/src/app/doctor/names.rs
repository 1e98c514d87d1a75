//! Describes names that people may confuse. New ones are refused; these come from earlier versions.

use rolecall_core::World;
use rolecall_core::org::Scope;
use rolecall_core::world::Mistakable;

/// A line for each, with names, ids and the remedy.
#[must_use]
pub fn mistakable_names(world: &World) -> Vec<String> {
    let node = |scope: &Scope| {
        let name = world.path_of(*scope).unwrap_or_default();
        format!("{} {name:?} ({})", scope.kind().as_str(), world.id_of(*scope))
    };
    let line = |found: Mistakable| match found {
        Mistakable::Same(scopes) => {
            let nodes: Vec<_> = scopes.iter().map(node).collect();
            format!("Names that differ only in case or spelling: {}. Rename all but one.", nodes.join(", "))
        }
        Mistakable::Unseen(scope, it) => {
            let code = u32::from(it);
            format!("A name contains the invisible character U+{code:04X}: {}. Rename it.", node(&scope))
        }
    };
    world.mistakable().into_iter().map(line).collect()
}
