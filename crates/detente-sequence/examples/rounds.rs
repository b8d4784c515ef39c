//! Rounds per second and convergence on games of known size.
//! Run with `cargo run --release -p detente-sequence --example rounds`.

use detente_sequence::bound::bound;
use detente_sequence::form::Form;
use detente_sequence::kernel::Kernel;
use detente_sequence::linear::optimal;
use detente_sequence::merge::merge;
use detente_sequence::regret::{Arm, Run};
use detente_test::poker;
use std::time::Instant;

fn main() {
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
        let start = Instant::now();
        let form = Form::new(&game, &numbers);
        let compiled = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let merged = merge(&form);
        let merging = start.elapsed().as_secs_f64();
        println!(
            "{name}: {} nodes, slots {:?} -> {:?}, leaves {} -> {}, compiled in {compiled:.3} s, merged in {merging:.3} s",
            game.nodes.len(),
            form.sides.iter().map(|s| s.slots()).collect::<Vec<_>>(),
            merged.form.sides.iter().map(|s| s.slots()).collect::<Vec<_>>(),
            form.num_leaves(),
            merged.form.num_leaves(),
        );
        let start = Instant::now();
        // The program's table grows with the square of the sequences.
        let slots: usize = merged.form.sides.iter().map(|s| s.slots()).sum();
        if let Some(found) = (slots <= 3_000).then(|| optimal(&merged.form)).flatten() {
            let (value, seconds) = (&found.values[0], start.elapsed().as_secs_f64());
            println!("  exact value {value} = {:.12} in {seconds:.3} s", value.to_f64());
        }
        for (label, form, classes) in [("whole", &form, None), ("merged", &merged.form, Some(&merged.class))]
        {
            let kernel = Kernel::new(form);
            for arm in [Arm::Plus, Arm::Discounted, Arm::Predictive, Arm::Cautious, Arm::Scheduled(1000)] {
                let mut run = Run::new(&kernel, arm);
                run.play(&kernel, 100);
                let early = kernel.gap(&run.average(&kernel));
                let start = Instant::now();
                run.play(&kernel, 900);
                let seconds = start.elapsed().as_secs_f64();
                let plan = run.average(&kernel);
                let start = Instant::now();
                let late = kernel.gap(&plan);
                let gap_time = start.elapsed().as_secs_f64();
                println!(
                    "  {label:6} {:9} {:>9.0} rounds/s  gap {early:.2e} / {late:.2e}  gap takes {:.3} ms  value {:.9}",
                    arm.name(),
                    900.0 / seconds,
                    gap_time * 1e3,
                    value(&kernel, &plan),
                );
                if arm == Arm::Plus && classes.is_none() {
                    let start = Instant::now();
                    let bound = bound(form, &plan);
                    println!(
                        "         enclosed gap {:.3e} in {:.1} ms",
                        bound.gap(),
                        start.elapsed().as_secs_f64() * 1e3
                    );
                }
            }
        }
    }
}

fn value(kernel: &Kernel, plan: &[Vec<f64>]) -> f64 {
    let reach: Vec<Vec<f64>> =
        kernel.views.iter().zip(plan).map(|(v, p)| detente_sequence::kernel::reach_of(&v.side, p)).collect();
    kernel.value(0, plan, &reach)
}
