//! The scope that a question means: by its id, or by the names on the way down to it.

use rolecall_core::World;
use rolecall_core::org::Scope;

/// A scope as a question names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// By kind and id, whether there is one or not.
    Id(Scope),
    /// By the names below the account, with a slash before each: `/berlin/research/vision`; `/` is the account itself. A name
    /// holds no slash, and siblings have different names, so this is one scope or none.
    Names(&'a str),
    /// By what can be no scope's id.
    Nonsense,
}

impl Place<'_> {
    /// The scope; none where no scope can be meant.
    #[must_use]
    pub fn scope(self, world: &World) -> Option<Scope> {
        match self {
            Self::Id(scope) => Some(scope),
            Self::Names("/") => Some(Scope::Account),
            Self::Names(text) => {
                let mut names = text.strip_prefix('/')?.split('/');
                let scope = names.by_ref().take(3).try_fold(Scope::Account, |above, name| child(world, above, name))?;
                names.next().is_none().then_some(scope)
            }
            Self::Nonsense => None,
        }
    }
}

/// The node of that name just below another one. Takes time with the nodes there: whoever has an id is quicker.
fn child(world: &World, above: Scope, name: &str) -> Option<Scope> {
    let named = |scope: &Scope| world.name_of(*scope) == Some(name);
    match above {
        Scope::Account => world.clusters().map(Scope::Cluster).find(named),
        Scope::Cluster(id) => world.departments_of(id).map(Scope::Department).find(named),
        Scope::Department(id) => world.projects_of(id).map(Scope::Project).find(named),
        Scope::Project(_) => None,
    }
}
