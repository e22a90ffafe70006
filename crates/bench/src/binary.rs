//! How large the program is.

use crate::server::binary;
use crate::table::{Figures, Goal, Line};
use crate::{Extent, Trouble};

pub fn measure(_extent: Extent) -> Result<Vec<Line>, Trouble> {
    let bytes = std::fs::metadata(binary()?)?.len() as f64;
    let own = std::fs::metadata(std::env::current_exe()?)?.len() as f64;
    Ok(vec![
        Line::new("size of the stripped binary", "MB", Figures::of([bytes / 1e6]))
            .goal(Goal::Below(40.0))
            .beside("this bench program, without HTTP", Figures::of([own / 1e6])),
    ])
}
