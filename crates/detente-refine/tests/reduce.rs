//! Smaller games: what may go, what comes of it, and that the equilibria stay.

use detente_exact::Q;
use detente_game::Game;
use detente_game::formats::efg;
use detente_game::reduction::Step;
use detente_game::solution::{Concept, Status};
use detente_refine::{Reduced, reduce};
use detente_solve::{Settings, Silent, solve};
use detente_test::builder::numbered;
use detente_test::random::Payoffs;
use detente_test::{Shape, TreeBuilder, random_game};

/// The smaller game, after the referee has taken the same steps.
fn reduced(game: &Game, concept: Concept, weakly: bool) -> Reduced {
    let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
    let found = reduce(game, &numbers, concept, weakly).expect("a smaller game");
    let (again, _) = detente_verify::verify_reduction(game, &numbers, concept, weakly, &found.reduction)
        .unwrap_or_else(|why| panic!("{}: {why}", game.title));
    assert_eq!(again, found.game);
    found
}

/// Chance decides between three days of which two are alike; one action is written twice, one is worse.
const ALIKE: &str = r#"EFG 2 R "Alike" { "A" "B" }
c "" 1 "" { "sun" 1/2 "rain" 1/4 "drizzle" 1/4 } 0
p "" 1 1 "go" { "left" "right" "also left" "never" } 0
t "" 1 "" { 3, 0 }
t "" 2 "" { 1, 0 }
t "" 1 "" { 3, 0 }
t "" 3 "" { 0, 0 }
p "" 1 2 "wet" { "stay" "leave" } 0
t "" 4 "" { 1, 0 }
t "" 5 "" { 2, 0 }
p "" 1 2 "wet" { "stay" "leave" } 0
t "" 4 "" { 1, 0 }
t "" 5 "" { 2, 0 }
"#;

#[test]
fn what_is_alike_becomes_one() {
    let game = efg::read(ALIKE).expect("a valid game");
    let found = reduced(&game, Concept::Sequential, false);
    let steps: Vec<&Step> = found.reduction.steps().collect();
    assert!(matches!(steps[0], Step::Chance { node: 0, arm: 2, into: 1 }), "{steps:?}");
    assert!(steps.iter().any(|s| matches!(s, Step::Duplicate { set: 0, action: 2, like: 0 })));
    assert!(steps.iter().any(|s| matches!(s, Step::Worse(r) if r.set == 0 && r.action == 3)));
    assert_eq!(found.numbers.chance, vec![vec![Q::new(1, 2), Q::new(1, 2)]]);
    assert!(found.game.infosets.iter().all(|h| h.actions.len() == 1));
}

/// A threat may go only where the concept asks for the best: a Nash equilibrium may make it.
#[test]
fn a_threat_goes_by_the_concept() {
    let text = r#"EFG 2 R "Entry" { "Entrant" "Incumbent" }
p "" 1 1 "entry" { "out" "in" } 0
t "" 1 "" { 0, 2 }
p "" 2 1 "reply" { "fight" "accommodate" } 0
t "" 2 "" { -1, -1 }
t "" 3 "" { 1, 1 }
"#;
    let game = efg::read(text).expect("a valid game");
    for (concept, gone) in [(Concept::Sequential, 2), (Concept::Spe, 2), (Concept::Nash, 0)] {
        let found = reduced(&game, concept, false);
        assert_eq!(found.reduction.steps().count(), gone, "{concept:?}");
    }
    let numbers = game.numbers(&[]).expect("constants");
    let steps = reduced(&game, Concept::Spe, false).reduction;
    assert!(detente_verify::verify_reduction(&game, &numbers, Concept::Nash, false, &steps).is_err());
}

/// Simultaneous moves are reached whatever is done: a table is reduced as far as dominance goes.
#[test]
fn the_prisoners_are_left_with_one_plan_each() {
    let shape = Shape::Table { players: 2, strategies: 2, payoffs: Payoffs::Integers(3) };
    let solvable = (0..40).filter(|seed| {
        let found = reduced(&random_game(*seed, shape), Concept::Nash, false);
        found.game.infosets.iter().all(|h| h.actions.len() == 1)
    });
    assert!(solvable.count() > 3);
}

/// Weak dominance says so, and only if asked; equilibria are lost with it.
#[test]
fn weak_dominance_is_asked_for() {
    let mut tree = TreeBuilder::new("weak", &["Row", "Column"]);
    let (row, column) = (
        tree.decision_event(0, "row", &numbered("r", 2)),
        tree.decision_event(1, "column", &numbered("c", 2)),
    );
    let (row, column) = (tree.infoset(row, "row"), tree.infoset(column, "column"));
    let root = tree.decision(None, row);
    for (i, pays) in [[(1, 1), (0, 0)], [(0, 0), (0, 0)]].into_iter().enumerate() {
        let below = tree.decision(Some((root, i as u32)), column);
        for (j, (a, b)) in pays.into_iter().enumerate() {
            tree.end(Some((below, j as u32)), None, &[Q::from(a), Q::from(b)]);
        }
    }
    let game = tree.finish();
    assert_eq!(reduced(&game, Concept::Nash, false).reduction.steps().count(), 0);
    let found = reduced(&game, Concept::Nash, true);
    assert_eq!(found.reduction.steps().filter(|s| matches!(s, Step::NeverBetter(_))).count(), 2);
    let numbers = game.numbers(&[]).expect("constants");
    let steps = found.reduction;
    assert!(detente_verify::verify_reduction(&game, &numbers, Concept::Nash, false, &steps).is_err());
}

/// Nothing is lost and nothing is won: the outcomes of all equilibria are the same with and without.
#[test]
fn equilibria_stay() {
    let shapes = [
        Shape::PerfectInformation { players: 2, decisions: 6, menu: 3, payoffs: Payoffs::Integers(6) },
        Shape::General { players: 2, infosets: 4, menu: 3, payoffs: Payoffs::Integers(5) },
        Shape::Signalling { types: 2, messages: 2, replies: 3, payoffs: Payoffs::Integers(5) },
        Shape::Table { players: 2, strategies: 3, payoffs: Payoffs::Integers(6) },
    ];
    let mut steps = 0;
    for shape in shapes {
        for seed in 0..5 {
            let game = random_game(seed, shape);
            let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
            for concept in [Concept::Sequential, Concept::Nash] {
                let found = reduced(&game, concept, false);
                steps += found.reduction.steps().count();
                let settings = Settings { concept, ..Settings::default() };
                let whole = solve(&game, &numbers, &settings, &Silent);
                let less = solve(&found.game, &found.numbers, &settings, &Silent);
                if whole.status != Status::ExactComplete || less.status != Status::ExactComplete {
                    continue;
                }
                // Each payoff that occurs in one occurs in the other.
                let within = |a: &detente_game::solution::Solution, b: &detente_game::solution::Solution| {
                    a.components.iter().all(|c| {
                        b.components.iter().any(|d| {
                            d.outcome_range.len() != c.outcomes.len()
                                || d.outcome_range.iter().zip(&c.outcomes).all(|((low, high), o)| {
                                    low.value - 1e-9 <= o.value && o.value <= high.value + 1e-9
                                })
                        })
                    })
                };
                assert!(within(&whole, &less) && within(&less, &whole), "{} {concept:?}", game.title);
            }
        }
    }
    assert!(steps > 20, "{steps}");
}
