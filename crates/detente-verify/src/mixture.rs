//! The referee's look at a device that draws one of a few profiles: who gains by refusing it?
//!
//! The one idea: a player who refuses faces the others' profiles, each as likely as it is drawn, so the weight
//! of an end of play is the sum over the profiles of what chance and the others put on it. The best plan
//! against these weights is found over the player's own sets, last ones first; what the device itself brings is a
//! sum over profiles and ends.

use crate::assess::Gap;
use crate::numbers::{Number, enclosure};
use crate::profile::check_shape;
use detente_exact::{Interval, Q};
use detente_game::coarse::Coarse;
use detente_game::{Game, NodeKind, Numbers};

/// Most nodes times profiles for which numbers are exact; beyond, outward-rounded intervals.
const EXACT: usize = 20_000;

/// Recomputes the most that any player gains by refusing the device.
///
/// # Errors
/// In words: it is no device, or its gain is not what is printed.
pub fn check(game: &Game, numbers: &Numbers, device: &Coarse) -> Result<Gap, String> {
    let total: Q = device.weights.iter().cloned().sum();
    if device.weights.len() != device.profiles.len()
        || device.weights.iter().any(Q::is_negative)
        || !total.is_one()
    {
        return Err("the device's weights are no distribution over its profiles".into());
    }
    for (k, profile) in device.profiles.iter().enumerate() {
        check_shape(game, profile).map_err(|why| format!("profile {k} of the device: {why}"))?;
    }
    let found = match game.nodes.len().saturating_mul(device.profiles.len()) <= EXACT {
        true => widest::<Q>(game, numbers, device),
        false => widest::<Interval>(game, numbers, device),
    }?;
    let (low, high) = enclosure(&device.gain)?;
    if found.low > high.to_f64_up() || found.high < low.to_f64_down() {
        return Err(format!(
            "the device's gain is printed as {}, the referee finds {found:?}",
            device.gain.value
        ));
    }
    Ok(found)
}

/// A set's place and an action there.
type Own = Option<(usize, usize)>;

fn widest<S: Number>(game: &Game, numbers: &Numbers, device: &Coarse) -> Result<Gap, String> {
    let point = |q: &Q| S::from_range(q, q).ok_or_else(|| "a number cannot be enclosed".to_string());
    let lists = |lists: &[Vec<Q>]| -> Result<Vec<Vec<S>>, String> {
        lists.iter().map(|list| list.iter().map(point).collect()).collect()
    };
    let weights: Vec<S> = device.weights.iter().map(point).collect::<Result<_, _>>()?;
    let profiles: Vec<Vec<Vec<S>>> = device.profiles.iter().map(|p| lists(p)).collect::<Result<_, _>>()?;
    let (chance, payoffs) =
        (lists(&numbers.chance)?, lists(std::slice::from_ref(&numbers.payoffs))?.remove(0));
    // How likely each node is if the owners of some sets let play pass.
    let reach = |profile: &[Vec<S>], passes: Option<usize>| {
        let mut reach = vec![S::one(); game.nodes.len()];
        for (x, node) in game.nodes.iter().enumerate() {
            let Some((parent, arm)) = node.parent else { continue };
            let before = &reach[parent.index()];
            reach[x] = match game.nodes[parent.index()].kind {
                NodeKind::Chance(c) => before.mul(&chance[c.index()][arm as usize]),
                NodeKind::Decision(h) if passes == Some(game.infosets[h.index()].player.index()) => {
                    before.clone()
                }
                NodeKind::Decision(h) => before.mul(&profile[h.index()][arm as usize]),
                NodeKind::Terminal(_) => S::zero(),
            };
        }
        reach
    };
    let mean = |passes: Option<usize>| {
        let mut sum = vec![S::zero(); game.nodes.len()];
        for (weight, profile) in weights.iter().zip(&profiles) {
            let reach = reach(profile, passes);
            sum.iter_mut().zip(&reach).for_each(|(s, r)| *s = s.add(&weight.mul(r)));
        }
        sum
    };
    let players = game.players.len();
    let obeyed = mean(None);
    let mut worst: Option<Gap> = None;
    for p in 0..players {
        let worth = |weight: &[S], x: usize| weight[x].mul(&payoffs[x * players + p]);
        let ends = || game.nodes.iter().enumerate().filter(|(_, n)| matches!(n.kind, NodeKind::Terminal(_)));
        let follow = ends().fold(S::zero(), |sum, (x, _)| sum.add(&worth(&obeyed, x)));
        let refused = mean(Some(p));
        let own = own_moves(game, p)?;
        let mut value: Vec<Vec<S>> = game.infosets.iter().map(|h| vec![S::zero(); h.actions.len()]).collect();
        let mut outside = S::zero();
        let mut sets: Vec<usize> =
            (0..game.infosets.len()).filter(|h| game.infosets[*h].player.index() == p).collect();
        sets.retain(|h| !game.infosets[*h].nodes.is_empty());
        for (x, _) in ends() {
            let sum = own[x].map_or(&mut outside, |(h, a)| &mut value[h][a]);
            *sum = sum.add(&worth(&refused, x));
        }
        // An earlier own set has a member before the first of this one.
        sets.sort_by_key(|h| std::cmp::Reverse(game.infosets[*h].nodes[0]));
        for h in sets {
            let best = value[h].iter().cloned().reduce(|a, b| a.max(&b)).unwrap_or(S::zero());
            let before = own[game.infosets[h].nodes[0].index()];
            let sum = before.map_or(&mut outside, |(h, a)| &mut value[h][a]);
            *sum = sum.add(&best);
        }
        // Who only loses by refusing gains nothing.
        let gain = Gap::new(&outside.sub(&follow).max(&S::zero()));
        worst = Some(worst.map_or(gain.clone(), |worst| worst.max(gain)));
    }
    worst.ok_or_else(|| "the game has no players".into())
}

