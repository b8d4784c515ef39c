//! Rows at chosen values of the parameters, on several threads, in the order asked for.

use super::row::{Job, Row, rows_with};
use crate::solved::on_big_stack;
use detente_batch::LANES;
use detente_solve::Progress;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;

/// Says how much of all points is done to whoever watches one solve.
struct Within<'a> {
    progress: &'a dyn Progress,
    done: &'a AtomicU64,
    all: u64,
}

impl Progress for Within<'_> {
    fn keep_going(&self, _done: f64) -> bool {
        self.progress.keep_going(self.done.load(Ordering::Relaxed) as f64 / self.all.max(1) as f64)
    }
}

/// Solves at `count` points and reads something off each row; `None` if the progress said stop.
///
/// `values` gives the uncertain parameters of a point by its number.
pub fn evaluate<T: Send>(
    job: &Job,
    count: u64,
    threads: usize,
    values: &(dyn Fn(u64) -> Vec<f64> + Sync),
    read: &(dyn Fn(&Row) -> T + Sync),
    progress: &dyn Progress,
) -> Option<Vec<T>> {
    let (next, done) = (AtomicU64::new(0), AtomicU64::new(0));
    let (send, receive) = mpsc::channel::<(u64, T)>();
    let work = |send: mpsc::Sender<(u64, T)>| {
        let within = Within { progress, done: &done, all: count };
        loop {
            let from = next.fetch_add(LANES as u64, Ordering::Relaxed);
            if from >= count {
                return;
            }
            let to = count.min(from + LANES as u64);
            let Some(rows) = rows_with(job, from, to, values, &within) else { return };
            done.fetch_add(to - from, Ordering::Relaxed);
            for row in rows {
                if send.send((row.draw, read(&row))).is_err() {
                    return;
                }
            }
        }
    };
    let mut found: Vec<(u64, T)> = std::thread::scope(|scope| {
        let work = &work;
        for _ in 0..threads.max(1) {
            let send = send.clone();
            scope.spawn(move || on_big_stack(|| work(send)));
        }
        drop(send);
        receive.iter().collect()
    });
    found.sort_by_key(|(number, _)| *number);
    let all = found.len() as u64 == count;
    all.then(|| found.into_iter().map(|(_, t)| t).collect())
}
