use super::*;
use crate::crypto::group::{DRAWS_MAX, map_generic};
use crate::entropy::NoEntropy;

/// Gives these draws, repeated for ever.
struct Draws<'a>(std::iter::Cycle<std::slice::Iter<'a, Vec<u8>>>, usize);

impl Entropy for Draws<'_> {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        self.1 += 1;
        bytes.copy_from_slice(self.0.next().ok_or(NoEntropy)?);
        Ok(())
    }
}

fn draws(values: &[Vec<u8>]) -> Draws<'_> {
    Draws(values.iter().cycle(), 0)
}

fn curve() -> Curve {
    Curve::new(Nid::BRAINPOOL_P256R1).unwrap()
}

fn plus(number: &BigNumRef, addend: u32) -> Vec<u8> {
    let mut sum = number.to_owned().unwrap();
    sum.add_word(addend).unwrap();
    sum.to_vec_padded(32).unwrap()
}

#[test]
fn a_private_key_out_of_range_is_drawn_again() {
    let mut curve = curve();
    let bad = [vec![0; 32], plus(&curve.order, 0), plus(&curve.order, 1), vec![0xFF; 32]];
    let mut highest = curve.order.to_owned().unwrap();
    highest.sub_word(1).unwrap();
    let good = highest.to_vec_padded(32).unwrap();
    let values: Vec<_> = bad.into_iter().chain([good.clone()]).collect();
    let mut source = draws(&values);
    let Ok(pair) = curve.draw_pair(None, &mut source) else { panic!("no key") };
    assert_eq!((pair.private.to_vec_padded(32).unwrap(), source.1), (good, 5));
}

#[test]
fn a_broken_source_is_given_up() {
    let zeros = [vec![0; 32]];
    let mut source = draws(&zeros);
    assert!(matches!(curve().draw_pair(None, &mut source), Err(DrawError::Entropy(NoEntropy))));
    assert_eq!(source.1, DRAWS_MAX);
}

#[test]
fn of_66_bytes_for_a_key_of_521_bits_the_surplus_bits_are_cleared() {
    let mut curve = Curve::new(Nid::SECP521R1).unwrap();
    let drawn = [vec![0xFE; 66]];
    let Ok(pair) = curve.draw_pair(None, &mut draws(&drawn)) else { panic!("no key") };
    let mut expected = vec![0xFE; 66];
    expected[0] = 0;
    assert_eq!(pair.private.to_vec_padded(66).unwrap(), expected);
}

#[test]
fn a_generator_mapped_to_infinity_is_none() {
    let mut curve = curve();
    let nonce = [7; 16];
    let mut key = curve.order.to_owned().unwrap();
    key.checked_sub(&curve.order, &BigNum::from_slice(&nonce).unwrap()).unwrap();
    let card_key = curve.multiply(&BigNum::from_u32(1).unwrap(), None).unwrap();
    assert!(map_generic(&mut curve, &nonce, &key, &card_key).unwrap().is_none());
    assert!(map_generic(&mut curve, &[8; 16], &key, &card_key).unwrap().is_some());
}

// TR-03110-3, A.2.1.1: 8 to 18 are curves, of 192 to 521 bits in ascending order.
#[test]
fn the_ids_of_the_standardised_curves_ascend_with_their_size() {
    let known: Vec<u8> = (0..=u8::MAX).filter(|id| standardised_curve(*id).is_some()).collect();
    assert_eq!(known, (8..=18).collect::<Vec<_>>());
    let bits = known.iter().map(|id| Curve::new(standardised_curve(*id).unwrap()).unwrap().group.degree());
    assert_eq!(bits.collect::<Vec<_>>(), [192, 192, 224, 224, 256, 256, 320, 384, 384, 512, 521]);
}

// ICAO Doc 9303-11, Appendix H.1.
#[test]
fn the_integrated_mapping_gives_the_published_generator() {
    let number = "A2F8FF2DF50E52C6599F386ADCB595D229F6A167ADE2BE5F2C3296ADD5B7430E";
    let mut curve = curve();
    let generator = curve.integrate(&BigNum::from_hex_str(number).unwrap()).unwrap().unwrap();
    assert_eq!(
        hex::encode_upper(curve.encode(&generator).unwrap()),
        "048E82D31559ED0FDE92A4D0498ADD3C23BABA94FB77691E31E90AEA77FB17D427\
         4C1AE14BD0C3DBAC0C871B7F3608169364437CA30AC243A089D3F266C1E60FAD"
    );
}

#[test]
fn the_integrated_mapping_finds_a_point_for_nearly_every_number_on_every_curve_with_an_encoding() {
    for (_, name) in STANDARDISED.into_iter().filter(|(_, name)| has_point_encoding(*name)) {
        let mut curve = Curve::new(name).unwrap();
        for number in 2..40 {
            let number = BigNum::from_u32(number).unwrap();
            assert!(curve.integrate(&number).unwrap().is_some(), "{name:?}");
        }
        for number in [0, 1] {
            assert!(curve.integrate(&BigNum::from_u32(number).unwrap()).unwrap().is_none(), "{name:?}");
        }
    }
}

#[test]
fn a_curve_has_an_encoding_if_its_prime_is_3_modulo_4() {
    for (_, name) in STANDARDISED {
        let group = EcGroup::from_curve_name(name).unwrap();
        let [mut p, mut a, mut b] = [(); 3].map(|()| BigNum::new().unwrap());
        group.components_gfp(&mut p, &mut a, &mut b, &mut BigNumContext::new().unwrap()).unwrap();
        assert_eq!(p.is_bit_set(1), has_point_encoding(name), "{name:?}");
    }
}
