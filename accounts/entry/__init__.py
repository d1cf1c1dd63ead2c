"""Who may join: open doors, invitations or approval, address rules, a proof of work, blocks."""
