//! Strategic games for two: the room of tables against the search by cases on the same game as a
//! tree, and its proofs against the referee, whole and spoilt.

use detente_exact::Q;
use detente_game::formats::nfg;
use detente_game::matrix::MatrixStep;
use detente_game::solution::{Component, Concept, Solution, Status};
use detente_game::{Game, Numbers};
use detente_solve::{Settings, Silent, solve};
use detente_verify::verify;

fn draws(seed: u64) -> impl FnMut(i64, i64) -> i64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |low, high| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        low + (state >> 11) as i64 % (high - low + 1)
    }
}

fn table(rows: usize, columns: usize, mut cell: impl FnMut() -> (i64, i64)) -> (Game, Numbers) {
    let numbers: Vec<String> = (0..rows * columns)
        .map(|_| {
            let (a, b) = cell();
            format!("{a} {b}")
        })
        .collect();
    let text = format!("NFG 1 R \"t\" {{ \"A\" \"B\" }} {{ {rows} {columns} }}\n\n{}\n", numbers.join(" "));
    let game = nfg::read(&text).expect("a table");
    let numbers = game.numbers(&[]).expect("constants only");
    (game, numbers)
}

fn random(seed: u64, rows: usize, columns: usize, low: i64, high: i64) -> (Game, Numbers) {
    let mut draw = draws(seed);
    table(rows, columns, || (draw(low, high), draw(low, high)))
}

fn all(game: &Game, numbers: &Numbers, concept: Concept) -> Solution {
    solve(game, numbers, &Settings { concept, ..Settings::default() }, &Silent)
}

/// What does not depend on which point shows a component.
fn shape(c: &Component) -> String {
    let exact = |n: &detente_game::solution::Num| n.exact.clone().expect("exact");
    let free: Vec<_> =
        c.free.iter().map(|f| (format!("{:?}", f.what), exact(&f.low), exact(&f.high))).collect();
    let range: Vec<_> = c.outcome_range.iter().map(|(a, b)| (exact(a), exact(b))).collect();
    let mut vertices: Vec<Vec<Q>> =
        c.outcome_vertices.iter().map(|v| v.iter().map(exact).collect()).collect();
    vertices.sort();
    let mut free: Vec<String> = free.iter().map(|f| format!("{f:?}")).collect();
    free.sort();
    format!("{free:?} {range:?} {:?} {vertices:?} {}", c.outcome_set, c.inequalities.len())
}

fn shapes(solution: &Solution) -> Vec<String> {
    let mut list: Vec<String> = solution.components.iter().map(shape).collect();
    list.sort();
    list
}

#[test]
fn the_same_components_as_the_search_by_cases() {
    let sizes = [(2, 2), (2, 3), (3, 2), (3, 3), (1, 3), (3, 1), (3, 4)];
    let (mut compared, mut continua) = (0, 0);
    for seed in 0..1_400 {
        let (rows, columns) = sizes[seed as usize % sizes.len()];
        let high = [1, 2, 3, 40][seed as usize / sizes.len() % 4];
        let (game, numbers) = random(seed, rows, columns, 0, high);
        let mut tree = game.clone();
        // A bystander makes it a game of three, which goes the other way.
        tree.strategic = false;
        tree.players.push(detente_game::Player { name: "Bystander".into(), label: String::new() });
        let concept = if seed % 3 == 0 { Concept::Sequential } else { Concept::Nash };
        let found = all(&game, &numbers, concept);
        assert!(found.certificate.matrix.is_some(), "seed {seed}");
        let verdict = verify(&game, &numbers, &found);
        assert_eq!(verdict.proven, Status::ExactComplete, "seed {seed}: {:?}", verdict.rejected);
        let tree_numbers = tree.numbers(&[]).unwrap();
        let other = all(&tree, &tree_numbers, concept);
        assert!(other.certificate.matrix.is_none());
        if other.status != Status::ExactComplete {
            continue;
        }
        compared += 1;
        continua += usize::from(found.components.iter().any(|c| !c.free.is_empty()));
        assert_eq!(found.components.len(), other.components.len(), "seed {seed}");
        let listed = |s: &Solution| s.components.iter().all(|c| c.outcome_vertices.len() < 50);
        if listed(&found) && listed(&other) {
            let same = shapes(&found) == shapes(&other);
            // The other search lists some pieces inside others.
            let without = |s: &Solution| -> Vec<String> {
                let cut = |t: String| t.rsplit_once(' ').map(|x| x.0.to_string()).unwrap_or_default();
                shapes(s).into_iter().map(cut).collect()
            };
            assert!(
                same || without(&found) == without(&other),
                "seed {seed}\n{:#?}\n{:#?}",
                shapes(&found),
                shapes(&other)
            );
        }
    }
    assert!(compared > 1_300 && continua > 300, "{compared} compared, {continua} with continua");
}

