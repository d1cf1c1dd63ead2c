"""Teen mode: an adult account agreed on with a teen, hours, and a profile that stays closed."""
