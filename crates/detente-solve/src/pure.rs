//! All Nash equilibria in pure plans, by looking at every combination of them.
//!
//! The one idea: an end of play counts in exactly those combinations in which every player's plan leads there, so
//! the table of all plans is filled end by end; a combination is an equilibrium where each player's number is the
//! largest in his line of the table. Payoffs are scaled to whole numbers once.
//!
//! A plan says what its player does at every set that the plan itself lets play reach (the reduced strategic form).

use crate::settings::Progress;
use detente_exact::Q;
use detente_game::certificate::Certificate;
use detente_game::solution::{Concept, Num, Solution, Status};
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers};

/// Most combinations of plans that are looked at.
const MOST_CELLS: usize = 4_000_000;
/// Most entries of all plans together, five per combination.
const MOST_ENTRIES: usize = 20_000_000;

/// A plan: the action at each of the player's own sets, in their order; `None` where the plan avoids the set.
type Plan = Vec<Option<u32>>;

/// A player's own sets and plans.
struct Side {
    /// The own sets, parents before children.
    sets: Vec<InfosetId>,
    plans: Vec<Plan>,
}

/// The own set and action through which a node was reached last, per player: positions in `Side::sets`.
type Last = Option<(usize, u32)>;

/// Returns every Nash equilibrium in pure plans as a solution; mixed ones are left open. `None` as [`pure_nash`].
pub fn pure_equilibria(game: &Game, numbers: &Numbers, progress: &dyn Progress) -> Option<Solution> {
    let found = pure_nash(game, numbers, progress)?;
    let why = match found.len() {
        0 => "No combination of pure plans is an equilibrium; every game has one in mixed plans",
        _ => "all equilibria in pure plans are listed; mixed ones were not looked for",
    };
    let mut all = Solution {
        concept: Concept::Nash,
        status: Status::ExactSome,
        unresolved: vec![why.into()],
        components: vec![],
        certificate: Certificate {
            version: 1,
            game: game.sha256(),
            params: numbers.params.clone(),
            concept: crate::stages::concept_name(Concept::Nash).into(),
            ..Certificate::default()
        },
    };
    for profile in found {
        let zero = Num::exact(Q::ZERO);
        let one = crate::large::answer(game, numbers, profile, zero, Status::ExactSome, vec![]);
        all.components.extend(one.components);
    }
    Some(all)
}

/// Most combinations of plans for which it takes less than a millisecond to look at all.
const FEW_CELLS: usize = 4_096;

/// Returns the first Nash equilibrium in pure plans of a small game; `None` if there is none or the game is larger.
pub fn one(game: &Game, numbers: &Numbers, progress: &dyn Progress) -> Option<Solution> {
    let first = pure_up_to(game, numbers, FEW_CELLS, 1, progress)?.into_iter().next()?;
    let why = "one equilibrium was looked for; there may be others";
    let zero = Num::exact(Q::ZERO);
    Some(crate::large::answer(game, numbers, first, zero, Status::ExactSome, vec![why.into()]))
}

/// Returns every Nash equilibrium in pure plans as probabilities per information set, 1 for the action chosen.
/// At a set that its owner's plan avoids it is the first action. `None` if there are too many combinations, or
/// the progress says stop.
pub fn pure_nash(game: &Game, numbers: &Numbers, progress: &dyn Progress) -> Option<Vec<Vec<Vec<Q>>>> {
    pure_up_to(game, numbers, MOST_CELLS, usize::MAX, progress)
}

/// So many of them, if there are no more than `most` combinations.
fn pure_up_to(
    game: &Game,
    numbers: &Numbers,
    most: usize,
    wanted: usize,
    progress: &dyn Progress,
) -> Option<Vec<Vec<Vec<Q>>>> {
    let lasts = last_moves(game);
    let sides = sides(game, &lasts, most.saturating_mul(5))?;
    let sizes: Vec<usize> = sides.iter().map(|s| s.plans.len()).collect();
    let cells = sizes.iter().try_fold(1usize, |all, n| all.checked_mul(*n))?;
    if cells > most || cells.saturating_mul(sizes.len()) > MOST_ENTRIES {
        return None;
    }
    let ends = ends(game, numbers, &sides, &lasts);
    let found = match whole_numbers(&ends, sizes.len()) {
        Some(pays) => best_everywhere(&ends, &pays, &sizes, progress, |a: &mut i128, b| *a += b),
        None => {
            let pays: Vec<Vec<Q>> = ends.iter().map(|e| e.pays.clone()).collect();
            best_everywhere(&ends, &pays, &sizes, progress, |a: &mut Q, b| *a = a.clone() + b.clone())
        }
    }?;
    Some(found.into_iter().take(wanted).map(|cell| profile(game, &sides, &sizes, cell)).collect())
}

