//! Which proofs hold in a box, all over it or one for each combination of signs.

use super::{Cover, Cut};
use crate::plane::Square;
use crate::plane::library::Part;
use std::collections::BTreeMap;

/// Most curves through one box for which all combinations of signs are looked at.
pub(super) const MAX_CURVES: usize = 7;

/// What a look at a box tells.
pub(super) enum Look {
    Whole(usize),
    Cut(Cut),
    /// Not covered; the curves that run through it.
    Open(Vec<usize>),
}

/// A box to look at: proofs that may hold in parts of it, with the signs not sure yet, and how
/// many proofs were known then.
pub(super) struct Task {
    pub(super) square: Square,
    pub(super) candidates: Vec<(usize, Vec<(usize, i32)>)>,
    pub(super) seen: usize,
}

impl Cover {
    /// Looks which proofs hold in a box; keeps in the task what is not sure.
    pub(super) fn look(&mut self, task: &mut Task, whole: u32) -> Look {
        let library = &self.library;
        let scale = 1.0 / f64::from(whole);
        let square = &task.square;
        let side = |at: u32| (f64::from(at) * scale, f64::from(at + square.size) * scale);
        let part: Part = [side(square.x), side(square.y)];
        let mut signs: BTreeMap<usize, Option<i32>> = BTreeMap::new();
        for k in task.seen..library.bases.len() {
            task.candidates.push((k, library.bases[k].conditions.clone()));
        }
        task.seen = library.bases.len();
        let mut kept: Vec<(usize, Vec<(usize, i32)>)> = vec![];
        let mut found = None;
        for (basis, conditions) in std::mem::take(&mut task.candidates) {
            let mut unsure = vec![];
            let mut dead = false;
            for (factor, sign) in conditions {
                match *signs.entry(factor).or_insert_with(|| library.sign(factor, &part)) {
                    Some(s) if s == sign => {}
                    Some(_) => {
                        dead = true;
                        break;
                    }
                    None => unsure.push((factor, sign)),
                }
            }
            if !dead && unsure.is_empty() {
                found = found.or(Some(basis));
            }
            if !dead {
                kept.push((basis, unsure));
            }
        }
        task.candidates = kept;
        if let Some(basis) = found {
            return Look::Whole(basis);
        }
        self.combined(task, &part)
    }

    /// Whether all combinations of signs in a box are covered.
    pub(super) fn combined(&self, task: &mut Task, part: &Part) -> Look {
        let library = &self.library;
        // A factor may have been cut since, and some of its parts have a sign here.
        let mut signs: BTreeMap<usize, Option<i32>> = BTreeMap::new();
        let mut sure = |k: usize| *signs.entry(k).or_insert_with(|| library.sign(k, part));
        let mut lists: Vec<(usize, Vec<(usize, i32)>)> = vec![];
        for (basis, unsure) in &mut task.candidates {
            let conditions = &library.bases[*basis].conditions;
            let mut list: Vec<(usize, i32)> = vec![];
            let mut dead = false;
            for (factor, sign) in unsure.iter() {
                let leaves = library.leaves(*factor);
                if leaves.len() == 1 && leaves[0] == *factor {
                    list.push((*factor, *sign));
                    continue;
                }
                // The signs of the parts are those where the proof was found; they may be looked up.
                let own = |k: usize| conditions.iter().find(|c| c.0 == k).map(|c| c.1);
                for leaf in leaves {
                    let wanted = own(leaf).or_else(|| library.sign_where_found(*basis, leaf)).unwrap_or(0);
                    match sure(leaf) {
                        Some(s) if s == wanted => {}
                        Some(_) => dead = true,
                        None => list.push((leaf, wanted)),
                    }
                }
            }
            if !dead {
                *unsure = list.clone();
                lists.push((*basis, list));
            } else {
                *unsure = vec![(usize::MAX, 0)];
            }
        }
        task.candidates.retain(|c| c.1.first().is_none_or(|u| u.0 != usize::MAX));
        if let Some((basis, _)) = lists.iter().find(|l| l.1.is_empty()) {
            return Look::Whole(*basis);
        }
        let mut curves: Vec<usize> = lists.iter().flat_map(|l| l.1.iter().map(|c| c.0)).collect();
        curves.sort_unstable();
        curves.dedup();
        if lists.is_empty() || curves.len() > MAX_CURVES {
            return Look::Open(curves);
        }
        let mut keys = vec![];
        for signs in 0..1u32 << curves.len() {
            let sign = |k: usize| {
                let at = curves.binary_search(&k).unwrap_or_default();
                if signs >> at & 1 == 1 { 1 } else { -1 }
            };
            let fits = |l: &&(usize, Vec<(usize, i32)>)| l.1.iter().all(|(k, s)| sign(*k) == *s);
            match lists.iter().find(fits) {
                Some((basis, _)) => keys.push(library.bases[*basis].key),
                None => return Look::Open(curves),
            }
        }
        let bases = lists.iter().map(|l| l.0).collect();
        Look::Cut(Cut { square: task.square, curves, keys, bases })
    }
}
