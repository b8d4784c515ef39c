//! The outputs that can be explained, and how they are read off rows and tables.

use crate::draws::Draw;
use crate::sampler::Sampler;
use crate::sweep::columns::{CLASS_WORDS, Cells, Column};
use crate::sweep::{Identity, Row};
use crate::verdict::Class;
use detente_model::Model;

/// One number per draw, and whether something holds there.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// `no_ground`, `war.low`, `war.high`.
    pub name: String,
    pub label: String,
    /// What the number is, in words.
    pub what: String,
    /// `None`: undefined in this draw.
    pub values: Vec<Option<f64>>,
    /// `None`: the draw is not counted.
    pub holds: Vec<Option<bool>>,
    /// What holds, as a clause that can stand before "holds".
    pub holding: String,
}

/// Draws by column, and the outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub params: Vec<String>,
    pub columns: Vec<Vec<f64>>,
    pub targets: Vec<Target>,
}

/// The claims of a model over draws that were taken already; a draw that is not proven complete does not
/// count as one in which a claim holds.
pub fn of_draws(model: &Model, sampler: &Sampler, draws: &[Draw]) -> Table {
    let names = sampler.uncertain().map(|(p, _)| model.game.params[p.index()].name.clone());
    let params: Vec<String> = names.collect();
    let columns = (0..params.len()).map(|k| draws.iter().map(|d| d.values[k]).collect()).collect();
    let holds = |k: usize| -> Vec<Option<bool>> {
        let one = |d: &Draw| d.claims[k].as_ref().map(|c| c.classes[0] == Class::TrueInAll);
        draws.iter().map(one).collect()
    };
    let target = |(k, claim): (usize, &detente_model::model::Claim)| Target {
        name: claim.name.clone(),
        label: claim.support.label.clone(),
        what: "1 where the claim is true in all equilibria, else 0".into(),
        values: holds(k).iter().map(|h| h.map(f64::from)).collect(),
        holds: holds(k),
        holding: format!("`{}`", claim.name),
    };
    Table { params, columns, targets: model.claims.iter().enumerate().map(target).collect() }
}

/// The outputs of one row by name: a claim is 1 where it is true in all equilibria and else 0, a
/// probability has a low and a high end. Where not all equilibria are known an outcome's probability
/// lies from 0 to 1, and a claim does not hold.
pub fn outputs(id: &Identity, row: &Row) -> Vec<(String, Option<f64>)> {
    let mut list = vec![];
    for (named, claim) in id.claims.iter().zip(&row.claims) {
        let holds = claim.as_ref().map(|c| f64::from(c.classes[0] == Class::TrueInAll));
        list.push((named.name.clone(), holds));
    }
    for (named, chances) in id.outcomes.iter().zip(&row.outcomes) {
        let (low, high) = chances.all.unwrap_or((0.0, 1.0));
        list.push((format!("{}.low", named.name), Some(low)));
        list.push((format!("{}.high", named.name), Some(high)));
    }
    for (named, ask) in id.asks.iter().zip(&row.asks) {
        let bounds = ask.bounds.filter(|_| !ask.undefined);
        match ask.class {
            Some(class) => list.push((named.name.clone(), Some(f64::from(class == Class::TrueInAll)))),
            None => {
                list.push((format!("{}.low", named.name), bounds.map(|b| b.0)));
                list.push((format!("{}.high", named.name), bounds.map(|b| b.1)));
            }
        }
    }
    list
}

/// Reads the columns of a sweep. `above` is the mark that an outcome's probability or an answer is
/// compared with where rules are looked for.
pub fn targets(id: &Identity, columns: &[Column], above: f64) -> Table {
    let find = |name: &str| columns.iter().find(|c| c.name == name).map(|c| &c.cells);
    let numbers = |name: &str| match find(name) {
        Some(Cells::Number(list)) => list.clone(),
        _ => vec![],
    };
    let params: Vec<String> = id.params.iter().map(|p| p.name.clone()).collect();
    let inputs = params.iter().map(|p| {
        let list = numbers(&format!("param.{p}"));
        list.into_iter().map(|x| x.unwrap_or(f64::NAN)).collect()
    });
    let columns_of: Vec<Vec<f64>> = inputs.collect();
    let mut list = vec![];
    for claim in &id.claims {
        let Some(Cells::Word(words, codes)) = find(&format!("claim.{}", claim.name)) else { continue };
        list.push(statement(&claim.name, &claim.label, words, codes, "claim"));
    }
    for outcome in &id.outcomes {
        let known = |end: &str, open: f64| -> Vec<Option<f64>> {
            numbers(&format!("outcome.{}.{end}", outcome.name))
                .iter()
                .map(|x| Some(x.unwrap_or(open)))
                .collect()
        };
        list.extend(ends(
            &outcome.name,
            &outcome.label,
            "probability",
            (known("low", 0.0), known("high", 1.0)),
            above,
        ));
    }
    for ask in &id.asks {
        if let Some(Cells::Word(words, codes)) = find(&format!("ask.{}.class", ask.name))
            && codes.iter().any(Option::is_some)
        {
            list.push(statement(&ask.name, &ask.label, words, codes, "statement"));
            continue;
        }
        let end = |end: &str| numbers(&format!("ask.{}.{end}", ask.name));
        list.extend(ends(&ask.name, &ask.label, "value", (end("low"), end("high")), above));
    }
    Table { params, columns: columns_of, targets: list }
}

fn statement(name: &str, label: &str, words: &[String], codes: &[Option<u16>], kind: &str) -> Target {
    let holds: Vec<Option<bool>> = codes
        .iter()
        .map(|code| Some(words.get(usize::from((*code)?)).is_some_and(|w| w == CLASS_WORDS[0])))
        .collect();
    Target {
        name: name.into(),
        label: label.into(),
        what: format!("1 where the {kind} is true in all equilibria, else 0"),
        values: holds.iter().map(|h| h.map(f64::from)).collect(),
        holds,
        holding: format!("`{name}`"),
    }
}

/// The two ends of a number; one output where they are the same in every draw.
fn ends(
    name: &str,
    label: &str,
    kind: &str,
    (low, high): (Vec<Option<f64>>, Vec<Option<f64>>),
    above: f64,
) -> Vec<Target> {
    let same = low == high;
    let one = |end: &str, which: &str, values: Vec<Option<f64>>| Target {
        name: format!("{name}.{end}"),
        label: label.into(),
        what: if same { format!("the {kind}") } else { format!("the {which} {kind} over all equilibria") },
        holds: values.iter().map(|v| v.map(|x| x > above)).collect(),
        holding: match (same, end) {
            (true, _) => format!("a {kind} of `{name}` above {above}"),
            (false, "low") => format!("a {kind} of `{name}` above {above} in every equilibrium"),
            (false, _) => format!("a {kind} of `{name}` above {above} in some equilibrium"),
        },
        values,
    };
    match same {
        true => vec![one("low", "", low)],
        false => vec![one("low", "lowest", low), one("high", "highest", high)],
    }
}
