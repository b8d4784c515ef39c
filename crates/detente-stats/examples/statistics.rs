//! Statistics of a table from the standard input, as JSON: for comparison with other programs on the
//! same numbers (`bench/peers/sensitivity.py`).
//!
//! The first line is the question, each further one a row of numbers:
//! `indices D` (one output per row, in the order of Saltelli's design for D inputs), `given` or `prim`
//! (inputs, then the output, which is 0 or 1 for `prim`).

use detente_stats::scenario::{Cases, PrimSettings, find_box};
use detente_stats::sensitivity::{GivenSettings, IndexSettings, given_data, sobol_indices};
use std::error::Error;
use std::io::Read as _;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let mut lines = text.lines();
    let question = lines.next().unwrap_or_default();
    let number = |word: &str| word.parse::<f64>();
    let rows: Vec<Vec<f64>> =
        lines.map(|line| line.split_whitespace().map(number).collect()).collect::<Result<_, _>>()?;
    let inputs = rows.first().map_or(0, |r| r.len().saturating_sub(1));
    let columns: Vec<Vec<f64>> = (0..inputs).map(|k| rows.iter().map(|r| r[k]).collect()).collect();
    let outputs: Vec<f64> = rows.iter().filter_map(|r| r.last().copied()).collect();
    let started = Instant::now();
    let found = match question.split_once(' ').unwrap_or((question, "")) {
        ("indices", inputs) => {
            let settings = IndexSettings { resamples: 100, ..IndexSettings::default() };
            serde_json::to_value(sobol_indices(&outputs, inputs.parse()?, &settings)?)?
        }
        ("given", _) => {
            let settings = GivenSettings { resamples: 100, ..GivenSettings::default() };
            serde_json::to_value(given_data(&columns, &outputs, &settings)?)?
        }
        ("prim", _) => {
            let holds: Vec<bool> = outputs.iter().map(|y| *y != 0.0).collect();
            let cases = Cases::new(&columns, &holds)?;
            let settings = PrimSettings { peel: 0.1, ..PrimSettings::default() };
            let found = find_box(&cases, &cases.rows(), &settings)?;
            let shares = found.boxes.iter().map(|(_, m)| [m.coverage(), m.density(), m.mass()]);
            serde_json::to_value(shares.collect::<Vec<_>>())?
        }
        _ => return Err("the first line is `indices D`, `given` or `prim`".into()),
    };
    let seconds = started.elapsed().as_secs_f64();
    println!("{}", serde_json::json!({"seconds": seconds, "found": found}));
    Ok(())
}
