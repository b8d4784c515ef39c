//! A scene as TikZ, for papers written in LaTeX.
//!
//! The one idea: the layout has decided every position, so the picture is drawn with plain paths and nodes of
//! text; one step of the picture is one pixel of the scene. Only the `tikz` package is needed.

use crate::palette::{LIGHT, TONES};
use crate::scene::{Anchor, Ink, Label, Mark, Piece, Point, Run, Scene, SetCurve, Shape, Sign, Weight};
use crate::svg::num;
use std::fmt::Write;

/// How the picture is embedded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TikzForm {
    /// One `tikzpicture`, to be read with `\input` into a document that loads `tikz`.
    Picture,
    /// A whole document of one page that has the picture's size.
    Document,
}

/// Printer's points per pixel: 96 pixels and 72 points to the inch.
const POINTS: f64 = 0.75;
/// The margin of a page around the picture, in printer's points.
const MARGIN: f64 = 6.0;

/// Returns the scene as LaTeX text. Letters with accents are written as they are (UTF-8); of other signs,
/// those known to every LaTeX are written as commands, and the rest need LuaLaTeX or XeLaTeX.
pub fn tikz(scene: &Scene, form: TikzForm) -> String {
    let mut out = String::new();
    if form == TikzForm::Document {
        // Packages that every LaTeX has; the page is the picture with a narrow margin.
        let side = |pixels: f64| num(pixels * POINTS + 2.0 * MARGIN + 1.0);
        let _ = writeln!(
            out,
            "\\documentclass{{article}}\n\\usepackage[T1]{{fontenc}}\n\\usepackage[paperwidth={}bp, paperheight={}bp, \
             margin={MARGIN}bp]{{geometry}}\n\\usepackage{{tikz}}\n\\pagestyle{{empty}}\n\\setlength{{\\topskip}}{{0pt}}\n\
             \\setlength{{\\parindent}}{{0pt}}\n\\begin{{document}}",
            side(scene.width),
            side(scene.height)
        );
    } else {
        out.push_str(
            "% In the preamble: \\usepackage[T1]{fontenc} \\usepackage{tikz}; where the text is narrower: \
             \\resizebox{\\textwidth}{!}{\\input{FILE}}\n",
        );
    }
    for line in scene.title.lines().chain(scene.description.lines()) {
        let _ = writeln!(out, "% {line}");
    }
    colours(&mut out);
    let _ = writeln!(
        out,
        "\\begin{{tikzpicture}}[x={POINTS}bp, y=-{POINTS}bp, line cap=round, line join=round, \
         every node/.style={{inner sep=0.4pt, outer sep=0pt, font=\\sffamily}}]"
    );
    // The size of the picture, whatever is drawn.
    let _ = writeln!(out, "\\path (0,0) rectangle ({},{});", num(scene.width), num(scene.height));
    branches(&mut out, scene);
    for set in &scene.sets {
        curve(&mut out, set);
    }
    for mark in &scene.marks {
        shape(&mut out, mark);
    }
    for label in &scene.labels {
        text(&mut out, label, true);
    }
    legend(&mut out, scene);
    out.push_str("\\end{tikzpicture}\n");
    if form == TikzForm::Document {
        out.push_str("\\end{document}\n");
    }
    out
}

/// Names for the colours of light paper, which is what papers are.
fn colours(out: &mut String) {
    let mut define = |name: &str, colour: &str| {
        let _ = writeln!(
            out,
            "\\definecolor{{{name}}}{{HTML}}{{{}}}",
            colour.trim_start_matches('#').to_uppercase()
        );
    };
    define("detenteInk", LIGHT[1]);
    define("detenteFaint", LIGHT[2]);
    for (k, tone) in TONES.iter().enumerate() {
        let letter = letter(k);
        define(&format!("detenteFill{letter}"), tone.fill);
        define(&format!("detenteText{letter}"), tone.text);
    }
}

/// The letter that stands for a player's colour.
fn letter(player: usize) -> char {
    char::from(b'A' + (player % TONES.len()) as u8)
}

fn xy(p: Point) -> String {
    format!("({},{})", num(p.x), num(p.y))
}

/// Options of a branch's line.
fn stroke(weight: Weight) -> &'static str {
    match weight {
        Weight::Path => "detenteInk, line width=2.2bp",
        Weight::Chosen => "detenteInk, line width=1.2bp",
        Weight::Plain => "detenteFaint, line width=0.7bp",
    }
}

/// Thin branches first, so that the path lies on top.
fn branches(out: &mut String, scene: &Scene) {
    for weight in [Weight::Plain, Weight::Chosen, Weight::Path] {
        for branch in scene.branches.iter().filter(|b| b.weight == weight) {
            let points: Vec<String> = branch.line.iter().map(|p| xy(*p)).collect();
            let _ = writeln!(out, "\\draw[{}] {};", stroke(weight), points.join(" -- "));
        }
    }
}

fn dashes(player: usize) -> String {
    format!("detenteText{}, line width=1.1bp, dash pattern=on 3.8bp off 2.6bp, line cap=butt", letter(player))
}

fn curve(out: &mut String, set: &SetCurve) {
    let mut path = String::new();
    for piece in &set.pieces {
        let _ = match piece {
            Piece::Move(p) => write!(path, " {}", xy(*p)),
            Piece::Line(p) => write!(path, " -- {}", xy(*p)),
            Piece::Cubic(a, b, p) => write!(path, " .. controls {} and {} .. {}", xy(*a), xy(*b), xy(*p)),
        };
    }
    let _ = writeln!(out, "\\draw[{}]{path};", dashes(set.player));
}

