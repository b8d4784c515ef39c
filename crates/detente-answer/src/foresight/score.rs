//! How good forecasts were, beside their base rates.
//!
//! Every score is a loss, 0 is best. What the equilibria leave open stays open: a forecast that is an
//! interval has an interval of losses, from the best to the worst of all it could have meant, and so
//! has a total; one beats the base rate only if it does so at its worst. The middle stands beside it.
//! A question without an answer (`void`) is counted apart; so is one that is not settled yet, and one
//! that does not say when it was made.

use super::{BaseSaid, Chance, Happened, Outlook, Value};
use crate::words::word;
use detente_stats::StatsError;
use detente_stats::score::{
    Band, Bin, Comparison, Decomposition, baseline, brier, brier_many, calibration, compare_losses, crps,
    crps_between, decompose, extremes, log_loss, log_loss_many, narrowed, ranked,
};
use serde::Serialize;

/// A forecast of a model.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The model, as the user knows it.
    pub model: &'a str,
    pub outlook: &'a Outlook,
}

/// The scores of a list of forecasts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scores {
    pub rows: Vec<Row>,
    pub totals: Vec<Total>,
    /// Yes-or-no forecasts by the word for their probability, the middle where it is an interval.
    pub calibration: Vec<Bin>,
    /// How many of these are intervals over more than one word.
    pub several_words: usize,
    /// The Brier score of the yes-or-no forecasts in parts; nothing without any.
    pub parts: Option<Decomposition>,
    pub void: Vec<String>,
    pub unresolved: Vec<String>,
    /// Forecasts that do not say when they were made; they cannot be scored.
    pub undated: Vec<String>,
    /// Forecasts that cannot be scored for another reason, with the reason.
    pub unscored: Vec<(String, String)>,
}

/// One forecast and its losses.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    pub model: String,
    pub name: String,
    pub label: String,
    /// The probability of what happened, or the mean of the number; the middle over the equilibria.
    pub said: f64,
    /// What happened, in a word.
    pub happened: String,
    pub date: String,
    /// True if the model states no base rate, so that equal chances stand in for it.
    pub equal_chances: bool,
    pub losses: Vec<Loss>,
    /// The baseline score of Metaculus, a gain: 100 for certainty, 0 for equal chances.
    pub baseline: Option<f64>,
}

/// One loss of one forecast.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loss {
    pub rule: Rule,
    /// At the middle of the interval over equilibria.
    pub value: f64,
    /// Least and greatest over all that the forecast leaves open.
    pub range: (f64, f64),
    /// The loss of the base rate; nothing for a number without one.
    pub base: Option<f64>,
}

/// The scoring rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    Brier,
    Log,
    /// Alternatives in an order.
    RankedProbability,
    /// Numbers, in their own unit.
    Crps,
}

/// The mean loss by one rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Total {
    pub rule: Rule,
    /// `yes-or-no`, `alternatives` or `numbers`.
    pub of: &'static str,
    /// At the middles of the intervals.
    #[serde(flatten)]
    pub comparison: Comparison,
    /// Least and greatest mean loss over all that the forecasts leave open.
    pub range: (f64, f64),
    /// The skill at the greatest and at the least loss; nothing where it has none.
    pub skill_range: Option<(f64, f64)>,
    /// True if the gain over the base is more than two of its standard errors from 0, over eight questions
    /// or more, on the same side at the best, the middle and the worst of all that the forecasts leave open.
    pub distinguishable: bool,
}

/// Below so many questions no standard error is worth much.
const FEW: usize = 8;

/// Least probability at which equal words begin, as in [`word`].
const EDGES: [f64; 8] = [0.0, 0.05, 0.20, 0.45, 0.55, 0.80, 0.95, 1.0];

/// Scores forecasts that have been resolved.
///
/// # Errors
/// What the scores refuse; probabilities that are checked here never do.
pub fn score(questions: &[Question]) -> Result<Scores, StatsError> {
    let mut scores = Scores {
        rows: vec![],
        totals: vec![],
        calibration: vec![],
        several_words: 0,
        parts: None,
        void: vec![],
        unresolved: vec![],
        undated: vec![],
        unscored: vec![],
    };
    let mut binary: Vec<(f64, bool)> = Vec::new();
    for question in questions {
        let outlook = question.outlook;
        let full = format!("{}.{}", question.model, outlook.name);
        let Some(resolution) = &outlook.resolution else {
            scores.unresolved.push(full);
            continue;
        };
        if resolution.value == Happened::Void {
            scores.void.push(full);
            continue;
        }
        if outlook.made.is_none() {
            scores.undated.push(full);
            continue;
        }
        match row(question, &resolution.value, &resolution.date)? {
            Ok(row) => {
                if let (Value::Probability(chance), Happened::Yes | Happened::No) =
                    (&outlook.value, &resolution.value)
                {
                    scores.several_words += usize::from(word(chance.low) != word(chance.high));
                    let yes = resolution.value == Happened::Yes;
                    binary.push((if yes { row.said } else { 1.0 - row.said }, yes));
                }
                scores.rows.push(row);
            }
            Err(why) => scores.unscored.push((full, why)),
        }
    }
    scores.totals = totals(questions, &scores.rows)?;
    if !binary.is_empty() {
        let bands = EDGES.windows(2).map(|ends| Band {
            label: word(ends[0]).to_string(),
            from: ends[0],
            to: ends[1],
        });
        scores.calibration = calibration(&binary, &bands.collect::<Vec<_>>())?.0;
        scores.parts = Some(decompose(&binary)?);
    }
    Ok(scores)
}

