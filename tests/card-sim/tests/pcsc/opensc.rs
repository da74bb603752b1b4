//! OpenSC as a reader that knows nothing of this simulator.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use card_sim::{card::Options, catalogue::find, egk::HealthCard, files::Content};
use workshop::namespace;

use crate::desk::{Desk, TODAY};

/// Standard output of an OpenSC program, which may hang and is given ten seconds.
fn run(command: &[&str]) -> Result<Vec<u8>> {
    let output = Command::new("timeout").arg("10").args(command).output()?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(output.stdout)
}

fn lenient(name: &str) -> Result<HealthCard> {
    let card = find(name).and_then(|entry| entry.health_card(TODAY)).context("no such card")?;
    Ok(HealthCard { options: Options { lenient: true, ..card.options }, ..card })
}

#[test]
fn egk_tool_reads_the_xml_that_was_put_on_the_card() -> Result<()> {
    namespace::inside("opensc::egk_tool_reads_the_xml_that_was_put_on_the_card", || {
        let health_card = lenient("buntspecht")?;
        let desk = Desk::with(health_card.card())?;
        assert_eq!(run(&["egk-tool", "--pd"])?, health_card.pd_xml());
        assert_eq!(run(&["egk-tool", "--vd"])?, health_card.vd_xml());
        let status = String::from_utf8(run(&["egk-tool", "--vsd-status"])?)?;
        assert!(status.contains("Timestamp   11.10.2026 at 09:14:54"), "{status}");
        assert!(status.contains("Version     5.2.0"), "{status}");
        println!("egk-tool took {} APDUs for three calls", desk.card()?.apdus());
        Ok(())
    })?;
    Ok(())
}

#[test]
fn opensc_tool_knows_the_card_by_its_answer_to_reset() -> Result<()> {
    namespace::inside("opensc::opensc_tool_knows_the_card_by_its_answer_to_reset", || {
        let _desk = Desk::with(lenient("amsel")?.card())?;
        let output = String::from_utf8(run(&["opensc-tool", "--atr", "--name"])?)?;
        assert_eq!(output.trim(), "3b:d3:96:ff:81:b1:fe:45:1f:07:80:81:05:2d\nSTARCOS 3.4");
        Ok(())
    })?;
    Ok(())
}

#[test]
fn opensc_tool_sends_what_it_is_told_and_prints_the_answer() -> Result<()> {
    namespace::inside("opensc::opensc_tool_sends_what_it_is_told_and_prints_the_answer", || {
        let card = lenient("amsel")?.card();
        let status =
            card.folders()[1].files.iter().find(|file| file.fid == 0xD00C).context("no EF.StatusVD")?;
        let Content::Transparent(bytes) = status.content.clone() else { anyhow::bail!("a file of records") };
        let _desk = Desk::with(card)?;
        let commands = ["-s", "00:A4:04:0C:06:D2:76:00:00:01:02", "-s", "00:B0:8C:00:00"];
        let output = String::from_utf8(run(&[&["opensc-tool"], &commands[..]].concat())?)?;
        let dump: String = bytes[..16].iter().map(|byte| format!("{byte:02X} ")).collect();
        assert!(output.contains(&dump), "{output}");
        Ok(())
    })?;
    Ok(())
}
