//! How sensitivity spreads through a form.
