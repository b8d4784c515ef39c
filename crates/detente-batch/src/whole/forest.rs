//! Beliefs at several sets that nobody reaches: are they free of each other?
//!
//! The one idea: a belief says how likely one mistake is beside another. Beliefs at several sets can all be what they
//! like as long as no chain of them leads from one mistake back to the same one: the sets are edges between mistakes,
//! and what they tie must be a forest.

/// Which mistakes are tied to each other.
#[derive(Clone, Debug)]
pub struct Forest<T> {
    /// Groups of mistakes whose odds are known to hang together.
    groups: Vec<Vec<T>>,
}

impl<T> Default for Forest<T> {
    fn default() -> Forest<T> {
        Forest { groups: vec![] }
    }
}

impl<T: Clone + PartialEq> Forest<T> {
    /// Whether nothing known so far ties two of these.
    pub fn apart(&self, list: &[T]) -> bool {
        self.groups.iter().all(|group| list.iter().filter(|t| group.contains(t)).count() <= 1)
    }

    /// Ties these to each other.
    pub fn tie(&mut self, list: &[T]) {
        let touches = |group: &Vec<T>| list.iter().any(|t| group.contains(t));
        let (tied, rest): (Vec<Vec<T>>, Vec<Vec<T>>) = self.groups.drain(..).partition(touches);
        self.groups = rest;
        let mut one: Vec<T> = tied.concat();
        for t in list {
            if !one.contains(t) {
                one.push(t.clone());
            }
        }
        self.groups.push(one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_of_three_is_no_forest() {
        let mut forest = Forest::default();
        assert!(forest.apart(&[1, 2]));
        forest.tie(&[1, 2]);
        assert!(!forest.apart(&[1, 2]) && forest.apart(&[2, 3]));
        forest.tie(&[2, 3]);
        assert!(!forest.apart(&[1, 3]), "1 beside 2 and 2 beside 3 say what 1 is beside 3");
        assert!(forest.apart(&[3, 4, 5]));
    }
}
