"""Bring in what one made elsewhere: an archive of another Rockpool, of Pixelfed, of Instagram.

The formats read (zips.py is the only one who touches the file) and yield items; applying.py makes
notes of them through the services that everybody uses.
"""
