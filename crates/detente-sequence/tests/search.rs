//! Searches side by side, their checkpoints, and drawn plays.

use detente_exact::{Interval, Q};
use detente_game::{Game, Op};
use detente_sequence::bound::{bound, mixed};
use detente_sequence::checkpoint::{self, Refusal};
use detente_sequence::form::Form;
use detente_sequence::kernel::{Kernel, reach_of};
use detente_sequence::merge::merge;
use detente_sequence::mixture::mixture;
use detente_sequence::regret::Arm;
use detente_sequence::sample::Tree;
use detente_sequence::search::{Alone, Board, Crew, Job, Search};
use detente_sequence::together::Together;
use detente_test::random::Payoffs;
use detente_test::{Shape, poker, random_game};

const ARMS: [Arm; 7] = [
    Arm::Plain,
    Arm::Plus,
    Arm::Discounted,
    Arm::Predictive,
    Arm::Cautious,
    Arm::Scheduled(300),
    Arm::Sampled,
];

/// The form of a game, and a board with merged sets and a tree.
fn board(game: &Game) -> (Form, Board) {
    let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
    let form = Form::new(game, &numbers);
    let merged = merge(&form);
    let tree = Some(Tree::new(game, &numbers, &form, &merged.class));
    let kernel = Kernel::new(&merged.form);
    (form, Board { kernel, tree })
}

/// Does the last job first, each on a thread of its own.
struct Backwards;

impl Crew for Backwards {
    fn each<'a>(&self, jobs: Vec<Job<'a>>) {
        std::thread::scope(|scope| {
            for job in jobs.into_iter().rev() {
                scope.spawn(job);
            }
        });
    }
}

fn state(search: &Search) -> Vec<u8> {
    checkpoint::write(search, &[0; 32])
}

#[test]
fn a_search_that_stopped_goes_on_to_the_same_bits_on_any_threads() {
    for game in [poker::kuhn(2), poker::kuhn(3), poker::liars_dice(3)] {
        let (form, board) = board(&game);
        let digest = form.digest();
        let mut whole = Search::new(&board, &ARMS, true, 7, 20);
        (0..6).for_each(|_| whole.turn(&board, 20, &Alone));
        let mut half = Search::new(&board, &ARMS, true, 7, 20);
        (0..2).for_each(|_| half.turn(&board, 20, &Backwards));
        let bytes = checkpoint::write(&half, &digest);
        drop(half);
        let read = checkpoint::read(&bytes).expect("it was just written");
        assert_eq!((read.seed(), read.rounds(), read.arms()), (7, 40, ARMS.to_vec()));
        let mut rest = read.resume(&board, &digest).expect("the same game");
        assert_eq!(checkpoint::write(&rest, &digest), bytes);
        (0..4).for_each(|_| rest.turn(&board, 20, &Backwards));
        assert_eq!(state(&whole), state(&rest));
        assert_eq!(whole.best, rest.best);
    }
}

