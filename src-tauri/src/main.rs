//! The desk's window. Everything happens in the library; see `controller.rs` first.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> anyhow::Result<()> {
    identplatz::run()
}
