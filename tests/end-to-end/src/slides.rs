//! A visit as a slide show without words, light and dark: what a person sees who doesn't read the screen.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::Window;

/// The show's page; the pictures come where `SLIDES` stands.
const PAGE: &str = include_str!("slides.html");

/// Pictures in their order, in two folders.
pub(crate) struct Slides {
    light: PathBuf,
    dark: PathBuf,
    /// File and class of each.
    shown: Vec<(String, &'static str)>,
}

impl Slides {
    /// Empty shows in `out`.
    pub(crate) fn new(out: &Path) -> Result<Self> {
        let (light, dark) = (out.join("slides-light"), out.join("slides-dark"));
        for folder in [&light, &dark] {
            fs::create_dir_all(folder)?;
        }
        Ok(Self { light, dark, shown: Vec::new() })
    }

    /// The next picture of the window, as it is in `picture`.
    pub(crate) fn light(&mut self, picture: &Path, name: &str) -> Result<()> {
        let file = self.add(name, "screen");
        fs::copy(picture, self.light.join(file))?;
        Ok(())
    }

    /// The same of the window in the dark.
    pub(crate) async fn dark(&self, window: &Window, name: &str) -> Result<()> {
        let (file, _) = self.shown.last().with_context(|| format!("{name} has no light picture"))?;
        window.picture(self.dark.join(file)).await
    }

    /// A printed page between the pictures of the window.
    pub(crate) fn paper(&mut self, picture: &Path, name: &str) -> Result<()> {
        let file = self.add(name, "paper");
        for folder in [&self.light, &self.dark] {
            fs::copy(picture, folder.join(&file))?;
        }
        Ok(())
    }

    fn add(&mut self, name: &str, class: &'static str) -> String {
        // The name's own number is another one.
        let name = name.trim_start_matches(|character: char| character.is_ascii_digit() || character == '-');
        let file = format!("{:02}-{name}.png", self.shown.len() + 1);
        self.shown.push((file.clone(), class));
        file
    }

    /// The page that shows them.
    pub(crate) fn write_index(&self) -> Result<()> {
        let slide = |(file, class): &(String, _)| format!("<img class=\"{class}\" src=\"{file}\" alt=\"\">");
        let slides = self.shown.iter().map(slide).collect::<Vec<_>>().join("\n");
        for (folder, theme) in [(&self.light, "light"), (&self.dark, "dark")] {
            let page = PAGE.replace("THEME", theme).replace("SLIDES", &slides);
            fs::write(folder.join("index.html"), page)?;
        }
        Ok(())
    }
}
