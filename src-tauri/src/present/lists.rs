//! Today's list and the supervisor's page.

use bridge::{
    CodeStanding, ConcernSummary, HoldReason, HoldView, Judge, ReviewedCheck, ReviewedChip, ReviewedVisit,
    ReviewsScreen, SearchScreen, TaskReason, TaskSubject, TaskView, TodayScreen, VisitRow,
};
use identification::{
    AbortReason, ActingRole, Code, CodeState, Concern, ConcernState, Document, OperatorId, Stage,
};
use store::{Hold, Task, VisitState};

use super::{View, blocking, concerns, text};
use crate::{
    convert,
    state::{Listed, Session},
};

pub(super) fn today(rows: &[Listed], view: View<'_>) -> TodayScreen {
    TodayScreen { visits: rows.iter().map(|listed| row(listed, view)).collect() }
}

pub(super) fn reviews(
    rows: &[Listed],
    selected: Option<&Listed>,
    tasks: &[Task],
    session: &Session,
    view: View<'_>,
) -> ReviewsScreen {
    ReviewsScreen {
        visits: rows.iter().map(|listed| row(listed, view)).collect(),
        selected: selected.map(|listed| reviewed(listed, session, view)),
        tasks: tasks.iter().map(|it| task(it, rows)).collect(),
        erasures: view.state.care.erasure_views(),
        alerts: view.state.care.alert_views(|hour| view.name_of(&hour.staff)),
    }
}

pub(super) fn search(reference: Option<&str>, found: Option<&Listed>, view: View<'_>) -> SearchScreen {
    SearchScreen { reference: reference.map(str::to_owned), found: found.map(|listed| row(listed, view)) }
}

fn task(task: &Task, rows: &[Listed]) -> TaskView {
    let visit = task.visit.and_then(|id| rows.iter().find(|it| it.id == id));
    let codes = visit.into_iter().flat_map(|it| &it.visit.concerns).filter_map(Concern::code);
    let mut references = codes.map(|code| code.reference.as_str());
    // Of several nobody can say which one it is.
    let reference = references.next().filter(|_| references.next().is_none());
    TaskView {
        id: task.id.to_string(),
        since: task.at.to_string(),
        what: match task.kind.as_str() {
            "identification" => TaskSubject::Identification,
            "representation" => TaskSubject::Representation,
            "code" => TaskSubject::Code,
            "hand-over" => TaskSubject::HandOver,
            "void" => TaskSubject::Void,
            "review" => TaskSubject::Review,
            "blocking" => TaskSubject::Blocking,
            "refusal" => TaskSubject::Refusal,
            "segment" => TaskSubject::Segment,
            _ => TaskSubject::Other,
        },
        why: match task.why {
            store::TaskReason::Refused => {
                TaskReason::Refused { problem: task.code.clone().unwrap_or_default() }
            }
            store::TaskReason::Unreadable => TaskReason::Unreadable,
        },
        reference: reference.map(str::to_owned),
        visit: visit.map(|it| it.id.uuid().to_string()),
    }
}

fn hold(hold: &Hold, view: View<'_>) -> HoldView {
    HoldView {
        since: hold.since.to_string(),
        by: view.name_of(&hold.by),
        reason: match hold.reason {
            store::HoldReason::Complaint => HoldReason::Complaint,
            store::HoldReason::Proceedings => HoldReason::LegalProceedings,
            store::HoldReason::Incident => HoldReason::Investigation,
            store::HoldReason::Authority => HoldReason::Authority,
            store::HoldReason::Restriction => HoldReason::Restriction,
        },
    }
}

fn row(listed: &Listed, view: View<'_>) -> VisitRow {
    let visit = &listed.visit;
    let restricted = listed.is_restricted(view.now.timestamp()) && !listed.opened;
    // Kept and not used: what the list itself says must be enough.
    let acting = visit.acting().filter(|_| !restricted);
    let concerns: &[Concern] = if restricted { &[] } else { &visit.concerns };
    VisitRow {
        id: listed.id.uuid().to_string(),
        opened_at: listed.row.opened_at.to_string(),
        closed_at: match listed.row.state {
            VisitState::Open => None,
            VisitState::Ended { at } | VisitState::Aborted { at } => Some(at.to_string()),
        },
        operator: view.name_of(&listed.row.operator),
        second: acting.and_then(|it| it.second_look.as_ref()).map(|look| view.name_of(&look.by)),
        aborted: matches!(visit.stage, Stage::Aborted(_)),
        refused: match visit.stage {
            Stage::Aborted(AbortReason::Refused(reason)) => (!restricted).then(|| convert::reason(reason)),
            Stage::Aborted(AbortReason::Clerk | AbortReason::Interrupted)
            | Stage::Unopened
            | Stage::Open
            | Stage::Ended => None,
        },
        representative: acting.is_some_and(|it| it.role != ActingRole::Insured),
        wiped: listed.wiped,
        concerns: concerns.iter().map(concern).collect(),
        review: visit.review.as_ref().map(|review| convert::review(review.outcome)),
        delete_on: listed
            .row
            .delete_after
            .map(|at| at.to_zoned(view.now.time_zone().clone()).date().to_string()),
        held: listed.row.held.as_ref().map(|it| hold(it, view)),
        restricted,
        offline: listed.has_offline_code(),
    }
}

