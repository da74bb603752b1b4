//! Writing the insured person's data as XML (gematik Schema_VSD.xsd 5.2) in ISO-8859-15.

mod elements;

use crate::persona::Persona;

/// Namespace of schema 5.2.
pub const NAMESPACE: &str = "http://ws.gematik.de/fa/vsdm/vsd/v5.2";
/// Namespaces of schema 5.1, an own one for each document; see [`Style::namespace`].
pub const OLD_NAMESPACE: &str = "http://ws.gematik.de/fa/vsds/{root}/v5.1";
/// Namespace of schema 1.0 for private insurers.
pub const PRIVATE_NAMESPACE: &str = "http://ws.gematik.de/fa/vsdm/vsd_pkv/v1.0";

/// How issuers differ in writing the same data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// The namespace; `{root}` in it stands for the document's element.
    pub namespace: String,
    /// CDM_VERSION: version of the schema.
    pub version: String,
    /// Prefix of the elements; `None` for a default namespace.
    pub prefix: Option<String>,
    /// Whether the declaration says `standalone="yes"`.
    pub standalone: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { namespace: NAMESPACE.to_owned(), version: "5.2.0".to_owned(), prefix: None, standalone: true }
    }
}

impl Style {
    /// As private insurers write it.
    #[must_use]
    pub fn private() -> Self {
        Self { namespace: PRIVATE_NAMESPACE.to_owned(), version: "1.0.0".to_owned(), ..Self::default() }
    }

    /// As on cards of the first generation.
    #[must_use]
    pub fn old() -> Self {
        Self { namespace: OLD_NAMESPACE.to_owned(), version: "5.1.0".to_owned(), ..Self::default() }
    }

    /// UC_PersoenlicheVersichertendatenXML, for EF.PD.
    #[must_use]
    pub fn personal_data(&self, persona: &Persona) -> String {
        let mut xml = Writer::new(self);
        xml.document("UC_PersoenlicheVersichertendatenXML", |xml| {
            xml.inside("Versicherter", |xml| {
                xml.text("Versicherten_ID", &persona.kvnr);
                xml.inside("Person", |xml| elements::person(xml, persona));
            });
        });
        xml.out
    }

    /// UC_AllgemeineVersicherungsdatenXML, for EF.VD.
    #[must_use]
    pub fn insurance_data(&self, persona: &Persona) -> String {
        let mut xml = Writer::new(self);
        xml.document("UC_AllgemeineVersicherungsdatenXML", |xml| {
            xml.inside("Versicherter", |xml| elements::insurance(xml, persona));
        });
        xml.out
    }

    /// UC_GeschuetzteVersichertendatenXML, for EF.GVD and its copy in EF.VD.
    #[must_use]
    pub fn protected_data(&self, persona: &Persona) -> String {
        let mut xml = Writer::new(self);
        xml.document("UC_GeschuetzteVersichertendatenXML", |xml| {
            elements::protected(xml, &persona.protected)
        });
        xml.out
    }
}

/// Writes elements in the style's form.
struct Writer<'a> {
    style: &'a Style,
    /// Prefix and colon, or nothing.
    prefix: String,
    out: String,
}

impl<'a> Writer<'a> {
    fn new(style: &'a Style) -> Self {
        let prefix = style.prefix.as_ref().map(|prefix| format!("{prefix}:")).unwrap_or_default();
        Self { style, prefix, out: String::new() }
    }