/// A row, or why there is none.
fn row(question: &Question, happened: &Happened, date: &str) -> Result<Result<Row, String>, StatsError> {
    let outlook = question.outlook;
    let found = match (&outlook.value, happened) {
        (Value::Probability(chance), Happened::Yes | Happened::No) => {
            yes_or_no(chance, *happened == Happened::Yes, outlook)
        }
        (Value::Alternatives { ordered, arms }, Happened::Alternative(at, _)) => {
            let chances: Vec<&Chance> = arms.iter().map(|arm| &arm.chance).collect();
            match several(&chances, *ordered, *at, outlook)? {
                Ok(found) => found,
                Err(why) => return Ok(Err(why)),
            }
        }
        (Value::Number { low, high }, Happened::Number(y)) => number(low, high, *y, outlook)?,
        (Value::Undefined { why }, _) => return Ok(Err(why.clone())),
        _ => return Ok(Err("its resolution does not fit what was forecast".to_string())),
    };
    let (said, losses, baseline) = found;
    Ok(Ok(Row {
        model: question.model.to_string(),
        name: outlook.name.clone(),
        label: outlook.label.clone(),
        said,
        happened: match happened {
            Happened::Yes => "yes".to_string(),
            Happened::No => "no".to_string(),
            Happened::Void => "void".to_string(),
            Happened::Alternative(_, name) => name.clone(),
            Happened::Number(y) => crate::words::short(*y),
        },
        date: date.to_string(),
        equal_chances: outlook.base.is_none() && !matches!(outlook.value, Value::Number { .. }),
        losses,
        baseline,
    }))
}

/// A rule that is a convex quadratic of the probabilities.
type Quadratic = fn(&[f64], usize) -> Result<f64, StatsError>;

type Scored = (f64, Vec<Loss>, Option<f64>);

fn yes_or_no(chance: &Chance, yes: bool, outlook: &Outlook) -> Scored {
    let ends = [chance.low, middle(chance), chance.high];
    let base = match outlook.base.as_ref().map(|b| &b.value) {
        Some(BaseSaid::Point(p)) => *p,
        _ => 0.5,
    };
    let loss = |rule: Rule, of: fn(f64, bool) -> f64| {
        let all = ends.map(|p| of(p, yes));
        Loss { rule, value: all[1], range: hull(&all), base: Some(of(base, yes)) }
    };
    let said = if yes { ends[1] } else { 1.0 - ends[1] };
    let gain = baseline(&[1.0 - said, said], 1).ok();
    (said, vec![loss(Rule::Brier, brier), loss(Rule::Log, log_loss)], gain)
}

fn several(
    chances: &[&Chance],
    ordered: bool,
    at: usize,
    outlook: &Outlook,
) -> Result<Result<Scored, String>, StatsError> {
    let middles: Vec<f64> = chances.iter().map(|c| middle(c)).collect();
    let sum: f64 = middles.iter().sum();
    let open = chances.iter().map(|c| c.high - c.low).sum::<f64>();
    // Where the equilibria leave nothing open the alternatives must exclude each other and be all.
    if (sum - 1.0).abs() > 1e-6 + open {
        let sum = crate::words::percent(sum);
        return Ok(Err(format!(
            "its probabilities add up to {sum}, not 100 %: one alternative takes `rest`"
        )));
    }
    let even = 1.0 / chances.len() as f64;
    let base: Vec<f64> = match outlook.base.as_ref().map(|b| &b.value) {
        Some(BaseSaid::Alternatives(list)) => list.clone(),
        _ => vec![even; chances.len()],
    };
    let said: Vec<f64> = middles.iter().map(|m| m / sum).collect();
    let stated: Vec<(f64, f64)> = chances.iter().map(|c| (c.low, c.high)).collect();
    // Rounding may keep bounds that are points from meeting a sum of 1.
    let bounds = narrowed(&stated).unwrap_or_else(|| said.iter().map(|p| (*p, *p)).collect());
    let log_at = |p: f64| -libm::log(p) + 0.0;
    let mut losses = vec![Loss {
        rule: Rule::Log,
        value: log_loss_many(&said, at)?,
        range: (log_at(bounds[at].1), log_at(bounds[at].0)),
        base: Some(log_loss_many(&base, at)?),
    }];
    let mut rules: Vec<(usize, Rule, Quadratic)> = vec![(0, Rule::Brier, brier_many)];
    if ordered {
        rules.push((2, Rule::RankedProbability, ranked));
    }
    for (place, rule, of) in rules {
        let (value, ceiling) =
            (of(&said, at)?, if rule == Rule::Brier { 2.0 } else { middles.len() as f64 - 1.0 });
        let loss = |p: &[f64]| of(p, at).unwrap_or(f64::NAN);
        let (least, most) = extremes(&bounds, &loss);
        // With very many alternatives the most is the most that the rule knows.
        let range = (least.min(value), most.unwrap_or(ceiling).max(value));
        losses.insert(place, Loss { rule, value, range, base: Some(of(&base, at)?) });
    }
    Ok(Ok((said[at], losses, Some(baseline(&said, at)?))))
}

