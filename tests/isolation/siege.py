"""One operation of one app under attack: by nobody, by strangers, by neighbours and by forged names of apps."""

from collections.abc import Container, Iterable, Mapping
from functools import cached_property
from typing import Any

from tests.isolation.asking import Answer, Outcome, Request, ask, find_lost, read_rows
from tests.isolation.forgeries import NOBODYS_HOSTS, forge_tokens, name_another
from tests.isolation.judging import ANY, SUCCESSES, compare, judge
from tests.isolation.planting import seal
from tests.isolation.routes import METHODS, Operation
from tests.isolation.world import HERMIT, NEIGHBOUR, OWNER, Family, World, missing_ids

#: Operations that answer without a token, and why.
PUBLIC: Mapping[tuple[str, str], str] = {
    ("GET", "/app/health"): "load balancers ask",
    ("GET", "/app/config"): "a phone asks before it has a token",
    ("GET", "/app/content/manifest"): "content is the same for everybody, so that a CDN can keep it",
    ("GET", "/app/content/packs/{sha256}"): "as the manifest",
    ("GET", "/app/assets/{sha256}"): "as the manifest",
    ("GET", "/app/attribution"): "licences ask to be shown to everybody",
    ("GET", "/app/schema"): "the contract is no secret",
    ("GET", "/app/docs"): "as the schema",
    ("POST", "/app/device"): "gives the first token",
    ("POST", "/app/token/refresh"): "the refresh token in the body is the proof",
}
#: Asked by address, so at any host.
AT_ANY_HOST = {"/app/health"}
#: Ids of a family's own; the others are everybody's in the app.
OWN = {"user_id", "learner_id", "session_id", "refresh"}


