//! A scene as SVG: numeric sizes, fixed order, two decimals, every text escaped.
//!
//! The one idea: plain attributes carry the light colours, so every renderer shows the picture;
//! style rules that follow the reader's light or dark setting stand behind a media query, which
//! renderers without style variables skip.

use crate::palette::{DARK, LIGHT, TONES, Tone, tone};
use crate::scene::{Anchor, Ink, Label, Mark, Piece, Point, Run, Scene, SetCurve, Shape, Sign, Weight};
use std::fmt::Write;

/// How the picture is embedded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SvgOptions {
    /// For a picture inside a page: no background and no style of its own, the page provides
    /// [`tree_style`]; `id` keeps the names of several pictures apart.
    pub inline_id: Option<String>,
}

/// Returns the scene as an SVG document or, with an inline id, as an element for a page.
pub fn svg(scene: &Scene, options: &SvgOptions) -> String {
    let mut out = String::new();
    let id = options.inline_id.as_deref().unwrap_or("tree");
    let (w, h) = (num(scene.width), num(scene.height));
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"detente-tree\" width=\"{w}\" height=\"{h}\" \
         viewBox=\"0 0 {w} {h}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
         font-family=\"{FONTS}\">"
    );
    let _ = writeln!(out, "<title id=\"{id}-title\">{}</title>", escape(&scene.title));
    let _ = writeln!(out, "<desc id=\"{id}-desc\">{}</desc>", escape(&scene.description));
    if options.inline_id.is_none() {
        let _ = writeln!(out, "<style>{}</style>", tree_style());
        let _ = writeln!(out, "<rect class=\"paper\" width=\"{w}\" height=\"{h}\" fill=\"{}\"/>", LIGHT[0]);
    }
    branches(&mut out, scene);
    for set in &scene.sets {
        curve(&mut out, set);
    }
    for mark in &scene.marks {
        shape(&mut out, mark.shape, mark.at, mark);
    }
    for label in &scene.labels {
        text(&mut out, label, true);
    }
    legend(&mut out, scene);
    out.push_str("</svg>\n");
    out
}

pub(crate) const FONTS: &str = "&apos;Source Sans 3&apos;, &apos;Helvetica Neue&apos;, Arial, &apos;Liberation Sans&apos;, \
                     &apos;DejaVu Sans&apos;, sans-serif";

/// Returns the style rules that adapt a picture to light and dark settings.
pub fn tree_style() -> String {
    let mut css = String::from("@media screen, print { ");
    let rules = |css: &mut String, paper: [&str; 3], pick: fn(&Tone) -> (&str, &str)| {
        let _ = write!(
            css,
            ".detente-tree {{ --paper: {}; --ink: {}; --faint: {}; ",
            paper[0], paper[1], paper[2]
        );
        for (k, t) in TONES.iter().enumerate() {
            let (fill, text) = pick(t);
            let _ = write!(css, "--fill{k}: {fill}; --text{k}: {text}; ");
        }
        css.push_str("} ");
    };
    rules(&mut css, LIGHT, |t| (t.fill, t.text));
    css.push_str(
        ".detente-tree .paper { fill: var(--paper); } \
         .detente-tree .ink { fill: var(--ink); } \
         .detente-tree .faint { fill: var(--faint); } \
         .detente-tree .line { stroke: var(--ink); } \
         .detente-tree .thin { stroke: var(--faint); } \
         .detente-tree .hollow { fill: var(--paper); stroke: var(--ink); } \
         .detente-tree .rim { stroke: var(--paper); } \
         .detente-tree .halo { stroke: var(--paper); } ",
    );
    for k in 0..TONES.len() {
        let _ = write!(
            css,
            ".detente-tree .p{k} {{ fill: var(--fill{k}); }} .detente-tree .t{k} {{ fill: var(--text{k}); }} \
             .detente-tree .s{k} {{ stroke: var(--text{k}); }} "
        );
    }
    css.push_str("} @media screen and (prefers-color-scheme: dark) { ");
    rules(&mut css, DARK, |t| (t.dark, t.dark));
    css.push('}');
    css
}

/// A coordinate with at most two decimals, written the same everywhere.
pub(crate) fn num(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded == 0.0 { "0".into() } else { format!("{rounded}") }
}

fn xy(p: Point) -> String {
    format!("{} {}", num(p.x), num(p.y))
}

