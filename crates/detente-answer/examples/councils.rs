//! Times the draws of councils: `cargo run --release -p detente-answer --example councils -- FILE 1000`.

use detente_answer::council::{Session, play, seated};
use detente_answer::ensemble::{Depth, Plan, Table, study, take};
use detente_model::Files;
use detente_solve::Silent;
use std::time::Instant;

struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(path).map_err(|e| e.to_string())
    }
}

fn main() {
    let mut args = std::env::args().skip(1);
    let path = args.next().expect("a file");
    let draws = args.next().and_then(|n| n.parse().ok()).unwrap_or(1000);
    let all = args.next().is_some_and(|word| word == "all");
    let loaded = detente_model::load(&Disk, &path, Default::default());
    let model = loaded.model.expect("a model without errors");
    // All standard theories, not only those that the model lists.
    let overrides = match all {
        true => vec![("models".to_string(), all_theories())],
        false => vec![],
    };
    let session = Session::new(&model, &overrides).expect("options that exist");
    let table = Table::new(&model).expect("correlations that fit");
    let theories: usize = session.voices.iter().map(Vec::len).sum();
    for threads in [1, 2] {
        let plan = Plan { draws, seed: 1, threads };
        let start = Instant::now();
        let list = take(&session, &table, &plan, &Silent);
        let seconds = start.elapsed().as_secs_f64();
        let lost = list.iter().filter(|d| d.is_none()).count();
        println!(
            "{path}: {theories} theories, {threads} threads, {draws} draws, {lost} without a council: \
             {seconds:.2} s, {:.3} ms each",
            seconds * 1000.0 / draws as f64
        );
    }
    for voice in session.voices.first().into_iter().flatten() {
        let start = Instant::now();
        for index in 0..draws.min(100) {
            let point = table.point(&table.sampler.values(1, index));
            let council = seated(&model.councils[0], &model.game, &point).expect("a council");
            play(&council, &voice.named.model).expect("options in range");
        }
        let each = start.elapsed().as_secs_f64() * 1000.0 / draws.min(100) as f64;
        println!("{}: {each:.3} ms, with the draw of the table", voice.word);
    }
    let start = Instant::now();
    let depth = Depth { plan: Plan { draws: 1000, seed: 1, threads: 2 }, points: 256, flips: true };
    let found = study(&session, &depth, &Silent).expect("a council");
    println!("whole study of 1,000 draws: {:.2} s", start.elapsed().as_secs_f64());
    if std::env::var_os("SHOW").is_some() {
        println!("{found:#?}");
    }
}

fn all_theories() -> Vec<String> {
    detente_bargain::standard_models().iter().map(|m| m.slug.replace('-', "_")).collect()
}
