//! Lines, bars and pies.

use super::{
    canvas::{Canvas, Colour},
    font,
};

/// What is drawn: a name for each place, and for each series a name and a number for each place.
pub(super) struct Data {
    pub(super) names: Vec<String>,
    pub(super) series: Vec<(String, Vec<f64>)>,
}

/// How it is drawn.
pub(super) struct Look {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) text: Colour,
    pub(super) background: Colour,
    pub(super) grid: Colour,
    pub(super) colours: Vec<Colour>,
    pub(super) legend: bool,
}

/// The kinds of pictures, as requests name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Line,
    Columns,
    Bars,
    Pie,
}

const MARGIN: i32 = 10;

/// Draws.
pub(super) fn draw(kind: Kind, data: &Data, look: &Look) -> Canvas {
    let height = match kind {
        // Bars get the room they need.
        Kind::Bars => look.height.max(rows_top(data, look) + data.names.len() as i32 * row_height(data) + MARGIN).min(2048),
        _ => look.height,
    };
    let mut canvas = Canvas::new(look.width, height, look.background);
    if look.legend && kind != Kind::Pie {
        legend(&mut canvas, data, look);
    }
    if data.names.is_empty() {
        canvas.text((MARGIN, height / 2), "There is no data for this report.", look.text);
        return canvas;
    }
    match kind {
        Kind::Line | Kind::Columns => over(&mut canvas, kind, data, look),
        Kind::Bars => bars(&mut canvas, data, look),
        Kind::Pie => pie(&mut canvas, data, look),
    }
    canvas
}

fn colour(look: &Look, nth: usize) -> Colour {
    look.colours.get(nth % look.colours.len().max(1)).copied().unwrap_or([0x36, 0x4D, 0xBB])
}

fn greatest(data: &Data) -> f64 {
    data.series.iter().flat_map(|(_, numbers)| numbers).copied().filter(|number| number.is_finite()).fold(0.0, f64::max)
}

/// The end of the scale and the step between its lines: numbers people can read.
fn scale(greatest: f64) -> (f64, f64) {
    let rough = (greatest / 4.0).max(f64::MIN_POSITIVE);
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough).unwrap_or(rough);
    let step = if greatest <= 0.0 { 1.0 } else { step };
    ((greatest / step).ceil().max(1.0) * step, step)
}

fn written(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { format!("{number:.2}") }
}

fn wide(text: &str) -> i32 {
    text.chars().count() as i32 * font::WIDTH
}

fn shortened(text: &str, room: i32) -> String {
    let most = (room / font::WIDTH).max(4) as usize;
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 3).chain("...".chars()).collect() }
}

fn legend(canvas: &mut Canvas, data: &Data, look: &Look) {
    let mut left = MARGIN;
    for (nth, (name, _)) in data.series.iter().enumerate() {
        canvas.rectangle((left, MARGIN + 2), (9, 9), colour(look, nth));
        canvas.text((left + 13, MARGIN), name, look.text);
        left += 13 + wide(name) + 2 * font::WIDTH;
    }
}

/// A number for each name from left to right.
fn over(canvas: &mut Canvas, kind: Kind, data: &Data, look: &Look) {
    let (end, step) = scale(greatest(data));
    let left = MARGIN + wide(&written(end)).max(wide(&written(step))) + 6;
    let top = MARGIN + if look.legend { font::HEIGHT + 8 } else { 0 };
    let bottom = canvas.height - MARGIN - font::HEIGHT - 6;
    let right = canvas.width - MARGIN;
    let at = |number: f64| bottom - ((number / end) * f64::from((bottom - top).max(1))).round() as i32;
    let mut line = 0.0;
    while line <= end + step / 2.0 {
        let y = at(line);
        canvas.rectangle((left, y), (right - left, 1), look.grid);
        let text = written(line);
        canvas.text((left - 6 - wide(&text), y - font::HEIGHT / 2), &text, look.text);
        line += step;
    }
    let places = data.names.len() as i32;
    let room = (right - left).max(places) / places.max(1);
    let middle = |nth: usize| left + room * nth as i32 + room / 2;
    // As many names as there is room for.
    let widest = data.names.iter().map(|name| wide(name)).max().unwrap_or(0) + font::WIDTH;
    let every = (widest / room.max(1) + 1).max(1) as usize;
    for (nth, name) in data.names.iter().enumerate().step_by(every) {
        canvas.text((middle(nth) - wide(name) / 2, bottom + 5), name, look.text);
    }
    let series = data.series.len() as i32;
    for (nth, (_, numbers)) in data.series.iter().enumerate() {
        let points: Vec<(i32, i32)> = numbers.iter().enumerate().map(|(place, number)| (middle(place), at(*number))).collect();
        if kind == Kind::Columns {
            let breadth = (room * 3 / 4 / series.max(1)).max(1);
            for (x, y) in points {
                let x = x - breadth * series / 2 + breadth * nth as i32;
                canvas.rectangle((x, y), (breadth, bottom - y), colour(look, nth));
            }
            continue;
        }
        for pair in points.windows(2) {
            canvas.line(pair[0], pair[1], colour(look, nth));
        }
        for (x, y) in points {
            canvas.rectangle((x - 2, y - 2), (5, 5), colour(look, nth));
        }
    }
}

