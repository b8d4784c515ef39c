//! Why a player acts as it does: what it knows there, believes, and earns from each action.
//!
//! A choice is explained as the difference of expected ledgers between an
//! action and its best rival, in the author's own labels.

use crate::chain::{Chain, Forced, mix, sets_of};
use crate::flip::{Flip, Ground};
use crate::query::{Equilibrium, chain};
use crate::range::Range;
use crate::solved::{Hands, Point};
use detente_exact::Q;
use detente_game::solution::{Num, Status};
use detente_game::{EventId, Game, InfosetId, NodeId, NodeKind};
use detente_solve::Progress;
use serde::{Deserialize, Serialize};

/// Name of payments without a label.
const UNLABELLED: &str = "payoff";

/// The explanation of one information set in one equilibrium.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Why {
    pub player: String,
    pub decision: String,
    /// The information set's label.
    pub infoset: String,
    pub equilibrium: String,
    pub strength: Status,
    pub reached: bool,
    /// What the player has seen: `Home.message == threat`.
    pub knows: Vec<String>,
    /// Empty where nothing is in doubt, or where the concept defines no beliefs.
    pub believes: Vec<Believed>,
    /// In the order of the menu.
    pub actions: Vec<Action>,
    pub comparison: Option<Comparison>,
    /// Where one parameter alone would end this choice; empty if not searched.
    pub flips: Vec<Flip>,
}

/// A thing in doubt, with its distribution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Believed {
    pub event: String,
    /// Arm, then low and high over the component.
    pub arms: Vec<(String, Num, Num)>,
}

/// An action with its probability and what it earns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    pub name: String,
    pub probability: (Num, Num),
    /// Expected payoff from here, at the point that shows the component.
    pub earns: Num,
    /// The same by label; labels with nothing are left out.
    pub ledger: Vec<(String, Num)>,
}

/// The best action against its best rival.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub best: String,
    pub rival: String,
    /// By how much the best action is better; zero for a tie.
    pub lead: Num,
    /// The same by label.
    pub by_label: Vec<(String, Num)>,
}

/// Explains every information set of a decision in every equilibrium of the model's own game.
pub fn why(hands: &Hands, event: EventId) -> Vec<Why> {
    let mut list = vec![];
    for h in sets_of(hands.point.games[0].game, event) {
        for (k, eq) in hands.own().iter().enumerate() {
            list.push(explain(eq, h, format!("E{}", k + 1), hands.point.status()));
        }
    }
    list
}

/// Adds to each explanation where one parameter alone would end the choice: where no
/// equilibrium has the same action played in the same way, surely or with a mixture.
pub fn add_flips(list: &mut [Why], ground: &Ground, threads: usize, progress: &dyn Progress) {
    let game = &ground.model.game;
    let choices: Vec<(InfosetId, usize, bool)> = list.iter().filter_map(|w| choice(game, w)).collect();
    if choices.len() != list.len() {
        return;
    }
    let read = |p: &Point| -> Vec<bool> {
        let hands = p.hands();
        choices.iter().map(|(h, a, sure)| hands.own().iter().any(|e| plays(e, *h, *a, *sure))).collect()
    };
    let base = vec![true; choices.len()];
    let slowly = |points: &[Vec<Q>]| vec![None; points.len()];
    for (why, flips) in list.iter_mut().zip(ground.flips(&base, threads, progress, read, &slowly)) {
        why.flips = flips;
    }
}

fn plays(eq: &Equilibrium, h: InfosetId, action: usize, sure: bool) -> bool {
    let range = &eq.whole.moves[h.index()][action];
    if sure { *range.high() == Q::ONE } else { range.high().is_positive() && *range.low() < Q::ONE }
}

/// The set, its most probable action, and whether that is played surely.
fn choice(game: &Game, why: &Why) -> Option<(InfosetId, usize, bool)> {
    let is_set = |h: &usize| {
        let set = &game.infosets[*h];
        set.label == why.infoset && game.event_name(set.event) == why.decision
    };
    let h = (0..game.infosets.len()).find(is_set)?;
    let values: Vec<f64> = why.actions.iter().map(|a| a.probability.1.value).collect();
    let best = (0..values.len()).max_by(|a, b| values[*a].total_cmp(&values[*b]).then(b.cmp(a)))?;
    Some((InfosetId(h as u32), best, values[best] == 1.0))
}

fn explain(eq: &Equilibrium, h: InfosetId, equilibrium: String, strength: Status) -> Why {
    let game = eq.setting.game;
    let set = &game.infosets[h.index()];
    let forced = Forced::new(game, &[]);
    let chain = chain(eq, &eq.shown, &forced);
    let knows = set.seen.iter().map(|s| {
        format!("{} == {}", game.event_name(s.event), game.events[s.event.index()].arms[s.arm as usize])
    });
    let beliefs = eq.shown.beliefs.get(h.index()).filter(|b| b.len() == set.nodes.len());
    let rows = beliefs.map(|b| ledgers(eq, &chain, h, b));
    let actions = (0..set.actions.len()).map(|a| {
        let row: &[(String, Range)] = rows.as_ref().map_or(&[], |r| &r[a]);
        let total = row.iter().fold(Range::ZERO, |sum, (_, v)| sum.plus(v));
        Action {
            name: game.action_name(h, a).to_string(),
            probability: eq.whole.moves[h.index()][a].ends(),
            earns: single(&total),
            ledger: row.iter().filter(|(_, v)| !v.is_zero()).map(|(n, v)| (n.clone(), single(v))).collect(),
        }
    });
    Why {
        player: game.players[set.player.index()].name.clone(),
        decision: game.event_name(set.event),
        infoset: set.label.clone(),
        equilibrium,
        strength,
        reached: eq.component.reached.get(h.index()).copied().unwrap_or(false),
        knows: knows.collect(),
        believes: believed(eq, h),
        actions: actions.collect(),
        comparison: rows.as_ref().and_then(|r| compare(game, h, r)),
        flips: vec![],
    }
}