fn number(
    low: &super::Spread,
    high: &super::Spread,
    y: f64,
    outlook: &Outlook,
) -> Result<Scored, StatsError> {
    // Where the equilibria differ, each draw counts half with either: one distribution, one score.
    let split = |spread: &super::Spread| -> (Vec<f64>, Vec<f64>) { spread.sample.iter().copied().unzip() };
    let (a, b) = (split(low), split(high));
    let range = crps_between((&a.0, &a.1), (&b.0, &b.1), y)?;
    let share = |weights: &[f64]| -> Vec<f64> {
        let total: f64 = weights.iter().sum();
        weights.iter().map(|w| w / total).collect()
    };
    let values = [a.0.as_slice(), b.0.as_slice()].concat();
    let value = crps(&values, &[share(&a.1), share(&b.1)].concat(), y)?;
    let base = match outlook.base.as_ref().map(|b| &b.value) {
        Some(BaseSaid::Distribution(points)) => Some(crps(points, &vec![1.0; points.len()], y)?),
        Some(BaseSaid::Point(p)) => Some((p - y).abs()),
        _ => None,
    };
    let said = (low.mean + high.mean) / 2.0;
    let range = (range.0.min(value), range.1.max(value));
    let loss = Loss { rule: Rule::Crps, value, range, base };
    Ok((said, vec![loss], None))
}

fn totals(questions: &[Question], rows: &[Row]) -> Result<Vec<Total>, StatsError> {
    let kind = |row: &Row| {
        let same = |q: &&Question| q.model == row.model && q.outlook.name == row.name;
        match questions.iter().find(same).map(|q| &q.outlook.value) {
            Some(Value::Alternatives { .. }) => "alternatives",
            Some(Value::Number { .. }) => "numbers",
            _ => "yes-or-no",
        }
    };
    let mut totals = Vec::new();
    for of in ["yes-or-no", "alternatives", "numbers"] {
        for rule in [Rule::Brier, Rule::Log, Rule::RankedProbability, Rule::Crps] {
            let losses = rows.iter().filter(|row| kind(row) == of).flat_map(|row| &row.losses);
            let losses: Vec<&Loss> = losses.filter(|l| l.rule == rule && l.base.is_some()).collect();
            if losses.is_empty() {
                continue;
            }
            let base: Vec<f64> = losses.iter().filter_map(|l| l.base).collect();
            let beside = |of: fn(&Loss) -> f64| {
                compare_losses(&losses.iter().map(|l| of(l)).collect::<Vec<f64>>(), &base)
            };
            let comparison = beside(|l| l.value)?;
            let (best, worst) = (beside(|l| l.range.0)?, beside(|l| l.range.1)?);
            let side = |c: &Comparison| c.gain.is_some_and(|gain| gain > 0.0);
            let all = [&best, &comparison, &worst];
            let distinguishable = comparison.n >= FEW
                && all.iter().all(|c| c.distinguishable() && side(c) == side(&comparison));
            let range = (best.mean, worst.mean);
            let skill_range = worst.skill.zip(best.skill);
            totals.push(Total { rule, of, range, skill_range, distinguishable, comparison });
        }
    }
    Ok(totals)
}

fn middle(chance: &Chance) -> f64 {
    (chance.low + chance.high) / 2.0
}

fn hull(all: &[f64]) -> (f64, f64) {
    let fold = |f: fn(f64, f64) -> f64, start: f64| all.iter().copied().fold(start, f);
    (fold(f64::min, f64::INFINITY), fold(f64::max, f64::NEG_INFINITY))
}
