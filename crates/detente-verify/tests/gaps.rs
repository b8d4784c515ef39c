//! Gaps agree with a naive computation that lists every pure strategy of the deviator.

mod common;

use common::T::{C, D, Z};
use common::*;
use detente_exact::Q;
use detente_game::solution::{Component, Concept, Num};
use detente_game::{Game, NodeId, NodeKind, Numbers};
use detente_verify::{check_assessment, subgame_roots};

/// A small linear congruential generator (Knuth's MMIX constants), so that tests repeat.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % sides
    }
}

/// A random game: a private coin for player 0, who moves; player 1 sees the move only; then
/// player 0 or 2 may move, seeing everything or only its own past.
fn random_game(dice: &mut Dice) -> Game {
    let players = 2 + dice.roll(2) as usize;
    let blind = dice.roll(2) == 0;
    let last = if players == 3 { 2 } else { 0 };
    let mut next = 10;
    let mut kinds = Vec::new();
    let mut seen: std::collections::BTreeMap<Vec<u64>, u32> = std::collections::BTreeMap::new();
    let mut set = |key: Vec<u64>| {
        *seen.entry(key).or_insert_with(|| {
            next += 1;
            next - 11
        })
    };
    for kind in 0..2u64 {
        let mut moves = Vec::new();
        for a in 0..2u64 {
            let mut replies = Vec::new();
            for b in 0..2u64 {
                let end = |dice: &mut Dice| Z((0..players).map(|_| dice.roll(7) as i64 - 3).collect());
                if dice.roll(3) == 0 {
                    replies.push(end(dice));
                    continue;
                }
                // Player 0 recalls its kind and move; player 2 may see nothing but the turn.
                let key = match (last, blind) {
                    (0, true) => vec![3, kind, a],
                    (0, false) => vec![3, kind, a, b],
                    (_, true) => vec![3],
                    (_, false) => vec![3, kind, b],
                };
                replies.push(D(set(key), last, vec![end(dice), end(dice)]));
            }
            moves.push(D(set(vec![2, a]), 1, replies));
        }
        kinds.push((q(1, 2), D(set(vec![1, kind]), 0, moves)));
    }
    game(players, &C(kinds))
}

fn random_profile(g: &Game, dice: &mut Dice) -> Vec<Vec<Q>> {
    let list = [(0, 1), (1, 1), (1, 2), (1, 3)];
    g.infosets
        .iter()
        .map(|_| {
            let (n, d) = list[dice.roll(4) as usize];
            let p = q(n, d);
            if dice.roll(2) == 0 { vec![p.clone(), Q::ONE - p] } else { vec![Q::ONE - &p, p] }
        })
        .collect()
}

/// Expected payoff below a node.
fn value(g: &Game, n: &Numbers, profile: &[Vec<Q>], node: NodeId, player: usize) -> Q {
    let children = g.children(node);
    let sum =
        |probs: &[Q]| children.iter().zip(probs).map(|(c, p)| p * &value(g, n, profile, *c, player)).sum();
    match g.nodes[node.index()].kind {
        NodeKind::Terminal(_) => n.payoff(g, node, player).clone(),
        NodeKind::Chance(c) => sum(&n.chance[c.index()]),
        NodeKind::Decision(h) => sum(&profile[h.index()]),
    }
}

/// The largest gain from these weighted nodes, over all pure strategies of the player.
fn naive_gain(g: &Game, n: &Numbers, profile: &[Vec<Q>], player: usize, starts: &[(NodeId, Q)]) -> Q {
    let own: Vec<usize> = (0..g.infosets.len()).filter(|h| g.infosets[*h].player.index() == player).collect();
    let total =
        |profile: &[Vec<Q>]| -> Q { starts.iter().map(|(x, w)| w * &value(g, n, profile, *x, player)).sum() };
    let follow = total(profile);
    let mut best: Option<Q> = None;
    for code in 0..1u32 << own.len() {
        let mut pure = profile.to_vec();
        for (k, h) in own.iter().enumerate() {
            let a = (code >> k & 1) as usize;
            pure[*h] = if a == 0 { vec![Q::ONE, Q::ZERO] } else { vec![Q::ZERO, Q::ONE] };
        }
        let v = total(&pure);
        best = Some(best.map_or(v.clone(), |b| b.max(v)));
    }
    best.expect("there is a strategy") - follow
}

fn printed(c: &Component, h: usize) -> Vec<Q> {
    c.beliefs[h].iter().map(|b| b.exact.clone().expect("exact")).collect()
}

