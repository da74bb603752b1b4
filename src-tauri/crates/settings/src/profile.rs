//! The insurer's profile.

mod documents;
mod limits;

use identification::{
    Area, CardNumberAsk, CardNumberRule, CardProofLevel, ChipRule, Level, Purpose, PurposeRule,
};
use serde::{Deserialize, Serialize};

pub use documents::{ChipSettings, ReviewSettings, ScanSettings};
pub use limits::{AccessSettings, ClockSettings, OfflineSettings, RetentionSettings};

use crate::{CatalogueDocument, SettingsError, catalogue};

/// The profile of the demonstration and of the tests.
pub(crate) const DEMONSTRATION: &str = "beispielkasse";

/// Profiles that come with the program.
pub(crate) const SHIPPED: [(&str, &str); 1] =
    [(DEMONSTRATION, include_str!("../../../../assets/profiles/beispielkasse.toml"))];

/// Longest profile that is read; the account service's contract names the same limit.
const MAX_PROFILE_BYTES: usize = 128 * 1024;

/// What differs between insurers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The insurer.
    pub name: String,
    /// Version, recorded with every visit: `2026-11`, or `2026-11.2` for the second one of that month.
    pub version: String,
    /// Institutionskennzeichen that count as "insured here".
    pub own_iks: Vec<String>,
    /// The insurer's words.
    pub words: Words,
    /// The code's numbers.
    pub code: CodeSettings,
    /// What the letter names.
    pub letter: LetterWords,
    /// Offered purposes; the first is preselected.
    pub purposes: Vec<PurposeSettings>,
    /// What a carer's deed must show.
    pub representation: RepresentationSettings,
    /// How two people look.
    pub second_look: SecondLookSettings,
    /// Interrupted visits.
    pub visit: VisitSettings,
    /// Admitted documents.
    pub documents: DocumentSettings,
    /// Chips that may be read, each with its legal basis; none unless the profile says so.
    #[serde(default)]
    pub chips: Vec<ChipSettings>,
    /// Documents whose zone may be scanned, each with its legal basis; none unless the profile says so.
    #[serde(default)]
    pub scans: Vec<ScanSettings>,
    /// When somebody last went over catalogue and checklist.
    pub reviews: ReviewSettings,
    /// What a health card must prove.
    pub health_card: HealthCardSettings,
    /// The number on the back of the health card.
    pub card_number: CardNumberSettings,
    /// The PIN of the health card.
    #[serde(default)]
    pub pin: PinSettings,
    /// What is still allowed without a line.
    pub offline: OfflineSettings,
    /// How far the desk's clock may be off.
    pub clock: ClockSettings,
    /// How long the desk keeps what it has recorded.
    pub retention: RetentionSettings,
    /// What is unusual in the access log.
    pub access: AccessSettings,
}

/// How the insurer calls things.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// "Servicezentrum", "Geschäftsstelle"
    pub place: String,
    /// "Aktivierungscode", "Freischaltcode"
    pub code: String,
}

/// Numbers of the code.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeSettings {
    /// 1–30
    pub valid_days: u8,
    /// 5–15
    pub tray_minutes: u8,
    /// `https://` and host of the link that opens the app; the code follows in the fragment, which never reaches a server.
    pub app_link: String,
}

/// What the letter names.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterWords {
    /// For questions.
    pub hotline: String,
    /// When somebody answers.
    pub hotline_hours: String,
    /// For blocking, day and night.
    pub blocking_number: String,
}

/// An offered purpose.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurposeSettings {
    purpose: PurposeName,
    level: LevelName,
    /// A second person always looks.
    second_look: bool,
    /// The clerk's PIN before the print.
    step_up: bool,
}

/// What a carer's deed must show.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepresentationSettings {
    areas_for_access: Vec<AreaName>,
    pub(crate) confirmation_months: u8,
}

/// How two people look.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondLookSettings {
    pub(crate) reaches_high: bool,
}

/// Interrupted visits.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitSettings {
    pub(crate) resume_minutes: u8,
}

/// Admitted documents.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentSettings {
    /// Ids in the catalogue.
    pub admitted: Vec<String>,
}

