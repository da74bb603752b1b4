//! What a journal must tell before a code stands in it: the rules once more, from its events alone.

use std::collections::BTreeSet;

use identification::{
    ActingRole, CheckAnswer, ChipEvidence, ConcernId, Event, FaceAnswer, Level, Purpose, Recorded,
    names_agree,
};

use crate::people::Bird;

/// Where the last such event stands.
fn last(journal: &[Recorded], wanted: impl Fn(&Event) -> bool) -> Option<usize> {
    journal.iter().rposition(|it| wanted(&it.event))
}

/// What the journal says of the chip.
#[derive(Default)]
pub(crate) struct ChipStory {
    /// The person agrees, for this purpose and document.
    agreed: bool,
    /// What it proved, as far as that still counts.
    read: Option<ChipEvidence>,
    /// When it was last read, or what was read taken back: faces that were seen before don't count.
    changed: Option<usize>,
}

/// Tells the story of the chip once more, and that nothing was read that nobody had agreed to.
pub(crate) fn chip_story(journal: &[Recorded]) -> ChipStory {
    let (mut story, mut insured, mut purpose, mut again) = (ChipStory::default(), false, None, false);
    for (at, Recorded { event, .. }) in journal.iter().enumerate() {
        let taken_back = match event {
            Event::PersonIntroduced { role, .. } => {
                insured = *role == ActingRole::Insured;
                false
            }
            Event::DocumentPresented { .. } => {
                story = ChipStory::default();
                again = false;
                false
            }
            Event::PurposeChosen { purpose: chosen, .. } => purpose.replace(*chosen) != Some(*chosen),
            Event::ChipAgreed { .. } => {
                assert!(insured && purpose == Some(Purpose::Epa), "nobody is asked for that");
                story.agreed = true;
                false
            }
            Event::ChipRevoked { .. } => {
                assert!(story.agreed, "nothing to take back");
                true
            }
            Event::ChipRead { evidence, .. } => {
                assert!(story.agreed && insured && purpose == Some(Purpose::Epa), "read without a word");
                (story.read, story.changed) = (Some(*evidence), Some(at));
                false
            }
            Event::VisitResumed { .. } | Event::VisitTakenOver { .. } => {
                again |= story.read.take().is_some();
                false
            }
            _ => false,
        };
        if taken_back {
            if story.read.take().is_some() || again {
                story.changed = Some(at);
            }
            (story.agreed, again) = (false, false);
        }
    }
    story
}

