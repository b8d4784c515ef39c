//! Is this assessment an equilibrium, and if not, by how much not?
//!
//! The one idea: beliefs follow from tremble orders and weights by leading-order Bayes
//! (Kreps and Wilson 1982), and the best deviation by dynamic programming over the
//! deviator's own sets. With exact numbers the gaps are exact, else rigorous bounds.

mod beliefs;
mod gains;

use crate::numbers::{Number, check_holds, check_printed, enclosure};
use detente_exact::{Interval, Q};
use detente_game::certificate::Logit;
use detente_game::solution::{Component, Concept, Num, OutcomeSet};
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// From this many nodes on, an assessment that claims no exact gap is checked in bounds.
const MANY_NODES: usize = 500_000;

/// A gain from deviating: exact where it could be computed exactly, else bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    pub exact: Option<Q>,
    /// The largest gain lies between these floats.
    pub low: f64,
    pub high: f64,
}

impl Gap {
    pub(crate) fn new<S: Number>(gain: &S) -> Gap {
        let (low, high) = gain.bounds();
        Gap { exact: gain.exact(), low, high }
    }

    /// Returns whether no deviation pays, proven exactly.
    pub fn is_zero(&self) -> bool {
        self.exact.as_ref().is_some_and(Q::is_zero)
    }

    /// The larger of two gaps.
    pub(crate) fn max(self, other: Gap) -> Gap {
        let exact = self.exact.zip(other.exact).map(|(a, b)| a.max(b));
        Gap { exact, low: self.low.max(other.low), high: self.high.max(other.high) }
    }
}

/// The gaps at one information set, given the beliefs there.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalGap {
    pub infoset: u32,
    /// Gain from changing the action here only.
    pub one_shot: Gap,
    /// Gain from changing the whole continuation of the owner.
    pub continuation: Gap,
    /// Range of the owner's payoff below the set, in payoff units.
    pub stake: f64,
    /// Upper bound of the continuation gap relative to the stake.
    pub relative: f64,
}

/// What the referee found out about one assessment.
#[derive(Clone, Debug, PartialEq)]
pub struct AssessmentReport {
    /// Largest gain of a player from a deviation, over the whole game.
    pub gap_nash: Gap,
    /// The same per player.
    pub gap_players: Vec<Gap>,
    /// Largest gain from a deviation in any subgame; for `spe` only.
    pub gap_spe: Option<Gap>,
    /// Largest gain at any set given the beliefs; for `sequential` only.
    pub gap_sequential: Option<Gap>,
    /// Gaps per information set; for `sequential` only.
    pub local: Vec<LocalGap>,
}

impl AssessmentReport {
    /// Returns the gap that the concept is about.
    pub fn gap(&self, concept: Concept) -> Option<&Gap> {
        match concept {
            Concept::Nash => Some(&self.gap_nash),
            Concept::Spe => self.gap_spe.as_ref(),
            // A limit of logit equilibria is checked as a sequential equilibrium.
            Concept::Sequential | Concept::Qre => self.gap_sequential.as_ref(),
        }
    }
}

/// Recomputes everything an assessment claims.
///
/// # Errors
/// The first printed number that is no probability or does not agree with what follows
/// from the profile and the trembles.
pub fn check_assessment(
    game: &Game,
    numbers: &Numbers,
    component: &Component,
    concept: Concept,
) -> Result<AssessmentReport, String> {
    check_shape(game, component)?;
    let trembles = component.tremble.iter().flatten().map(|(_, w)| w);
    let exact = component.profile.iter().flatten().chain(trembles).all(|n| n.exact.is_some());
    // Exact products along millions of paths fill the memory; a gap within bounds needs none of them.
    let bounded = component.gap_nash.exact.is_none() && game.nodes.len() > MANY_NODES;
    match exact && !bounded {
        true => check::<Q>(game, numbers, component, concept),
        false => check::<Interval>(game, numbers, component, concept),
    }
}

/// Checks that an agent logit equilibrium at `lambda` lies where the component says, and
/// recomputes what follows from it; every printed number must hold it.
///
/// # Errors
/// As [`check_assessment`]; also if no equilibrium could be proven near the log-odds.
pub fn check_logit(
    game: &Game,
    numbers: &Numbers,
    component: &Component,
    logit: &Logit,
) -> Result<AssessmentReport, String> {
    check_shape(game, component)?;
    let crate::logit::Enclosed { probs, beliefs } = crate::logit::enclose(game, numbers, logit)?;
    for (h, (list, found)) in component.profile.iter().zip(&probs).enumerate() {
        for (a, (printed, p)) in list.iter().zip(found).enumerate() {
            check_holds(&format!("the probability of action {a} at set {h}"), printed, p)?;
        }
    }
    let view = View::<Interval>::at(game, numbers, probs, true);
    let reach = view.reach(|h, a| Some(view.probs[h][a]));
    view.check_printed(component, &reach)?;
    view.check_beliefs(component, &beliefs)?;
    let gap_players = view.player_gaps();
    let gap_nash = gap_players.iter().cloned().reduce(Gap::max).ok_or("the game has no players")?;
    Ok(AssessmentReport { gap_nash, gap_players, gap_spe: None, gap_sequential: None, local: vec![] })
}