/// What a health card must prove.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthCardSettings {
    pub(crate) proof: ProofName,
}

/// The number on the back of the health card.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardNumberSettings {
    digits: u8,
    ask: AskName,
}

/// The PIN of the health card: off unless the profile says otherwise.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinSettings {
    /// It may be entered, at the reader's own pad and nowhere else.
    pub(crate) at_reader: bool,
}

/// How much a card must have proven, as it is written in files.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProofName {
    Read,
    Certificate,
    Chip,
}

impl From<ProofName> for CardProofLevel {
    fn from(name: ProofName) -> Self {
        match name {
            ProofName::Read => Self::Read,
            ProofName::Certificate => Self::Certificate,
            ProofName::Chip => Self::Chip,
        }
    }
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AskName {
    Never,
    WithoutChip,
    Always,
}

impl CardNumberSettings {
    pub(crate) fn rule(self) -> CardNumberRule {
        let ask = match self.ask {
            AskName::Never => CardNumberAsk::Never,
            AskName::WithoutChip => CardNumberAsk::WithoutChip,
            AskName::Always => CardNumberAsk::Always,
        };
        CardNumberRule { digits: self.digits, ask }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PurposeName {
    AppActivation,
    Epa,
    RepresentativeAccess,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AreaName {
    Health,
    SocialBenefits,
    Authorities,
    Assets,
    Post,
    ElectronicCommunication,
}

impl From<AreaName> for Area {
    fn from(name: AreaName) -> Self {
        match name {
            AreaName::Health => Self::Health,
            AreaName::SocialBenefits => Self::SocialBenefits,
            AreaName::Authorities => Self::Authorities,
            AreaName::Assets => Self::Assets,
            AreaName::Post => Self::Post,
            AreaName::ElectronicCommunication => Self::ElectronicCommunication,
        }
    }
}

/// A level as it is written in files.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LevelName {
    Normal,
    Substantial,
    High,
}

impl From<LevelName> for Level {
    fn from(name: LevelName) -> Self {
        match name {
            LevelName::Normal => Self::Normal,
            LevelName::Substantial => Self::Substantial,
            LevelName::High => Self::High,
        }
    }
}

impl PurposeSettings {
    /// Nobody's profile switches the second look off at a representation or where the level must be high.
    const fn two_look_where_they_must(&self) -> bool {
        self.second_look || matches!(self.purpose, PurposeName::AppActivation)
    }

    /// Services of the telematics infrastructure ask for the highest level (§ 336 SGB V), whatever a profile says.
    const fn is_high_where_it_must(&self) -> bool {
        !matches!(self.purpose, PurposeName::Epa) || matches!(self.level, LevelName::High)
    }

    /// Asks for more; returns the keys that have changed.
    pub(crate) fn tighten(&mut self, second_look: bool, step_up: bool) -> Vec<String> {
        let name = match self.purpose {
            PurposeName::AppActivation => "app_activation",
            PurposeName::Epa => "epa",
            PurposeName::RepresentativeAccess => "representative_access",
        };
        let switches =
            [("second_look", second_look, &mut self.second_look), ("step_up", step_up, &mut self.step_up)];
        let changed = switches.into_iter().filter_map(|(key, wanted, value)| {
            let changes = wanted && !*value;
            *value |= wanted;
            changes.then(|| format!("purposes.{name}.{key}"))
        });
        changed.collect()
    }

    pub(crate) fn rule(&self) -> PurposeRule {
        let purpose = match self.purpose {
            PurposeName::AppActivation => Purpose::AppActivation,
            PurposeName::Epa => Purpose::Epa,
            PurposeName::RepresentativeAccess => Purpose::RepresentativeAccess,
        };
        let Self { second_look, step_up, .. } = *self;
        PurposeRule { purpose, level: self.level.into(), second_look, step_up }
    }
}

impl RepresentationSettings {
    pub(crate) fn areas(&self) -> Vec<Area> {
        self.areas_for_access.iter().copied().map(Area::from).collect()
    }
}

impl Profile {
    pub(crate) fn shipped(name: &str) -> Result<Self, SettingsError> {
        let (_, text) = SHIPPED
            .iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| SettingsError::Value { key: "profile".to_owned() })?;
        Self::from_text(text, &format!("profile {name}"))
    }

    /// Reads a profile and checks all that can be checked without a desk; `file` is named in errors.
    ///
    /// # Errors
    /// [`SettingsError`] naming the key.
    pub fn from_text(text: &str, file: &str) -> Result<Self, SettingsError> {
        if text.len() > MAX_PROFILE_BYTES {
            return Err(SettingsError::TooLarge { path: file.into(), limit: MAX_PROFILE_BYTES as u64 });
        }
        let profile: Self = crate::parse(text, file)?;
        profile.check()?;
        profile.check_documents(&profile.admitted()?)?;
        Ok(profile)
    }

    /// The admitted documents, in the profile's order.
    pub(crate) fn admitted(&self) -> Result<Vec<CatalogueDocument>, SettingsError> {
        self.documents.admitted.iter().map(|id| catalogue::shipped(id)).collect()
    }

    /// Whether this is at least as new as `other`.
    pub(crate) fn is_as_new_as(&self, other: &Self) -> bool {
        edition(&self.version) >= edition(&other.version)
    }

    /// Checks what the profile says of the documents that it admits.
    pub(crate) fn check_documents(&self, admitted: &[CatalogueDocument]) -> Result<(), SettingsError> {
        documents::check(&self.chips, &self.scans, admitted)
    }

    pub(crate) fn chip_rule(&self, document: &CatalogueDocument) -> Option<ChipRule> {
        documents::chip_rule(&self.chips, document)
    }

    fn check(&self) -> Result<(), SettingsError> {
        let nine_digits = |ik: &String| ik.len() == 9 && ik.bytes().all(|byte| byte.is_ascii_digit());
        let rules = [
            ("version", edition(&self.version).is_some()),
            ("own_iks", !self.own_iks.is_empty() && self.own_iks.iter().all(nine_digits)),
            ("code.valid_days", (1..=30).contains(&self.code.valid_days)),
            ("code.tray_minutes", (5..=15).contains(&self.code.tray_minutes)),
            ("code.app_link", self.code.app_link.starts_with("https://")),
            ("purposes", !self.purposes.is_empty()),
            ("representation.areas_for_access", !self.representation.areas_for_access.is_empty()),
            (
                "representation.confirmation_months",
                (1..=12).contains(&self.representation.confirmation_months),
            ),
            ("visit.resume_minutes", (1..=15).contains(&self.visit.resume_minutes)),
            ("purposes.purpose", documents::once_each(self.purposes.iter().map(|it| it.purpose))),
            ("purposes.second_look", self.purposes.iter().all(PurposeSettings::two_look_where_they_must)),
            ("purposes.level", self.purposes.iter().all(PurposeSettings::is_high_where_it_must)),
            (
                "documents.admitted",
                !self.documents.admitted.is_empty() && documents::once_each(&self.documents.admitted),
            ),
            // Less says nothing of a card; what stands before the last ten digits is the issuer's.
            ("card_number.digits", (4..=10).contains(&self.card_number.digits)),
        ];
        let limits = limits::rules(self.offline, self.clock, self.retention, self.access);
        match rules.into_iter().chain(limits).find(|(_, holds)| !holds) {
            Some((key, _)) => Err(SettingsError::Value { key: key.to_owned() }),
            None => Ok(()),
        }
    }
}

/// Year, month and number of a version: what makes one later than another.
fn edition(version: &str) -> Option<(u16, u8, u16)> {
    let number = |text: &str, digits: usize| {
        (text.len() <= digits && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<u16>().ok())?
    };
    let (month, running) = version.split_once('.').map_or((version, None), |(month, it)| (month, Some(it)));
    let (year, month) = month.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2)?;
    let month = number(month, 2).and_then(|it| u8::try_from(it).ok()).filter(|it| (1..=12).contains(it))?;
    let running = running.map_or(Some(0), |it| number(it, 3))?;
    Some((number(year, 4)?, month, running))
}
