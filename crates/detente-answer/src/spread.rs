//! Numbered pieces of work on several threads, laid back in order.
//!
//! The one idea: piece *i* depends on *i* alone, so the number of threads changes nothing.

use crate::solved::on_big_stack;
use detente_solve::Progress;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;

/// Shows the progress of all pieces to whoever watches one of them.
struct Within<'a> {
    progress: &'a dyn Progress,
    done: f64,
}

impl Progress for Within<'_> {
    fn keep_going(&self, _done: f64) -> bool {
        self.progress.keep_going(self.done)
    }
}

/// Does the pieces 0 to `count`. Stopped early, it returns the first ones without a gap; a piece
/// that breaks down is `None`.
pub fn spread<T: Send>(
    count: u64,
    threads: usize,
    progress: &dyn Progress,
    work: impl Fn(u64, &dyn Progress) -> T + Sync,
) -> Vec<Option<T>> {
    let next = AtomicU64::new(0);
    let stopped = AtomicBool::new(false);
    let (send, receive) = mpsc::channel::<(u64, Option<T>)>();
    let run = |send: mpsc::Sender<(u64, Option<T>)>| {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count || stopped.load(Ordering::Relaxed) {
                return;
            }
            let done = index as f64 / count as f64;
            let watch = Within { progress, done };
            let found = std::panic::catch_unwind(AssertUnwindSafe(|| work(index, &watch))).ok();
            // A piece that was cut short is not the piece that its number names.
            if !progress.keep_going(done) {
                stopped.store(true, Ordering::Relaxed);
                return;
            }
            if send.send((index, found)).is_err() {
                return;
            }
        }
    };
    let mut pieces: Vec<(u64, Option<T>)> = std::thread::scope(|scope| {
        let run = &run;
        for _ in 0..threads.max(1) {
            let send = send.clone();
            scope.spawn(move || {
                // Without a thread the other workers take the pieces.
                let _ = on_big_stack(|| run(send));
            });
        }
        drop(send);
        receive.iter().collect()
    });
    pieces.sort_by_key(|(index, _)| *index);
    let unbroken = pieces.iter().enumerate().take_while(|(k, (index, _))| *k as u64 == *index).count();
    pieces.into_iter().take(unbroken).map(|(_, piece)| piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_solve::Silent;

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let square = |i: u64, _: &dyn Progress| {
            assert!(i != 5, "one piece breaks down");
            i * i
        };
        let (one, three) = (spread(9, 1, &Silent, square), spread(9, 3, &Silent, square));
        assert_eq!(one, three);
        assert_eq!((one.len(), one[4], one[5]), (9, Some(16), None));
    }
}
