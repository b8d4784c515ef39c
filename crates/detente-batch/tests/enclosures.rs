//! Enclosures hold the exact numbers: random formulas on the tape, at random rational points.

mod common;

use detente_batch::{Batch, Block, LANES, Work};
use detente_exact::Q;
use detente_game::solution::Concept;
use detente_game::{ExprId, Game, Op, Param, ParamId, Pay, PlayerId};
use detente_prob::Prior;
use detente_test::Shape;
use detente_test::random::{Payoffs, SplitMix};

/// A formula over some parameters and constants, built at random.
fn formula(game: &mut Game, random: &mut SplitMix, size: usize) -> ExprId {
    let mut known: Vec<ExprId> = (0..4).map(|p| game.tape.push(Op::Param(ParamId(p)))).collect();
    known.push(game.tape.constant(Q::new(random.between(-30, 30), 7)));
    known.push(game.tape.constant(Q::new(random.between(1, 9), 3)));
    for _ in 0..size {
        let pick = |random: &mut SplitMix| known[random.below(known.len())];
        let (a, b, c) = (pick(random), pick(random), pick(random));
        let op = match random.below(11) {
            0 | 1 => Op::Add(a, b),
            2 | 3 => Op::Sub(a, b),
            4 | 5 => Op::Mul(a, b),
            6 => Op::Div(a, b),
            7 => Op::Min(a, b),
            8 => Op::Max(a, b),
            9 => Op::Neg(a),
            _ => {
                let less = game.tape.push(Op::Less(a, b));
                Op::If(less, b, c)
            }
        };
        known.push(game.tape.push(op));
    }
    *known.last().expect("there are parameters")
}

#[test]
fn payoffs_lie_in_their_enclosures() {
    let random = &mut SplitMix::new(3);
    let (mut known, mut open) = (0, 0);
    for seed in 0..60 {
        let shape =
            Shape::PerfectInformation { players: 2, decisions: 2, menu: 2, payoffs: Payoffs::Integers(3) };
        let mut game = detente_test::random_game(seed, shape);
        for p in 0..4 {
            let prior = Some(Prior::Uniform { lo: -2.0, hi: 2.0 });
            let (name, base) = (format!("p{p}"), Q::new(random.between(-9, 9), 7));
            // The last keeps its base value, which is no float.
            let prior = prior.filter(|_| p < 3);
            game.params.push(Param { name: name.clone(), label: name, unit: None, prior, base });
        }
        let end = game.nodes.len() - 1;
        let amount = formula(&mut game, random, 12);
        game.pay_lists.push(vec![Pay { player: PlayerId(0), ledger: None, amount }]);
        game.nodes[end].pays = detente_game::PayListId(game.pay_lists.len() as u32 - 1);
        let mut block = Block::new(&game);
        for p in 0..3 {
            for lane in 0..LANES {
                // Some values are near each other, so that differences cancel.
                let near = random.unit() * 1e-9;
                let value = if random.once_in(3) { 0.75 + near } else { 4.0 * random.unit() - 2.0 };
                block.set(p, lane, value);
            }
        }
        let batch = Batch::new(&game, Concept::Sequential, &block).expect("perfect information");
        let mut work = Work::default();
        batch.load(&block, &mut work);
        for lane in 0..LANES {
            let mut params = game.base_params();
            for (p, param) in params.iter_mut().enumerate().take(3) {
                *param = Q::from_f64(block.value(p, lane)).expect("draws are finite");
            }
            let Ok(point) = batch.point(&work, lane) else {
                open += 1;
                continue;
            };
            let numbers = game.numbers(&params).expect("a value that is enclosed exists");
            let found = point.paid(end, 0);
            let exact = numbers.payoff(&game, detente_game::NodeId(end as u32), 0);
            assert!(found.contains_q(exact), "formula {seed}, lane {lane}: {found:?} and {exact}");
            assert!(found.width() <= 1e-6 * (1.0 + found.magnitude()), "{found:?} says nothing");
            known += 1;
        }
    }
    assert!(known > 1000, "{known} known, {open} open");
}
