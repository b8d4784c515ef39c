//! Solves random games of each promised class and prints strength and seconds.

use detente_game::solution::Concept;
use detente_solve::{Settings, Silent};
use detente_test::random::Payoffs;
use detente_test::{random_game, Shape};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let only = args.get(1).cloned().unwrap_or_default();
    let seeds: u64 = args.get(2).and_then(|s| s.parse().ok()).unwrap_or(3);
    let generic = Payoffs::Decimals;
    let ties = Payoffs::Integers(4);
    let list: Vec<(&str, Shape)> = vec![
        ("perfect", Shape::PerfectInformation { players: 3, decisions: 50, menu: 12, payoffs: ties }),
        ("signal332", Shape::Signalling { types: 2, messages: 3, replies: 3, payoffs: generic }),
        ("signal355", Shape::Signalling { types: 3, messages: 5, replies: 5, payoffs: generic }),
        ("signal355ties", Shape::Signalling { types: 3, messages: 5, replies: 5, payoffs: ties }),
        ("signal355int9", Shape::Signalling { types: 3, messages: 5, replies: 5, payoffs: Payoffs::Integers(9) }),
        ("signal333ties", Shape::Signalling { types: 3, messages: 3, replies: 3, payoffs: ties }),
        ("offers", Shape::Offers { offers: 11, types: 8 }),
        ("reputation", Shape::Reputation { textbook: false }),
        ("reputation-textbook", Shape::Reputation { textbook: true }),
        ("twosided", Shape::TwoSided { moves: 3, payoffs: generic }),
        ("twosided6", Shape::TwoSided { moves: 6, payoffs: generic }),
        ("private", Shape::PrivateTypes { players: 3, types: 2, actions: 2, payoffs: generic }),
        ("general2", Shape::General { players: 2, infosets: 8, menu: 2, payoffs: generic }),
        ("general3", Shape::General { players: 3, infosets: 8, menu: 2, payoffs: ties }),
        ("table", Shape::Table { players: 2, strategies: 5, payoffs: generic }),
    ];
    let concept = if args.get(3).map(String::as_str) == Some("nash") { Concept::Nash } else { Concept::Sequential };
    for (name, shape) in list {
        if !only.is_empty() && only != "all" && only != name {
            continue;
        }
        for seed in 0..seeds {
            let game = random_game(seed, shape);
            let numbers = game.numbers(&game.base_params()).expect("numbers");
            let start = std::time::Instant::now();
            let settings = Settings { concept, ..Settings::default() };
            let s = std::thread::Builder::new()
                .stack_size(1 << 29)
                .spawn(move || {
                    let s = detente_solve::solve(&game, &numbers, &settings, &Silent);
                    (s, game)
                })
                .expect("a thread")
                .join()
                .expect("no panic");
            let (s, game) = s;
            if std::env::var("SHOW").is_ok() {
                for (k, c) in s.components.iter().enumerate() {
                    println!("-- {k} payoffs {:?}", c.payoffs.iter().map(|n| n.value).collect::<Vec<_>>());
                    for (h, set) in game.infosets.iter().enumerate() {
                        println!("  {} {} {:?} {:?} {:?}", game.event_name(set.event), set.label, c.profile[h].iter().map(|n| n.value).collect::<Vec<_>>(), c.beliefs[h].iter().map(|n| n.value).collect::<Vec<_>>(), c.tremble[h].iter().map(|(o, n)| (*o, n.value)).collect::<Vec<_>>());
                    }
                }
            }
            let solved = start.elapsed().as_secs_f64();
            let numbers = game.numbers(&game.base_params()).expect("numbers");
            let start = std::time::Instant::now();
            let verdict = detente_verify::verify(&game, &numbers, &s);
            let verified = start.elapsed().as_secs_f64();
            println!(
                "{name:20} seed {seed} nodes {} sets {} {:?} {} components {:.3} s {:?}; referee {} {:.3} s {:?}",
                game.nodes.len(), game.infosets.len(), s.status, s.components.len(), solved, s.unresolved, verdict.accepted, verified, verdict.rejected
            );
        }
    }
}
