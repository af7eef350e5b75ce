"""The pages as one application: each group's addresses, behind the doors that all go through."""

from dataclasses import dataclass

from starlette.applications import Starlette

from hall.counter import shelf
from hall.counter.acts import Acts
from hall.counter.ports import Post
from hall.counter.routes.browsers import BrowserRoutes
from hall.counter.routes.calls import CallRoutes
from hall.counter.routes.clerks import ClerkRoutes
from hall.counter.routes.condition import ConditionRoutes
from hall.counter.routes.door import DoorRoutes
from hall.counter.routes.head import HeadRoutes
from hall.counter.routes.oversight import OversightRoutes
from hall.counter.routes.rating import RatingRoutes
from hall.counter.routes.signing import SigningRoutes
from hall.counter.routes.training import TrainingRoutes
from hall.counter.site import Served, Site
from hall.counter.streams import Streams
from hall.web.doors import Doors


@dataclass(frozen=True, slots=True)
class Web:
    """Used by the web server's loop alone."""

    site: Site
    streams: Streams
    post: Post

    def app(self) -> Doors:
        served = Served(self.site, shelf.load(), self.streams, Acts(self.post))
        groups = (
            CallRoutes(served),
            ConditionRoutes(served),
            DoorRoutes(served),
            HeadRoutes(served),
            RatingRoutes(served),
            OversightRoutes(served),
            TrainingRoutes(served),
            BrowserRoutes(served),
            ClerkRoutes(served),
            SigningRoutes(served),
        )
        routes = [route for group in groups for route in group.routes()]
        return Doors(Starlette(routes=routes), self.site.names)
