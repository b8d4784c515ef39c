//! Complementary pivoting on the sequence form: what it finds is an equilibrium, ties or not.

use detente_exact::Q;
use detente_game::Game;
use detente_sequence::form::Form;
use detente_sequence::lemke::{By, QuasiPerfect, quasi_perfect, quasi_perfect_by};
use detente_sequence::linear::{best_response, optimal};
use detente_test::random::Payoffs;
use detente_test::{Shape, TreeBuilder, poker, random_game};

fn form_of(game: &Game) -> Form {
    Form::new(game, &game.numbers(&game.base_params()).expect("the game has numbers"))
}

fn solved(form: &Form) -> QuasiPerfect {
    quasi_perfect(form, &|| true).expect("two players have an equilibrium")
}

/// What each player can get against the other's plan.
fn worth(form: &Form, found: &QuasiPerfect) -> Vec<Q> {
    let reach: Vec<Vec<Q>> = form
        .sides
        .iter()
        .zip(&found.plan)
        .map(|(side, plan)| {
            let mut reach = plan.clone();
            for k in 0..side.sets.len() {
                let before = reach[side.parent[k] as usize].clone();
                side.range(k).for_each(|s| reach[s] = &before * &plan[s]);
            }
            reach
        })
        .collect();
    (0..2).map(|p| best_response(form, p, &reach)).collect()
}

/// At a set the probabilities sum to 1, and what is not played trembles.
fn check(form: &Form, found: &QuasiPerfect) {
    for (p, side) in form.sides.iter().enumerate() {
        for k in 0..side.sets.len() {
            let sum: Q = side.range(k).map(|s| found.plan[p][s].clone()).sum();
            assert_eq!(sum, Q::ONE);
            for s in side.range(k) {
                let (order, weight) = &found.tremble[p][s];
                assert!(weight.is_positive());
                assert_eq!(*order == 0, found.plan[p][s].is_positive());
            }
        }
    }
}

#[test]
fn trees_with_and_without_ties_end_in_an_equilibrium() {
    let mut pivots = 0;
    for seed in 0..400 {
        for payoffs in [Payoffs::Integers(1), Payoffs::Integers(4), Payoffs::Decimals] {
            let infosets = 4 + seed as usize % 9;
            let game = random_game(seed, Shape::General { players: 2, infosets, menu: 3, payoffs });
            let form = form_of(&game);
            let found = solved(&form);
            check(&form, &found);
            pivots += found.pivots;
        }
    }
    assert!(pivots > 500, "{pivots}");
}

/// Floats with residues walk the path of whole numbers, step by step, through ties and without.
#[test]
fn every_way_of_deciding_walks_the_same_path() {
    let mut lost = 0;
    let mut same = |game: &Game| {
        let form = form_of(game);
        let [floats, pairs, exact] =
            [By::Floats, By::Pairs, By::Integers].map(|by| quasi_perfect_by(&form, by, &|| true));
        assert!(exact.is_some());
        assert_eq!(pairs, exact);
        match floats {
            Some(found) => assert_eq!(Some(found), exact),
            None => lost += 1,
        }
    };
    for seed in 0..300 {
        let payoffs = [Payoffs::Integers(1), Payoffs::Integers(4), Payoffs::Decimals][seed as usize % 3];
        let infosets = 4 + seed as usize % 20;
        same(&random_game(seed, Shape::General { players: 2, infosets, menu: 3, payoffs }));
        let (types, messages, replies) = (2 + seed as usize % 3, 2 + seed as usize % 2, 3);
        same(&random_game(seed, Shape::Signalling { types, messages, replies, payoffs }));
    }
    assert_eq!(lost, 0);
}

/// The value of a game with a constant sum is the linear program's.
#[test]
fn zero_sums_have_the_value_of_the_program() {
    for game in [poker::kuhn(2), poker::liars_dice(2)] {
        let form = form_of(&game);
        assert_eq!(worth(&form, &solved(&form)), optimal(&form).expect("a constant sum").values);
    }
}

/// Entry deterrence: fighting is no best reply once there is entry, so the entrant comes in; the
/// other Nash equilibrium, out of fear of a fight, is not quasi-perfect.
#[test]
fn empty_threats_are_not_made() {
    let arms = |list: [&str; 2]| list.map(String::from).to_vec();
    let mut tree = TreeBuilder::new("entry", &["Entrant", "Incumbent"]);
    let entry = tree.decision_event(0, "enter", &arms(["out", "enter"]));
    let reply = tree.decision_event(1, "reply", &arms(["fight", "yield"]));
    let (first, second) = (tree.infoset(entry, ""), tree.infoset(reply, ""));
    let root = tree.decision(None, first);
    tree.end(Some((root, 0)), None, &[Q::ZERO, Q::from(2)]);
    let inside = tree.decision(Some((root, 1)), second);
    tree.end(Some((inside, 0)), None, &[Q::from(-1), Q::from(-1)]);
    tree.end(Some((inside, 1)), None, &[Q::ONE, Q::ONE]);
    let found = solved(&form_of(&tree.finish()));
    assert_eq!(found.plan, vec![vec![Q::ONE, Q::ZERO, Q::ONE], vec![Q::ONE, Q::ZERO, Q::ONE]]);
    assert_eq!(found.tremble[0][1].0, 1);
}
