//! Solves an `.efg` file and prints components and the verdict, for a look during development.

use detente_game::solution::Concept;
use detente_solve::{Settings, Silent};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[1]).expect("a readable file");
    let game = detente_game::formats::efg::read(&text).expect("a game");
    let numbers = game.numbers(&game.base_params()).expect("numbers");
    let concept = match args.get(2).map(String::as_str) {
        Some("nash") => Concept::Nash,
        Some("spe") => Concept::Spe,
        _ => Concept::Sequential,
    };
    let settings = Settings { concept, ..Settings::default() };
    let start = std::time::Instant::now();
    let s = detente_solve::solve(&game, &numbers, &settings, &Silent);
    println!("{:?} {} components, {:?} {:?}", s.status, s.components.len(), start.elapsed(), s.unresolved);
    let start = std::time::Instant::now();
    let verdict = detente_verify::verify(&game, &numbers, &s);
    println!("proven {:?} in {:?}, {:?}", verdict.proven, start.elapsed(), verdict.rejected);
    for what in &verdict.unconfirmed {
        println!("not part of the proof: {what}");
    }
    for c in &s.components {
        println!("-- payoffs {:?}", c.payoffs.iter().map(|n| n.value).collect::<Vec<_>>());
        for (h, set) in game.infosets.iter().enumerate() {
            let p: Vec<String> = c.profile[h]
                .iter()
                .enumerate()
                .map(|(a, n)| {
                    let v = n.exact.as_ref().map_or(format!("~{}", n.value), |q| q.to_string());
                    format!("{}={v}", game.action_name(detente_game::InfosetId(h as u32), a))
                })
                .collect();
            let b: Vec<String> = c.beliefs[h]
                .iter()
                .map(|n| n.exact.as_ref().map_or(format!("~{}", n.value), |q| q.to_string()))
                .collect();
            println!(
                "  {} {}: {}   belief [{}] reached {}",
                game.event_name(set.event),
                set.label,
                p.join(" "),
                b.join(" "),
                c.reached[h]
            );
        }
        for f in &c.free {
            println!("  free {:?} {} .. {}", f.what, f.low.value, f.high.value);
        }
        for piece in &c.inequalities {
            println!("  where {}", piece.join(", "));
        }
        println!(
            "  outcomes {:?} {:?}",
            c.outcome_set,
            game.outcome_keys()
                .iter()
                .zip(&c.outcomes)
                .filter(|(_, n)| n.value > 0.0)
                .map(|(k, n)| format!("{k}={}", n.value))
                .collect::<Vec<_>>()
        );
    }
}
