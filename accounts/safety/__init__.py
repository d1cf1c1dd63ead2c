"""Accounts that stay safe: second factors, where one is signed in, and what is told of changes."""
