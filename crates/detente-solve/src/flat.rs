//! A small map in one piece of memory: pairs in the order of their keys.
//!
//! The one idea: rows have a handful of terms and are made, compared and thrown away all the time; in a
//! sorted list that is one allocation and a walk. Iteration is in the order of keys, as in a `BTreeMap`.

/// Pairs sorted by key, each key once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flat<K, V>(Vec<(K, V)>);

impl<K, V> Default for Flat<K, V> {
    fn default() -> Flat<K, V> {
        Flat(Vec::new())
    }
}

/// Places that a list which begins gets at once.
const FIRST: usize = 6;

impl<K: Ord, V> Flat<K, V> {
    /// No pairs.
    pub fn new() -> Flat<K, V> {
        Flat(Vec::new())
    }

    /// No pairs yet, and places for so many.
    pub fn with_room(room: usize) -> Flat<K, V> {
        Flat(Vec::with_capacity(room))
    }

    /// Where a key is, or where it would have to be.
    fn place(&self, key: &K) -> Result<usize, usize> {
        // Most lists are shorter than what halving them would cost.
        if self.0.len() <= 8 {
            for (at, (k, _)) in self.0.iter().enumerate() {
                match k.cmp(key) {
                    std::cmp::Ordering::Less => {}
                    std::cmp::Ordering::Equal => return Ok(at),
                    std::cmp::Ordering::Greater => return Err(at),
                }
            }
            return Err(self.0.len());
        }
        self.0.binary_search_by(|(k, _)| k.cmp(key))
    }

    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.place(key).ok().map(|at| &self.0[at].1)
    }

    /// Whether the key has a value.
    pub fn contains_key(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    /// Sets the value of a key; returns the one before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.put(at, key, value);
                None
            }
        }
    }

    /// The value of a key, which becomes `value` if it has none.
    pub fn at(&mut self, key: K, value: V) -> &mut V {
        let at = match self.place(&key) {
            Ok(at) => at,
            Err(at) => {
                self.put(at, key, value);
                at
            }
        };
        &mut self.0[at].1
    }

    fn put(&mut self, at: usize, key: K, value: V) {
        if self.0.capacity() == 0 {
            self.0.reserve(FIRST);
        }
        self.0.insert(at, (key, value));
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.place(key).ok().map(|at| self.0.remove(at).1)
    }

    /// Keeps the pairs for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.0.retain_mut(|(k, v)| keep(k, v));
    }

    /// Number of pairs.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no pairs.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pairs, by key.
    pub fn iter(&self) -> Pairs<'_, K, V> {
        self.0.iter().map(|(k, v)| (k, v))
    }

    /// The keys, in order.
    pub fn keys(&self) -> Parts<'_, K, V, K> {
        self.0.iter().map(|(k, _)| k)
    }

    /// Changes every value.
    pub fn change(&mut self, with: impl Fn(&mut V)) {
        self.0.iter_mut().for_each(|(_, v)| with(v));
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> Parts<'_, K, V, V> {
        self.0.iter().map(|(_, v)| v)
    }

    /// Adds the pairs of another map, made into values by `with` together with the one here, if any; where
    /// `with` returns `None` the key goes.
    pub fn merge<'a>(&mut self, other: &'a Flat<K, V>, with: impl Fn(Option<V>, &'a V) -> Option<V>)
    where
        K: Clone,
    {
        let room = Vec::with_capacity(self.0.len() + other.0.len());
        let mine = std::mem::replace(&mut self.0, room);
        let mut mine = mine.into_iter().peekable();
        for (key, value) in &other.0 {
            while let Some(pair) = mine.next_if(|(k, _)| k < key) {
                self.0.push(pair);
            }
            let (key, before) = match mine.next_if(|(k, _)| k == key) {
                Some((k, v)) => (k, Some(v)),
                None => (key.clone(), None),
            };
            self.0.extend(with(before, value).map(|v| (key, v)));
        }
        self.0.extend(mine);
    }
}

/// The pairs of a map.
pub type Pairs<'a, K, V> = std::iter::Map<std::slice::Iter<'a, (K, V)>, fn(&'a (K, V)) -> (&'a K, &'a V)>;

/// The keys of a map, or its values.
pub type Parts<'a, K, V, P> = std::iter::Map<std::slice::Iter<'a, (K, V)>, fn(&'a (K, V)) -> &'a P>;

impl<K: Ord, V> FromIterator<(K, V)> for Flat<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Flat<K, V> {
        let mut map = Flat::new();
        map.extend(pairs);
        map
    }
}

impl<K: Ord, V> Extend<(K, V)> for Flat<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        let pairs = pairs.into_iter();
        self.0.reserve(pairs.size_hint().0);
        for (key, value) in pairs {
            // What comes in order, as it mostly does, goes to the end.
            if self.0.last().is_none_or(|(last, _)| *last < key) {
                self.0.push((key, value));
            } else {
                self.insert(key, value);
            }
        }
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Flat<K, V> {
    fn from(pairs: [(K, V); N]) -> Flat<K, V> {
        pairs.into_iter().collect()
    }
}

impl<K, V> IntoIterator for Flat<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, K, V> IntoIterator for &'a Flat<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Pairs<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(k, v)| (k, v))
    }
}

impl<K: Ord, V> std::ops::Index<&K> for Flat<K, V> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        self.get(key).expect("callers index keys that they have met in this map")
    }
}

#[cfg(test)]
mod tests {
    use super::Flat;
    use std::collections::BTreeMap;

    /// Every operation does what the map of the standard library does.
    #[test]
    fn as_the_map_of_the_standard_library() {
        let mut state = 7u32;
        let mut draw = |most: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % most
        };
        let (mut flat, mut tree): (Flat<u32, u32>, BTreeMap<u32, u32>) = (Flat::new(), BTreeMap::new());
        for _ in 0..5_000 {
            let (key, value) = (draw(20), draw(100));
            match draw(5) {
                0 => assert_eq!(flat.insert(key, value), tree.insert(key, value)),
                1 => assert_eq!(flat.remove(&key), tree.remove(&key)),
                2 => assert_eq!(*flat.at(key, value), *tree.entry(key).or_insert(value)),
                3 => {
                    let other: Vec<(u32, u32)> = (0..draw(6)).map(|_| (draw(20), draw(3))).collect();
                    let more: Flat<u32, u32> = other.into_iter().collect();
                    flat.merge(&more, |a, b| Some(a.unwrap_or(0) + b).filter(|sum| *sum != 0));
                    for (k, v) in &more {
                        let sum = tree.get(k).unwrap_or(&0) + v;
                        if sum == 0 {
                            tree.remove(k)
                        } else {
                            tree.insert(*k, sum)
                        };
                    }
                }
                _ => {
                    flat.retain(|k, _| *k != key);
                    tree.retain(|k, _| *k != key);
                }
            }
            assert!(flat.iter().eq(tree.iter()) && flat.len() == tree.len());
            assert_eq!(flat.get(&key), tree.get(&key));
        }
    }
}
