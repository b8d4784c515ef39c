//! Tests only: random small games all of whose payments are in doubt, as models.
//!
//! The one idea: what is answered in lanes is compared with the exact path where nothing was arranged to suit either.

use crate::ends::Ends;
use crate::sampler::Sampler;
use detente_exact::Q;
use detente_model::{Files, Model};
use detente_test::random::Payoffs;
use detente_test::{Shape, doubted, random_game};

struct Text(&'static str);

impl Files for Text {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.to_string())
    }
}

/// A model from text.
pub fn written(text: &'static str) -> Model {
    let loaded = detente_model::load(&Text(text), "model.det", Default::default());
    loaded.model.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics))
}

/// Random models of several shapes, with their names.
pub fn models(seeds: u64) -> Vec<(String, Model)> {
    let shell = written(
        "game \"Random\" players A, B outcome o { A: 0, B: 0 } play { A chooses x { l => end o, r => end o } }",
    );
    let payoffs = Payoffs::Integers(4);
    let shapes = [
        Shape::PerfectInformation { players: 2, decisions: 5, menu: 2, payoffs },
        Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs },
        Shape::Signalling { types: 2, messages: 3, replies: 2, payoffs },
        Shape::TwoSided { moves: 2, payoffs },
        Shape::Offers { offers: 2, types: 2 },
    ];
    let one = |shape: Shape, seed: u64| {
        let model = Model { game: doubted(random_game(seed, shape)), ..shell.clone() };
        (format!("{shape:?}, seed {seed}"), model)
    };
    shapes
        .into_iter()
        .flat_map(|shape| (0..seeds).map(move |seed| (shape, seed)))
        .map(|(a, b)| one(a, b))
        .collect()
}

/// Draws of a model, as exact numbers.
pub fn points(model: &Model, count: u64) -> Vec<Vec<Q>> {
    let sampler = Sampler::new(model).expect("no correlations");
    (0..count).map(|index| sampler.params(&sampler.values(3, index))).collect()
}

/// Whether two answers are the same but for rounding.
pub fn same(a: Option<Ends>, b: Option<Ends>) -> bool {
    let near = |x: f64, y: f64| (x - y).abs() <= 1e-9 * (1.0 + x.abs());
    match (a, b) {
        (Some(a), Some(b)) => near(a.low, b.low) && near(a.high, b.high),
        (None, None) => true,
        _ => false,
    }
}
