//! What the clerk typed about people and deeds, judged field by field.

use bridge::{
    AppError, Field, FieldProblem, ProofKind,
    input::{DeedInput, PersonInput, ProofInput},
};
use egk::PersonalText;
use identification::{BirthDate, Deed, Kvnr, KvnrError, Name, Office, Person, Proof, Subject, Term};
use jiff::civil::Date;
use zeroize::Zeroizing;

use crate::{convert, outside};

/// Longest name, court or file number that is taken from the window.
const MAX_TEXT: usize = 120;

/// A person, by number, name and birth date.
pub(crate) fn person(input: &PersonInput) -> Result<Subject, AppError> {
    let kvnr: String = input.kvnr.split_whitespace().collect::<String>().to_uppercase();
    let kvnr = Kvnr::parse(&kvnr).map_err(|error| {
        let problem = match error {
            KvnrError::Form => FieldProblem::Length,
            KvnrError::CheckDigit => FieldProblem::CheckDigit,
        };
        convert::field(Field::Kvnr, problem)
    })?;
    let family_name = text(Field::FamilyName, &input.family_name)?;
    let given_names = text(Field::GivenNames, &input.given_names)?;
    let born = date(Field::FullBirthDate, &input.birth_date)?;
    if born > outside::now().date() {
        return Err(convert::field(Field::FullBirthDate, FieldProblem::NoSuchDay));
    }
    let birth_date = BirthDate { year: born.year(), month: Some(born.month()), day: Some(born.day()) };
    let name = Name { title: None, given_names, suffix: None, prefix: None, family_name };
    Ok(Subject { kvnr, person: Person { name, birth_date: Some(birth_date) }, health_card: None })
}

/// The last `digits` digits of the number on a card's back; `None` if nothing was typed.
pub(crate) fn card_number_tail(typed: &str, digits: u8) -> Result<Option<PersonalText>, AppError> {
    let typed = Zeroizing::new(typed.split_whitespace().collect::<String>());
    if typed.is_empty() {
        return Ok(None);
    }
    let problem = if typed.bytes().any(|byte| !byte.is_ascii_digit()) {
        FieldProblem::Character
    } else if typed.len() == usize::from(digits) {
        return Ok(Some(PersonalText::new(typed.as_str())));
    } else {
        FieldProblem::Length
    };
    Err(convert::field(Field::CardNumberTail, problem))
}

/// What a carer shows.
pub(crate) fn proof(input: ProofInput) -> Result<Proof, AppError> {
    let office = match input.proof {
        ProofKind::Errand => return Ok(Proof::Errand),
        ProofKind::Spouse => return Ok(Proof::Spouse),
        ProofKind::Nothing => return Ok(Proof::Nothing),
        ProofKind::Deed => Office::Carer,
        ProofKind::SingleMatterDeed => Office::SingleMatter,
    };
    deed(office, &input.deed.ok_or(AppError::NotYet)?).map(|deed| Proof::Deed(Box::new(deed)))
}

fn deed(office: Office, input: &DeedInput) -> Result<Deed, AppError> {
    let until = input.provisional_until.as_deref().map(str::trim).filter(|until| !until.is_empty());
    Ok(Deed {
        office,
        court: text(Field::Court, &input.court)?,
        file_number: text(Field::FileNumber, &input.file_number)?,
        issued_on: date(Field::IssuedOn, &input.issued_on)?,
        areas: input.areas.iter().copied().map(convert::area_from).collect(),
        term: match (input.provisional, until) {
            (false, _) => Term::Permanent,
            (true, until) => {
                Term::Provisional(until.map(|until| date(Field::ProvisionalUntil, until)).transpose()?)
            }
        },
        seen_as: convert::seen_as_from(input.seen_as),
        names_agree: input.names_agree,
        declared_unchanged: input.declared_unchanged,
    })
}

/// Something typed, of a length that paper and contract can hold.
fn text(field: Field, typed: &str) -> Result<String, AppError> {
    let typed = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match typed.chars().count() {
        0 => Err(convert::field(field, FieldProblem::Missing)),
        1..=MAX_TEXT if !typed.chars().any(char::is_control) => Ok(typed),
        _ => Err(convert::field(field, FieldProblem::Length)),
    }
}

/// `TT.MM.JJJJ`; `YYYY-MM-DD` as well, since that's how the register's dates come back.
fn date(field: Field, typed: &str) -> Result<Date, AppError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(convert::field(field, FieldProblem::Missing));
    }
    Date::strptime("%d.%m.%Y", typed)
        .or_else(|_| Date::strptime("%Y-%m-%d", typed))
        .map_err(|_| convert::field(field, FieldProblem::NoSuchDay))
}
