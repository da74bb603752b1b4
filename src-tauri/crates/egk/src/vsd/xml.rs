//! Picking a few fields out of an XML document, with a limit on everything.

use crate::error::Problem;
use crate::text::PersonalText;
use encoding_rs::{Encoding, ISO_8859_15, UTF_8};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::{NsReader, Reader};
use zeroize::{Zeroize, Zeroizing};

/// Deepest nesting of elements; the schemas' deepest field is on level 7.
const DEPTH_MAX: usize = 8;
/// Most elements; the schemas allow 40.
const ELEMENTS_MAX: usize = 64;
/// Most bytes of text in one element, white space for indentation included; the schemas' longest field has 46
/// characters.
const TEXT_BYTES_MAX: usize = 512;
/// Longest name of an element; the schemas' longest has 40 bytes.
const NAME_BYTES_MAX: usize = 64;
/// The XML declaration stands in the first bytes.
const DECLARATION_BYTES_MAX: usize = 256;

/// Schema 5.2 of the statutory insurers, and the first one of the private ones.
const NAMESPACE_VSD: &str = "http://ws.gematik.de/fa/vsdm/vsd/v5.2";
/// Schema 1.0 of the private insurers.
const NAMESPACE_VSD_PKV: &str = "http://ws.gematik.de/fa/vsdm/vsd_pkv/v1.0";
/// Schemas up to 5.1, of cards that are no longer valid.
const NAMESPACE_OUTDATED: &str = "http://ws.gematik.de/fa/vsds/";
/// What `CDM_VERSION` begins with in those schemas.
const VERSIONS: [&str; 2] = ["5.2.", "1.0."];

