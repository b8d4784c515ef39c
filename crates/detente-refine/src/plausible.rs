//! Beliefs that come from one order of plausibility over the nodes.
//!
//! The one idea: nodes joined by moves that are played form a chain of one rank, and within it all relative
//! weights are known. What is open is the rank and the weight of each chain. Which chains a set
//! believes in is tried; ranks are then a question about cycles, and the weights one linear program.

use crate::perfect::{gaining, share};
use crate::play::Profile;
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Rel};
use detente_game::beliefs::Rank;
use detente_game::{Game, Numbers};

/// Most combinations of believed chains that are tried.
const MOST: usize = 5_000;

/// Beliefs at every set, and the order they come from.
pub struct Found {
    pub beliefs: Vec<Vec<Q>>,
    pub order: Vec<Rank>,
}

/// Where each node stands.
struct Chains {
    /// Per node: its chain, and its weight within it.
    of: Vec<(usize, Q)>,
    /// Per chain: its first node, and the chain it leaves; chain 0 holds the root.
    list: Vec<(u32, Option<usize>)>,
}

/// Looks for an order that makes a profile best at every set.
pub fn order(game: &Game, numbers: &Numbers, profile: &Profile) -> Option<Found> {
    let chains = chains(game, numbers, profile);
    let mut options: Vec<Vec<Vec<usize>>> = vec![];
    let mut count = 1usize;
    for set in &game.infosets {
        let mut here: Vec<usize> = set.nodes.iter().map(|n| chains.of[n.index()].0).collect();
        here.sort_unstable();
        here.dedup();
        let list: Vec<Vec<usize>> = match here.first() {
            // Where play comes, nothing else is believed.
            Some(0) | None => vec![vec![0]],
            Some(_) if here.len() > 12 => return None,
            Some(_) => (1..1usize << here.len()).map(|bits| chosen(&here, bits)).collect(),
        };
        count = count.checked_mul(list.len()).filter(|n| *n <= MOST)?;
        options.push(list);
    }
    (0..count).find_map(|mut code| {
        let believed: Vec<&Vec<usize>> = options
            .iter()
            .map(|list| {
                let pick = &list[code % list.len()];
                code /= list.len();
                pick
            })
            .collect();
        let ranks = ranks(game, &chains, &believed)?;
        weighted(game, numbers, profile, &chains, &believed, &ranks)
    })
}

fn chosen(list: &[usize], bits: usize) -> Vec<usize> {
    list.iter().enumerate().filter(|(k, _)| bits >> k & 1 == 1).map(|(_, c)| *c).collect()
}

fn chains(game: &Game, numbers: &Numbers, profile: &Profile) -> Chains {
    let mut chains = Chains { of: Vec::with_capacity(game.nodes.len()), list: vec![(0, None)] };
    for (n, node) in game.nodes.iter().enumerate() {
        let place = match node.parent {
            None => (0, Q::ONE),
            Some((parent, arm)) => {
                let (chain, weight) = chains.of[parent.index()].clone();
                let p = share(game, numbers, profile, parent, arm);
                if p.is_zero() {
                    chains.list.push((n as u32, Some(chain)));
                    (chains.list.len() - 1, Q::ONE)
                } else {
                    (chain, weight * p)
                }
            }
        };
        chains.of.push(place);
    }
    chains
}

/// The least ranks with which exactly the believed chains of each set are its most plausible ones.
fn ranks(game: &Game, chains: &Chains, believed: &[&Vec<usize>]) -> Option<Vec<u32>> {
    let mut group: Vec<usize> = (0..chains.list.len()).collect();
    for list in believed {
        for c in &list[1..] {
            let (a, b) = (group[list[0]], group[*c]);
            group.iter_mut().filter(|g| **g == b).for_each(|g| *g = a);
        }
    }
    let mut above: Vec<(usize, usize)> = vec![];
    for (c, (_, from)) in chains.list.iter().enumerate() {
        if let Some(from) = from {
            above.push((group[*from], group[c]));
        }
    }
    for (set, list) in game.infosets.iter().zip(believed) {
        for node in &set.nodes {
            let chain = chains.of[node.index()].0;
            if !list.contains(&chain) {
                above.push((group[list[0]], group[chain]));
            }
        }
    }
    let mut rank = vec![0u32; chains.list.len()];
    // Ranks that still grow after so many rounds go round in a circle.
    for _ in 0..=chains.list.len() {
        let mut changed = false;
        for (low, high) in &above {
            if rank[*high] <= rank[*low] {
                rank[*high] = rank[*low] + 1;
                changed = true;
            }
        }
        if !changed {
            return Some(group.iter().map(|g| rank[*g]).collect());
        }
    }
    None
}

/// Weights of the chains that make the profile best at every set.
fn weighted(
    game: &Game,
    numbers: &Numbers,
    profile: &Profile,
    chains: &Chains,
    believed: &[&Vec<usize>],
    ranks: &[u32],
) -> Option<Found> {
    let count = chains.list.len();
    // Only ratios matter, so no weight need be below 1.
    let mut lp = Lp::with_variables(count, Some(Q::ONE), None);
    let mut weights = vec![Q::ONE; count];
    loop {
        let beliefs: Vec<Vec<Q>> = game
            .infosets
            .iter()
            .zip(believed)
            .map(|(set, list)| {
                let weight = |c: usize, w: &Q| if list.contains(&c) { w * &weights[c] } else { Q::ZERO };
                let all: Vec<Q> = set
                    .nodes
                    .iter()
                    .map(|n| weight(chains.of[n.index()].0, &chains.of[n.index()].1))
                    .collect();
                let total: Q = all.iter().cloned().sum();
                all.iter().map(|w| w.checked_div(&total).unwrap_or(Q::ZERO)).collect()
            })
            .collect();
        let mut cuts = vec![];
        for (h, belief) in beliefs.iter().enumerate() {
            if let Some(loses) = gaining(game, numbers, profile, h, belief) {
                let members = game.infosets[h].nodes.iter().zip(loses);
                let held = members.filter(|(n, _)| believed[h].contains(&chains.of[n.index()].0));
                cuts.push(
                    held.map(|(n, q)| {
                        let (chain, weight) = &chains.of[n.index()];
                        (*chain, weight * &q)
                    })
                    .collect::<Vec<(usize, Q)>>(),
                );
            }
        }
        if cuts.is_empty() {
            let order = (1..count)
                .map(|c| Rank { node: chains.list[c].0, rank: ranks[c], weight: weights[c].clone() })
                .collect();
            return Some(Found { beliefs, order });
        }
        for cut in cuts {
            lp.add_row(cut, Rel::Ge, Q::ZERO);
        }
        weights = lp::feasible(&lp).ok()?;
    }
}
