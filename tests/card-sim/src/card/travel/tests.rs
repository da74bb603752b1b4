//! Known answers of ICAO Doc 9303-11: with the printed random numbers and keys the chip says what is printed.

use super::*;
use crate::{
    card::{MRZ, SecureMessaging},
    crypto::{elliptic::Curve, entropy::Entropy},
    travel::{AccessProfile, ChipKey, ChipProfile, Cipher, DhGroup, FileId, Group, Mapping, PaceOffer},
};

const BRAINPOOL: Group = Group::Ec(Curve::Brainpool256);
const MODP: Group = Group::Dh(DhGroup::Modp1024);

/// What the keys of BAC, or of PACE's first password, are derived from.
enum Secret {
    Zone(&'static str),
    Password(&'static str),
}

/// Appendix G.1: nonce, mapping key and ephemeral key of the chip.
const G1_RANDOM: [&str; 3] = [
    "3F00C4D39D153F2B2A214A078D899B22",
    "498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560",
    "107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A",
];
const G1: [(&str, &str); 5] = [
    ("0022C1A40F800A04007F00070202040202830101", "9000"),
    ("10860000027C0000", "7C12801095A3A016522EE98D01E76CB6B98B42C39000"),
    (
        "10860000457C438141047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E54\
                 4552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D00",
        "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9\
                 C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C549000",
    ),
    (
        "10860000457C438341042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C35\
                 56F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB3646200",
        "7C438441049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277A2\
                 EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F0949000",
    ),
    ("008600000C7C0A8508C2B0BD78D94BA86600", "7C0A86083ABB9674BCE93C089000"),
];

fn g1_chip(random: &[&str]) -> Card {
    chip(Secret::Zone("T22000129364081251010318"), Some((Mapping::Generic, BRAINPOOL)), random)
}

/// A chip with these random numbers.
fn chip(secret: Secret, offer: Option<(Mapping, Group)>, random: &[&str]) -> Card {
    let offer = offer.map(|(mapping, group)| PaceOffer { mapping, cipher: Cipher::Aes128, group });
    let common = hex::decode("60145F0104303130365F36063034303030305C026175").unwrap();
    let zone = match secret {
        Secret::Zone(zone) => zone,
        Secret::Password(_) => "",
    };
    let profile = ChipProfile {
        files: [(FileId::lds1(0x011E), common)].into(),
        access: AccessProfile {
            bac: offer.is_none(),
            pace: offer.into_iter().collect(),
            mrz_information: zone.as_bytes().to_vec(),
            ..AccessProfile::default()
        },
        ..ChipProfile::default()
    };
    let mut card = profile.card();
    if let Secret::Password(password) = secret {
        card.secrets.pace.as_mut().unwrap().passwords = vec![(MRZ, password.as_bytes().to_vec())];
    }
    card.entropy = Entropy::scripted(random);
    card.reset();
    card
}

fn check(card: &mut Card, conversation: &[(&str, &str)]) {
    for (command, response) in conversation {
        let answer = card.execute(&hex::decode(command).unwrap()).unwrap();
        assert_eq!(hex::encode_upper(answer), *response, "{command}");
    }
}

/// Appendix D.3 and D.4.
#[test]
fn basic_access_control_and_reading_come_out_as_printed() {
    let random = ["4608F91988702212", "0B4F80323EB3191CB04970CB4052790B"];
    let mut card = chip(Secret::Zone("L898902C<369080619406236"), None, &random);
    check(
        &mut card,
        &[
            ("00A4040C07A0000002471001", "9000"),
            ("0084000008", "4608F919887022129000"),
            (
                "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD\
                 90A728",
                "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D74499000",
            ),
            ("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800", "990290008E08FA855A5D4C50A8ED9000"),
            (
                "0CB000000D9701048E08ED6705417E96BA5500",
                "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
            ),
            (
                "0CB000040D9701128E082EA28A70F3C7B53500",
                "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
            ),
        ],
    );
}

/// Appendix G.1.
#[test]
fn generic_mapping_on_a_curve_comes_out_as_printed() {
    check(&mut g1_chip(&G1_RANDOM), &G1);
}

/// Appendix G.2.
#[test]
fn generic_mapping_modulo_a_prime_comes_out_as_printed() {
    let random = [
        "FA5B7E3E49753A0DB9178B7B9BD898C8",
        "66DDAFEAC1609CB5B963BB0CB3FF8B3E047F336C",
        "A5B780126B7C980E9FCEA1D4539DA1D27C342DFA",
    ];
    let mut card = chip(Secret::Zone("T22000129364081251010318"), Some((Mapping::Generic, MODP)), &random);
    check(
        &mut card,
        &[
            ("0022C1A40F800A04007F00070202040102830101", "9000"),
            ("10860000027C0000", "7C128010854D8DF5827FA6852D1A4FA701CDDDCA9000"),
            (
                "10860000867C818381818023FB3749EA030D2A25B278D2A562047ADE3F01B74F17A15402CB7352CA7D2B3E\
                 B71C343DB13D1DEBCE9A3666DBCFC920B49174A602CB47965CAA73DC702489A44D41DB914DE9613DC5E98C\
                 94160551C0DF86274B9359BC0490D01B03AD54022DCB4F57FAD6322497D7A1E28D46710F461AFE710FBBBC\
                 5F8BA166F4311975EC6C00",
                "7C818382818078879F57225AA8080D52ED0FC890A4B25336F699AA89A2D3A189654AF70729E623EA5738B2\
                 6381E4DA19E004706FACE7B235C2DBF2F38748312F3C98C2DD4882A41947B324AA1259AC22579DB93F7085\
                 655AF30889DBB845D9E6783FE42C9F2449400306254C8AE8EE9DD812A804C0B66E8CAFC14F84D8258950A9\
                 1B44126EE69000",
            ),
            (
                "10860000867C8183838180907D89E2D425A178AA81AF4A7774EC8E388C115CAE67031E85EECE520BD91155\
                 1B9AE4D04369F29A02626C86FBC6747CC7BC352645B6161A2A42D44EDA80A08FA8D61B76D3A154AD8A5A51\
                 786B0BC07147057871A922212C5F67F43173172236B7747D1671E6D692A3C7D40A0C3C5CE397545D015C17\
                 5EB5130551EDBC2EE5D400",
                "7C8183848180075693D9AE941877573E634B6E644F8E60AF17A0076B8B123D9201074D36152BD8B3A213F5\
                 3820C42ADC79AB5D0AEEC3AEFB91394DA476BD97B9B14D0A65C1FC71A0E019CB08AF55E1F729005FBA7E3F\
                 A5DC41899238A250767A6D46DB974064386CD456743585F8E5D90CC8B4004B1F6D866C79CE0584E49687FF\
                 61BC29AEA19000",
            ),
            ("008600000C7C0A8508B46DD9BD4D98381F00", "7C0A8608917F37B5C0E6D8D19000"),
        ],
    );
}

/// Appendix H.1.
#[test]
fn integrated_mapping_on_a_curve_comes_out_as_printed() {
    let random = [
        "2923BE84E16CD6AE529049F1F1BBE9EB",
        "107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A",
    ];
    let mut card = chip(Secret::Password("123456"), Some((Mapping::Integrated, BRAINPOOL)), &random);
    check(
        &mut card,
        &[
            ("0022C1A40F800A04007F00070202040402830101", "9000"),
            ("10860000027C0000", "7C128010143DC40C08C8E891FBED7DEDB92B64AD9000"),
            ("10860000147C1281105DD4CBFC96F5453B130D890A1CDBAE3200", "7C0282009000"),
            (
                "10860000457C4383410489CBA23FFE96AA18D824627C3E934E54A9FD0B87A95D1471DC1C0ABFDCD640D467\
                 55DE9B7B778280B6BEBD57439ADFEB0E21FD4ED6DF42578C13418A59B34C3700",
                "7C4384410467F78E5F7F7686082B293E8D087E056916D0F74BC01A5F8957D0DE45691E51E8932B69A962B5\
                 2A0985AD2C0A271EE6A13A8ADDDCD1A3A994B9DED257F4D227539000",
            ),
            ("008600000C7C0A8508450F02B86F6A090900", "7C0A860875D4D96E8D5B03089000"),
        ],
    );
}

/// Appendix H.2.
#[test]
fn integrated_mapping_modulo_a_prime_comes_out_as_printed() {
    let random = [
        "FA5B7E3E49753A0DB9178B7B9BD898C8",
        "020F018C7284B047FA7721A337EFB7ACB1440BB30C5252BD41C97C30C994BB78E9F0C5B32744D84017D21FFA687839\
         6A6469CA283EF5C000DAF7D261A39AB8860ED4610AB5343390897AAB5A7787E4FAEFA0649C6A94FDF82D991E8E3FC3\
         32F5142729E7040A3F7D5A4D3CD75CBEE1F043C1CAD2DD484FEB4ED22B597D36688E",
    ];
    let mut card = chip(Secret::Password("123456"), Some((Mapping::Integrated, MODP)), &random);
    check(
        &mut card,
        &[
            ("0022C1A40F800A04007F00070202040302830101", "9000"),
            ("10860000027C0000", "7C1280109ABB8864CA0FF1551E620D1EF4E135109000"),
            ("10860000147C128110B3A6DB3C870C3E99245E0D1C06B747DE00", "7C0282009000"),
            (
                "10860000867C81838381800F0CC62945A8029251FB7EF3C094E12EC68E4EF07F27CB9D9CD04C5C4250FAE0\
                 E4F8A951557E929AEB48E5C6DD47F2F5CD7C351A9BD2CD722C07EDE166770F08FFCB370262CF308DD7B07F\
                 2E0DA9CAAA1492344C852906919538C98A4BA4187E76CE9D87832386D319CE2E043C3343AEAE6EDBA1A989\
                 4DC5094D22F7FE1351D500",
                "7C8183848180928D9A0F9DBA450F13FC859C6F290D1D36E42431138A4378500BEB4E0401854CFF111F71CB\
                 6DC1D0335807A11388CC8EAA87B07907AAD9FBA6B169AF6D8C26AF8DDDC39ADC3AD2E3FF882B84D23E9768\
                 E95A80E4746FB07A9767679FE92133B4D379935C771BD7FBED6C7BB4B1708B275EA75679524CDC9C6A9137\
                 0CC662A2F39000",
            ),
            ("008600000C7C0A850855D61977CBF5307E00", "7C0A8608C2F04230187E15259000"),
        ],
    );
}

/// Appendix I. It prints no ephemeral key of the chip, so that only the commands before it can be replayed.
/// The static private key is the one that its printed values fix.
#[test]
fn chip_authentication_mapping_comes_out_as_printed() {
    let random = [
        "658B860BC94DF6F044FCE6D5C82CF8E5",
        "9E56A6B59C95D06ECE5CD10F983BB2F4F1943528E577F23881D89D8C3BBEE0AA",
    ];
    let offer = Some((Mapping::ChipAuthentication, BRAINPOOL));
    let mut card = chip(Secret::Zone("C11T002JM496081222310314"), offer, &random);
    check(
        &mut card,
        &[
            ("0022C1A40F800A04007F00070202040602830101", "9000"),
            ("10860000027C0000", "7C128010CB60E8E0D85B76A9BD304747C2AD42E29000"),
            (
                "10860000457C438141047F1D410ADB7DDB3B84BF1030800981A9105D7457B4A3ADE002384F3086C67EDE1A\
                 B889104A27DB6D842B019020FBF3CEACB0DC627F7BDCAC29969E19D0E553C100",
                "7C43824104A234236AA9B9621E8EFB73B5245C0E09D2576E5277183C1208BDD55280CAE8B304F365713A35\
                 6E65A451E165ECC9AC0AC46E3771342C8FE5AEDD092685338E239000",
            ),
        ],
    );
    let key = |number: &str| ChipKey::new(BRAINPOOL, &hex::decode(number).unwrap());
    let own = key("86C88A4579CE48135878E6348A734B5D47CE5BC1E54C0E8978687B49FDE2E2C2");
    assert_eq!(
        hex::encode_upper(own.public()),
        "041872709494399E7470A6431BE25E83EEE24FEA568C2ED28DB48E05DB3A610DC884D256A40E35EFCB59BF6753D3A4\
         89D28C7A4D973C2DA138A6E7A4A08F68E16F"
    );
    let proof = own.divide(&key(random[1]));
    assert_eq!(
        hex::encode_upper(proof.to_bytes()),
        "85DC3FA93D0952BFA82F5FD189EE75BD82F11D1F0B8ED4BF5319AC9B53C426B3"
    );
    let secret = hex::decode("67950559D0C06B4D4B86972D14460837461087F8419FDBC36AAF6CEAAC462832").unwrap();
    let channel = SecureMessaging::derive(Cipher::Aes128, &secret);
    assert_eq!(
        hex::encode_upper(channel.encrypt_chip_authentication_data(proof.to_bytes())),
        "1EEA964DAAE372AC990E3EFDE6333353BFC89A6704D93DA8798CF77F5B7A54BD10CBA372B42BE0B9B5F28AA8DE2F4F92"
    );
}

#[test]
fn every_wrong_password_makes_the_chip_slower_until_the_right_one_comes() {
    let step = Duration::from_secs(2);
    let mut card = g1_chip(&G1_RANDOM.repeat(8));
    let quirks = Quirks { delay_after_wrong_password: step, ..Quirks::default() };
    let chip = Chip { quirks, ..card.chip.as_deref().unwrap().clone() };
    card.chip = Some(chip.into());
    let mut run = |token: &str| {
        check(&mut card, &G1[..4]);
        let pause = card.take_pause();
        let answer = card.execute(&hex::decode(format!("008600000C7C0A8508{token}00")).unwrap()).unwrap();
        (pause, hex::encode_upper(answer))
    };
    for wrong in [0, 1, 2, 3, 4, 5, 5] {
        assert_eq!(run("0000000000000000"), (step * wrong, "6300".to_owned()));
    }
    assert_eq!(run("C2B0BD78D94BA866"), (MAX_DELAY, "7C0A86083ABB9674BCE93C089000".to_owned()));
    check(&mut card, &[G1[0]]);
    card.entropy = Entropy::scripted(&G1_RANDOM);
    check(&mut card, &[G1[1]]);
    assert_eq!(card.take_pause(), Duration::ZERO);
}
