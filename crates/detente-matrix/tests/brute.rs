//! All equilibria of thousands of small games against an enumerator without shortcuts.
//!
//! The enumerator takes every pair of subsets of strategies, asks for the corners of both faces by
//! the definition, and compares points; it shares no code with the search.

use detente_exact::Q;
use detente_exact::lp::{Lp, Rel, vertices};
use detente_matrix::{Bimatrix, Equilibria, Limits, Step, accessible, equilibria, optimal};
use std::collections::BTreeSet;

type Pair = (Vec<Q>, Vec<Q>);

fn draws(seed: u64) -> impl FnMut(i64, i64) -> i64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |low, high| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        low + (state >> 11) as i64 % (high - low + 1)
    }
}

fn random(seed: u64, rows: usize, columns: usize, low: i64, high: i64) -> Bimatrix {
    let mut draw = draws(seed);
    let mut matrix = || (0..rows).map(|_| (0..columns).map(|_| Q::from(draw(low, high))).collect()).collect();
    let (a, b): (Vec<Vec<Q>>, Vec<Vec<Q>>) = (matrix(), matrix());
    Bimatrix::new(a, &b).unwrap()
}

fn solve(game: &Bimatrix) -> Equilibria {
    equilibria(game, &Limits { steps: u64::MAX, keep_going: &|_| true, share: &detente_matrix::in_turn })
}

/// The corners of { x : strategies outside `own` unused, all of `best` best replies }.
fn corners(game: &Bimatrix, player: usize, own: u32, best: u32) -> Vec<Vec<Q>> {
    let size = game.size(player);
    let mut lp = Lp::with_variables(size, Some(Q::ZERO), Some(Q::ONE));
    lp.add_row((0..size).map(|i| (i, Q::ONE)).collect(), Rel::Eq, Q::ONE);
    (0..size).filter(|i| own >> i & 1 == 0).for_each(|i| lp.upper[i] = Some(Q::ZERO));
    let others = game.payoffs(1 - player);
    for k in (0..others.len()).filter(|k| best >> k & 1 == 1) {
        for other in others {
            let coefs = (0..size).map(|i| (i, &others[k][i] - &other[i])).collect();
            lp.add_row(coefs, Rel::Ge, Q::ZERO);
        }
    }
    vertices(&lp, 10_000).expect("few corners")
}

/// All extreme equilibria, by every pair of supports.
fn by_supports(game: &Bimatrix) -> BTreeSet<Pair> {
    let mut found = BTreeSet::new();
    for s in 1u32..1 << game.size(0) {
        for t in 1u32..1 << game.size(1) {
            let first = corners(game, 0, s, t);
            if first.is_empty() {
                continue;
            }
            let second = corners(game, 1, t, s);
            for x in &first {
                found.extend(second.iter().map(|y| (x.clone(), y.clone())));
            }
        }
    }
    found
}

fn extreme(found: &Equilibria) -> BTreeSet<Pair> {
    let [first, second] = &found.cases.strategies;
    let pairs = found.components.iter().flat_map(|c| &c.extreme);
    pairs.map(|(x, y)| (first[*x as usize].clone(), second[*y as usize].clone())).collect()
}

fn check(game: &Bimatrix, what: &str) -> Equilibria {
    let found = solve(game);
    assert!(found.cases.complete, "{what}");
    assert_eq!(found.index_sum(), Some(1), "{what}");
    for (x, y) in extreme(&found) {
        assert!(game.is_equilibrium([&x, &y]), "{what}");
    }
    let all = extreme(&found);
    for [x, y] in accessible(game) {
        assert!(all.contains(&(x, y)), "{what}: Lemke-Howson found another one");
    }
    found
}

#[test]
fn all_extreme_equilibria_of_small_games() {
    let shapes = [(2, 2), (2, 3), (3, 2), (3, 3), (1, 4), (3, 4)];
    for seed in 0..400 {
        let (rows, columns) = shapes[seed as usize % shapes.len()];
        let (low, high) = [(0, 1), (0, 2), (0, 3), (-9, 9)][seed as usize / 6 % 4];
        let game = random(seed, rows, columns, low, high);
        let what = format!("seed {seed}: {game:?}");
        let found = check(&game, &what);
        assert_eq!(extreme(&found), by_supports(&game), "{what}");
    }
}

#[test]
fn indices_sum_to_one_in_larger_games_with_ties() {
    for seed in 0..300 {
        let size = 4 + seed as usize % 3;
        let game = random(seed, size, size + 1, 0, [1, 2, 3, 50][seed as usize % 4]);
        check(&game, &format!("seed {seed}"));
    }
}

