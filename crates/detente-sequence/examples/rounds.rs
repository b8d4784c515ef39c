//! Rounds per second and convergence on games of known size.
//! Run with `cargo run --release -p detente-sequence --example rounds`; `--large` adds liar's dice with six
//! sides, and the name of an `.efg` file measures that game alone, with the memory it takes.
//! Rates are per second of processor time where the system tells it (Linux), else of the clock.

use detente_exact::Q;
use detente_game::Game;
use detente_sequence::bound::bound;
use detente_sequence::form::Form;
use detente_sequence::kernel::Kernel;
use detente_sequence::lanes::{LANES, LaneRun, Lanes};
use detente_sequence::linear::optimal;
use detente_sequence::merge::merge;
use detente_sequence::merge::merge_draws;
use detente_sequence::regret::{Arm, Run};
use detente_sequence::sample::Tree;
use detente_sequence::search::{Alone, Board, Search, block};
use detente_test::poker;

/// A stopwatch of this thread's processor time.
struct Watch(f64, std::time::Instant);

impl Watch {
    fn now() -> Watch {
        Watch(used().unwrap_or(0.0), std::time::Instant::now())
    }

    fn seconds(&self) -> f64 {
        used().map_or_else(|| self.1.elapsed().as_secs_f64(), |now| now - self.0)
    }
}

/// Processor seconds of this thread so far.
fn used() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? * 1e-9)
}

/// Seconds that something takes, done again and again for a third of a second: the system counts coarsely.
fn each(mut what: impl FnMut()) -> f64 {
    let start = Watch::now();
    let (mut done, mut step) = (0u64, 1);
    while start.seconds() < 0.3 {
        (0..step).for_each(|_| what());
        done += step;
        step = (done / 4).max(1);
    }
    start.seconds() / done as f64
}

/// The most memory held so far, in megabytes.
fn peak() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0
}

fn main() {
    if let Some(path) = std::env::args().nth(1).filter(|a| a.ends_with(".efg")) {
        return file(&path);
    }
    lanes();
    let six = std::env::args().any(|a| a == "--large");
    let mut games = vec![
        ("kuhn", poker::kuhn(2)),
        ("kuhn 3p", poker::kuhn(3)),
        ("leduc", poker::leduc()),
        ("liars 4", poker::liars_dice(4)),
    ];
    if six {
        games.push(("liars 6", poker::liars_dice(6)));
    }
    for (name, game) in games {
        let numbers = game.numbers(&[]).expect("constant payoffs");
        let start = Watch::now();
        let form = Form::new(&game, &numbers);
        let compiled = start.seconds();
        let start = Watch::now();
        let merged = merge(&form);
        let merging = start.seconds();
        println!(
            "{name}: {} nodes, slots {:?} -> {:?}, leaves {} -> {}, compiled in {compiled:.3} s, merged in {merging:.3} s",
            game.nodes.len(),
            form.sides.iter().map(|s| s.slots()).collect::<Vec<_>>(),
            merged.form.sides.iter().map(|s| s.slots()).collect::<Vec<_>>(),
            form.num_leaves(),
            merged.form.num_leaves(),
        );
        let start = Watch::now();
        // The program's table grows with the square of the sequences.
        let slots: usize = merged.form.sides.iter().map(|s| s.slots()).sum();
        if let Some(found) = (slots <= 3_000).then(|| optimal(&merged.form)).flatten() {
            let (value, seconds) = (&found.values[0], start.seconds());
            println!("  exact value {value} = {:.12} in {seconds:.3} s", value.to_f64());
        }
        for (label, form, classes) in [("whole", &form, None), ("merged", &merged.form, Some(&merged.class))]
        {
            let kernel = Kernel::new(form);
            for arm in [Arm::Plus, Arm::Discounted, Arm::Predictive, Arm::Cautious, Arm::Scheduled(1000)] {
                let mut run = Run::new(&kernel, arm);
                run.play(&kernel, 100);
                let early = kernel.gap(&run.average(&kernel));
                run.play(&kernel, 900);
                let plan = run.average(&kernel);
                let late = kernel.gap(&plan);
                let gap_time = each(|| {
                    kernel.gap(&plan);
                });
                let rate = 1.0 / each(|| run.play(&kernel, 1));
                println!(
                    "  {label:6} {:9} {:>9.0} rounds/s  gap {early:.2e} / {late:.2e}  gap takes {:.3} ms  value {:.9}",
                    arm.name(),
                    rate,
                    gap_time * 1e3,
                    value(&kernel, &plan),
                );
                if arm == Arm::Plus && classes.is_none() {
                    let start = Watch::now();
                    let bound = bound(form, &plan);
                    println!("         enclosed gap {:.3e} in {:.1} ms", bound.gap(), start.seconds() * 1e3);
                }
            }
        }
    }
}

