//! What the buttons of the exchange's forms ask for.

use crate::portal::products::Product;

/// What a button of the form asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Show the first step, with what is typed.
    Return,
    /// List what else could be given up.
    Others,
    /// Fill in the quantities of the first step.
    Fill(Fill),
    /// One unit more or fewer of a row of the first step.
    StepGive(usize, bool),
    /// One unit more or fewer of a row of the basket.
    StepWant(usize, bool),
    Purchase,
    /// Rows count from 0.
    RemoveRow(usize),
    /// Look up what is sold for the types and regions as they now stand.
    Look,
    /// Take a product of the search into the basket.
    Add(Product),
    /// Show the products of the search from this one on.
    From(usize),
    Set {
        row: usize,
        field: Field,
        value: String,
    },
    /// Give up another quantity.
    Reduce {
        row: usize,
        to: u32,
    },
    /// Buy nothing but the premium-storage twins of what is given up.
    Swap,
    Review,
    Execute,
    /// Have others approve it.
    Ask,
}

/// What the quantities of the first step are filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// All units.
    All,
    /// The units that were not used over the last seven days.
    Unused,
    Nothing,
}

impl Fill {
    fn parse(word: &str) -> Option<Fill> {
        Some(match word {
            "all" => Fill::All,
            "unused" => Fill::Unused,
            "nothing" => Fill::Nothing,
            _ => return None,
        })
    }
}

/// A field of a purchase row that a button can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    ResourceType,
    Sku,
    Location,
    Term,
    Plan,
    Quantity,
}

impl Field {
    /// A field by the name that a repair has for it.
    pub fn parse(name: &str) -> Option<Field> {
        Some(match name {
            "type" | "reservedResourceType" => Field::ResourceType,
            "sku" | "sku.name" => Field::Sku,
            "location" => Field::Location,
            "term" => Field::Term,
            "plan" | "billingPlan" => Field::Plan,
            "quantity" => Field::Quantity,
            _ => return None,
        })
    }
}

impl Act {
    /// Reads the value of a button; nothing known is the first step.
    pub fn read(text: &str) -> Act {
        let mut parts = text.splitn(4, '.');
        let word = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        let row = || rest.first().and_then(|row| row.parse().ok());
        let parsed = match word {
            "fill" => rest.first().and_then(|word| Fill::parse(word)).map(Act::Fill),
            "more" => row().map(|row| Act::StepGive(row, true)),
            "fewer" => row().map(|row| Act::StepGive(row, false)),
            "plus" => row().map(|row| Act::StepWant(row, true)),
            "minus" => row().map(|row| Act::StepWant(row, false)),
            "swap" => Some(Act::Swap),
            "others" => Some(Act::Others),
            "purchase" => Some(Act::Purchase),
            "add" => {
                let product = text.strip_prefix("add.");
                product.and_then(Product::parse).map(Act::Add)
            }
            "from" => row().map(Act::From),
            "remove" => row().map(Act::RemoveRow),
            "look" => Some(Act::Look),
            "review" => Some(Act::Review),
            "execute" => Some(Act::Execute),
            "ask" => Some(Act::Ask),
            "reduce" => row()
                .zip(rest.get(1).and_then(|to| to.parse().ok()))
                .map(|(row, to)| Act::Reduce { row, to }),
            "set" => row()
                .zip(rest.get(1).and_then(|name| Field::parse(name)))
                .zip(rest.get(2))
                .map(|((row, field), value)| Act::Set { row, field, value: (*value).to_owned() }),
            _ => None,
        };
        parsed.unwrap_or(Act::Return)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_are_read_and_unknown_ones_go_to_the_first_step() {
        assert_eq!(Act::read("remove.3"), Act::RemoveRow(3));
        assert_eq!(Act::read("reduce.0.12"), Act::Reduce { row: 0, to: 12 });
        assert_eq!(Act::read("fill.unused"), Act::Fill(Fill::Unused));
        assert_eq!(Act::read("minus.2"), Act::StepWant(2, false));
        let value = "A.b.c".to_owned();
        assert_eq!(Act::read("set.1.sku.A.b.c"), Act::Set { row: 1, field: Field::Sku, value });
        let product = "VirtualMachines/A.b.c/westus/P1Y/Monthly";
        assert_eq!(
            Act::read(&format!("add.{product}")),
            Act::Add(Product::parse(product).unwrap())
        );
        for text in ["", "remove", "remove.x", "set.1.colour.red", "add.x", "fill.x", "execute!"] {
            assert_eq!(Act::read(text), Act::Return, "{text}");
        }
    }
}
