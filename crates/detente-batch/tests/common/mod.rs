//! Shared by the tests: games whose payoffs are parameters, and blocks of random draws.

#![allow(dead_code)]

pub mod cases;

use detente_batch::{Block, LANES};
use detente_exact::Q;
use detente_game::{Game, NodeKind, Numbers, Op, Param, ParamId};
use detente_prob::Prior;
use detente_test::random::SplitMix;

/// Makes a parameter of every payment that is a constant.
pub fn free(mut game: Game) -> Game {
    for list in 0..game.pay_lists.len() {
        for k in 0..game.pay_lists[list].len() {
            let amount = game.pay_lists[list][k].amount;
            if let Op::Const(base) = game.tape.ops[amount.0 as usize].clone() {
                let id = ParamId(game.params.len() as u32);
                let name = format!("u{}", id.0);
                let prior = Some(Prior::Uniform { lo: -1.0, hi: 1.0 });
                game.params.push(Param { name: name.clone(), label: name, unit: None, prior, base });
                game.pay_lists[list][k].amount = game.tape.push(Op::Param(id));
            }
        }
    }
    // Ends without a payment pay zero in the games made here; give them one of their own.
    for x in 0..game.nodes.len() {
        if matches!(game.nodes[x].kind, NodeKind::Terminal(_)) {
            let mut list = vec![];
            for p in 0..game.players.len() as u32 {
                let id = ParamId(game.params.len() as u32);
                let name = format!("u{}", id.0);
                let prior = Some(Prior::Uniform { lo: -1.0, hi: 1.0 });
                game.params.push(Param { name: name.clone(), label: name, unit: None, prior, base: Q::ZERO });
                let amount = game.tape.push(Op::Param(id));
                list.push(detente_game::Pay { player: detente_game::PlayerId(p), ledger: None, amount });
            }
            game.pay_lists.push(list);
            game.nodes[x].pays = detente_game::PayListId(game.pay_lists.len() as u32 - 1);
        }
    }
    game
}

/// A block of random draws; `steps` above 0 makes ties likely.
pub fn block(game: &Game, random: &mut SplitMix, steps: usize) -> Block {
    let mut block = Block::new(game);
    for p in 0..game.params.len() {
        if game.params[p].prior.is_none() {
            continue;
        }
        for lane in 0..LANES {
            let value = match steps {
                0 => 2.0 * random.unit() - 1.0,
                n => random.below(n) as f64 / 8.0,
            };
            block.set(p, lane, value);
        }
    }
    block
}

/// The exact parameters of one draw.
pub fn params(game: &Game, block: &Block, lane: usize) -> Vec<Q> {
    let value = |p: usize| Q::from_f64(block.value(p, lane)).expect("draws are finite");
    (0..game.params.len())
        .map(|p| if game.params[p].prior.is_some() { value(p) } else { game.params[p].base.clone() })
        .collect()
}

/// The exact numbers of one draw.
pub fn numbers(game: &Game, block: &Block, lane: usize) -> Numbers {
    game.numbers(&params(game, block, lane)).expect("the game exists everywhere")
}
