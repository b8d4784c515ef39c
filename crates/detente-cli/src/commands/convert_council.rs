//! `detente convert` for councils: between models and scenarios of KTAB.

use crate::failure::Failure;
use crate::input::{InputArgs, Kind, params, read_any_model, read_scenario, unknown};
use detente_answer::scenario::{from_model, to_model};
use detente_bargain::ktab::{Scenario, write_csv, write_xml};
use detente_exact::Q;
use detente_report::paint::printable;

/// Returns the council of the input in the format `to`.
///
/// # Errors
/// A file that cannot be read or holds no council, or numbers that the format cannot hold.
pub fn text(input: &InputArgs, from: Option<Kind>, to: Kind, name: Option<&str>) -> Result<String, Failure> {
    let scenario = match from.filter(|kind| kind.is_scenario()) {
        Some(kind) => {
            if !input.set.is_empty() || input.variant.is_some() || name.is_some() {
                return Err(Failure::misuse(
                    "a scenario file has one council and no parameters",
                    "leave out --set, --variant and --council",
                ));
            }
            read_scenario(&input.file, kind == Kind::Xml)?
        }
        None => of_model(input, name)?,
    };
    match to {
        Kind::Csv => {
            let plain = detente_answer::scenario::choices(&scenario);
            if !plain.is_empty() {
                let names: Vec<&str> = plain.iter().map(|(name, _)| name.as_str()).collect();
                anstream::eprintln!("note: CSV has no place for {}; XML has", names.join(", "));
            }
            Ok(write_csv(&scenario.name, &scenario.description, &scenario.council))
        }
        Kind::Xml => Ok(write_xml(&scenario)),
        Kind::Det => {
            let file = input.file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            to_model(&scenario, &file)
                .map_err(|e| Failure::input(e, "change the scenario and convert it again"))
        }
        Kind::Efg | Kind::Nfg | Kind::Json => Err(Failure::misuse(
            "a council has positions and no moves: it cannot be written as a game",
            "choose det, csv or xml",
        )),
    }
}

fn of_model(input: &InputArgs, name: Option<&str>) -> Result<Scenario, Failure> {
    let (model, _) = read_any_model(&input.file)?;
    let (mut game, mut councils) = (&model.game, &model.councils);
    if let Some(wanted) = &input.variant {
        let Some(variant) = model.variants.get(wanted) else {
            return Err(unknown("variant", wanted, model.variants.keys().map(String::as_str)));
        };
        (game, councils) = (&variant.game, &variant.councils);
    }
    let names = || councils.iter().map(|c| c.name.as_str());
    let council = match (name, &councils[..]) {
        (_, []) => {
            return Err(Failure::misuse(
                format!("`{}` holds no council", input.file.display()),
                "csv and xml hold councils only; choose efg, nfg or json for a game",
            ));
        }
        (None, [only]) => only,
        (None, _) => {
            return Err(Failure::misuse(
                "the model has several councils, and a scenario holds one",
                format!("add --council and one of {}", names().collect::<Vec<_>>().join(", ")),
            ));
        }
        (Some(name), _) => {
            councils.iter().find(|c| c.name == name).ok_or_else(|| unknown("council", name, names()))?
        }
    };
    let point: Vec<f64> = params(game, &input.set)?.iter().map(Q::to_f64).collect();
    let converted = from_model(council, game, &point)
        .map_err(|e| Failure::input(e, "give the parameters values that make a council"))?;
    for lost in &converted.lost {
        anstream::eprintln!("note: {}", printable(lost));
    }
    Ok(converted.scenario)
}
