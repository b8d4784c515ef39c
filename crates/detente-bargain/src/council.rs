//! The table itself: issues, actors, and three numbers for each pair of them.
//!
//! The one idea: a `Council` that exists is sound. All faults of the input are found at once and name
//! their actor and issue, so that no model below has to look for them again.

use std::collections::BTreeSet;
use thiserror::Error;

/// One question on the table, with a scale whose ends mean something.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    pub name: String,
    /// The lower end of the scale, in the issue's own unit.
    pub low: f64,
    /// The upper end of the scale.
    pub high: f64,
    /// What the lower end means, in words; may be empty.
    pub low_label: String,
    /// What the upper end means, in words; may be empty.
    pub high_label: String,
}

impl Issue {
    /// Returns an issue on a scale without labels.
    pub fn new(name: impl Into<String>, low: f64, high: f64) -> Issue {
        Issue { name: name.into(), low, high, low_label: String::new(), high_label: String::new() }
    }
}

/// Somebody at the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    pub name: String,
    pub description: String,
}

impl Actor {
    /// Returns an actor without a description.
    pub fn new(name: impl Into<String>) -> Actor {
        Actor { name: name.into(), description: String::new() }
    }
}

/// What the saliences of one actor over several issues mean together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SalienceRule {
    /// Shares of one attention: they sum to at most the full value (the convention of KTAB).
    Shares,
    /// Each issue by itself: every salience is at most the full value, whatever the sum.
    ///
    /// The spatial model reads an actor's total as a share of its means; under this rule it divides
    /// every salience by the number of issues.
    Each,
}

/// The numbers of a council, not yet checked.
///
/// `position[actor][issue]` is in the issue's own unit, `salience[actor][issue]` from 0 to
/// `full_salience`, `capability[actor]` in any unit as long as it is one for all.
#[derive(Clone, Debug, PartialEq)]
pub struct CouncilData {
    pub issues: Vec<Issue>,
    pub actors: Vec<Actor>,
    pub capability: Vec<f64>,
    pub position: Vec<Vec<f64>>,
    pub salience: Vec<Vec<f64>>,
    /// The number that means "all its attention": 100 in most files, 1 in some papers.
    pub full_salience: f64,
    pub salience_rule: SalienceRule,
}

/// Why numbers make no council.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum CouncilError {
    #[error("the council has no issue; name at least one, with its scale")]
    NoIssues,
    #[error("the council has no actor; name at least one")]
    NoActors,
    #[error("an {what} has no name; give it one")]
    NoName { what: &'static str },
    #[error("issue `{issue}` stands twice; rename or remove one of the two")]
    DuplicateIssue { issue: String },
    #[error("actor `{actor}` stands twice; rename or remove one of the two")]
    DuplicateActor { actor: String },
    #[error("the scale of issue `{issue}` runs from {low} to {high}; the first end must be the smaller one")]
    Scale { issue: String, low: f64, high: f64 },
    #[error("the full salience is {value}; it must be a number above 0, such as 100")]
    FullSalience { value: f64 },
    #[error("there are {actors} actors but {found} rows of {what}; give one row per actor")]
    Rows { what: &'static str, actors: usize, found: usize },
    #[error("actor `{actor}` has {found} {what} for {issues} issues; give one per issue")]
    Columns { actor: String, what: &'static str, issues: usize, found: usize },
    #[error(
        "the capability of actor `{actor}` is {value}; it must be a number from 0 to {MOST_CAPABILITY:e}"
    )]
    Capability { actor: String, value: f64 },
    #[error("no actor has any capability; give at least one a capability above 0")]
    NoCapability,
    #[error(
        "actor `{actor}` stands at {value} on issue `{issue}`, outside its scale from {low} to {high}; \
         correct the position or widen the scale"
    )]
    Position { actor: String, issue: String, value: f64, low: f64, high: f64 },
    #[error(
        "the salience of actor `{actor}` on issue `{issue}` is {value}; it must lie between 0 and {most}"
    )]
    Salience { actor: String, issue: String, value: f64, most: f64 },
    #[error("the saliences of actor `{actor}` sum to {sum}, above {most}; they are shares of one attention")]
    SalienceSum { actor: String, sum: f64, most: f64 },
}

impl CouncilError {
    /// Returns the actor whose numbers or name are at fault, if it is one's.
    pub fn actor(&self) -> Option<&str> {
        match self {
            CouncilError::DuplicateActor { actor }
            | CouncilError::Columns { actor, .. }
            | CouncilError::Capability { actor, .. }
            | CouncilError::Position { actor, .. }
            | CouncilError::Salience { actor, .. }
            | CouncilError::SalienceSum { actor, .. } => Some(actor),
            _ => None,
        }
    }
}

/// Issues, actors and their numbers, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Council {
    data: CouncilData,
}

