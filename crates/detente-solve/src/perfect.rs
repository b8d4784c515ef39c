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

/// Most points kept per node; beyond, only bounds are known.
const MAX_POINTS: usize = 600;

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

/// Returns the one component of subgame-perfect equilibria.
pub fn solve(game: &Game, numbers: &Numbers, concept: Concept) -> Solution {
    let n = game.players.len();
    let mut below: BTreeMap<usize, Below> = BTreeMap::new();
    let mut chosen: Vec<usize> = vec![0; game.infosets.len()];
    let mut value: Vec<Vec<Q>> = vec![vec![]; game.nodes.len()];
    let mut free = vec![];
    for x in (0..game.nodes.len()).rev() {
        let children = game.children(NodeId(x as u32));
        let sets: Vec<Below> =
            children.iter().map(|c| below.remove(&c.index()).expect("children are done first")).collect();
        let here = match game.nodes[x].kind {
            NodeKind::Terminal(_) => {
                value[x] = numbers.payoffs[x * n..x * n + n].to_vec();
                let key = game.outcome_key(NodeId(x as u32)).expect("a terminal has an outcome key");
                let point = Point { payoffs: value[x].clone(), outcomes: BTreeMap::from([(key, Q::ONE)]) };
                Below { pieces: vec![Piece { points: vec![point], ruled: false }], exact: true }
            }
            NodeKind::Chance(c) => {
                let probs = &numbers.chance[c.index()];
                value[x] = (0..n)
                    .map(|p| children.iter().zip(probs).map(|(c, q)| &value[c.index()][p] * q).sum())
                    .collect();
                average(&sets, probs)
            }
            NodeKind::Decision(h) => {
                let player = game.infosets[h.index()].player.index();
                let payoff = |c: &NodeId| &value[c.index()][player];
                let mut best = 0;
                for (a, c) in children.iter().enumerate() {
                    if payoff(c) > payoff(&children[best]) {
                        best = a;
                    }
                }
                chosen[h.index()] = best;
                value[x] = value[children[best].index()].clone();
                choose(h, player, &sets, &mut free)
            }
        };
        below.insert(x, here);
    }
    let root = below.remove(&0).expect("the root is done last");
    free.sort_by_key(|f: &Free| match f.what {
        FreeWhat::Action(h, a) | FreeWhat::Belief(h, a) => (h, a),
    });
    let component = describe(game, numbers, concept, &chosen, root, free);
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
        }],
    };
    Solution {
        concept,
        status: Status::ExactComplete,
        unresolved: vec![],
        components: vec![component],
        certificate,
    }
}

/// Continuations of a chance node: one from each arm, averaged.
fn average(sets: &[Below], probs: &[Q]) -> Below {
    let n = sets[0].pieces[0].points[0].payoffs.len();
    let zero = Point { payoffs: vec![Q::ZERO; n], outcomes: BTreeMap::new() };
    let mut pieces = vec![Piece { points: vec![zero], ruled: false }];
    let mut exact = sets.iter().all(|s| s.exact);
    for (set, q) in sets.iter().zip(probs) {
        let size: usize = pieces.iter().map(|p| p.points.len()).sum::<usize>()
            * set.pieces.iter().map(|p| p.points.len()).sum::<usize>();
        let list = if size > MAX_POINTS {
            exact = false;
            vec![Piece::hull(&set.pieces).extremes_only()]
        } else {
            set.pieces.clone()
        };
        if size > MAX_POINTS {
            pieces = vec![Piece::hull(&pieces).extremes_only()];
        }
        pieces = pieces.iter().flat_map(|p| list.iter().map(move |r| p.plus(r, q))).collect();
    }
    Below { pieces, exact }
}

/// Continuations of a decision: what its owner may choose when continuations may vary.
fn choose(h: InfosetId, player: usize, sets: &[Below], free: &mut Vec<Free>) -> Below {
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
    if pieces.iter().map(|p| p.points.len()).sum::<usize>() > MAX_POINTS {
        let before = pieces.len();
        pieces = vec![Piece::hull(&pieces).extremes_only()];
        exact &= before == 1;
        pieces[0].ruled |= before > 1;
    }
    Below { pieces, exact }
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
    root: Below,
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
    let keys = point.len();
    let mut list: Vec<Vec<Q>> = root
        .pieces
        .iter()
        .flat_map(|p| &p.points)
        .map(|v| (0..keys).map(|k| v.outcomes.get(&k).cloned().unwrap_or(Q::ZERO)).collect())
        .collect();
    list = outcomes::extreme(list);
    let (mut set, ranges, mut listed) = outcomes::summary(&point, Some(list));
    if !root.exact && set != OutcomeSet::Point {
        set = OutcomeSet::Enclosure;
        listed.clear();
    }
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
        intuitive: None,
        tremble: profile
            .iter()
            .map(|h| h.iter().map(|v| (u32::from(!outcomes::is_positive(v)), one())).collect())
            .collect(),
        gap_nash: Num::exact(Q::ZERO),
        gap_sequential: (concept == Concept::Sequential).then(|| Num::exact(Q::ZERO)),
    }
}