fn single(range: &Range) -> Num {
    match range.point() {
        Some(q) => Num::exact(q.clone()),
        None => {
            let width = range.high().to_f64_up() - range.low().to_f64_down();
            Num::within(range.middle(), width / 2.0 + f64::EPSILON * range.middle().abs())
        }
    }
}

/// Per action, the expected payments by label from the root on, given the beliefs here.
/// Payments made before this set are the same for every action.
fn ledgers(eq: &Equilibrium, chain: &Chain, h: InfosetId, beliefs: &[Range]) -> Vec<Vec<(String, Range)>> {
    let game = eq.setting.game;
    let set = &game.infosets[h.index()];
    let labels: Vec<Option<usize>> = (0..game.ledgers.len()).map(Some).chain([None]).collect();
    let mut rows = vec![vec![]; set.actions.len()];
    for label in labels {
        let paid = paid(eq, set.player.index(), label);
        let values = chain.expectations(|n| paid[n.index()].clone());
        for (a, row) in rows.iter_mut().enumerate() {
            let below = set.nodes.iter().map(|n| &values[game.children(*n)[a].index()]);
            let name = label.map_or(UNLABELLED.to_string(), |l| game.ledgers[l].name.clone());
            row.push((name, mix(beliefs.iter().zip(below))));
        }
    }
    rows
}

/// Payments to a player under one label, added up along the path to each node.
fn paid(eq: &Equilibrium, player: usize, label: Option<usize>) -> Vec<Q> {
    let game = eq.setting.game;
    let mut sums = vec![Q::ZERO; game.nodes.len()];
    for (n, node) in game.nodes.iter().enumerate() {
        let mut sum = node.parent.map_or(Q::ZERO, |(p, _)| sums[p.index()].clone());
        for pay in &game.pay_lists[node.pays.index()] {
            if pay.player.index() == player && pay.ledger.map(|l| l.index()) == label {
                let amount = eq.setting.numbers.tape.get(pay.amount.0 as usize).cloned().flatten();
                sum += amount.unwrap_or(Q::ZERO);
            }
        }
        sums[n] = sum;
    }
    sums
}

fn compare(game: &Game, h: InfosetId, rows: &[Vec<(String, Range)>]) -> Option<Comparison> {
    let totals: Vec<Range> =
        rows.iter().map(|r| r.iter().fold(Range::ZERO, |sum, (_, v)| sum.plus(v))).collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| totals[*b].high().cmp(totals[*a].high()).then(a.cmp(b)));
    let (best, rival) = (*order.first()?, *order.get(1)?);
    let by_label = rows[best].iter().zip(&rows[rival]).map(|((n, a), (_, b))| (n.clone(), a.minus(b)));
    Some(Comparison {
        best: game.action_name(h, best).to_string(),
        rival: game.action_name(h, rival).to_string(),
        lead: single(&totals[best].minus(&totals[rival])),
        by_label: by_label.filter(|(_, v)| !v.is_zero()).map(|(n, v)| (n, single(&v))).collect(),
    })
}

/// What differs among the nodes that the player cannot tell apart.
fn believed(eq: &Equilibrium, h: InfosetId) -> Vec<Believed> {
    let game = eq.setting.game;
    let set = &game.infosets[h.index()];
    let Some(beliefs) = eq.whole.beliefs.get(h.index()).filter(|b| b.len() == set.nodes.len()) else {
        return vec![];
    };
    let paths: Vec<Vec<Option<u32>>> = set.nodes.iter().map(|n| path(game, *n)).collect();
    let mut list = vec![];
    for (e, event) in game.events.iter().enumerate() {
        let seen: Vec<Option<u32>> = paths.iter().map(|p| p[e]).collect();
        if seen.windows(2).all(|w| w[0] == w[1]) {
            continue;
        }
        let mut arms = vec![];
        for arm in (0..event.arms.len() as u32).map(Some).chain([None]) {
            if !seen.contains(&arm) {
                continue;
            }
            let one = |hit: bool| if hit { Range::Point(Q::ONE) } else { Range::ZERO };
            let flags: Vec<Range> = seen.iter().map(|s| one(*s == arm)).collect();
            let (low, high) = mix(beliefs.iter().zip(&flags)).ends();
            let name = arm.map_or("(not made)".to_string(), |a| event.arms[a as usize].clone());
            arms.push((name, low, high));
        }
        list.push(Believed { event: game.event_name(EventId(e as u32)), arms });
    }
    list
}

/// The arm taken of each event on the way to a node.
fn path(game: &Game, node: NodeId) -> Vec<Option<u32>> {
    let mut arms = vec![None; game.events.len()];
    let mut at = node;
    while let Some((parent, k)) = game.nodes[at.index()].parent {
        match game.nodes[parent.index()].kind {
            NodeKind::Decision(h) => {
                let set = &game.infosets[h.index()];
                arms[set.event.index()] = Some(set.actions[k as usize]);
            }
            NodeKind::Chance(c) => {
                let chance = &game.chances[c.index()];
                arms[chance.event.index()] = Some(chance.arms[k as usize]);
            }
            NodeKind::Terminal(_) => {}
        }
        at = parent;
    }
    arms
}
