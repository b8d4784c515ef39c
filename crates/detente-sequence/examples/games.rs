//! Writes a game of known size as `.efg`: `kuhn`, `kuhn3`, `leduc`, `liars3` to `liars6`.
//! Run with `cargo run --release -p detente-sequence --example games -- leduc > leduc.efg`.

use detente_test::poker;

fn main() {
    let name = std::env::args().nth(1).unwrap_or_default();
    let game = match name.as_str() {
        "kuhn" => poker::kuhn(2),
        "kuhn3" => poker::kuhn(3),
        "leduc" => poker::leduc(),
        "liars3" => poker::liars_dice(3),
        "liars4" => poker::liars_dice(4),
        "liars5" => poker::liars_dice(5),
        "liars6" => poker::liars_dice(6),
        _ => {
            eprintln!("name one of kuhn, kuhn3, leduc, liars3, liars4, liars5, liars6");
            std::process::exit(2);
        }
    };
    let numbers = game.numbers(&[]).expect("constant payoffs");
    print!("{}", detente_game::formats::efg::write(&game, &numbers));
}