fn check_shape(game: &Game, c: &Component) -> Result<(), String> {
    let sets = &game.infosets;
    let fits = |lengths: Vec<usize>| {
        lengths.len() == sets.len() && lengths.iter().zip(sets).all(|(n, h)| *n == h.actions.len())
    };
    if !fits(c.profile.iter().map(Vec::len).collect()) {
        return Err("the profile does not have one number per action".into());
    }
    if !c.tremble.is_empty() && !fits(c.tremble.iter().map(Vec::len).collect()) {
        return Err("the trembles do not have one entry per action".into());
    }
    let beliefs = c.beliefs.len() == sets.len()
        && c.beliefs.iter().zip(sets).all(|(b, h)| b.is_empty() || b.len() == h.nodes.len());
    if !beliefs && !c.beliefs.is_empty() {
        return Err("the beliefs do not have one number per member".into());
    }
    let keys = game.outcome_keys().len();
    let lengths = [
        (c.reached.len(), sets.len(), "reached flags"),
        (c.payoffs.len(), game.players.len(), "payoffs"),
        (c.outcomes.len(), keys, "outcome probabilities"),
        (c.outcome_range.len(), keys, "outcome ranges"),
    ];
    match lengths.iter().find(|(found, wanted, _)| found != wanted) {
        None => Ok(()),
        Some((found, wanted, what)) => Err(format!("{found} {what} are listed instead of {wanted}")),
    }
}

/// An assessment in numbers of one kind.
pub(crate) struct View<'a, S> {
    game: &'a Game,
    numbers: &'a Numbers,
    /// Whether printed numbers must hold all of what is recomputed, or only meet it.
    strict: bool,
    probs: Vec<Vec<S>>,
    chance: Vec<Vec<S>>,
    payoffs: Vec<S>,
    /// Expected payoff of each player at each node.
    pub(crate) values: Vec<S>,
}

fn check<S: Number>(
    game: &Game,
    numbers: &Numbers,
    component: &Component,
    concept: Concept,
) -> Result<AssessmentReport, String> {
    let view = View::<S>::new(game, numbers, component)?;
    let reach = view.reach(|h, a| Some(view.probs[h][a].clone()));
    view.check_printed(component, &reach)?;
    let gap_players = view.player_gaps();
    let gap_nash = gap_players.iter().cloned().reduce(Gap::max).ok_or("the game has no players")?;
    let gap_spe = (concept == Concept::Spe).then(|| view.subgame_gap());
    let mut local = Vec::new();
    if concept == Concept::Sequential {
        let beliefs = view.beliefs(component)?;
        view.check_beliefs(component, &beliefs)?;
        for (h, belief) in beliefs.iter().enumerate() {
            local.push(view.local_gap(h, belief));
        }
    } else {
        view.check_bayes(component, &reach)?;
    }
    let gap_sequential =
        local.iter().map(|l| l.continuation.clone().max(l.one_shot.clone())).reduce(Gap::max);
    let none = Gap { exact: Some(Q::ZERO), low: 0.0, high: 0.0 };
    let gap_sequential = (concept == Concept::Sequential).then(|| gap_sequential.unwrap_or(none));
    let report = AssessmentReport { gap_nash, gap_players, gap_spe, gap_sequential, local };
    Ok(report)
}

/// A number of kind `S` for a printed one, as a probability.
fn probability<S: Number>(num: &Num) -> Result<S, String> {
    let (low, high) = enclosure(num)?;
    let (low, high) = (low.max(Q::ZERO), high.min(Q::ONE));
    if low > high {
        return Err(format!("{} is not a probability", num.value));
    }
    S::from_range(&low, &high).ok_or_else(|| "a number is not exact".to_string())
}

/// Whether a number may be 1.
fn may_be_one<S: Number>(sum: &S) -> bool {
    match sum.exact() {
        Some(q) => q.is_one(),
        None => {
            let (low, high) = sum.bounds();
            low <= 1.0 && 1.0 <= high
        }
    }
}

