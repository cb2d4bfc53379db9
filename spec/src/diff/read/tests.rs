//! What is read, what is refused, and the places of both.
