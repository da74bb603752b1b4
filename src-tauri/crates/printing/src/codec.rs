//! IPP requests and answers (RFC 8010) by the `ipp` crate's codec, with limits around its parser.

use std::io::Cursor;

use ipp::{
    attribute::{IppAttribute, IppAttributeGroup, IppAttributeName, IppAttributes},
    model::{DelimiterTag, IppVersion, Operation, ValueTag},
    parser::IppParser,
    reader::IppReader,
    request::IppRequestResponse,
    value::{IppKeyword, IppMimeMediaType, IppName, IppString, IppValue},
};

use crate::{Error, address::Address, state::JobId};

#[cfg(test)]
mod tests;

/// Towards the printer every desk is called the same, whoever sits at it: printers keep and show this name.
const REQUESTING_USER_NAME: &str = "Identplatz";

/// IPP/1.1 is what every IPP printer must understand (RFC 8011, section 4.1.8).
const VERSION: IppVersion = IppVersion::v1_1();

/// One request travels at a time on a connection, so that all may bear the same number, which the answer repeats.
const REQUEST_ID: i32 = 1;

/// Tags in an answer, groups and members of collections included. The longest lists of media have some thousands.
const MAX_TAGS: usize = 20_000;

/// Collections within collections. Media descriptions have three levels; a parsed value is dropped recursively, so
/// that unbounded depth would be unbounded stack.
const MAX_COLLECTION_DEPTH: usize = 8;

/// Values that are taken of one attribute. Printers list some dozens of formats, and a handful of reasons.
const MAX_VALUES: usize = 64;

/// Names and models are for a status line.
const MAX_LABEL: usize = 127;

/// Version, status and request number (RFC 8010, section 3.1.1).
const HEADER: usize = 8;

/// Delimiter tags end here, value tags begin after it (RFC 8010, section 3.5).
const LAST_DELIMITER: u8 = 0x0f;

/// A request being put together.
pub(crate) struct Request(IppRequestResponse);

impl Request {
    /// `operation` at the printer, asked for by the desk.
    pub(crate) fn new(operation: Operation, printer: &Address) -> Result<Self, Error> {
        let mut request = IppRequestResponse::new(VERSION, operation, None).map_err(|_| Error::Address)?;
        request.header_mut().request_id = REQUEST_ID;
        let uri = IppString::new(printer.printer_uri.as_str()).map_err(|_| Error::Address)?;
        let user = IppName::new_truncated(REQUESTING_USER_NAME);
        Ok(Self(request)
            .with(IppAttributeName::PRINTER_URI, IppValue::Uri(uri))
            .with(IppAttributeName::REQUESTING_USER_NAME, IppValue::NameWithoutLanguage(user)))
    }

    pub(crate) fn job(self, id: JobId) -> Self {
        self.with(IppAttributeName::JOB_ID, IppValue::Integer(id.get()))
    }

    /// Asks for these attributes only.
    pub(crate) fn requesting(self, attributes: &[IppAttributeName]) -> Self {
        let keywords = attributes.iter().map(|name| keyword((*name).into())).collect();
        self.with(IppAttributeName::REQUESTED_ATTRIBUTES, IppValue::Array(keywords))
    }

    pub(crate) fn keyword(self, name: IppAttributeName, value: &str) -> Self {
        self.with(name, keyword(value.to_owned()))
    }

    pub(crate) fn integer(self, name: IppAttributeName, value: i32) -> Self {
        self.with(name, IppValue::Integer(value))
    }

    /// `job-name`, cut to the 255 bytes of a `name` (RFC 8011, section 5.1.3).
    pub(crate) fn job_name(self, name: &str) -> Self {
        let (fitting, _) = name.split_at(name.floor_char_boundary(IppName::max()));
        let name = IppName::new_truncated(fitting);
        self.with(IppAttributeName::JOB_NAME, IppValue::NameWithoutLanguage(name))
    }

    pub(crate) fn document_format(self, format: &str) -> Result<Self, Error> {
        let format = IppMimeMediaType::new(format).map_err(|_| Error::FormatUnsupported)?;
        Ok(self.with(IppAttributeName::DOCUMENT_FORMAT, IppValue::MimeMediaType(format)))
    }

    /// `copies`, a job template attribute.
    pub(crate) fn copies(mut self, copies: i32) -> Self {
        let attribute = IppAttribute::new(IppAttributeName::COPIES, IppValue::Integer(copies));
        self.0.attributes_mut().add(DelimiterTag::JobAttributes, attribute);
        self
    }

    /// The request as it travels; a document follows it at once.
    pub(crate) fn encode(self) -> Vec<u8> {
        self.0.to_bytes().into()
    }

    fn with(mut self, name: IppAttributeName, value: IppValue) -> Self {
        self.0.attributes_mut().add(DelimiterTag::OperationAttributes, IppAttribute::new(name, value));
        self
    }
}

fn keyword(value: String) -> IppValue {
    IppValue::Keyword(IppKeyword::new_truncated(value))
}

/// A printer's answer, well formed.
#[derive(Debug)]
pub(crate) struct Answer {
    status: u16,
    attributes: IppAttributes,
}

impl Answer {
    /// Reads the answer to a [`Request`]; what follows the end of the attributes is ignored.
    pub(crate) fn decode(bytes: Vec<u8>) -> Result<Self, Error> {
        check_bounds(&bytes)?;
        let parser = IppParser::new(IppReader::new(Cursor::new(bytes)));
        let (header, attributes, _) = parser.parse_parts().map_err(|_| Error::Protocol)?;
        let [major, _minor] = header.version.0.to_be_bytes();
        if !matches!(major, 1 | 2) || header.request_id != REQUEST_ID {
            return Err(Error::Protocol);
        }
        Ok(Self { status: header.operation_or_status.cast_unsigned(), attributes })
    }

