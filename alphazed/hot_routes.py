"""The one table of hot endpoints: method, path, function.

A function takes `(Request, Services)` and returns a `Response`, and never imports Django. The Lambda handler calls it
without Django; `alphazed.hot_views` mounts the same table in the URLconf.
"""

from typing import NamedTuple


class HotRoute(NamedTuple):
    method: str
    path: str  # {name} stands for a number
    function: str  # "module:function", imported when first called


HOT_ROUTES = (
    HotRoute("GET", "/app/health", "tenants.hot.health:show"),
    HotRoute("GET", "/app/config", "content.hot.config:show"),
    HotRoute("GET", "/app/content/manifest", "content.hot.manifest:show"),
    HotRoute("GET", "/user/{user_id}/progress", "learning.hot.progress:show"),
    HotRoute("GET", "/user/{user_id}/today", "learning.hot.today:show"),
    HotRoute("POST", "/user/{user_id}/answers", "learning.hot.answers:record"),
)
