//! How many draws a core does per second: prints one line per kernel.
//!
//!     cargo run --release -p detente-batch --example lanes

use detente_batch::{Batch, Block, LANES, Perfect, Played, PureFound, PureSignalling, Work, measure};
use detente_game::Game;
use detente_game::solution::Concept;
use detente_test::random::SplitMix;

/// Seconds this thread has had a processor, so that other work on the machine counts little; the clock
/// where the system does not tell.
fn seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let own = text.split_whitespace().next().and_then(|n| n.parse::<f64>().ok());
    let clock = || {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.map_or(0.0, |d| d.as_secs_f64() * 1e9)
    };
    own.unwrap_or_else(clock) / 1e9
}

/// A block of random parameters.
fn fill(game: &Game, random: &mut SplitMix) -> Block {
    let mut block = Block::new(game);
    for p in 0..game.params.len() {
        for lane in 0..LANES {
            block.set(p, lane, random.below(1 << 30) as f64 / (1u64 << 30) as f64);
        }
    }
    block
}

fn main() {
    let random = &mut SplitMix::new(1);
    let game = measure::tree(3, 3, 4);
    let blocks: Vec<Block> = (0..16).map(|_| fill(&game, random)).collect();
    let perfect = Perfect::new(&game, &blocks[0]).expect("a tree of perfect information");
    let mut played = Played::default();
    let (rounds, mut near) = (4000, 0);
    let start = seconds();
    for k in 0..rounds {
        perfect.run(&blocks[k % 16], &mut played);
        near += played.near.iter().filter(|n| **n).count();
    }
    let rate = (rounds * LANES) as f64 / (seconds() - start);
    println!("backward induction, {} nodes, 3 players: {rate:.3e} draws/s, near {near}", game.nodes.len());
    let game = measure::signals();
    let blocks: Vec<Block> = (0..16).map(|_| fill(&game, random)).collect();
    let kernel = PureSignalling::new(&game).expect("a signalling game");
    let mut pure = PureFound::default();
    let (rounds, mut found) = (10_000, 0);
    let start = seconds();
    for k in 0..rounds {
        kernel.run(&blocks[k % 16], &mut pure);
        found += pure.equilibria.iter().map(|e| e.count_ones() as usize).sum::<usize>();
    }
    let rate = (rounds * LANES) as f64 / (seconds() - start);
    let mean = found as f64 / (rounds * LANES) as f64;
    println!("pure equilibria of signalling 2 x 2 x 2: {rate:.3e} draws/s, {mean:.2} per draw");
    for name in ["s1-crisis-diplomacy", "s2-two-aims", "s3-four-reasons", "s4-escalation", "s5-enlargement"] {
        case(name);
    }
}

struct Disk;

impl detente_model::Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(path).map_err(|e| e.to_string())
    }
}

/// The whole set of equilibria of a model and of each of its variants; drawing is timed apart.
fn case(name: &str) {
    let path = format!("{}/../../cases/europe-2022/{name}.det", env!("CARGO_MANIFEST_DIR"));
    let model = detente_model::load(&Disk, &path, Default::default()).model.expect("a model of the project");
    for variant in std::iter::once(None).chain((0..model.variants.len()).map(Some)) {
        let game = model.game_of(variant);
        let whole =
            Batch::new(game, Concept::Sequential, &Block::new(game)).expect("probabilities that sum to 1");
        let drawn: Vec<usize> = (0..game.params.len()).filter(|p| game.params[*p].prior.is_some()).collect();
        let (mut draw, mut solve, mut sent, mut many) = (0.0, 0.0, 0, 0);
        let mut work = Work::default();
        let blocks = 625;
        for b in 0..blocks {
            let start = seconds();
            let mut block = Block::new(game);
            for p in &drawn {
                let param = &game.params[*p];
                for lane in 0..LANES {
                    let prior = param.prior.as_ref().expect("it is drawn");
                    block.set(*p, lane, prior.draw(1, &param.name, (b * LANES + lane) as u64));
                }
            }
            draw += seconds() - start;
            let start = seconds();
            whole.load(&block, &mut work);
            for lane in 0..LANES {
                match whole.solve(&work, lane) {
                    Ok(found) => many += found.equilibria.len(),
                    Err(_) => sent += 1,
                }
            }
            solve += seconds() - start;
        }
        let n = (blocks * LANES) as f64;
        println!(
            "{name} {variant:?}: {:.3e} draws/s solved, {:.3e} drawn, {sent} of {n} sent on, {:.2} equilibria",
            n / solve,
            n / draw,
            many as f64 / n
        );
    }
}
