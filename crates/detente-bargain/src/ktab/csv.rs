//! The table format: one row for the scenario, one for the column names, one per actor.
//!
//! The one idea: be as lenient as the program that owns the format (spaces, quotes, a comma at the end of
//! a line, `$$` for a comma in a name) and no more.

use super::{KtabError, Scenario, Table, percent_position, percent_salience};
use crate::council::{Actor, Council};
use crate::spatial::SpatialOptions;

/// Columns before the first issue: name, description, power.
const LEADING: usize = 3;

/// Reads a scenario from KTAB's CSV.
///
/// # Errors
/// All faults of the text, each with its line where one is at fault.
pub fn read_csv(text: &str) -> Result<Scenario, Vec<KtabError>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines =
        text.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim().is_empty());
    let Some((at, line)) = lines.next() else {
        return Err(vec![KtabError::whole("the file is empty; its first line names the scenario")]);
    };
    let head = cells(line);
    let (actors, issues) = counts(at, &head).map_err(|error| vec![error])?;
    let Some((at, line)) = lines.next() else {
        return Err(vec![KtabError::at(at + 1, "the line with the column names is missing")]);
    };
    let issue_names = issue_names(at, &cells(line), issues).map_err(|error| vec![error])?;
    let mut table = Table {
        issues: issue_names,
        actors: Vec::new(),
        lines: Vec::new(),
        capability: Vec::new(),
        position: Vec::new(),
        salience: Vec::new(),
    };
    let mut errors = Vec::new();
    for (at, line) in lines {
        actor_row(at, &cells(line), issues, &mut table, &mut errors);
    }
    let found = table.actors.len();
    if errors.is_empty() && found != actors {
        errors.push(KtabError::at(1, format!("the scenario announces {actors} actors, but {found} follow")));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Scenario {
        name: head[0].clone(),
        description: head[1].clone(),
        council: table.council()?,
        options: SpatialOptions::default(),
        seed: None,
    })
}

/// Returns how many actors and issues the first line announces.
fn counts(at: usize, head: &[String]) -> Result<(usize, usize), KtabError> {
    let shape = "the first line is: name, description, number of actors, number of issues";
    if head.len() < 4 {
        return Err(KtabError::at(at, format!("it has {} entries; {shape}", head.len())));
    }
    let number = |cell: &str| cell.parse::<usize>().ok().filter(|&n| n > 0);
    match (number(&head[2]), number(&head[3])) {
        (Some(actors), Some(issues)) => Ok((actors, issues)),
        _ => Err(KtabError::at(at, format!("`{}` and `{}` are no such numbers; {shape}", head[2], head[3]))),
    }
}

fn issue_names(at: usize, names: &[String], issues: usize) -> Result<Vec<String>, KtabError> {
    let columns = names.len().saturating_sub(LEADING);
    if columns < issues.saturating_mul(2) {
        return Err(KtabError::at(
            at,
            format!(
                "{issues} issues need {} columns after the power, a position and a salience each, but there are {columns}",
                issues.saturating_mul(2)
            ),
        ));
    }
    Ok((0..issues).map(|k| names[LEADING + 2 * k].clone()).collect())
}

fn actor_row(at: usize, row: &[String], issues: usize, table: &mut Table, errors: &mut Vec<KtabError>) {
    let (wanted, found) = (LEADING + 2 * issues, row.len());
    if found != wanted {
        errors.push(KtabError::at(at, format!("an actor's line has {wanted} entries, this one {found}")));
        return;
    }
    let mut number = |what: &str, cell: &str| {
        cell.parse::<f64>().ok().filter(|number| number.is_finite()).unwrap_or_else(|| {
            let name = &row[0];
            errors.push(KtabError::at(at, format!("the {what} of actor `{name}` is `{cell}`, not a number")));
            f64::NAN
        })
    };
    table.capability.push(number("power", &row[2]));
    let mut of_issue = |what: &str, offset: usize| -> Vec<f64> {
        let cell = |k: usize| (&table.issues[k], &row[LEADING + 2 * k + offset]);
        (0..issues).map(cell).map(|(issue, cell)| number(&format!("{what} on `{issue}`"), cell)).collect()
    };
    let (position, salience) = (of_issue("position", 0), of_issue("salience", 1));
    table.position.push(position);
    table.salience.push(salience);
    table.actors.push(Actor { name: row[0].clone(), description: row[1].clone() });
    table.lines.push(at);
}

/// Returns the entries of a line, without the empty one after a comma at its end.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let last = cells.len() - 1;
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                cells[last].push('"');
                letters.next();
            }
            '"' if quoted => quoted = false,
            '"' if cells[last].trim().is_empty() => {
                cells[last].clear();
                quoted = true;
            }
            ',' if !quoted => cells.push(String::new()),
            other => cells[last].push(other),
        }
    }
    if cells.len() > 1 && cells[cells.len() - 1].trim().is_empty() {
        cells.pop();
    }
    cells.iter().map(|cell| cell.trim().replace("$$", ",")).collect()
}

/// Writes a council as KTAB's CSV; choices and seed have no place in it.
pub fn write_csv(name: &str, description: &str, council: &Council) -> String {
    let (actors, issues) = (council.actors().len(), council.issues().len());
    let mut text = format!("{},{},{actors},{issues},\n", word(name), word(description));
    text.push_str("Actor,Description,Power,");
    for issue in council.issues() {
        let issue = word(&issue.name);
        text.push_str(&format!("{issue},{issue} salience,"));
    }
    text.push('\n');
    for (i, actor) in council.actors().iter().enumerate() {
        text.push_str(&format!(
            "{},{},{},",
            word(&actor.name),
            word(&actor.description),
            council.capability(i)
        ));
        for k in 0..issues {
            let (position, salience) = (percent_position(council, i, k), percent_salience(council, i, k));
            text.push_str(&format!("{position},{salience},"));
        }
        text.push('\n');
    }
    text
}

/// A comma becomes `$$`, as the format's own reader wants it; line ends and quotes cannot be kept.
fn word(text: &str) -> String {
    text.replace(',', "$$").replace('"', "'").replace(['\n', '\r'], " ")
}