fn concern(concern: &Concern) -> ConcernSummary {
    ConcernSummary {
        kvnr_masked: concern.subject.kvnr.masked(),
        purpose: concern.purpose.map(convert::purpose),
        refused: match concern.state {
            ConcernState::Refused(reason) => Some(convert::reason(reason)),
            ConcernState::Open | ConcernState::Withdrawn => None,
        },
        reference: concern.code().map(|code| code.reference.as_str().to_owned()),
        code: concern.code().map(standing),
        blocking: concern.blocking.map(blocking::view),
    }
}

fn standing(code: &Code) -> CodeStanding {
    match code.state {
        CodeState::Generated => CodeStanding::Printing,
        CodeState::Printed => CodeStanding::InTray,
        CodeState::HandedOver if code.accepted_at.is_some() => CodeStanding::Active,
        CodeState::HandedOver => CodeStanding::HandedOver,
        CodeState::Voided(_) => CodeStanding::Voided,
        CodeState::Refused if code.accepted_at.is_some() => CodeStanding::Ended,
        CodeState::Refused => CodeStanding::Refused,
        CodeState::Revoked => CodeStanding::Revoked,
    }
}

fn reviewed(listed: &Listed, session: &Session, view: View<'_>) -> ReviewedVisit {
    let visit = &listed.visit;
    let acting = visit.acting();
    let presented = acting.and_then(|it| it.document.as_ref());
    let catalogue = presented
        .and_then(|document| view.constants.documents.iter().find(|it| it.id == document.document_type));
    let checks = catalogue.into_iter().flat_map(|it| &it.checks).filter_map(|check| {
        let answer = presented.and_then(|document| document.checks.get(&check.id))?;
        Some(ReviewedCheck { title: text(&check.title), answer: convert::answer(*answer) })
    });
    // What the desk's knowledge was good for on that day.
    let day = visit.opened_at.map_or(view.now.date(), |at| at.to_zoned(view.now.time_zone().clone()).date());
    let deeds = visit.concerns.iter().filter_map(|concern| concern.representation.as_ref());
    ReviewedVisit {
        row: row(listed, view),
        carer: acting.and_then(|it| match &it.role {
            ActingRole::Carer { kind, .. } => Some(convert::carer(*kind)),
            ActingRole::Insured => None,
        }),
        document: catalogue.map(|it| text(&it.label)),
        checks: checks.collect(),
        names: presented.and_then(|it| it.names).map(convert::answer),
        face: acting.and_then(|it| it.face).map(convert::face),
        second_answer: acting.and_then(|it| it.second_look.as_ref()).map(|look| convert::face(look.answer)),
        level: convert::level(visit.level(view.policy, day)),
        chip: presented.and_then(chip),
        authorities: deeds
            .map(|it| concerns::authority(&it.deed, None, view.policy, view.now.date()))
            .collect(),
        judge: judge(listed, &session.staff.id),
    }
}

fn chip(document: &Document) -> Option<ReviewedChip> {
    let (evidence, consent) = document.chip.zip(document.chip_consent.as_ref())?;
    Some(ReviewedChip {
        consent: convert::consent(consent.form),
        data: convert::chip_outcome(evidence.data),
        copy: convert::chip_outcome(evidence.copy),
        name_agrees: evidence.name_agrees,
        print_agrees: evidence.print_agrees,
    })
}

fn judge(listed: &Listed, by: &OperatorId) -> Judge {
    let visit = &listed.visit;
    if visit.review.is_some() {
        Judge::Judged
    } else if visit.is_blocking() {
        Judge::NotNeeded
    } else if !matches!(visit.stage, Stage::Ended | Stage::Aborted(_)) {
        Judge::NotOver
    } else if visit
        .operator
        .iter()
        .chain(&visit.earlier_operators)
        .chain(&visit.second_lookers)
        .any(|it| it == by)
    {
        Judge::TookPart
    } else {
        Judge::May
    }
}
