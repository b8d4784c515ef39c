//! Cases: a model with numbers and evidence of its own, `case "Cuba 1962" of "crisis.det" { … }`.
//!
//! What a case says replaces what the model says. Evidence, forecasts and tests of the model are those of
//! the model's own instance and do not come along. A number that a case sets has the sources that the
//! case gives, never those of the number it replaces.

use crate::resolve::unknown;
use detente_diag::Diagnostic;
use detente_syntax::ast::{Case, CaseLine, Const, Item, ItemKind, Param, ParamValue, Setting};

/// The items of the model as the case makes them.
pub(crate) fn of(case: &Case, doc: &str, model: Vec<Item>) -> (Vec<Item>, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let mut items: Vec<Item> = model.into_iter().filter(|item| comes_along(&item.kind)).collect();
    let mut titled = false;
    for item in &mut items {
        if let ItemKind::Game(title) = &mut item.kind {
            title.value = format!("{}: {}", case.title.value, title.value);
            if !doc.is_empty() {
                item.doc = doc.to_string();
            }
            titled = true;
        }
    }
    if !titled {
        items.push(Item { doc: doc.to_string(), kind: ItemKind::Game(case.title.clone()), span: case.span });
    }
    for line in &case.lines {
        match line {
            CaseLine::Set(setting) => set(setting, &mut items, &mut found),
            CaseLine::Observe(item) => items.push(item.clone()),
        }
    }
    (items, found)
}

fn comes_along(kind: &ItemKind) -> bool {
    !matches!(kind, ItemKind::Observe(_) | ItemKind::Forecast(_) | ItemKind::Resolve(_) | ItemKind::Test(_))
}

fn set(setting: &Setting, items: &mut [Item], found: &mut Vec<Diagnostic>) {
    let name = &setting.name;
    if name.text.is_empty() {
        return;
    }
    for item in items.iter_mut() {
        match &mut item.kind {
            ItemKind::Param(param) if param.name.text == name.text => {
                replace(setting, param);
                // The place of a message about this number is the case.
                item.span = setting.span;
                return;
            }
            ItemKind::Const(constant) if constant.name.text == name.text => {
                return replace_const(setting, constant, found);
            }
            _ => {}
        }
    }
    let known = items.iter().filter_map(|item| match &item.kind {
        ItemKind::Param(param) => Some(param.name.text.as_str()),
        ItemKind::Const(constant) => Some(constant.name.text.as_str()),
        _ => None,
    });
    let known: Vec<&str> = known.collect();
    found.push(unknown(&name.text, name.span, "is not a param or const of the model", known));
}

fn replace(setting: &Setting, param: &mut Param) {
    param.value = setting.value.clone();
    param.name.span = setting.name.span;
    caption(setting, &mut param.caption);
}

fn replace_const(setting: &Setting, constant: &mut Const, found: &mut Vec<Diagnostic>) {
    match &setting.value {
        ParamValue::Fixed(value) => constant.value = value.clone(),
        ParamValue::Prior { .. } => found.push(
            Diagnostic::error(
                "structure-needs-const",
                format!("`{}` is a const and has no prior", setting.name.text),
            )
            .label(setting.span, "a prior")
            .help("set it to one number: `set n = 3`"),
        ),
        ParamValue::Missing => {}
    }
    caption(setting, &mut constant.caption);
}

/// The label stays unless the case gives one; the sources are the case's.
fn caption(setting: &Setting, caption: &mut detente_syntax::ast::Caption) {
    if setting.caption.label.is_some() {
        caption.label.clone_from(&setting.caption.label);
    }
    caption.citations.clone_from(&setting.caption.citations);
    caption.assumed.clone_from(&setting.caption.assumed);
}