class Siege:
    """Attacks one operation, and collects what came through in `leaks`, one line each."""

    def __init__(self, world: World, app: str, operation: Operation, *, whole: bool) -> None:
        families, others = world.families[app], world.families[world.other(app)]
        self.owner, self.neighbour = families[OWNER], families[NEIGHBOUR]
        self.stranger, self.hermit = others[OWNER], others[HERMIT]
        self.operation, self.whole = operation, whole
        self.is_public = (operation.method, operation.path) in PUBLIC
        self.before = read_rows()
        self.leaks: list[str] = []

    # What may be seen of whom: secrets by family, the other app's altogether.
    @property
    def _foreign_secrets(self) -> list[str]:
        return [seal(self.stranger.app.name), self.stranger.access, self.stranger.ids["refresh"]]

    def _secrets_of(self, *families: Family) -> list[str]:
        return [
            secret
            for family in families
            for secret in (seal(family.app.name, family.planter.family), family.access, family.ids["refresh"])
        ]

    @cached_property
    def honest(self) -> Request:
        """The request of whom everything belongs to."""
        return self.request(self.owner.ids)

    def request(self, ids: Mapping[str, Any], caller: Family | None = None, host: str = "") -> Request:
        """Return the operation's request with these ids, by a caller: the owner, unless somebody else is named."""
        call = self.operation.fill(ids, whole=self.whole)
        token = None if self.is_public else (caller or self.owner).access
        return Request(
            self.operation.method, call.path, host or self.owner.app.hosts[0], token, query=call.query, body=call.body
        )

    def named(self) -> frozenset[str]:
        return self.operation.fill(self.owner.ids, whole=self.whole).named

    # One request, and what must be true of every one of its kind.
    def succeeds(self, attack: str, request: Request, secrets: Iterable[str]) -> Answer:
        """Send what must work; whatever it writes stays in this app, and shows nothing of these secrets."""
        return self._judged(attack, request, ask(request), SUCCESSES, secrets, apps=[self.stranger.app.name])

    def refused(self, attack: str, request: Request, *statuses: int) -> Answer:
        """Send what must be refused: nothing may be seen, and nothing may have changed."""
        secrets = ["seal-", *self._secrets_of(self.owner, self.stranger)]
        return self._judged(attack, request, ask(request), statuses, secrets, apps=self.before)

    def same(self, attack: str, request: Request, answer: Answer, expected: Answer) -> None:
        self.leaks += compare(attack, request, answer, expected)

    def _judged(
        self,
        attack: str,
        request: Request,
        outcome: Outcome,
        statuses: Container[int],
        secrets: Iterable[str],
        apps: Iterable[str],
    ) -> Answer:
        unchanged = {app: self.before[app] for app in apps}
        self.leaks += judge(attack, request, outcome, statuses=statuses, secrets=secrets, unchanged=unchanged)
        return outcome.answer

    # The attacks.
    def run(self) -> list[str]:
        """Try everything, and return what came through."""
        hidden = [*self._foreign_secrets, *self._secrets_of(self.neighbour)]
        # First in the other app: what a process keeps from there must not come out here.
        ask(self.request(self.stranger.ids, self.stranger, self.stranger.app.hosts[0]))
        works = self.succeeds("the owner", self.honest, hidden)
        self.forge_names(works, hidden)
        if self.is_public:
            self.open_to_all(works)
        else:
            self.closed_to_strangers()
            self.closed_to_neighbours()
        self.closed_across_apps()
        self.closed_at_nobodys_hosts()
        if read_rows() != self.before:
            self.leaks.append(f"all attacks on {self.operation}: left something behind")
        return self.leaks

    def forge_names(self, works: Answer, hidden: list[str]) -> None:
        """Name the other app wherever one can: nothing may be different."""
        for where, request in name_another(self.honest, self.stranger.app):
            attack = f"a forged app in {where}"
            self.same(attack, request, self.succeeds(attack, request, hidden), works)

    def open_to_all(self, works: Answer) -> None:
        """Show with any token, or without one, what everybody may see and no more."""
        families = self._secrets_of(self.neighbour, *([] if "refresh" in self.named() else [self.owner]))
        for token in ("garbage", self.owner.access, self.stranger.access):
            request = self.honest._replace(token=token)
            self.same("any token", request, self.succeeds("any token", request, families), works)

    def closed_to_strangers(self) -> None:
        """Refuse whoever has no token of this app's, alike for what is there and what is not."""
        nowhere = self.request(missing_ids())
        for fault, authorization in forge_tokens(self.owner, self.stranger).items():
            attack = f"no good token but {fault}"
            headers = {"authorization": authorization} if authorization is not None else {}
            request = self.honest._replace(token=None, headers=headers)
            answer = self.refused(attack, request, 401)
            self.same(attack, request, answer, ask(nowhere._replace(token=None, headers=headers)).answer)
        foreign = self.honest._replace(token=self.stranger.access)
        for where, request in name_another(foreign, self.stranger.app):
            self.refused(f"the other app's token, and it forged in {where}", request, 401)

    def closed_to_neighbours(self) -> None:
        """Show another guardian of the app nothing of the owner's: it is as if it did not exist."""
        hidden = [*self._foreign_secrets, *self._secrets_of(self.owner)]
        self.succeeds("a neighbour on their own", self.request(self.neighbour.ids, self.neighbour), hidden)
        own = self.named() & OWN
        if not own:
            return
        attack = "a neighbour with the owner's ids"
        request = self.request(self.owner.ids, self.neighbour)
        nowhere = ask(self.request(missing_ids(), self.neighbour)).answer
        self.same(attack, request, self.refused(attack, request, 404), nowhere)
        for name in sorted(own):
            self._try_one_id(f"a neighbour with the owner's {name}", name, self.neighbour, self.owner, hidden)

    def closed_across_apps(self) -> None:
        """Find nothing by ids that only the other app has."""
        hidden = [*self._foreign_secrets, *self._secrets_of(self.neighbour)]
        for name in sorted(self.named()):
            self._try_one_id(f"an id of the other app, {name}", name, self.owner, self.hermit, hidden)
        if not self.is_public:
            request = self.honest._replace(host=self.stranger.app.hosts[0])
            self.refused("the other app's host and this app's token", request, 401)
            request = self.request(self.stranger.ids, self.stranger)
            self.refused("the other app's token and equal ids", request, 401)

    def _try_one_id(self, attack: str, name: str, caller: Family, victim: Family, hidden: list[str]) -> None:
        """Name one thing of somebody else's among the caller's own: as good as naming what does not exist."""
        request = self.request(caller.ids | {name: victim.ids[name]}, caller)
        nowhere = self.request(caller.ids | {name: missing_ids()[name]}, caller)
        outcome = ask(request)
        self._judged(attack, request, outcome, ANY, hidden, apps=[self.stranger.app.name])
        self.same(attack, request, outcome.answer, ask(nowhere).answer)
        self.leaks += (f"{attack}: {request}: changed {row}" for row in self._find_touched(victim, outcome))

    def _find_touched(self, victim: Family, outcome: Outcome) -> list[tuple[Any, ...]]:
        """Return the victim's rows, by anything that tells whose they are, which are no longer as they were."""
        app = self.owner.app.name
        lost = find_lost(self.before[app], outcome.rows[app]) if outcome.rows else []
        marks = {seal(app, victim.planter.family), str(victim.planter.guardian.pk), str(victim.planter.learner.pk)}
        return [row for row in lost if any(mark in str(value) for value in row for mark in marks)]

    def closed_at_nobodys_hosts(self) -> None:
        """Serve no app where none is named; there a route is as good as none."""
        if self.operation.path in AT_ANY_HOST:
            return
        for host in NOBODYS_HOSTS:
            request = self.honest._replace(host=host)
            self.refused("a host that is nobody's", request, 404)


def try_other_methods(world: World, app: str, path: str, operations: list[Operation]) -> list[str]:
    """Send every method that a path has no code for: no crash, no secret, and nothing written."""
    declared = {each.method for each in operations}
    found: list[str] = []
    for method in set(METHODS) - declared - ({"HEAD"} if "GET" in declared else set()):
        siege = Siege(world, app, operations[0]._replace(method=method), whole=True)
        statuses = (200, 401, 405) if method == "OPTIONS" else (401, 405)
        for caller in (siege.owner, siege.neighbour, siege.stranger, None):
            request = siege.honest._replace(token=caller.access if caller else None)
            siege.refused(f"{method} of {path}", request, *statuses)
        found += siege.leaks
    return found