#[test]
fn a_checkpoint_that_was_cut_or_changed_is_refused() {
    let (form, board) = board(&poker::kuhn(2));
    let mut search = Search::new(&board, &[Arm::Cautious, Arm::Sampled], true, 1, 10);
    search.turn(&board, 10, &Alone);
    let bytes = checkpoint::write(&search, &form.digest());
    for cut in 0..bytes.len() {
        assert!(checkpoint::read(&bytes[..cut]).is_err(), "cut at {cut}");
    }
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(checkpoint::read(&changed).is_err(), "changed at {at}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(checkpoint::read(&longer).unwrap_err(), Refusal::Damaged);
    assert_eq!(checkpoint::read(b"EFG 2 R").unwrap_err(), Refusal::Other);
}

#[test]
fn a_checkpoint_of_other_numbers_is_refused() {
    let (form, kuhn) = board(&poker::kuhn(2));
    let search = Search::new(&kuhn, &[Arm::Plus], false, 1, 10);
    let bytes = checkpoint::write(&search, &form.digest());
    // The same tree with one payoff changed.
    let mut other = poker::kuhn(2);
    let place = other.tape.ops.iter().position(|op| *op == Op::Const(Q::from(2))).expect("a payoff of 2");
    other.tape.ops[place] = Op::Const(Q::from(3));
    let (other, board) = board(&other);
    let read = checkpoint::read(&bytes).expect("a good file");
    assert_eq!(read.resume(&board, &other.digest()).unwrap_err(), Refusal::Game);
}

/// Drawn plays tend to the value, and differ by seed.
#[test]
fn sampled_rounds_find_the_value_of_kuhn_poker() {
    let (form, board) = board(&poker::kuhn(2));
    let mut gaps = vec![];
    for seed in [1, 2] {
        let mut search = Search::new(&board, &[Arm::Sampled], false, seed, 20_000);
        search.turn(&board, 20_000, &Alone);
        let found = bound(&form, &search.runs[0].average(&board.kernel));
        let off = (found.values[0].mid() + 1.0 / 18.0).abs();
        assert!(found.gap() < 0.04 && off <= found.gap(), "seed {seed}: {found:?}");
        gaps.push(found.gap());
    }
    assert_ne!(gaps[0], gaps[1]);
}

/// On the game with merged suits as well: the plan is worth in the whole game what it is in the small.
#[test]
fn sampled_rounds_work_on_merged_sets() {
    let game = poker::leduc();
    let numbers = game.numbers(&[]).expect("constant payoffs");
    let form = Form::new(&game, &numbers);
    let merged = merge(&form);
    let tree = Some(Tree::new(&game, &numbers, &form, &merged.class));
    let board = Board { kernel: Kernel::new(&merged.form), tree };
    let mut search = Search::new(&board, &[Arm::Sampled], false, 3, 30_000);
    search.turn(&board, 30_000, &Alone);
    let lift = |plan: &[Vec<f64>]| -> Vec<Vec<f64>> {
        merged.class.iter().zip(plan).map(|(c, p)| c.iter().map(|s| p[*s as usize]).collect()).collect()
    };
    let found = bound(&form, &lift(&search.best.plan));
    assert!((found.gap() - search.best.gap).abs() < 1e-9);
    assert!(found.gap() < 0.3, "{}", found.gap());
    assert!((found.values[0].mid() + 0.0856).abs() < found.gap());
}

/// More rounds never give a worse answer, and the way to the goal is between 0 and 1.
#[test]
fn the_best_gap_is_kept() {
    let (_, board) = board(&poker::kuhn(3));
    let mut search = Search::new(&board, &[Arm::Plus, Arm::Cautious], false, 1, 7);
    let mut last = f64::INFINITY;
    assert_eq!(search.way(1e-9), 0.0);
    for _ in 0..30 {
        search.turn(&board, 7, &Alone);
        assert!(search.best.gap <= last);
        last = search.best.gap;
        assert!((0.0..=1.0).contains(&search.way(1e-9)));
    }
    assert_eq!(search.rounds, 210);
}

/// A game of three in which play goes round for ever: no average is near an equilibrium, but the play
/// over time is coarse correlated, and the measured regret is what a device of these rounds has.
#[test]
fn play_over_time_is_a_coarse_correlated_equilibrium() {
    for seed in 0..20 {
        let shape = Shape::General { players: 3, infosets: 4, menu: 3, payoffs: Payoffs::Integers(5) };
        let game = random_game(seed, shape);
        let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
        let form = Form::new(&game, &numbers);
        let kernel = Kernel::new(&form);
        let mut together = Together::new(&kernel);
        // The same device, made up of the plans of each round, in another order of work.
        let rounds = 40u64;
        let mut plans = vec![];
        for _ in 0..rounds {
            plans.push(together.run.current());
            together.play(&kernel, 1);
        }
        let total: f64 = (1..=rounds).map(|t| (t * t) as f64).sum();
        let regrets = together.regrets(&kernel);
        for p in 0..3 {
            let side = &form.sides[p];
            let mut sum = vec![0.0; side.slots()];
            let mut got = 0.0;
            for (t, plan) in plans.iter().enumerate() {
                let share = ((t + 1) * (t + 1)) as f64 / total;
                let reach: Vec<Vec<f64>> =
                    form.sides.iter().zip(plan).map(|(side, plan)| reach_of(side, plan)).collect();
                let mut gradient = vec![0.0; side.slots()];
                kernel.gradient(p, &reach, &mut gradient);
                sum.iter_mut().zip(&gradient).for_each(|(s, g)| *s += share * g);
                got += share * reach[p].iter().zip(&gradient).map(|(r, g)| r * g).sum::<f64>();
            }
            for k in (0..side.sets.len()).rev() {
                let best = side.range(k).map(|s| sum[s]).fold(f64::NEG_INFINITY, f64::max);
                sum[side.parent[k] as usize] += best;
            }
            let regret = (sum[0] - got).max(0.0);
            assert!(regrets[p] >= regret - 1e-12, "{seed}: {} below {regret}", regrets[p]);
            assert!(regrets[p] <= regret + 1e-9, "{seed}: {} above {regret}", regrets[p]);
        }
        together.play(&kernel, 4_000);
        let regrets = together.regrets(&kernel);
        assert!(regrets.iter().all(|r| *r < 0.02), "{seed}: {regrets:?}");
    }
}

/// A device of a few of the rounds does better than the whole play, and what it is said to gain is what the
/// enclosure over the whole game says.
#[test]
fn a_few_rounds_make_a_better_device_than_all() {
    for seed in 0..20 {
        let shape = Shape::General { players: 3, infosets: 4, menu: 3, payoffs: Payoffs::Integers(5) };
        let game = random_game(seed, shape);
        let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
        let form = Form::new(&game, &numbers);
        let kernel = Kernel::new(&form);
        let mut together = Together::new(&kernel);
        together.play(&kernel, 300);
        assert!(together.kept.plans.len() <= 32 && together.kept.plans.len() >= 16);
        let whole = together.regrets(&kernel).into_iter().fold(0.0, f64::max);
        let found = mixture(&kernel, together.kept.plans.clone(), 1e-9, &|| true);
        assert!(found.gain <= whole.max(1e-9), "{seed}: {} above {whole}", found.gain);
        assert!((found.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let share = |w: &f64| Interval::point(*w).expect("a weight");
        let drawn: Vec<_> =
            found.weights.iter().map(share).zip(found.plans.iter().map(Vec::as_slice)).collect();
        let gains = mixed(&form, &drawn).gains;
        let most = gains.iter().map(|g| g.hi()).fold(0.0, f64::max);
        assert!((most - found.gain.max(0.0)).abs() < 1e-9, "{seed}: {most} and {}", found.gain);
    }
}
