//! Times the draws of a model: `cargo run --release -p detente-answer --example draws -- FILE 200`.

use detente_answer::draws::{Plan, draw, take};
use detente_answer::sampler::Sampler;
use detente_answer::solved::{Memory, solve};
use detente_model::Files;
use detente_solve::{Settings, Silent};
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
    let draws = args.next().and_then(|n| n.parse().ok()).unwrap_or(100);
    let loaded = detente_model::load(&Disk, &path, Default::default());
    let model = loaded.model.expect("a model without errors");
    let sampler = Sampler::new(&model).expect("correlations that fit");
    shares_of_time(&model, &sampler.params(&sampler.values(1, 0)));
    compare(&model, &sampler, draws);
    for threads in [1, 2] {
        let plan = Plan { draws, seed: 1, threads, settings: Settings::default() };
        let start = Instant::now();
        let list = take(&model, &sampler, &plan, &Silent);
        let each = start.elapsed().as_secs_f64() * 1000.0 / list.len().max(1) as f64;
        let complete = list.iter().filter(|d| d.complete).count();
        println!(
            "{path}: {} nodes, {threads} threads, {} draws, {complete} complete, {each:.2} ms each",
            model.game.nodes.len(),
            list.len()
        );
    }
}

/// The same draws with and without known branches: times, differences, and what stays open.
fn compare(model: &detente_model::Model, sampler: &Sampler, draws: u64) {
    let plan = Plan { draws, seed: 1, threads: 1, settings: Settings::default() };
    let games = detente_answer::solved::all_games(model);
    let base = solve(model, &model.game.base_params(), &games, &plan.settings, &Silent).expect("a game");
    let memory = Memory::of(&base);
    let (mut near, mut alone) = (vec![], vec![]);
    let mut differ = 0;
    for index in 0..draws {
        let start = Instant::now();
        let a = draw(model, sampler, &plan, index, Some(&memory), &Silent);
        near.push(start.elapsed().as_secs_f64() * 1000.0);
        let start = Instant::now();
        let b = draw(model, sampler, &plan, index, None, &Silent);
        alone.push(start.elapsed().as_secs_f64() * 1000.0);
        differ += u64::from(a != b);
        if let Some(why) = &a.open {
            let names = sampler.uncertain().map(|(p, _)| &model.game.params[p.index()].name);
            let sets: Vec<String> = names.zip(&a.values).map(|(n, v)| format!("--set {n}={v}")).collect();
            println!("draw {index} is open: {why}\n  {}", sets.join(" "));
        }
    }
    let show = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        format!("median {:.2} ms, 95 % {:.2}, worst {:.2}", at(0.5), at(0.95), at(1.0))
    };
    println!("known branches: {}; alone: {}; {differ} differ", show(&mut near), show(&mut alone));
}

/// Where the time of one point goes: the solver, the referee, the answers.
fn shares_of_time(model: &detente_model::Model, params: &[detente_exact::Q]) {
    let games = detente_answer::solved::all_games(model);
    println!("{} games", games.len());
    let numbers = model.game.numbers(params).expect("numbers");
    let timed = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        (0..10).for_each(|_| work());
        start.elapsed().as_secs_f64() * 100.0
    };
    let solution = detente_solve::solve(&model.game, &numbers, &Settings::default(), &Silent);
    let solve =
        timed(&mut || drop(detente_solve::solve(&model.game, &numbers, &Settings::default(), &Silent)));
    let verify = timed(&mut || drop(detente_verify::verify(&model.game, &numbers, &solution)));
    let whole = || detente_answer::solved::solve(model, params, &games, &Settings::default(), &Silent);
    let all = timed(&mut || drop(whole()));
    let point = whole().expect("a game");
    let hands = point.hands();
    let none = vec![false; hands.own().len()];
    let claims = timed(&mut || {
        model.claims.iter().for_each(|c| drop(detente_answer::claims::decide(&hands, c, &none)));
    });
    let asks = timed(&mut || model.asks.iter().for_each(|a| drop(detente_answer::asked::answer(&hands, a))));
    let refuted = timed(&mut || drop(detente_answer::claims::refuted(model, &hands)));
    println!(
        "all games {all:.2} ms; refuted {refuted:.2}; own game: solve {solve:.2} ms, referee {verify:.2}, claims {claims:.2}, asks {asks:.2}"
    );
}
