//! Cutting a branch into independent parts.
//!
//! Two open variables belong together if a row holds both, or if an undecided
//! set joins them: its own weights, its value, and the actions on the paths of
//! its members as long as their beliefs are open. Fixed variables join nothing,
//! so unsent messages fall apart once the sender's values are known.

use crate::rows::Named;
use crate::search::{Part, Search};
use crate::state::{State, Status, Var};
use detente_game::certificate::Row;
use std::collections::{BTreeMap, BTreeSet};

/// A union-find over small numbers.
struct Groups(Vec<usize>);

impl Groups {
    fn find(&mut self, mut x: usize) -> usize {
        while self.0[x] != x {
            self.0[x] = self.0[self.0[x]];
            x = self.0[x];
        }
        x
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        let (low, high) = (a.min(b), a.max(b));
        self.0[high] = low;
    }
}

/// Returns the independent parts, in the order of their first set or variable.
pub fn cut(search: &Search, state: &State, part: &Part, rows: &[Named]) -> Vec<Part> {
    let stage = search.stage;
    let vars = stage.num_weights() + stage.sets.len();
    let mut groups = Groups((0..vars + stage.sets.len()).collect());
    let mut used = vec![false; vars];
    let open = |v: &Var| !state.fixed.contains_key(v);
    for r in rows {
        let mut first = None;
        for v in r.poly.keys().flatten() {
            used[*v as usize] = true;
            match first {
                None => first = Some(*v),
                Some(f) => groups.join(f as usize, *v as usize),
            }
        }
    }
    let mut sets = vec![];
    for &s in &part.sets {
        let believes = search.concept == detente_game::solution::Concept::Sequential
            && !state.leading_is_final(stage, s);
        let open_here = || match search.concept {
            // What needs a decision now may be played, too.
            detente_game::solution::Concept::Nash => search.may_be_played(state, s, rows),
            _ => search.needs_decision(state, s),
        };
        if !believes && !open_here() {
            continue;
        }
        sets.push(s);
        let mut link: Vec<Var> = stage.weights(s).collect();
        link.push((stage.num_weights() + s) as Var);
        // Whether an open action's row binds is decided with the set.
        for r in rows {
            if let Row::Best(h, a) = r.row
                && h == stage.sets[s].game.0
                && state.status[stage.weight(s, a as usize) as usize] == Status::Undecided
            {
                link.extend(r.poly.keys().flatten());
            }
        }
        // Beliefs here depend on who acts on the members' paths, and may still become open.
        if stage.sets[s].members.len() > 1 && search.concept != detente_game::solution::Concept::Nash {
            link.extend(differing(stage, s));
            // Rows that cannot be written yet will hold these.
            link.extend(stage.sets[s].entries.iter().flatten().flat_map(|e| e.mono.iter().copied()));
            let next = stage.sets[s].next.iter().flatten();
            link.extend(next.map(|n| (stage.num_weights() + n.set) as Var));
        }
        for v in link.iter().map(|v| state.resolve(*v)).filter(|v| open(v)) {
            used[v as usize] = true;
            groups.join(vars + s, v as usize);
        }
    }
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    let part_of = |root: usize, parts: &mut BTreeMap<usize, Part>| -> usize {
        parts.entry(root).or_insert_with(|| Part { sets: vec![], vars: Some(BTreeSet::new()) });
        root
    };
    for v in (0..vars as Var).filter(|v| used[*v as usize]) {
        let root = groups.find(v as usize);
        let key = part_of(root, &mut parts);
        parts.get_mut(&key).expect("made above").vars.as_mut().expect("set above").insert(v);
    }
    for s in sets {
        let root = groups.find(vars + s);
        let key = part_of(root, &mut parts);
        parts.get_mut(&key).expect("made above").sets.push(s);
    }
    parts.into_values().collect()
}

/// The actions of others that some but not all members of the set have on their path.
fn differing(stage: &crate::stage::Stage, set: usize) -> Vec<Var> {
    let others = &stage.sets[set].others;
    let mut count: BTreeMap<Var, usize> = BTreeMap::new();
    for w in others.iter().flatten() {
        *count.entry(*w).or_insert(0) += 1;
    }
    count.into_iter().filter(|(_, n)| *n < others.len()).map(|(w, _)| w).collect()
}