fn rows_top(_: &Data, look: &Look) -> i32 {
    MARGIN + if look.legend { font::HEIGHT + 8 } else { 0 }
}

fn row_height(data: &Data) -> i32 {
    (font::HEIGHT + 5).max(data.series.len() as i32 * 8 + 5)
}

/// A row for each name.
fn bars(canvas: &mut Canvas, data: &Data, look: &Look) {
    let names = data.names.iter().map(|name| wide(name)).max().unwrap_or(0).min(canvas.width / 2);
    let left = MARGIN + names + 8;
    let most = greatest(data);
    let widest = wide(&written(most));
    let room = (canvas.width - MARGIN - left - widest - 8).max(1);
    let (top, row) = (rows_top(data, look), row_height(data));
    for (place, name) in data.names.iter().enumerate() {
        let y = top + row * place as i32;
        canvas.text((MARGIN, y), &shortened(name, names), look.text);
        let breadth = (row - 5) / data.series.len().max(1) as i32;
        for (nth, (_, numbers)) in data.series.iter().enumerate() {
            let number = numbers.get(place).copied().unwrap_or(0.0);
            let length = if most > 0.0 { (number / most * f64::from(room)).round() as i32 } else { 0 };
            let y = y + breadth * nth as i32;
            canvas.rectangle((left, y), (length.max(1), breadth.max(1)), colour(look, nth));
            canvas.text((left + length + 5, y), &written(number), look.text);
        }
    }
}

/// A slice for each name, the names beside it.
fn pie(canvas: &mut Canvas, data: &Data, look: &Look) {
    let Some((_, numbers)) = data.series.first() else { return };
    let whole: f64 = numbers.iter().filter(|number| **number > 0.0).sum();
    let radius = (canvas.height.min(canvas.width / 2) / 2 - MARGIN).max(1);
    let middle = (MARGIN + radius, canvas.height / 2);
    let mut from = 0.0;
    for (nth, (name, number)) in data.names.iter().zip(numbers).enumerate() {
        let share = if whole > 0.0 { number.max(0.0) / whole } else { 0.0 };
        canvas.slice(middle, radius, (from, from + share), colour(look, nth));
        from += share;
        let (left, y) = (middle.0 + radius + 2 * MARGIN, MARGIN + nth as i32 * (font::HEIGHT + 4));
        canvas.rectangle((left, y + 2), (9, 9), colour(look, nth));
        let text = format!("{} ({:.0}%)", shortened(name, canvas.width - left - 80), share * 100.0);
        canvas.text((left + 13, y), &text, look.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_numbers_people_can_read() {
        for (greatest, wanted) in [(0.0, (1.0, 1.0)), (7.0, (8.0, 2.0)), (43.0, (60.0, 20.0)), (1000.0, (1000.0, 500.0))] {
            assert_eq!(scale(greatest), wanted, "{greatest}");
        }
    }

    #[test]
    fn every_kind_is_as_large_as_asked() {
        let look = Look {
            width: 200,
            height: 100,
            text: [0, 0, 0],
            background: [255, 255, 255],
            grid: [200, 200, 200],
            colours: vec![[1, 1, 1], [2, 2, 2]],
            legend: true,
        };
        let data = Data { names: vec!["a".to_owned(), "b".to_owned()], series: vec![("visits".to_owned(), vec![1.0, 3.0])] };
        for kind in [Kind::Line, Kind::Columns, Kind::Bars, Kind::Pie] {
            let canvas = draw(kind, &data, &look);
            assert_eq!((canvas.width, canvas.height), (200, 100), "{kind:?}");
        }
        let many = Data { names: vec!["x".to_owned(); 20], series: vec![("visits".to_owned(), vec![1.0; 20])] };
        assert_eq!(draw(Kind::Bars, &many, &look).height, 31 + 20 * 18 + 10);
    }
}
