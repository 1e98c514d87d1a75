//! The subject of each rule, by the rule's id.
//!
//! Ids come from a counter, so nearly all ids in a range are in use. Pages of consecutive ids take a fifth of the
//! memory of a map.

use std::array;
use std::sync::Arc;

use imbl::OrdMap;

use crate::access::RuleId;
use crate::identity::Subject;

const PAGE: usize = 64;
const NEIGHBORS: i32 = 64;

/// The subjects of rules with consecutive ids.
#[derive(Debug, Clone)]
struct Page([Option<Arc<Subject>>; PAGE]);

/// The subject of every rule. Empty pages are not stored.
#[derive(Debug, Clone, Default)]
pub(super) struct ByRule(OrdMap<i32, Arc<Page>>);

/// The page of an id, and its index there.
fn place(id: RuleId) -> (i32, usize) {
    (id.number().div_euclid(NEIGHBORS), usize::try_from(id.number().rem_euclid(NEIGHBORS)).unwrap_or_default())
}

impl ByRule {
    pub(super) fn get(&self, id: RuleId) -> Option<&Arc<Subject>> {
        let (page, at) = place(id);
        self.0.get(&page)?.0.get(at)?.as_ref()
    }

    pub(super) fn insert(&mut self, id: RuleId, subject: Arc<Subject>) {
        let (page, at) = place(id);
        let page = self.0.entry(page).or_insert_with(|| Arc::new(Page(array::from_fn(|_| None))));
        if let Some(place) = Arc::make_mut(page).0.get_mut(at) {
            *place = Some(subject);
        }
    }

    pub(super) fn remove(&mut self, id: RuleId) -> Option<Arc<Subject>> {
        self.get(id)?;
        let (number, at) = place(id);
        let page = Arc::make_mut(self.0.get_mut(&number)?);
        let subject = page.0.get_mut(at)?.take();
        if page.0.iter().all(Option::is_none) {
            self.0.remove(&number);
        }
        subject
    }

    /// The id and subject of every rule, by id.
    pub(super) fn iter(&self) -> impl Iterator<Item = (RuleId, &Arc<Subject>)> {
        self.0.iter().flat_map(|(number, page)| {
            let first = number.saturating_mul(NEIGHBORS);
            let ids = (first..=first.saturating_add(NEIGHBORS - 1)).map(RuleId::new);
            ids.zip(&page.0).filter_map(|(id, subject)| Some((id, subject.as_ref()?)))
        })
    }

    #[cfg(test)]
    pub(super) fn pages(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::identity::Email;

    #[test]
    fn every_id_has_a_place_of_its_own() {
        let subject = |n: i32| Arc::new(Subject::User(Email::parse("email", &format!("u{n}@example.com")).unwrap()));
        let ids = [i32::MIN, i32::MIN + 1, -65, -64, -63, -1, 0, 1, 63, 64, 65, 127, 128, i32::MAX - 1, i32::MAX];
        let (mut rules, mut model) = (ByRule::default(), BTreeMap::new());
        for id in ids {
            assert_eq!(rules.get(RuleId::new(id)), None);
            rules.insert(RuleId::new(id), subject(id.wrapping_abs() % 7));
            model.insert(RuleId::new(id), subject(id.wrapping_abs() % 7));
        }
        let all = |rules: &ByRule| rules.iter().map(|(id, subject)| (id, subject.clone())).collect::<BTreeMap<_, _>>();
        assert_eq!(all(&rules), model);
        assert!(rules.iter().map(|(id, _)| id).is_sorted());
        for id in ids.map(RuleId::new) {
            let before = rules.clone();
            assert_eq!(rules.remove(id), model.remove(&id));
            assert_eq!(rules.remove(id), None, "it is gone");
            assert!(before.get(id).is_some(), "the world before stays as it is");
            assert_eq!(all(&rules), model);
        }
        assert_eq!(rules.pages(), 0);
    }
}
