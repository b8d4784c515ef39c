//! How long estimations take: rows with covariates of their own, several error models, one and more threads.
//!
//! Prints the rows of the table "Estimation" in `docs/speed.md`:
//! `cargo run --release -p detente-fit --example speed`.

use detente_fit::data::{Roles, read};
use detente_fit::fit::{Errors, Plan, Problem, fit};
use detente_fit::sheet::read_csv;
use detente_fit::{Shocks, Unwatched};
use detente_model::files::Files;
use std::fmt::Write as _;
use std::time::Instant;

/// Attack and defence with two covariates and four numbers to estimate.
const MODEL: &str = r#"
game "Attack and defence"
players One "a", Two "b"
param a0 "s" assumed "x" = 0
param a1 "s" assumed "x" = 0
param b0 "s" assumed "x" = 0
param b1 "s" assumed "x" = 0
param x "c" assumed "x" = 0
param y "c" assumed "x" = 0
outcome stayed { One: 0, Two: 0 }
outcome yielded { One: 1, Two: 0 }
outcome fought { One: a0 + a1 * x, Two: b0 + b1 * y }
play {
  One chooses act { stay => end stayed, attack }
  Two chooses reply { give_in => end yielded, fight => end fought }
}
"#;

struct Memory;

impl Files for Memory {
    fn read(&self, path: &str) -> Result<String, String> {
        if path == "model.det" { Ok(MODEL.to_string()) } else { Err("no such file".into()) }
    }
}

/// Rows with covariates of their own; what happened leans on them.
fn rows(count: u64) -> String {
    let mut text = String::from("x,y,outcome\n");
    for k in 0..count {
        let u = |name: &str| detente_prob::uniform(3, name, k);
        let (x, y) = (2.0 * u("x") - 1.0, 2.0 * u("y") - 1.0);
        let fights = u("fight") < 0.5 + 0.3 * y;
        let attacks = u("attack") < 0.5 + 0.2 * x;
        let end = match (attacks, fights) {
            (false, _) => "stayed",
            (true, false) => "yielded",
            (true, true) => "fought",
        };
        let _ = writeln!(text, "{x:.6},{y:.6},{end}");
    }
    text
}

fn main() {
    let loaded = detente_model::load(&Memory, "model.det", Default::default());
    let Some(model) = loaded.model else { return println!("the model has errors") };
    let names = ["a0", "a1", "b0", "b1"].map(String::from);
    println!("| rows | error model | what | threads | seconds | log-likelihood |\n|---|---|---|---|---|---|");
    for count in [313, 7240] {
        let Ok(sheet) = read_csv(&rows(count)) else { return println!("no table") };
        let roles = Roles { weight: None, cluster: None };
        let Ok(data) = read(&model.game, &sheet, &roles) else { return println!("no data") };
        for shocks in [Shocks::Logit, Shocks::Private] {
            let Ok(problem) = Problem::new(&model.game, &data, shocks, &names, Some(1.0)) else { continue };
            for (what, errors, resamples) in
                [("9 starts", Errors::Observed, 0), ("9 starts, 200 resamples", Errors::Case, 200)]
            {
                if resamples > 0 && count > 1000 {
                    continue;
                }
                for threads in [1, 2] {
                    let plan = Plan { starts: 8, seed: 1, errors, resamples, self_check: 0, threads };
                    let start = Instant::now();
                    let found = fit(&problem, &plan, &Unwatched);
                    let seconds = start.elapsed().as_secs_f64();
                    let value = found.map_or(f64::NAN, |f| f.log_likelihood);
                    println!("| {count} | {shocks:?} | {what} | {threads} | {seconds:.2} | {value:.6} |");
                }
            }
        }
    }
}