/// Per node and player the own set (position among the own sets) and action on the way, the last one.
fn last_moves(game: &Game) -> Vec<Vec<Last>> {
    let position = positions(game);
    let mut lasts: Vec<Vec<Last>> = Vec::with_capacity(game.nodes.len());
    for node in &game.nodes {
        let mut own = match node.parent {
            Some((parent, _)) => lasts[parent.index()].clone(),
            None => vec![None; game.players.len()],
        };
        if let Some((parent, action)) = node.parent
            && let NodeKind::Decision(h) = game.nodes[parent.index()].kind
        {
            own[game.infosets[h.index()].player.index()] = Some((position[h.index()], action));
        }
        lasts.push(own);
    }
    lasts
}

/// The position of each set among its owner's, in the order in which play can meet them.
fn positions(game: &Game) -> Vec<usize> {
    let mut order: Vec<usize> = (0..game.infosets.len()).collect();
    order.sort_by_key(|h| game.infosets[*h].nodes.first());
    let mut next = vec![0; game.players.len()];
    let mut position = vec![0; game.infosets.len()];
    for h in order {
        let own = &mut next[game.infosets[h].player.index()];
        position[h] = *own;
        *own += 1;
    }
    position
}

/// Each player's plans; `None` if all entries of one player's are more than `most`.
fn sides(game: &Game, lasts: &[Vec<Last>], most: usize) -> Option<Vec<Side>> {
    let position = positions(game);
    (0..game.players.len())
        .map(|p| {
            let own = (0..game.infosets.len()).filter(|h| game.infosets[*h].player.index() == p);
            let mut sets: Vec<InfosetId> = own.map(|h| InfosetId(h as u32)).collect();
            sets.sort_by_key(|h| position[h.index()]);
            Some(Side { plans: plans(game, p, &sets, lasts, most)?, sets })
        })
        .collect()
}

/// All plans of a player, set after set.
fn plans(
    game: &Game,
    player: usize,
    sets: &[InfosetId],
    lasts: &[Vec<Last>],
    most: usize,
) -> Option<Vec<Plan>> {
    let mut plans: Vec<Plan> = vec![vec![]];
    for h in sets {
        let set = &game.infosets[h.index()];
        // With perfect recall every member has the same own moves before it.
        let before = set.nodes.first().and_then(|n| lasts[n.index()][player]);
        let mut next = Vec::with_capacity(plans.len());
        for plan in plans {
            let met = before.is_none_or(|(earlier, action)| plan[earlier] == Some(action));
            let choices = if met { set.actions.len() as u32 } else { 1 };
            next.extend((0..choices).map(|a| [plan.as_slice(), &[met.then_some(a)]].concat()));
            if next.len().saturating_mul(sets.len()) > most {
                return None;
            }
        }
        plans = next;
    }
    Some(plans)
}

/// An end of play: who plays towards it, and what it is worth, times the chance on the way.
struct End {
    /// Per player the plans that lead there.
    plans: Vec<Vec<usize>>,
    pays: Vec<Q>,
}

fn ends(game: &Game, numbers: &Numbers, sides: &[Side], lasts: &[Vec<Last>]) -> Vec<End> {
    let mut chance = vec![Q::ONE; game.nodes.len()];
    let mut ends = Vec::new();
    for (n, node) in game.nodes.iter().enumerate() {
        if let Some((parent, arm)) = node.parent {
            chance[n] = match game.nodes[parent.index()].kind {
                NodeKind::Chance(c) => {
                    chance[parent.index()].clone() * numbers.chance[c.index()][arm as usize].clone()
                }
                _ => chance[parent.index()].clone(),
            };
        }
        if let NodeKind::Terminal(_) = node.kind {
            let id = NodeId(n as u32);
            let leads = |(p, side): (usize, &Side)| -> Vec<usize> {
                let follows = |plan: &Plan| lasts[n][p].is_none_or(|(h, a)| plan[h] == Some(a));
                (0..side.plans.len()).filter(|k| follows(&side.plans[*k])).collect()
            };
            let plans = sides.iter().enumerate().map(leads).collect();
            let pays =
                (0..sides.len()).map(|p| chance[n].clone() * numbers.payoff(game, id, p).clone()).collect();
            ends.push(End { plans, pays });
        }
    }
    ends
}

