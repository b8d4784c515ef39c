//! The models of a case: what they say, their trees, their equilibria, who sees what.

use super::frame::{esc, grid, paragraphs, shut};
use super::{ModelPart, TreePart};
use crate::svg::{SvgOptions, svg};
use std::fmt::Write;

/// Returns one part per model.
pub fn models(parts: &[ModelPart]) -> String {
    let mut out = String::new();
    for (m, part) in parts.iter().enumerate() {
        let _ = writeln!(out, "<article id=\"model-{m}\"><h3>{}</h3>", esc(&part.title));
        let _ = writeln!(
            out,
            "<p class=\"small\">Model <code>{}</code>. Strength of the answer at the base values: <strong>{}</strong>.</p>",
            esc(&part.name),
            esc(&part.strength)
        );
        out.push_str(&paragraphs(&part.paragraphs));
        for (t, tree) in part.trees.iter().enumerate() {
            picture(&mut out, tree, &format!("tree-{m}-{t}"));
        }
        out.push_str(&grid(&part.played));
        out.push_str(&grid(&part.equilibria));
        out.push_str(&grid(&part.answers));
        if !part.sees.rows.is_empty() {
            out.push_str(&shut("Who sees what", &grid(&part.sees)));
        }
        out.push_str("</article>\n");
    }
    out
}

/// Width of the page's text, in pixels.
const PAGE: f64 = 1144.0;
/// Smallest scale at which a tree's labels are still easy to read.
const READABLE: f64 = 0.75;

fn picture(out: &mut String, tree: &TreePart, id: &str) {
    let mut drawing = svg(&tree.scene, &SvgOptions { inline_id: Some(id.into()) });
    let least = tree.scene.width * READABLE;
    if least <= PAGE {
        // A little too wide is shrunk rather than cut off at the edge; wider ones are scrolled.
        drawing = format!("<div class=\"fit\" style=\"min-width: {least:.0}px\">{drawing}</div>");
    }
    let caption = esc(&tree.caption);
    let _ = writeln!(
        out,
        "<figure><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">{drawing}</div>\
         <figcaption>{caption}</figcaption></figure>"
    );
}
