from django.urls import path

from accounts.api import views

urlpatterns = [
    path("app/device", views.DeviceView.as_view()),
    path("app/token/refresh", views.RefreshView.as_view()),
    path("user/learners", views.LearnersView.as_view()),
    path("user/learners/<int:learner_id>", views.LearnerView.as_view()),
]
