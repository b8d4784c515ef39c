//! The value of a zero-sum game is one number, whoever computes it: the search for all equilibria, the linear
//! program over the sequence form, and regret minimisation within its gap. (Von Neumann 1928.)

mod differential;

use detente_exact::Q;
use detente_game::solution::{Concept, Status};
use detente_game::{Game, NodeKind, Numbers};
use detente_sequence::bound::bound;
use detente_sequence::form::Form;
use detente_sequence::kernel::Kernel;
use detente_sequence::linear::optimal;
use detente_sequence::regret::{Arm, Run};
use detente_solve::{Settings, Silent};
use detente_test::Shape;
use detente_test::random::Payoffs;
use differential::{each_game, numbers, with_room};

fn shapes() -> [Shape; 5] {
    let payoffs = Payoffs::Integers(9);
    [
        Shape::General { players: 2, infosets: 5, menu: 2, payoffs },
        Shape::General { players: 2, infosets: 4, menu: 3, payoffs: Payoffs::Decimals },
        Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs },
        Shape::TwoSided { moves: 3, payoffs },
        Shape::Table { players: 2, strategies: 4, payoffs },
    ]
}

/// The second player loses what the first one gains; one end of play may cost the first a million.
fn opposed(game: &Game, catastrophe: bool) -> Numbers {
    let mut numbers = numbers(game);
    let ends = (0..game.nodes.len()).filter(|n| matches!(game.nodes[*n].kind, NodeKind::Terminal(_)));
    for (k, n) in ends.enumerate() {
        if catastrophe && k == 1 {
            numbers.payoffs[2 * n] = Q::from(-1_000_000);
        }
        numbers.payoffs[2 * n + 1] = -numbers.payoffs[2 * n].clone();
    }
    numbers
}

#[test]
fn three_ways_give_one_value() {
    with_room(|| {
        let mut compared = 0;
        each_game(&shapes(), 12, |_, game| {
            for catastrophe in [false, true] {
                let numbers = opposed(game, catastrophe);
                let form = Form::new(game, &numbers);
                let program = optimal(&form).expect("the sum is constant").values[0].clone();
                let settings = Settings { concept: Concept::Nash, ..Settings::default() };
                let all = detente_solve::solve(game, &numbers, &settings, &Silent);
                assert_eq!(all.status, Status::ExactComplete, "{}: {:?}", game.title, all.unresolved);
                assert_eq!(all.components.len(), 1, "{}: the optimal plans are convex", game.title);
                for c in &all.components {
                    assert_eq!(c.payoffs[0].exact.as_ref(), Some(&program), "{}", game.title);
                }
                let one = Settings { one: true, ..settings };
                let one = detente_solve::solve(game, &numbers, &one, &Silent);
                assert_eq!(one.components[0].payoffs[0].exact.as_ref(), Some(&program), "{}", game.title);
                let kernel = Kernel::new(&form);
                let mut run = Run::new(&kernel, Arm::Plus);
                run.play(&kernel, 2_000);
                let found = bound(&form, &run.average(&kernel));
                let off = (found.values[0].mid() - program.to_f64()).abs();
                assert!(off <= found.gap() * (1.0 + 1e-9) + 1e-12, "{}: {off} beyond {found:?}", game.title);
                assert!(catastrophe || found.gap() < 0.5, "{}: a gap of {}", game.title, found.gap());
                compared += 1;
            }
        });
        assert_eq!(compared, 120);
    });
}
