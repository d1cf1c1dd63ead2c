"""One module a subject; each view parses, calls a service, and answers."""
