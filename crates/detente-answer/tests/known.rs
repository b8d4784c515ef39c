//! Draws of the cases: known branches change no answer, and neither does the number of threads.

use detente_answer::draws::{Draw, Plan, draw, take};
use detente_answer::sampler::Sampler;
use detente_answer::solved::{Memory, all_games, on_big_stack, solve};
use detente_model::Files;
use detente_model::Model;
use detente_solve::{Settings, Silent};

struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(path).map_err(|e| e.to_string())
    }
}

fn case(name: &str) -> Model {
    let path = format!("{}/../../cases/europe-2022/{name}.det", env!("CARGO_MANIFEST_DIR"));
    let loaded = detente_model::load(&Disk, &path, Default::default());
    loaded.model.unwrap_or_else(|| panic!("{name}: {:#?}", loaded.diagnostics))
}

/// What a draw says, without the last bits of numbers read off another point of a continuum.
fn says(draw: &Draw) -> impl PartialEq + std::fmt::Debug {
    let rounded = |x: f64| (x * 1e9).round();
    let claims: Vec<_> = draw.claims.iter().map(|c| c.as_ref().map(|c| c.classes)).collect();
    let asks: Vec<_> = draw
        .asks
        .iter()
        .map(|a| (a.bounds.map(|(low, high)| (rounded(low), rounded(high))), a.undefined, a.class))
        .collect();
    let observed: Vec<_> = draw.observed.iter().map(|(a, b)| (rounded(*a), rounded(*b))).collect();
    (draw.complete, claims, asks, observed)
}

fn agree(name: &str, draws: u64) {
    let model = case(name);
    let sampler = Sampler::new(&model).expect("correlations that fit");
    let plan = Plan { draws, seed: 5, threads: 2, settings: Settings::default() };
    on_big_stack(|| {
        let base = model.game.base_params();
        let point = solve(&model, &base, &all_games(&model), &plan.settings, &Silent).expect("a game");
        let memory = Memory::of(&point);
        for index in 0..draws {
            let known = draw(&model, &sampler, &plan, index, Some(&memory), &Silent);
            let plain = draw(&model, &sampler, &plan, index, None, &Silent);
            assert_eq!(says(&known), says(&plain), "{name}, draw {index}");
        }
    })
    .expect("a thread");
    let two = take(&model, &sampler, &plan, &Silent);
    let one = take(&model, &sampler, &Plan { threads: 1, ..plan }, &Silent);
    assert_eq!(one, two, "{name}");
}

#[test]
fn crisis_diplomacy() {
    agree("s1-crisis-diplomacy", 40);
}

#[test]
fn two_aims() {
    agree("s2-two-aims", 60);
}

#[test]
fn four_reasons() {
    agree("s3-four-reasons", 60);
}

#[test]
fn escalation() {
    agree("s4-escalation", 12);
}

#[test]
fn enlargement() {
    agree("s5-enlargement", 60);
}
