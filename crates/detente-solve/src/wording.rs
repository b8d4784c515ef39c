//! How conditions on what is free are written.
//!
//! The one idea: a piece is told in as few conditions as say it all, each first as data, then in
//! words of the model.

use crate::conditions::{Condition, Part, Piece, cancelled, follows};
use crate::describe::{member_mono, place_of_member};
use crate::left::Left;
use crate::polytope::Form;
use crate::stages::Solved;
use crate::state::{Status, Var};
use detente_exact::Q;
use detente_game::names::set_name;
use detente_game::solution::{self, Factor, Free, FreeWhat};
use detente_game::wording::condition_text;
use detente_game::{Game, InfosetId};
use std::collections::BTreeMap;

/// The irredundant conditions of a part as text.
pub fn printed(game: &Game, s: &Solved, free: &[Free], part: &Part, several: bool) -> Piece {
    let mut list = part.conditions.clone();
    // Equations first: each removes one weight from everything after it. Sums come before
    // others, so that a set's last action is the one left out.
    list.sort_by_key(|c| (!c.equality, !c.sums));
    let mut k = 0;
    while k < list.len() && list[k].equality {
        let pivot = list[k].form.clone();
        if let Some(v) = pivot.coefs.keys().next_back().copied() {
            for later in list[k + 1..].iter_mut() {
                later.form = cancelled(&later.form, &pivot, v);
            }
        }
        k += 1;
    }
    list.retain(|c| !c.form.coefs.is_empty());
    let mut k = 0;
    while k < list.len() {
        if !list[k].equality && follows(&list, Some(k), &list[k].form) {
            list.remove(k);
        } else {
            k += 1;
        }
    }
    let names = Names { game, s, part, free };
    let mut lines: Vec<solution::Condition> =
        list.iter().filter(|c| !c.sums && !names.is_known(c)).map(|c| names.line(c)).collect();
    if several {
        lines.extend(names.fixed_numbers());
        lines.extend(names.fixed_beliefs());
    }
    paired(lines).into_iter().map(|c| (condition_text(game, &c), c)).collect()
}

/// Says as one equation what two conditions say from both sides.
fn paired(lines: Vec<solution::Condition>) -> Vec<solution::Condition> {
    let mut list: Vec<solution::Condition> = vec![];
    for line in lines {
        let other = list.iter_mut().find(|c| !c.equality && !line.equality && are_opposite(c, &line));
        match other {
            Some(other) => other.equality = true,
            None => list.push(line),
        }
    }
    list
}

/// Whether one sum is the other times a number below 0.
fn are_opposite(a: &solution::Condition, b: &solution::Condition) -> bool {
    let (mut mine, mut others) = (a.terms.clone(), b.terms.clone());
    mine.sort_by(|x, y| x.0.cmp(&y.0));
    others.sort_by(|x, y| x.0.cmp(&y.0));
    let (Some((_, first)), Some((_, second))) = (mine.first(), others.first()) else { return false };
    let Some(by) = second.checked_div(first).filter(Q::is_negative) else { return false };
    let same = |(x, y): (&(Vec<Factor>, Q), &(Vec<Factor>, Q))| x.0 == y.0 && &x.1 * &by == y.1;
    mine.len() == others.len() && mine.iter().zip(&others).all(same) && &a.constant * &by == b.constant
}

/// How the weights of a part are written.
struct Names<'a> {
    game: &'a Game,
    s: &'a Solved,
    part: &'a Part<'a>,
    free: &'a [Free],
}

/// That something is a number.
fn fixed(what: Factor, number: &Q) -> solution::Condition {
    solution::Condition { terms: vec![(vec![what], Q::ONE)], constant: -number.clone(), equality: true }
}

