//! Watches a long computation: the clock, a progress bar, Ctrl-C.
//!
//! The one idea: the core reads no clock and knows no terminal; it asks "may I go on?", and the
//! answer is given here.

use crate::failure::Failure;
use crate::keeping::Keeper;
use detente_solve::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Set when the user has pressed Ctrl-C.
static STOP: AtomicBool = AtomicBool::new(false);
/// Set while something runs that asks [`Watch::may_go_on`].
static WATCHED: AtomicBool = AtomicBool::new(false);

/// Lets Ctrl-C end a watched computation at its next question, and anything else at once.
/// A second Ctrl-C ends everything at once.
pub fn listen() {
    let handler = || {
        if !WATCHED.load(Ordering::SeqCst) || STOP.swap(true, Ordering::SeqCst) {
            crate::output::clean_up();
            std::process::exit(130);
        }
    };
    // Without a handler Ctrl-C still ends the program; it is only less tidy.
    let _ = ctrlc::set_handler(handler);
}

/// The memory that this program holds, in bytes, where the system says it.
pub fn held() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Steps of a bar: a share of the work in thousandths.
const STEPS: u64 = 1000;

/// A clock, a limit and a bar for one computation.
pub struct Watch {
    started: Instant,
    limit: Option<Duration>,
    title: String,
    bar: OnceLock<ProgressBar>,
    /// Threads that work may be spread over.
    threads: usize,
    keeper: Option<Keeper>,
    /// Most memory, in bytes, and when it was looked at last.
    memory: Option<(u64, Mutex<Instant>)>,
}

/// How a watched computation ended.
pub struct Ended {
    /// Seconds it took.
    pub seconds: f64,
    /// What to say if the user pressed Ctrl-C and there is nothing to show.
    pub interrupt: Option<Failure>,
}

impl From<f64> for Ended {
    /// It came to its end in so many seconds.
    fn from(seconds: f64) -> Ended {
        Ended { seconds, interrupt: None }
    }
}

/// Time between two looks at the memory.
const LOOK: Duration = Duration::from_millis(20);

impl Watch {
    /// Starts the clock.
    pub fn start(title: &str, limit: Option<Duration>) -> Watch {
        WATCHED.store(true, Ordering::SeqCst);
        let (title, bar) = (title.into(), OnceLock::new());
        Watch { started: Instant::now(), limit, title, bar, threads: 1, keeper: None, memory: None }
    }

    /// Lets work be spread over so many threads.
    pub fn threads(self, threads: usize) -> Watch {
        Watch { threads, ..self }
    }

    /// Ends when the program holds more memory than this, in bytes.
    pub fn memory(self, most: Option<u64>) -> Watch {
        Watch { memory: most.map(|most| (most, Mutex::new(self.started))), ..self }
    }

    /// Whether there is room left.
    fn has_room(&self) -> bool {
        let Some((most, looked)) = &self.memory else { return true };
        let mut looked = looked.lock().unwrap_or_else(PoisonError::into_inner);
        if looked.elapsed() < LOOK {
            return true;
        }
        *looked = Instant::now();
        held().is_none_or(|held| held <= *most)
    }

    /// Keeps the state of the search in a file.
    pub fn keeping(self, keeper: Keeper) -> Watch {
        Watch { keeper: Some(keeper), ..self }
    }

    /// The question in a form that a library can keep.
    pub fn question(self: &Arc<Watch>) -> Arc<dyn Fn(f64) -> bool + Send + Sync> {
        let watch = self.clone();
        Arc::new(move |done| watch.may_go_on(done))
    }

    /// Shows how much is done, and returns whether to go on.
    pub fn may_go_on(&self, done: f64) -> bool {
        let elapsed = self.started.elapsed();
        if elapsed > Duration::from_secs(1) {
            let bar = self.bar.get_or_init(|| {
                // Draws on the error stream, and only if that is a terminal.
                let style = ProgressStyle::with_template("{msg} {bar:30} {percent}% {elapsed}");
                ProgressBar::new(STEPS)
                    .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
                    .with_message(self.title.clone())
                    .with_elapsed(elapsed)
            });
            bar.set_position((done.clamp(0.0, 1.0) * STEPS as f64) as u64);
        }
        !STOP.load(Ordering::SeqCst) && self.limit.is_none_or(|l| elapsed < l) && self.has_room()
    }

    /// Stops the clock and returns the seconds it took.
    ///
    /// # Errors
    /// [`Failure::Interrupted`] if the user pressed Ctrl-C meanwhile.
    pub fn finish(&self) -> Result<f64, Failure> {
        let ended = self.end();
        ended.interrupt.map_or(Ok(ended.seconds), Err)
    }

    /// As [`finish`](Watch::finish), for what has something to show though the user pressed Ctrl-C. From here on
    /// Ctrl-C ends the program at once.
    pub fn end(&self) -> Ended {
        let seconds = self.started.elapsed().as_secs_f64();
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
        WATCHED.store(false, Ordering::SeqCst);
        let interrupt = match (STOP.load(Ordering::SeqCst), &self.keeper) {
            (false, _) => None,
            (true, None) => Some(Failure::Interrupted),
            (true, Some(_)) => Some(Failure::InterruptedKept),
        };
        Ended { seconds, interrupt }
    }
}

impl Progress for Watch {
    fn keep_going(&self, done: f64) -> bool {
        self.may_go_on(done)
    }

    fn each<'a>(&self, jobs: Vec<Box<dyn FnOnce() + Send + 'a>>) {
        let workers = self.threads.min(jobs.len());
        if workers < 2 {
            return jobs.into_iter().for_each(|job| job());
        }
        let jobs = Mutex::new(jobs.into_iter());
        let next = || jobs.lock().unwrap_or_else(PoisonError::into_inner).next();
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    while let Some(job) = next() {
                        job();
                    }
                });
            }
        });
    }

    fn limited(&self) -> bool {
        self.limit.is_some()
    }

    fn used(&self) -> f64 {
        let share = |limit: Duration| self.started.elapsed().as_secs_f64() / limit.as_secs_f64().max(1e-9);
        self.limit.map_or(0.0, |limit| share(limit).min(1.0))
    }

    fn keeps(&self) -> bool {
        self.keeper.is_some()
    }

    fn keep(&self, end: bool, state: &dyn Fn() -> Vec<u8>) {
        if let Some(keeper) = &self.keeper {
            keeper.keep(end, state);
        }
    }
}
