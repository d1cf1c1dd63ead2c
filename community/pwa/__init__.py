"""Rockpool as an app: what a phone needs to install it, to open it offline and to share into it."""
