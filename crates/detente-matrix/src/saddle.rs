//! Optimal strategies of a game of constant sum, by one exact linear program.
//!
//! The one idea: the program's dual vector is the other player's optimal strategy (von Neumann,
//! "Zur Theorie der Gesellschaftsspiele", 1928; Gale, Kuhn and Tucker, 1951), and the pair proves
//! itself.

use crate::game::{Bimatrix, Mixed};
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome, Rel};

/// One equilibrium of a game whose payoffs sum to a constant; `None` if they do not.
pub fn optimal(game: &Bimatrix) -> Option<[Mixed; 2]> {
    game.constant_sum()?;
    let (rows, columns) = (game.size(0), game.size(1));
    // The first player's guaranteed payoff is the last variable; payoffs are shifted, so that it is
    // not negative.
    let low = game.payoffs(0).iter().flatten().min()?.clone();
    let mut lp = Lp::with_variables(rows + 1, Some(Q::ZERO), None);
    for j in 0..columns {
        let mut coefs = vec![(rows, Q::ONE)];
        let against = (0..rows).map(|i| (i, &low - game.payoff(0, i, j))).filter(|(_, c)| !c.is_zero());
        coefs.extend(against);
        lp.add_row(coefs, Rel::Le, Q::ZERO);
    }
    lp.add_row((0..rows).map(|i| (i, Q::ONE)).collect(), Rel::Eq, Q::ONE);
    let Outcome::Optimal { x, dual, .. } = lp::maximize(&lp, &[(rows, Q::ONE)]) else { return None };
    let pair = [x[..rows].to_vec(), dual[..columns].to_vec()];
    // Where the value is the lowest payoff the dual need not sum to 1; anything may be added.
    let missing = Q::ONE - pair[1].iter().cloned().sum::<Q>();
    let mut pair = pair;
    if !missing.is_zero() {
        let j = (0..columns).find(|j| !pair[1][*j].is_negative())?;
        pair[1][j] += missing;
    }
    game.is_equilibrium([&pair[0], &pair[1]]).then_some(pair)
}
