"""Who people are, and who may see whom. The lowest room: it imports no other."""
