//! How long all equilibria on sequence-form polyhedra take: `cargo run --release -p detente-sequence --example faces`.

use detente_sequence::all::{Limits, equilibria, in_turn};
use detente_sequence::form::{Form, Side};
use detente_test::random::Payoffs;
use detente_test::{Shape, poker, random_game};
use std::time::Instant;

fn main() {
    let mut games = vec![("Kuhn poker".to_string(), poker::kuhn(2))];
    for payoffs in [Payoffs::Decimals, Payoffs::Integers(4)] {
        let signals = |types, messages, replies| Shape::Signalling { types, messages, replies, payoffs };
        for (types, messages, replies) in [(2, 2, 2), (3, 3, 3), (4, 4, 4), (3, 5, 5)] {
            let shape = signals(types, messages, replies);
            games.push((
                format!("signalling {types} × {messages} × {replies}, {payoffs:?}"),
                random_game(1, shape),
            ));
        }
        for infosets in [6, 10, 14, 20] {
            let shape = Shape::General { players: 2, infosets, menu: 3, payoffs };
            games.push((format!("tree of up to {infosets} sets, {payoffs:?}"), random_game(2, shape)));
        }
    }
    let wanted = std::env::args().nth(1);
    for (name, game) in
        games.iter().filter(|(name, _)| wanted.as_ref().is_none_or(|w| name.contains(w.as_str())))
    {
        let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
        let form = Form::new(game, &numbers);
        let slots: Vec<usize> = form.sides.iter().map(Side::slots).collect();
        let before = Instant::now();
        let limits = Limits {
            cases: 2_000_000,
            corners: 20_000,
            keep_going: &|| before.elapsed().as_secs() < 60,
            share: &in_turn,
        };
        let found = equilibria(&form, &limits).expect("two players");
        let seconds = before.elapsed().as_secs_f64();
        let extreme: usize = found.components.iter().map(|c| c.extreme.len()).sum();
        println!(
            "{name}: {slots:?} sequences: {} components, {} products, {extreme} extreme, index sum {:?}, complete {}, {} cases, {seconds:.3} s",
            found.components.len(),
            found.products.len(),
            found.index_sum(),
            found.complete,
            found.cases,
        );
    }
}
