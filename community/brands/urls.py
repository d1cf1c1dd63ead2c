"""Addresses of a brand's team, and of what readers follow. The pages themselves are in feeds."""

from django.urls import path

import accounts.asking  # noqa: F401 (registers the converters)

from .views import clicks, desk, files, open_to_all, products, team, verification

urlpatterns = [
    path("my/brands/", desk.my_brands, name="my-brands"),
    path("my/brands/new/", desk.open_brand, name="open-brand"),
    path(
        "my/invitations/<row:invitation_id>/", desk.answer_invitation, name="answer-invitation"
    ),
    path("my/brands/<username:brand_slug>/", desk.brand_desk, name="brand-desk"),
    path("my/brands/<username:brand_slug>/logo/", desk.set_logo, name="set-logo"),
    path(
        "my/brands/<username:brand_slug>/products/", products.brand_products, name="brand-products"
    ),
    path("my/brands/<username:brand_slug>/products/new/", products.add_product, name="add-product"),
    path(
        "my/brands/<username:brand_slug>/import/", files.import_products, name="import-products"
    ),
    path(
        "my/brands/<username:brand_slug>/export/", files.export_products, name="export-products"
    ),
    path("my/brands/<username:brand_slug>/team/", team.brand_team, name="brand-team"),
    path("my/brands/<username:brand_slug>/leave/", team.leave_brand, name="leave-brand"),
    path(
        "my/brands/<username:brand_slug>/team/<username:username>/role/",
        team.change_role,
        name="change-brand-role",
    ),
    path(
        "my/brands/<username:brand_slug>/team/<username:username>/remove/",
        team.remove_member,
        name="remove-brand-member",
    ),
    path(
        "my/brands/<username:brand_slug>/team/<username:username>/withdraw/",
        team.withdraw_invitation,
        name="withdraw-brand-invitation",
    ),
    path(
        "my/brands/<username:brand_slug>/verification/",
        verification.brand_verification,
        name="brand-verification",
    ),
    path("my/products/<row:item_id>/", products.edit_product, name="edit-product"),
    path("my/products/<row:item_id>/clicks/", clicks.product_clicks, name="product-clicks"),
    path(
        "my/products/<row:item_id>/clicks.csv", clicks.product_clicks_file,
        name="product-clicks-file",
    ),
    path("my/products/<row:item_id>/retire/", products.retire_product, name="retire-product"),
    path("my/products/<row:item_id>/return/", products.return_product, name="return-product"),
    path(
        "my/products/<row:item_id>/pictures/", products.add_picture, name="add-product-picture"
    ),
    path(
        "my/catalogue-pictures/<row:picture_id>/remove/",
        products.remove_picture,
        name="remove-catalogue-picture",
    ),
    path("out/products/<row:product_id>/", open_to_all.out, name="out"),
    path("media/catalogue/<slug:token>/<str:file>", open_to_all.catalogue_file,
         name="catalogue-file"),
    path("suggest/products/", open_to_all.suggest_products, name="suggest-products"),
]  # fmt: skip
