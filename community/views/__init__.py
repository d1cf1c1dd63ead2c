"""Pages about notes and what people do with them. Views only parse, call a service and render."""