/// Larger numbers than this would overflow in sums and products.
const MOST_CAPABILITY: f64 = 1e100;
/// Room for rounding when shares are summed: 33.3 + 33.3 + 33.4 is 100.
const SUM_ROOM: f64 = 1e-9;

impl Council {
    /// Checks the numbers and returns the council.
    ///
    /// # Errors
    /// All faults of the input at once, in the order of the input.
    pub fn new(data: CouncilData) -> Result<Council, Vec<CouncilError>> {
        let mut errors = Vec::new();
        check_names(&data, &mut errors);
        check_shape(&data, &mut errors);
        if errors.is_empty() {
            check_numbers(&data, &mut errors);
        }
        if errors.is_empty() { Ok(Council { data }) } else { Err(errors) }
    }

    /// Returns the same table with other numbers: a draw from priors, or a lever pulled.
    ///
    /// # Errors
    /// As [`Council::new`].
    pub fn with_numbers(
        &self,
        capability: Vec<f64>,
        position: Vec<Vec<f64>>,
        salience: Vec<Vec<f64>>,
    ) -> Result<Council, Vec<CouncilError>> {
        let old = &self.data;
        Council::new(CouncilData {
            issues: old.issues.clone(),
            actors: old.actors.clone(),
            capability,
            position,
            salience,
            full_salience: old.full_salience,
            salience_rule: old.salience_rule,
        })
    }

    /// Returns the numbers as they were given.
    pub fn data(&self) -> &CouncilData {
        &self.data
    }

    /// Returns the numbers, to change and check again with [`Council::new`].
    pub fn into_data(self) -> CouncilData {
        self.data
    }

    pub fn issues(&self) -> &[Issue] {
        &self.data.issues
    }

    pub fn actors(&self) -> &[Actor] {
        &self.data.actors
    }

    pub fn capability(&self, actor: usize) -> f64 {
        self.data.capability[actor]
    }

    /// Returns a position in the issue's own unit.
    pub fn position(&self, actor: usize, issue: usize) -> f64 {
        self.data.position[actor][issue]
    }

    /// Returns a salience from 0 to 1, whatever its full value in the input.
    pub fn salience(&self, actor: usize, issue: usize) -> f64 {
        self.data.salience[actor][issue] / self.data.full_salience
    }

    /// Returns what an actor brings to bear on an issue: capability times salience (0 to 1).
    pub fn weight(&self, actor: usize, issue: usize) -> f64 {
        self.capability(actor) * self.salience(actor, issue)
    }

    /// Returns a place on an issue's scale as a share of its length, 0 to 1.
    pub fn to_unit(&self, issue: usize, place: f64) -> f64 {
        let scale = &self.data.issues[issue];
        (place - scale.low) / (scale.high - scale.low)
    }

    /// Returns a share of an issue's scale as a place in the issue's own unit.
    pub fn from_unit(&self, issue: usize, share: f64) -> f64 {
        let scale = &self.data.issues[issue];
        scale.low + share * (scale.high - scale.low)
    }

    /// Returns the position of an actor by name, if there is one.
    pub fn actor_named(&self, name: &str) -> Option<usize> {
        self.data.actors.iter().position(|actor| actor.name == name)
    }

    /// Returns the position of an issue by name, if there is one.
    pub fn issue_named(&self, name: &str) -> Option<usize> {
        self.data.issues.iter().position(|issue| issue.name == name)
    }
}

fn check_names(data: &CouncilData, errors: &mut Vec<CouncilError>) {
    if data.issues.is_empty() {
        errors.push(CouncilError::NoIssues);
    }
    if data.actors.is_empty() {
        errors.push(CouncilError::NoActors);
    }
    let mut seen = BTreeSet::new();
    for issue in &data.issues {
        if issue.name.trim().is_empty() {
            errors.push(CouncilError::NoName { what: "issue" });
        } else if !seen.insert(&issue.name) {
            errors.push(CouncilError::DuplicateIssue { issue: issue.name.clone() });
        }
        let finite = issue.low.is_finite() && issue.high.is_finite() && (issue.high - issue.low).is_finite();
        if !finite || issue.low >= issue.high {
            let (low, high) = (issue.low, issue.high);
            errors.push(CouncilError::Scale { issue: issue.name.clone(), low, high });
        }
    }
    let mut seen = BTreeSet::new();
    for actor in &data.actors {
        if actor.name.trim().is_empty() {
            errors.push(CouncilError::NoName { what: "actor" });
        } else if !seen.insert(&actor.name) {
            errors.push(CouncilError::DuplicateActor { actor: actor.name.clone() });
        }
    }
    if !(data.full_salience.is_finite() && data.full_salience > 0.0) {
        errors.push(CouncilError::FullSalience { value: data.full_salience });
    }
}

