//! Issuing states: three letters in the zone, two in certificates (Doc 9303-3, section 5; Doc 9303-12).

/// What the certificates of some issuers say beside the two letters of the zone's three.
const SPECIAL: [(&str, &[&str]); 5] = [
    // Kosovo has no code in the standard, and two in use; before them it had the United Nations' documents.
    ("RKS", &["XK"]),
    ("UNK", &["UN", "KS", "XK"]),
    // Documents of both special administrative regions name China.
    ("CHN", &["HK", "MO"]),
    ("HKG", &["CN"]),
    ("MAC", &["CN"]),
];

/// Whether a certificate of this country may vouch for documents of this issuer: `letters` as in the zone, `alpha2`
/// the two letters for them ([`Issuer::alpha2`](crate::mrz::Issuer::alpha2)).
pub(super) fn issues(country: &str, letters: &str, alpha2: Option<&str>) -> bool {
    // Some certificates have the three letters.
    country == letters
        || Some(country) == alpha2
        || SPECIAL.iter().any(|(special, countries)| *special == letters && countries.contains(&country))
}

/// Whether signer and authority are of one country. Kosovo has two codes.
pub(super) fn is_one(signer: &str, authority: &str) -> bool {
    let of_kosovo = |country| matches!(country, "KS" | "XK");
    signer == authority || of_kosovo(signer) && of_kosovo(authority)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_known_by_its_two_letters_and_by_the_special_ones() {
        for (country, letters, alpha2) in [
            ("DE", "D", Some("DE")),
            ("FR", "FRA", Some("FR")),
            ("UTO", "UTO", None),
            ("KS", "RKS", Some("KS")),
            ("XK", "RKS", Some("KS")),
            ("HK", "CHN", Some("CN")),
            ("KS", "UNK", None),
        ] {
            assert!(issues(country, letters, alpha2), "{country} {letters}");
        }
        for (country, letters, alpha2) in
            [("FR", "D", Some("DE")), ("CN", "TWN", Some("TW")), ("", "UTO", None), ("UN", "RKS", Some("KS"))]
        {
            assert!(!issues(country, letters, alpha2), "{country} {letters}");
        }
        assert!(is_one("KS", "XK") && is_one("DE", "DE") && !is_one("DE", "XK"));
    }
}
