//! Shared by the differential tests: solve, and ask whether a point lies in a component.
//!
//! A component prints one equilibrium and, for every number that varies, its lowest and
//! highest value. A point lies in it only if each number is within its range, and so is
//! the probability of each outcome.

#![allow(dead_code, reason = "each test file uses its share")]

use detente_exact::Q;
use detente_game::solution::{Component, Concept, FreeWhat, Num, Solution, Status};
use detente_game::{Game, NodeId, NodeKind, Numbers};
use detente_solve::{Settings, Silent};
use detente_test::random::Payoffs;
use detente_test::{Shape, random_game};

/// Room for rounding when exact numbers are compared as floats.
pub const EXACT: f64 = 1e-9;

/// Games per shape: `DETENTE_SEEDS` if set, else the default.
pub fn seeds(default: u64) -> u64 {
    std::env::var("DETENTE_SEEDS").ok().and_then(|s| s.parse().ok()).unwrap_or(default)
}

pub fn numbers(game: &Game) -> Numbers {
    game.numbers(&game.base_params()).expect("random games have numbers")
}

/// Solves a game.
pub fn solved(game: &Game, concept: Concept) -> Solution {
    let settings = Settings { concept, ..Settings::default() };
    detente_solve::solve(game, &numbers(game), &settings, &Silent)
}

/// Runs a test body on a thread with room for deep proofs; slow builds have large frames.
pub fn with_room(body: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(1 << 28).spawn(body).expect("a thread starts");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// Calls `check` for each game of each shape.
pub fn each_game(shapes: &[Shape], count: u64, mut check: impl FnMut(&Shape, &Game)) {
    for shape in shapes {
        for seed in 0..count {
            check(shape, &random_game(seed, *shape));
        }
    }
}

/// Small members of every class whose pure profiles can be listed.
pub fn small_shapes() -> Vec<Shape> {
    let mut shapes = Vec::new();
    for payoffs in [Payoffs::Integers(3), Payoffs::Decimals] {
        shapes.extend([
            Shape::PerfectInformation { players: 3, decisions: 6, menu: 3, payoffs },
            Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs },
            Shape::Signalling { types: 2, messages: 3, replies: 2, payoffs },
            Shape::Signalling { types: 3, messages: 2, replies: 3, payoffs },
            Shape::General { players: 2, infosets: 5, menu: 2, payoffs },
            Shape::General { players: 3, infosets: 6, menu: 2, payoffs },
            Shape::TwoSided { moves: 3, payoffs },
            Shape::PrivateTypes { players: 2, types: 2, actions: 3, payoffs },
            Shape::PrivateTypes { players: 3, types: 2, actions: 2, payoffs },
            Shape::Table { players: 2, strategies: 4, payoffs },
        ]);
    }
    shapes.push(Shape::Offers { offers: 3, types: 2 });
    shapes
}

/// Lowest and highest value of a number over its component.
fn range(component: &Component, what: FreeWhat, at: &Num) -> (f64, f64) {
    let around = at.radius.unwrap_or(0.0);
    match component.free.iter().find(|f| f.what == what) {
        Some(f) => (f.low.value, f.high.value),
        None => (at.value - around, at.value + around),
    }
}

/// An assessment, or a profile alone.
pub struct Point {
    pub profile: Vec<Vec<f64>>,
    pub beliefs: Option<Vec<Vec<f64>>>,
}

impl Point {
    pub fn exact(profile: &[Vec<Q>], beliefs: Option<&[Vec<Q>]>) -> Point {
        let floats = |rows: &[Vec<Q>]| rows.iter().map(|r| r.iter().map(Q::to_f64).collect()).collect();
        Point { profile: floats(profile), beliefs: beliefs.map(floats) }
    }
}

/// The first number of a point that is outside a component, if any.
pub fn outside(game: &Game, component: &Component, point: &Point, slack: f64) -> Option<String> {
    let beyond = |x: f64, (low, high): (f64, f64)| x < low - slack || x > high + slack;
    for (h, row) in component.profile.iter().enumerate() {
        for (a, at) in row.iter().enumerate() {
            let within = range(component, FreeWhat::Action(h as u32, a as u32), at);
            if beyond(point.profile[h][a], within) {
                return Some(format!("set {h} action {a}: {} not in {within:?}", point.profile[h][a]));
            }
        }
    }
    if let Some(beliefs) = &point.beliefs {
        for (h, row) in component.beliefs.iter().enumerate() {
            for (k, at) in row.iter().enumerate() {
                let within = range(component, FreeWhat::Belief(h as u32, k as u32), at);
                if beyond(beliefs[h][k], within) {
                    return Some(format!("set {h} belief {k}: {} not in {within:?}", beliefs[h][k]));
                }
            }
        }
    }
    let found = outcomes(game, &numbers(game), &point.profile);
    for (k, (low, high)) in component.outcome_range.iter().enumerate() {
        let around = low.radius.unwrap_or(0.0).max(high.radius.unwrap_or(0.0));
        if beyond(found[k], (low.value - around, high.value + around)) {
            return Some(format!("outcome {k}: {} not in [{}, {}]", found[k], low.value, high.value));
        }
    }
    None
}