fn shape(out: &mut String, mark: &Mark) {
    let radius = format!("{}bp", num(mark.radius * POINTS));
    let _ = match mark.shape {
        Shape::Decision(p) => writeln!(
            out,
            "\\filldraw[fill=detenteFill{}, draw=white, line width=0.9bp] {} circle[radius={radius}];",
            letter(p),
            xy(mark.at)
        ),
        Shape::Chance => {
            let half = mark.radius - 0.5;
            let corner = |sign: f64| Point { x: mark.at.x + sign * half, y: mark.at.y + sign * half };
            writeln!(
                out,
                "\\filldraw[fill=white, draw=detenteInk, line width=1.2bp, line join=miter] {} rectangle {};",
                xy(corner(-1.0)),
                xy(corner(1.0))
            )
        }
        Shape::End => writeln!(out, "\\fill[detenteInk] {} circle[radius={radius}];", xy(mark.at)),
    };
}

fn text(out: &mut String, label: &Label, paper: bool) {
    let anchor = match label.anchor {
        Anchor::Start => "base west",
        Anchor::Middle => "base",
        Anchor::End => "base east",
    };
    let size = label.size * POINTS;
    let (size, skip) = (num(size), num(size * 1.2));
    let fill = if paper { ", fill=white" } else { "" };
    let runs: String = label.runs.iter().map(span).collect();
    let _ = writeln!(
        out,
        "\\node[anchor={anchor}{fill}] at {} {{\\fontsize{{{size}bp}}{{{skip}bp}}\\selectfont {runs}}};",
        xy(label.at)
    );
}

fn span(run: &Run) -> String {
    let colour = match run.ink {
        Ink::Text => "detenteInk".to_string(),
        Ink::Faint => "detenteFaint".to_string(),
        Ink::Player(p) => format!("detenteText{}", letter(p)),
    };
    let words = escape(&run.text);
    // A colour swallows the space after it.
    let words = words.strip_prefix(' ').map_or(words.clone(), |rest| format!("\\ {rest}"));
    match run.bold {
        true => format!("\\textcolor{{{colour}}}{{\\textbf{{{words}}}}}"),
        false => format!("\\textcolor{{{colour}}}{{{words}}}"),
    }
}

fn legend(out: &mut String, scene: &Scene) {
    for key in &scene.legend {
        if let Some((sign, at)) = key.sign {
            let line =
                format!("{} -- {}", xy(Point { x: at.x - 12.0, ..at }), xy(Point { x: at.x + 9.0, ..at }));
            let _ = match sign {
                Sign::Line(weight) => writeln!(out, "\\draw[{}] {line};", stroke(weight)),
                Sign::Set(player) => writeln!(out, "\\draw[{}] {line};", dashes(player)),
                Sign::Mark(kind) => {
                    shape(out, &Mark { node: 0, at, shape: kind, radius: 5.5, title: String::new() });
                    Ok(())
                }
            };
        }
        text(out, &key.label, false);
    }
}

/// Signs that LaTeX reads as commands, and signs that its common fonts lack, as commands.
const SIGNS: [(char, &str); 42] = [
    ('\\', "\\textbackslash{}"),
    ('{', "\\{"),
    ('}', "\\}"),
    ('$', "\\$"),
    ('&', "\\&"),
    ('#', "\\#"),
    ('%', "\\%"),
    ('_', "\\_"),
    ('^', "\\textasciicircum{}"),
    ('~', "\\textasciitilde{}"),
    ('"', "\\textquotedbl{}"),
    ('<', "\\textless{}"),
    ('>', "\\textgreater{}"),
    ('|', "\\textbar{}"),
    // Two of these side by side would be another sign.
    ('-', "{-}"),
    ('`', "{\\textasciigrave}"),
    ('\'', "{'}"),
    ('\u{2212}', "$-$"),
    ('\u{2013}', "--"),
    ('\u{2014}', "---"),
    ('\u{2026}', "\\ldots{}"),
    ('\u{2018}', "`"),
    ('\u{2019}', "'"),
    ('\u{201c}', "``"),
    ('\u{201d}', "''"),
    ('\u{00b7}', "$\\cdot$"),
    ('\u{00d7}', "$\\times$"),
    ('\u{00b1}', "$\\pm$"),
    ('\u{2192}', "$\\rightarrow$"),
    ('\u{2190}', "$\\leftarrow$"),
    ('\u{2248}', "$\\approx$"),
    ('\u{2264}', "$\\leq$"),
    ('\u{2265}', "$\\geq$"),
    ('\u{2260}', "$\\neq$"),
    ('\u{221e}', "$\\infty$"),
    ('\u{2208}', "$\\in$"),
    ('\u{03b1}', "$\\alpha$"),
    ('\u{03b2}', "$\\beta$"),
    ('\u{03b8}', "$\\theta$"),
    ('\u{03bb}', "$\\lambda$"),
    ('\u{03c0}', "$\\pi$"),
    ('\u{00a0}', "~"),
];

/// Writes text so that LaTeX prints it as it stands.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match SIGNS.iter().find(|(sign, _)| *sign == c) {
            Some((_, command)) => out.push_str(command),
            None if c.is_control() => out.push(' '),
            None => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sign_of_a_name_is_a_command() {
        assert_eq!(escape("100% {a_b} $x$ \\end#1"), "100\\% \\{a\\_b\\} \\$x\\$ \\textbackslash{}end\\#1");
        assert_eq!(escape("--'`\n"), "{-}{-}{'}{\\textasciigrave} ");
        assert_eq!(escape("\u{2212}1 \u{2265} Zürich"), "$-$1 $\\geq$ Zürich");
    }
}
