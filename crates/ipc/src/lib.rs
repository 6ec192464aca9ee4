//! Commands of the windows.