impl<'a, S: Number> View<'a, S> {
    fn new(game: &'a Game, numbers: &'a Numbers, c: &Component) -> Result<View<'a, S>, String> {
        let mut probs = Vec::with_capacity(c.profile.len());
        for (h, list) in c.profile.iter().enumerate() {
            let mut row = list.iter().map(probability::<S>).collect::<Result<Vec<S>, _>>()?;
            let others = |row: &[S]| row.iter().skip(1).fold(S::zero(), |s, p| s.add(p));
            // A profile of plain floats is read as the nearby one whose first number is the rest.
            let plain = list.iter().all(|n| n.exact.is_none() && n.radius.is_none());
            if plain && !row.is_empty() {
                let rest = S::one().sub(&others(&row));
                let (low, high) = rest.bounds();
                if (low - list[0].value).abs() > 1e-9 || high < 0.0 {
                    return Err(format!("the probabilities at set {h} do not sum to 1"));
                }
                row[0] = rest;
            }
            let sum = row.iter().fold(S::zero(), |s, p| s.add(p));
            if !may_be_one(&sum) {
                return Err(format!("the probabilities at set {h} sum to {sum:?}"));
            }
            probs.push(row);
        }
        Ok(View::at(game, numbers, probs, false))
    }

    /// A view of play with these probabilities.
    pub(crate) fn at(game: &'a Game, numbers: &'a Numbers, probs: Vec<Vec<S>>, strict: bool) -> View<'a, S> {
        let chance = numbers.chance.iter().map(|c| c.iter().map(S::from_q).collect()).collect();
        let payoffs = numbers.payoffs.iter().map(S::from_q).collect();
        let mut view = View { game, numbers, strict, probs, chance, payoffs, values: Vec::new() };
        view.values = view.expected();
        view
    }

    /// Checks a printed number against the recomputed one.
    fn agrees(&self, what: &str, printed: &Num, found: &S) -> Result<(), String> {
        match self.strict {
            true => check_holds(what, printed, found),
            false => check_printed(what, printed, found),
        }
    }

    /// Expected payoffs of all players at all nodes, children before parents.
    fn expected(&self) -> Vec<S> {
        let players = self.game.players.len();
        let mut values = vec![S::zero(); self.game.nodes.len() * players];
        for n in (0..self.game.nodes.len()).rev() {
            let kind = self.game.nodes[n].kind;
            if let NodeKind::Terminal(_) = kind {
                values[n * players..(n + 1) * players]
                    .clone_from_slice(&self.payoffs[n * players..(n + 1) * players]);
                continue;
            }
            for (arm, child) in self.game.children(NodeId(n as u32)).iter().enumerate() {
                let p = match kind {
                    NodeKind::Decision(h) => &self.probs[h.index()][arm],
                    NodeKind::Chance(c) => &self.chance[c.index()][arm],
                    NodeKind::Terminal(_) => continue,
                };
                if p.is_zero() {
                    continue;
                }
                for i in 0..players {
                    let share = p.mul(&values[child.index() * players + i]);
                    values[n * players + i] = values[n * players + i].add(&share);
                }
            }
        }
        values
    }

    /// The weight of every node: the product over the path of chance and `weight(set, action)`.
    fn reach(&self, weight: impl Fn(usize, usize) -> Option<S>) -> Vec<S> {
        let mut reach = vec![S::one(); self.game.nodes.len()];
        for (n, node) in self.game.nodes.iter().enumerate() {
            let Some((parent, arm)) = node.parent else { continue };
            let above = &reach[parent.index()];
            reach[n] = match self.game.nodes[parent.index()].kind {
                NodeKind::Chance(c) => above.mul(&self.chance[c.index()][arm as usize]),
                NodeKind::Decision(h) => match weight(h.index(), arm as usize) {
                    Some(w) => above.mul(&w),
                    None => above.clone(),
                },
                NodeKind::Terminal(_) => above.clone(),
            };
        }
        reach
    }

    fn check_printed(&self, c: &Component, reach: &[S]) -> Result<(), String> {
        let keys = self.game.outcome_keys();
        let mut outcomes = vec![S::zero(); keys.len()];
        for (n, weight) in reach.iter().enumerate() {
            if let Some(k) = self.game.outcome_key(NodeId(n as u32)) {
                outcomes[k] = outcomes[k].add(weight);
            }
        }
        for (k, found) in outcomes.iter().enumerate() {
            self.agrees(&format!("the probability of outcome `{}`", keys[k]), &c.outcomes[k], found)?;
            let (low, _) = enclosure(&c.outcome_range[k].0)?;
            let (_, high) = enclosure(&c.outcome_range[k].1)?;
            let (from, to) = found.bounds();
            if to < low.to_f64_down() || from > high.to_f64_up() || low > high {
                return Err(format!("outcome `{}` is outside its listed range", keys[k]));
            }
            if c.outcome_set == OutcomeSet::Point {
                for end in [&c.outcome_range[k].0, &c.outcome_range[k].1] {
                    self.agrees(&format!("the only probability of outcome `{}`", keys[k]), end, found)?;
                }
            }
        }
        for (i, printed) in c.payoffs.iter().enumerate() {
            self.agrees(&format!("the payoff of `{}`", self.game.players[i].name), printed, &self.values[i])?;
        }
        for (h, set) in self.game.infosets.iter().enumerate() {
            let sum = set.nodes.iter().fold(S::zero(), |s, n| s.add(&reach[n.index()]));
            let wrong = match c.reached[h] {
                true => sum.is_zero(),
                false => sum.bounds().0 > 0.0,
            };
            if wrong {
                return Err(format!(
                    "set {h} is listed as {}reached",
                    if c.reached[h] { "" } else { "not " }
                ));
            }
        }
        Ok(())
    }
}
