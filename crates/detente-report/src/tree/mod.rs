//! From a game to a picture of its tree.
//!
//! The order of work: words ([`outline`]), levels, order of branches, positions across, lanes for
//! information sets, depths, and then every line and label at its place. Two directions share all
//! of it but the words' places: [`down`] for few ends, [`right`] for many.

mod down;
mod fold;
mod legend;
mod levels;
mod order;
mod outline;
mod panels;
mod right;
mod sets;
mod spread;

pub use outline::pretty;
pub use panels::{Panel, panels};

use crate::scene::{Branch, Mark, Scene, Shape};
use detente_game::solution::{Component, Concept, Solution, Status};
use detente_game::{Game, Numbers};
use fold::Part;
use outline::Item;
use sets::Frame;

const RADIUS: f64 = 6.0;
const BRANCH_SIZE: f64 = 13.0;
const OWNER_SIZE: f64 = 12.5;
const END_SIZE: f64 = 13.0;
const LEGEND_SIZE: f64 = 12.0;

/// Which way the tree grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Down for few ends, right for many.
    #[default]
    Fitting,
    Down,
    Right,
}

/// The equilibrium that a picture shows.
#[derive(Clone, Debug)]
pub struct View<'a> {
    pub component: &'a Component,
    /// Its id, such as `E1`.
    pub name: String,
    pub concept: Concept,
    pub status: Status,
}

impl<'a> View<'a> {
    /// Returns the view of the component at `position`, if the solution has it.
    pub fn of(solution: &'a Solution, position: usize) -> Option<View<'a>> {
        Some(View {
            component: solution.components.get(position)?,
            name: format!("E{}", position + 1),
            concept: solution.concept,
            status: solution.status,
        })
    }
}

/// Why a tree is not drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    #[error("the tree has {ends} ends; a picture can show at most {limit}")]
    TooLarge { ends: usize, limit: usize },
}

/// Most ends that a picture shows; of larger trees some branches stay closed.
pub const MOST_ENDS: usize = 400;
/// Ends shown of a tree that is larger than that.
const FOLDED_ENDS: usize = 60;
/// Most ends of a tree that grows downwards, unless asked for.
const MOST_ENDS_DOWN: usize = 12;
/// Widest tree that grows downwards, unless asked for, in pixels.
const WIDEST_DOWN: f64 = 1100.0;

/// Lays out the tree of a game, with the path of an equilibrium if one is given. A tree with more
/// than [`MOST_ENDS`] ends is folded, see [`folded_scene`].
///
/// # Errors
/// A menu of more than [`MOST_ENDS`] branches at the root.
pub fn tree_scene(
    game: &Game,
    numbers: &Numbers,
    view: Option<&View>,
    direction: Direction,
) -> Result<Scene, TreeError> {
    let most = if game.num_terminals() > MOST_ENDS { FOLDED_ENDS } else { MOST_ENDS };
    folded_scene(game, numbers, view, direction, most)
}

/// Lays out at most `most` ends of a tree: the likeliest branches are open, the others say how
/// many ends lie behind them.
///
/// # Errors
/// A menu of more branches than that at the root.
pub fn folded_scene(
    game: &Game,
    numbers: &Numbers,
    view: Option<&View>,
    direction: Direction,
    most: usize,
) -> Result<Scene, TreeError> {
    check_menu(game, 0, most)?;
    let shown = view.map(|v| v.component);
    let reach = fold::reach(game, numbers, shown);
    let part = Part { root: 0, most, deepest: usize::MAX };
    let (items, drawn) = fold::fold(game, &reach, outline::outline(game, numbers, shown), part);
    Ok(lay_out(game, view, direction, items, &drawn))
}

fn check_menu(game: &Game, root: usize, most: usize) -> Result<(), TreeError> {
    let first = game.nodes.get(root).map_or(0, |n| n.num_children as usize);
    match first > most {
        true => Err(TreeError::TooLarge { ends: game.num_terminals(), limit: MOST_ENDS }),
        false => Ok(()),
    }
}

/// The picture of the items that are drawn; `drawn` holds the node of each.
fn lay_out(
    game: &Game,
    view: Option<&View>,
    direction: Direction,
    mut items: Vec<Item>,
    drawn: &[usize],
) -> Scene {
    let ends = items.iter().filter(|i| i.children.is_empty()).count();
    let place = |n: usize| drawn.binary_search(&n).ok().filter(|k| items[*k].set.is_some());
    let sets: Vec<(usize, Vec<usize>)> = (0..game.infosets.len())
        .map(|h| (h, game.infosets[h].nodes.iter().filter_map(|n| place(n.index())).collect::<Vec<_>>()))
        .filter(|(_, members)| members.len() > 1)
        .collect();
    // A member left alone by folding names its owner like any other node.
    for item in &mut items {
        item.set = item.set.filter(|h| sets.iter().any(|(drawn, _)| drawn == h));
    }
    let level = levels::levels(&items, &sets);
    order::untangle(&mut items, &level, &sets);
    let mut scene = match direction {
        Direction::Right => grow_right(&items, &sets, &level),
        Direction::Down => grow_down(&items, &sets, &level),
        Direction::Fitting if ends > MOST_ENDS_DOWN => grow_right(&items, &sets, &level),
        Direction::Fitting => {
            let scene = grow_down(&items, &sets, &level);
            let bounds = scene.bounds();
            if bounds.right - bounds.left > WIDEST_DOWN { grow_right(&items, &sets, &level) } else { scene }
        }
    };
    scene.title = if game.title.is_empty() {
        "Game tree".into()
    } else {
        format!("Game tree: {}", pretty(&game.title))
    };
    scene.description = description(game, &items, view);
    let folded = drawn.len() < game.nodes.len();
    if folded {
        let all = game.num_terminals();
        scene.description.push_str(&format!(
            " Of {all} ends {ends} branches are drawn; a branch marked {} stands for the ends behind it.",
            fold::SIGN
        ));
    }
    legend::add_legend(&mut scene, game, view, folded);
    scene
}

