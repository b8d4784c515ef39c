//! Times the promised classes of games: `classes [SEEDS [CLASS]]` prints a table row per class.
//!
//! The one idea: the same seeds that the tests use, at the promised sizes, solved one after
//! another in this process; every answer is checked by the referee, and a row says how many
//! were proven complete beside the seconds they took.

use detente_game::solution::Status;
use detente_solve::{Settings, Silent};
use detente_test::random::Payoffs;
use detente_test::{Shape, random_game};
use std::time::Instant;

/// Name of a class, its size in words, and the games.
type Class = (&'static str, &'static str, Shape);

fn classes() -> Vec<Class> {
    let (generic, ties) = (Payoffs::Decimals, Payoffs::Integers(4));
    let signal = |types, messages, replies, payoffs| Shape::Signalling { types, messages, replies, payoffs };
    let perfect = Shape::PerfectInformation { players: 3, decisions: 50, menu: 12, payoffs: ties };
    let private = Shape::PrivateTypes { players: 3, types: 2, actions: 2, payoffs: generic };
    let general = |players, payoffs| Shape::General { players, infosets: 8, menu: 2, payoffs };
    let table = Shape::Table { players: 2, strategies: 5, payoffs: generic };
    vec![
        ("perfect", "perfect information, 3 players, 50 sets, menus to 12, ties", perfect),
        ("signal-332", "signalling 2 × 3 × 3", signal(2, 3, 3, generic)),
        ("signal-355", "signalling 3 × 5 × 5", signal(3, 5, 5, generic)),
        ("offers", "11 offers to 8 private types", Shape::Offers { offers: 11, types: 8 }),
        ("reputation", "3 periods, 4 players, 26 binary sets", Shape::Reputation { textbook: false }),
        ("reputation-ties", "the same with textbook ties", Shape::Reputation { textbook: true }),
        ("two-sided", "two-sided doubt, 3 rounds (6 moves)", Shape::TwoSided { moves: 6, payoffs: generic }),
        ("private", "3 players, 2 private types each, binary moves", private),
        ("general-2", "trees of 2 players, 8 sets", general(2, generic)),
        ("table", "strategic form, up to 5 × 5", table),
        ("signal-333-ties", "signalling 3 × 3 × 3, integers 0 to 4", signal(3, 3, 3, ties)),
        ("signal-355-9", "signalling 3 × 5 × 5, integers 0 to 9", signal(3, 5, 5, Payoffs::Integers(9))),
        ("signal-355-4", "signalling 3 × 5 × 5, integers 0 to 4", signal(3, 5, 5, ties)),
        ("general-3-ties", "trees of 3 players, 8 sets, integers 0 to 4", general(3, ties)),
    ]
}

/// One solved game: whether complete and accepted, and seconds of solver and referee.
struct Run {
    complete: bool,
    accepted: bool,
    solve: f64,
    verify: f64,
}

fn run(seed: u64, shape: Shape) -> Run {
    let game = random_game(seed, shape);
    let numbers = game.numbers(&game.base_params()).expect("random games have numbers");
    let start = Instant::now();
    let solution = detente_solve::solve(&game, &numbers, &Settings::default(), &Silent);
    let solve = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let verdict = detente_verify::verify(&game, &numbers, &solution);
    let complete = solution.status == Status::ExactComplete;
    Run { complete, accepted: verdict.accepted, solve, verify: start.elapsed().as_secs_f64() }
}

/// Median and largest of some seconds.
fn spread(mut seconds: Vec<f64>) -> (f64, f64) {
    seconds.sort_by(f64::total_cmp);
    let middle = seconds.len() / 2;
    let median =
        if seconds.len() % 2 == 1 { seconds[middle] } else { (seconds[middle - 1] + seconds[middle]) / 2.0 };
    (median, seconds[seconds.len() - 1])
}

fn table(seeds: u64, only: Option<String>) {
    println!(
        "| class | size | exact-complete | accepted | solve: median, worst (s) | referee: median, worst (s) |"
    );
    println!("|---|---|---|---|---|---|");
    for (name, size, shape) in classes().into_iter().filter(|c| only.as_ref().is_none_or(|o| o == c.0)) {
        let runs: Vec<Run> = (0..seeds).map(|seed| run(seed, shape)).collect();
        let count = |what: fn(&Run) -> bool| runs.iter().filter(|r| what(r)).count();
        let (middle, worst) = spread(runs.iter().map(|r| r.solve).collect());
        let (check, slowest) = spread(runs.iter().map(|r| r.verify).collect());
        println!(
            "| {name} | {size} | {}/{seeds} | {}/{seeds} | {middle:.3}, {worst:.3} | {check:.3}, {slowest:.3} |",
            count(|r| r.complete),
            count(|r| r.accepted),
        );
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let seeds = arguments.next().and_then(|s| s.parse().ok()).unwrap_or(10).max(1);
    let only = arguments.next();
    // Proofs are as deep as the search: give them room.
    let worker = std::thread::Builder::new().stack_size(1 << 29).spawn(move || table(seeds, only));
    worker.expect("a thread starts").join().expect("the table is printed");
}
