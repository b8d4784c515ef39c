//! Models from text, for tests of estimation.
#![allow(dead_code)]

use detente_fit::data::{Data, Roles, read};
use detente_fit::fit::{Errors, Fit, Plan, Problem, fit};
use detente_fit::sheet::read_csv;
use detente_fit::{Shocks, Unwatched};
use detente_game::Game;
use detente_model::files::Files;

struct Memory<'a>(&'a str);

impl Files for Memory<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        if path == "model.det" { Ok(self.0.to_string()) } else { Err("no such file".into()) }
    }
}

/// Returns the game of a model's text; panics with its messages if it has errors.
pub fn game(text: &str) -> Game {
    let loaded = detente_model::load(&Memory(text), "model.det", Default::default());
    loaded.model.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics)).game
}

/// Reads rows; `count` is their weight and `who` their cluster, if there are such columns.
pub fn rows(game: &Game, csv: &str) -> Data {
    let sheet = read_csv(csv).expect("a table");
    let has = |name: &str| sheet.columns.iter().any(|c| c == name).then(|| name.to_string());
    read(game, &sheet, &Roles { weight: has("count"), cluster: has("who") }).expect("data")
}

/// A plan without resampling.
pub fn plan(errors: Errors) -> Plan {
    Plan { starts: 4, seed: 1, errors, resamples: 0, self_check: 0, threads: 1 }
}

/// Fits these parameters.
pub fn fitted(game: &Game, data: &Data, shocks: Shocks, names: &[&str], lambda: Option<f64>) -> Fit {
    let names: Vec<String> = names.iter().map(|n| n.to_string()).collect();
    let problem = Problem::new(game, data, shocks, &names, lambda).expect("a problem");
    fit(&problem, &plan(Errors::Observed), &Unwatched).expect("a fit")
}
