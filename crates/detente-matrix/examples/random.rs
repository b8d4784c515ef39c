//! Solves random games: `random SIZE SEED LOW HIGH COUNT [THREADS]`, payoffs whole numbers from LOW to HIGH.
use detente_exact::Q;
use detente_matrix::{Bimatrix, Limits, Step};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Does pieces on so many threads.
fn spread(threads: usize, count: usize, work: &(dyn Fn(usize) + Sync)) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(k) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|k| *k < count) {
                    work(k);
                }
            });
        }
    });
}

fn main() {
    let numbers: Vec<i64> = std::env::args().skip(1).filter_map(|s| s.parse().ok()).collect();
    let &[size, seed, low, high, count, ref more @ ..] = &numbers[..] else {
        eprintln!("random SIZE SEED LOW HIGH COUNT [THREADS]");
        return;
    };
    let threads = more.first().map_or(1, |n| *n as usize);
    for seed in seed..seed + count {
        let mut state = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut draw = || {
            for (left, shift) in [(true, 13), (false, 7), (true, 17)] {
                state ^= if left { state << shift } else { state >> shift };
            }
            Q::from(low + (state >> 11) as i64 % (high - low + 1))
        };
        let mut matrix = || (0..size).map(|_| (0..size).map(|_| draw()).collect()).collect::<Vec<Vec<Q>>>();
        let (first, second) = (matrix(), matrix());
        let game = Bimatrix::new(first, &second).expect("two matrices of one size");
        let start = std::time::Instant::now();
        let found = detente_matrix::equilibria(
            &game,
            &Limits { steps: u64::MAX, keep_going: &|_| true, share: &|n, work| spread(threads, n, work) },
        );
        let cases = &found.cases;
        let refuted = cases.steps.iter().filter(|s| matches!(s, Step::Refuted(..))).count();
        println!(
            "{size}x{size} seed {seed}: {:.4} s, {} pieces, strategies {} + {}, {} steps, {refuted} refuted, complete {}, {} components, index sum {:?}",
            start.elapsed().as_secs_f64(),
            cases.pieces.len(),
            cases.strategies[0].len(),
            cases.strategies[1].len(),
            cases.steps.len(),
            cases.complete,
            found.components.len(),
            found.index_sum()
        );
    }
}
