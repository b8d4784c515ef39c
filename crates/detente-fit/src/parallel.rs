//! Independent pieces of an estimation on several threads.
//!
//! The one idea: piece `i` depends on `i` alone and the list is put in order before anything is added
//! up, so an estimate has the same bits for any number of threads.

use crate::Watch;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;

/// Bytes of stack for a thread: derivatives of deep trees are kept on it.
const STACK: usize = 16 << 20;

/// Where work is done, and who may stop it.
#[derive(Clone, Copy)]
pub struct Workers<'a> {
    pub threads: usize,
    pub watch: &'a dyn Watch,
}

impl<'a> Workers<'a> {
    /// The same on one thread: for pieces inside of a piece.
    pub fn alone(self) -> Workers<'a> {
        Workers { threads: 1, ..self }
    }

    /// Computes `work(0)`, `work(1)`, … in order; stopped early, the first pieces without a gap.
    pub fn in_order<T: Send>(self, count: u64, work: impl Fn(u64) -> T + Sync) -> Vec<T> {
        if self.threads <= 1 || count <= 1 {
            return self.one_by_one(count, work);
        }
        let (next, done, stopped) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
        let (send, receive) = mpsc::channel::<(u64, T)>();
        let one_thread = |send: mpsc::Sender<(u64, T)>| {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let share = done.load(Ordering::Relaxed) as f64 / count as f64;
                if index >= count || stopped.load(Ordering::Relaxed) {
                    return;
                }
                if !self.watch.go_on(share) {
                    stopped.store(true, Ordering::Relaxed);
                    return;
                }
                let piece = work(index);
                done.fetch_add(1, Ordering::Relaxed);
                if send.send((index, piece)).is_err() {
                    return;
                }
            }
        };
        let mut list: Vec<(u64, T)> = std::thread::scope(|scope| {
            let one_thread = &one_thread;
            for _ in 0..self.threads {
                let send = send.clone();
                let thread = std::thread::Builder::new().stack_size(STACK);
                // Without a thread the others take the pieces.
                let _ = thread.spawn_scoped(scope, move || one_thread(send));
            }
            drop(send);
            receive.iter().collect()
        });
        if list.is_empty() && !stopped.load(Ordering::Relaxed) {
            // The system gave no thread at all.
            return self.one_by_one(count, work);
        }
        list.sort_by_key(|(index, _)| *index);
        let unbroken = list.iter().enumerate().take_while(|(k, (index, _))| *k as u64 == *index).count();
        list.into_iter().take(unbroken).map(|(_, piece)| piece).collect()
    }

    fn one_by_one<T>(self, count: u64, work: impl Fn(u64) -> T) -> Vec<T> {
        let may = |k: &u64| self.watch.go_on(*k as f64 / count as f64);
        (0..count).take_while(may).map(work).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unwatched;

    struct Few(AtomicU64);

    impl Watch for Few {
        fn go_on(&self, _done: f64) -> bool {
            self.0.fetch_add(1, Ordering::SeqCst) < 5
        }
    }

    #[test]
    fn pieces_stand_in_order_for_any_number_of_threads() {
        for threads in [1, 2, 8] {
            let workers = Workers { threads, watch: &Unwatched };
            assert_eq!(workers.in_order(100, |k| k * k), (0..100).map(|k| k * k).collect::<Vec<u64>>());
            assert!(workers.in_order(0, |k| k).is_empty());
        }
    }

    #[test]
    fn stopped_work_has_no_gap() {
        for threads in [1, 3] {
            let watch = Few(AtomicU64::new(0));
            let list = Workers { threads, watch: &watch }.in_order(100, |k| k);
            assert_eq!(list, (0..list.len() as u64).collect::<Vec<u64>>());
            assert!(list.len() <= 5);
        }
    }
}
