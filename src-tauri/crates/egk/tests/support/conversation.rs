//! What reader and card say to each other, written down as a transcript before the reading.

use super::image::Image;
use smartcard::transcript::{Replay, Transcript};

const ROOT: &str = "D2760001448000";
const HEALTH_CARE_APPLICATION: &str = "D27600000102";
/// What is selected to name another card: HBA, SMC-B, KVK, LDS1, eID.
pub(crate) const OTHER_CARDS: [&str; 5] =
    ["D27600014601", "D27600014606", "D27600000101", "A0000002471001", "E80704007F00070302"];

/// Exchanges in the order of the conversation.
#[derive(Clone)]
pub(crate) struct Conversation {
    /// What is known of extended length before.
    extended_length: &'static str,
    lines: Vec<String>,
}

/// How a card is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Short,
    Extended,
}

impl Conversation {
    pub(crate) fn new(form: Form) -> Self {
        Self { extended_length: if form == Form::Extended { "yes" } else { "no" }, lines: Vec::new() }
    }

    /// A conversation on a channel on which nobody has tried extended length.
    pub(crate) fn untried() -> Self {
        Self { extended_length: "untried", lines: Vec::new() }
    }

    /// The whole reading of a card in order: the fewest APDUs there are.
    pub(crate) fn reading(image: &Image, form: Form) -> Self {
        Self::new(form).opening(image).status(image).pd(image, form).vd(image, form)
    }

    /// Root, EF.Version2, EF.GDO, health care application.
    pub(crate) fn opening(self, image: &Image) -> Self {
        self.root(image).select(HEALTH_CARE_APPLICATION, "9000")
    }

    /// Root, EF.Version2, EF.GDO, and this answer to the selection of the health care application.
    pub(crate) fn opening_with(self, image: &Image, status: &str) -> Self {
        self.root(image).select(HEALTH_CARE_APPLICATION, status)
    }

    fn root(self, image: &Image) -> Self {
        self.up_to_version(image).small_file("00B08200", &image.gdo)
    }

    /// Root and EF.Version2.
    pub(crate) fn up_to_version(self, image: &Image) -> Self {
        self.select(ROOT, "9000").small_file("00B09100", &image.version2)
    }

    /// EF.GDO and everything behind it.
    pub(crate) fn number_and_data(self, image: &Image, form: Form) -> Self {
        self.small_file("00B08200", &image.gdo)
            .select(HEALTH_CARE_APPLICATION, "9000")
            .status(image)
            .pd(image, form)
            .vd(image, form)
    }

    pub(crate) fn root_refused(self) -> Self {
        self.select(ROOT, "6A82")
    }

    pub(crate) fn status(self, image: &Image) -> Self {
        self.status_of(&image.status_vd)
    }

    pub(crate) fn pd(self, image: &Image, form: Form) -> Self {
        let end = 2 + usize::from(u16::from_be_bytes([image.pd[0], image.pd[1]]));
        self.data_file("00B08100", &image.pd, end, form)
    }

    pub(crate) fn vd(self, image: &Image, form: Form) -> Self {
        let end = usize::from(u16::from_be_bytes([image.vd[2], image.vd[3]])) + 1;
        self.data_file("00B08200", &image.vd, end, form)
    }

    /// EF.StatusVD with these contents.
    pub(crate) fn status_of(self, status_vd: &[u8]) -> Self {
        self.small_file("00B08C00", status_vd)
    }

    pub(crate) fn select(self, aid: &str, status: &str) -> Self {
        self.exchange("00A4040C", aid, 0, &[], status)
    }

    pub(crate) fn small_file(self, header: &str, file: &[u8]) -> Self {
        self.exchange(header, "", 256, file, "9000")
    }

    /// A file up to `end`: in the extended form at once, in the short one in pieces of 256 bytes.
    fn data_file(self, header: &str, file: &[u8], end: usize, form: Form) -> Self {
        if form == Form::Extended {
            return self.exchange(header, "", 65_536, file, "9000");
        }
        let mut conversation = self.exchange(header, "", 256, &file[..file.len().min(256)], "9000");
        for offset in (256..end).step_by(256) {
            let ne = (end - offset).min(256);
            conversation = conversation.exchange(
                &format!("00B0{offset:04X}"),
                "",
                ne,
                &file[offset..offset + ne],
                "9000",
            );
        }
        conversation
    }

    pub(crate) fn exchange(
        mut self,
        header: &str,
        data: &str,
        ne: usize,
        answer: &[u8],
        status: &str,
    ) -> Self {
        let answer: String = answer.iter().map(|byte| format!("{byte:02X}")).collect();
        self.lines.push(format!(
            r#"{{"command":{{"header":"{header}","data":"{data}","ne":{ne}}},"response":{{"data":"{answer}","status":"{status}"}}}}"#
        ));
        self
    }

    /// A command that gets no answer: `failure` as the transcript has it.
    pub(crate) fn failure(mut self, header: &str, ne: usize, failure: &str) -> Self {
        self.lines.push(format!(
            r#"{{"command":{{"header":"{header}","data":"","ne":{ne}}},"failure":{failure}}}"#
        ));
        self
    }

    /// How many APDUs it takes.
    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The same conversation until the card is pulled at this command.
    pub(crate) fn pulled_at(mut self, index: usize) -> Self {
        self.lines.truncate(index + 1);
        let last = self.lines.pop().unwrap();
        let (command, _) = last.split_once(r#","response""#).unwrap();
        self.lines.push(format!(r#"{command},"failure":"card_removed"}}"#));
        self
    }

    /// The same conversation with other statuses in place of this one.
    pub(crate) fn with_status(mut self, from: &str, to: &str) -> Self {
        let (from, to) = (format!(r#""status":"{from}""#), format!(r#""status":"{to}""#));
        for line in self.lines.iter_mut().filter(|line| line.contains(r#""header":"00B0"#)) {
            *line = line.replace(&from, &to);
        }
        self
    }

    /// A card that says its part of the conversation.
    pub(crate) fn replay(&self) -> Replay {
        let header =
            format!(r#"{{"transcript":"iso7816","version":1,"extended_length":"{}"}}"#, self.extended_length);
        let text = format!("{header}\n{}", self.lines.join("\n"));
        Replay::new(Transcript::parse(&text).unwrap()).unwrap()
    }
}
