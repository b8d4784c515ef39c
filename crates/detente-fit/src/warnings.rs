//! What a reader must know before believing an estimate, in sentences.

use crate::fit::Fit;
use crate::likelihood::Problem;
use crate::optimise::Peak;

/// Log-likelihoods closer than this are the same peak.
const SAME: f64 = 1e-4;
/// The warnings of a fit, the gravest first.
pub(crate) fn warnings(problem: &Problem, best: &Peak, fit: &Fit) -> Vec<String> {
    let mut list = vec![];
    if !best.converged {
        list.push("The climb stopped before the slope vanished: these numbers are no maximum yet.".into());
    }
    let peaks = fit.starts.iter().filter_map(|s| s.log_likelihood.filter(|_| s.converged));
    let lower = peaks.clone().filter(|v| *v < best.value - SAME).count();
    if lower > 0 {
        list.push(format!(
            "{lower} of {} starts ended on lower peaks: there are several. Take more starts to be surer \
             of the highest.",
            fit.starts.len()
        ));
    }
    if peaks.filter(|v| *v >= best.value - SAME).count() == 1 && fit.starts.len() > 1 {
        list.push("Only one start reached the highest peak.".into());
    }
    for e in fit.estimates.iter().filter(|e| e.at_end) {
        list.push(format!(
            "{} lies at an end of its range: standard errors mean nothing there; use a bootstrap.",
            e.name
        ));
    }
    let b = &fit.branches;
    if b.folded > 0 {
        list.push(format!(
            "In {} of {} games the branch from λ = 0 folds back before the estimated λ: the play jumps \
             there, and the likelihood has a step (Crisman-Cox and Gibilisco, \"Estimating signaling \
             games in international relations\", Political Science Research and Methods 2021).",
            b.folded, fit.games
        ));
    }
    if b.several > 0 {
        list.push(format!(
            "In {} of {} games looked at several equilibria fit the estimate; which one is played moves \
             their log-likelihood from {:.3} to {:.3} (principal branch: {:.3}). The estimates hold for \
             the principal branch.",
            b.several, b.looked_at, b.low, b.high, b.principal
        ));
    }
    if problem.data.blanks > 0 {
        list.push(format!(
            "{} blank cells of moves that could have been made count as not recorded; write `-` for a \
             move that was not made.",
            problem.data.blanks
        ));
    }
    list
}