impl Names<'_> {
    fn action(&self, w: Var) -> Factor {
        let (set, a) = self.s.stage.owner[w as usize];
        Factor::Action(self.s.stage.sets[set].game.0, a as u32)
    }

    fn varies(&self, w: Var) -> bool {
        let (set, a) = self.s.stage.owner[w as usize];
        let what = FreeWhat::Action(self.s.stage.sets[set].game.0, a as u32);
        self.free.iter().any(|f| f.what == what)
    }

    /// Whether a condition only repeats a number that is the same all over the component.
    fn is_known(&self, c: &Condition) -> bool {
        let state = &self.part.whole.state;
        let alone = |v: &Var| !self.varies(*v) && !state.is_zero(*v);
        c.equality && c.form.coefs.len() == 1 && c.form.coefs.keys().all(alone)
    }

    /// A weight as a product of probabilities along its owner's path.
    fn weight(&self, w: Var) -> Vec<Factor> {
        let state = &self.part.whole.state;
        let mut factors = vec![];
        let mut at = Some(w);
        while let Some(v) = at {
            let set = self.s.stage.owner[v as usize].0;
            let left = self.s.stage.weights(set).filter(|x| !state.is_zero(*x)).count();
            if state.is_zero(v) {
                // Below a tremble weights are relative to it.
                let (set, a) = self.s.stage.owner[v as usize];
                factors.push(Factor::Tremble(self.s.stage.sets[set].game.0, a as u32));
                break;
            }
            if left > 1 {
                factors.push(self.action(v));
            }
            at = self.s.stage.sets[set].before;
        }
        factors.reverse();
        factors
    }

    /// Weights of trembles as beliefs: the factor and the name of each, if all of a form's
    /// weights are those of members of one set.
    fn beliefs(&self, form: &Form) -> Option<BTreeMap<Var, (Q, Factor)>> {
        let (s, state) = (self.s, &self.part.whole.state);
        if !form.constant.is_zero() || !form.coefs.keys().all(|v| state.is_zero(*v)) {
            return None;
        }
        (0..s.stage.sets.len()).filter(|set| s.stage.sets[*set].members.len() > 1).find_map(|set| {
            let lead = state.leading(&s.stage, set)?;
            let info = &s.stage.sets[set];
            let mut found = BTreeMap::new();
            for k in (0..info.members.len()).filter(|k| lead[*k]) {
                let mut factor = s.stage.nodes[info.members[k]].chance.clone();
                let mut open = vec![];
                for w in member_mono(&s.stage, set, k) {
                    match state.known(w) {
                        Some(q) => factor *= q,
                        None => open.push(state.resolve(w)),
                    }
                }
                let [v] = open[..] else { return None };
                let place = place_of_member(self.game, &s.stage, set, k);
                let belief = Factor::Belief(info.game.0, place as u32);
                // Behind a weight that is known to be 0 there is nothing to be said as a belief.
                if found.insert(v, (factor.checked_recip()?, belief)).is_some() {
                    return None;
                }
            }
            form.coefs.keys().all(|v| found.contains_key(v)).then_some(found)
        })
    }

    fn line(&self, c: &Condition) -> solution::Condition {
        let equality = c.equality;
        let Some(found) = self.beliefs(&c.form) else {
            let terms = c.form.coefs.iter().map(|(v, q)| (self.weight(*v), q.clone())).collect();
            return solution::Condition { terms, constant: c.form.constant.clone(), equality };
        };
        // The last belief is what the others leave of 1.
        let of = |v: &Var| c.form.coefs.get(v).map_or(Q::ZERO, |q| q * &found[v].0);
        let last = found.keys().next_back().map_or(Q::ZERO, of);
        let rest = found.iter().take(found.len() - 1).map(|(v, (_, belief))| (vec![*belief], of(v) - &last));
        let terms = rest.filter(|(_, q)| !q.is_zero()).collect();
        solution::Condition { terms, constant: last, equality }
    }

    /// Beliefs that are the same all over this piece, though not over the others.
    fn fixed_beliefs(&self) -> Vec<solution::Condition> {
        let (stage, state) = (&self.s.stage, &self.part.whole.state);
        let mut lines = vec![];
        for (set, info) in stage.sets.iter().enumerate().filter(|(_, i)| i.members.len() > 1) {
            let Some(lead) = state.leading(stage, set) else { continue };
            let weight = |k: usize| -> Option<Q> {
                let factors: Option<Vec<&Q>> =
                    member_mono(stage, set, k).into_iter().map(|w| state.known(w)).collect();
                Some(factors?.into_iter().fold(stage.nodes[info.members[k]].chance.clone(), |p, q| p * q))
            };
            let alone = lead.iter().filter(|l| **l).count() == 1;
            let shares: Vec<Option<Q>> = (0..lead.len())
                .map(|k| match (lead[k], alone) {
                    (false, _) => Some(Q::ZERO),
                    (true, true) => Some(Q::ONE),
                    (true, false) => weight(k),
                })
                .collect();
            let total = shares.iter().cloned().try_fold(Q::ZERO, |sum, q| Some(sum + q?));
            for (k, share) in shares.into_iter().enumerate() {
                let share = match (share, &total) {
                    (Some(q), _) if !lead[k] => q,
                    (Some(q), Some(total)) if total.is_positive() => q / total,
                    _ => continue,
                };
                let place = place_of_member(self.game, stage, set, k) as u32;
                if self.free.iter().any(|f| f.what == FreeWhat::Belief(info.game.0, place)) {
                    lines.push(fixed(Factor::Belief(info.game.0, place), &share));
                }
            }
        }
        lines
    }

    /// Probabilities that are the same all over this piece, though not over the others.
    fn fixed_numbers(&self) -> Vec<solution::Condition> {
        let state = &self.part.whole.state;
        let varies = |w: &Var| self.varies(*w);
        let mut lines = vec![];
        for (set, info) in self.s.stage.sets.iter().enumerate() {
            if state.behind_zero(&self.s.stage, set) {
                continue;
            }
            let positive: Vec<Var> = self
                .s
                .stage
                .weights(set)
                .filter(|w| state.status[*w as usize] != Status::Zero && varies(w))
                .collect();
            let left = self.s.stage.weights(set).filter(|w| !state.is_zero(*w)).count();
            if left > 1 {
                let gone = self.s.stage.weights(set).filter(|w| state.is_zero(*w) && varies(w));
                lines.extend(gone.map(|w| fixed(self.action(w), &Q::ZERO)));
            }
            match positive[..] {
                [w] if left == 1 => lines.push(fixed(self.action(w), &Q::ONE)),
                _ if info.before.is_none() => {
                    let known = positive.iter().filter_map(|w| Some((w, state.known(*w)?)));
                    lines.extend(known.map(|(w, q)| fixed(self.action(*w), q)));
                }
                _ => {}
            }
        }
        lines
    }
}

