//! Solves an `.efg` or `.nfg` file and prints components and the verdict, for a look during development; a concept
//! and a number of seconds may follow.

use detente_game::solution::Concept;
use detente_solve::{Progress, Settings};
use std::time::{Duration, Instant};

/// Ends at a time.
struct Until(Instant, Option<Duration>);

impl Progress for Until {
    fn keep_going(&self, _done: f64) -> bool {
        self.1.is_none_or(|limit| self.0.elapsed() < limit)
    }

    fn limited(&self) -> bool {
        self.1.is_some()
    }

    fn used(&self) -> f64 {
        self.1.map_or(0.0, |limit| self.0.elapsed().as_secs_f64() / limit.as_secs_f64().max(1e-9))
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[1]).expect("a readable file");
    let game = match args[1].ends_with(".nfg") {
        true => detente_game::formats::nfg::read(&text).expect("a game"),
        false => detente_game::formats::efg::read(&text).expect("a game"),
    };
    let numbers = game.numbers(&game.base_params()).expect("numbers");
    let concept = match args.get(2).map(String::as_str) {
        Some("nash") => Concept::Nash,
        Some("spe") => Concept::Spe,
        _ => Concept::Sequential,
    };
    let settings = Settings { concept, ..Settings::default() };
    let limit = args.get(3).and_then(|text| text.parse().ok()).map(Duration::from_secs_f64);
    let start = Instant::now();
    let until = Until(start, limit);
    let s = detente_solve::solve(&game, &numbers, &settings, &until);
    println!("{:?} {} components, {:?} {:?}", s.status, s.components.len(), start.elapsed(), s.unresolved);
    let start = Instant::now();
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
