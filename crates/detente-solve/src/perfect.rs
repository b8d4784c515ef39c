//! Games of perfect information, with ties.
//!
//! Their subgame-perfect equilibria form one connected set: at each node the best
//! actions depend on connected continuations through a closed, convex-valued
//! correspondence. So there is one component, and what remains to compute is what
//! varies over it. Bottom up, each node keeps the set of continuations as polytopes
//! of (payoffs, outcome distribution), following Selten (1965) with ties kept:
//! an action can be played if its payoff reaches what the owner is sure to get from
//! every other action when its continuation is the owner's worst.

use crate::outcomes;
use crate::polygon::{Piece, Point};
use crate::stages::concept_name;
use detente_exact::Q;
use detente_game::certificate::{Certificate, Proof, Stage};
use detente_game::solution::{Component, Concept, Free, FreeWhat, Num, OutcomeSet, Solution, Status};
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers};
use std::collections::BTreeMap;

/// Most points kept per node; beyond, only bounds are computed.
const MAX_POINTS: usize = 160;

/// Continuations below a node.
#[derive(Clone)]
struct Below {
    pieces: Vec<Piece>,
    /// Whether the pieces are exactly the set (up to its convex hull at the top).
    exact: bool,
}

/// Whether every information set has one member.
pub fn applies(game: &Game) -> bool {
    game.infosets.iter().all(|h| h.nodes.len() == 1)
}

/// What varies over the component.
enum Varies {
    /// Extreme outcome distributions, and whether they are exact.
    Points(Vec<Vec<Q>>, bool),
    /// Bounds per outcome key only.
    Bounds(Vec<(Q, Q)>),
}

/// Returns the one component of subgame-perfect equilibria.
pub fn solve(game: &Game, numbers: &Numbers, concept: Concept) -> Solution {
    let chosen = one_equilibrium(game, numbers);
    let (varies, mut free) = continuations(game, numbers).unwrap_or_else(|| bounds(game, numbers));
    free.sort_by_key(|f: &Free| match f.what {
        FreeWhat::Action(h, a) | FreeWhat::Belief(h, a) => (h, a),
    });
    let component = describe(game, numbers, concept, &chosen, varies, free);
    let certificate = Certificate {
        version: 1,
        game: game.sha256(),
        params: numbers.params.clone(),
        concept: concept_name(concept).into(),
        stages: vec![Stage {
            root: 0,
            nested: vec![],
            payoffs: vec![],
            components: vec![vec![0]],
            proof: Proof::PerfectInformation { cell: 0 },
            joins: vec![],
            points: vec![],
        }],
        logit: None,
        matrix: None,
        sequences: None,
        coarse: None,
    };
    Solution {
        concept,
        status: Status::ExactComplete,
        unresolved: vec![],
        components: vec![component],
        certificate,
    }
}

/// Backward induction that takes the first best action: the action chosen at each set.
fn one_equilibrium(game: &Game, numbers: &Numbers) -> Vec<usize> {
    let n = game.players.len();
    let mut chosen: Vec<usize> = vec![0; game.infosets.len()];
    let mut value: Vec<Vec<Q>> = vec![vec![]; game.nodes.len()];
    for x in (0..game.nodes.len()).rev() {
        let children = game.children(NodeId(x as u32));
        value[x] = match game.nodes[x].kind {
            NodeKind::Terminal(_) => numbers.payoffs[x * n..x * n + n].to_vec(),
            NodeKind::Chance(c) => {
                let probs = &numbers.chance[c.index()];
                let mean = |p: usize| children.iter().zip(probs).map(|(c, q)| &value[c.index()][p] * q).sum();
                (0..n).map(mean).collect()
            }
            NodeKind::Decision(h) => {
                let player = game.infosets[h.index()].player.index();
                let mut best = 0;
                for (a, c) in children.iter().enumerate() {
                    if value[c.index()][player] > value[children[best].index()][player] {
                        best = a;
                    }
                }
                chosen[h.index()] = best;
                value[children[best].index()].clone()
            }
        };
    }
    chosen
}