/// What a run over many games found; faults are collected so that one run shows them all.
#[derive(Default)]
pub struct Tally {
    pub games: usize,
    /// Games whose answer is proven complete; only those can be missing nothing.
    pub complete: usize,
    pub points: usize,
    pub faults: Vec<String>,
}

impl Tally {
    /// Solves a game, and counts it. Answers that are not proven complete are not returned;
    /// they are faults if the game is of a kind that `must` be complete.
    pub fn solve(&mut self, game: &Game, concept: Concept, must: bool) -> Option<Solution> {
        let solution = solved(game, concept);
        self.games += 1;
        if solution.status == Status::ExactComplete {
            self.complete += 1;
            return Some(solution);
        }
        if must {
            let why = &solution.unresolved;
            self.faults.push(format!("{} {concept:?}: only {:?} {why:?}", game.title, solution.status));
        }
        None
    }

    /// Notes a fault unless the point lies in some component.
    pub fn inside(&mut self, game: &Game, solution: &Solution, point: &Point, slack: f64, what: &str) {
        self.points += 1;
        let reasons: Vec<_> = solution.components.iter().map(|c| outside(game, c, point, slack)).collect();
        if reasons.iter().all(Option::is_some) {
            let concept = solution.concept;
            self.faults.push(format!("{} {concept:?}: {what} in no component: {reasons:?}", game.title));
        }
    }

    pub fn expect(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(what());
        }
    }

    /// Prints the counts; fails if there were faults.
    pub fn finish(self, name: &str) {
        let Tally { games, complete, points, faults } = self;
        println!("{name}: {games} answers, {complete} complete, {points} points, {} faults", faults.len());
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

/// Whether every game of this shape must have a complete answer under a concept: the
/// promised classes, and two-player games, whose conditions are linear.
pub fn must_be_complete(shape: &Shape, concept: Concept) -> bool {
    let players = match shape {
        Shape::PerfectInformation { players, .. } if concept == Concept::Nash => *players,
        // With ties a subgame may pay differently, and off the path that is searched for
        // sequential equilibria only.
        Shape::General { payoffs: Payoffs::Integers(_), .. } | Shape::Offers { .. }
            if concept == Concept::Spe =>
        {
            3
        }
        Shape::General { players, .. } | Shape::Table { players, .. } => *players,
        Shape::PrivateTypes { players, payoffs, .. } => {
            // With ties, three players can be indifferent along a curve.
            if *payoffs == Payoffs::Decimals { 2 } else { *players }
        }
        Shape::Reputation { .. } if concept == Concept::Nash => 4,
        _ => 2,
    };
    players == 2
}

/// Probability of each node.
pub fn reach(game: &Game, numbers: &Numbers, profile: &[Vec<f64>]) -> Vec<f64> {
    let mut reach = vec![1.0; game.nodes.len()];
    for (k, node) in game.nodes.iter().enumerate() {
        let Some((parent, position)) = node.parent else { continue };
        let share = match game.nodes[parent.index()].kind {
            NodeKind::Decision(h) => profile[h.index()][position as usize],
            NodeKind::Chance(c) => numbers.chance[c.index()][position as usize].to_f64(),
            NodeKind::Terminal(_) => 1.0,
        };
        reach[k] = reach[parent.index()] * share;
    }
    reach
}

/// Probability of each outcome key.
pub fn outcomes(game: &Game, numbers: &Numbers, profile: &[Vec<f64>]) -> Vec<f64> {
    let reach = reach(game, numbers, profile);
    let mut found = vec![0.0; game.outcome_keys().len()];
    for k in 0..game.nodes.len() {
        if let Some(key) = game.outcome_key(NodeId(k as u32)) {
            found[key] += reach[k];
        }
    }
    found
}

/// Probability of each end of play: finer than outcomes, which may share names.
pub fn ends(game: &Game, profile: &[Vec<f64>]) -> Vec<f64> {
    let reach = reach(game, &numbers(game), profile);
    let is_end = |k: &usize| matches!(game.nodes[*k].kind, NodeKind::Terminal(_));
    (0..game.nodes.len()).filter(is_end).map(|k| reach[k]).collect()
}

pub fn values(rows: &[Vec<Num>]) -> Vec<Vec<f64>> {
    rows.iter().map(|r| r.iter().map(|n| n.value).collect()).collect()
}

/// Distributions without repetitions, up to rounding.
pub fn distinct(list: impl IntoIterator<Item = Vec<f64>>) -> Vec<Vec<f64>> {
    let mut kept: Vec<Vec<f64>> = Vec::new();
    for next in list {
        if !kept.iter().any(|old| near(old, &next, 1e-7)) {
            kept.push(next);
        }
    }
    kept
}

pub fn near(a: &[f64], b: &[f64], slack: f64) -> bool {
    a.iter().zip(b).all(|(x, y)| (x - y).abs() <= slack)
}
