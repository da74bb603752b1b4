//! The insured people that gematik made up for tests, all named after birds (spec-VSDM2,
//! `VSDDatensatzGKV-*`), as the XML of schema 5.2.

pub(crate) const NAMESPACE: &str = "http://ws.gematik.de/fa/vsdm/vsd/v5.2";

const AMSEL_ADDRESS: &str = "<StrassenAdresse><Postleitzahl>52070</Postleitzahl><Ort>Aachen</Ort>\
    <Land><Wohnsitzlaendercode>D</Wohnsitzlaendercode></Land><Strasse>Amselweg</Strasse><Hausnummer>1</Hausnummer>\
    </StrassenAdresse>";
const DOHLE_ADDRESSES: &str = "<PostfachAdresse><Postleitzahl>64283</Postleitzahl><Ort>Darmstadt</Ort>\
    <Postfach>405060</Postfach><Land><Wohnsitzlaendercode>D</Wohnsitzlaendercode></Land></PostfachAdresse>\
    <StrassenAdresse><Postleitzahl>64297</Postleitzahl><Ort>Darmstadt</Ort>\
    <Land><Wohnsitzlaendercode>D</Wohnsitzlaendercode></Land><Strasse>Dohlenallee</Strasse>\
    <Hausnummer>4-6</Hausnummer></StrassenAdresse>";
const ZAUNKOENIG_ADDRESS: &str = "<StrassenAdresse><Postleitzahl>08066</Postleitzahl><Ort>Zwickau</Ort>\
    <Land><Wohnsitzlaendercode>D</Wohnsitzlaendercode></Land><Strasse>Zaunkönigpfad</Strasse>\
    <Hausnummer>99x</Hausnummer><Anschriftenzusatz>zweites Nest rechter Ast</Anschriftenzusatz></StrassenAdresse>";

#[derive(Clone, Copy)]
pub(crate) struct Bird {
    pub(crate) kvnr: &'static str,
    pub(crate) birth_date: &'static str,
    pub(crate) given_names: &'static str,
    pub(crate) family_name: &'static str,
    pub(crate) sex: &'static str,
    pub(crate) name_prefix: &'static str,
    pub(crate) name_suffix: &'static str,
    pub(crate) title: &'static str,
    pub(crate) addresses: &'static str,
}

const NONE: Bird = Bird {
    kvnr: "",
    birth_date: "",
    given_names: "",
    family_name: "",
    sex: "",
    name_prefix: "",
    name_suffix: "",
    title: "",
    addresses: "",
};

pub(crate) const AMSEL: Bird = Bird {
    kvnr: "A123456780",
    birth_date: "19971228",
    given_names: "Andrea",
    family_name: "Amsel",
    sex: "W",
    addresses: AMSEL_ADDRESS,
    ..NONE
};
pub(crate) const BUNTSPECHT: Bird = Bird {
    kvnr: "B234567895",
    birth_date: "19880622",
    given_names: "Bernd Benjamin",
    family_name: "Buntspecht",
    sex: "M",
    name_prefix: "von und zu",
    name_suffix: "Graf",
    title: "Dr. med.",
    ..NONE
};
pub(crate) const DOHLE: Bird = Bird {
    kvnr: "D456789013",
    birth_date: "19700120",
    given_names: "Dara",
    family_name: "Dohle",
    sex: "X",
    title: "Dr. rer. nat.",
    addresses: DOHLE_ADDRESSES,
    ..NONE
};
pub(crate) const ELSTER: Bird = Bird {
    kvnr: "E567890127",
    birth_date: "19921113",
    given_names: "Elke",
    family_name: "Elster",
    sex: "W",
    name_prefix: "an der",
    name_suffix: "Freifrau",
    ..NONE
};
pub(crate) const HABICHT: Bird = Bird {
    kvnr: "H890123459",
    birth_date: "19530729",
    given_names: "Hans",
    family_name: "Habicht",
    sex: "M",
    name_prefix: "vorm",
    title: "Dr.-Ing.",
    ..NONE
};
pub(crate) const JUNKO: Bird = Bird {
    kvnr: "J012345677",
    birth_date: "19581200",
    given_names: "Jens-Jörg",
    family_name: "Junko",
    sex: "M",
    ..NONE
};
pub(crate) const KIEBITZ: Bird = Bird {
    kvnr: "K123456781",
    birth_date: "19330000",
    given_names: "Karin",
    family_name: "Kiebitz",
    sex: "W",
    ..NONE
};
pub(crate) const LACHMOEWE: Bird = Bird {
    kvnr: "L234567896",
    birth_date: "20220702",
    given_names: "Lisa",
    family_name: "Lachmöwe",
    sex: "W",
    ..NONE
};
pub(crate) const ZAUNKOENIG: Bird = Bird {
    kvnr: "Z987654321",
    birth_date: "19870516",
    given_names: "Zacharias",
    family_name: "Zaunkönig",
    sex: "X",
    name_prefix: "von und zu",
    name_suffix: "Graf",
    title: "Prof. Dr. rer. nat.",
    addresses: ZAUNKOENIG_ADDRESS,
};

/// EF.PD's document, in UTF-8 and without declaration.
pub(crate) fn personal_data(bird: &Bird) -> String {
    let person = [
        element("Geburtsdatum", bird.birth_date),
        element("Vorname", bird.given_names),
        element("Nachname", bird.family_name),
        element("Geschlecht", bird.sex),
        optional("Vorsatzwort", bird.name_prefix),
        optional("Namenszusatz", bird.name_suffix),
        optional("Titel", bird.title),
        bird.addresses.to_owned(),
    ];
    let insured = [element("Versicherten_ID", bird.kvnr), element("Person", &person.concat())];
    document("UC_PersoenlicheVersichertendatenXML", &element("Versicherter", &insured.concat()))
}

/// Andrea Amsel's insurer.
pub(crate) const AACHEN: &str = "<Kostentraegerkennung>104178397</Kostentraegerkennung>\
    <Kostentraegerlaendercode>D</Kostentraegerlaendercode><Name>Beispielkostenträger Aachen</Name>";
/// A member in Nordrhein with every optional element below.
pub(crate) const STATUTORY: &str = "<ZusatzinfosGKV><Versichertenart>1</Versichertenart><Zusatzinfos_Abrechnung_GKV>\
    <Kostenerstattung><AerztlicheVersorgung>0</AerztlicheVersorgung><ZahnaerztlicheVersorgung>1</ZahnaerztlicheVersorgung>\
    <StationaererBereich>0</StationaererBereich><VeranlassteLeistungen>0</VeranlassteLeistungen></Kostenerstattung>\
    <WOP>38</WOP></Zusatzinfos_Abrechnung_GKV></ZusatzinfosGKV>";

/// EF.VD's first document, in UTF-8 and without declaration.
pub(crate) fn insurance_data(valid_until: &str, insurer: &str, additional: &str) -> String {
    let cover =
        [element("Beginn", "19971228"), optional("Ende", valid_until), element("Kostentraeger", insurer)];
    let insured = [element("Versicherungsschutz", &cover.concat()), element("Zusatzinfos", additional)];
    document("UC_AllgemeineVersicherungsdatenXML", &element("Versicherter", &insured.concat()))
}

pub(crate) fn element(name: &str, content: &str) -> String {
    format!("<{name}>{content}</{name}>")
}

fn optional(name: &str, content: &str) -> String {
    if content.is_empty() { String::new() } else { element(name, content) }
}

fn document(root: &str, content: &str) -> String {
    format!(r#"<{root} CDM_VERSION="5.2.0" xmlns="{NAMESPACE}">{content}</{root}>"#)
}
