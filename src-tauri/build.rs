//! Tauri's build step. Without a built user interface a page that says so is embedded, so that plain `cargo check` works.

use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    let dist = Path::new("../ui/dist");
    println!("cargo::rerun-if-changed=../ui/dist");
    let page = dist.join("index.html");
    if !page.exists() {
        fs::create_dir_all(dist)?;
        fs::write(
            page,
            "<!doctype html><meta charset=utf-8><title>Identplatz</title>\
             <p>The user interface is not built: run <code>npm ci && npm run build</code> in <code>ui/</code>.\n",
        )?;
    }
    tauri_build::build();
    Ok(())
}
