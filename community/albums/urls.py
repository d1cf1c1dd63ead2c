"""Addresses of the pages around albums; an album's own page is the room of feeds'."""

from django.urls import path

from . import pin_views, views

urlpatterns = [
    path("albums/new/", views.new_album, name="new-album"),
    path("albums/<row:album_id>/edit/", views.edit_album, name="edit-album"),
    path("albums/<row:album_id>/delete/", views.delete_album, name="delete-album"),
    path("albums/<row:album_id>/arrange/", views.arrange, name="arrange-album"),
    path("albums/<row:album_id>/notes/<row:note_id>/add/", views.put_in, name="put-in-album"),
    path(
        "albums/<row:album_id>/notes/<row:note_id>/remove/",
        views.take_out,
        name="take-out-of-album",
    ),
    path("albums/<row:album_id>/notes/<row:note_id>/move/", views.move, name="move-in-album"),
    path("albums/<row:album_id>/notes/<row:note_id>/cover/", views.cover, name="cover-of-album"),
    path("albums/<row:album_id>/members/", views.album_members, name="album-members"),
    path(
        "albums/<row:album_id>/members/<username:username>/remove/",
        views.remove_member,
        name="remove-album-member",
    ),
    path("albums/<row:album_id>/invitation/", views.invitation, name="album-invitation"),
    path("albums/<row:album_id>/leave/", views.leave, name="leave-album"),
    path("albums/<row:album_id>/follow/", views.follow, name="follow-album"),
    path("albums/<row:album_id>/unfollow/", views.unfollow, name="unfollow-album"),
    path("notes/<row:note_id>/albums/", views.albums_of_note, name="albums-of-note"),
    path("notes/<row:note_id>/pin/", pin_views.pin, name="pin-note"),
    path("notes/<row:note_id>/unpin/", pin_views.unpin, name="unpin-note"),
]
