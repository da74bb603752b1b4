//! Which elements there are, in the order of Schema_VSD.xsd 5.2 and Schema_VSD_PKV.xsd 1.0.

use jiff::civil::Date;

use super::Writer;
use crate::persona::{Insurer, Persona, PrivateTariff, Protected, Reimbursement, Share};

/// Children of Person.
pub(super) fn person(xml: &mut Writer<'_>, persona: &Persona) {
    xml.text("Geburtsdatum", &persona.birth_date);
    xml.text("Vorname", &persona.given_names);
    xml.text("Nachname", &persona.family_name);
    xml.text("Geschlecht", &persona.sex.to_string());
    xml.optional("Vorsatzwort", persona.name_prefix.as_deref());
    xml.optional("Namenszusatz", persona.name_suffix.as_deref());
    xml.optional("Titel", persona.title.as_deref());
    if let Some(address) = &persona.po_box {
        xml.inside("PostfachAdresse", |xml| {
            xml.optional("Postleitzahl", address.postal_code.as_deref());
            xml.text("Ort", &address.place);
            xml.text("Postfach", &address.number);
            xml.inside("Land", |xml| xml.text("Wohnsitzlaendercode", &address.country));
        });
    }
    if let Some(address) = &persona.street {
        xml.inside("StrassenAdresse", |xml| {
            xml.optional("Postleitzahl", address.postal_code.as_deref());
            xml.text("Ort", &address.place);
            xml.inside("Land", |xml| xml.text("Wohnsitzlaendercode", &address.country));
            xml.optional("Strasse", address.street.as_deref());
            xml.optional("Hausnummer", address.house_number.as_deref());
            xml.optional("Anschriftenzusatz", address.supplement.as_deref());
        });
    }
}

/// Children of Versicherter in UC_AllgemeineVersicherungsdatenXML.
pub(super) fn insurance(xml: &mut Writer<'_>, persona: &Persona) {
    xml.inside("Versicherungsschutz", |xml| {
        xml.text("Beginn", &date(persona.valid_from));
        xml.optional("Ende", persona.valid_until.map(date).as_deref());
        xml.inside("Kostentraeger", |xml| {
            insurer(xml, &persona.insurer);
            if let Some(billing) = &persona.billing_insurer {
                xml.inside("AbrechnenderKostentraeger", |xml| insurer(xml, billing));
            }
        });
    });
    xml.inside("Zusatzinfos", |xml| match &persona.private_tariff {
        Some(tariff) => xml.inside("ZusatzinfosPKV", |xml| private_tariff(xml, tariff)),
        None => xml.inside("ZusatzinfosGKV", |xml| {
            xml.text("Versichertenart", &persona.insured_kind.to_string());
            xml.inside("Zusatzinfos_Abrechnung_GKV", |xml| {
                if let Some(reimbursement) = persona.reimbursement {
                    xml.inside("Kostenerstattung", |xml| reimbursed(xml, reimbursement));
                }
                xml.text("WOP", &persona.region);
            });
        }),
    });
}

fn reimbursed(xml: &mut Writer<'_>, reimbursement: Reimbursement) {
    xml.flag("AerztlicheVersorgung", reimbursement.medical);
    xml.flag("ZahnaerztlicheVersorgung", reimbursement.dental);
    xml.flag("StationaererBereich", reimbursement.inpatient);
    xml.flag("VeranlassteLeistungen", reimbursement.prescribed);
}

fn private_tariff(xml: &mut Writer<'_>, tariff: &PrivateTariff) {
    xml.text("Tarifart", &tariff.kind);
    xml.optional("Beihilfeberechtigung", tariff.aid.as_deref());
    xml.optional("KVB_PBeaK", tariff.civil_service.as_deref());
    if let Some(inpatient) = &tariff.inpatient {
        xml.inside("StationaereLeistungen", |xml| {
            if let Some(clinic_card) = inpatient.clinic_card {
                xml.flag("TeilnahmeClinicCardVerfahren", clinic_card);
            }
            inpatient.rooms.iter().for_each(|room| {
                xml.inside("WahlleistungUnterkunft", |xml| {
                    xml.text("ArtWahlleistungUnterkunft", &room.kind);
                    match &room.share {
                        Share::UpTo(euros) => xml.text("HoechstbetragWahlleistungUnterkunft", euros),
                        Share::Percent(percent) => xml.text("ProzentwertWahlleistungUnterkunft", percent),
                    }
                });
            });
            if let Some((kind, percent)) = &inpatient.physicians {
                xml.inside("WahlleistungAerztlicheBehandlung", |xml| {
                    xml.text("ArtWahlleistungAerztlicheBehandlung", kind);
                    xml.optional("ProzentwertWahlleistungAerztlicheBehandlung", percent.as_deref());
                });
            }
            xml.optional("AllgemeineKrankenhausleistungen", inpatient.general.as_deref());
        });
    }
}

/// Children of UC_GeschuetzteVersichertendatenXML.
pub(super) fn protected(xml: &mut Writer<'_>, protected: &Protected) {
    xml.inside("Zuzahlungsstatus", |xml| {
        xml.flag("Status", protected.exempt_until.is_some());
        xml.optional("Gueltig_bis", protected.exempt_until.map(date).as_deref());
    });
    xml.optional("Besondere_Personengruppe", protected.special_group.map(String::from).as_deref());
    xml.optional("DMP_Kennzeichnung", protected.disease_management.map(String::from).as_deref());
    xml.inside("Selektivvertraege", |xml| {
        xml.text("Aerztlich", "9");
        xml.text("Zahnaerztlich", "9");
        xml.optional("Art", protected.contracts.as_deref());
    });
    if let Some(suspension) = &protected.suspension {
        xml.inside("RuhenderLeistungsanspruch", |xml| {
            xml.text("Beginn", &date(suspension.from));
            xml.optional("Ende", suspension.to.map(date).as_deref());
            xml.text("ArtDesRuhens", &suspension.kind.to_string());
        });
    }
}

fn insurer(xml: &mut Writer<'_>, insurer: &Insurer) {
    xml.text("Kostentraegerkennung", &insurer.ik);
    xml.text("Kostentraegerlaendercode", "D");
    xml.text("Name", &insurer.name);
}

fn date(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}
