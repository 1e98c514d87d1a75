//! The scope of a question: by its id, or by the names on its path.

use rolecall_core::org::{NodeName, Scope};
use rolecall_core::{Result, World};

/// A scope in a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeRef<'a> {
    /// By kind and id, existing or not.
    Id(Scope),
    /// By the names below the account, case-sensitive, each after a slash: `/berlin/research/vision`; `/` is the
    /// account itself. Names contain no slash, and siblings have different names, so at most one scope matches.
    Names(&'a str),
    /// By a text that cannot be a scope's id.
    Nonsense,
}

impl ScopeRef<'_> {
    /// The scope, existing or not; `None` when no scope can match.
    #[must_use]
    pub fn find(self, world: &World) -> Option<Scope> {
        match self {
            Self::Id(scope) => Some(scope),
            Self::Names("/") => Some(Scope::Account),
            Self::Names(text) => {
                let mut names = text.strip_prefix('/')?.split('/');
                // As given first: an earlier version may have stored a name that is not composed.
                let child = |above, name: Result<NodeName>| world.child_named(above, name.ok()?);
                let scope = names.by_ref().take(3).try_fold(Scope::Account, |above, name| {
                    child(above, NodeName::known("name", name)).or_else(|| child(above, NodeName::parse("name", name)))
                })?;
                names.next().is_none().then_some(scope)
            }
            Self::Nonsense => None,
        }
    }
}