/// Payoffs as whole numbers, each player's by a factor of its own; `None` where they do not fit.
fn whole_numbers(ends: &[End], players: usize) -> Option<Vec<Vec<i128>>> {
    let mut rows = vec![Vec::with_capacity(players); ends.len()];
    for p in 0..players {
        let mut factor = Q::ONE;
        for end in ends {
            factor = factor.clone() * (factor.clone() * end.pays[p].clone()).denominator();
            factor.to_i64()?;
        }
        for (row, end) in rows.iter_mut().zip(ends) {
            row.push(i128::from((end.pays[p].clone() * factor.clone()).to_i64()?));
        }
    }
    Some(rows)
}

/// Fills the table and returns the cells in which every player's number is the largest in his line. The first
/// player's plan changes fastest.
fn best_everywhere<T: Clone + Ord + Zero>(
    ends: &[End],
    pays: &[Vec<T>],
    sizes: &[usize],
    progress: &dyn Progress,
    add: impl Fn(&mut T, &T),
) -> Option<Vec<usize>> {
    let cells: usize = sizes.iter().product();
    let players = sizes.len();
    let mut table = vec![T::ZERO; cells * players];
    for (k, (end, pay)) in ends.iter().zip(pays).enumerate() {
        if k.is_multiple_of(64) && !progress.keep_going(0.5 * k as f64 / ends.len() as f64) {
            return None;
        }
        each_combination(&end.plans, sizes, |cell| {
            for (entry, own) in table[cell * players..(cell + 1) * players].iter_mut().zip(pay) {
                add(entry, own);
            }
        });
    }
    let mut stays = vec![true; cells];
    let mut stride = 1;
    for (p, size) in sizes.iter().enumerate() {
        for low in (0..cells).filter(|c| (c / stride).is_multiple_of(*size)) {
            let line = || (0..*size).map(|k| low + k * stride);
            let best = line().map(|c| &table[c * players + p]).max().cloned();
            for cell in line().filter(|c| Some(&table[c * players + p]) != best.as_ref()) {
                stays[cell] = false;
            }
        }
        stride *= size;
    }
    Some((0..cells).filter(|c| stays[*c]).collect())
}

/// Calls for every cell in which each player plays one of these plans.
fn each_combination(plans: &[Vec<usize>], sizes: &[usize], mut call: impl FnMut(usize)) {
    if plans.iter().any(Vec::is_empty) {
        return;
    }
    let mut strides = vec![1; sizes.len()];
    for p in 1..sizes.len() {
        strides[p] = strides[p - 1] * sizes[p - 1];
    }
    let mut at = vec![0; plans.len()];
    loop {
        call(plans.iter().zip(&at).zip(&strides).map(|((list, k), stride)| list[*k] * stride).sum());
        let mut p = 0;
        loop {
            if p == plans.len() {
                return;
            }
            at[p] += 1;
            if at[p] < plans[p].len() {
                break;
            }
            at[p] = 0;
            p += 1;
        }
    }
}

/// A cell as probabilities per information set of the game.
fn profile(game: &Game, sides: &[Side], sizes: &[usize], cell: usize) -> Vec<Vec<Q>> {
    let mut rows: Vec<Vec<Q>> = game.infosets.iter().map(|h| vec![Q::ZERO; h.actions.len()]).collect();
    let mut rest = cell;
    for (side, size) in sides.iter().zip(sizes) {
        for (h, action) in side.sets.iter().zip(&side.plans[rest % size]) {
            rows[h.index()][action.unwrap_or(0) as usize] = Q::ONE;
        }
        rest /= size;
    }
    rows
}

/// What a table begins with.
trait Zero {
    const ZERO: Self;
}

impl Zero for i128 {
    const ZERO: i128 = 0;
}

impl Zero for Q {
    const ZERO: Q = Q::ZERO;
}