/// The sets of continuations, bottom up; `None` if some node has too many to keep.
fn continuations(game: &Game, numbers: &Numbers) -> Option<(Varies, Vec<Free>)> {
    let n = game.players.len();
    let mut below: BTreeMap<usize, Below> = BTreeMap::new();
    let mut free = vec![];
    for x in (0..game.nodes.len()).rev() {
        let children = game.children(NodeId(x as u32));
        let sets: Vec<Below> =
            children.iter().map(|c| below.remove(&c.index()).expect("children are done first")).collect();
        let here = match game.nodes[x].kind {
            NodeKind::Terminal(_) => {
                let key = game.outcome_key(NodeId(x as u32)).expect("a terminal has an outcome key");
                let payoffs = numbers.payoffs[x * n..x * n + n].to_vec();
                let point = Point { payoffs, outcomes: BTreeMap::from([(key, Q::ONE)]) };
                Below { pieces: vec![Piece { points: vec![point], ruled: false }], exact: true }
            }
            NodeKind::Chance(c) => average(&sets, &numbers.chance[c.index()])?,
            NodeKind::Decision(h) => choose(h, game.infosets[h.index()].player.index(), &sets, &mut free)?,
        };
        if here.size() > MAX_POINTS {
            return None;
        }
        below.insert(x, here);
    }
    let root = below.remove(&0).expect("the root is done last");
    let keys = game.outcome_count();
    let spread = |v: &Point| (0..keys).map(|k| v.outcomes.get(&k).cloned().unwrap_or(Q::ZERO)).collect();
    let list = root.pieces.iter().flat_map(|p| &p.points).map(spread).collect();
    Some((Varies::Points(outcomes::extreme(list), root.exact), free))
}

/// Bounds on payoffs and outcomes below every node: an action may be played if its highest
/// payoff reaches the lowest of every other.
fn bounds(game: &Game, numbers: &Numbers) -> (Varies, Vec<Free>) {
    type Range = (Q, Q);
    let n = game.players.len();
    let keys = game.outcome_count();
    let mut known: BTreeMap<usize, (Vec<Range>, Vec<Range>)> = BTreeMap::new();
    let mut free = vec![];
    let hull = |a: &Range, b: &Range| (a.0.clone().min(b.0.clone()), a.1.clone().max(b.1.clone()));
    for x in (0..game.nodes.len()).rev() {
        let children = game.children(NodeId(x as u32));
        let sets: Vec<(Vec<Range>, Vec<Range>)> =
            children.iter().map(|c| known.remove(&c.index()).expect("children are done first")).collect();
        let here = match game.nodes[x].kind {
            NodeKind::Terminal(_) => {
                let key = game.outcome_key(NodeId(x as u32)).expect("a terminal has an outcome key");
                let u = numbers.payoffs[x * n..x * n + n].iter().map(|q| (q.clone(), q.clone())).collect();
                let one = |k| if k == key { (Q::ONE, Q::ONE) } else { (Q::ZERO, Q::ZERO) };
                (u, (0..keys).map(one).collect())
            }
            NodeKind::Chance(c) => {
                let probs = &numbers.chance[c.index()];
                let mean = |pick: &dyn Fn(&(Vec<Range>, Vec<Range>)) -> Range| -> Range {
                    let ends = sets.iter().map(pick).zip(probs);
                    ends.fold((Q::ZERO, Q::ZERO), |t, (r, q)| (t.0 + &r.0 * q, t.1 + &r.1 * q))
                };
                let payoffs = (0..n).map(|p| mean(&|s| s.0[p].clone())).collect();
                (payoffs, (0..keys).map(|k| mean(&|s| s.1[k].clone())).collect())
            }
            NodeKind::Decision(h) => {
                let player = game.infosets[h.index()].player.index();
                let sure = sets.iter().map(|s| &s.0[player].0).max().expect("a decision has actions");
                let able: Vec<usize> = (0..sets.len()).filter(|a| sets[*a].0[player].1 >= *sure).collect();
                if able.len() > 1 {
                    free.extend(able.iter().map(|a| Free {
                        what: FreeWhat::Action(h.0, *a as u32),
                        low: Num::exact(Q::ZERO),
                        high: Num::exact(Q::ONE),
                    }));
                }
                let mut all = sets[able[0]].clone();
                for a in &able[1..] {
                    for (mine, other) in all.0.iter_mut().zip(&sets[*a].0) {
                        *mine = hull(mine, other);
                    }
                    for (mine, other) in all.1.iter_mut().zip(&sets[*a].1) {
                        *mine = hull(mine, other);
                    }
                }
                all
            }
        };
        known.insert(x, here);
    }
    let root = known.remove(&0).expect("the root is done last");
    (Varies::Bounds(root.1), free)
}

