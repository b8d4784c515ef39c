//! Independent pieces of work on several threads, in order.
//!
//! The one idea: piece `i` depends on `i` alone, so the list is the same for any number of threads;
//! stopped early, it is the first pieces without a gap.

use crate::solved::on_big_stack;
use detente_solve::Progress;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;

/// Computes `work(0)`, `work(1)`, … up to `count` pieces.
pub fn in_order<T: Send>(
    count: u64,
    threads: usize,
    progress: &dyn Progress,
    work: impl Fn(u64) -> T + Sync,
) -> Vec<T> {
    let (next, stopped) = (AtomicU64::new(0), AtomicBool::new(false));
    let (send, receive) = mpsc::channel::<(u64, T)>();
    let one_thread = |send: mpsc::Sender<(u64, T)>| {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count || stopped.load(Ordering::Relaxed) {
                return;
            }
            let piece = work(index);
            // A piece that was cut short is not the one that its index names.
            if !progress.keep_going(index as f64 / count as f64) {
                stopped.store(true, Ordering::Relaxed);
                return;
            }
            if send.send((index, piece)).is_err() {
                return;
            }
        }
    };
    let mut list: Vec<(u64, T)> = std::thread::scope(|scope| {
        let one_thread = &one_thread;
        for _ in 0..threads.max(1) {
            let send = send.clone();
            scope.spawn(move || {
                // Without a thread the others take the pieces.
                let _ = on_big_stack(|| one_thread(send));
            });
        }
        drop(send);
        receive.iter().collect()
    });
    list.sort_by_key(|(index, _)| *index);
    let unbroken = list.iter().enumerate().take_while(|(k, (index, _))| *k as u64 == *index).count();
    list.into_iter().take(unbroken).map(|(_, piece)| piece).collect()
}
