"""Programs of third parties that act for people: registered, allowed by each person, ended by them.

OAuth 2 by django-oauth-toolkit, narrowed to what is still thought safe: the authorisation code with
PKCE (docs/decisions/0040-scopes-and-programs.md).
"""