fn check_shape(data: &CouncilData, errors: &mut Vec<CouncilError>) {
    let (actors, issues) = (data.actors.len(), data.issues.len());
    let rows = [
        ("capabilities", data.capability.len()),
        ("positions", data.position.len()),
        ("saliences", data.salience.len()),
    ];
    for (what, found) in rows {
        if found != actors {
            errors.push(CouncilError::Rows { what, actors, found });
        }
    }
    for (what, table) in [("positions", &data.position), ("saliences", &data.salience)] {
        for (actor, row) in data.actors.iter().zip(table) {
            if row.len() != issues {
                let found = row.len();
                errors.push(CouncilError::Columns { actor: actor.name.clone(), what, issues, found });
            }
        }
    }
}

fn check_numbers(data: &CouncilData, errors: &mut Vec<CouncilError>) {
    let most = data.full_salience;
    for (index, actor) in data.actors.iter().enumerate() {
        let name = &actor.name;
        let capability = data.capability[index];
        if !(0.0..=MOST_CAPABILITY).contains(&capability) {
            errors.push(CouncilError::Capability { actor: name.clone(), value: capability });
        }
        for (column, issue) in data.issues.iter().enumerate() {
            let (value, low, high) = (data.position[index][column], issue.low, issue.high);
            if !(low <= value && value <= high) {
                let (actor, issue) = (name.clone(), issue.name.clone());
                errors.push(CouncilError::Position { actor, issue, value, low, high });
            }
            let value = data.salience[index][column];
            if !(0.0 <= value && value <= most) {
                let (actor, issue) = (name.clone(), issue.name.clone());
                errors.push(CouncilError::Salience { actor, issue, value, most });
            }
        }
        let sum: f64 = data.salience[index].iter().sum();
        if data.salience_rule == SalienceRule::Shares && sum > most * (1.0 + SUM_ROOM) {
            errors.push(CouncilError::SalienceSum { actor: name.clone(), sum, most });
        }
    }
    let total: f64 = data.capability.iter().sum();
    if errors.is_empty() && total <= 0.0 {
        errors.push(CouncilError::NoCapability);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> CouncilData {
        CouncilData {
            issues: vec![Issue::new("pace", 0.0, 100.0), Issue::new("price", -1.0, 1.0)],
            actors: vec![Actor::new("North"), Actor::new("South")],
            capability: vec![1.0, 2.0],
            position: vec![vec![10.0, 0.5], vec![90.0, -1.0]],
            salience: vec![vec![60.0, 40.0], vec![20.0, 30.0]],
            full_salience: 100.0,
            salience_rule: SalienceRule::Shares,
        }
    }

    fn first(data: CouncilData) -> String {
        Council::new(data).expect_err("faulty")[0].to_string()
    }

    #[test]
    fn sound_numbers_pass_and_read_back_on_the_unit_scale() {
        let council = Council::new(two()).expect("sound");
        assert_eq!(council.to_unit(1, council.position(0, 1)), 0.75);
        assert_eq!(council.from_unit(1, 0.75), 0.5);
        assert_eq!(council.weight(1, 1), 0.6);
        assert_eq!((council.actor_named("South"), council.issue_named("peace")), (Some(1), None));
    }

    #[test]
    fn every_fault_names_its_actor_and_issue() {
        let mut data = two();
        data.position[1][0] = 120.0;
        assert!(first(data).starts_with("actor `South` stands at 120 on issue `pace`, outside"));
        let mut data = two();
        data.salience[0] = vec![70.0, 40.0];
        assert_eq!(
            first(data.clone()),
            "the saliences of actor `North` sum to 110, above 100; they are shares of one attention"
        );
        data.salience_rule = SalienceRule::Each;
        assert!(Council::new(data).is_ok());
        let mut data = two();
        data.salience[0][1] = f64::NAN;
        assert!(first(data).contains("actor `North` on issue `price` is NaN"));
        let mut data = two();
        data.capability[1] = -1.0;
        assert!(first(data).contains("capability of actor `South` is -1"));
        let mut data = two();
        data.actors[1].name = "North".into();
        assert!(first(data).contains("actor `North` stands twice"));
        let mut data = two();
        data.issues[1].low = 1.0;
        assert!(first(data).contains("`price` runs from 1 to 1"));
        let mut data = two();
        data.position[0].pop();
        assert!(first(data).contains("actor `North` has 1 positions for 2 issues"));
        let mut data = two();
        data.capability = vec![0.0, 0.0];
        assert!(first(data).contains("no actor has any capability"));
    }

    #[test]
    fn faults_are_reported_together() {
        let mut data = two();
        data.position[1][0] = 120.0;
        data.salience[0][0] = -3.0;
        data.capability[0] = f64::INFINITY;
        assert_eq!(Council::new(data).expect_err("faulty").len(), 3);
    }
}
