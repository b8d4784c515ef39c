//! Writes a game of known size as `.efg`: `kuhn`, `kuhn3`, `leduc`, `liars3` to `liars6`; or a random one of two
//! players: `tree SETS SEED`, `tied-tree SETS SEED` (payoffs 0 to 4), `signals TYPES MESSAGES REPLIES SEED`.
//! Run with `cargo run --release -p detente-sequence --example games -- leduc > leduc.efg`.

use detente_game::Game;
use detente_test::random::Payoffs;
use detente_test::{Shape, poker, random_game};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(game) = game(&arguments) else {
        eprintln!(
            "name one of kuhn, kuhn3, leduc, liars3, liars4, liars5, liars6, tree SETS SEED, tied-tree SETS SEED, \
             signals TYPES MESSAGES REPLIES SEED"
        );
        std::process::exit(2);
    };
    let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
    print!("{}", detente_game::formats::efg::write(&game, &numbers));
}

/// The game that the arguments name.
fn game(arguments: &[String]) -> Option<Game> {
    let name = arguments.first()?.as_str();
    let number = |k: usize| arguments.get(k)?.parse::<usize>().ok();
    let seed = || arguments.last()?.parse::<u64>().ok();
    let tree = |payoffs: Payoffs| {
        let shape = Shape::General { players: 2, infosets: number(1)?, menu: 3, payoffs };
        Some(random_game(seed()?, shape))
    };
    Some(match name {
        "kuhn" => poker::kuhn(2),
        "kuhn3" => poker::kuhn(3),
        "leduc" => poker::leduc(),
        "liars3" => poker::liars_dice(3),
        "liars4" => poker::liars_dice(4),
        "liars5" => poker::liars_dice(5),
        "liars6" => poker::liars_dice(6),
        "tree" => tree(Payoffs::Decimals)?,
        "tied-tree" => tree(Payoffs::Integers(4))?,
        "signals" => {
            let (types, messages, replies) = (number(1)?, number(2)?, number(3)?);
            random_game(seed()?, Shape::Signalling { types, messages, replies, payoffs: Payoffs::Decimals })
        }
        _ => return None,
    })
}
