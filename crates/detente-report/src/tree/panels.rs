//! A tree too wide for a page, as several pictures one under the other.
//!
//! The one idea: every picture is as deep as fits the page; where the path of play goes on, the
//! branch names the picture that continues it.

use super::fold::{self, Part, SIGN};
use super::outline::{Item, outline};
use super::{Direction, TreeError, View, check_menu, lay_out};
use crate::scene::{Ink, Run, Scene, Weight};
use detente_game::{Game, Numbers};

/// One picture of a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// `A`, `B` and so on; nothing if the tree has one picture only.
    pub name: Option<char>,
    /// What happened before the picture begins; nothing at the start of play.
    pub after: Option<String>,
    pub scene: Scene,
}

/// Most pictures of one tree; what goes on after the last stays folded.
const MOST_PANELS: usize = 4;
/// Fewest moves on the longest way through a picture: below that a picture shows nothing.
const SHALLOWEST: usize = 3;

/// Lays out a tree in pictures of at most `most` ends and, where that is possible, `widest` pixels.
///
/// # Errors
/// A menu of more than `most` branches.
pub fn panels(
    game: &Game,
    numbers: &Numbers,
    view: Option<&View>,
    most: usize,
    widest: f64,
) -> Result<Vec<Panel>, TreeError> {
    let shown = view.map(|v| v.component);
    let reach = fold::reach(game, numbers, shown);
    let words = outline(game, numbers, shown);
    let mut roots = vec![0];
    let mut panels = Vec::new();
    while let Some(root) = roots.get(panels.len()).copied() {
        check_menu(game, root, most)?;
        let mut deepest = depth_below(game, root);
        let (scene, next) = loop {
            let part = Part { root, most, deepest };
            let (mut items, drawn) = fold::fold(game, &reach, words.clone(), part);
            let next = continued(&mut items, &drawn, &words, &reach, roots.len());
            let scene = lay_out(game, view, Direction::Fitting, items, &drawn);
            if scene.width <= widest || deepest <= SHALLOWEST {
                break (scene, next);
            }
            deepest -= 1;
        };
        roots.extend(next);
        let after = (root != 0).then(|| words[root].title.clone());
        panels.push(Panel { name: Some(letter(panels.len())), after, scene });
    }
    if let [only] = panels.as_mut_slice() {
        only.name = None;
    }
    Ok(panels)
}

fn letter(panel: usize) -> char {
    char::from(b'A' + panel as u8)
}

/// The folded branches on the path of play that get a picture of their own, likeliest first; each
/// is marked with the picture's name.
fn continued(items: &mut [Item], drawn: &[usize], words: &[Item], reach: &[f64], taken: usize) -> Vec<usize> {
    let folded = |k: &usize| {
        let whole = &words[drawn[*k]];
        items[*k].children.is_empty() && !whole.children.is_empty() && whole.weight == Weight::Path
    };
    let mut list: Vec<usize> = (0..items.len()).filter(folded).collect();
    list.sort_by(|a, b| reach[drawn[*b]].total_cmp(&reach[drawn[*a]]).then(a.cmp(b)));
    list.truncate(MOST_PANELS.saturating_sub(taken));
    for (i, k) in list.iter().enumerate() {
        items[*k].outcome = vec![Run::new(format!("{SIGN} see {}", letter(taken + i)), Ink::Text)];
    }
    list.into_iter().map(|k| drawn[k]).collect()
}

/// The most moves on a way from a node to an end.
fn depth_below(game: &Game, root: usize) -> usize {
    let mut depth = vec![0; game.nodes.len()];
    let mut most = 0;
    for (i, node) in game.nodes.iter().enumerate().skip(root + 1) {
        if let Some((parent, _)) = node.parent.filter(|(p, _)| p.index() == root || depth[p.index()] > 0) {
            depth[i] = depth[parent.index()] + 1;
            most = most.max(depth[i]);
        }
    }
    most
}
