//! Products of variables.
//!
//! The one idea: products are copied and compared all the time, and nearly all are one variable or none; both
//! are done without a loop there.

use crate::stage::Weight;
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::ops::{Deref, DerefMut};

/// A product of variables, ascending; in order as lists are.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Mono(SmallVec<[Weight; 3]>);

impl Mono {
    /// The empty product.
    pub fn new() -> Mono {
        Mono(SmallVec::new())
    }

    /// The product of these.
    pub fn from_slice(list: &[Weight]) -> Mono {
        Mono(SmallVec::from_slice(list))
    }

    /// Multiplies by a variable that is not below the others.
    pub fn push(&mut self, v: Weight) {
        self.0.push(v);
    }

    /// Takes out the factor at a place.
    pub fn remove(&mut self, at: usize) -> Weight {
        self.0.remove(at)
    }
}

impl Clone for Mono {
    #[inline]
    fn clone(&self) -> Mono {
        Mono::from_slice(&self.0)
    }
}

impl Deref for Mono {
    type Target = [Weight];

    #[inline]
    fn deref(&self) -> &[Weight] {
        &self.0
    }
}

impl DerefMut for Mono {
    fn deref_mut(&mut self) -> &mut [Weight] {
        &mut self.0
    }
}

impl Ord for Mono {
    #[inline]
    fn cmp(&self, other: &Mono) -> Ordering {
        match (&self[..], &other[..]) {
            ([a], [b]) => a.cmp(b),
            (a, b) => a.cmp(b),
        }
    }
}

impl PartialOrd for Mono {
    fn partial_cmp(&self, other: &Mono) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromIterator<Weight> for Mono {
    fn from_iter<I: IntoIterator<Item = Weight>>(list: I) -> Mono {
        Mono(list.into_iter().collect())
    }
}

impl Extend<Weight> for Mono {
    fn extend<I: IntoIterator<Item = Weight>>(&mut self, list: I) {
        self.0.extend(list);
    }
}

impl IntoIterator for Mono {
    type Item = Weight;
    type IntoIter = smallvec::IntoIter<[Weight; 3]>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Mono {
    type Item = &'a Weight;
    type IntoIter = std::slice::Iter<'a, Weight>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
