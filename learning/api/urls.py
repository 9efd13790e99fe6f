from django.urls import path

from learning.api import views

urlpatterns = [path("content_duo/generate", views.ContentDuoView.as_view())]
