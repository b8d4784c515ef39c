//! What is known, assumed and judged, and the table of parameters.
//!
//! The one idea: what a source says and what the analyst chose never stand in one list.

use super::fill::{after_sign, called};
use super::{CaseReport, Citation, ParameterRow, Statement};
use crate::number::short;
use detente_diag::Sources;
use detente_model::Model;
use detente_model::model::{Cited, ParamKind, Support};

/// What is known, assumed and judged, and the table of parameters.
pub(super) fn basis(
    report: &mut CaseReport,
    (name, model, texts): (&str, &Model, &Sources),
    cite: &dyn Fn(&[Cited]) -> Vec<Citation>,
) {
    for o in &model.observes {
        let statement = Statement {
            text: called(&o.support.label, &o.text).to_string(),
            why: o.support.assumed.clone(),
            cited: cite(&o.support.citations),
        };
        let list = if statement.cited.is_empty() { &mut report.assumed } else { &mut report.known };
        // Several models may see the same event.
        if !list.contains(&statement) {
            list.push(statement);
        }
    }
    let cells = cells(model);
    let mut assume = |text: String, support: &Support| {
        if let Some(why) = &support.assumed {
            let cited = cite(&support.citations);
            report.assumed.push(Statement { text, why: Some(why.clone()), cited });
        }
    };
    for (k, info) in model.params.iter().enumerate() {
        let label = called(&info.support.label, &info.name);
        if !cells.contains(&k) {
            assume(
                format!("{label} (`{}` ~ {})", info.name, after_sign(texts, info.support.span)),
                &info.support,
            );
        }
        report.parameters.push(ParameterRow {
            model: name.to_string(),
            name: info.name.clone(),
            label: info.support.label.clone(),
            prior: match info.kind {
                ParamKind::Fixed => "fixed".into(),
                _ => after_sign(texts, info.support.span),
            },
            base: short(&model.game.params[k].base),
            cited: cite(&info.support.citations),
            assumed: info.support.assumed.clone(),
        });
    }
    for council in &model.councils {
        for (text, support) in cell_groups(council) {
            assume(text, support);
        }
    }
    for (name, support) in &model.supports {
        assume(spoken(&support.label, name), support);
    }
    for h in &model.hypotheses {
        if h.prior.is_some() {
            let text = format!("{}: the analyst’s own prior", called(&h.support.label, &h.name));
            report.judged.push(Statement {
                text,
                why: h.support.assumed.clone(),
                cited: cite(&h.support.citations),
            });
        }
    }
}

/// The parameters that are cells of councils.
fn cells(model: &Model) -> Vec<usize> {
    let cells = model.councils.iter().flat_map(|c| c.cells());
    cells.filter_map(|cell| cell.param.map(|p| p.index())).collect()
}

/// What is assumed of the cells of a council, once for all cells with the same reason.
fn cell_groups(council: &detente_model::council::CouncilModel) -> Vec<(String, &Support)> {
    let mut groups: Vec<(&Support, usize)> = Vec::new();
    for cell in council.cells().filter(|c| c.support.assumed.is_some()) {
        let same = |s: &Support| s.assumed == cell.support.assumed && s.citations == cell.support.citations;
        match groups.iter_mut().find(|(s, _)| same(s)) {
            Some(group) => group.1 += 1,
            None => groups.push((&cell.support, 1)),
        }
    }
    let title = called(&council.support.label, &council.name);
    let words = |(support, count): (&'_ Support, usize)| match count {
        1 => format!("{title}: {}", support.label),
        n => format!("{title}: {n} cells, the first {}", support.label),
    };
    groups.into_iter().map(|(support, count)| (words((support, count)), support)).collect()
}

/// The label, or a name as words: `Russia.move` is “Russia’s move”, `c_bar` is “c bar”.
fn spoken(label: &str, name: &str) -> String {
    if label.is_empty() { name.replacen('.', "’s ", 1).replace('_', " ") } else { label.to_string() }
}
