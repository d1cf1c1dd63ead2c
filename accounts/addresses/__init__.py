"""A person's address for mail: changed from the new mailbox, told to the old, undone there."""
