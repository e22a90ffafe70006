//! A text as a picture that a telephone reads, drawn as one path.

use prorata_app::Error;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// Empty modules around the picture, without which it is not found.
const QUIET: i32 = 4;

/// A picture: how many modules it is wide, and the path of the dark ones.
#[derive(Debug, Clone)]
pub struct Picture {
    pub size: i32,
    pub path: String,
}

/// The picture of a text.
///
/// # Errors
/// When the text is too long for one.
pub fn picture(text: &str) -> Result<Picture, Error> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|error| Error::Broken(format!("no picture of the address: {error:?}")))?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            // Writing into a string cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Ok(Picture { size: code.size() + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::picture;

    #[test]
    fn a_picture_has_its_corners_and_a_quiet_edge() {
        let drawn = picture("otpauth://totp/Prorata:anna?secret=ABC").unwrap();
        // The finder in the corner begins with a row of seven dark modules.
        assert!(drawn.path.starts_with("M4 4h1v1h-1zM5 4h1"), "{}", drawn.path);
        assert!(drawn.size >= 21 + 8 && (drawn.size - 8 - 17) % 4 == 0, "{}", drawn.size);
        assert!(picture(&"x".repeat(5000)).is_err());
    }
}
