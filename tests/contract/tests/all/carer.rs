//! A carer at the desk, and what the register holds about her.

use account::{
    ActingPerson, Area, CodeRecord, Delivery, HealthCardRecord, IdentificationRecord, ProblemCode, Purpose,
    Recipient, RepresentationRecord, SeenAs,
};
use account_service::{
    Filed, NewRepresentative, RepresentationStatus, RepresentativeKind, RepresentativeRegistration,
};
use uuid::Uuid;

use crate::desk::Desk;
use crate::support::{CODE, INSURED, REFERENCE, World, id, identification, refused};

/// Elke an der Elster, carer by profession, who is insured here too.
pub(crate) struct Carer {
    pub(crate) registration: RepresentativeRegistration,
}

impl Carer {
    pub(crate) async fn register(world: &World) -> Self {
        Self::born("1992-11-13", world).await
    }

    pub(crate) async fn born(birth_date: &str, world: &World) -> Self {
        let new = NewRepresentative {
            family_name: "an der Elster".to_owned(),
            given_names: "Elke".to_owned(),
            birth_date: birth_date.to_owned(),
            kind: RepresentativeKind::Professional,
        };
        Self { registration: world.app().register_representative(&new).await.unwrap() }
    }

    /// Her record with a second operator, not delivered.
    pub(crate) fn record(&self) -> IdentificationRecord {
        let mut record = identification(INSURED);
        record.health_card = HealthCardRecord::NotRead;
        record.person.number = ActingPerson::Representative(self.registration.number.as_str().into());
        record.second_operator = Some("s-0815".to_owned());
        record
    }

    /// Delivers her identification, with a second operator.
    pub(crate) async fn identified(&self, desk: &Desk) -> Uuid {
        self.identified_as(desk, |_| {}).await
    }

    pub(crate) async fn identified_as(
        &self,
        desk: &Desk,
        change: impl FnOnce(&mut IdentificationRecord),
    ) -> Uuid {
        let (id, mut record) = (id(), self.record());
        change(&mut record);
        desk.deliver(&desk.identification(id, &record)).await.unwrap();
        id
    }

    /// The deed in her hand, as it is told.
    pub(crate) fn deed(&self, world: &World, identification: Uuid, ward: &str) -> RepresentationRecord {
        RepresentationRecord {
            identification_id: identification,
            kvnr: ward.into(),
            representative: self.registration.number.as_str().into(),
            court: "Amtsgericht Altona".into(),
            file_number: "12 XVII 345/23".into(),
            issued_on: world.day(-400),
            areas: vec![Area::Health, Area::Assets],
            provisional_until: None,
            seen_as: SeenAs::Original,
            declared_unchanged: true,
            operator: "s-4711".to_owned(),
            accepted_at: "2026-11-21T09:18:00Z".parse().unwrap(),
        }
    }

    /// Delivers that she acts for somebody; its id.
    pub(crate) async fn represents(
        &self,
        world: &World,
        desk: &Desk,
        identification: Uuid,
        ward: &str,
    ) -> Uuid {
        let told = desk.authority(id(), &self.deed(world, identification, ward));
        desk.deliver(&told).await.unwrap();
        told.id
    }

    /// Why it is refused that she acts for somebody.
    pub(crate) async fn rejected(
        &self,
        world: &World,
        desk: &Desk,
        identification: Uuid,
        ward: &str,
    ) -> ProblemCode {
        refused(desk, &desk.authority(id(), &self.deed(world, identification, ward))).await
    }

    /// Delivers that she acts for somebody; a code for her access to their data.
    pub(crate) async fn code(
        &self,
        world: &World,
        desk: &Desk,
        identification: Uuid,
        ward: &str,
    ) -> Delivery {
        self.code_with(world, desk, identification, ward, |_, _| {}).await
    }

    pub(crate) async fn code_with(
        &self,
        world: &World,
        desk: &Desk,
        identification: Uuid,
        ward: &str,
        change: impl FnOnce(&mut CodeRecord, &mut RepresentationRecord),
    ) -> Delivery {
        let (representation, mut deed) = (id(), self.deed(world, identification, ward));
        let mut record = code_on(world, desk, (identification, representation), ward).await;
        change(&mut record, &mut deed);
        desk.deliver(&desk.authority(representation, &deed)).await.unwrap();
        desk.code(id(), &record)
    }
}

/// A code that rests on an identification and a representation.
pub(crate) async fn code_on(
    world: &World,
    desk: &Desk,
    (identification, representation): (Uuid, Uuid),
    ward: &str,
) -> CodeRecord {
    CodeRecord {
        identification_id: identification,
        kvnr: ward.into(),
        purpose: Purpose::RepresentativeAccess,
        recipient: Recipient::Representative { representation },
        reference: REFERENCE.to_owned(),
        valid_until: world.day(14),
        offline: false,
        sealed_code: account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap(),
    }
}

/// The same deed on file, confirmed a month ago.
pub(crate) fn on_file(world: &World) -> Filed {
    Filed {
        court: "Amtsgericht Altona".to_owned(),
        file_number: "12 XVII 345/23".to_owned(),
        issued_on: world.day(-400),
        areas: vec![account_service::Area::Health, account_service::Area::Assets],
        provisional_until: None,
        status: RepresentationStatus::Active,
        confirmed_on: Some(world.day(-30)),
    }
}
