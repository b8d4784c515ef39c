//! Levers, what is to be estimated, and the precision of choice.
//!
//! The one idea: a lever is kept in names, so that it can be pulled in every game of the model and
//! beside every other lever; its numbers are plain, so that it means the same in every draw.

use crate::elaborate::{Elaborated, constant_value, prior_value};
use crate::model::{Lever, Precision};
use crate::program::{Formula, ParamValue, Program};
use crate::resolve::{Resolved, VariantCode};
use detente_diag::Diagnostic;
use detente_exact::Q;
use detente_game::{Op, ParamId, PlayerId};

/// The levers of the model, in the order of the text.
pub(super) fn levers(resolved: &Resolved, base: &Elaborated, found: &mut Vec<Diagnostic>) -> Vec<Lever> {
    let codes = resolved.extras.variants.iter();
    codes.filter_map(|code| Some(lever(&resolved.program, base, code, code.by?, found))).collect()
}

fn lever(
    program: &Program,
    base: &Elaborated,
    code: &VariantCode,
    player: usize,
    found: &mut Vec<Diagnostic>,
) -> Lever {
    let mut sets = vec![];
    for (at, value) in &code.settings.params {
        match plain(program, base, *at, value) {
            Some(number) => sets.push((ParamId(*at as u32), number)),
            None => found.push(
                Diagnostic::error(
                    "type-mismatch",
                    format!("lever `{}` sets `{}` to no plain number", code.name, program.params[*at].name),
                )
                .label(code.support.span, "what a lever sets is one number")
                .help("write `set a = 0.3`, of a param that is no formula; other changes are a `variant`"),
            ),
        }
    }
    let settings = &code.settings;
    if !settings.consts.is_empty() {
        found.push(
            Diagnostic::error("type-mismatch", format!("lever `{}` sets a const", code.name))
                .label(code.support.span, "this changes the tree itself")
                .help("make it a `variant`"),
        );
    }
    let arm = |event: usize, arm: u32| program.events[event].arms[arm as usize].clone();
    Lever {
        name: code.name.clone(),
        player: PlayerId(player as u32),
        support: code.support.clone(),
        forbids: settings.forbid.iter().map(|(e, a, _)| (program.event_name(*e), arm(*e, *a))).collect(),
        sets,
        reveals: settings.reveal.iter().map(|(e, p)| (program.event_name(*e), PlayerId(*p as u32))).collect(),
    }
}

/// The number that a parameter is set to, if it is one and the game reads it.
fn plain(program: &Program, base: &Elaborated, at: usize, value: &ParamValue) -> Option<Q> {
    let own = Op::Param(ParamId(at as u32));
    let reads = base.facts.param_exprs[at].is_none_or(|expr| base.game.tape.ops[expr.0 as usize] == own);
    let formula: &Formula = match value {
        ParamValue::Fixed(formula) if reads => formula,
        _ => return None,
    };
    constant_value(program, formula).ok()
}

/// The prior of λ that the model states.
pub(super) fn precision(resolved: &Resolved, found: &mut Vec<Diagnostic>) -> Option<Precision> {
    let (dist, support) = resolved.extras.precision.as_ref()?;
    match prior_value(&resolved.program, dist) {
        Ok(prior) if prior.quantile(0.001) >= 0.0 => Some(Precision { prior, support: support.clone() }),
        Ok(_) => {
            found.push(
                Diagnostic::error("prior-leaks", "the precision of choice may fall below 0")
                    .label(dist.span(), "reaches below 0")
                    .help("λ is at least 0: write a prior such as `lognormal(1, 0.5)` or `uniform(0.5, 5)`"),
            );
            None
        }
        Err(list) => {
            found.extend(list);
            None
        }
    }
}