    fn document(&mut self, root: &str, content: impl FnOnce(&mut Self)) {
        let standalone = if self.style.standalone { r#" standalone="yes""# } else { "" };
        let xmlns = self.style.prefix.as_ref().map(|prefix| format!(":{prefix}")).unwrap_or_default();
        let Self { prefix, style: Style { namespace, version, .. }, .. } = self;
        // Schema_VSD_PKV 1.0 tells the kind of payer at the insurance data.
        let insurance = *namespace == PRIVATE_NAMESPACE && root == "UC_AllgemeineVersicherungsdatenXML";
        let payer = if insurance { r#" KTR_TYP="1""# } else { "" };
        let namespace = namespace.replace("{root}", root);
        let declaration = format!(r#"<?xml version="1.0" encoding="ISO-8859-15"{standalone}?>"#);
        let start = format!(r#"<{prefix}{root} CDM_VERSION="{version}"{payer} xmlns{xmlns}="{namespace}">"#);
        self.out = declaration + &start;
        content(self);
        self.end(root);
    }

    fn inside(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.start(name);
        content(self);
        self.end(name);
    }

    fn text(&mut self, name: &str, text: &str) {
        self.inside(name, |xml| {
            for character in text.chars() {
                match character {
                    '&' => xml.out.push_str("&amp;"),
                    '<' => xml.out.push_str("&lt;"),
                    '>' => xml.out.push_str("&gt;"),
                    other => xml.out.push(other),
                }
            }
        });
    }

    fn optional(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// 0 or 1.
    fn flag(&mut self, name: &str, set: bool) {
        self.text(name, if set { "1" } else { "0" });
    }

    fn start(&mut self, name: &str) {
        self.out.extend(["<", &self.prefix, name, ">"]);
    }

    fn end(&mut self, name: &str) {
        self.out.extend(["</", &self.prefix, name, ">"]);
    }
}

/// The eight places where ISO-8859-15 differs from ISO-8859-1.
const LATIN_9: [(char, u8); 8] =
    [('€', 0xA4), ('Š', 0xA6), ('š', 0xA8), ('Ž', 0xB4), ('ž', 0xB8), ('Œ', 0xBC), ('œ', 0xBD), ('Ÿ', 0xBE)];

/// `xml` in ISO-8859-15; what the character set lacks becomes a numeric character reference.
#[must_use]
pub fn iso_8859_15(xml: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(xml.len());
    for character in xml.chars() {
        let special = LATIN_9.iter().find(|(special, _)| *special == character).map(|(_, byte)| *byte);
        let same =
            || u8::try_from(character).ok().filter(|byte| LATIN_9.iter().all(|(_, taken)| taken != byte));
        match special.or_else(same) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(format!("&#{};", u32::from(character)).bytes()),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        birds,
        persona::{PrivateTariff, Protected, Reimbursement, Street, Suspension},
    };

    #[test]
    fn latin_9_has_the_euro_and_seven_letters_that_latin_1_lacks() {
        assert_eq!(iso_8859_15("aäß€ŠšŽžŒœŸ"), b"a\xE4\xDF\xA4\xA6\xA8\xB4\xB8\xBC\xBD\xBE");
        assert_eq!(iso_8859_15("ğ¤"), b"&#287;&#164;");
    }

    #[test]
    fn a_persona_with_every_field_is_written_in_the_order_of_the_schema() {
        let persona = birds::zaunkoenig(date(2026, 11, 22));
        let style = Style { prefix: Some("vsdp".to_owned()), standalone: false, ..plain() };
        let elements = style.personal_data(&persona).replace("vsdp:", "");
        assert_eq!(
            elements,
            concat!(
                r#"<?xml version="1.0" encoding="ISO-8859-15"?>"#,
                r#"<UC_PersoenlicheVersichertendatenXML CDM_VERSION="5.2.0" xmlns:vsdp="n"><Versicherter>"#,
                "<Versicherten_ID>Z987654321</Versicherten_ID><Person><Geburtsdatum>19870516</Geburtsdatum>",
                "<Vorname>Zacharias</Vorname><Nachname>Zaunkönig</Nachname><Geschlecht>X</Geschlecht>",
                "<Vorsatzwort>von und zu</Vorsatzwort><Namenszusatz>Graf</Namenszusatz>",
                "<Titel>Prof. Dr. rer. nat.</Titel>",
                "<PostfachAdresse><Postleitzahl>08062</Postleitzahl><Ort>Zwickau</Ort>",
                "<Postfach>885522</Postfach>",
                "<Land><Wohnsitzlaendercode>D</Wohnsitzlaendercode></Land></PostfachAdresse>",
                "<StrassenAdresse><Postleitzahl>08066</Postleitzahl><Ort>Zwickau</Ort>",
                "<Land><Wohnsitzlaendercode>D</Wohnsitzlaendercode></Land>",
                "<Strasse>Zaunkönigpfad</Strasse><Hausnummer>99x</Hausnummer>",
                "<Anschriftenzusatz>zweites Nest rechter Ast</Anschriftenzusatz></StrassenAdresse>",
                "</Person></Versicherter></UC_PersoenlicheVersichertendatenXML>"
            )
        );
    }

    #[test]
    fn insurance_data_is_written_in_the_order_of_the_schema() {
        assert_eq!(
            plain().insurance_data(&birds::buntspecht(date(2026, 11, 22))),
            concat!(
                r#"<?xml version="1.0" encoding="ISO-8859-15" standalone="yes"?>"#,
                r#"<UC_AllgemeineVersicherungsdatenXML CDM_VERSION="5.2.0" xmlns="n"><Versicherter>"#,
                "<Versicherungsschutz><Beginn>20110401</Beginn><Ende>20271122</Ende>",
                "<Kostentraeger><Kostentraegerkennung>103169760</Kostentraegerkennung>",
                "<Kostentraegerlaendercode>D</Kostentraegerlaendercode>",
                "<Name>Beispielkostenträger Bremen</Name>",
                "<AbrechnenderKostentraeger><Kostentraegerkennung>103215857</Kostentraegerkennung>",
                "<Kostentraegerlaendercode>D</Kostentraegerlaendercode>",
                "<Name>Beispielkostenträger Bremerhaven</Name></AbrechnenderKostentraeger>",
                "</Kostentraeger></Versicherungsschutz>",
                "<Zusatzinfos><ZusatzinfosGKV><Versichertenart>3</Versichertenart>",
                "<Zusatzinfos_Abrechnung_GKV><WOP>03</WOP></Zusatzinfos_Abrechnung_GKV>",
                "</ZusatzinfosGKV></Zusatzinfos></Versicherter></UC_AllgemeineVersicherungsdatenXML>"
            )
        );
    }

    #[test]
    fn protected_data_stands_directly_below_the_root() {
        assert_eq!(
            plain().protected_data(&birds::amsel()),
            concat!(
                r#"<?xml version="1.0" encoding="ISO-8859-15" standalone="yes"?>"#,
                r#"<UC_GeschuetzteVersichertendatenXML CDM_VERSION="5.2.0" xmlns="n">"#,
                "<Zuzahlungsstatus><Status>0</Status></Zuzahlungsstatus>",
                "<Selektivvertraege><Aerztlich>9</Aerztlich><Zahnaerztlich>9</Zahnaerztlich>",
                "</Selektivvertraege></UC_GeschuetzteVersichertendatenXML>"
            )
        );
    }

    #[test]
    fn a_private_tariff_is_written_in_the_order_of_its_schema() {
        let mut persona = birds::amsel();
        persona.private_tariff = Some(PrivateTariff::full());
        let xml = Style::private().insurance_data(&persona);
        let root = concat!(
            r#"<UC_AllgemeineVersicherungsdatenXML CDM_VERSION="1.0.0" KTR_TYP="1""#,
            r#" xmlns="http://ws.gematik.de/fa/vsdm/vsd_pkv/v1.0">"#
        );
        assert!(xml.contains(root), "{xml}");
        assert!(!Style::private().personal_data(&persona).contains("KTR_TYP"));
        let (_, additional) = xml.split_once("<Zusatzinfos>").unwrap();
        assert_eq!(
            additional,
            concat!(
                "<ZusatzinfosPKV><Tarifart>01</Tarifart><Beihilfeberechtigung>01</Beihilfeberechtigung>",
                "<KVB_PBeaK>00</KVB_PBeaK><StationaereLeistungen>",
                "<TeilnahmeClinicCardVerfahren>1</TeilnahmeClinicCardVerfahren>",
                "<WahlleistungUnterkunft><ArtWahlleistungUnterkunft>01</ArtWahlleistungUnterkunft>",
                "<HoechstbetragWahlleistungUnterkunft>250</HoechstbetragWahlleistungUnterkunft>",
                "</WahlleistungUnterkunft>",
                "<WahlleistungUnterkunft><ArtWahlleistungUnterkunft>02</ArtWahlleistungUnterkunft>",
                "<ProzentwertWahlleistungUnterkunft>100</ProzentwertWahlleistungUnterkunft>",
                "</WahlleistungUnterkunft>",
                "<WahlleistungAerztlicheBehandlung>",
                "<ArtWahlleistungAerztlicheBehandlung>01</ArtWahlleistungAerztlicheBehandlung>",
                "<ProzentwertWahlleistungAerztlicheBehandlung>100</ProzentwertWahlleistungAerztlicheBehandlung>",
                "</WahlleistungAerztlicheBehandlung>",
                "<AllgemeineKrankenhausleistungen>100</AllgemeineKrankenhausleistungen>",
                "</StationaereLeistungen></ZusatzinfosPKV></Zusatzinfos></Versicherter>",
                "</UC_AllgemeineVersicherungsdatenXML>"
            )
        );
    }

    #[test]
    fn schema_5_1_has_a_namespace_for_each_document() {
        let xml = Style::old().insurance_data(&birds::amsel());
        let root = concat!(
            r#"<UC_AllgemeineVersicherungsdatenXML CDM_VERSION="5.1.0""#,
            r#" xmlns="http://ws.gematik.de/fa/vsds/UC_AllgemeineVersicherungsdatenXML/v5.1">"#
        );
        assert!(xml.contains(root), "{xml}");
    }

    #[test]
    fn reimbursement_stands_before_the_region() {
        let mut persona = birds::amsel();
        persona.reimbursement = Some(Reimbursement { dental: true, ..Reimbursement::default() });
        assert!(plain().insurance_data(&persona).contains(concat!(
            "<Zusatzinfos_Abrechnung_GKV><Kostenerstattung><AerztlicheVersorgung>0</AerztlicheVersorgung>",
            "<ZahnaerztlicheVersorgung>1</ZahnaerztlicheVersorgung><StationaererBereich>0</StationaererBereich>",
            "<VeranlassteLeistungen>0</VeranlassteLeistungen></Kostenerstattung><WOP>38</WOP>"
        )));
    }

    #[test]
    fn protected_data_may_have_every_element() {
        let mut persona = birds::amsel();
        persona.protected = Protected {
            exempt_until: Some(date(2026, 12, 31)),
            special_group: Some('4'),
            disease_management: Some('1'),
            contracts: Some("1000".to_owned()),
            suspension: Some(Suspension { from: date(2026, 1, 2), to: Some(date(2026, 3, 4)), kind: '2' }),
        };
        let xml = plain().protected_data(&persona);
        let (_, content) = xml.split_once(r#"xmlns="n">"#).unwrap();
        assert_eq!(
            content,
            concat!(
                "<Zuzahlungsstatus><Status>1</Status><Gueltig_bis>20261231</Gueltig_bis></Zuzahlungsstatus>",
                "<Besondere_Personengruppe>4</Besondere_Personengruppe>",
                "<DMP_Kennzeichnung>1</DMP_Kennzeichnung>",
                "<Selektivvertraege><Aerztlich>9</Aerztlich><Zahnaerztlich>9</Zahnaerztlich><Art>1000</Art>",
                "</Selektivvertraege><RuhenderLeistungsanspruch><Beginn>20260102</Beginn><Ende>20260304</Ende>",
                "<ArtDesRuhens>2</ArtDesRuhens></RuhenderLeistungsanspruch>",
                "</UC_GeschuetzteVersichertendatenXML>"
            )
        );
    }

    #[test]
    fn an_address_may_be_a_place_and_a_country() {
        let mut persona = birds::amsel();
        let home = persona.street.take();
        persona.street =
            home.map(|home| Street { postal_code: None, street: None, house_number: None, ..home });
        assert!(plain().personal_data(&persona).contains(concat!(
            "<StrassenAdresse><Ort>Aachen</Ort>",
            "<Land><Wohnsitzlaendercode>D</Wohnsitzlaendercode></Land></StrassenAdresse>"
        )));
    }

    fn plain() -> Style {
        Style { namespace: "n".to_owned(), ..Style::default() }
    }

    #[test]
    fn markup_in_a_field_is_escaped() {
        let mut persona = birds::amsel();
        persona.family_name = "<&>".to_owned();
        assert!(Style::default().personal_data(&persona).contains("<Nachname>&lt;&amp;&gt;</Nachname>"));
    }
}
