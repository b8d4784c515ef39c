//! Classic games with their equilibria and proofs written by hand.

use super::common::*;
use T::{C, D, Z};
use detente_exact::Q;
use detente_game::Game;
use detente_game::certificate::{BoxProof, BoxStep, Label, Variable};
use detente_game::certificate::{Proof, Row, Stage};
use detente_game::solution::{Concept, Num, Solution, Status};

pub type Case = (Game, Solution);

fn pure(list: &[(usize, usize)]) -> Vec<Vec<Q>> {
    list.iter().map(|(a, n)| (0..*n).map(|k| if k == *a { Q::ONE } else { Q::ZERO }).collect()).collect()
}

/// Entry deterrence (Selten 1978): Out, or In and then Accommodate or Fight.
pub fn entry() -> Game {
    game(2, &D(0, 0, vec![Z(vec![0, 2]), D(1, 1, vec![Z(vec![1, 1]), Z(vec![-1, -1])])]))
}

/// All sequential equilibria of entry deterrence: one.
pub fn entry_sequential() -> Case {
    let g = entry();
    let profile = pure(&[(1, 2), (0, 2)]);
    let proof = Proof::Dominated {
        infoset: 1,
        action: 1,
        than: 0,
        then: Box::new(must_be_zero(0, 0, 1, Proof::Cell { cell: 0 })),
    };
    let c = component(&g, &profile, &trembles(&profile));
    let cert = certificate(&g, "sequential", vec![whole(vec![vec![0]], proof)]);
    (g, solution(Concept::Sequential, vec![c], cert))
}

/// The same by backward induction, as subgame-perfect equilibria.
pub fn entry_perfect() -> Case {
    let g = entry();
    let c = component(&g, &pure(&[(1, 2), (0, 2)]), &[]);
    let inner = Stage {
        root: 2,
        nested: vec![],
        payoffs: vec![vec![Q::ONE, Q::ONE]],
        components: vec![vec![0]],
        proof: Proof::PerfectInformation { cell: 0 },
        joins: vec![],
        points: vec![],
    };
    let outer =
        Stage { nested: vec![0], ..whole(vec![vec![0]], must_be_zero(0, 0, 1, Proof::Cell { cell: 0 })) };
    let cert = certificate(&g, "spe", vec![inner, outer]);
    (g, solution(Concept::Spe, vec![c], cert))
}

/// All Nash equilibria of entry deterrence: entry, and deterrence by a threat.
pub fn entry_nash() -> Case {
    let g = entry();
    let enters = split(1, 1, Proof::Cell { cell: 1 }, refuted(1, 0, 1));
    let mixes = split(1, 1, refuted(0, 1, 0), refuted(1, 0, 1));
    let proof = split(0, 1, Proof::Cell { cell: 0 }, split(0, 0, enters, mixes));
    let threat = component(&g, &[vec![Q::ONE, Q::ZERO], vec![q(1, 2), q(1, 2)]], &[]);
    let entry = component(&g, &pure(&[(1, 2), (0, 2)]), &[]);
    let cert = certificate(&g, "nash", vec![whole(vec![vec![0], vec![1]], proof)]);
    (g, solution(Concept::Nash, vec![threat, entry], cert))
}

/// Matching pennies below the root's choice to stay out (0, 0): the subgame is worth 1/2 each.
pub fn pennies_tree(set: u32, win: i64) -> T {
    let second = |a, b| D(set + 1, 1, vec![Z(a), Z(b)]);
    D(set, 0, vec![second(vec![win, 0], vec![0, win]), second(vec![0, win], vec![win, 0])])
}

/// The proof that matching pennies has one equilibrium.
fn pennies_proof(set: u32) -> Proof {
    let (one, two) = (set, set + 1);
    // If the first mover plays `a` for sure, the second answers 1 - a, and `a` was wrong.
    let caught = |a: u32| must_be_zero(two, a, 1 - a, refuted(one, 1 - a, a));
    let answered = |b: u32| refuted(one, b, 1 - b);
    let fix = |set: u32, by: u32, then: Proof| Proof::Fix {
        variable: Variable::Weight(set, 0),
        value: q(1, 2),
        combination: switch(by, 0, 1),
        then: Box::new(then),
    };
    let mixed = fix(one, two, fix(two, one, Proof::Cell { cell: 0 }));
    let second = split(two, 0, answered(1), split(two, 1, answered(0), mixed));
    split(one, 0, caught(1), split(one, 1, caught(0), second))
}