/// A player's last own set and action before each node.
///
/// # Errors
/// Members of one set that the player could tell apart by what it did.
fn own_moves(game: &Game, player: usize) -> Result<Vec<Own>, String> {
    let mut own: Vec<Own> = vec![None; game.nodes.len()];
    for (x, node) in game.nodes.iter().enumerate() {
        let Some((parent, arm)) = node.parent else { continue };
        own[x] = match game.nodes[parent.index()].kind {
            NodeKind::Decision(h) if game.infosets[h.index()].player.index() == player => {
                Some((h.index(), arm as usize))
            }
            _ => own[parent.index()],
        };
    }
    for set in game.infosets.iter().filter(|set| set.player.index() == player) {
        if set.nodes.iter().any(|x| own[x.index()] != own[set.nodes[0].index()]) {
            return Err(format!("the owner of `{}` forgets what it did", set.label));
        }
    }
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_game::solution::Num;

    fn game(text: &str) -> Game {
        detente_game::formats::nfg::read(text).expect("a valid game")
    }

    /// A device over pure profiles of two players, each as likely.
    fn device(pairs: &[[usize; 2]], menu: usize, gain: Num) -> Coarse {
        let share = Q::new(1, pairs.len() as i64);
        let pure = |a: usize| (0..menu).map(|b| if a == b { Q::ONE } else { Q::ZERO }).collect::<Vec<Q>>();
        Coarse {
            weights: vec![share; pairs.len()],
            profiles: pairs.iter().map(|[a, b]| vec![pure(*a), pure(*b)]).collect(),
            gain,
        }
    }

    /// Rock, paper, scissors always tied: each expects 0, and a fixed move wins, ties and loses equally often. It
    /// is no correlated equilibrium, as whoever hears its move beats it.
    #[test]
    fn who_refuses_knows_the_weights_only() {
        let pays = "0 0 1 -1 -1 1 -1 1 0 0 1 -1 1 -1 -1 1 0 0";
        let game = game(&format!("NFG 1 R \"rps\" {{ \"A\" \"B\" }} {{ 3 3 }}\n{pays}\n"));
        let numbers = game.numbers(&[]).expect("constants only");
        let tied = |gain| device(&[[0, 0], [1, 1], [2, 2]], 3, gain);
        let found = check(&game, &numbers, &tied(Num::exact(Q::ZERO))).expect("a device");
        assert!(found.is_zero(), "{found:?}");
        // Two of the three only: paper ties once and wins once, so 1/2 is gained.
        let two = |gain| device(&[[0, 0], [1, 1]], 3, gain);
        let found = check(&game, &numbers, &two(Num::exact(Q::new(1, 2)))).expect("a device");
        assert_eq!(found.exact, Some(Q::new(1, 2)));
        assert!(check(&game, &numbers, &two(Num::exact(Q::ZERO))).is_err());
        assert!(check(&game, &numbers, &two(Num::within(0.6, 0.05))).is_err());
    }

    #[test]
    fn what_is_no_device_is_refused() {
        let game = game("NFG 1 R \"pennies\" { \"A\" \"B\" } { 2 2 }\n1 -1 -1 1 -1 1 1 -1\n");
        let numbers = game.numbers(&[]).expect("constants only");
        let good = device(&[[0, 0], [1, 1]], 2, Num::exact(Q::ONE));
        assert!(check(&game, &numbers, &good).is_ok_and(|gap| gap.exact == Some(Q::ONE)));
        let changes: [fn(&mut Coarse); 5] = [
            |d| d.weights[0] = Q::ZERO,
            |d| d.weights = vec![Q::from(2), -Q::ONE],
            |d| d.profiles[1][0] = vec![Q::ONE, Q::ONE],
            |d| d.profiles[1].truncate(1),
            |d| d.weights = vec![Q::ONE],
        ];
        for change in changes {
            let mut bad = good.clone();
            change(&mut bad);
            assert!(check(&game, &numbers, &bad).is_err(), "{bad:?}");
        }
    }
}