#[test]
fn games_of_constant_sum() {
    for seed in 0..200 {
        let mut draw = draws(seed);
        let (rows, columns) = (1 + seed as usize % 4, 1 + seed as usize / 4 % 4);
        let a: Vec<Vec<Q>> = (0..rows).map(|_| (0..columns).map(|_| Q::from(draw(0, 3))).collect()).collect();
        let b: Vec<Vec<Q>> = a.iter().map(|r| r.iter().map(|u| Q::from(2) - u).collect()).collect();
        let game = Bimatrix::new(a, &b).unwrap();
        let [x, y] = optimal(&game).expect("the payoffs sum to 2");
        assert!(game.is_equilibrium([&x, &y]));
        let found = check(&game, &format!("seed {seed}"));
        assert_eq!((found.components.len(), found.cases.pieces.len()), (1, 1), "seed {seed}");
        assert!(found.cases.steps.iter().all(|s| !matches!(s, Step::Branch(_))), "seed {seed}");
        assert_eq!(extreme(&found), by_supports(&game), "seed {seed}");
    }
}

#[test]
fn coordination_has_two_to_the_n_less_one() {
    for size in 1..8usize {
        let unit = |i: usize, j: usize| if i == j { Q::ONE } else { Q::ZERO };
        let matrix: Vec<Vec<Q>> = (0..size).map(|i| (0..size).map(|j| unit(i, j)).collect()).collect();
        let found = solve(&Bimatrix::new(matrix.clone(), &matrix).unwrap());
        assert_eq!(found.components.len(), (1 << size) - 1);
        assert_eq!(found.index_sum(), Some(1));
        let sign = |k: usize| if k % 2 == 1 { 1 } else { -1 };
        for c in &found.components {
            let (x, _) = c.extreme[0];
            let used = found.cases.strategies[0][x as usize].iter().filter(|p| p.is_positive()).count();
            assert_eq!(c.index, Some(sign(used)));
        }
    }
}

/// Nobody's choice matters: one component, all of both simplices.
#[test]
fn a_game_about_nothing() {
    let zero = vec![vec![Q::ZERO; 5]; 4];
    let found = solve(&Bimatrix::new(zero.clone(), &zero).unwrap());
    assert_eq!(found.components.len(), 1);
    assert_eq!(found.components[0].extreme.len(), 20);
    assert_eq!(found.index_sum(), Some(1));
    assert!(found.cases.steps.len() < 8, "{:?}", found.cases.steps);
}

/// A catastrophe of 10^12 beside stakes of 1, and stakes of 10^-12: the same equilibria.
#[test]
fn scales_far_apart() {
    let q = |x: i64| Q::from(x);
    let tiny = Q::new(1, 1_000_000_000_000);
    let a = vec![vec![q(1), q(0)], vec![q(0), q(1)], vec![q(-1_000_000_000_000), q(-1_000_000_000_000)]];
    let b = vec![vec![q(0), tiny.clone()], vec![tiny, q(0)], vec![q(5), q(-1_000_000_000_000)]];
    let found = solve(&Bimatrix::new(a, &b).unwrap());
    assert!(found.cases.complete);
    let half = Q::new(1, 2);
    let expected = (vec![half.clone(), half.clone(), Q::ZERO], vec![half.clone(), half]);
    assert_eq!(extreme(&found), BTreeSet::from([expected]));
}

/// Rescaling, and renaming players and strategies, changes nothing but the names.
#[test]
fn renamed_and_rescaled() {
    for seed in 0..60 {
        let game = random(seed, 4, 5, 0, 4);
        let (a, b) = (game.payoffs(0), game.payoffs(1));
        let scale = |m: &[Vec<Q>], by: Q, plus: Q| -> Vec<Vec<Q>> {
            m.iter().map(|r| r.iter().map(|u| u * &by + &plus).collect()).collect()
        };
        // Players exchanged: the second player's own rows come first.
        let second = scale(b, Q::new(7, 3), Q::from(-100));
        let transposed: Vec<Vec<Q>> = (0..5).map(|j| (0..4).map(|i| a[i][j].clone()).collect()).collect();
        let turned = Bimatrix::new(second, &transposed).unwrap();
        let swapped: BTreeSet<Pair> = extreme(&solve(&turned)).into_iter().map(|(x, y)| (y, x)).collect();
        assert_eq!(extreme(&solve(&game)), swapped, "seed {seed}");
    }
}
