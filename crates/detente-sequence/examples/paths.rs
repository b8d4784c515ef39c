//! How long complementary pivoting takes: `cargo run --release -p detente-sequence --example paths`, with a game's
//! name, then `floats`, `pairs` or `integers` as arguments.

use detente_sequence::form::{Form, Side};
use detente_sequence::lemke::{By, quasi_perfect, quasi_perfect_by};
use detente_test::random::Payoffs;
use detente_test::{Shape, SplitMix, poker, random_game};
use std::time::Instant;

fn main() {
    let payoffs = Payoffs::Decimals;
    let signals = |types, messages, replies| Shape::Signalling { types, messages, replies, payoffs };
    let mut games = vec![
        ("Kuhn poker".to_string(), poker::kuhn(2)),
        ("liar's dice, 2 sides".to_string(), poker::liars_dice(2)),
        ("liar's dice, 3 sides".to_string(), poker::liars_dice(3)),
        ("signalling 8 × 6 × 5".to_string(), random_game(1, signals(8, 6, 5))),
        ("signalling 20 × 8 × 6".to_string(), random_game(1, signals(20, 8, 6))),
    ];
    games.push(("liar's dice, 3 sides, other payoffs".to_string(), poker::liars_dice(3)));
    games.push(("liar's dice, 4 sides, other payoffs".to_string(), poker::liars_dice(4)));
    for (types, messages, replies) in [(20, 40, 4), (40, 30, 4), (60, 40, 4)] {
        games.push((
            format!("signalling {types} × {messages} × {replies}"),
            random_game(1, signals(types, messages, replies)),
        ));
    }
    for payoffs in [Payoffs::Decimals, Payoffs::Integers(4)] {
        for infosets in [50, 100, 200, 400] {
            let shape = Shape::General { players: 2, infosets, menu: 3, payoffs };
            games.push((format!("tree of up to {infosets} sets, {payoffs:?}"), random_game(3, shape)));
        }
    }
    let wanted = std::env::args().nth(1);
    for (name, game) in
        games.iter().filter(|(name, _)| wanted.as_ref().is_none_or(|w| name.contains(w.as_str())))
    {
        let mut numbers = game.numbers(&game.base_params()).expect("the game has numbers");
        if name.contains("other payoffs") {
            let random = &mut SplitMix::new(1);
            numbers.payoffs.iter_mut().for_each(|pay| *pay = Payoffs::Integers(9).draw(random));
        }
        let form = Form::new(game, &numbers);
        let slots: Vec<usize> = form.sides.iter().map(Side::slots).collect();
        let before = Instant::now();
        let keep_going = || before.elapsed().as_secs() < 120;
        let found = match std::env::args().nth(2).as_deref() {
            None => quasi_perfect(&form, &keep_going),
            Some("floats") => quasi_perfect_by(&form, By::Floats, &keep_going),
            Some("pairs") => quasi_perfect_by(&form, By::Pairs, &keep_going),
            Some(_) => quasi_perfect_by(&form, By::Integers, &keep_going),
        };
        let (seconds, pivots) = (before.elapsed().as_secs_f64(), found.map(|f| f.pivots));
        let (nodes, sets) = (game.nodes.len(), game.infosets.len());
        println!(
            "{name}: {nodes} nodes, {sets} sets, {slots:?} sequences: {pivots:?} pivots, {seconds:.3} s"
        );
    }
}
