//! Reading the fixture tables, and councils made from them.
#![allow(dead_code)] // each test binary uses its own part

use detente_bargain::{Actor, Council, CouncilData, Issue, SalienceRule};

/// One row of a fixture table: kind, turn, actor, item, dim, value.
#[derive(Clone, Debug)]
pub struct Row {
    pub kind: String,
    pub turn: usize,
    pub actor: String,
    pub item: String,
    pub dim: String,
    pub value: String,
}

impl Row {
    pub fn number(&self) -> f64 {
        self.value.parse().expect("a number")
    }
}

pub fn rows(text: &str) -> Vec<Row> {
    text.lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), 6, "{line}");
            Row {
                kind: cells[0].into(),
                turn: cells[1].parse().unwrap_or(0),
                actor: cells[2].into(),
                item: cells[3].into(),
                dim: cells[4].into(),
                value: cells[5].into(),
            }
        })
        .collect()
}

/// Numbers of a table with a header line, row by row; words become NaN.
pub fn numbers(text: &str) -> Vec<Vec<f64>> {
    let cell = |cell: &str| cell.parse().unwrap_or(f64::NAN);
    text.lines().skip(1).map(|line| line.split(',').map(cell).collect()).collect()
}

/// The council in the `input` rows, on scales from `low` to `high`.
pub fn council(rows: &[Row], low: f64, high: f64, full_salience: f64) -> Council {
    let input: Vec<&Row> = rows.iter().filter(|row| row.kind == "input").collect();
    let mut actors: Vec<String> = Vec::new();
    let mut dims = 1;
    for row in &input {
        if !actors.contains(&row.actor) {
            actors.push(row.actor.clone());
        }
        dims = dims.max(row.dim.parse::<usize>().map_or(1, |dim| dim + 1));
    }
    let find = |actor: &String, item: &str, dim: usize| {
        let hit = |row: &&&Row| {
            row.actor == *actor && row.item == item && row.dim.parse::<usize>().unwrap_or(0) == dim
        };
        input.iter().find(hit).expect("an input row").number()
    };
    let table = |item: &str| -> Vec<Vec<f64>> {
        actors.iter().map(|actor| (0..dims).map(|dim| find(actor, item, dim)).collect()).collect()
    };
    Council::new(CouncilData {
        issues: (0..dims).map(|dim| Issue::new(format!("issue {dim}"), low, high)).collect(),
        capability: actors.iter().map(|actor| find(actor, "capability", 0)).collect(),
        position: table("position"),
        salience: table("salience"),
        actors: actors.into_iter().map(Actor::new).collect(),
        full_salience,
        salience_rule: SalienceRule::Shares,
    })
    .expect("a sound fixture")
}
