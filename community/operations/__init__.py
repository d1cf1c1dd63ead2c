"""What an operator needs beside the community itself: `docs/operations.md` is written for them.

manifest     what lies in a backup: names, sizes, hashes, versions
backup       a consistent archive of database, files and keys, while people go on writing
archive      an archive of any origin, checked before a byte of it is believed
restore      an archive put into a folder that nobody uses
in_use       whether somebody uses a data folder
"""
