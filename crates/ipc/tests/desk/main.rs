//! Stories told through the desk: people call commands by name, as their windows do, on the real core.

mod coming_in;
mod handing_over;
mod headquarters;
mod records;
mod refusals;
mod stage;
