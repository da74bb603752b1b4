//! Writing the insured person's data as XML (gematik Schema_VSD.xsd 5.2) in ISO-8859-15.

use jiff::civil::Date;

use crate::persona::{Insurer, Persona};

/// Namespace of schema 5.2.
pub const NAMESPACE: &str = "http://ws.gematik.de/fa/vsdm/vsd/v5.2";

/// How issuers differ in writing the same data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// The namespace.
    pub namespace: String,
    /// Prefix of the elements; `None` for a default namespace.
    pub prefix: Option<String>,
    /// Whether the declaration says `standalone="yes"`.
    pub standalone: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { namespace: NAMESPACE.to_owned(), prefix: None, standalone: true }
    }
}

impl Style {
    /// UC_PersoenlicheVersichertendatenXML, for EF.PD.
    #[must_use]
    pub fn personal_data(&self, persona: &Persona) -> String {
        let mut xml = Writer::new(self);
        xml.document("UC_PersoenlicheVersichertendatenXML", |xml| {
            xml.inside("Versicherter", |xml| {
                xml.text("Versicherten_ID", &persona.kvnr);
                xml.inside("Person", |xml| person(xml, persona));
            });
        });
        xml.out
    }

    /// UC_AllgemeineVersicherungsdatenXML, for EF.VD.
    #[must_use]
    pub fn insurance_data(&self, persona: &Persona) -> String {
        let mut xml = Writer::new(self);
        xml.document("UC_AllgemeineVersicherungsdatenXML", |xml| {
            xml.inside("Versicherter", |xml| insurance(xml, persona));
        });
        xml.out
    }

    /// UC_GeschuetzteVersichertendatenXML, for EF.GVD and its copy in EF.VD; the same for everybody.
    #[must_use]
    pub fn protected_data(&self) -> String {
        let mut xml = Writer::new(self);
        xml.document("UC_GeschuetzteVersichertendatenXML", |xml| {
            xml.inside("Zuzahlungsstatus", |xml| xml.text("Status", "0"));
            xml.inside("Selektivvertraege", |xml| {
                xml.text("Aerztlich", "9");
                xml.text("Zahnaerztlich", "9");
            });
        });
        xml.out
    }
}

fn person(xml: &mut Writer<'_>, persona: &Persona) {
    xml.text("Geburtsdatum", &persona.birth_date);
    xml.text("Vorname", &persona.given_names);
    xml.text("Nachname", &persona.family_name);
    xml.text("Geschlecht", &persona.sex.to_string());
    xml.optional("Vorsatzwort", persona.name_prefix.as_deref());
    xml.optional("Namenszusatz", persona.name_suffix.as_deref());
    xml.optional("Titel", persona.title.as_deref());
    if let Some(address) = &persona.po_box {
        xml.inside("PostfachAdresse", |xml| {
            xml.text("Postleitzahl", &address.postal_code);
            xml.text("Ort", &address.place);
            xml.text("Postfach", &address.number);
            xml.inside("Land", |xml| xml.text("Wohnsitzlaendercode", &address.country));
        });
    }
    if let Some(address) = &persona.street {
        xml.inside("StrassenAdresse", |xml| {
            xml.text("Postleitzahl", &address.postal_code);
            xml.text("Ort", &address.place);
            xml.inside("Land", |xml| xml.text("Wohnsitzlaendercode", &address.country));
            xml.text("Strasse", &address.street);
            xml.text("Hausnummer", &address.house_number);
            xml.optional("Anschriftenzusatz", address.supplement.as_deref());
        });
    }
}

fn insurance(xml: &mut Writer<'_>, persona: &Persona) {
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
    xml.inside("Zusatzinfos", |xml| {
        xml.inside("ZusatzinfosGKV", |xml| {
            xml.text("Versichertenart", &persona.insured_kind.to_string());
            xml.inside("Zusatzinfos_Abrechnung_GKV", |xml| xml.text("WOP", &persona.region));
        });
    });
}

fn insurer(xml: &mut Writer<'_>, insurer: &Insurer) {
    xml.text("Kostentraegerkennung", &insurer.ik);
    xml.text("Kostentraegerlaendercode", "D");
    xml.text("Name", &insurer.name);
}

fn date(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

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
        let Self { prefix, style: Style { namespace, .. }, .. } = self;
        let declaration = format!(r#"<?xml version="1.0" encoding="ISO-8859-15"{standalone}?>"#);
        let start = format!(r#"<{prefix}{root} CDM_VERSION="5.2.0" xmlns{xmlns}="{namespace}">"#);
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
    use crate::birds;

    #[test]
    fn latin_9_has_the_euro_and_seven_letters_that_latin_1_lacks() {
        assert_eq!(iso_8859_15("aäß€ŠšŽžŒœŸ"), b"a\xE4\xDF\xA4\xA6\xA8\xB4\xB8\xBC\xBD\xBE");
        assert_eq!(iso_8859_15("ğ¤"), b"&#287;&#164;");
    }

    #[test]
    fn a_persona_with_every_field_is_written_in_the_order_of_the_schema() {
        let persona = birds::zaunkoenig(date(2026, 11, 22));
        let style = Style { namespace: "n".to_owned(), prefix: Some("vsdp".to_owned()), standalone: false };
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
            plain().protected_data(),
            concat!(
                r#"<?xml version="1.0" encoding="ISO-8859-15" standalone="yes"?>"#,
                r#"<UC_GeschuetzteVersichertendatenXML CDM_VERSION="5.2.0" xmlns="n">"#,
                "<Zuzahlungsstatus><Status>0</Status></Zuzahlungsstatus>",
                "<Selektivvertraege><Aerztlich>9</Aerztlich><Zahnaerztlich>9</Zahnaerztlich>",
                "</Selektivvertraege></UC_GeschuetzteVersichertendatenXML>"
            )
        );
    }

    fn plain() -> Style {
        Style { namespace: "n".to_owned(), prefix: None, standalone: true }
    }

    #[test]
    fn markup_in_a_field_is_escaped() {
        let mut persona = birds::amsel();
        persona.family_name = "<&>".to_owned();
        assert!(Style::default().personal_data(&persona).contains("<Nachname>&lt;&amp;&gt;</Nachname>"));
    }
}
