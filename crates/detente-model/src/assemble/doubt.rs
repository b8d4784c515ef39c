//! The analyst's doubt: hypotheses with their priors, and ranges that move together.

use crate::ask::Asker;
use crate::elaborate::{Elaborated, constant_value, prior_value};
use crate::model::*;
use crate::program::Dist;
use crate::resolve::{HypothesisCode, Resolved};
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_game::ParamId;
use detente_prob::Copula;

/// The hypotheses whose event and prior have a meaning.
pub(super) fn hypotheses(resolved: &Resolved, asker: &mut Asker) -> Vec<Hypothesis> {
    let mut list = Vec::new();
    for ((item, h), code) in resolved.hypotheses.iter().zip(&resolved.extras.hypotheses) {
        let place = crate::ask::Place::new(asker.base);
        let event = asker.happening(&h.event, &place);
        let prior = hypothesis_prior(resolved, code, asker);
        if let Some(event) = event {
            let support = crate::resolve::support(&h.caption, &item.doc, item.span);
            list.push(Hypothesis { name: h.name.text.clone(), event, prior, support });
        }
    }
    list
}

fn hypothesis_prior(
    resolved: &Resolved,
    code: &HypothesisCode,
    asker: &mut Asker,
) -> Option<HypothesisPrior> {
    let dist = code.prior.as_ref()?;
    let span = dist.span();
    let outside = |asker: &mut Asker, span: Span| {
        asker.report(
            Diagnostic::error("prior-leaks", "the prior of a hypothesis is a probability")
                .label(span, "reaches outside (0, 1)")
                .help("give a number or a range between 0 and 1, such as `0.2 to 0.8`"),
        );
    };
    if let Dist::Point(formula) = dist {
        match constant_value(&resolved.program, formula) {
            Ok(value) if value.is_positive() && value < Q::ONE => return Some(HypothesisPrior::Point(value)),
            Ok(_) => outside(asker, formula.span),
            Err(found) => asker.diagnostics.extend(found),
        }
        return None;
    }
    match prior_value(&resolved.program, dist) {
        Ok(prior) => {
            // `lo to hi` is read as a range of values here; its tails do not matter.
            let (lo, hi) = match &prior {
                detente_prob::Prior::Interval { lo, hi } => (*lo, *hi),
                other => other.support(),
            };
            let inside = match &prior {
                detente_prob::Prior::Interval { .. } => lo > 0.0 && hi < 1.0,
                _ => lo >= 0.0 && hi <= 1.0,
            };
            if inside {
                return Some(HypothesisPrior::Range(prior));
            }
            outside(asker, span);
        }
        Err(found) => asker.diagnostics.extend(found),
    }
    None
}

/// The rank correlations that together can hold.
pub(super) fn correlations(
    resolved: &Resolved,
    base: &Elaborated,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Correlation> {
    let mut list: Vec<Correlation> = Vec::new();
    let params = &resolved.program.params;
    for code in &resolved.extras.correlations {
        let value = match constant_value(&resolved.program, &code.value) {
            Ok(value) => value,
            Err(found) => {
                diagnostics.extend(found);
                continue;
            }
        };
        let without = [code.left, code.right].into_iter().find(|p| base.game.params[*p].prior.is_none());
        let problem = if let Some(param) = without {
            Some(format!("`{}` has no prior", params[param].name))
        } else if code.left == code.right {
            Some("a param cannot be correlated with itself".to_string())
        } else {
            None
        };
        let pair = [(code.left, code.right, value.to_f64())];
        let problem = problem.or_else(|| Copula::new(params.len(), &pair).err().map(|e| e.to_string()));
        if let Some(problem) = problem {
            diagnostics.push(bad_correlation(&problem, code.support.span));
            continue;
        }
        let (left, right) = (ParamId(code.left as u32), ParamId(code.right as u32));
        list.push(Correlation { left, right, rank: value.to_f64(), support: code.support.clone() });
    }
    let pairs: Vec<(usize, usize, f64)> =
        list.iter().map(|c| (c.left.index(), c.right.index(), c.rank)).collect();
    if let (Err(error), Some(last)) = (Copula::new(params.len(), &pairs), list.last()) {
        diagnostics.push(bad_correlation(&error.to_string(), last.support.span));
    }
    list
}

fn bad_correlation(problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error("bad-correlation", problem)
        .label(span, "cannot hold")
        .help("correlate two different params with priors, between -1 and 1; pairs that are not named have 0")
}
