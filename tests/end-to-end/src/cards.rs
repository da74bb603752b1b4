//! The health card in full: over the air with the number from its front, genuine or not and why, and the number on its back
//! where the chip says nothing.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use card_sim::{Fault, Inserted};
use thirtyfour::Key;

use crate::{
    CLERK, Stage, WITHOUT_CARD, Window,
    clerk::{self, CAN, Guest},
    faults::Troubles,
};

const OTHER_CAN: &str = "321321";
const GUEST: &str = "buntspecht";

/// Cards whose proof fails or can't be made, and the code of what the window says.
const DOUBTFUL: [(&str, &str); 9] = [
    ("amsel-clone", "health_card_not_usable"),
    ("amsel-cvc-forged", "health_card_not_usable"),
    ("amsel-cvc-other-card", "health_card_not_usable"),
    ("amsel-cvc-expired", "health_card_not_usable"),
    ("amsel-cvc-production-root", "health_card_not_usable"),
    ("amsel-x509-other-kvnr", "health_card_not_usable"),
    ("amsel-x509-other-ik", "health_card_not_usable"),
    // Its root is none of ours: it may be newer.
    ("amsel-cvc-unknown-root", "health_card_unproven"),
    // Proven by its chip alone: good enough, and then it turns out that nobody waits for a code.
    ("amsel-no-x509", "account_not_registered"),
];

/// Walks all of it; what was seen goes to `out`.
///
/// # Errors
/// At the first thing that isn't as it should be.
pub async fn cards(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    let mut seen = Troubles::default();
    window.sign_in(CLERK).await?;
    window.until_count(".status--good", 3).await?;
    over_the_air(stage, window, out, &mut seen).await?;
    broken_channel(stage, window, &mut seen).await?;
    needs_contacts(stage, window, &mut seen).await?;
    doubtful(stage, window, out, &mut seen).await?;
    number_on_the_back(stage, window, out, &mut seen).await?;
    seen.write(&out.join("report.json"))
}

/// Wrong number, right number, and why the card counts as genuine.
async fn over_the_air(stage: &Stage, window: &Window, out: &Path, seen: &mut Troubles) -> Result<()> {
    let guest = Guest::register(stage, GUEST).await?;
    let slow: Fault = "slow=30ms,106kbit".parse()?;
    let card = stage.lay(GUEST, &[slow])?;
    window.until(".can-field input").await?;
    window.focus_within(".can-field").await?;
    window.look(out, "can").await?;
    clerk::enter_can(window, OTHER_CAN).await?;
    seen.told(window, "wrong card access number", "can_wrong", ".can-field .field__problem").await?;
    window.look(out, "can-wrong").await?;
    clerk::enter_can(window, CAN).await?;
    window.until("[role=progressbar]").await?;
    window.picture(out.join("reading-over-the-air.png")).await?;
    window.screen("concern").await?;
    for page in ["authenticity", "state"] {
        window.chord(Key::Control, "i").await?;
        window.until(".explanation__content").await?;
        window.look(out, &format!("why-{page}")).await?;
    }
    window.chord(Key::Control, "i").await?;
    clerk::visit_number(window, &guest).await?;
    clerk::abort(window).await?;
    pulled(window, card).await?;
    println!("read over the air, with one wrong card access number before the right one");
    Ok(())
}

/// One disturbed answer costs a new channel; a card that is disturbed again and again is named.
async fn broken_channel(stage: &Stage, window: &Window, seen: &mut Troubles) -> Result<()> {
    let again: Vec<Fault> = (14..80).map(|at| format!("mac@{at}").parse()).collect::<Result<_, _>>()?;
    let card = stage.lay(GUEST, &again)?;
    clerk::enter_can(window, CAN).await?;
    seen.error(window, "every protected answer is changed on its way", "card_channel_lost").await?;
    pulled(window, card).await
}

/// What can't be read over the air says so before anybody looks for a number.
async fn needs_contacts(stage: &Stage, window: &Window, seen: &mut Troubles) -> Result<()> {
    for (card, error) in [("amsel-g2", "card_needs_contacts"), ("hba", "not_a_health_card")] {
        let laid = stage.lay(card, &[])?;
        seen.error(window, &format!("{card} over the air"), error).await?;
        pulled(window, laid).await?;
    }
    Ok(())
}

async fn doubtful(stage: &Stage, window: &Window, out: &Path, seen: &mut Troubles) -> Result<()> {
    for (name, error) in DOUBTFUL {
        let card = stage.insert(name)?;
        seen.error(window, name, error).await.with_context(|| format!("with the card {name}"))?;
        ensure!(!window.has("main[data-screen=concern]").await?, "a visit began with the card {name}");
        window.look(out, name).await?;
        pulled(window, card).await?;
    }
    Ok(())
}

/// The chip says nothing: number, name, birth date and the end of the number on the card's back.
async fn number_on_the_back(stage: &Stage, window: &Window, out: &Path, seen: &mut Troubles) -> Result<()> {
    let guest = Guest::register(stage, WITHOUT_CARD).await?;
    let persona = &guest.persona;
    let card = stage.insert("amsel-mute")?;
    seen.error(window, "a chip that says nothing", "card_mute").await?;
    pulled(window, card).await?;
    let tail = persona.iccsn.get(14..).context("a card's number has twenty digits")?;
    let (year, rest) = persona.birth_date.split_at_checked(4).context("no birth date")?;
    let (month, day) = rest.split_at_checked(2).context("no birth date")?;
    window.press_key(Key::F3).await?;
    window.focus_within("input").await?;
    let wrong: String = tail.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect();
    let born = format!("{day}{month}{year}");
    for typed in [&persona.kvnr, &persona.family_name, &persona.given_names, &born] {
        window.press(typed).await?;
        window.press_key(Key::Tab).await?;
    }
    window.press(&wrong).await?;
    window.look(out, "number-on-the-back").await?;
    window.press_key(Key::Enter).await?;
    seen.error(window, "the number on the back is another card's", "data_mismatch").await?;
    window.focus_within(".card-number").await?;
    window.chord(Key::Control, "a").await?;
    window.press(tail).await?;
    window.press_key(Key::Enter).await?;
    window.screen("concern").await?;
    window.look(out, "number-on-the-back-agrees").await?;
    println!("the number on the back agrees with the insurer's: the visit begins without the chip");
    clerk::abort(window).await
}

async fn pulled(window: &Window, card: Inserted) -> Result<()> {
    drop(card);
    window.until("[data-reader=ready]").await
}
