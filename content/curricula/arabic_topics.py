"""Which pictures teach which topic: chosen by hand among the emoji that CLDR names with one Arabic noun.

Chosen, so that nothing odd gets in with a new release of the data: no pork, alcohol, weapons, religious buildings or
amulets, flags, skin tones, magic or gestures, and no name that misleads or is misspelled (قنفد, اسفنجة, سرطان for a
crab).
"""

from collections.abc import Mapping
from typing import NamedTuple


class Topic(NamedTuple):
    """A unit of words; `pictures` are emoji with spaces between."""

    key: str
    title: Mapping[str, str]
    pictures: str


TOPICS = (
    Topic(
        "pets-and-farm",
        {"ar": "حيوانات البيت والمزرعة", "en": "Pets and farm animals"},
        "🐈 🐕 🐇 🐄 🐎 🐑 🐐 🐏 🐂 🐪 🫏 🐃 🐁 🐹",
    ),
    Topic(
        "fruit",
        {"ar": "الفواكه", "en": "Fruit"},
        "🍎 🍌 🍇 🍉 🍊 🍋 🍓 🍒 🍑 🍐 🍍 🥭 🥝 🍈 🫐 🫒 🥑 🌰",
    ),
    Topic(
        "body",
        {"ar": "جسمي", "en": "My body"},
        "👁️ 👂 👃 👄 👅 ✋ 🦶 🦵 🦷 ❤️ 🧠 🦴 🫁 👀 🫆",
    ),
    Topic(
        "home",
        {"ar": "البيت", "en": "Home"},
        "🏠 🚪 🪟 🛏️ 🪑 🛋️ 🔑 🔒 💡 🕯️ 🪞 🧼 🧹 🪣 🧺 🚿 🛁 🚽 🥄 🫖 🫙 🏺 📺 📻 ☎️ ⏰ 🔔 🪜 🪭 🪮",
    ),
    Topic(
        "people",
        {"ar": "الناس", "en": "People"},
        "👦 👧 👨 👩 👶 👪 👴 🧒 👸 🤴 👩‍🏫 👨‍🎓 👩‍🎓 👨‍🍳 👩‍🌾 👨‍✈️ 👮‍♂️ 🧑‍🚒 👩‍🎨 👨‍🔬 👨‍🔧 💂 🏊‍♂️",
    ),
    Topic(
        "food",
        {"ar": "الطعام والشراب", "en": "Food and drink"},
        "🍞 🧀 🥛 🍯 🍚 🥩 🧈 🧂 🥚 🧃 🍕 🍔 🥪 🧆 🍝 🥐 🥧 🥞 🧇 🍪 🍬 🍭 🍫 🍿",
    ),
    Topic(
        "vegetables",
        {"ar": "الخضراوات", "en": "Vegetables"},
        "🥕 🍅 🥒 🥔 🧅 🧄 🌽 🍆 🥦 🫑 🫛 🫘 🥗",
    ),
    Topic(
        "wild-animals",
        {"ar": "الحيوانات البرية", "en": "Wild animals"},
        "🦁 🐘 🦒 🐒 🐻 🐺 🦊 🐅 🐆 🦌 🐿️ 🐼 🐨 🦘 🦍 🦙 🦝 🦇 🦨 🦡 🫎 🦥 🐀 🦣 🦕",
    ),
    Topic(
        "birds",
        {"ar": "الطيور", "en": "Birds"},
        "🐦 🐔 🐓 🐤 🦆 🪿 🕊️ 🦉 🦅 🦜 🦚 🐧 🦩 🪶 🪽 🪹",
    ),
    Topic(
        "sea-and-shore",
        {"ar": "البحر والزواحف", "en": "Sea and reptiles"},
        "🐟 🐋 🐬 🦈 🐙 🦑 🦐 🦞 🦪 🦭 🐚 🪸 🐢 🐸 🐊 🐍 🦎",
    ),
    Topic(
        "small-creatures",
        {"ar": "الحشرات", "en": "Small creatures"},
        "🐝 🦋 🐜 🐞 🪲 🪰 🦟 🕷️ 🦂 🐌 🪱",
    ),
    Topic(
        "nature",
        {"ar": "الطبيعة", "en": "Nature"},
        "☀️ 🌙 🌟 ☁️ 🌧️ ❄️ 🌩️ 🌊 ⛰️ 🌕 🏜️ 🏝️ 🏖️ 🪨 💧 🔥 🌁 🌅 🌋 🌪️ 🌬️ 🌠 ☄️ 🪋 🪐 🫧",
    ),
    Topic(
        "plants",
        {"ar": "النباتات", "en": "Plants"},
        "🌳 🌴 🌹 🌼 🍃 🌿 🌵 🌱 🪴 🌷 💐 🌺 🪷 🪵",
    ),
    Topic(
        "clothes",
        {"ar": "الملابس", "en": "Clothes"},
        "👗 🎽 👖 👞 🧦 👒 🧥 🧤 🧣 👡 👓 ⌚ 💍 👑 🎀 ☂️ 👜 👝 🦺 🩳 💎",
    ),
    Topic(
        "school",
        {"ar": "المدرسة", "en": "School"},
        "🏫 📖 🖊️ 🎒 📓 ✂️ 📏 🪌 🖌️ 📚 🗺️ 🧮 📅 📰 ✉️ 📎 📌 📷 🖥️ 🖨️ 🔬 🔭 🌡️ 🧲 🧭 🔴 🟥 🔺 ➡️",
    ),
    Topic(
        "travel",
        {"ar": "السفر", "en": "Travel"},
        "🚗 🚌 🚆 ✈️ 🚢 🚲 🚚 🚕 🚑 🚜 🚁 🚀 🚤 ⛵ 🛶 🚇 🚊 🛴 🛷 🪂 🛟 ⚓ 🛞 💺 🎫 🚉 🛣️",
    ),
    Topic(
        "places",
        {"ar": "الأماكن", "en": "Places"},
        "🏞️ 🏥 🏪 🏦 🏨 🏭 🏰 🏟️ 🛖 ⛺ 🛙 ⛲ 🗼 🌉 🛗",
    ),
    Topic(
        "tools",
        {"ar": "الأدوات", "en": "Tools"},
        "🔨 🪚 🪛 🪏 🧵 🪡 🧱 ⚙️ 🔋 ⚖️ 🧯 📦",
    ),
    Topic(
        "play",
        {"ar": "اللعب والرياضة", "en": "Play and sport"},
        "⚽ 🎈 🎁 🏆 🏅 🎮 🪀 🤖 🎪 🎣 🥅 🎾 🎳 🏏 ⚾ 🥁 🎸 🎹 🎻 🪈 🪉 🎷 🪗 🎤",
    ),
)