pub fn pennies(concept: Concept, name: &str) -> Case {
    let g = game(2, &pennies_tree(0, 1));
    let half = vec![vec![q(1, 2), q(1, 2)]; 2];
    let tremble = if concept == Concept::Sequential { trembles(&half) } else { vec![] };
    let cert = certificate(&g, name, vec![whole(vec![vec![0]], pennies_proof(0))]);
    let c = component(&g, &half, &tremble);
    (g, solution(concept, vec![c], cert))
}

/// A choice to enter a fight of matching pennies: the chain store's last market with a
/// mixed continuation, by stages.
pub fn fight_or_not() -> Case {
    let g = game(2, &D(0, 0, vec![Z(vec![1, 3]), pennies_tree(1, 4)]));
    let profile = vec![vec![Q::ZERO, Q::ONE], vec![q(1, 2), q(1, 2)], vec![q(1, 2), q(1, 2)]];
    let inner = Stage {
        root: 2,
        nested: vec![],
        payoffs: vec![vec![q(2, 1), q(2, 1)]],
        components: vec![vec![0]],
        proof: pennies_proof(1),
        joins: vec![],
        points: vec![],
    };
    let outer =
        Stage { nested: vec![0], ..whole(vec![vec![0]], must_be_zero(0, 0, 1, Proof::Cell { cell: 0 })) };
    let c = component(&g, &profile, &trembles(&profile));
    let cert = certificate(&g, "sequential", vec![inner, outer]);
    (g, solution(Concept::Sequential, vec![c], cert))
}

/// Selten's horse (Selten 1975, figure 1): 0 is D or C, 1 is d or c, 2 is L or R.
pub fn horse_game() -> Game {
    let third = |l, r| D(2, 2, vec![Z(l), Z(r)]);
    game(
        3,
        &D(
            0,
            0,
            vec![
                third(vec![3, 3, 2], vec![0, 0, 0]),
                D(1, 1, vec![third(vec![4, 4, 0], vec![0, 0, 1]), Z(vec![1, 1, 1])]),
            ],
        ),
    )
}

/// All sequential equilibria of Selten's horse: (C, c, R with probability at least 3/4).
pub fn horse(any: bool) -> Case {
    let g = horse_game();
    let members: Vec<u32> = g.infosets[2].nodes.iter().map(|n| n.0).collect();
    let left_is_wrong = || refuted(1, 0, 1);
    let both = || split(2, 1, left_is_wrong(), Proof::Cell { cell: 1 });
    let off_path = if any {
        let then = split(2, 0, Proof::Cell { cell: 0 }, both());
        Proof::AnyBelief { infoset: 2, then: Box::new(then) }
    } else {
        let after_d = must_be_zero(2, 1, 0, left_is_wrong());
        let after_c = must_be_zero(2, 0, 1, Proof::Cell { cell: 0 });
        let mixed = split(2, 0, Proof::Cell { cell: 0 }, both());
        let options =
            vec![(vec![members[0]], after_d), (vec![members[1]], after_c), (members.clone(), mixed)];
        Proof::Beliefs { infoset: 2, options, excluded: vec![] }
    };
    let out = split(1, 0, off_path, must_be_zero(2, 0, 1, refuted(1, 1, 0)));
    let sure = must_be_zero(2, 1, 0, must_be_zero(1, 1, 0, refuted(0, 1, 0)));
    let fixed = Proof::Fix {
        variable: Variable::Weight(2, 0),
        value: q(1, 4),
        combination: switch(1, 0, 1),
        then: Box::new(Proof::Refuted {
            combination: switch(0, 1, 0).into_iter().chain([(Row::Flow(1), Q::ONE)]).collect(),
        }),
    };
    let low = split(2, 0, refuted(1, 1, 0), refuted(0, 1, 0));
    let plays_d = split(1, 1, low, fixed);
    let hidden = must_be_zero(2, 1, 0, refuted(0, 0, 1));
    let proof = split(0, 0, out, split(0, 1, sure, split(1, 0, hidden, plays_d)));
    let profile = pure(&[(1, 2), (1, 2), (1, 2)]);
    let mut tremble = trembles(&profile);
    tremble[1][0].1 = q(3, 1);
    let c = component(&g, &profile, &tremble);
    let cert = certificate(&g, "sequential", vec![whole(vec![vec![0, 1]], proof)]);
    (g, solution(Concept::Sequential, vec![c], cert))
}

