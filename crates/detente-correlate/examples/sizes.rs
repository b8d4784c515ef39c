//! Prints how long devices and mediators take on games with up to ten thousand combinations of plans.
//!
//! `cargo run --release -p detente-correlate --example sizes [PART OF A NAME] [SECONDS]`: all ranges of all concepts,
//! each ended after so many seconds (60 if not given).

use detente_correlate::{Going, Plans, devices, mediate};
use detente_game::Game;
use detente_game::device::{Advice, Wanted};
use detente_game::mediation::Knows;
use detente_test::random::Payoffs;
use detente_test::{Shape, poker, random_game};
use std::sync::Arc;
use std::time::Instant;

fn games() -> Vec<(&'static str, Game)> {
    let two = Payoffs::Decimals;
    let table = |players, strategies| random_game(1, Shape::Table { players, strategies, payoffs: two });
    let talk = |types, messages, replies| {
        random_game(1, Shape::Signalling { types, messages, replies, payoffs: two })
    };
    let tree =
        |players, infosets| random_game(3, Shape::General { players, infosets, menu: 2, payoffs: two });
    vec![
        ("table 8 x 7", table(2, 10)),
        ("table 30 x 30", table(2, 30)),
        ("table 100 x 100", table(2, 100)),
        ("table 21 x 21 x 21", table(3, 21)),
        ("signalling 2 x 3 x 3", talk(2, 3, 3)),
        ("signalling 4 x 4 x 3", talk(4, 4, 3)),
        ("tree of 8 sets", tree(2, 8)),
        ("tree of 12 sets", tree(2, 12)),
        ("tree of 12 sets, 3 players", tree(3, 12)),
        ("Kuhn poker", poker::kuhn(2)),
    ]
}

fn main() {
    let mut words = std::env::args().skip(1);
    let part = words.next().unwrap_or_default();
    let limit: f64 = words.next().and_then(|s| s.parse().ok()).unwrap_or(60.0);
    for (name, game) in games().into_iter().filter(|(name, _)| name.contains(&part)) {
        let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
        print!("| {name} |");
        match Plans::new(&game, &numbers) {
            Err(_) => print!(" over 10,000 | – | – | – |"),
            Ok(plans) => {
                print!(" {} |", plans.combinations());
                for advice in [Advice::Never, Advice::AtStart, Advice::WhereDue] {
                    let start = Instant::now();
                    let found = devices(&plans, advice, &Wanted::All, &until(start, limit));
                    told(start, found.is_some());
                }
            }
        }
        for knows in [Knows::Reports, Knows::Truth] {
            let start = Instant::now();
            match mediate(&game, &numbers, knows, &Wanted::All, &until(start, limit)) {
                Err(_) => print!(" too wide |"),
                Ok(found) => told(start, found.is_some()),
            }
        }
        println!();
    }
}

fn until(start: Instant, limit: f64) -> Going {
    Arc::new(move |_| start.elapsed().as_secs_f64() < limit)
}

fn told(start: Instant, ended: bool) {
    match ended {
        true => print!(" {:.3} |", start.elapsed().as_secs_f64()),
        false => print!(" not in {:.0} |", start.elapsed().as_secs_f64()),
    }
    use std::io::Write;
    // A stream that is closed ends the program at the next line anyway.
    let _ = std::io::stdout().flush();
}
