//! Lines that fit: breaks text at blanks and hyphens, and inside a word only where nothing else helps.

use crate::{
    LetterError,
    fonts::{Face, Fonts},
    shape::Run,
};

/// A stretch of text in one face.
pub(crate) struct Span {
    pub(crate) face: Face,
    pub(crate) text: String,
}

impl Span {
    pub(crate) fn new(face: Face, text: impl Into<String>) -> Self {
        Self { face, text: text.into() }
    }
}

/// Part of a span that stays on one line.
#[derive(Clone, Copy)]
struct Piece<'a> {
    face: Face,
    text: &'a str,
}

/// One line of text, ready to be placed.
pub(crate) struct Line(pub(crate) Vec<Run>);

impl Line {
    /// Shapes `text` as one line, whatever its width.
    pub(crate) fn new(face: Face, text: &str, fonts: &Fonts) -> Result<Self, LetterError> {
        Self::of_pieces(&[Piece { face, text }], fonts)
    }

    fn of_pieces(pieces: &[Piece<'_>], fonts: &Fonts) -> Result<Self, LetterError> {
        let mut runs: Vec<(Face, String)> = Vec::new();
        for piece in pieces {
            // A no-break space has done its work once lines are broken; on paper and for search it is a
            // blank.
            let text = piece.text.replace('\u{A0}', " ");
            match runs.last_mut() {
                Some((face, run)) if *face == piece.face => run.push_str(&text),
                _ => runs.push((piece.face, text)),
            }
        }
        runs.iter().map(|(face, text)| Run::shape(text, *face, fonts)).collect::<Result<_, _>>().map(Self)
    }

    /// Width in points at the type size `size` (points).
    pub(crate) fn width(&self, size: f32) -> f32 {
        self.0.iter().map(|run| run.width(size)).sum()
    }
}

/// Breaks `spans` into lines no wider than `max_width` (points) at the type size `size` (points).
pub(crate) fn wrap(
    spans: &[Span],
    size: f32,
    max_width: f32,
    fonts: &Fonts,
) -> Result<Vec<Line>, LetterError> {
    let mut lines = Vec::new();
    let mut current: Vec<Piece<'_>> = Vec::new();
    let mut width = 0.0;
    for span in spans {
        for word in words(&span.text) {
            for piece in pieces(Piece { face: span.face, text: word }, size, max_width, fonts)? {
                if width + piece.ink_width(size, fonts)? > max_width && !current.is_empty() {
                    lines.push(finish(&mut current, fonts)?);
                    width = 0.0;
                }
                width += Run::shape(piece.text, piece.face, fonts)?.width(size);
                current.push(piece);
            }
        }
    }
    if !current.is_empty() {
        lines.push(finish(&mut current, fonts)?);
    }
    Ok(lines)
}

fn finish(pieces: &mut Vec<Piece<'_>>, fonts: &Fonts) -> Result<Line, LetterError> {
    if let Some(last) = pieces.last_mut() {
        last.text = last.text.trim_end_matches(' ');
    }
    let line = Line::of_pieces(pieces, fonts);
    pieces.clear();
    line
}

/// The parts of `text` after which a line may end, each with its blank or hyphen.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive([' ', '-'])
}

impl Piece<'_> {
    /// Width without blanks at the end, which may hang over the line's end.
    fn ink_width(&self, size: f32, fonts: &Fonts) -> Result<f32, LetterError> {
        Ok(Run::shape(self.text.trim_end_matches(' '), self.face, fonts)?.width(size))
    }
}

/// `word` itself where it fits a line, else pieces of it that do; a combining mark stays with its letter.
fn pieces<'a>(word: Piece<'a>, size: f32, max: f32, fonts: &Fonts) -> Result<Vec<Piece<'a>>, LetterError> {
    let mut pieces = Vec::new();
    let mut rest = word;
    while rest.ink_width(size, fonts)? > max {
        let text = rest.text;
        let mut fitting = None;
        for (at, _) in text.char_indices().skip(1).filter(|(_, c)| !is_combining(*c)) {
            let (head, tail) = text.split_at(at);
            let head = Piece { text: head, ..rest };
            if fitting.is_some() && head.ink_width(size, fonts)? > max {
                break;
            }
            fitting = Some((head, Piece { text: tail, ..rest }));
        }
        let Some((head, tail)) = fitting else { break };
        pieces.push(head);
        rest = tail;
    }
    pieces.push(rest);
    Ok(pieces)
}

/// Combining diacritical marks (Unicode block 0300–036F): the only ones of DIN 91379.
const fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}
