//! Codes of states and organisations (ICAO Doc 9303-3, section 5), with their two letters in certificates.

/// ISO 3166-1: three letters and right behind them the two.
const ISO_3166_1: &str = "\
    ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG AUSAU AUTAT AZEAZ \
    BDIBI BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM BOLBO BRABR BRBBB \
    BRNBN BTNBT BVTBV BWABW CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG COKCK COLCO COMKM \
    CPVCV CRICR CUBCU CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER \
    ESHEH ESPES ESTEE ETHET FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA GBRGB GEOGE GGYGG GHAGH GIBGI GINGN \
    GLPGP GMBGM GNBGW GNQGQ GRCGR GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU \
    IDNID IMNIM INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG \
    KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO \
    MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR \
    MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO NPLNP NRUNR \
    NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA \
    REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG SGSGS SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM \
    SRBRS SSDSS STPST SURSR SVKSK SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ TKLTK \
    TKMTM TLSTL TONTO TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC \
    VENVE VGBVG VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ZMBZM ZWEZW";

/// Of ICAO: Germany's one letter, kinds of British nationality, organisations, Kosovo, and the specimens' Utopia.
const ICAO: &str = "\
    D<<DE EUEEU GBDGB GBNGB GBOGB GBPGB GBSGB RKSKS UNAUN UNOUN UTOUT";

/// Of ICAO, without a country in certificates: organisations, and persons without a nationality, refugees, nothing said.
const WITHOUT_COUNTRY: &str = "\
    UNK XBA XCC XCE XCO XCT XDC XEC XES XIM XMP XOM XPO XXA XXB XXC XXX";

/// The two letters of a code of three characters, fillers included.
pub(super) fn alpha2(code: &str) -> Option<&'static str> {
    let entries = ISO_3166_1.split_ascii_whitespace().chain(ICAO.split_ascii_whitespace());
    entries
        .filter_map(|entry| entry.split_at_checked(3))
        .find(|(known, _)| *known == code)
        .map(|(_, two)| two)
}

/// Whether it is a code of ISO 3166-1 or of ICAO.
pub(super) fn is_known(code: &str) -> bool {
    alpha2(code).is_some() || WITHOUT_COUNTRY.split_ascii_whitespace().any(|known| known == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_that_of_iso_3166_1() {
        let entries: Vec<&str> = ISO_3166_1.split_ascii_whitespace().collect();
        assert_eq!(entries.len(), 249);
        assert!(entries.is_sorted());
        let mut two: Vec<&str> = entries.iter().map(|entry| &entry[3..]).collect();
        two.sort_unstable();
        two.dedup();
        assert_eq!(two.len(), 249, "no two states share two letters");
        assert!(entries.iter().all(|it| it.len() == 5 && it.bytes().all(|byte| byte.is_ascii_uppercase())));
    }

    #[test]
    fn two_letters_are_those_of_certificates() {
        for (code, two) in [
            ("D<<", "DE"),
            ("DEU", "DE"),
            ("AUT", "AT"),
            ("GBR", "GB"),
            ("GBO", "GB"),
            ("CHE", "CH"),
            ("EUE", "EU"),
            ("RKS", "KS"),
            ("UNO", "UN"),
            ("SRB", "RS"),
            ("POL", "PL"),
            ("UKR", "UA"),
        ] {
            assert_eq!(alpha2(code), Some(two), "{code}");
        }
        for code in ["XXA", "XXB", "XPO", "ZZZ", "D", "", "<<<"] {
            assert_eq!(alpha2(code), None, "{code}");
        }
        assert!(is_known("XXB") && !is_known("ZZZ"));
    }
}
