//! All pure equilibria, by listing all pure profiles.
//!
//! Nash: no plan of any player does better. Sequential (Kreps and Wilson, "Sequential
//! equilibria", 1982): some beliefs that are limits of trembles make every choice best.
//! Which beliefs are limits is decided only in the class where it is simple, see
//! [`pure_sequential`]; elsewhere the profile is counted as undecided.

use crate::play;
use crate::simplex::Program;
use detente_exact::Q;
use detente_game::{Game, NodeId, Numbers};

/// One action per information set.
pub type Pure = Vec<u32>;

/// Most profiles that are listed.
const MAX_PROFILES: usize = 1 << 18;

/// Lists all pure profiles, the last set's action changing fastest.
///
/// # Panics
/// If there are more than 2^18.
pub fn all_pure(game: &Game) -> Vec<Pure> {
    let sizes: Vec<u32> = game.infosets.iter().map(|h| h.actions.len() as u32).collect();
    let count = sizes.iter().fold(1usize, |n, s| n.saturating_mul(*s as usize));
    assert!(count <= MAX_PROFILES, "{count} pure profiles are too many to list");
    let profile = |mut k: usize| {
        let mut choice = vec![0; sizes.len()];
        for (c, size) in choice.iter_mut().zip(&sizes).rev() {
            *c = (k % *size as usize) as u32;
            k /= *size as usize;
        }
        choice
    };
    (0..count).map(profile).collect()
}

/// Lists all pure Nash equilibria, choices at unreached sets included.
pub fn pure_nash(game: &Game, numbers: &Numbers) -> Vec<Pure> {
    let nash = |choice: &Pure| play::is_nash(game, numbers, &play::as_profile(game, choice));
    all_pure(game).into_iter().filter(nash).collect()
}

/// The pure sequential equilibria.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PureSequential {
    pub found: Vec<Pure>,
    /// Profiles for which the consistent beliefs are not simple; they may be equilibria.
    pub undecided: Vec<Pure>,
}

/// Lists the pure profiles that some consistent beliefs make sequentially rational.
///
/// Decided are profiles in which, at every set, the members with fewest trembles by others
/// either share the same trembles (then Bayes' rule gives the beliefs) or each have a
/// tremble that bears on no other open set (then any belief over them is a limit).
/// Signalling games are of this kind throughout.
pub fn pure_sequential(game: &Game, numbers: &Numbers) -> PureSequential {
    let mut result = PureSequential::default();
    for choice in all_pure(game) {
        match sequential(game, numbers, &choice) {
            Some(true) => result.found.push(choice),
            Some(false) => {}
            None => result.undecided.push(choice),
        }
    }
    result
}

/// The members of a set that can have positive belief, and the trembles on their paths.
struct Candidates {
    members: Vec<NodeId>,
    trembles: Vec<Vec<(usize, usize)>>,
}

fn sequential(game: &Game, numbers: &Numbers, choice: &Pure) -> Option<bool> {
    let profile = play::as_profile(game, choice);
    let sets: Vec<Candidates> = (0..game.infosets.len()).map(|h| candidates(game, choice, h)).collect();
    let open = |set: &Candidates| set.trembles.iter().any(|t| *t != set.trembles[0]);
    let chance = play::weights(game, numbers, &all_ones(game), None);
    let mut rational = true;
    let mut decided = true;
    for (h, set) in sets.iter().enumerate() {
        let gains = gains(game, numbers, &profile, choice, h, &set.members);
        if open(set) {
            let others = || sets.iter().enumerate().filter(|(g, s)| *g != h && open(s));
            let own_tremble = |k: usize| {
                set.trembles[k].iter().any(|t| {
                    let elsewhere = others().any(|(_, s)| s.trembles.iter().any(|list| list.contains(t)));
                    let twice = (0..set.members.len()).any(|j| j != k && set.trembles[j].contains(t));
                    !elsewhere && !twice
                })
            };
            decided &= (0..set.members.len()).all(own_tremble);
            // Even undecided, a set without any supporting belief settles the matter.
            rational &= some_belief(&gains, set.members.len());
        } else {
            let weighted = |row: &Vec<Q>| -> Q {
                row.iter().zip(&set.members).map(|(g, x)| g.clone() * chance[x.index()].clone()).sum()
            };
            rational &= gains.iter().all(|row| !weighted(row).is_positive());
        }
    }
    if rational && !decided { None } else { Some(rational) }
}

/// Every action with weight 1: what is left of a path's weight is chance.
fn all_ones(game: &Game) -> play::Profile {
    game.infosets.iter().map(|h| vec![Q::ONE; h.actions.len()]).collect()
}

/// Members whose trembles do not strictly contain another member's.
fn candidates(game: &Game, choice: &Pure, h: usize) -> Candidates {
    let set = &game.infosets[h];
    let trembles_to = |node: &NodeId| {
        let moves = play::moves_of_others(game, *node, set.player.index());
        let mut list: Vec<_> = moves.into_iter().filter(|(g, a)| choice[*g] as usize != *a).collect();
        list.sort_unstable();
        list
    };
    let all: Vec<Vec<(usize, usize)>> = set.nodes.iter().map(trembles_to).collect();
    let contains =
        |big: &Vec<_>, small: &Vec<_>| small.len() < big.len() && small.iter().all(|t| big.contains(t));
    let minimal = |k: &usize| !all.iter().any(|other| contains(&all[*k], other));
    let kept: Vec<usize> = (0..all.len()).filter(minimal).collect();
    Candidates {
        members: kept.iter().map(|k| set.nodes[*k]).collect(),
        trembles: kept.iter().map(|k| all[*k].clone()).collect(),
    }
}

/// `gains[a][k]`: what action `a` gives at member `k` beyond the chosen one.
fn gains(
    game: &Game,
    numbers: &Numbers,
    profile: &play::Profile,
    choice: &Pure,
    h: usize,
    members: &[NodeId],
) -> Vec<Vec<Q>> {
    let set = &game.infosets[h];
    let value = play::values(game, numbers, profile, set.player.index());
    let at = |x: &NodeId, a: usize| value[game.children(*x)[a].index()].clone();
    let row = |a: usize| members.iter().map(|x| at(x, a) - at(x, choice[h] as usize)).collect();
    (0..set.actions.len()).map(row).collect()
}

/// Whether some belief over the members makes no gain positive.
fn some_belief(gains: &[Vec<Q>], members: usize) -> bool {
    let mut program = Program::default();
    let beliefs: Vec<usize> = (0..members).map(|_| program.variable()).collect();
    let sum: Vec<_> = beliefs.iter().map(|b| (*b, Q::ONE)).collect();
    program.equal(&sum, Q::ONE);
    for row in gains {
        let terms: Vec<_> = beliefs.iter().zip(row).map(|(b, g)| (*b, g.clone())).collect();
        program.at_most(&terms, Q::ZERO);
    }
    program.maximise(beliefs[0]).is_some()
}
