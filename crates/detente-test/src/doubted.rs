//! Games whose payments are in doubt: each is a parameter of its own.

use detente_exact::Q;
use detente_game::{ExprId, Game, Op, Param, ParamId};
use detente_prob::Prior;

/// Makes a parameter of every payment that is a number.
pub fn doubted(mut game: Game) -> Game {
    for list in 0..game.pay_lists.len() {
        for k in 0..game.pay_lists[list].len() {
            let amount = game.pay_lists[list][k].amount;
            if let Op::Const(base) = game.tape.ops[amount.0 as usize].clone() {
                game.pay_lists[list][k].amount = free_param(&mut game, base);
            }
        }
    }
    game
}

/// A new parameter, uniform from -1 to 1, with this base value.
pub fn free_param(game: &mut Game, base: Q) -> ExprId {
    let id = ParamId(game.params.len() as u32);
    let name = format!("u{}", id.0);
    let prior = Some(Prior::Uniform { lo: -1.0, hi: 1.0 });
    game.params.push(Param { name: name.clone(), label: name, unit: None, prior, base });
    game.tape.push(Op::Param(id))
}
