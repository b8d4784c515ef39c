//! Who pressed whom, turn by turn, as a grid: challengers down, turns across, the pressed inside.
//!
//! The one idea: ten actors over eight turns make a knot of arrows but a readable table. A filled cell
//! means that the pressed actor took an offer of the challenger in that turn.

use super::*;
use detente_answer::ensemble::Course;

const TOP: f64 = 24.0;
const ROW: f64 = 22.0;
/// Turns shown at most.
const MOST_TURNS: usize = 8;

/// Draws the first turns of a run.
pub fn pressure(course: &Course) -> Chart {
    let turns = course.turns.len().min(MOST_TURNS);
    let left = course.actors.iter().map(|a| width_of(a)).fold(40.0, f64::max) + 18.0;
    let column = course.actors.iter().map(|a| width_of(a)).fold(40.0, f64::max) + 16.0;
    let mut items = Vec::new();
    let columns = ["turn", "challenger", "pressed", "odds", "took the offer"].map(String::from).to_vec();
    let mut data = Data { columns, rows: vec![] };
    for turn in 0..turns {
        let x = left + column * turn as f64 + column / 2.0;
        items.push(text(&format!("turn {}", turn + 1), Ink::Faint, x, 14.0, Anchor::Middle));
    }
    for (actor, name) in course.actors.iter().enumerate() {
        let y = TOP + ROW * actor as f64;
        items.push(text(name, Ink::Player(actor), left - 10.0, y + 15.0, Anchor::End));
        items.push(line((left - 4.0, y), (left + column * turns as f64, y), Ink::Faint, 0.4, Dash::Solid));
    }
    for (turn, happened) in course.turns.iter().enumerate() {
        for press in &happened.presses {
            let took = happened.steps.iter().any(|s| s.actor == press.to && s.with == press.by && !s.own);
            data.rows.push(vec![
                (turn + 1).to_string(),
                course.actors[press.by].clone(),
                course.actors[press.to].clone(),
                format!("{}", press.odds),
                if took { "yes" } else { "no" }.into(),
            ]);
            if turn >= turns {
                continue;
            }
            let (x, y) = (left + column * turn as f64, TOP + ROW * press.by as f64);
            let ink = Ink::Player(press.to);
            if took {
                let area =
                    Rect { left: x + 2.0, top: y + 2.0, right: x + column - 2.0, bottom: y + ROW - 2.0 };
                items.push(Item::Block { area, ink, strength: 0.18 });
            }
            items.push(text(&course.actors[press.to], ink, x + column / 2.0, y + 15.0, Anchor::Middle));
        }
    }
    let height = TOP + ROW * course.actors.len() as f64;
    let note = "filled: the pressed actor took the offer in that turn";
    items.push(text(note, Ink::Faint, left - 4.0, height + 20.0, Anchor::Start));
    Chart {
        slug: "pressure".into(),
        width: (left + column * turns as f64 + 8.0).max(left + width_of(note) + 8.0),
        height: height + 30.0,
        title: "Who pressed whom, turn by turn".into(),
        description: "Challengers in rows, turns in columns; each cell names whom the challenger pressed."
            .into(),
        items,
        data,
    }
}
