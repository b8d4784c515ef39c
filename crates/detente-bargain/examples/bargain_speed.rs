//! Times the models on random councils: `cargo run --release -p detente-bargain --example bargain_speed`.

use detente_bargain::power::{Voting, majority};
use detente_bargain::spatial::options::{SpatialOptions, Stop};
use detente_bargain::{Actor, Council, CouncilData, Issue, SalienceRule, forecast, spatial, standard_models};
use detente_prob::uniform;
use std::time::Instant;

fn random_council(actors: usize, issues: usize, draw: u64) -> Council {
    let number = |what: &str, i: usize, k: usize| uniform(1, &format!("{what}/{i}/{k}"), draw);
    let table = |what: &str, most: f64| -> Vec<Vec<f64>> {
        (0..actors).map(|i| (0..issues).map(|k| most * number(what, i, k)).collect()).collect()
    };
    Council::new(CouncilData {
        issues: (0..issues).map(|k| Issue::new(format!("issue {k}"), 0.0, 100.0)).collect(),
        actors: (0..actors).map(|i| Actor::new(format!("actor {i}"))).collect(),
        capability: (0..actors).map(|i| 10.0 + 90.0 * number("capability", i, 0)).collect(),
        position: table("position", 100.0),
        salience: table("salience", 100.0 / issues as f64),
        full_salience: 100.0,
        salience_rule: SalienceRule::Shares,
    })
    .expect("random numbers in range are sound")
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let thirty = SpatialOptions {
        stop: Stop { least_turns: 30, most_turns: 30, share: 0.0, floor: 1e-4 },
        ..SpatialOptions::default()
    };
    for (name, traced) in [("positions only", false), ("with every turn", true)] {
        let times = (0..9)
            .map(|draw| {
                let council = random_council(50, 5, draw);
                let start = Instant::now();
                let run =
                    if traced { spatial::run(&council, &thirty) } else { spatial::settle(&council, &thirty) };
                assert_eq!(run.expect("fits").positions.len(), 31);
                start.elapsed().as_secs_f64()
            })
            .collect();
        println!("50 actors, 5 issues, 30 turns, {name}: {:.1} ms", 1e3 * median(times));
    }
    let weights: Vec<u64> = (0..50).map(|i| 100 + 37 * i % 400).collect();
    let voting = Voting::new(weights.clone(), majority(&weights)).expect("sound");
    let times = (0..5)
        .map(|_| {
            let start = Instant::now();
            assert_eq!(voting.power().swings.len(), 50);
            start.elapsed().as_secs_f64()
        })
        .collect();
    println!("power of 50 actors, quota {}: {:.1} ms", voting.quota(), 1e3 * median(times));
    let models = standard_models();
    let (draws, mut all) = (1000u64, 0.0);
    let councils: Vec<Council> = (0..draws).map(|draw| random_council(10, 3, draw)).collect();
    for named in &models {
        let start = Instant::now();
        let mut unsettled = 0;
        for council in &councils {
            let answer = forecast(council, &named.model).expect("in range");
            unsettled += u64::from(answer.settled == Some(false));
        }
        let each = start.elapsed().as_secs_f64() / draws as f64;
        all += each;
        println!(
            "10 actors, 3 issues, {}: {:.3} ms ({unsettled} of {draws} unsettled)",
            named.slug,
            1e3 * each
        );
    }
    println!("all models: {:.3} ms a draw", 1e3 * all);
}
