//! A picture of a few colours, and how it is written as PNG.

use std::io::Write as _;

use flate2::{Compression, Crc, write::ZlibEncoder};

use super::font;

/// A colour: red, green, blue.
pub(super) type Colour = [u8; 3];

/// A picture.
pub(super) struct Canvas {
    pub(super) width: i32,
    pub(super) height: i32,
    colours: Vec<Colour>,
    /// A colour's number for each point, row by row.
    points: Vec<u8>,
}

impl Canvas {
    /// A picture of one colour.
    pub(super) fn new(width: i32, height: i32, background: Colour) -> Canvas {
        let (width, height) = (width.max(1), height.max(1));
        Canvas { width, height, colours: vec![background], points: vec![0; width as usize * height as usize] }
    }

    /// The number of a colour; of more than 256 the first.
    fn number(&mut self, colour: Colour) -> u8 {
        let at = self.colours.iter().position(|known| *known == colour).unwrap_or_else(|| {
            self.colours.push(colour);
            self.colours.len() - 1
        });
        u8::try_from(at).unwrap_or(0)
    }

    fn put(&mut self, x: i32, y: i32, number: u8) {
        if (0..self.width).contains(&x) && (0..self.height).contains(&y) {
            self.points[y as usize * self.width as usize + x as usize] = number;
        }
    }

    /// Fills a rectangle.
    pub(super) fn rectangle(&mut self, (left, top): (i32, i32), (width, height): (i32, i32), colour: Colour) {
        let number = self.number(colour);
        for y in top.max(0)..(top + height).min(self.height) {
            for x in left.max(0)..(left + width).min(self.width) {
                self.put(x, y, number);
            }
        }
    }

    /// Draws a line of two points' breadth.
    pub(super) fn line(&mut self, from: (i32, i32), to: (i32, i32), colour: Colour) {
        let number = self.number(colour);
        let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).clamp(1, 10_000);
        for step in 0..=steps {
            let share = f64::from(step) / f64::from(steps);
            let at = |one: i32, two: i32| (f64::from(one) + f64::from(two - one) * share).round() as i32;
            let (x, y) = (at(from.0, to.0), at(from.1, to.1));
            for (right, down) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                self.put(x + right, y + down, number);
            }
        }
    }

    /// Fills a slice of a disc between two shares of its round, from the top on clockwise.
    pub(super) fn slice(&mut self, (x, y): (i32, i32), radius: i32, (from, to): (f64, f64), colour: Colour) {
        let number = self.number(colour);
        for down in -radius..=radius {
            for right in -radius..=radius {
                if right * right + down * down > radius * radius {
                    continue;
                }
                let turn = f64::from(right).atan2(f64::from(-down)) / std::f64::consts::TAU;
                let share = if turn < 0.0 { turn + 1.0 } else { turn };
                if share >= from && share < to {
                    self.put(x + right, y + down, number);
                }
            }
        }
    }

    /// Writes a line of text, its upper left corner here.
    pub(super) fn text(&mut self, (left, top): (i32, i32), text: &str, colour: Colour) {
        let number = self.number(colour);
        for (nth, letter) in text.chars().take(400).enumerate() {
            for (down, row) in font::glyph(letter).iter().enumerate() {
                for right in 0..8 {
                    if row & (0x80 >> right) != 0 {
                        self.put(left + nth as i32 * font::WIDTH + right, top + down as i32, number);
                    }
                }
            }
        }
    }

    /// The picture as a PNG file.
    pub(super) fn png(&self) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        let mut head = Vec::with_capacity(13);
        head.extend((self.width as u32).to_be_bytes());
        head.extend((self.height as u32).to_be_bytes());
        // Eight bits a point, numbers of colours, nothing special.
        head.extend([8, 3, 0, 0, 0]);
        chunk(&mut file, b"IHDR", &head);
        let colours: Vec<u8> = self.colours.iter().take(256).flatten().copied().collect();
        chunk(&mut file, b"PLTE", &colours);
        let mut rows = Vec::with_capacity(self.points.len() + self.height as usize);
        for row in self.points.chunks(self.width as usize) {
            rows.push(0);
            rows.extend_from_slice(row);
        }
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        // Writing to memory cannot fail; should it, the picture is empty.
        let packed = encoder.write_all(&rows).and_then(|()| encoder.finish()).unwrap_or_default();
        chunk(&mut file, b"IDAT", &packed);
        chunk(&mut file, b"IEND", &[]);
        file
    }
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    let mut crc = Crc::new();
    crc.update(name);
    crc.update(data);
    file.extend((data.len() as u32).to_be_bytes());
    file.extend_from_slice(name);
    file.extend_from_slice(data);
    file.extend(crc.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_picture_holds_what_was_drawn() {
        let mut canvas = Canvas::new(3, 2, [255, 255, 255]);
        canvas.rectangle((1, 0), (9, 1), [1, 2, 3]);
        let file = canvas.png();
        assert_eq!(&file[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(&file[8..33], b"\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x03\0\0\0\xaa\xaa\x96\x28");
        assert_eq!(&file[33..51], b"\0\0\0\x06PLTE\xff\xff\xff\x01\x02\x03\xff\x3f\x8a\x71");
        let length = u32::from_be_bytes(file[51..55].try_into().unwrap()) as usize;
        let mut rows = Vec::new();
        flate2::read::ZlibDecoder::new(&file[59..59 + length]).read_to_end(&mut rows).unwrap();
        assert_eq!(rows, [0, 0, 1, 1, 0, 0, 0, 0]);
        assert_eq!(&file[file.len() - 8..], b"IEND\xae\x42\x60\x82");
    }

    #[test]
    fn letters_and_slices_stay_within_the_picture() {
        let mut canvas = Canvas::new(8, 13, [0, 0, 0]);
        canvas.text((1, 0), "A€A", [9, 9, 9]);
        canvas.slice((0, 0), 40, (0.0, 0.25), [8, 8, 8]);
        canvas.line((-50, -50), (50, 90), [7, 7, 7]);
        assert_eq!(canvas.colours.len(), 4);
        assert_eq!(canvas.points.len(), 104);
    }
}
