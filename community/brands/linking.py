"""Products in notes: linked by the author, shown as cards, with the label where it is owed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from community.models import Note
from community.services.disclosing import demands_label
from community.text.hashtags import tag_key

from .lookup import products_called
from .models import Brand, Member, NoteProduct, Product
from .rules import MOST_LINKED

OFFERED = 8


def link_products(note: Note, product_ids: Iterable[int]) -> None:
    """Make these the note's products, in this order; inside the transaction that writes the note.

    What the note links already may stay when it is no longer offered. Raises Invalid.
    """
    wanted = list(dict.fromkeys(product_ids))
    if len(wanted) > MOST_LINKED:
        raise Invalid(
            _("A note links at most %(count)d products.") % {"count": MOST_LINKED},
            field="products",
        )
    known = {row.product_id: row for row in note.product_links.all()}
    if wanted == list(known):
        return
    new = [pk for pk in wanted if pk not in known]
    if Product.objects.offered().filter(pk__in=new).count() < len(new):
        raise Invalid(_("One of these products is not offered (any more)."), field="products")
    note.product_links.exclude(product__in=wanted).delete()
    NoteProduct.objects.bulk_create(
        [NoteProduct(note=note, product_id=pk, position=place) for place, pk in enumerate(wanted)],
        update_conflicts=True,
        unique_fields=["note", "product"],
        update_fields=["position"],
    )


def linked_products(note: Note) -> list[Product]:
    """What a note's page shows, in the author's order; nothing of suspended brands."""
    rows = Product.objects.shown().filter(note_links__note=note).with_card()
    return list(rows.order_by("note_links__position", "pk"))


@demands_label
def own_product(note: Note) -> str | None:
    """Who is on a brand's team is no neutral voice about its products."""
    teams = Member.objects.filter(person=note.author_id)
    linked = Brand.objects.filter(members__in=teams, products__note_links__note=note)
    brand = linked.order_by("pk").first()
    if brand is None:
        return None
    return _("You are on the team of %(brand)s: say that this is a paid partnership.") % {
        "brand": brand.name
    }


def products_to_offer(words: str, *, chosen: Sequence[int]) -> list[Product]:
    """Products for a writer to pick from: those chosen, then those that the words name."""
    picked = {row.pk: row for row in Product.objects.shown().filter(pk__in=chosen).with_card()}
    found = products_called(words).with_card()  # type: ignore[attr-defined]
    offered = [row for row in found[:OFFERED] if row.pk not in picked]
    return [*(picked[pk] for pk in chosen if pk in picked), *offered]


# ---------------------------------------------------------------- notes about something
def notes_about(product: Product) -> QuerySet[Note]:
    """Notes that link it; before the gate."""
    return Note.objects.filter(product_links__product=product)


def notes_mentioning(brand: Brand) -> QuerySet[Note]:
    """Notes that link one of its products or carry its name as a tag; before the gate."""
    keys = [key for name in [brand.name, *brand.aliases] if (key := tag_key(name))]
    tagged = Note.objects.filter(tagged__tag__key__in=keys, tagged__tag__ban=None)
    linking = Note.objects.filter(product_links__product__brand=brand)
    return Note.objects.filter(Q(pk__in=tagged.values("pk")) | Q(pk__in=linking.values("pk")))
