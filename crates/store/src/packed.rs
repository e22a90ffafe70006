//! Long documents, made short. Evidence and findings are JSON that mostly says the same in every
//! row; what a dictionary knows of it costs a few bytes. A short row is also a quick one: it lies
//! within a page of its table, and less is written for each commit.

use crate::StoreError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::borrow::Cow;

/// What typical documents consist of. It may never change: what was packed with it could not be
/// read any more. A better one gets a number and a mark of its own.
const DICTIONARY: &[u8] = include_bytes!("packed/1.txt");
/// What a packed text begins with; no JSON does.
const MARK: &str = "~1";
/// Shorter texts gain less than it costs to make them short.
const LENGTH_MIN: usize = 600;
/// No document is longer; a length beyond it is damage.
const LENGTH_MAX: usize = 1 << 28;

/// The text in its short form, if that is shorter.
pub(crate) fn pack(text: &str) -> Cow<'_, str> {
    if text.len() < LENGTH_MIN {
        return Cow::Borrowed(text);
    }
    let Ok(length) = u32::try_from(text.len()) else { return Cow::Borrowed(text) };
    let mut packed = String::with_capacity(text.len() / 3);
    let mut bytes = length.to_le_bytes().to_vec();
    bytes.extend(lz4_flex::block::compress_with_dict(text.as_bytes(), DICTIONARY));
    packed.push_str(MARK);
    STANDARD_NO_PAD.encode_string(&bytes, &mut packed);
    if packed.len() < text.len() { Cow::Owned(packed) } else { Cow::Borrowed(text) }
}

/// The text as it was before [`pack`]; one that was never packed is as it is.
pub(crate) fn unpack(text: &str) -> Result<Cow<'_, str>, StoreError> {
    let Some(packed) = text.strip_prefix(MARK) else { return Ok(Cow::Borrowed(text)) };
    let damaged = || StoreError::Io("a packed document is damaged".to_owned());
    let bytes = STANDARD_NO_PAD.decode(packed).map_err(|_| damaged())?;
    let (length, rest) = bytes.split_first_chunk().ok_or_else(damaged)?;
    let length = u32::from_le_bytes(*length) as usize;
    if length > LENGTH_MAX {
        return Err(damaged());
    }
    let text = lz4_flex::block::decompress_with_dict(rest, length, DICTIONARY);
    let text = text.ok().filter(|text| text.len() == length).ok_or_else(damaged)?;
    String::from_utf8(text).map(Cow::Owned).map_err(|_| damaged())
}

#[cfg(test)]
mod tests {
    use super::{DICTIONARY, LENGTH_MIN, pack, unpack};
    use sha2::{Digest, Sha256};

    #[test]
    fn what_was_packed_comes_back() {
        let known = std::str::from_utf8(DICTIONARY).unwrap();
        let pieces = [known, "{\"a\":\"\u{e4}\u{20ac}\"}", "", "[1,2,3]", &known[700..2900]];
        for piece in pieces {
            for text in [piece.to_owned(), piece.repeat(3), format!("{piece}{}", piece.len())] {
                assert_eq!(unpack(&pack(&text)).unwrap(), text);
            }
        }
        assert!(pack(&known[100..2900]).len() < 200);
    }

    #[test]
    fn damage_is_noticed() {
        let packed = pack(&"damaged ".repeat(LENGTH_MIN)).into_owned();
        assert!(packed.starts_with("~1"));
        for wrong in ["~1", "~1AAAA", "~1*", &packed[..packed.len() - 3]] {
            assert!(unpack(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_dictionary_stays_what_it_is() {
        let digest = Sha256::digest(DICTIONARY);
        let digest: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, "98af4774a9f84710");
    }
}
