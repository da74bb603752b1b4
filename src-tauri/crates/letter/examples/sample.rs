//! Writes a sample of every sheet, and of the refusal one for each reason: `cargo run -p letter --example
//! sample -- FOLDER`.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use letter::{Fonts, RefusalNotice};

#[path = "../tests/paper/samples.rs"]
mod samples;

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).context("usage: sample FOLDER")?);
    fs::create_dir_all(&folder).context("the folder can't be made")?;
    let write = |name: &str, pdf: &[u8]| {
        fs::write(folder.join(name).with_extension("pdf"), pdf).with_context(|| format!("{name}.pdf"))
    };
    let fonts = Fonts::embedded()?;

    let (wording, link) = (samples::activation_template()?, samples::link()?);
    write("activation", &samples::letter(&link)?.render(&wording, &fonts)?)?;
    write("activation-epa", &samples::epa_letter(&link)?.render(&wording, &fonts)?)?;
    write("activation-offline", &samples::offline_letter(&link)?.render(&wording, &fonts)?)?;
    write("activation-carer", &samples::carers_letter(&link)?.render(&wording, &fonts)?)?;
    write("activation-longest", &samples::longest_letter(&link)?.render(&wording, &fonts)?)?;

    let wording = samples::receipt_template()?;
    write("receipt", &samples::RECEIPT.render(&wording, &fonts)?)?;
    write("receipt-offline", &samples::OFFLINE_RECEIPT.render(&wording, &fonts)?)?;
    write("receipt-carer", &samples::CARERS_RECEIPT.render(&wording, &fonts)?)?;
    write("receipt-longest", &samples::LONGEST_RECEIPT.render(&wording, &fonts)?)?;

    let wording = samples::chip_consent_template()?;
    write("chip-consent", &samples::CONSENT.render(&wording, &fonts)?)?;
    write("chip-consent-longest", &samples::LONGEST_CONSENT.render(&wording, &fonts)?)?;

    let wording = samples::refusal_template()?;
    for reason in wording.codes() {
        let notice = RefusalNotice { reason, ..samples::REFUSAL };
        write(&format!("refusal-{reason}"), &notice.render(&wording, &fonts)?)?;
        let notice = RefusalNotice { reason, ..samples::CARERS_REFUSAL };
        write(&format!("refusal-carer-{reason}"), &notice.render(&wording, &fonts)?)?;
    }
    write("refusal-longest", &samples::LONGEST_REFUSAL.render(&wording, &fonts)?)?;
    Ok(())
}
