//! Who stands behind a proposal, and on whom that hangs: the weakest link of a coalition.
//!
//! The one idea: a coalition breaks where a member is both needed and has little to lose by leaving.

use crate::baseline::weighted_mean;
use crate::council::Council;
use crate::forecast::{ForecastError, Model, forecast_on};
use crate::power::Voting;
use thiserror::Error;

/// Steps from a member's position to the far end of the scale when its breaking point is looked for.
const STEPS: usize = 8;
/// Halvings after the first step that breaks the coalition.
const HALVINGS: usize = 10;

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

/// What it takes to break a coalition by moving one of its members.
#[derive(Clone, Debug, PartialEq)]
pub struct Breaking {
    /// The settlement lies on the other side of the line already.
    pub broken: bool,
    /// `[member]`: how far it must be moved, it alone, for the settlement to cross the line, in the issue's
    /// unit; `None` if no place between its own and the end of the scale is far enough.
    pub inducement: Vec<Option<f64>>,
}

impl Breaking {
    /// Returns the member (by its place in the list) that the least inducement takes out, and how much that
    /// is; the first of several equal ones.
    pub fn weakest(&self) -> Option<(usize, f64)> {
        let known = self.inducement.iter().enumerate().filter_map(|(at, size)| Some((at, (*size)?)));
        known.reduce(|best, next| if next.1 < best.1 { next } else { best })
    }
}

/// Returns whether a coalition wants an issue at or above a line: whether its weighted mean lies above that of
/// all others. Where it has no others its own mean decides.
pub fn stands_above(council: &Council, issue: usize, members: &[usize], line: f64) -> bool {
    let mean = |inside: bool| {
        let list = || (0..council.actors().len()).filter(|i| members.contains(i) == inside);
        let places: Vec<f64> = list().map(|i| council.position(i, issue)).collect();
        let weights: Vec<f64> = list().map(|i| council.weight(i, issue)).collect();
        (!places.is_empty()).then(|| weighted_mean(&places, &weights))
    };
    mean(true).is_some_and(|own| own >= mean(false).unwrap_or(line))
}

/// Looks for the least move of each member, alone, that brings the settlement of an issue across a line, away
/// from the side that the coalition wants (see [`stands_above`]).
///
/// Theories jump, so a smaller move between two steps may exist.
///
/// # Errors
/// As [`forecast_on`]. There must be such an issue and such actors, and at least one.
pub fn breaking(
    council: &Council,
    model: &Model,
    issue: usize,
    members: &[usize],
    line: f64,
) -> Result<Breaking, ForecastError> {
    let above = stands_above(council, issue, members, line);
    let broken = |place: f64| (place >= line) != above;
    if broken(forecast_on(council, model, issue)?) {
        return Ok(Breaking { broken: true, inducement: vec![Some(0.0); members.len()] });
    }
    let scale = &council.issues()[issue];
    let end = if above { scale.low } else { scale.high };
    let mut inducement = Vec::with_capacity(members.len());
    for member in members {
        let from = council.position(*member, issue);
        let breaks_at = |place: f64| -> Result<bool, ForecastError> {
            let mut data = council.data().clone();
            data.position[*member][issue] = place;
            // Between a sound position and the end of its scale every place is sound.
            let Ok(moved) = Council::new(data) else { return Ok(false) };
            Ok(broken(forecast_on(&moved, model, issue)?))
        };
        inducement.push(least_move(from, end, breaks_at)?);
    }
    Ok(Breaking { broken: false, inducement })
}

/// Returns the least distance from `from` towards `end` at which `breaks` holds, by steps and halvings.
fn least_move(
    from: f64,
    end: f64,
    breaks: impl Fn(f64) -> Result<bool, ForecastError>,
) -> Result<Option<f64>, ForecastError> {
    let at = |share: f64| if share >= 1.0 { end } else { from + share * (end - from) };
    let mut near = 0.0;
    for step in 1..=STEPS {
        let mut far = step as f64 / STEPS as f64;
        if breaks(at(far))? {
            for _ in 0..HALVINGS {
                let middle = (near + far) / 2.0;
                if breaks(at(middle))? { far = middle } else { near = middle }
            }
            return Ok(Some((at(far) - from).abs()));
        }
        near = far;
    }
    Ok(None)
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

    /// The mean of 80, 70 (weights 3, 1) against 0 (weight 1) is 62: the first must give up 12 * 5 / 3 = 20, the
    /// second 60. Against a weight of 3 it is 310 / 7: below the line already.
    #[test]
    fn the_least_inducement_takes_out_the_weakest() {
        let council = |rival: f64| {
            Council::new(CouncilData {
                issues: vec![Issue::new("measures", 0.0, 100.0)],
                actors: vec![Actor::new("x"), Actor::new("y"), Actor::new("z")],
                capability: vec![3.0, 1.0, rival],
                position: vec![vec![80.0], vec![70.0], vec![0.0]],
                salience: vec![vec![1.0]; 3],
                full_salience: 1.0,
                salience_rule: SalienceRule::Shares,
            })
            .expect("sound")
        };
        let found = breaking(&council(1.0), &Model::Mean, 0, &[1, 0], 50.0).expect("a mean");
        assert!(!found.broken);
        let sizes: Vec<f64> = found.inducement.iter().flatten().copied().collect();
        assert!((sizes[0] - 60.0).abs() < 0.1 && (sizes[1] - 20.0).abs() < 0.1, "{found:?}");
        assert_eq!(found.weakest().map(|(at, _)| at), Some(1));
        // The median is the first member's place: the second can do nothing.
        let found = breaking(&council(1.0), &Model::Median, 0, &[0, 1], 50.0).expect("a median");
        assert!((found.weakest().expect("the first").1 - 30.0).abs() < 0.1, "{found:?}");
        assert_eq!(found.inducement[1], None);
        let found = breaking(&council(3.0), &Model::Mean, 0, &[0, 1], 50.0).expect("a mean");
        assert!(found.broken && found.weakest() == Some((0, 0.0)));
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
