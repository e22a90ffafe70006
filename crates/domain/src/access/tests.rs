//! The evaluator's laws, its matrix, and that no check can go missing.

mod cases;
