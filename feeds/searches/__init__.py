"""What people search for: their own history, what is popular, and what it says of their taste."""