/// What stands in the journal before a code must carry it. Whether its level rests on a chip.
pub(crate) fn stands_behind(
    before: &[Recorded],
    concern: ConcernId,
    level: Level,
    document: Option<Bird>,
    two_reach_high: bool,
) -> bool {
    let events = || before.iter().map(|it| &it.event);
    assert!(level >= Level::Substantial);

    let over = |it: &Event| match it {
        Event::ConcernRefused { concern: id, .. } | Event::ConcernWithdrawn { concern: id } => *id == concern,
        _ => false,
    };
    assert!(!events().any(over), "the concern was refused or withdrawn");
    let chosen = last(before, |it| matches!(it, Event::PurposeChosen { concern: id, .. } if *id == concern));
    let Event::PurposeChosen { purpose, .. } = before[chosen.expect("no purpose")].event else {
        unreachable!()
    };

    // Nobody ever said no.
    let no = |it: &Event| {
        matches!(
            it,
            Event::DocumentChecked { answer: CheckAnswer::Fail, .. }
                | Event::NamesCompared { answer: CheckAnswer::Fail, .. }
                | Event::FaceCompared { answer: FaceAnswer::DoesNotMatch, .. }
                | Event::SecondLookTaken { answer: FaceAnswer::Doubt | FaceAnswer::DoesNotMatch, .. }
        ) || matches!(it, Event::ChipRead { evidence, .. } if evidence.contradicts())
    };
    assert!(!events().any(no), "somebody said no");

    // Document, confirmation and face in this order; after an interruption the latter two once more.
    let presented = last(before, |it| matches!(it, Event::DocumentPresented { .. }));
    let going_on = last(before, |it| matches!(it, Event::VisitResumed { .. } | Event::VisitTakenOver { .. }));
    let changed =
        last(before, |it| matches!(it, Event::DocumentChecked { .. } | Event::NamesCompared { .. }));
    let confirmed = last(before, |it| matches!(it, Event::DocumentConfirmed { .. }));
    let seen = last(before, |it| matches!(it, Event::FaceCompared { .. }));
    assert!(presented.is_some() && confirmed > presented.max(going_on).max(changed), "no confirmed document");
    let chip = chip_story(before);
    assert!(seen > presented.max(going_on).max(chip.changed), "no face");

    // A second look at the document on the desk, at every deed, and after every doubt; by somebody else.
    let doubt = last(before, |it| {
        matches!(
            it,
            Event::DocumentChecked { answer: CheckAnswer::Unclear, .. }
                | Event::NamesCompared { answer: CheckAnswer::Unclear, .. }
                | Event::FaceCompared { answer: FaceAnswer::Doubt, .. }
        )
    });
    let doubt_of_face =
        last(before, |it| matches!(it, Event::FaceCompared { answer: FaceAnswer::Doubt, .. }));
    let operators: BTreeSet<_> = events()
        .filter_map(|it| match it {
            Event::VisitOpened { operator: by, .. } | Event::VisitTakenOver { by } => Some(by),
            _ => None,
        })
        .collect();
    let look = last(before, |it| matches!(it, Event::SecondLookTaken { by, .. } if !operators.contains(by)));
    let accepted =
        |it: &Event| matches!(it, Event::RepresentationAccepted { concern: id, .. } if *id == concern);
    if purpose == Purpose::RepresentativeAccess {
        let own_deed = last(before, accepted);
        assert!(own_deed.is_some() && look > own_deed.max(presented), "nobody else looked at the deed");
    }
    if doubt.is_some() {
        assert!(look > presented.max(doubt_of_face), "nobody settled a doubt");
    }

    // High is what a genuine chip says, or two people whom the profile trusts with it; no record is opened with less.
    let proven = chip.read.is_some_and(ChipEvidence::proves);
    if level == Level::High {
        assert!(proven || two_reach_high && look > presented, "high out of nothing");
    }
    if purpose == Purpose::Epa {
        assert!(level == Level::High && look > presented, "a record with too little");
        assert!(!events().any(|it| matches!(it, Event::RepresentationAccepted { .. })), "another's record");
    }

    // One's own app or record: nobody's but the acting person's, whose document it is.
    let acting = events().find_map(|it| match it {
        Event::PersonIntroduced { person, .. } => Some(person),
        _ => None,
    });
    let subject = events().find_map(|it| match it {
        Event::ConcernOpened { concern: id, subject, .. } if *id == concern => Some(&subject.person),
        _ => None,
    });
    let (acting, subject, document) = (acting.unwrap(), subject.unwrap(), document.expect("no document"));
    if purpose != Purpose::RepresentativeAccess {
        assert!(names_agree(&acting.name, &subject.name), "another person's app");
        assert_eq!(subject.birth_date, Some(document.born), "a namesake's app");
        assert!(!events().any(accepted), "an app on the strength of a deed");
        let compared = |it: &Event| matches!(it, Event::CardNumberCompared { concern: id } if *id == concern);
        let compared = last(before, compared);
        assert!(compared.is_some() && compared < chosen, "a card's back that nobody saw");
    }
    purpose == Purpose::Epa && proven
}

/// At most one sheet is on its way or in the tray at any time.
pub(crate) fn one_in_the_tray(journal: &[Recorded]) {
    let mut tray = BTreeSet::new();
    for Recorded { event, .. } in journal {
        match event {
            Event::CodeGenerated { code, .. } => {
                assert!(tray.insert(*code) && tray.len() == 1, "two in the tray")
            }
            Event::CodeHandedOver { code, .. }
            | Event::CodeVoided { code, .. }
            | Event::CodeRefused { code, .. } => {
                tray.remove(code);
            }
            _ => {}
        }
    }
}
