//! What a printed sheet says, read from the page as a person and a telephone would.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

/// Dots per inch at which a page is looked at.
const RESOLUTION: &str = "200";

/// A printed activation letter.
#[derive(Debug)]
pub struct Sheet {
    /// The public reference above the fold.
    pub reference: String,
    /// What the QR code holds.
    link: String,
    /// The copy that was read.
    pub(crate) path: PathBuf,
}

impl Sheet {
    /// Reads the letter at `pdf`; its picture is left beside it as PNG.
    ///
    /// # Errors
    /// If a tool is missing, or the sheet lacks QR code or reference.
    pub fn read(pdf: &Path) -> Result<Self> {
        picture(pdf)?;
        let found = run(Command::new("zbarimg").args(["--quiet", "--raw"]).arg(pdf.with_extension("png")))?;
        let find = |prefix: &str| found.lines().find(|line| line.starts_with(prefix)).map(str::to_owned);
        let link = find("https://").context("the sheet has no readable QR code")?;
        let reference = find("A-").context("the sheet has no readable barcode")?;
        Ok(Self { reference, link, path: pdf.to_owned() })
    }

    /// The activation code, as the app takes it out of the QR code's link.
    ///
    /// # Errors
    /// If the link is of another form, or of another letter.
    pub fn code(&self) -> Result<&str> {
        let (_, fragment) = self.link.split_once('#').context("the QR code's link has no fragment")?;
        let value =
            |name: &str| fragment.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        ensure!(value("i") == Some(self.reference.as_str()), "barcode and QR code name different letters");
        value("c").context("the QR code's link has no code")
    }
}

/// What the pages of `pdf` say, line by line.
pub(crate) fn text(pdf: &Path) -> Result<String> {
    run(Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(pdf).arg("-"))
}

/// Leaves the picture of the first page of `pdf` beside it, as PNG.
pub(crate) fn picture(pdf: &Path) -> Result<()> {
    let picture = pdf.with_extension("");
    run(Command::new("pdftoppm").args(["-png", "-singlefile", "-r", RESOLUTION]).arg(pdf).arg(&picture))
        .map(drop)
}

fn run(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("{program} could not be started"))?;
    ensure!(output.status.success(), "{program} ended with {}", output.status);
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
