"""Notes, channels, comments and notices over HTTP for programs."""
