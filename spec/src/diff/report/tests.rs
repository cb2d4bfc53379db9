//! Every form of one comparison.