/// Continuations of a chance node: one from each arm, averaged.
fn average(sets: &[Below], probs: &[Q]) -> Option<Below> {
    let n = sets[0].pieces[0].points[0].payoffs.len();
    let zero = Point { payoffs: vec![Q::ZERO; n], outcomes: BTreeMap::new() };
    let mut pieces = vec![Piece { points: vec![zero], ruled: false }];
    for (set, q) in sets.iter().zip(probs) {
        let size: usize = pieces.iter().map(|p| p.points.len()).sum::<usize>() * set.size();
        if size > MAX_POINTS {
            return None;
        }
        pieces = pieces.iter().flat_map(|p| set.pieces.iter().map(move |r| p.plus(r, q))).collect();
    }
    Some(Below { pieces, exact: sets.iter().all(|s| s.exact) })
}

/// Continuations of a decision: what its owner may choose when continuations may vary.
fn choose(h: InfosetId, player: usize, sets: &[Below], free: &mut Vec<Free>) -> Option<Below> {
    let low: Vec<Q> = sets.iter().map(|s| extreme(s, player, true)).collect();
    let high: Vec<Q> = sets.iter().map(|s| extreme(s, player, false)).collect();
    let sure = low.iter().max().expect("a decision has actions").clone();
    let mut exact = sets.iter().all(|s| s.exact);
    let mut pieces = vec![];
    for (a, set) in sets.iter().enumerate() {
        let others = low.iter().enumerate().filter(|(b, _)| *b != a).map(|(_, q)| q).max();
        for piece in &set.pieces {
            let (cut, sound) = match others {
                Some(t) => piece.at_least(player, t),
                None => (Some(piece.clone()), true),
            };
            exact &= sound;
            pieces.extend(cut);
        }
    }
    let able: Vec<usize> = (0..sets.len()).filter(|a| high[*a] >= sure).collect();
    if able.len() > 1 {
        pieces.extend(mixtures(player, sets, &able, &sure, &mut exact));
        for a in 0..sets.len() {
            let alone = able.len() == 1 && able[0] == a;
            let (least, most) = (u8::from(alone), u8::from(able.contains(&a)));
            // Whether `a` can be avoided: some other action may be at least as good.
            let avoidable = able.iter().any(|b| *b != a && high[*b] >= low[a]);
            let least = if avoidable { least } else { most };
            if least < most {
                let q = |b: u8| Num::exact(Q::from(i64::from(b)));
                free.push(Free { what: FreeWhat::Action(h.0, a as u32), low: q(least), high: q(most) });
            }
        }
    }
    Some(Below { pieces, exact })
}

impl Below {
    /// The number of points kept.
    fn size(&self) -> usize {
        self.pieces.iter().map(|p| p.points.len()).sum()
    }
}

