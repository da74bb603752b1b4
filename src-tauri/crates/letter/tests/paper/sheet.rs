//! A sheet as other programs see it: poppler, zbar and qpdf read what we wrote.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use tempfile::TempDir;

/// Pixels per millimetre of [`Sheet::pixels`] (254 dpi).
const RESOLUTION: f32 = 10.0;

/// One rendered sheet in a folder of its own.
pub(crate) struct Sheet {
    folder: TempDir,
}

/// A word with its box, millimetres from the upper left corner.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
    pub(crate) text: String,
}

impl Sheet {
    pub(crate) fn new(pdf: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("sheet.pdf"), pdf).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, tool: &str, arguments: &[&str]) -> String {
        let output = self.output(tool, arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{tool} {arguments:?}: {}\n{errors}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    fn output(&self, tool: &str, arguments: &[&str]) -> Output {
        Command::new(tool).args(arguments).current_dir(self.folder.path()).output().unwrap_or_else(|e| {
            panic!("{tool} can't be started ({e}); install poppler-utils, zbar-tools and qpdf")
        })
    }

    /// The whole text in reading order.
    pub(crate) fn text(&self) -> String {
        self.run("pdftotext", &["-raw", "sheet.pdf", "-"])
    }

    /// The text with every break and blank as one blank.
    pub(crate) fn flowing_text(&self) -> String {
        self.text().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn words(&self) -> Vec<Word> {
        let html = self.run("pdftotext", &["-bbox", "sheet.pdf", "-"]);
        let words = html.lines().filter_map(|line| line.trim().strip_prefix("<word "));
        words
            .map(|word| {
                let number = |name: &str| {
                    let (_, rest) = word.split_once(&format!("{name}=\"")).unwrap();
                    rest.split_once('"').unwrap().0.parse::<f32>().unwrap() * 25.4 / 72.0
                };
                let text = word.split_once('>').unwrap().1.trim_end_matches("</word>");
                Word {
                    left: number("xMin"),
                    top: number("yMin"),
                    right: number("xMax"),
                    bottom: number("yMax"),
                    text: text.replace("&amp;", "&"),
                }
            })
            .collect()
    }

    /// What a scanner reads between two heights (millimetres), as zbar prints it: `CODE-128:…`, `QR-Code:…`.
    pub(crate) fn scan(&self, top: f32, bottom: f32) -> Vec<String> {
        // 300 dpi, less than any office printer.
        let [y, height] = [top, bottom - top].map(|mm| format!("{:.0}", mm * 300.0 / 25.4));
        self.run(
            "pdftoppm",
            &["-gray", "-r", "300", "-y", &y, "-H", &height, "-singlefile", "sheet.pdf", "scan"],
        );
        let output = self.output("zbarimg", &["-q", "scan.pgm"]);
        // zbarimg(1): 4 where nothing was found.
        assert!(matches!(output.status.code(), Some(0 | 4)), "zbarimg: {}", output.status);
        let text = String::from_utf8(output.stdout).unwrap();
        let mut found: Vec<String> = text.lines().map(str::to_owned).collect();
        found.sort();
        found
    }

    /// The sheet as grey values.
    pub(crate) fn pixels(&self) -> Pixels {
        self.run("pdftoppm", &["-gray", "-r", "254", "-singlefile", "sheet.pdf", "pixels"]);
        let pgm = fs::read(self.path("pixels.pgm")).unwrap();
        let header: Vec<&[u8]> = pgm.splitn(4, |byte| byte.is_ascii_whitespace()).collect();
        let [magic, width, height, rest] = header.try_into().unwrap();
        assert_eq!(magic, b"P5");
        let number = |text: &[u8]| std::str::from_utf8(text).unwrap().parse::<usize>().unwrap();
        let (width, height) = (number(width), number(height));
        let values = rest[rest.len() - width * height..].to_vec();
        Pixels { width, values }
    }

    /// What qpdf, pdffonts and pdfinfo say about the file.
    pub(crate) fn check(&self) -> String {
        self.run("qpdf", &["--check", "sheet.pdf"])
    }

    pub(crate) fn fonts(&self) -> String {
        self.run("pdffonts", &["sheet.pdf"])
    }

    pub(crate) fn info(&self) -> String {
        self.run("pdfinfo", &["sheet.pdf"])
    }
}

/// A sheet as grey values, ten a millimetre.
pub(crate) struct Pixels {
    width: usize,
    values: Vec<u8>,
}

impl Pixels {
    pub(crate) fn is_dark(&self, x: f32, y: f32) -> bool {
        self.values[pixel(y) * self.width + pixel(x)] < 128
    }

    /// Bounds of what is dark between two corners: left, top, right, bottom.
    pub(crate) fn dark_bounds(&self, (left, top): (f32, f32), (right, bottom): (f32, f32)) -> [f32; 4] {
        let mut bounds = [f32::MAX, f32::MAX, 0.0, 0.0];
        let steps = |from, to| (pixel(from)..pixel(to)).map(|n| n as f32 / RESOLUTION);
        for y in steps(top, bottom) {
            for x in steps(left, right) {
                if self.is_dark(x, y) {
                    bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
                }
            }
        }
        bounds
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a sheet is 2970 pixels high")]
fn pixel(mm: f32) -> usize {
    (mm * RESOLUTION).round() as usize
}