    /// The answer if the printer did what was asked.
    pub(crate) fn successful(self) -> Result<Self, Error> {
        // RFC 8011, appendix B.1: classes of status codes, and single ones that the desk handles in its own way.
        match self.status {
            0x0000..=0x00ff => Ok(self),
            0x0408 => Err(Error::DocumentTooLarge),
            0x040a => Err(Error::FormatUnsupported),
            // `attributes-or-values-not-supported`, which some printers say of a format as well.
            0x040b if self.names_as_unsupported(IppAttributeName::DOCUMENT_FORMAT) => {
                Err(Error::FormatUnsupported)
            }
            0x0506 => Err(Error::NotAccepting),
            0x0507 => Err(Error::Busy),
            status => Err(Error::Refused { status }),
        }
    }

    fn names_as_unsupported(&self, name: IppAttributeName) -> bool {
        let unsupported = self.attributes.first_of(DelimiterTag::UnsupportedAttributes);
        Attributes(unsupported).values(name).next().is_some()
    }

    pub(crate) fn printer(&self) -> Attributes<'_> {
        Attributes(self.attributes.first_of(DelimiterTag::PrinterAttributes))
    }

    /// The first job, or nothing known if there is none.
    pub(crate) fn job(&self) -> Attributes<'_> {
        Attributes(self.attributes.first_of(DelimiterTag::JobAttributes))
    }

    pub(crate) fn jobs(&self) -> impl Iterator<Item = Attributes<'_>> {
        self.attributes.groups_of(DelimiterTag::JobAttributes).map(|group| Attributes(Some(group)))
    }
}

/// A group of attributes, each of which may be missing or of another type than it should be.
#[derive(Clone, Copy)]
pub(crate) struct Attributes<'a>(Option<&'a IppAttributeGroup>);

impl<'a> Attributes<'a> {
    pub(crate) fn integer(self, name: IppAttributeName) -> Option<i32> {
        let value = self.values(name).next()?;
        value.as_integer().or_else(|| value.as_enum()).copied()
    }

    pub(crate) fn boolean(self, name: IppAttributeName) -> Option<bool> {
        self.values(name).next()?.as_boolean().copied()
    }

    /// A short text without control characters, for people to read.
    pub(crate) fn label(self, name: IppAttributeName) -> Option<String> {
        let mut label: String =
            text(self.values(name).next()?)?.chars().filter(|c| !c.is_control()).collect();
        label.truncate(label.floor_char_boundary(MAX_LABEL));
        (!label.trim().is_empty()).then_some(label)
    }

    /// Keywords or media types; what can't be one is left out.
    pub(crate) fn keywords(self, name: IppAttributeName) -> impl Iterator<Item = &'a str> {
        let is_keyword = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        self.values(name).filter_map(text).filter(is_keyword)
    }

    fn values(self, name: IppAttributeName) -> impl Iterator<Item = &'a IppValue> {
        let name: String = name.into();
        let attribute = self.0.and_then(|group| group.get(name));
        attribute.into_iter().flat_map(|attribute| attribute.value()).take(MAX_VALUES)
    }
}

fn text(value: &IppValue) -> Option<&str> {
    if let IppValue::TextWithLanguage { text, .. } | IppValue::TextWithoutLanguage(text) = value {
        Some(text.as_ref())
    } else if let IppValue::NameWithLanguage { name, .. } | IppValue::NameWithoutLanguage(name) = value {
        Some(name.as_str())
    } else {
        let keyword = value.as_keyword().map(IppKeyword::as_str);
        keyword.or_else(|| value.as_mime_media_type().map(IppMimeMediaType::as_str))
    }
}

/// Walks an answer's tags (RFC 8010, section 3.1) before the parser builds anything from them: version 8.0 of `ipp`
/// trusts the depth of collections and the lengths within a value.
fn check_bounds(answer: &[u8]) -> Result<(), Error> {
    let mut rest = answer.get(HEADER..).ok_or(Error::Protocol)?;
    let mut depth = 0_usize;
    for _ in 0..MAX_TAGS {
        let (&tag, after) = rest.split_first().ok_or(Error::Protocol)?;
        rest = after;
        if tag == DelimiterTag::EndOfAttributes as u8 {
            return Ok(());
        }
        if tag <= LAST_DELIMITER {
            continue;
        }
        let (_name, after) = split_field(rest)?;
        let (value, after) = split_field(after)?;
        rest = after;
        if tag == ValueTag::BegCollection as u8 {
            depth += 1;
        } else if tag == ValueTag::EndCollection as u8 {
            depth = depth.checked_sub(1).ok_or(Error::Protocol)?;
        } else if tag == ValueTag::TextWithLanguage as u8 || tag == ValueTag::NameWithLanguage as u8 {
            let (_language, text) = split_field(value)?;
            split_field(text)?;
        }
        if depth > MAX_COLLECTION_DEPTH {
            return Err(Error::Protocol);
        }
    }
    Err(Error::TooLarge)
}

/// Splits a field off that two bytes of length precede.
fn split_field(bytes: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let (length, rest) = bytes.split_first_chunk().ok_or(Error::Protocol)?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or(Error::Protocol)
}
