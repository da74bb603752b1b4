use super::*;

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex).unwrap()
}

/// A real test card's session with its terminal's ephemeral keys (gematik OpenHealth-Core, Apache-2.0,
/// apdu-replay/read-vsd.jsonl): both sides compute the same from nonce and keys.
#[test]
fn a_real_cards_agreement_comes_out_the_same() {
    let (cipher, group) = (HEALTH_CARD.cipher, HEALTH_CARD.group);
    let can = cipher.derive(b"123123", 3);
    assert_eq!(can, bytes("E9C1A4BF6E88DD00E80ED4DFE7D19154"));
    let nonce = bytes("0C032B003EB254AA62CEEAEC8D20E37A");
    assert_eq!(cipher.encrypt(&can, &[0; 16], &nonce), bytes("7E4A8746A6C64DBD3CB345234B2B12A0"));
    let [mapping, ephemeral] = [
        "0FB961D0B3F14EB4C97C5D3818D1217DF815BB76DBE086DEE61B6073E935F1A4",
        "6B4FD168C9113727ABEDF35664C474F716A6A3F2916C2466D02D0F73D044D1D4",
    ]
    .map(|key| ChipKey::new(group, &bytes(key)));
    let cards = bytes(
        "04281C5CDCFD410258FE0D98B8A7F82B3C0984B567703806AB75450FE0CF9A42F6\
         8145A8F163386AAC92E0442A6EA7DC9DB1F13F9BC8457D36ED5B41673E7B2AF6",
    );
    let generator = map(group, &nonce, &mapping, &cards).unwrap();
    let terminals = bytes(
        "0472B65456E2F05B66F52758835761289292B0E92BB8DAC1922584B89DC4DBCE4C\
         9D68B24A6A427D4A90201348AB86310AD45C2728A3F09BD74A223FFE8B54CA8F",
    );
    assert_eq!(ephemeral.times(&generator).as_ref(), Some(&terminals));
    let cards = bytes(
        "0420EED1E92DF6AB834244A24F6A33C046A27617E2489345FD86A282A2808A128F\
         05EBBCB1A8C80C7ECB3B19491DE773CC9DD74086490606223E902FABBF8EC6E9",
    );
    let secret = group.secret(&ephemeral.times(&cards).unwrap());
    assert_eq!(secret, bytes("1CC396A71B6B445C15F836345CBA2B6FB8A0E5AC07CE7014B785F6A85BDFB33F"));
    let channel = SecureMessaging::derive(cipher, &secret);
    assert_eq!(cipher.derive(&secret, 2), bytes("23021D3E0ADA675D66ACF0E5696093C5"));
    assert_eq!(hex::encode_upper(channel.mac(&public_key(HEALTH_CARD, &cards))), "BE12BC3D96C0944E");
    assert_eq!(hex::encode_upper(channel.mac(&public_key(HEALTH_CARD, &terminals))), "11A755A83F5BC65D");
}
