//! Rows of the suite about draws in lanes: how many a core does per second.
//!
//! The one idea: each kernel alone, then whole models with and without their questions. Times are of the
//! processor where the system tells them, so that other work on the machine counts little.

use crate::commands::suite::Row;
use crate::failure::Failure;
use crate::input::read_model;
use detente_answer::sampler::{Points, Sampler};
use detente_answer::solved::{all_games, on_big_stack};
use detente_answer::sweep::{Job, rows};
use detente_batch::{Batch, Block, LANES, Perfect, Played, PureFound, PureSignalling, Work, measure};
use detente_game::Game;
use detente_game::solution::Concept;
use detente_model::Model;
use detente_solve::{Settings, Silent};
use std::path::Path;
use std::time::Instant;

/// Blocks of random payoffs that the kernels take in turn.
const BLOCKS: usize = 16;
/// Most draws of a model whose equilibria are found, and of which all questions are answered.
const DRAWS: u64 = 20_000;
const ANSWERED: u64 = 4_000;
/// Fewer are taken of a model of which this many take longer than this share of a second.
const PROBE: u64 = 64;
const SHARE: f64 = 0.05;

/// Measures the kernels.
pub fn kernels() -> Vec<Row> {
    let mut list = vec![];
    let game = measure::tree(3, 3, 4);
    let blocks = blocks(&game);
    if let Some(perfect) = Perfect::new(&game, &blocks[0]) {
        let mut played = Played::default();
        let mut near = 0;
        let seconds = timed(|| {
            for k in 0..20_000 {
                perfect.run(&blocks[k % BLOCKS], &mut played);
                near += played.near.iter().filter(|n| **n).count();
            }
        });
        let what = format!("backward induction, {} nodes, 3 players, near ties {near}", game.nodes.len());
        list.push(row(what, "2 million draws/s", 20_000 * LANES as u64, seconds));
    }
    let game = measure::signals();
    let blocks = self::blocks(&game);
    if let Some(kernel) = PureSignalling::new(&game) {
        let mut pure = PureFound::default();
        let mut found = 0u64;
        let seconds = timed(|| {
            for k in 0..50_000 {
                kernel.run(&blocks[k % BLOCKS], &mut pure);
                found += pure.equilibria.iter().map(|e| u64::from(e.count_ones())).sum::<u64>();
            }
        });
        let mean = found as f64 / (50_000 * LANES) as f64;
        let what = format!("pure sequential equilibria of signalling 2 × 2 × 2, {mean:.2} per draw");
        list.push(row(what, "3 million draws/s", 50_000 * LANES as u64, seconds));
    }
    if let Some(batch) = Batch::new(&game, Concept::Sequential, &blocks[0]) {
        let mut work = Work::default();
        let (mut found, mut sent) = (0, 0);
        let seconds = timed(|| {
            for k in 0..1_000 {
                batch.load(&blocks[k % BLOCKS], &mut work);
                for lane in 0..LANES {
                    match batch.solve(&work, lane) {
                        Ok(set) => found += set.equilibria.len(),
                        Err(_) => sent += 1,
                    }
                }
            }
        });
        let mean = found as f64 / (1_000 * LANES) as f64;
        let what = format!(
            "all sequential equilibria of signalling 2 × 2 × 2, {mean:.2} per draw, {sent} left to the exact path"
        );
        list.push(row(what, "–", 1_000 * LANES as u64, seconds));
    }
    list
}