/// Escapes text for XML and HTML, in elements and in quoted attributes. Characters that XML
/// forbids become a replacement sign.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Stroke attributes of a branch.
fn stroke(weight: Weight) -> String {
    let (class, colour, width) = match weight {
        Weight::Path => ("line", LIGHT[1], "3"),
        Weight::Chosen => ("line", LIGHT[1], "1.7"),
        Weight::Plain => ("thin", LIGHT[2], "1"),
    };
    format!("class=\"{class}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"")
}

/// Thin branches first, so that the path lies on top.
fn branches(out: &mut String, scene: &Scene) {
    for weight in [Weight::Plain, Weight::Chosen, Weight::Path] {
        for branch in scene.branches.iter().filter(|b| b.weight == weight) {
            let points: Vec<String> = branch.line.iter().map(|p| xy(*p)).collect();
            let _ = writeln!(
                out,
                "<path d=\"M{}\" {} stroke-linejoin=\"round\" stroke-linecap=\"round\"/>",
                points.join(" L"),
                stroke(weight)
            );
        }
    }
}

fn curve(out: &mut String, set: &SetCurve) {
    let d: Vec<String> = set
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Move(p) => format!("M{}", xy(*p)),
            Piece::Line(p) => format!("L{}", xy(*p)),
            Piece::Cubic(a, b, p) => format!("C{} {} {}", xy(*a), xy(*b), xy(*p)),
        })
        .collect();
    let _ = writeln!(out, "<path d=\"{}\" {}/>", d.join(" "), dashes(set.player));
}

fn dashes(player: usize) -> String {
    let k = player % TONES.len();
    format!(
        "class=\"s{k}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" stroke-dasharray=\"5 3.5\"",
        tone(player).text
    )
}

fn shape(out: &mut String, shape: Shape, at: Point, mark: &Mark) {
    let (x, y, r) = (num(at.x), num(at.y), num(mark.radius));
    let title = format!("<title>{}</title>", escape(&mark.title));
    let _ = match shape {
        Shape::Decision(p) => writeln!(
            out,
            "<circle class=\"p{} rim\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"{}\" stroke=\"{}\" \
             stroke-width=\"1.2\">{title}</circle>",
            p % TONES.len(),
            tone(p).fill,
            LIGHT[0]
        ),
        Shape::Chance => writeln!(
            out,
            "<rect class=\"hollow\" x=\"{}\" y=\"{}\" width=\"{side}\" height=\"{side}\" fill=\"{}\" stroke=\"{}\" \
             stroke-width=\"1.6\">{title}</rect>",
            num(at.x - mark.radius + 0.5),
            num(at.y - mark.radius + 0.5),
            LIGHT[0],
            LIGHT[1],
            side = num(2.0 * mark.radius - 1.0),
        ),
        Shape::End => writeln!(
            out,
            "<circle class=\"ink\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"{}\">{title}</circle>",
            LIGHT[1]
        ),
    };
}

pub(crate) fn text(out: &mut String, label: &Label, halo: bool) {
    let anchor = match label.anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    if label.on_line {
        let a = &label.area;
        let (w, h) = (num(a.right - a.left + 4.0), num(a.bottom - a.top));
        let _ = writeln!(
            out,
            "<rect class=\"paper\" x=\"{}\" y=\"{}\" width=\"{w}\" height=\"{h}\" fill=\"{}\"/>",
            num(a.left - 2.0),
            num(a.top),
            LIGHT[0]
        );
    }
    let behind = if halo {
        format!(
            " class=\"halo\" paint-order=\"stroke\" stroke=\"{}\" stroke-width=\"3\" stroke-linejoin=\"round\"",
            LIGHT[0]
        )
    } else {
        String::new()
    };
    let _ = write!(
        out,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{anchor}\"{behind}>",
        num(label.at.x),
        num(label.at.y),
        num(label.size)
    );
    for run in &label.runs {
        span(out, run);
    }
    out.push_str("</text>\n");
}

fn span(out: &mut String, run: &Run) {
    let (class, colour) = match run.ink {
        Ink::Text => ("ink".to_string(), LIGHT[1]),
        Ink::Faint => ("faint".to_string(), LIGHT[2]),
        Ink::Player(p) => (format!("t{}", p % TONES.len()), tone(p).text),
    };
    let bold = if run.bold { " font-weight=\"bold\"" } else { "" };
    let _ = write!(
        out,
        "<tspan class=\"{class}\" fill=\"{colour}\"{bold} xml:space=\"preserve\">{}</tspan>",
        escape(&run.text)
    );
}

fn legend(out: &mut String, scene: &Scene) {
    for key in &scene.legend {
        if let Some((sign, at)) = key.sign {
            let line =
                format!("M{} L{}", xy(Point { x: at.x - 12.0, ..at }), xy(Point { x: at.x + 9.0, ..at }));
            let _ = match sign {
                Sign::Line(weight) => {
                    writeln!(out, "<path d=\"{line}\" {} stroke-linecap=\"round\"/>", stroke(weight))
                }
                Sign::Set(player) => writeln!(out, "<path d=\"{line}\" {}/>", dashes(player)),
                Sign::Mark(kind) => {
                    let mark = Mark { node: 0, at, shape: kind, radius: 5.5, title: String::new() };
                    shape(out, kind, at, &mark);
                    Ok(())
                }
            };
        }
        text(out, &key.label, false);
    }
}
