//! Tests of the importer, feature by feature, on tiny tables.
