//! The scope that a question means: by its id, or by the names on the way down to it.

use rolecall_core::org::{NodeName, Scope};
use rolecall_core::{Result, World};

/// A scope as a question names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// By kind and id, whether there is one or not.
    Id(Scope),
    /// By the names below the account, in their own case, with a slash before each: `/berlin/research/vision`; `/` is the
    /// account itself. A name holds no slash, and siblings have different names, so this is one scope or none.
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
                // As it stands first: an earlier version may have kept a name that is not composed.
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
