//! Who stands behind a proposal, and on whom that hangs: the weakest link of a coalition.
//!
//! The one idea: a coalition breaks where a member is both needed and has little to lose by leaving.

use crate::council::Council;
use crate::power::Voting;
use thiserror::Error;

/// Why a coalition cannot be looked at.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum CoalitionError {
    #[error("the coalition names actor number {index}, counted from 0, but there are {actors}")]
    NoActor { index: usize, actors: usize },
    #[error("a proposal has {found} places for {issues} issues; give one per issue")]
    Proposal { issues: usize, found: usize },
}

/// Returns how much better each actor finds a proposal than its alternative: the sum over issues of
/// salience (0 to 1) times how much nearer it lies, in parts of the scale. Both hold one place per issue,
/// in the issues' units.
///
/// # Errors
/// [`CoalitionError::Proposal`] if either does not fit the issues.
pub fn margins(council: &Council, proposal: &[f64], alternative: &[f64]) -> Result<Vec<f64>, CoalitionError> {
    let issues = council.issues().len();
    for places in [proposal, alternative] {
        if places.len() != issues {
            return Err(CoalitionError::Proposal { issues, found: places.len() });
        }
    }
    let on_issue = |i: usize, k: usize| {
        let x = council.to_unit(k, council.position(i, k));
        let away = |place: f64| (x - council.to_unit(k, place)).abs();
        council.salience(i, k) * (away(alternative[k]) - away(proposal[k]))
    };
    Ok((0..council.actors().len()).map(|i| (0..issues).map(|k| on_issue(i, k)).sum()).collect())
}

/// Returns the actors who prefer the proposal, in their order.
pub fn supporters(margins: &[f64]) -> Vec<usize> {
    (0..margins.len()).filter(|&i| margins[i] > 0.0).collect()
}

/// A member of a coalition and what hangs on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    pub actor: usize,
    pub weight: u64,
    /// What the coalition has above the quota if the actor leaves; negative if it then fails.
    pub surplus_without: i128,
    /// The coalition fails if the actor abstains.
    pub needed: bool,
    /// How much better the actor finds what the coalition stands for than its alternative; below 0 it
    /// would gain by leaving.
    pub margin: f64,
}

/// Returns the members of a coalition, the weakest link first: those whose leaving makes it fail, the one
/// with the least to lose in front; then those who can be spared, likewise.
///
/// `margin[actor]` is the worth to each actor of the coalition's proposal less that of the alternative,
/// such as a difference in utility between two positions.
///
/// # Errors
/// [`CoalitionError`] if the coalition or the margins do not fit the voters.
pub fn links(voting: &Voting, coalition: &[usize], margin: &[f64]) -> Result<Vec<Link>, CoalitionError> {
    let actors = voting.weights().len().min(margin.len());
    let mut members = coalition.to_vec();
    members.sort_unstable();
    members.dedup();
    if let Some(&index) = members.iter().find(|&&index| index >= actors) {
        return Err(CoalitionError::NoActor { index, actors });
    }
    let total: u64 = members.iter().map(|&i| voting.weights()[i]).sum();
    let mut links: Vec<Link> = members
        .iter()
        .map(|&actor| {
            let weight = voting.weights()[actor];
            let surplus_without = i128::from(total - weight) - i128::from(voting.quota());
            let needed = total >= voting.quota() && total - weight < voting.quota();
            Link { actor, weight, surplus_without, needed, margin: margin[actor] }
        })
        .collect();
    links.sort_by(|a, b| {
        b.needed.cmp(&a.needed).then(a.margin.total_cmp(&b.margin)).then(a.actor.cmp(&b.actor))
    });
    Ok(links)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::council::{Actor, CouncilData, Issue, SalienceRule};

    #[test]
    fn the_weakest_link_is_needed_and_has_least_to_lose() {
        let voting = Voting::new(vec![4, 3, 2, 2, 5], 8).expect("sound");
        let weak = links(&voting, &[0, 1, 2], &[0.3, 0.1, -0.5, 0.0, 0.0]).expect("fits");
        // 9 against a quota of 8: each of the three is needed, and the last would rather leave.
        assert_eq!(weak.iter().map(|l| l.actor).collect::<Vec<_>>(), vec![2, 1, 0]);
        assert!(weak.iter().all(|l| l.needed));
        assert_eq!(weak[0].surplus_without, -1);
        let spared = links(&voting, &[0, 1, 2, 3], &[0.3, 0.1, -0.5, 0.2, 0.0]).expect("fits");
        // 11 against 8: only the first is needed (11 - 4 = 7); of the others the unwilling stands in front.
        let order: Vec<(usize, bool)> = spared.iter().map(|l| (l.actor, l.needed)).collect();
        assert_eq!(order, vec![(0, true), (2, false), (1, false), (3, false)]);
        assert!(links(&voting, &[9], &[0.0; 5]).is_err());
    }

    #[test]
    fn who_is_nearer_and_cares_stands_behind() {
        let council = Council::new(CouncilData {
            issues: vec![Issue::new("a", 0.0, 10.0), Issue::new("b", 0.0, 1.0)],
            actors: vec![Actor::new("x"), Actor::new("y"), Actor::new("z")],
            capability: vec![1.0; 3],
            position: vec![vec![0.0, 0.0], vec![10.0, 0.0], vec![10.0, 1.0]],
            salience: vec![vec![0.5, 0.5], vec![0.1, 0.9], vec![0.0, 0.0]],
            full_salience: 1.0,
            salience_rule: SalienceRule::Shares,
        })
        .expect("sound");
        let found = margins(&council, &[2.0, 0.0], &[8.0, 1.0]).expect("fits");
        assert!((found[0] - (0.5 * 0.6 + 0.5)).abs() < 1e-12);
        assert!((found[1] - (0.9 - 0.1 * 0.6)).abs() < 1e-12);
        assert_eq!(supporters(&found), vec![0, 1]);
        assert!(margins(&council, &[2.0], &[8.0, 1.0]).is_err());
    }
}