/// Eight draws of Leduc hold'em's payoffs, merged suits and whole.
fn lanes() {
    let game = poker::leduc();
    let forms: Vec<Form> = (0..LANES as i64).map(|k| draw(&game, k)).collect();
    let drawn: Vec<&Form> = forms.iter().collect();
    let merged = merge_draws(&drawn).expect("draws of one tree");
    let small: Vec<&Form> = merged.iter().map(|m| &m.form).collect();
    for (label, forms) in [("whole", &drawn), ("merged", &small)] {
        let lanes = Lanes::new(forms).expect("draws of one tree");
        let mut run = LaneRun::new(&lanes, Arm::Plus);
        run.play(&lanes, 100);
        let rate = LANES as f64 / each(|| run.play(&lanes, 1));
        println!("leduc, {LANES} draws in lanes, {label}: {rate:.0} game-rounds/s in total");
    }
}

/// A draw of payoffs: each a little different, chance as it is.
fn draw(game: &Game, k: i64) -> Form {
    let mut game = game.clone();
    for (at, op) in game.tape.ops.iter_mut().enumerate() {
        if let detente_game::Op::Const(q) = op
            && (*q >= Q::ONE || *q <= -Q::ONE)
        {
            *q = q.clone() + Q::new((at as i64 * 37 + k * 11) % 29 - 14, 100);
        }
    }
    Form::new(&game, &game.numbers(&[]).expect("constant payoffs"))
}

/// A game from a file: what each step takes, and the memory at its end.
fn file(path: &str) {
    let start = Watch::now();
    let text = std::fs::read_to_string(path).expect("a file that can be read");
    let game = detente_game::formats::efg::read(&text).expect("a game");
    drop(text);
    println!("{} nodes, {} sets", game.nodes.len(), game.infosets.len());
    println!("read in {:.1} s, peak {:.0} MB", start.seconds(), peak());
    let start = Watch::now();
    let numbers = game.numbers(&game.base_params()).expect("numbers");
    let form = Form::new(&game, &numbers);
    let (slots, leaves) = (form.sides.iter().map(|s| s.slots()).collect::<Vec<_>>(), form.num_leaves());
    println!("compiled in {:.1} s: slots {slots:?}, {leaves} leaves, peak {:.0} MB", start.seconds(), peak());
    let class: Vec<Vec<u32>> = form.sides.iter().map(|s| (0..s.slots() as u32).collect()).collect();
    let tree = Some(Tree::new(&game, &numbers, &form, &class));
    let board = Board { kernel: Kernel::new(&form), tree };
    for arm in [Arm::Plus, Arm::Cautious, Arm::Sampled] {
        let mut search = Search::new(&board, &[arm], false, 1, block(&board.kernel));
        let start = Watch::now();
        let count = 40;
        search.turn(&board, count, &Alone);
        println!(
            "{}: {count} rounds in {:.2} s (the gap included), gap {:.3e}, peak {:.0} MB",
            arm.name(),
            start.seconds(),
            search.best.gap,
            peak()
        );
    }
    let start = Watch::now();
    let plan: Vec<Vec<f64>> = form.sides.iter().map(detente_sequence::kernel::uniform).collect();
    println!(
        "enclosed gap of equal play {:.3e} in {:.1} s, peak {:.0} MB",
        bound(&form, &plan).gap(),
        start.seconds(),
        peak()
    );
}

fn value(kernel: &Kernel, plan: &[Vec<f64>]) -> f64 {
    let reach: Vec<Vec<f64>> =
        kernel.views.iter().zip(plan).map(|(v, p)| detente_sequence::kernel::reach_of(&v.side, p)).collect();
    kernel.value(0, plan, &reach)
}