/// Mixtures of several actions that give the owner the same payoff.
fn mixtures(player: usize, sets: &[Below], able: &[usize], sure: &Q, exact: &mut bool) -> Vec<Piece> {
    let mut list = vec![];
    let level: Vec<Vec<Piece>> = able
        .iter()
        .map(|a| sets[*a].pieces.iter().filter_map(|p| p.slice(player, sure, exact)).collect())
        .collect();
    let level: Vec<Vec<Piece>> = level.into_iter().filter(|l: &Vec<Piece>| !l.is_empty()).collect();
    if level.len() > 1 {
        let count: usize = level.iter().map(Vec::len).product();
        if count <= 64 {
            let mut picks: Vec<Vec<Piece>> = vec![vec![]];
            for l in &level {
                picks = picks
                    .iter()
                    .flat_map(|p| l.iter().map(move |x| p.iter().cloned().chain([x.clone()]).collect()))
                    .collect();
            }
            list.extend(picks.iter().map(|p| Piece::hull(p)));
        } else {
            *exact = false;
            list.push(Piece { ruled: true, ..Piece::hull(&level.concat()) });
        }
    }
    // Above that level two actions can still tie where both continuations vary: a ruled set,
    // whose convex hull is that of the actions' own continuations.
    let mut highs: Vec<Q> = able.iter().map(|a| extreme(&sets[*a], player, false)).collect();
    highs.sort_by(|a, b| b.cmp(a));
    if highs[1] > *sure {
        let mut parts = vec![];
        for a in able {
            for p in &sets[*a].pieces {
                let (cut, sound) = p.at_least(player, sure);
                *exact &= sound;
                if let Some((c, sound)) = cut.map(|c| c.at_most(player, &highs[1])) {
                    *exact &= sound;
                    parts.extend(c);
                }
            }
        }
        if !parts.is_empty() {
            list.push(Piece { ruled: true, ..Piece::hull(&parts) });
        }
    }
    list
}

fn extreme(set: &Below, player: usize, lowest: bool) -> Q {
    let all = set.pieces.iter().flat_map(|p| &p.points).map(|v| &v.payoffs[player]);
    let found = if lowest { all.min() } else { all.max() };
    found.expect("a node always has a continuation").clone()
}

fn describe(
    game: &Game,
    numbers: &Numbers,
    concept: Concept,
    chosen: &[usize],
    varies: Varies,
    free: Vec<Free>,
) -> Component {
    use crate::cells::Value;
    let pure = |h: usize, a: usize| Value::Exact(if chosen[h] == a { Q::ONE } else { Q::ZERO });
    let profile: Vec<Vec<Value>> = game
        .infosets
        .iter()
        .enumerate()
        .map(|(h, set)| (0..set.actions.len()).map(|a| pure(h, a)).collect())
        .collect();
    let reach = outcomes::reach(game, numbers, &profile);
    let point = outcomes::distribution(game, &reach);
    let (set, ranges, listed) = match varies {
        Varies::Points(list, exact) => {
            let (set, ranges, listed) = outcomes::summary(&point, Some(list));
            match exact || set == OutcomeSet::Point {
                true => (set, ranges, listed),
                false => (OutcomeSet::Enclosure, ranges, vec![]),
            }
        }
        Varies::Bounds(list) if list.iter().all(|(low, high)| low == high) => {
            outcomes::summary(&point, Some(vec![]))
        }
        Varies::Bounds(list) => {
            let ranges = list.into_iter().map(|(low, high)| (Num::exact(low), Num::exact(high))).collect();
            (OutcomeSet::Enclosure, ranges, vec![])
        }
    };
    let one = || Num::exact(Q::ONE);
    Component {
        reached: game.infosets.iter().map(|h| outcomes::is_positive(&reach[h.nodes[0].index()])).collect(),
        profile: profile.iter().map(|h| h.iter().map(Value::num).collect()).collect(),
        beliefs: game.infosets.iter().map(|_| vec![one()]).collect(),
        payoffs: outcomes::payoffs(game, numbers, &reach),
        outcomes: point,
        outcome_range: ranges,
        outcome_set: set,
        outcome_vertices: listed,
        free,
        inequalities: vec![],
        conditions: vec![],
        intuitive: None,
        tremble: profile
            .iter()
            .map(|h| h.iter().map(|v| (u32::from(!outcomes::is_positive(v)), one())).collect())
            .collect(),
        gap_nash: Num::exact(Q::ZERO),
        gap_sequential: (concept == Concept::Sequential).then(|| Num::exact(Q::ZERO)),
    }
}
