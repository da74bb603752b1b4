//! A carer at the desk, and what the register holds about her.

use account::{
    ActingPerson, Area, Authority, CodeRecord, Delivery, HealthCardRecord, IdentificationRecord, Purpose,
    Recipient, SeenAs,
};
use account_service::{
    Filed, NewRepresentative, RepresentationStatus, RepresentativeKind, RepresentativeRegistration,
};
use uuid::Uuid;

use crate::desk::Desk;
use crate::support::{CODE, INSURED, REFERENCE, World, id, identification};

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

    /// A code for her access to somebody's data.
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
        change: impl FnOnce(&mut CodeRecord, &mut Authority),
    ) -> Delivery {
        let mut authority = seen(world);
        let mut record = CodeRecord {
            identification_id: identification,
            kvnr: ward.into(),
            purpose: Purpose::RepresentativeAccess,
            recipient: Recipient::Subject { visit_number: "".into() },
            reference: REFERENCE.to_owned(),
            valid_until: world.day(14),
            offline: false,
            sealed_code: account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap(),
        };
        change(&mut record, &mut authority);
        let representative = self.registration.number.as_str().into();
        record.recipient = Recipient::Representative { representative, authority };
        desk.code(id(), &record)
    }
}

/// The deed in her hand.
fn seen(world: &World) -> Authority {
    Authority {
        court: "Amtsgericht Altona".into(),
        file_number: "12 XVII 345/23".into(),
        issued_on: world.day(-400),
        areas: vec![Area::Health, Area::Assets],
        provisional_until: None,
        seen_as: SeenAs::Original,
        declared_unchanged: true,
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