#[test]
fn larger_games_are_proven() {
    for seed in 0..12 {
        let size = 6 + seed as usize % 5;
        let high = [1, 3, 9, 1_000_000][seed as usize % 4];
        let (game, numbers) = random(seed, size, size, -high, high);
        let found = all(&game, &numbers, Concept::Nash);
        let verdict = verify(&game, &numbers, &found);
        assert_eq!(verdict.proven, Status::ExactComplete, "seed {seed}: {:?}", verdict.rejected);
        let index: Option<i64> = found.certificate.matrix.unwrap().index.into_iter().sum();
        assert_eq!(index, Some(1), "seed {seed}");
    }
}

#[test]
fn a_zero_sum_game_is_one_step() {
    let mut draw = draws(5);
    let (game, numbers) = table(9, 9, || {
        let a = draw(-9, 9);
        (a, -a)
    });
    let found = all(&game, &numbers, Concept::Nash);
    assert_eq!(verify(&game, &numbers, &found).proven, Status::ExactComplete);
    assert!(matches!(found.certificate.matrix.unwrap().steps[0], MatrixStep::Saddle(0, 0)));
}

#[test]
fn one_equilibrium_when_one_is_asked_for() {
    let (game, numbers) = random(3, 6, 6, -20, 20);
    let settings = Settings { concept: Concept::Nash, one: true, ..Settings::default() };
    let found = solve(&game, &numbers, &settings, &Silent);
    assert_eq!((found.components.len(), found.status), (1, Status::ExactSome));
    let verdict = verify(&game, &numbers, &found);
    assert!(verdict.accepted && verdict.proven == Status::ExactSome, "{:?}", verdict.rejected);
}

/// A search that is ended early lists what it has and calls it some.
#[test]
fn an_ended_search_is_honest() {
    let (game, numbers) = random(1, 10, 10, -20, 20);
    let all = all(&game, &numbers, Concept::Nash).certificate.matrix.unwrap();
    // The last kept case is just out of reach.
    let last = all.steps.iter().rposition(|s| matches!(s, MatrixStep::Piece(_))).unwrap();
    assert!(all.pieces.len() > 1);
    let settings = Settings { concept: Concept::Nash, max_steps: last as u64, ..Settings::default() };
    let found = solve(&game, &numbers, &settings, &Silent);
    assert_eq!(found.status, Status::ExactSome);
    let verdict = verify(&game, &numbers, &found);
    assert!(verdict.accepted && verdict.proven == Status::ExactSome, "{:?}", verdict.rejected);
}

