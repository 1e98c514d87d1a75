//! The direction of a list.

/// A sort order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// `asc`: the smallest first.
    #[default]
    Ascending,
    /// `desc`: the largest first.
    Descending,
}
