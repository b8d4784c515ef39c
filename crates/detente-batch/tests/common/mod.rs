//! Shared by the tests: games whose payoffs are parameters, and blocks of random draws.

#![allow(dead_code)]

pub mod cases;

use detente_batch::{Block, LANES};
use detente_exact::Q;
use detente_game::{Game, NodeKind, Numbers, Pay, PayListId, PlayerId};
use detente_test::random::SplitMix;
use detente_test::{doubted, free_param};

/// Makes a parameter of every payment, and gives every end one of its own for each player.
pub fn free(game: Game) -> Game {
    let mut game = doubted(game);
    for x in 0..game.nodes.len() {
        if matches!(game.nodes[x].kind, NodeKind::Terminal(_)) {
            let mut list = vec![];
            for player in 0..game.players.len() as u32 {
                let amount = free_param(&mut game, Q::ZERO);
                list.push(Pay { player: PlayerId(player), ledger: None, amount });
            }
            game.pay_lists.push(list);
            game.nodes[x].pays = PayListId(game.pay_lists.len() as u32 - 1);
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