/// Every way of spoiling a proof that changes its meaning is found out.
#[test]
fn spoilt_proofs_are_rejected() {
    let mut spoilt = 0;
    for seed in 0..40 {
        let (game, numbers) = random(seed, 3, 4, 0, [2, 9][seed as usize % 2]);
        let good = all(&game, &numbers, Concept::Nash);
        let mut check = |what: &str, change: &dyn Fn(&mut Solution) -> bool| {
            let mut bad = good.clone();
            if change(&mut bad) {
                spoilt += 1;
                let verdict = verify(&game, &numbers, &bad);
                assert!(!verdict.accepted, "seed {seed}: {what}");
            }
        };
        let proof = good.certificate.matrix.as_ref().unwrap();
        for k in 0..proof.steps.len() {
            check("a step is missing", &|s| {
                s.certificate.matrix.as_mut().unwrap().steps.remove(k);
                true
            });
            check("a weight is turned", &|s| match &mut s.certificate.matrix.as_mut().unwrap().steps[k] {
                MatrixStep::Refuted(_, weights) if weights.iter().any(|w| *w != 0) => {
                    weights.iter_mut().for_each(|w| *w = -*w);
                    true
                }
                _ => false,
            });
            check("a case is left open and called complete", &|s| {
                s.certificate.matrix.as_mut().unwrap().steps[k] = MatrixStep::Open;
                !matches!(
                    proof.steps[k],
                    MatrixStep::Branch(_) | MatrixStep::Implied(..) | MatrixStep::Saddle(..)
                )
            });
        }
        check("a component is left out", &|s| {
            let proof = s.certificate.matrix.as_mut().unwrap();
            proof.components.pop();
            proof.index.pop();
            s.components.pop();
            true
        });
        check("two components are called one", &|s| {
            let proof = s.certificate.matrix.as_mut().unwrap();
            proof.index.pop();
            let last = proof.components.pop().unwrap();
            s.components.pop();
            proof.components.first_mut().map(|c| c.extend(last)).is_some()
        });
        check("an index is wrong", &|s| {
            let proof = s.certificate.matrix.as_mut().unwrap();
            proof.index[0] = proof.index[0].map(|i| i + 2);
            proof.index[0].is_some()
        });
        check("a probability is moved", &|s| {
            let x = &mut s.certificate.matrix.as_mut().unwrap().strategies[0][0];
            let moved = &Q::ONE / &Q::from(1_000_003);
            let at = x.iter().position(|p| p.is_positive()).unwrap();
            x[at] -= &moved;
            x[(at + 1) % 3] += &moved;
            // Where many strategies do, another may do as well.
            good.components.iter().all(|c| c.free.is_empty())
        });
        check("a range is too narrow", &|s| {
            let free = s.components.iter_mut().find_map(|c| c.free.first_mut());
            free.map(|f| f.high = f.low.clone()).is_some()
        });
    }
    assert!(spoilt > 500);
}

/// Two choose at once in a tree, and chance moves after one pair of choices. Three actions are never
/// good; they make the game wide enough to be read as a table.
const CHANCE_AFTER: &str = r#"EFG 2 R "Raid" { "A" "B" }
p "" 1 1 "" { "raid" "wait" "beg" "bow" "plead" } 0
p "" 2 1 "" { "guard" "sleep" } 0
c "" 1 "" { "caught" 3/4 "away" 1/4 } 0
t "" 1 "caught" { -4, 2 }
t "" 2 "away" { 4, -2 }
t "" 3 "raided" { 2, -3 }
p "" 2 1 "" { "guard" "sleep" } 0
t "" 4 "calm" { 0, -1 }
t "" 5 "quiet" { 0, 0 }
p "" 2 1 "" { "guard" "sleep" } 0
t "" 6 "begged" { -9, 0 }
t "" 6 "begged" { -9, 0 }
p "" 2 1 "" { "guard" "sleep" } 0
t "" 7 "bowed" { -9, 0 }
t "" 7 "bowed" { -9, 0 }
p "" 2 1 "" { "guard" "sleep" } 0
t "" 8 "pleaded" { -9, 0 }
t "" 8 "pleaded" { -9, 0 }
"#;

#[test]
fn trees_of_this_kind_are_tables_too_and_chance_may_follow() {
    let game = detente_game::formats::efg::read(CHANCE_AFTER).expect("a tree");
    let numbers = game.numbers(&[]).expect("constants only");
    let found = all(&game, &numbers, Concept::Sequential);
    assert!(found.certificate.matrix.is_some());
    assert_eq!((found.status, found.components.len()), (Status::ExactComplete, 1));
    let verdict = verify(&game, &numbers, &found);
    assert_eq!(verdict.proven, Status::ExactComplete, "{:?}", verdict.rejected);
    // Expected in the table: raid against guard -2 and 1, against sleep 2 and -3; waiting 0 and -1, or 0 and 0.
    // B is indifferent at raid = 1/5, A at guard = 1/2.
    let c = &found.components[0];
    let exact = |n: &detente_game::solution::Num| n.exact.clone().expect("exact");
    assert_eq!(exact(&c.profile[0][0]), Q::new(1, 5));
    assert_eq!(exact(&c.profile[1][0]), Q::new(1, 2));
    let keys = game.outcome_keys();
    let of = |name: &str| exact(&c.outcomes[keys.iter().position(|k| k == name).expect("an outcome")]);
    assert_eq!(of("caught"), Q::new(3, 40));
    assert_eq!(of("away"), Q::new(1, 40));
    // An answer about other odds is not confirmed.
    let mut bad = found.clone();
    bad.components[0].outcomes.swap(0, 1);
    bad.components[0].outcome_range.swap(0, 1);
    assert_ne!(verify(&game, &numbers, &bad).proven, Status::ExactComplete);
}
