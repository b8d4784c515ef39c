//! What a caller may ask of the solver, and how it watches and stops it.

use detente_exact::Q;
use detente_game::solution::Concept;
use std::sync::atomic::{AtomicU64, Ordering};

/// Options of one solve. Every field has a default that suits small games.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The solution concept; sequential equilibrium by default.
    pub concept: Concept,
    /// Stop at the first equilibrium found.
    pub one: bool,
    /// Most steps of the proof search before it ends with what it has; default 2,000,000.
    pub max_steps: u64,
    /// Most cells kept before the answer is called incomplete; default 20,000.
    pub max_cells: usize,
    /// Quantal response only: the precision of choice, in 1 / payoff units. `None` asks for
    /// the limit of the principal branch.
    pub lambda: Option<Q>,
    /// Quantal response only: per player, what `lambda` is multiplied by to give the player's own
    /// precision. Empty: 1 for everybody.
    pub weights: Vec<Q>,
    /// Do not search for all equilibria: follow the logit path to one.
    pub path_only: bool,
    /// Search a table of two players by cases, too, as any other game: only the proof of that search can be
    /// carried over to ranges of parameters.
    pub by_cases: bool,
    /// Look for all equilibria also where the game is so large that one would be given.
    pub large_too: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            concept: Concept::Sequential,
            one: false,
            max_steps: 2_000_000,
            max_cells: 20_000,
            lambda: None,
            weights: vec![],
            path_only: false,
            by_cases: false,
            large_too: false,
        }
    }
}

/// Watches a long solve. The solver reads no clock; whoever calls it does.
pub trait Progress: Sync {
    /// Called now and then with the share of the search that is done, between 0 and 1.
    /// Returns false to stop: the solver then ends with the best honest answer.
    fn keep_going(&self, done: f64) -> bool;

    /// Does independent pieces of work, in any order and on any number of threads; here one
    /// after the other.
    fn each<'a>(&self, jobs: Vec<Box<dyn FnOnce() + Send + 'a>>) {
        jobs.into_iter().for_each(|job| job());
    }

    /// Whether a clock will stop the solve at some time: what is never done may then go on till then.
    fn limited(&self) -> bool {
        false
    }

    /// The share of the time that is used up, between 0 and 1; 0 where no clock stops the solve.
    fn used(&self) -> f64 {
        0.0
    }

    /// Whether [`keep`](Progress::keep) does anything.
    fn keeps(&self) -> bool {
        false
    }

    /// Offers the state of the search, to be kept and gone on from later; the last time with `end`.
    fn keep(&self, _end: bool, _state: &dyn Fn() -> Vec<u8>) {}
}

/// Shows nothing and never stops.
pub struct Silent;

impl Progress for Silent {
    fn keep_going(&self, _done: f64) -> bool {
        true
    }
}

/// Lets a search go on for a while after the caller's time is up: for so many more questions.
pub(crate) struct Grace<'a> {
    caller: &'a dyn Progress,
    left: AtomicU64,
}

impl Grace<'_> {
    pub(crate) fn new(caller: &dyn Progress, questions: u64) -> Grace<'_> {
        Grace { caller, left: AtomicU64::new(questions) }
    }
}

impl Progress for Grace<'_> {
    fn keep_going(&self, done: f64) -> bool {
        let spend = |left: u64| left.checked_sub(1);
        self.caller.keep_going(done)
            || self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_ok()
    }
}

/// Ends a search after half of the caller's time: what follows it needs the rest.
pub(crate) struct Half<'a>(pub(crate) &'a dyn Progress);

impl Progress for Half<'_> {
    fn keep_going(&self, done: f64) -> bool {
        self.0.used() < 0.5 && self.0.keep_going(done)
    }

    fn each<'a>(&self, jobs: Vec<Box<dyn FnOnce() + Send + 'a>>) {
        self.0.each(jobs);
    }

    fn limited(&self) -> bool {
        self.0.limited()
    }
}
