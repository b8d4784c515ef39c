//! A chart as SVG, in the colours and with the light and dark styles of all pictures.

use super::{Chart, Dash, Item};
use crate::palette::{LIGHT, TONES, tone};
use crate::scene::{Ink, Point};
use crate::svg::{FONTS, SvgOptions, escape, num, text, tree_style};
use std::fmt::Write;

/// Returns the chart as an SVG document or, with an inline id, as an element for a page.
pub fn chart_svg(chart: &Chart, options: &SvgOptions) -> String {
    let mut out = String::new();
    let id = options.inline_id.as_deref().unwrap_or("chart");
    let (w, h) = (num(chart.width), num(chart.height));
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"detente-tree\" width=\"{w}\" height=\"{h}\" \
         viewBox=\"0 0 {w} {h}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" font-family=\"{FONTS}\">"
    );
    let _ = writeln!(out, "<title id=\"{id}-title\">{}</title>", escape(&chart.title));
    let _ = writeln!(out, "<desc id=\"{id}-desc\">{}</desc>", escape(&chart.description));
    if options.inline_id.is_none() {
        let _ = writeln!(out, "<style>{}</style>", tree_style());
        let _ = writeln!(out, "<rect class=\"paper\" width=\"{w}\" height=\"{h}\" fill=\"{}\"/>", LIGHT[0]);
    }
    for item in &chart.items {
        draw(&mut out, item);
    }
    out.push_str("</svg>\n");
    out
}

fn draw(out: &mut String, item: &Item) {
    let _ = match item {
        Item::Line { points, ink, width, dash } => {
            let list: Vec<String> = points.iter().map(|p| format!("{} {}", num(p.x), num(p.y))).collect();
            writeln!(
                out,
                "<path d=\"M{}\" {} stroke-width=\"{}\"{} stroke-linejoin=\"round\"/>",
                list.join(" L"),
                stroke(*ink),
                num(*width),
                dashes(*dash)
            )
        }
        Item::Block { area, ink, strength } => writeln!(
            out,
            "<rect {} x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill-opacity=\"{}\"/>",
            fill(*ink),
            num(area.left),
            num(area.top),
            num(area.right - area.left),
            num(area.bottom - area.top),
            num(*strength)
        ),
        Item::Area { rings, ink, strength } => {
            let ring = |points: &Vec<Point>| {
                let list: Vec<String> = points.iter().map(|p| format!("{} {}", num(p.x), num(p.y))).collect();
                format!("M{}Z", list.join(" L"))
            };
            let path: String = rings.iter().map(ring).collect();
            let (fill, strength) = (fill(*ink), num(*strength));
            writeln!(out, "<path d=\"{path}\" {fill} fill-opacity=\"{strength}\" fill-rule=\"evenodd\"/>")
        }
        Item::Dot { at, radius, ink, hollow } => {
            let (x, y, r) = (num(at.x), num(at.y), num(*radius));
            match hollow {
                true => writeln!(
                    out,
                    "<g class=\"paper\" fill=\"{}\"><circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" {} stroke-width=\"1.8\"/></g>",
                    LIGHT[0],
                    stroke(*ink).replace(" fill=\"none\"", "")
                ),
                false => writeln!(out, "<circle {} cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>", fill(*ink)),
            }
        }
        Item::Arrow { from, to, ink } => {
            arrow(out, *from, *to, *ink);
            Ok(())
        }
        Item::Text(label) => {
            text(out, label, true);
            Ok(())
        }
    };
}

/// A line with a head at its end.
fn arrow(out: &mut String, from: Point, to: Point, ink: Ink) {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = (dx * dx + dy * dy).sqrt().max(1e-9);
    let (ux, uy) = (dx / length, dy / length);
    let wing = |side: f64| (to.x - 7.0 * ux + side * 3.5 * uy, to.y - 7.0 * uy - side * 3.5 * ux);
    let ((ax, ay), (bx, by)) = (wing(1.0), wing(-1.0));
    let _ = writeln!(
        out,
        "<path d=\"M{} {} L{} {} M{} {} L{} {} L{} {}\" {} stroke-width=\"1.5\"/>",
        num(from.x),
        num(from.y),
        num(to.x),
        num(to.y),
        num(ax),
        num(ay),
        num(to.x),
        num(to.y),
        num(bx),
        num(by),
        stroke(ink)
    );
}

fn stroke(ink: Ink) -> String {
    let (class, colour) = match ink {
        Ink::Text => ("line".to_string(), LIGHT[1]),
        Ink::Faint => ("thin".to_string(), LIGHT[2]),
        Ink::Player(p) => (format!("s{}", p % TONES.len()), tone(p).text),
    };
    format!("class=\"{class}\" fill=\"none\" stroke=\"{colour}\"")
}

fn fill(ink: Ink) -> String {
    let (class, colour) = match ink {
        Ink::Text => ("ink".to_string(), LIGHT[1]),
        Ink::Faint => ("faint".to_string(), LIGHT[2]),
        Ink::Player(p) => (format!("p{}", p % TONES.len()), tone(p).fill),
    };
    format!("class=\"{class}\" fill=\"{colour}\"")
}

fn dashes(dash: Dash) -> &'static str {
    match dash {
        Dash::Solid => "",
        Dash::Dashed => " stroke-dasharray=\"7 4\"",
        Dash::Dotted => " stroke-dasharray=\"2 3.5\"",
    }
}
