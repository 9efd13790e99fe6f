"""A phone is switched on: an anonymous start, and everything there is to take along."""

from hashlib import sha256
from http import HTTPStatus

from alphazed.demo.phone import Json, Phone, Reply
from alphazed.demo.player import Person, Player
from alphazed.demo.scenes import Line, Scene, counted, megabytes


def start(phone: Phone, person: Person, install_id: str) -> Json:
    """Start anonymously: the server makes a guardian and a first child, and the phone keeps the tokens."""
    facts = {
        "install_id": install_id,
        "platform": "android",
        "locale": person.locale,
        "timezone": person.timezone,
        "country": person.country,
        "app_version": "1.0.0",
    }
    started: Json = phone.send("POST", "/app/device", facts, expect=HTTPStatus.CREATED).json
    phone.take_tokens(started)
    return started


def switch_on(player: Player) -> None:
    """Start the child's phone."""
    started = start(player.phone, player.person, f"{player.name}'s phone")
    player.guardian_id, player.learner_id = started["guardian_id"], started["user_id"]


def introduce(player: Player, year: int) -> Scene:
    """Give the child its name, and read what the app is."""
    person, phone, hold = player.person, player.phone, player.promises.hold
    facts = {"name": person.name, "birth_year": year - person.age}
    child = phone.send("PATCH", "/user/learners/{learner_id}", facts, learner_id=player.learner_id).json
    hold(child["name"] == person.name, "a child is called what its guardian calls it")
    config = phone.get("/app/config?country={country}", country=person.country).json
    hold(config["app"] == person.app, "the host decides which app answers")
    return [
        Line("start", f"guardian {player.guardian_id} and child {player.learner_id}, no form to fill"),
        Line("child", f"{person.name}, {person.age} years old, in {person.city}"),
        Line("app", f"{config['title']['en']} · {config['title']['ar']}, release {config['release']}"),
        Line("extras", ", ".join(config["features"]).replace("_", " ") or "none"),
    ]


def download(player: Player) -> Scene:
    """Download every pack and picture, check each, and ask once more to see that nothing is downloaded twice."""
    phone = player.phone
    first = phone.get("/app/content/manifest")
    manifest = first.json
    player.release = manifest["release"]
    wire = sum(_take_pack(player, pack) for pack in manifest["packs"])
    pictures = player.library.pictures.values()
    wire += sum(_take(player, "/app/assets/{sha256}", each.sha256, each.size, each.url).wire_bytes for each in pictures)
    size = manifest["total_bytes"] + sum(each.size for each in pictures)
    player.tally.bytes_downloaded = size
    also = f" and {counted(len(pictures), 'picture')}" if pictures else ""
    return [
        Line(
            "packs",
            f"{counted(len(manifest['packs']), 'pack')}{also}: {megabytes(size)}",
        ),
        Line("", f"{megabytes(wire)} on the wire, all hashes right ✓"),
        Line(
            "inside", f"{counted(len(player.library.concepts), 'concept')}, {len(player.library.exercises):,} exercises"
        ),
        *_ask_again(player, first),
        _thank(player),
    ]


def _take_pack(player: Player, pack: Json) -> int:
    """Download a pack and shelve it; return its size on the wire."""
    reply = _take(player, "/app/content/packs/{sha256}", pack["sha256"], pack["bytes"], pack["url"])
    player.library.add(reply.json)
    return reply.wire_bytes


def _take(player: Player, template: str, digest: str, size: int, url: str) -> Reply:
    player.promises.hold(url == template.format(sha256=digest), "a file is where the list says")
    reply = player.phone.get(template, sha256=digest)
    player.promises.hold(len(reply.body) == size, "a file is as long as the manifest says")
    player.promises.hold(sha256(reply.body).hexdigest() == digest, "a file is named by its SHA-256")
    player.promises.hold("immutable" in reply.headers["cache-control"], "a file may be kept for ever")
    return reply


def _ask_again(player: Player, first: Reply) -> Scene:
    """Ask for what the phone has already, by its ETag and by its release."""
    phone, hold = player.phone, player.promises.hold
    known = {"If-None-Match": first.headers["etag"]}
    kept = phone.get("/app/content/manifest", expect=HTTPStatus.NOT_MODIFIED, headers=known)
    hold(kept.wire_bytes == 0, "what has not changed is not sent again")
    delta = phone.get("/app/content/manifest?have={release}", release=player.release).json["delta"]
    hold(delta == {"add": [], "remove": []}, "a phone that has the release has nothing to download")
    return [Line("again", "manifest: 304; nothing to add or remove")]


def _thank(player: Player) -> Line:
    licences = player.phone.get("/app/attribution").json
    player.promises.hold(bool(licences), "whose work it is can be read")
    sources = [licence["source"] for licence in licences if licence["url"]]
    return Line("thanks to", "; ".join(sources) or "nobody else", "quiet")