#[test]
fn gaps_agree_with_listing_all_strategies() {
    let mut dice = Dice(20220224);
    for _ in 0..150 {
        let g = random_game(&mut dice);
        let n = numbers(&g);
        let profile = random_profile(&g, &mut dice);
        let mut tremble = trembles(&profile);
        for entry in tremble.iter_mut().flatten().filter(|t| t.0 > 0) {
            *entry = (1 + dice.roll(3) as u32, q(1 + dice.roll(4) as i64, 3));
        }
        let c = component(&g, &profile, &tremble);
        let root = [(NodeId(0), Q::ONE)];
        let nash = (0..g.players.len()).map(|p| naive_gain(&g, &n, &profile, p, &root)).max();
        let report = check_assessment(&g, &n, &c, Concept::Sequential).expect("the assessment is consistent");
        assert_eq!(report.gap_nash.exact, nash);

        let mut worst = Q::ZERO;
        for (h, set) in g.infosets.iter().enumerate() {
            let starts: Vec<(NodeId, Q)> = set.nodes.iter().copied().zip(printed(&c, h)).collect();
            let gain = naive_gain(&g, &n, &profile, set.player.index(), &starts);
            assert_eq!(report.local[h].continuation.exact.as_ref(), Some(&gain));
            assert!(report.local[h].one_shot.exact.as_ref().is_some_and(|one| *one <= gain));
            worst = worst.max(gain);
        }
        let found = report.gap_sequential.and_then(|gap| gap.exact).expect("exact numbers");
        assert_eq!(found, worst);
        // One-shot deviations suffice under consistency (Hendon, Jacobsen and Sloth 1996).
        let one_shot_pays = report.local.iter().any(|l| !l.one_shot.is_zero());
        assert_eq!(one_shot_pays, found.is_positive());

        let subgame = subgame_roots(&g).into_iter().flat_map(|r| (0..g.players.len()).map(move |p| (r, p)));
        let spe = subgame.map(|(r, p)| naive_gain(&g, &n, &profile, p, &[(r, Q::ONE)])).max();
        let mut bare = component(&g, &profile, &[]);
        bare.gap_sequential = None;
        let report = check_assessment(&g, &n, &bare, Concept::Spe).expect("the profile is consistent");
        assert_eq!(report.gap_spe.and_then(|gap| gap.exact), spe);
    }
}

#[test]
fn enclosures_bound_the_exact_gaps() {
    let mut dice = Dice(7);
    for _ in 0..50 {
        let g = random_game(&mut dice);
        let n = numbers(&g);
        let profile = random_profile(&g, &mut dice);
        let exact = component(&g, &profile, &trembles(&profile));
        let found = check_assessment(&g, &n, &exact, Concept::Sequential).expect("consistent");
        let mut wide = exact.clone();
        let widen = |num: &mut Num| {
            if num.exact.as_ref().is_some_and(|q| !q.is_zero() && !q.is_one()) {
                *num = Num::within(num.value, 1e-9);
            }
        };
        wide.profile.iter_mut().flatten().for_each(widen);
        wide.tremble.iter_mut().flatten().for_each(|(_, w)| widen(w));
        let report = check_assessment(&g, &n, &wide, Concept::Sequential).expect("consistent");
        for (bound, exact) in [
            (&report.gap_nash, &found.gap_nash),
            (report.gap_sequential.as_ref().expect("asked"), found.gap_sequential.as_ref().expect("asked")),
        ] {
            let truth = exact.exact.as_ref().expect("exact numbers").to_f64();
            assert!(bound.low <= truth + 1e-15 && truth <= bound.high + 1e-15);
            assert!(bound.high - bound.low < 1e-6, "{bound:?}");
        }
    }
}

#[test]
fn wrong_numbers_are_named() {
    let mut dice = Dice(3);
    let g = random_game(&mut dice);
    let n = numbers(&g);
    let profile = random_profile(&g, &mut dice);
    let good = component(&g, &profile, &trembles(&profile));
    let refused = |change: &dyn Fn(&mut Component)| {
        let mut bad = good.clone();
        change(&mut bad);
        check_assessment(&g, &n, &bad, Concept::Sequential).expect_err("something is wrong")
    };
    assert!(refused(&|c| c.payoffs[0] = num(&q(99, 1))).contains("payoff of `P0`"));
    assert!(refused(&|c| c.profile[0][0] = num(&q(2, 1))).contains("not a probability"));
    assert!(refused(&|c| c.profile[0][0].value = f64::NAN).contains("printed"));
    assert!(refused(&|c| c.reached[0] = false).contains("reached"));
    assert!(refused(&|c| c.beliefs[1].clear()).contains("belief"));
    assert!(refused(&|c| c.tremble.clear()).contains("tremble"));
    assert!(refused(&|c| c.outcomes.truncate(1)).contains("outcome"));
}