/// Most cases left open that are told one by one: whoever prints them counts them, data list them.
const TOLD_CASES: usize = 1_000;
/// Most boxes of a case that are told.
const TOLD: usize = 4;

/// Says of cases left open what is played in them, and where equilibria may still lie.
pub fn cases_left(game: &Game, left: &[&Left]) -> Vec<String> {
    let action = |(h, a): (u32, u32)| {
        let id = InfosetId(h);
        format!("{}.{}", set_name(game, id), game.action_name(id, a as usize))
    };
    let tell = |case: &&Left| {
        let used: Vec<String> = case.used.iter().map(|w| action(*w)).collect();
        let mut text = format!("not decided: play of {}", used.join(", "));
        for (k, ends) in case.within.iter().take(TOLD).enumerate() {
            let ends: Vec<String> =
                ends.iter().map(|(w, low, high)| format!("{} {low:.6} to {high:.6}", action(*w))).collect();
            text.push_str(if k == 0 { ", with " } else { "; or with " });
            text.push_str(&ends.join(", "));
        }
        if case.within.len() > TOLD {
            text.push_str(&format!("; or in {} more boxes", case.within.len() - TOLD));
        }
        text
    };
    let mut list: Vec<String> = left.iter().take(TOLD_CASES).map(tell).collect();
    if left.len() > TOLD_CASES {
        list.push(format!("not decided: {} more cases of this kind", left.len() - TOLD_CASES));
    }
    list
}
