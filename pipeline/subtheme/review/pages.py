"""Routes that show something. Addresses carry numbers of segments and transcripts, never names or words."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from subtheme.review.bulk import Filter
from subtheme.review.item import AROUND
from subtheme.review.screen import Screens

OrderName = Annotated[str, Query(max_length=30, pattern=r"^[a-z-]*$")]
Number = Annotated[int, Path(ge=0, le=10_000_000)]
Around = Annotated[int, Query(ge=0, le=2000)]


class Pages:
    """Shows the pages of one desk.

    Parameters
    ----------
    screens : Screens
    home : bool
        Begin with where the study stands.
    """

    def __init__(self, screens: Screens, *, home: bool = False) -> None:
        self.screens = screens
        self._first = "/home" if home else "/go"

    @property
    def router(self) -> APIRouter:
        """The routes, by address."""
        router = APIRouter(default_response_class=HTMLResponse)
        routes: dict[str, Callable[..., Any]] = {
            "/": self.start,
            "/go": self.go,
            "/end": self.end,
            "/item/{number}": self.item,
            "/ahead/{number}": self.ahead,
            "/transcript/{number}": self.transcript,
            "/margins": self.margins,
            "/margins/{number}": self.margins_of_case,
            "/bulk": self.bulk,
            "/progress": self.progress,
            "/settings": self.settings,
        }
        for address, show in routes.items():
            router.add_api_route(address, show, methods=["GET"])
        return router

    def start(self) -> Response:
        """Go to where the page begins."""
        return RedirectResponse(self._first, status_code=303)

    def go(self, *, order: OrderName = "", after: Annotated[int | None, Query(ge=0)] = None) -> Response:
        """Go to the next segment of an order that is not finished."""
        order = self.screens.walk.order(order).id
        ahead = self.screens.walk.ahead(order, after=after)
        place = f"/item/{ahead[0].number}" if ahead else "/end"
        return RedirectResponse(f"{place}?order={order}", status_code=303)

    def end(self, *, order: OrderName = "") -> str:
        """Say that nothing is left."""
        return self.screens.page(None, order)

    def item(self, *, number: Number, order: OrderName = "", around: Around = AROUND, part: bool = False) -> str:
        """Show one segment, as a page or as a part of it."""
        stop = self.screens.walk.stop(order, number)
        if part:
            return self.screens.articles([stop], order, is_end=False, around=around)
        return self.screens.page(stop, order, around=around)

    def ahead(self, *, number: Number, order: OrderName = "", count: Annotated[int, Query(ge=1, le=20)] = 4) -> str:
        """Show the next segments without the page around them, for the script to keep ready."""
        stops = self.screens.walk.ahead(order, after=number, count=count)
        return self.screens.articles(stops, order, is_end=len(stops) < count)

    def transcript(
        self,
        *,
        number: Number,
        order: OrderName = "",
        at: Annotated[int, Query(ge=0)] = 0,
        part: bool = False,
    ) -> str:
        """Show a whole transcript."""
        if number >= len(self.screens.desk.material.transcripts):
            raise HTTPException(404)
        return self.screens.transcript(number, order, at=at, is_part=part)

    def margins(self, *, order: OrderName = "") -> str:
        """Show the table of margins."""
        return self.screens.margins(order, number=None, is_part=False)

    def margins_of_case(self, *, number: Number, order: OrderName = "") -> str:
        """Show the table's column for the case of one segment."""
        return self.screens.margins(order, number=number, is_part=True)

    def bulk(
        self,
        *,
        order: OrderName = "",
        code: Annotated[str, Query(max_length=100)] = "",
        case: Annotated[str, Query(max_length=100)] = "",
        least: Annotated[int, Query(ge=0, le=100)] = 0,
        most: Annotated[int, Query(ge=0, le=100)] = 100,
    ) -> str:
        """Show a filtered list of open proposals, to be answered at once."""
        wanted = Filter(code=code, case=case, least=least / 100, most=most / 100)
        return self.screens.bulk(order, wanted, is_chosen=bool(code))

    def progress(self, *, order: OrderName = "") -> str:
        """Show what is answered and what is open."""
        return self.screens.progress(order)

    def settings(self, *, order: OrderName = "") -> str:
        """Show the keys."""
        return self.screens.settings(order, problems=[], is_stored=False)
