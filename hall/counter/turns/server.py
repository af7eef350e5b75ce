"""The phones' page on a web server of its own: another port, and none of the staff's addresses."""

from dataclasses import dataclass

from hall.counter.ports import Post
from hall.counter.turns.app import TurnApp, TurnSite
from hall.counter.turns.board import TurnBoard
from hall.web.doors import Doors
from hall.web.visitors import Visitors, room
from hall.web.web_thread import WebThread

# A phone's browser opens six at once; nobody on the citizens' Wi-Fi has use for more.
_MOST_OF_A_PHONE = 8


@dataclass(slots=True)
class TurnPages:
    site: TurnSite
    thread: WebThread

    def start(self, post: Post) -> str:
        app = TurnApp(self.site, TurnBoard(post)).application()
        visitors = Visitors(room() // 2, _MOST_OF_A_PHONE)
        return self.thread.start(Doors(app, self.site.names), visitors)

    def is_up(self) -> bool:
        return self.thread.is_up()

    def trouble(self) -> str:
        return self.thread.trouble()

    def stop(self) -> None:
        self.thread.stop(lambda: None)
