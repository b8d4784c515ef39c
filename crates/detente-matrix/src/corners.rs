//! The exact corners of one face: all mixed strategies of a player that fit a case.
//!
//! The one idea: in a game without ties a face is one point, and a few equations of whole
//! numbers give it; only faces with more to them are enumerated.

use crate::game::{Bimatrix, Mixed};
use detente_exact::Q;
use detente_exact::integer::{self, Solved};
use detente_exact::lp::{self, Lp, Rel};

/// The corners of the set of mixed strategies of `player` that leave out what is `unused` and make
/// the other's `best` strategies best replies, sorted. `None` if there are more than `cap`.
///
/// Without `best` strategies nothing is asked of the other player.
pub(crate) fn corners(
    game: &Bimatrix,
    player: usize,
    unused: &[bool],
    best: &[bool],
    cap: usize,
) -> Option<Vec<Mixed>> {
    let own: Vec<usize> = (0..unused.len()).filter(|i| !unused[*i]).collect();
    let full = |short: &[Q]| {
        let mut x = vec![Q::ZERO; unused.len()];
        for (i, p) in own.iter().zip(short) {
            x[*i] = p.clone();
        }
        x
    };
    let tied: Vec<usize> = (0..best.len()).filter(|k| best[*k]).collect();
    let Some(anchor) = tied.first() else {
        let mut units: Vec<Mixed> = (0..own.len())
            .map(|i| full(&(0..own.len()).map(|j| if i == j { Q::ONE } else { Q::ZERO }).collect::<Vec<Q>>()))
            .collect();
        units.sort();
        return (units.len() <= cap).then_some(units);
    };
    let others = game.payoffs(1 - player);
    let mut rows = vec![vec![Q::ONE; own.len() + 1]];
    for k in &tied[1..] {
        let difference = own.iter().map(|i| &others[*k][*i] - &others[*anchor][*i]);
        rows.push(difference.chain([Q::ZERO]).collect());
    }
    match integer::solve(&rows) {
        Solved::None => Some(vec![]),
        Solved::One(x) => {
            let fits = x.iter().all(|p| !p.is_negative());
            let x = full(&x);
            let replies = fits && {
                let replies = game.best_replies(1 - player, &x);
                tied.iter().all(|k| replies[*k])
            };
            Some(if replies { vec![x] } else { vec![] })
        }
        Solved::Many => {
            let mut lp = Lp::with_variables(own.len(), Some(Q::ZERO), None);
            for row in &rows {
                let coefs = row[..own.len()].iter().cloned().enumerate().filter(|(_, c)| !c.is_zero());
                lp.add_row(coefs.collect(), Rel::Eq, row[own.len()].clone());
            }
            for k in (0..best.len()).filter(|k| !best[*k]) {
                let difference = own.iter().map(|i| &others[k][*i] - &others[*anchor][*i]);
                let coefs = difference.enumerate().filter(|(_, c)| !c.is_zero()).collect();
                lp.add_row(coefs, Rel::Le, Q::ZERO);
            }
            let list = lp::vertices(&lp, cap)?;
            let mut list: Vec<Mixed> = list.iter().map(|x| full(x)).collect();
            list.sort();
            Some(list)
        }
    }
}
