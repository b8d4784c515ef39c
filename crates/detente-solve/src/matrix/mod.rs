//! Two players who choose once, at the same time: the table goes to `detente-matrix`.
//!
//! The one idea: in such a game every set is reached, so Nash, subgame-perfect and sequential
//! equilibria are the same; the room of tables finds them all, and here they get the game's names.

mod conditions;
mod describe;

use crate::describe::order;
use crate::settings::{Progress, Settings};
use crate::stages::concept_name;
use describe::Table;
use detente_game::certificate::Certificate;
use detente_game::matrix::{MatrixProof, MatrixStep};
use detente_game::solution::{Component, Solution, Status};
use detente_game::{Game, Numbers};
use detente_matrix::{Equilibria, Limits, Step, equilibria, lemke_howson};

/// Returns all equilibria, or one if one was asked for. `None` if the game is of another kind.
pub fn solve(
    game: &Game,
    numbers: &Numbers,
    settings: &Settings,
    digest: &dyn Fn() -> String,
    progress: &dyn Progress,
) -> Option<Solution> {
    let table = Table::new(game, numbers)?;
    let mut certificate = Certificate {
        version: 1,
        game: digest(),
        params: numbers.params.clone(),
        concept: concept_name(settings.concept).into(),
        ..Certificate::default()
    };
    if settings.one {
        let pair = lemke_howson(&table.matrix, 0)?;
        return Some(Solution {
            concept: settings.concept,
            status: Status::ExactSome,
            unresolved: vec!["one equilibrium was looked for; there may be others".into()],
            components: vec![table.one(&pair, settings.concept)],
            certificate,
        });
    }
    let limits = Limits {
        steps: settings.max_steps,
        keep_going: &|done| progress.keep_going(done),
        share: &|count, work| {
            let job = |k: usize| -> Box<dyn FnOnce() + Send + '_> { Box::new(move || work(k)) };
            progress.each((0..count).map(job).collect());
        },
    };
    let found = equilibria(&table.matrix, &limits);
    if found.components.is_empty() {
        return None;
    }
    let listed: Vec<Component> =
        found.components.iter().map(|c| table.component(&found.cases, c, settings.concept)).collect();
    let order = order(&listed);
    let mut unresolved = vec![];
    if !found.cases.complete {
        unresolved.push("the search for more equilibria was ended before every case was decided".into());
    }
    let mut listed: Vec<Option<Component>> = listed.into_iter().map(Some).collect();
    let components = order.iter().filter_map(|k| listed[*k].take()).collect();
    certificate.matrix = Some(proof(found, &order));
    let status = if unresolved.is_empty() { Status::ExactComplete } else { Status::ExactSome };
    Some(Solution { concept: settings.concept, status, unresolved, components, certificate })
}

/// The proof as a certificate writes it, components in this order.
fn proof(found: Equilibria, order: &[usize]) -> MatrixProof {
    let step = |step: Step| match step {
        Step::Branch(k) => MatrixStep::Branch(k),
        Step::Refuted(p, weights) => MatrixStep::Refuted(p, weights),
        Step::Implied(p, weights) => MatrixStep::Implied(p, weights),
        Step::Piece(n) => MatrixStep::Piece(n),
        Step::Saddle(x, y) => MatrixStep::Saddle(x, y),
        Step::Open => MatrixStep::Open,
    };
    MatrixProof {
        components: order.iter().map(|k| found.components[*k].pieces.clone()).collect(),
        index: order.iter().map(|k| found.components[*k].index).collect(),
        steps: found.cases.steps.into_iter().map(step).collect(),
        strategies: found.cases.strategies,
        pieces: found.cases.pieces,
    }
}
