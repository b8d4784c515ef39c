//! Models from text, for tests of answers.
#![allow(dead_code)]

use detente_answer::asked::{Answer, Content, answer};
use detente_answer::solved::{self, Point};
use detente_exact::Q;
use detente_model::Model;
use detente_model::files::Files;
use detente_solve::{Settings, Silent};

/// One file in memory.
struct Memory<'a>(&'a str);

impl Files for Memory<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        if path == "model.det" { Ok(self.0.to_string()) } else { Err("no such file".into()) }
    }
}

/// Returns the model of a text; panics with its messages if it has errors.
pub fn model(text: &str) -> Model {
    let loaded = detente_model::load(&Memory(text), "model.det", Default::default());
    loaded.model.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics))
}

/// Solves all games of a model where the named parameters have these values.
pub fn solve<'m>(model: &'m Model, sets: &[(&str, Q)]) -> Point<'m> {
    let mut params = model.game.base_params();
    for (name, value) in sets {
        params[model.game.find_param(name).expect("a parameter").index()] = value.clone();
    }
    let games = solved::all_games(model);
    solved::solve(model, &params, &games, &Settings::default(), &Silent).expect("a game")
}

/// Answers the ask of this name.
pub fn asked(model: &Model, point: &Point, name: &str) -> Answer {
    let ask = model.asks.iter().find(|a| a.name == name).expect("an ask");
    answer(&point.hands(), ask)
}

/// The exact value in each row; `None` where it is undefined or varies.
pub fn values(answer: &Answer) -> Vec<Option<Q>> {
    let value = |c: &Content| match c {
        Content::Number(row) if row.low == row.high => row.value.exact.clone(),
        _ => None,
    };
    answer.rows.iter().map(|r| value(&r.content)).collect()
}

pub fn q(a: i64, b: i64) -> Q {
    Q::new(a, b)
}
