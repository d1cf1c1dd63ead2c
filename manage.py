#!/usr/bin/env python
"""Rockpool's command line: `python manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        print(f"A setting is missing or wrong. {error}", file=sys.stderr)
        sys.exit(os.EX_CONFIG)


if __name__ == "__main__":
    main()
