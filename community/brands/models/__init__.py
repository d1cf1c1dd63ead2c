"""Brands, who speaks for them, what they offer, and what notes say about it."""

from .brand import Brand, BrandLog
from .product import CatalogueName, NoteClicks, NoteProduct, Picture, Product, ProductClicks
from .team import Invitation, Member
from .verification import Document, Verification

__all__ = [
    "Brand", "BrandLog", "CatalogueName", "Document", "Invitation", "Member", "NoteClicks",
    "NoteProduct", "Picture", "Product", "ProductClicks", "Verification",
]  # fmt: skip