/// Measures a model: all equilibria of all its games in each draw, and a sweep with all its questions.
///
/// # Errors
/// A model that cannot be read.
pub fn model(path: &Path) -> Result<Vec<Row>, Failure> {
    let name = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    let (model, _) = read_model(path)?;
    let mut list = vec![];
    let mut probe = 1.0;
    if let Some((first, ..)) = solved(&model, PROBE) {
        probe = (SHARE / first).min(1.0);
        let draws = fewer(DRAWS, probe);
        if let Some((seconds, sent, games)) = solved(&model, draws) {
            let what = format!(
                "{name}: all equilibria of {games} games in each draw, {sent} of {draws} left to the exact path"
            );
            list.push(row(what, "20,000 draws/s, 99 % settled", draws, seconds));
        }
    }
    let sampler = Sampler::new(&model)
        .map_err(|e| Failure::input(e, "make the correlations weaker, so that they can hold together"))?;
    let answered = fewer(ANSWERED, probe);
    let job = Job::new(&model, &sampler, Points::Random, 1, Settings::default(), &Silent);
    let swept = on_big_stack(|| {
        let start = processor();
        let found = rows(&job, 0, answered, &Silent).unwrap_or_default();
        (processor() - start, found.iter().filter(|r| r.exact.is_some()).count(), found)
    });
    let (seconds, exact, found) =
        swept.map_err(|e| Failure::input(e.words, "use a machine with more memory"))?;
    let open = found.iter().filter(|r| r.strength != 0).count();
    let what = format!(
        "{name}: a sweep, drawn and with all answers, {exact} of {answered} by the exact path, {open} undecided"
    );
    list.push(row(what, "10 million of S3 in 10 minutes: 8,334 draws/s", answered, seconds));
    Ok(list)
}

/// This share of the draws, in whole probes.
fn fewer(draws: u64, share: f64) -> u64 {
    ((draws as f64 * share / PROBE as f64).ceil() as u64 * PROBE).min(draws)
}

/// Seconds for all games of a model, draws left to the exact path, and the number of games.
fn solved(model: &Model, draws: u64) -> Option<(f64, usize, usize)> {
    let sampler = Sampler::new(model).ok()?;
    let drawn: Vec<usize> = sampler.uncertain().map(|(p, _)| p.index()).collect();
    let mut games = vec![];
    for variant in all_games(model) {
        let game = model.game_of(variant);
        let own = variant.and_then(|v| model.variants.get_index(v)).map_or(vec![], |(_, v)| v.sets.clone());
        let free: Vec<bool> = drawn.iter().map(|p| own.iter().all(|o| o.index() != *p)).collect();
        let block = Block::new(game);
        let own: Vec<usize> = own.iter().map(|p| p.index()).collect();
        games.push((Batch::with_constants(game, Concept::Sequential, &block, &own)?, block, free));
    }
    let values: Vec<Vec<f64>> = (0..draws).map(|i| sampler.values(1, i)).collect();
    let mut work = Work::default();
    let mut sent = 0;
    let seconds = timed(|| {
        for some in values.chunks(LANES) {
            let mut open = [false; LANES];
            for (batch, block, free) in &mut games {
                for (lane, values) in some.iter().enumerate() {
                    for ((p, value), free) in drawn.iter().zip(values).zip(free.iter()) {
                        if *free {
                            block.set(*p, lane, *value);
                        }
                    }
                }
                batch.load(block, &mut work);
                for (lane, open) in open.iter_mut().enumerate().take(some.len()) {
                    *open |= batch.solve(&work, lane).is_err();
                }
            }
            sent += open.iter().filter(|o| **o).count();
        }
    });
    Some((seconds, sent, games.len()))
}

fn row(what: String, goal: &'static str, draws: u64, seconds: f64) -> Row {
    let rate = draws as f64 / seconds.max(1e-9);
    let found = match rate {
        r if r >= 1e6 => format!("{:.1} million draws/s on one core", r / 1e6),
        r => format!("{} draws/s on one core", (r / 100.0).round() * 100.0),
    };
    Row { what, goal, found, seconds: seconds / draws as f64 }
}

/// Blocks in which every parameter is random.
fn blocks(game: &Game) -> Vec<Block> {
    let mut state = 1u64;
    let mut unit = || {
        // The multiplier of Knuth's MMIX generator; the upper bits are random enough to time with.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut one = || {
        let mut block = Block::new(game);
        for p in 0..game.params.len() {
            (0..LANES).for_each(|lane| block.set(p, lane, unit()));
        }
        block
    };
    (0..BLOCKS).map(|_| one()).collect()
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = processor();
    work();
    processor() - start
}

/// Seconds that this thread has had a processor; the clock where the system does not tell.
fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split_whitespace().next().and_then(|n| n.parse::<f64>().ok());
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    nanoseconds.map_or_else(|| START.get_or_init(Instant::now).elapsed().as_secs_f64(), |n| n / 1e9)
}
