//! Times the draws of a model: `cargo run --release -p detente-answer --example draws -- FILE 200`.
//!
//! Lanes first, with what they leave to the exact path and why, game by game; then the exact path alone on
//! a few draws; then all draws as a report takes them, and the search for witnesses.

use detente_answer::draws::{Drawing, Plan, draw, take_near, unknown};
use detente_answer::fast::Fast;
use detente_answer::flip::{Ground, fragility_on};
use detente_answer::sampler::Sampler;
use detente_answer::solved::{Memory, Point, all_games, needed, on_big_stack, solve};
use detente_answer::witness;
use detente_batch::{Batch, Block, LANES, Work};
use detente_game::solution::Concept;
use detente_model::{Files, Model};
use detente_solve::{Settings, Silent};
use std::collections::BTreeMap;
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
    let settings = Settings::default();
    let base = model.game.base_params();
    let all = on_big_stack(|| {
        let point = solve(&model, &base, &all_games(&model), &settings, &Silent).expect("a game");
        println!("{path}: {} nodes, {} games", model.game.nodes.len(), point.games.len());
        lanes(&model, &sampler, &point, draws);
        exact(&model, &sampler, &point);
        let plan = Plan { draws, seed: 1, threads: 2, settings: settings.clone() };
        let start = (Instant::now(), processor());
        let drawing = Drawing::new(&model, &sampler, &settings, Some(&point));
        let some = plan.draws.min(64);
        for from in (0..some).step_by(LANES) {
            drop(drawing.block(&sampler, &plan, (from, some.min(from + LANES as u64)), &Silent));
        }
        println!("  as a report takes them: {:.2} ms each", (processor() - start.1) * 1e3 / some as f64);
        let list = take_near(&model, &sampler, &plan, &point, &Silent);
        let complete = list.iter().filter(|d| d.complete).count();
        println!("  2 threads: {draws} draws, {complete} complete, {:.1} s of clock", clock(start.0));
        let start = (Instant::now(), processor());
        let found = witness::search(&model, &sampler, &list, &settings, &Memory::of(&point), &Silent);
        println!(
            "  witnesses of {} claims: {:.1} s of clock, {:.1} s of processor",
            found.len(),
            clock(start.0),
            processor() - start.1
        );
        flips(&model, &sampler, &point, &settings);
    });
    all.expect("a thread");
}

/// Thresholds of every parameter, then what overturns each claim, on two threads.
fn flips(model: &Model, sampler: &Sampler, point: &Point, settings: &Settings) {
    let claims: Vec<_> = model.claims.iter().collect();
    let games = needed(claims.iter().map(|c| &c.body), std::iter::empty());
    let (memory, start) = (Memory::of(point), Instant::now());
    let ground = Ground::new(model, sampler, &games, settings, &memory, 2, &Silent);
    println!("  thresholds along {} lines: {:.1} s of clock, 2 threads", ground.lines().len(), clock(start));
    for line in ground.lines() {
        let (found, short) = (&line.found, |n: usize| n);
        let gaps: Vec<&str> = found.gaps.iter().map(|g| g.why.as_str()).collect();
        println!(
            "    {} {:?}: {} pieces, gaps {gaps:?}",
            found.param,
            line.variant,
            short(found.pieces.len())
        );
    }
    for claim in &claims {
        let start = Instant::now();
        let found = fragility_on(&ground, point, &[claim], 2, &Silent);
        let solved: Vec<_> = found.iter().map(|f| f.joint.as_ref().map(|j| (j.distance, j.solved))).collect();
        println!("  what overturns {}: {:.1} s of clock, joint {solved:?}", claim.name, clock(start));
    }
}

fn clock(since: Instant) -> f64 {
    since.elapsed().as_secs_f64()
}

/// Seconds that this thread has had a processor.
fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

fn lanes(model: &Model, sampler: &Sampler, point: &Point, draws: u64) {
    let drawn: Vec<usize> = sampler.uncertain().map(|(p, _)| p.index()).collect();
    for solved in &point.games {
        let mut block = Block::new(solved.game);
        let own = solved.variant.and_then(|v| model.variants.get_index(v)).map(|(_, v)| v.sets.clone());
        let own: Vec<usize> = own.unwrap_or_default().iter().map(|p| p.index()).collect();
        let Some(batch) = Batch::with_constants(solved.game, Concept::Sequential, &block, &own) else {
            println!("  game {:?}: not in lanes", solved.prefix);
            continue;
        };
        let (mut work, mut left, mut start) = (Work::default(), BTreeMap::new(), 0.0);
        for from in (0..draws).step_by(LANES) {
            for lane in 0..LANES {
                for (p, value) in drawn.iter().zip(sampler.values(1, from + lane as u64)) {
                    if !own.contains(p) {
                        block.set(*p, lane, value);
                    }
                }
            }
            start -= processor();
            batch.load(&block, &mut work);
            for lane in 0..LANES {
                if let Err(why) = batch.solve(&work, lane) {
                    *left.entry(format!("{why:?}")).or_insert(0) += 1;
                }
            }
            start += processor();
        }
        let blocks = draws.div_ceil(LANES as u64) * LANES as u64;
        println!("  game {:?}: {:.3} ms, left {left:?}", solved.prefix, start * 1e3 / blocks as f64);
    }
    let Some(fast) = Fast::new(model, point, Concept::Sequential) else {
        println!("  questions are not in lanes");
        return;
    };
    let (start, mut left) = (processor(), BTreeMap::new());
    for from in (0..draws).step_by(LANES) {
        let block = from..draws.min(from + LANES as u64);
        let block = block.map(|i| unknown(model, sampler, i, sampler.values(1, i))).collect();
        for found in fast.take(&drawn, block) {
            if let Err((_, why)) = found {
                *left.entry(why).or_insert(0) += 1;
            }
        }
    }
    println!(
        "  in lanes with all questions: {:.3} ms, left {left:?}",
        (processor() - start) * 1e3 / draws as f64
    );
}

fn exact(model: &Model, sampler: &Sampler, point: &Point) {
    let plan = Plan { draws: 4, seed: 1, threads: 1, settings: Settings::default() };
    let memory = Memory::of(point);
    let mut times: Vec<f64> = (0..plan.draws)
        .map(|index| {
            let start = processor();
            drop(draw(model, sampler, &plan, index, Some(&memory), &Silent));
            (processor() - start) * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("  exact path alone: {times:.1?} ms");
}