/// What is wanted of a document.
pub(crate) struct Form {
    /// Name of the root element.
    pub(crate) root: &'static str,
    /// Wanted elements, in groups: the path below the root, and how many characters the schema allows (none for
    /// a block).
    ///
    /// Elements that aren't named here are parsed past and forgotten. Their order isn't looked at.
    pub(crate) elements: &'static [&'static [(&'static str, usize)]],
    /// The one wanted block that may be there several times, and how often.
    pub(crate) repeated: Option<(&'static str, usize)>,
}

/// The wanted elements of a document, or of one of its repeated blocks, in their order.
pub(crate) struct Document {
    found: Vec<(&'static str, PersonalText)>,
}

impl Document {
    /// Reads a document in the encoding that it declares: ISO-8859-15 or, also without declaration, UTF-8.
    pub(crate) fn read(xml: &[u8], form: &Form) -> Result<Self, Problem> {
        let text = decode(xml)?;
        let mut parser = Parser::new(form);
        let mut reader = NsReader::from_str(&text);
        loop {
            let (namespace, event) = reader.read_resolved_event().map_err(|_| Problem::Xml)?;
            match event {
                Event::Start(start) => parser.open(&namespace, &start)?,
                Event::Empty(start) => {
                    parser.open(&namespace, &start)?;
                    parser.close()?;
                }
                Event::End(_) => parser.close()?,
                Event::Text(text) => parser.text(&text.xml10_content())?,
                Event::CData(text) => parser.text(&text.xml10_content())?,
                Event::GeneralRef(reference) => parser.text(resolve(&reference)?.encode_utf8(&mut [0; 4]))?,
                Event::Comment(_) | Event::Decl(_) => {}
                Event::DocType(_) | Event::PI(_) => return Err(Problem::Xml),
                Event::Eof => return parser.finish(),
            }
        }
    }

    /// Whether the element is there.
    pub(crate) fn contains(&self, path: &str) -> bool {
        self.found.iter().any(|(found, _)| *found == path)
    }

    /// The text of an element that may be missing; an empty one counts as missing.
    pub(crate) fn optional(&mut self, path: &str) -> Option<PersonalText> {
        let index = self.found.iter().position(|(found, _)| *found == path)?;
        Some(self.found.remove(index).1).filter(|text| !text.is_empty())
    }

    /// The text of an element that must be there.
    pub(crate) fn required(&mut self, path: &'static str) -> Result<PersonalText, Problem> {
        self.optional(path).ok_or_else(|| wrong_field(path))
    }

    /// The text of an element that must be there and may be empty.
    pub(crate) fn present(&mut self, path: &'static str) -> Result<PersonalText, Problem> {
        if !self.contains(path) {
            return Err(wrong_field(path));
        }
        Ok(self.optional(path).unwrap_or_else(|| PersonalText::new("")))
    }

    /// Takes the next block at this path out.
    pub(crate) fn block(&mut self, path: &str) -> Option<Self> {
        let start = self.found.iter().position(|(found, _)| *found == path)?;
        let fields =
            self.found.iter().skip(start + 1).take_while(|(found, _)| is_inside(found, path)).count();
        Some(Self { found: self.found.drain(start..=start + fields).collect() })
    }
}

/// Whether a path leads on from the block's.
fn is_inside(path: &str, block: &str) -> bool {
    path.strip_prefix(block).is_some_and(|rest| rest.starts_with('/'))
}

/// The problem with the field at this path; its name is the last step.
pub(crate) fn wrong_field(path: &'static str) -> Problem {
    Problem::Field { name: path.rsplit('/').next().unwrap_or(path) }
}

/// A document as far as it has been read.
struct Parser<'a> {
    form: &'a Form,
    /// The path of the open element below the root, and before each open one its length.
    path: String,
    parents: Vec<usize>,
    root_closed: bool,
    elements: usize,
    /// What the open element has said since its start or its last child's end.
    text: Zeroizing<String>,
    found: Vec<(&'static str, PersonalText)>,
}

impl<'a> Parser<'a> {
    fn new(form: &'a Form) -> Self {
        // Reserved in full: a buffer that grows would leave unwiped copies behind.
        let text = Zeroizing::new(String::with_capacity(TEXT_BYTES_MAX));
        let (path, parents, found) = (String::new(), Vec::new(), Vec::new());
        Self { form, path, parents, root_closed: false, elements: 0, text, found }
    }

    fn open(&mut self, namespace: &ResolveResult<'_>, start: &BytesStart<'_>) -> Result<(), Problem> {
        check_namespace(namespace)?;
        self.elements += 1;
        let local_name = start.local_name();
        let name = local_name.as_ref();
        if self.elements > ELEMENTS_MAX || self.parents.len() == DEPTH_MAX || name.len() > NAME_BYTES_MAX {
            return Err(Problem::TooLarge);
        }
        if self.parents.is_empty() {
            self.open_root(name, start)?;
        }
        self.text.zeroize();
        self.parents.push(self.path.len());
        if self.parents.len() > 1 {
            if !self.path.is_empty() {
                self.path.push('/');
            }
            self.path.push_str(name);
        }
        let Some((path, _)) = self.wanted() else { return Ok(()) };
        if !self.has_room_for(path) {
            return Err(wrong_field(path));
        }
        self.found.push((path, PersonalText::new("")));
        Ok(())
    }

    /// An element may be there once, in a repeated block once a block.
    fn has_room_for(&self, path: &str) -> bool {
        let is_there = |from: usize| self.found.iter().skip(from).any(|(found, _)| *found == path);
        match self.form.repeated {
            Some((block, times_max)) if path == block => {
                self.found.iter().filter(|(found, _)| *found == block).count() < times_max
            }
            Some((block, _)) if is_inside(path, block) => {
                !is_there(self.found.iter().rposition(|(found, _)| *found == block).unwrap_or(0))
            }
            _ => !is_there(0),
        }
    }

    fn open_root(&self, name: &str, start: &BytesStart<'_>) -> Result<(), Problem> {
        if self.root_closed {
            return Err(Problem::Xml);
        }
        if name != self.form.root {
            return Err(Problem::Root);
        }
        let mut attributes = start.attributes();
        let version =
            attributes.with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == "CDM_VERSION");
        match version {
            Some(version) if VERSIONS.iter().any(|known| version.value.starts_with(known)) => Ok(()),
            _ => Err(Problem::Field { name: "CDM_VERSION" }),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Problem> {
        if self.parents.is_empty() {
            return if text.trim_ascii().is_empty() { Ok(()) } else { Err(Problem::Xml) };
        }
        if self.text.len() + text.len() > TEXT_BYTES_MAX {
            return Err(self.wanted().map_or(Problem::TooLarge, |(path, _)| wrong_field(path)));
        }
        self.text.push_str(text);
        Ok(())
    }

    fn close(&mut self) -> Result<(), Problem> {
        if let Some((path, characters_max)) = self.wanted() {
            let text = self.text.trim_ascii();
            if text.chars().count() > characters_max || text.chars().any(char::is_control) {
                return Err(wrong_field(path));
            }
            if let Some((_, found)) = self.found.iter_mut().rfind(|(found, _)| *found == path) {
                *found = PersonalText::new(text);
            }
        }
        self.text.zeroize();
        self.path.truncate(self.parents.pop().ok_or(Problem::Xml)?);
        self.root_closed = self.parents.is_empty();
        Ok(())
    }

    fn finish(self) -> Result<Document, Problem> {
        if self.root_closed { Ok(Document { found: self.found }) } else { Err(Problem::Xml) }
    }

    /// The open element's path and length if it is wanted.
    fn wanted(&self) -> Option<(&'static str, usize)> {
        self.form.elements.iter().copied().flatten().find(|(path, _)| *path == self.path).copied()
    }
}

fn check_namespace(namespace: &ResolveResult<'_>) -> Result<(), Problem> {
    match namespace {
        ResolveResult::Bound(Namespace(NAMESPACE_VSD | NAMESPACE_VSD_PKV)) => Ok(()),
        ResolveResult::Bound(Namespace(name)) if name.starts_with(NAMESPACE_OUTDATED) => {
            Err(Problem::SchemaTooOld)
        }
        ResolveResult::Bound(_) | ResolveResult::Unbound | ResolveResult::Unknown(_) => {
            Err(Problem::Namespace)
        }
    }
}

/// A character reference or one of the five entities that need no definition (XML 1.0, 4.6).
fn resolve(reference: &BytesRef<'_>) -> Result<char, Problem> {
    match &**reference {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => reference.resolve_char_ref().ok().flatten().ok_or(Problem::Xml),
    }
}

fn decode(xml: &[u8]) -> Result<Zeroizing<String>, Problem> {
    let text = declared_encoding(xml)?.decode_without_bom_handling_and_without_replacement(xml);
    text.map(|text| Zeroizing::new(text.into_owned())).ok_or(Problem::Encoding)
}

fn declared_encoding(xml: &[u8]) -> Result<&'static Encoding, Problem> {
    let end = xml.windows(2).take(DECLARATION_BYTES_MAX).position(|bytes| bytes == b"?>");
    let (Some(end), true) = (end, xml.starts_with(b"<?xml")) else { return Ok(UTF_8) };
    let declaration =
        xml.get(..end + 2).and_then(|bytes| std::str::from_utf8(bytes).ok()).ok_or(Problem::Encoding)?;
    let Ok(Event::Decl(declaration)) = Reader::from_str(declaration).read_event() else {
        return Err(Problem::Xml);
    };
    match declaration.encoding() {
        None => Ok(UTF_8),
        Some(Ok(name)) if name.eq_ignore_ascii_case("ISO-8859-15") => Ok(ISO_8859_15),
        Some(Ok(name)) if name.eq_ignore_ascii_case("UTF-8") => Ok(UTF_8),
        Some(_) => Err(Problem::Encoding),
    }
}

#[cfg(test)]
mod tests;