/// Two second movers face the same unknown coin after the same message of player 0, who
/// learns the coin: sets 1 and 2 are reached by one and the same tremble of each type.
///
/// Player 0 stays out (0) or lets both others choose in turn (1). Player 1 moves first and,
/// if it passes (1), player 2 moves; neither learns the coin. So both believe the same.
pub fn shared_tremble_game() -> Game {
    let kind = |set: u32, good: i64| {
        let third = D(3, 2, vec![Z(vec![-1, 0, good]), Z(vec![-1, 0, 1 - good])]);
        D(set, 0, vec![Z(vec![0, 0, 0]), D(2, 1, vec![Z(vec![-1, good, 0]), third])])
    };
    game(3, &C(vec![(q(1, 2), kind(0, 1)), (q(1, 2), kind(1, 0))]))
}

/// A proof of the shared trembles that excludes opposite beliefs by labels: player 1's set
/// is chosen first, and player 2's leading members must then be the same kinds.
pub fn shared_tremble() -> Case {
    let g = shared_tremble_game();
    let nodes = |h: usize| -> Vec<u32> { g.infosets[h].nodes.iter().map(|n| n.0).collect() };
    let (one, two) = (nodes(2), nodes(3));
    let (h2, h3) = (2, 3);
    // Everything player 2 may do, once player 1's play and the leading kinds are given: cells
    // are open, for the test is about the exclusions.
    let open = || Proof::Open { why: "not the point".into() };
    let opposite = |first: usize, chosen: &[usize]| -> (Vec<u32>, Vec<(Label, Q)>) {
        // Player 1 believes in kind `first` only, player 2's leading kinds hold the other.
        let other = 1 - first;
        let list: Vec<u32> = chosen.iter().map(|k| two[*k]).collect();
        let at_two = match chosen.contains(&first) {
            true => (Label::Equal(two[other], two[first]), -Q::ONE),
            false => (Label::Larger(two[first], two[other]), Q::ONE),
        };
        (list, vec![(Label::Larger(one[other], one[first]), Q::ONE), at_two])
    };
    let later = |first: usize| Proof::Beliefs {
        infoset: h3,
        options: vec![(vec![two[first]], open())],
        excluded: vec![opposite(first, &[1 - first]), opposite(first, &[0, 1])],
    };
    // Player 1 passes for sure in this branch, so the paths to player 2 are decided.
    let passes = Proof::Beliefs {
        infoset: h2,
        options: vec![(vec![one[0]], later(0)), (vec![one[1]], later(1)), (one.clone(), open())],
        excluded: vec![],
    };
    let out =
        |infoset: u32, then: Proof| Proof::Dominated { infoset, action: 1, than: 0, then: Box::new(then) };
    let proof = out(0, out(1, split(h2, 0, passes, open())));
    let profile = [pure(&[(0, 2)]), pure(&[(0, 2)]), pure(&[(1, 2)]), pure(&[(0, 2)])].concat();
    let mut tremble = trembles(&profile);
    // Half and half at player 1's set leaves player 1 indifferent only if passing pays; here
    // passing earns 0, so the kind that makes stopping worth 0 must be believed in.
    tremble[0][1].0 = 2;
    let mut profile = profile;
    profile[3] = vec![Q::ZERO, Q::ONE];
    tremble[3] = vec![(1, Q::ONE), (0, Q::ONE)];
    let c = component(&g, &profile, &tremble);
    let cert = certificate(&g, "sequential", vec![whole(vec![vec![]], proof)]);
    (g, Solution { status: Status::ExactSome, ..solution(Concept::Sequential, vec![c], cert) })
}

