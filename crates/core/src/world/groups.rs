//! Groups: those that rules name or users are in. Members refer to them by number.
//!
//! A decision needs the rules of all groups of a user, and a number finds them faster than a name.

use std::sync::Arc;

use imbl::{HashMap, OrdSet};

use super::names::Named;
use super::numbered::Numbered;
use crate::identity::{Email, GroupName, Subject};

/// The number of a group. It has no meaning in another world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GroupNumber(u32);

/// A group: its members, and the rules that name it.
pub(super) type Group = Named<GroupName, OrdSet<Email>>;

/// All groups. A group without members and rules is not stored.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    numbers: HashMap<GroupName, GroupNumber>,
    groups: Numbered<Arc<Group>>,
}

impl Groups {
    /// The group with that name.
    pub(super) fn get(&self, name: &str) -> Option<&Group> {
        self.by_number(*self.numbers.get(name)?)
    }

    /// The group with that number.
    pub(super) fn by_number(&self, number: GroupNumber) -> Option<&Group> {
        self.groups.get(number.0).map(Arc::as_ref)
    }

    /// The stored name of a group, and its number. The number stays the group's while it has members.
    pub(super) fn find(&self, name: &GroupName) -> Option<(&GroupName, GroupNumber)> {
        self.numbers.get_key_value(name).map(|(name, number)| (name, *number))
    }

    /// Changes a group, and returns its stored name.
    pub(super) fn change(&mut self, name: &GroupName, change: impl FnOnce(&mut Group)) -> Arc<Subject> {
        let number = self.numbers.get(name).copied();
        if let Some((number, kept)) = number.and_then(|number| Some((number, self.groups.get_mut(number.0)?))) {
            let group = Arc::make_mut(kept);
            change(group);
            let subject = group.subject.clone();
            if group.is_nothing() {
                self.numbers.remove(name);
                self.groups.remove(number.0);
            }
            return subject;
        }
        let mut group = Named::new(name.clone(), Subject::Group(name.clone()));
        change(&mut group);
        let subject = group.subject.clone();
        if !group.is_nothing() {
            self.numbers.insert(name.clone(), GroupNumber(self.groups.add(Arc::new(group))));
        }
        subject
    }

    /// Number of groups, by name and by number.
    #[cfg(test)]
    pub(super) fn len(&self) -> (usize, usize) {
        (self.numbers.len(), self.groups.len())
    }
}
