//! Draws of payoffs in lanes: the bits of runs on their own.

use detente_exact::Q;
use detente_game::{Game, Op};
use detente_sequence::bound::bound;
use detente_sequence::form::Form;
use detente_sequence::kernel::Kernel;
use detente_sequence::lanes::{LANES, LaneRun, Lanes};
use detente_sequence::merge::{merge, merge_draws};
use detente_sequence::regret::{Arm, Run};
use detente_test::poker;

/// Draw `k` of a game: every constant payoff of size 1 or more is changed a little, as its place on
/// the tape says. Chance stays as it is.
fn draw(game: &Game, k: i64) -> Form {
    let mut game = game.clone();
    for (at, op) in game.tape.ops.iter_mut().enumerate() {
        if let Op::Const(q) = op
            && (*q >= Q::ONE || *q <= -Q::ONE)
            && k > 0
        {
            *op = Op::Const(q.clone() + Q::new((at as i64 * 37 + k * 11) % 29 - 14, 100));
        }
    }
    Form::new(&game, &game.numbers(&[]).expect("constant payoffs"))
}

#[test]
fn every_lane_is_a_run_of_its_own() {
    let arms = [
        Arm::Plain,
        Arm::Plus,
        Arm::Discounted,
        Arm::Predictive,
        Arm::Cautious,
        Arm::Scheduled(100),
        Arm::Sampled,
    ];
    for game in [poker::kuhn(2), poker::kuhn(3), poker::liars_dice(3)] {
        let forms: Vec<Form> = (0..LANES as i64).map(|k| draw(&game, k)).collect();
        for count in [LANES, 3] {
            let drawn: Vec<&Form> = forms[..count].iter().collect();
            let lanes = Lanes::new(&drawn).expect("draws of one tree");
            for arm in arms {
                let mut all = LaneRun::new(&lanes, arm);
                all.play(&lanes, 60);
                for (k, form) in drawn.iter().enumerate() {
                    let kernel = Kernel::new(form);
                    let mut alone = Run::new(&kernel, arm);
                    alone.play(&kernel, 60);
                    let lane = all.lane(k);
                    for (a, b) in alone.memories.iter().zip(&lane) {
                        let bits = |list: &[f64]| list.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                        assert_eq!(bits(&a.regret), bits(&b.regret), "{} lane {k}", arm.name());
                        assert_eq!(bits(&a.last), bits(&b.last), "{} lane {k}", arm.name());
                        assert_eq!(bits(&a.average), bits(&b.average), "{} lane {k}", arm.name());
                        assert_eq!(bits(&a.plan), bits(&b.plan), "{} lane {k}", arm.name());
                    }
                }
            }
        }
    }
}

/// Sets are merged for all draws at once only where they play the same part in each; a plan found on
/// the small game is worth as much on the whole one, draw by draw.
#[test]
fn draws_are_merged_together() {
    let game = poker::leduc();
    let forms: Vec<Form> = (0..4).map(|k| draw(&game, k)).collect();
    let drawn: Vec<&Form> = forms.iter().collect();
    let merged = merge_draws(&drawn).expect("draws of one tree");
    assert_eq!(merge_draws(&drawn[..1]).expect("one draw")[0], merge(&forms[0]));
    // Suits are alike in every draw: the sizes are those of one draw.
    assert!(merged[0].form.sides.iter().all(|s| s.slots() == 337));
    let small: Vec<&Form> = merged.iter().map(|m| &m.form).collect();
    let lanes = Lanes::new(&small).expect("draws of one tree");
    let mut run = LaneRun::new(&lanes, Arm::Plus);
    run.play(&lanes, 200);
    let mut gaps = vec![];
    for (k, form) in forms.iter().enumerate() {
        let kernel = Kernel::new(small[k]);
        let plan = Run::resume(&kernel, Arm::Plus, run.rounds, run.lane(k)).average(&kernel);
        let class = &merged[k].class;
        let whole: Vec<Vec<f64>> =
            class.iter().zip(&plan).map(|(c, p)| c.iter().map(|s| p[*s as usize]).collect()).collect();
        let found = bound(form, &whole);
        assert!((found.gap() - kernel.gap(&plan)).abs() < 1e-9, "draw {k}");
        assert!(found.gap() < 0.05, "draw {k}: {}", found.gap());
        gaps.push(found.gap());
    }
    assert_ne!(gaps[0], gaps[1]);
    // Another tree is no draw of this one.
    let other = draw(&poker::kuhn(2), 0);
    assert!(Lanes::new(&[&forms[0], &other]).is_none() && merge_draws(&[&forms[0], &other]).is_none());
}
