"""The style guide: staff see every token, and every part of a page in each of its states."""