/// A three-player game whose full mixture is irrational: x = z, y = x, y z = 1/2.
pub fn irrational_game() -> Game {
    let end = |a: i64, b: i64, c: i64| {
        // An action is 0 or 1; "first" means 0.
        let first = |k: i64| 1 - k;
        let ua = if a == 0 { 2 * first(b) * first(c) } else { 1 };
        let ub = if b == 0 { first(a) } else { first(c) };
        let uc = if c == 0 { first(b) } else { first(a) };
        Z(vec![ua, ub, uc])
    };
    let third = |a, b| D(2, 2, vec![end(a, b, 0), end(a, b, 1)]);
    let second = |a| D(1, 1, vec![third(a, 0), third(a, 1)]);
    game(3, &D(0, 0, vec![second(0), second(1)]))
}

/// The full mixture of the irrational game, proven by boxes; other supports stay open.
pub fn irrational() -> Case {
    let g = irrational_game();
    let boxes = BoxProof {
        variables: (0..3).map(|h| Variable::Weight(h, 0)).collect(),
        equations: (0..3).map(|h| switch(h, 0, 1)).collect(),
        inequalities: vec![],
        root: box_steps(&[(Q::ZERO, Q::ONE), (Q::ZERO, Q::ONE), (Q::ZERO, Q::ONE)], 0),
    };
    let open = || Proof::Open { why: "a smaller support".into() };
    let mut proof = Proof::Boxes { boxes };
    for (h, a) in [(2, 1), (2, 0), (1, 1), (1, 0), (0, 1), (0, 0)] {
        proof = split(h, a, open(), proof);
    }
    let root = 0.5f64.sqrt();
    let profile = vec![vec![q(1, 2), q(1, 2)]; 3];
    let mut c = component(&g, &profile, &[]);
    let within = |v: f64| Num::within(v, 1e-12);
    c.profile = vec![vec![within(root), within(1.0 - root)]; 3];
    let p = |k: usize| if k == 0 { root } else { 1.0 - root };
    // Ends are numbered in the order of the tree's levels, so by (a, b, c).
    let chances: Vec<f64> = (0..8).map(|k| p(k >> 2 & 1) * p(k >> 1 & 1) * p(k & 1)).collect();
    c.outcomes = chances.iter().map(|v| within(*v)).collect();
    c.outcome_range = chances.iter().map(|v| (within(*v), within(*v))).collect();
    c.payoffs = vec![within(1.0), within(root), within(root)];
    let cert = certificate(&g, "nash", vec![whole(vec![vec![0]], proof)]);
    let status = Status::ExactSome;
    (g, Solution { status, ..solution(Concept::Nash, vec![c], cert) })
}

/// Searches the boxes of the irrational game with this file's own arithmetic.
fn box_steps(x: &[(Q, Q); 3], depth: u32) -> BoxStep {
    // Reduced equations, up to sign: y z - 1/2, x - z, y - x.
    let (low, high) = (&x[1].0 * &x[2].0, &x[1].1 * &x[2].1);
    if low > q(1, 2) || high < q(1, 2) {
        return BoxStep::NoRoot(0);
    }
    if x[0].1 < x[2].0 || x[2].1 < x[0].0 {
        return BoxStep::NoRoot(1);
    }
    if x[0].1 < x[1].0 || x[1].1 < x[0].0 {
        return BoxStep::NoRoot(2);
    }
    if depth == 12 {
        // Boxes around the root share one listed box.
        let (low, high) = (vec![q(5, 8); 3], vec![q(13, 16); 3]);
        return BoxStep::Root { low, high, cell: 0 };
    }
    let k = (depth % 3) as usize;
    let mid = (&x[k].0 + &x[k].1) * q(1, 2);
    let (mut left, mut right) = (x.clone(), x.clone());
    left[k].1 = mid.clone();
    right[k].0 = mid;
    BoxStep::Bisect(k as u32, Box::new(box_steps(&left, depth + 1)), Box::new(box_steps(&right, depth + 1)))
}
