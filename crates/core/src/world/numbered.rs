//! Values by small numbers, which are reused after removal.

use imbl::Vector;

/// Values, each with a permanent number.
#[derive(Debug, Clone)]
pub(super) struct Numbered<T> {
    things: Vector<Option<T>>,
    /// The unused numbers below the highest.
    free: Vector<u32>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { things: Vector::new(), free: Vector::new() }
    }
}

impl<T: Clone> Numbered<T> {
    /// Assigns it a number.
    pub(super) fn add(&mut self, thing: T) -> u32 {
        if let Some(number) = self.free.pop_back() {
            if let Some(place) = self.things.get_mut(at(number)) {
                *place = Some(thing);
            }
            return number;
        }
        self.things.push_back(Some(thing));
        u32::try_from(self.things.len() - 1).unwrap_or(u32::MAX)
    }

    /// The value with that number.
    pub(super) fn get(&self, number: u32) -> Option<&T> {
        self.things.get(at(number))?.as_ref()
    }

    /// The same, mutable.
    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.things.get_mut(at(number))?.as_mut()
    }

    /// Removes the value with that number, which another may get later.
    pub(super) fn remove(&mut self, number: u32) {
        if self.things.get_mut(at(number)).and_then(Option::take).is_some() {
            self.free.push_back(number);
        }
    }

    /// Number of values.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.things.len() - self.free.len()
    }
}

fn at(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
