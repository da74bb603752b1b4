//! Renders a sample: `cargo run -p letter --example sample -- OUT.pdf [receipt]`.

use anyhow::{Context, Result, bail};
use jiff::civil::date;
use letter::{
    ActivationLetter, ActivationTemplate, CodeText, Fonts, Issuer, Receipt, ReceiptTemplate, Subject, qr_link,
};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().context("usage: sample OUT.pdf [receipt|carer]")?;
    let fonts = Fonts::embedded()?;
    let issuer = Issuer {
        insurer: "Beispielkasse",
        place: "Servicezentrum Hamburg-Altona",
        desk: "Platz 3",
        code_name: "Aktivierungscode",
        service_phone: "040 000 000",
        service_hours: "werktags 8 bis 20 Uhr",
        blocking_phone: "040 000 001",
    };
    let (reference, today) = ("A-M3PWC6YNKH", date(2026, 11, 22));
    let (recipient, subject) =
        ("Dr. med. Dieter Graf von und zu Buntspecht", "Dieter B., Versichertennummer ••••••7895");
    let kind = arguments.next();
    let pdf = match kind.as_deref() {
        None | Some("carer") => {
            let code = CodeText::new("7KQ4XR9BTW2B")?;
            let link = qr_link("https://app.beispielkasse.de", reference, code)?;
            let represents = kind.is_some();
            ActivationLetter {
                issuer,
                date: today,
                recipient,
                subject: if represents { Subject::Represented(subject) } else { Subject::Recipient(subject) },
                reference,
                code,
                link: &link,
                valid_until: date(2026, 12, 6),
                awaiting_release: represents,
            }
            .render(
                &ActivationTemplate::parse(include_str!("../../../../assets/letters/activation@1.toml"))?,
                &fonts,
            )?
        }
        Some("receipt") => Receipt {
            issuer,
            date: today,
            reference,
            purpose: "App-Aktivierung",
            recipient,
            subject,
            document: "Personalausweis",
            staff: "K17",
        }
        .render(
            &ReceiptTemplate::parse(include_str!("../../../../assets/letters/receipt@1.toml"))?,
            &fonts,
        )?,
        Some(other) => bail!("{other}: neither receipt nor carer"),
    };
    std::fs::write(out, pdf).context("the PDF can't be written")
}
