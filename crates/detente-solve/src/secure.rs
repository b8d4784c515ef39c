//! Secure play: what a player can be sure of, whatever the others do.
//!
//! The one idea: let all others be one player with the opposite payoffs who knows what its members have seen
//! and done so far. That is a zero-sum game of two with perfect recall, and its sequence form one exact linear
//! program (Koller, Megiddo and von Stengel, "Efficient computation of equilibria for extensive two-person
//! games", Games and Economic Behavior, 1996). With two players it is the game itself. With more, a
//! pool can do what its members cannot do apart, so its program gives the lower end, and a best response to
//! the same plan without the pooled knowledge gives an upper one.

use detente_exact::Q;
use detente_game::game::{Infoset, NodeKind};
use detente_game::secure::{Pooled, Secure};
use detente_game::{Game, InfosetId, Numbers, Player, PlayerId};
use detente_sequence::form::Form;
use detente_sequence::linear::{Optimal, best_response, optimal};
use std::collections::BTreeMap;

/// What members of the pool met and did on the way to a node.
type Past = Vec<(u32, u32)>;

/// The game against the pool: the player is 0, the pool 1.
struct Against {
    form: Form,
    /// Where each set comes from: its set in the game, and what the pool knows there; by number.
    origin: Vec<(u32, Past)>,
}

/// Returns what a player can be sure of. `None` if there is no such player, or the program has no answer
/// (which cannot be: every finite game has a maxmin plan).
pub fn secure(game: &Game, numbers: &Numbers, player: PlayerId) -> Option<Secure> {
    game.players.get(player.index())?;
    let against = against(game, numbers, player);
    let Optimal { plan, values } = optimal(&against.form)?;
    let [own, other] = &against.form.sides[..] else { return None };
    let of = |side: &detente_sequence::form::Side, plan: &[Q], k: usize| plan[side.range(k)].to_vec();
    let listed =
        (0..own.sets.len()).map(|k| (against.origin[own.sets[k].index()].0, of(own, &plan[0], k))).collect();
    let pool: Vec<Pooled> = (0..other.sets.len())
        .map(|k| {
            let (set, knows) = against.origin[other.sets[k].index()].clone();
            Pooled { knows, set, probs: of(other, &plan[1], k) }
        })
        .collect();
    let low = values[0].clone();
    let (apart, high) = if game.players.len() <= 2 {
        (pool.iter().map(|p| (p.set, p.probs.clone())).collect(), low.clone())
    } else {
        apart(game, numbers, player, &pool)
    };
    Some(Secure { player: player.0, low, high, plan: listed, pool, apart })
}

/// Makes all others one player.
fn against(game: &Game, numbers: &Numbers, player: PlayerId) -> Against {
    let mut two = game.clone();
    let named = |name: &str| Player { name: name.into(), label: String::new() };
    two.players = vec![named("one"), named("pool")];
    let mut origin: Vec<(u32, Past)> = vec![];
    two.infosets = vec![];
    let mut known: BTreeMap<(u32, Past), InfosetId> = BTreeMap::new();
    let mut past: Vec<Past> = vec![vec![]; game.nodes.len()];
    for (n, node) in game.nodes.iter().enumerate() {
        if let Some((parent, arm)) = node.parent {
            past[n] = past[parent.index()].clone();
            if let NodeKind::Decision(h) = game.nodes[parent.index()].kind
                && game.infosets[h.index()].player != player
            {
                past[n].push((h.0, arm));
            }
        }
        let NodeKind::Decision(h) = node.kind else { continue };
        let set = &game.infosets[h.index()];
        let own = set.player == player;
        let key = (h.0, if own { vec![] } else { past[n].clone() });
        let id = *known.entry(key.clone()).or_insert_with(|| {
            let owner = PlayerId(u32::from(!own));
            two.infosets.push(Infoset { player: owner, nodes: vec![], ..set.clone() });
            origin.push(key);
            InfosetId(origin.len() as u32 - 1)
        });
        two.infosets[id.index()].nodes.push(detente_game::NodeId(n as u32));
        two.nodes[n].kind = NodeKind::Decision(id);
    }
    let players = game.players.len();
    let own = numbers.payoffs.iter().skip(player.index()).step_by(players);
    let payoffs = own.flat_map(|q| [q.clone(), -q]).collect();
    let numbers = Numbers { payoffs, ..numbers.clone() };
    Against { form: Form::new(&two, &numbers), origin }
}

/// The pool's plan without its pooled knowledge, averaged over what it may know; and what the player can get
/// against it.
fn apart(game: &Game, numbers: &Numbers, player: PlayerId, pool: &[Pooled]) -> (Vec<(u32, Vec<Q>)>, Q) {
    let probability: BTreeMap<(&[(u32, u32)], u32), &[Q]> =
        pool.iter().map(|p| ((p.knows.as_slice(), p.set), p.probs.as_slice())).collect();
    let reach = |knows: &[(u32, u32)]| -> Q {
        let steps = knows.iter().enumerate().map(|(k, (set, action))| {
            probability.get(&(&knows[..k], *set)).map_or(Q::ZERO, |probs| probs[*action as usize].clone())
        });
        steps.fold(Q::ONE, |all, p| all * p)
    };
    let mut sums: BTreeMap<u32, Vec<Q>> = BTreeMap::new();
    for p in pool {
        let weight = reach(&p.knows);
        let sum = sums.entry(p.set).or_insert_with(|| vec![Q::ZERO; p.probs.len()]);
        sum.iter_mut().zip(&p.probs).for_each(|(total, q)| *total += &(&weight * q));
    }
    for sum in sums.values_mut() {
        let total: Q = sum.iter().cloned().sum();
        let equal = Q::new(1, sum.len() as i64);
        for q in sum.iter_mut() {
            *q = if total.is_zero() { equal.clone() } else { &*q / &total };
        }
    }
    let form = Form::new(game, numbers);
    let reach: Vec<Vec<Q>> = form
        .sides
        .iter()
        .enumerate()
        .map(|(p, side)| {
            let mut reach = vec![Q::ONE; side.slots()];
            for k in (0..side.sets.len()).filter(|_| p != player.index()) {
                let before = reach[side.parent[k] as usize].clone();
                let probs = sums.get(&side.sets[k].0);
                for (a, s) in side.range(k).enumerate() {
                    reach[s] = probs.map_or(Q::ZERO, |q| &before * &q[a]);
                }
            }
            reach
        })
        .collect();
    let high = best_response(&form, player.index(), &reach);
    (sums.into_iter().collect(), high)
}
