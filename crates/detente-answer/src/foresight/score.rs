//! How good forecasts were, beside their base rates.
//!
//! Every score is a loss, 0 is best. What the equilibria leave open stays open: a forecast is scored
//! at the middle of its interval, and at both ends. A question without an answer (`void`) is counted
//! apart; so is one that is not settled yet, and one that does not say when it was made.

use super::{BaseSaid, Chance, Happened, Outlook, Value};
use crate::words::word;
use detente_stats::StatsError;
use detente_stats::score::{
    Band, Bin, Comparison, Decomposition, baseline, brier, brier_many, calibration, compare_losses, crps,
    decompose, log_loss, log_loss_many, ranked,
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
    /// Yes-or-no forecasts by the word for their probability.
    pub calibration: Vec<Bin>,
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
    /// Least and greatest over its ends and its middle.
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
    #[serde(flatten)]
    pub comparison: Comparison,
    /// True if the gain over the base is more than two of its standard errors from 0, over eight questions or more.
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
                if let (Value::Probability(_), Happened::Yes | Happened::No) =
                    (&outlook.value, &resolution.value)
                {
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
    // The ends: what happened as unlikely, and as likely, as the equilibria allow.
    let with = |p: f64| -> Vec<f64> {
        let others: f64 = middles.iter().enumerate().filter(|(k, _)| *k != at).map(|(_, m)| m).sum();
        let scale = if others > 0.0 { (1.0 - p) / others } else { 0.0 };
        let mut list: Vec<f64> = middles.iter().map(|m| (m * scale).clamp(0.0, 1.0)).collect();
        list[at] = if others > 0.0 { p } else { 1.0 };
        list
    };
    let lists = [chances[at].low, middles[at] / sum, chances[at].high].map(with);
    let mut rules: Vec<(Rule, fn(&[f64], usize) -> Result<f64, StatsError>)> =
        vec![(Rule::Brier, brier_many), (Rule::Log, log_loss_many)];
    if ordered {
        rules.push((Rule::RankedProbability, ranked));
    }
    let mut losses = Vec::new();
    for (rule, of) in rules {
        let all = [of(&lists[0], at)?, of(&lists[1], at)?, of(&lists[2], at)?];
        losses.push(Loss { rule, value: all[1], range: hull(&all), base: Some(of(&base, at)?) });
    }
    Ok(Ok((lists[1][at], losses, Some(baseline(&lists[1], at)?))))
}

fn number(
    low: &super::Spread,
    high: &super::Spread,
    y: f64,
    outlook: &Outlook,
) -> Result<Scored, StatsError> {
    let of = |spread: &super::Spread| {
        let (values, weights): (Vec<f64>, Vec<f64>) = spread.sample.iter().copied().unzip();
        crps(&values, &weights, y)
    };
    let (a, b) = (of(low)?, of(high)?);
    let base = match outlook.base.as_ref().map(|b| &b.value) {
        Some(BaseSaid::Distribution(points)) => Some(crps(points, &vec![1.0; points.len()], y)?),
        Some(BaseSaid::Point(p)) => Some((p - y).abs()),
        _ => None,
    };
    let said = (low.mean + high.mean) / 2.0;
    let loss = Loss { rule: Rule::Crps, value: (a + b) / 2.0, range: hull(&[a, b]), base };
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
            let pairs = rows.iter().filter(|row| kind(row) == of).flat_map(|row| &row.losses);
            let pairs: Vec<(f64, f64)> =
                pairs.filter(|l| l.rule == rule).filter_map(|l| Some((l.value, l.base?))).collect();
            if pairs.is_empty() {
                continue;
            }
            let (own, base): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let comparison = compare_losses(&own, &base)?;
            let distinguishable = comparison.n >= FEW && comparison.distinguishable();
            totals.push(Total { rule, of, distinguishable, comparison });
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