fn description(game: &Game, items: &[Item], view: Option<&View>) -> String {
    let players: Vec<String> = game.players.iter().map(|p| pretty(&p.name)).collect();
    let moves = items.iter().filter(|i| matches!(i.shape, Shape::Decision(_))).count();
    let ends = items.iter().filter(|i| i.children.is_empty()).count();
    let mut text =
        format!("A tree with {moves} decision nodes and {ends} ends. Players: {}.", players.join(", "));
    if let Some(view) = view {
        let chances: Vec<String> = game
            .outcome_keys()
            .iter()
            .zip(&view.component.outcomes)
            .filter(|(_, p)| p.value != 0.0)
            .map(|(name, p)| format!("{} {}", pretty(name), crate::number::short_num(p)))
            .collect();
        text.push_str(&format!(" Heavy lines show the path of {}: {}.", view.name, chances.join(", ")));
    }
    text
}

fn grow_right(items: &[Item], sets: &[(usize, Vec<usize>)], level: &[usize]) -> Scene {
    let deepest = level.iter().copied().max().unwrap_or(0);
    let across = spread::spread(items, &right::RightRoom { items, level, deepest });
    let hops = sets::hops(items, sets, level, &across);
    let mut firsts = vec![false; items.len()];
    for (_, members) in sets {
        let first = members.iter().min_by(|a, b| across[**a].total_cmp(&across[**b]));
        firsts[*first.expect("a set has members")] = true;
    }
    let (slope, depth) = right::depths(items, level, &across, &hops, &firsts);
    let frame = Frame { level, across: &across, depth: &depth, rightward: true };
    let labels = right::labels(items, &frame, &slope, &hops, &firsts);
    let branches = branches(items, |from, to| right::line(&frame, &slope, from, to));
    let sets = sets::curves(items, sets, &hops, &frame);
    Scene { branches, sets, marks: marks(items, &frame), labels, ..blank() }
}

fn grow_down(items: &[Item], sets: &[(usize, Vec<usize>)], level: &[usize]) -> Scene {
    // Where a set is named decides how much room its members need, and the room decides where it
    // can be named: two rounds settle it, a name once moved outside stays there.
    let mut naming: Vec<down::Naming> = Vec::new();
    let mut across = Vec::new();
    let mut hops = Vec::new();
    for _ in 0..2 {
        across = spread::spread(items, &down::DownRoom { items, level, naming: &naming });
        hops = sets::hops(items, sets, level, &across);
        let fitting = down::naming(items, sets, &hops, &across);
        naming = match naming.len() {
            0 => fitting,
            _ => naming
                .iter()
                .zip(fitting)
                .map(|(old, new)| if matches!(old, down::Naming::Beside(_)) { *old } else { new })
                .collect(),
        };
    }
    let depth = down::depths(items, level, &across, &hops);
    let frame = Frame { level, across: &across, depth: &depth, rightward: false };
    let labels = down::labels(items, &frame, sets, &naming);
    let branches = branches(items, |from, to| down::line(&frame, from, to));
    let sets = sets::curves(items, sets, &hops, &frame);
    Scene { branches, sets, marks: marks(items, &frame), labels, ..blank() }
}

fn blank() -> Scene {
    Scene {
        width: 0.0,
        height: 0.0,
        title: String::new(),
        description: String::new(),
        branches: vec![],
        sets: vec![],
        marks: vec![],
        labels: vec![],
        legend: vec![],
    }
}

fn branches(items: &[Item], line: impl Fn(usize, usize) -> Vec<crate::scene::Point>) -> Vec<Branch> {
    let link = |(to, item): (usize, &Item)| {
        let from = item.parent?;
        Some(Branch { from, to, line: line(from, to), weight: item.weight })
    };
    items.iter().enumerate().filter_map(link).collect()
}

fn marks(items: &[Item], frame: &Frame) -> Vec<Mark> {
    let mark = |(i, item): (usize, &Item)| Mark {
        node: i,
        at: frame.node(i),
        shape: item.shape,
        radius: if item.shape == Shape::End { 2.6 } else { RADIUS },
        title: item.title.clone(),
    };
    items.iter().enumerate().map(mark).collect()
}
