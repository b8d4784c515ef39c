//! The three-period chain store: 4 players, 13 entrant sets and 13 of the weak incumbent.
//!
//! Each entrant sees what happened before. After an entry the weak incumbent accommodates
//! or fights; the strong one is an automaton that fights, so it has no decisions.

use crate::builder::{Place, TreeBuilder};
use crate::random::SplitMix;
use detente_exact::Q;
use detente_game::{EventId, Game, InfosetId};
use std::collections::BTreeMap;

/// Stakes of one period.
struct Period {
    /// The incumbent's payoff from: no entry, accommodating, fighting.
    incumbent: [Q; 3],
    /// The entrant's payoff from: staying out, being accommodated, being fought.
    entrant: [Q; 3],
}

struct Store {
    tree: TreeBuilder,
    periods: Vec<Period>,
    entry: Vec<EventId>,
    answer: Vec<EventId>,
    /// Information sets by the public history: one letter per period.
    entrants: BTreeMap<String, InfosetId>,
    weak: BTreeMap<String, InfosetId>,
}

pub(super) fn game(random: &mut SplitMix, textbook: bool) -> Game {
    let mut tree = TreeBuilder::new("", &["Incumbent", "Entrant1", "Entrant2", "Entrant3"]);
    let words = |list: &[&str]| list.iter().map(|w| w.to_string()).collect::<Vec<_>>();
    let nature = tree.chance_event(Some(0), "type", &words(&["weak", "strong"]));
    let entry = (1..=3).map(|p| tree.decision_event(p, "entry", &words(&["out", "in"]))).collect();
    let answer =
        (1..=3).map(|k| tree.decision_event(0, &format!("answer{k}"), &words(&["yield", "fight"]))).collect();
    let periods =
        (0..3).map(|_| if textbook { textbook_period(random) } else { random_period(random) }).collect();
    let strong = Q::new(random.between(1, 19), 20);
    let probs = [Q::ONE - strong.clone(), strong];
    let root = tree.chance(None, nature, &probs);
    let mut store = Store { tree, periods, entry, answer, entrants: BTreeMap::new(), weak: BTreeMap::new() };
    for (arm, is_weak) in [(0, true), (1, false)] {
        store.period(Some((root, arm)), is_weak, "", vec![Q::ZERO; 4]);
    }
    store.tree.finish()
}

/// Stakes of Kreps and Wilson (1982): staying out 0, entry b or b - 1; incumbent a, 0, -1.
fn textbook_period(random: &mut SplitMix) -> Period {
    let b = Q::new(random.between(1, 9), 10);
    let a = Q::from(random.between(2, 4));
    Period { incumbent: [a, Q::ZERO, Q::from(-1)], entrant: [Q::ZERO, b.clone(), b - Q::ONE] }
}

/// Any stakes for which no answer is dominant in the one-shot game by design.
fn random_period(random: &mut SplitMix) -> Period {
    let mut draw = |low, high| Q::new(random.between(low, high), 10);
    Period {
        incumbent: [draw(0, 40), draw(-10, 10), draw(-20, 10)],
        entrant: [draw(-5, 5), draw(-10, 20), draw(-20, 10)],
    }
}

impl Store {
    /// Adds the period that follows a public history (at most three, so recursion is shallow).
    fn period(&mut self, at: Place, weak: bool, past: &str, paid: Vec<Q>) {
        let k = past.len();
        if k == self.periods.len() {
            let name = format!("{} fights", past.matches('f').count());
            self.tree.end(at, Some(&name), &paid);
            return;
        }
        let event = self.entry[k];
        let tree = &mut self.tree;
        let set = *self.entrants.entry(past.to_string()).or_insert_with(|| tree.infoset(event, &label(past)));
        let node = self.tree.decision(at, set);
        let out = self.paid(&paid, k, 0);
        self.period(Some((node, 0)), weak, &format!("{past}o"), out);
        let (yielded, fought) = (self.paid(&paid, k, 1), self.paid(&paid, k, 2));
        if !weak {
            self.period(Some((node, 1)), weak, &format!("{past}f"), fought);
            return;
        }
        let event = self.answer[k];
        let tree = &mut self.tree;
        let set = *self.weak.entry(past.to_string()).or_insert_with(|| tree.infoset(event, &label(past)));
        let node = self.tree.decision(Some((node, 1)), set);
        self.period(Some((node, 0)), weak, &format!("{past}y"), yielded);
        self.period(Some((node, 1)), weak, &format!("{past}f"), fought);
    }

    fn paid(&self, before: &[Q], k: usize, what: usize) -> Vec<Q> {
        let mut paid = before.to_vec();
        paid[0] += &self.periods[k].incumbent[what];
        paid[k + 1] += &self.periods[k].entrant[what];
        paid
    }
}

fn label(past: &str) -> String {
    if past.is_empty() {
        return "start".into();
    }
    let word = |c| match c {
        'o' => "out",
        'y' => "yield",
        _ => "fight",
    };
    past.chars().map(word).collect::<Vec<_>>().join(", ")
}
