"""Licence and the label of AI, as programs write and read them."""

from __future__ import annotations


def test_programs_write_and_read_both(alice, program):
    client = program(alice)
    made = client.send(
        "post",
        "notes/",
        {"title": "By program", "licence": "cc-by-nc", "ai_made": True, "publish": True},
    ).json()
    assert (made["licence"], made["ai_made"]) == ("cc-by-nc", True)
    changed = client.send("patch", f"notes/{made['id']}/", {"title": "Again"}).json()
    assert (changed["licence"], changed["ai_made"]) == ("cc-by-nc", True)
    changed = client.send(
        "patch", f"notes/{made['id']}/", {"licence": "cc0", "ai_made": False}
    ).json()
    assert (changed["licence"], changed["ai_made"]) == ("cc0", False)
    assert client.send("patch", f"notes/{made['id']}/", {"licence": "gpl"}).status_code == 400
