"""What can be learned, as editors work on it, and the releases that children get."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from tenants.fields import TextByLanguageField


class Licence(models.Model):
    """Where content comes from and what it asks of us."""

    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    url = models.URLField(blank=True)
    source = models.CharField(max_length=200, blank=True)
    notice = models.TextField(blank=True, help_text="Shown word for word wherever the content is attributed")

    class Meta:
        db_table = "licences"

    def __str__(self) -> str:
        return self.name


class Asset(models.Model):
    """A file, named by what is in it."""

    key = models.CharField(max_length=190, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    media_type = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes")
    licence = models.ForeignKey(Licence, models.PROTECT)

    class Meta:
        db_table = "assets"

    def __str__(self) -> str:
        return self.key


class Unit(models.Model):
    """A chapter of the curriculum."""

    key = models.CharField(max_length=190, unique=True)
    title = TextByLanguageField()
    position = models.PositiveIntegerField(db_index=True)

    class Meta:
        db_table = "units"

    def __str__(self) -> str:
        return self.key


class Concept(models.Model):
    """What can be known: a letter, a word, an ayah, a sum. Its key is the same in every app that has it."""

    key = models.CharField(max_length=190, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="concepts")
    kind = models.CharField(max_length=32)
    title = TextByLanguageField()
    text = models.TextField(blank=True, help_text="The thing itself, letter for letter as its source has it")
    search_text = models.TextField(blank=True, editable=False, help_text="Without vowel signs and spelling variants")
    position = models.PositiveIntegerField(db_index=True)
    licence = models.ForeignKey(Licence, models.PROTECT)
    is_live = models.BooleanField(default=True, db_index=True)
    curriculum = models.CharField(max_length=32, blank=True, help_text="What imported it; empty for an editor's own")
    prerequisites = models.ManyToManyField("self", through="Prerequisite", symmetrical=False, related_name="dependents")

    class Meta:
        db_table = "concepts"

    def __str__(self) -> str:
        return self.key


class Prerequisite(models.Model):
    """An edge of the graph: what must be known before a concept is begun."""

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="edges_in")
    needs = models.ForeignKey(Concept, models.CASCADE, related_name="edges_out")

    class Meta:
        db_table = "prerequisites"
        constraints = [
            models.UniqueConstraint(fields=["concept", "needs"], name="prerequisites_once"),
            models.CheckConstraint(condition=~models.Q(concept=models.F("needs")), name="prerequisites_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.concept_id} needs {self.needs_id}"


class ContentByte(models.Model):
    """One small exercise on one concept. Never deleted once released: answers point at it."""

    key = models.CharField(max_length=190, unique=True)
    concept = models.ForeignKey(Concept, models.CASCADE, related_name="bytes")
    kind = models.CharField(max_length=32)
    payload = models.JSONField(encoder=DjangoJSONEncoder, help_text="As the kind's schema describes it")
    difficulty = models.FloatField(default=0, help_text="Elo logit; 0 is middling")
    expected_ms = models.PositiveIntegerField(help_text="What an answer takes a child who knows it")
    guess = models.FloatField(help_text="Chance of a right answer by luck, 0 to 1")
    assets = models.ManyToManyField(Asset, blank=True, db_table="content_byte_assets")
    position = models.PositiveIntegerField()
    is_live = models.BooleanField(default=True)
    curriculum = models.CharField(max_length=32, blank=True, help_text="What imported it; empty for an editor's own")

    class Meta:
        db_table = "content_bytes"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(guess__gte=0, guess__lt=1), name="content_bytes_guess_is_a_chance"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Release(models.Model):
    """An immutable snapshot of everything that was live and whole when it was built."""

    number = models.PositiveIntegerField(unique=True)
    index_sha256 = models.CharField(max_length=64, help_text="The packed index that sessions are made from")
    concepts = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField(default=0, help_text="Live bytes whose asset is missing")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "releases"

    def __str__(self) -> str:
        return f"Release {self.number}"


class Pack(models.Model):
    """One file of a release: a unit with its concepts and bytes, named by what is in it."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="packs")
    key = models.CharField(max_length=190)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField(help_text="Bytes")
    position = models.PositiveIntegerField()

    class Meta:
        db_table = "packs"
        constraints = [models.UniqueConstraint(fields=["release", "key"], name="packs_once_per_release")]

    def __str__(self) -> str:
        return self.key


class Publication(models.Model):
    """The one pointer to what children get; publishing moves it, rolling back moves it again."""

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE)
    release = models.ForeignKey(Release, models.PROTECT)
    published_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "publications"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="publications_only_one")]

    def __str__(self) -> str:
        return f"Release {self.release_id} is live"


class SeasonOffset(models.Model):
    """How many days later than the Umm al-Qura calendar a country begins a Hijri month."""

    country = models.CharField(max_length=2, unique=True, help_text="ISO 3166-1 alpha-2")
    days = models.SmallIntegerField()

    class Meta:
        db_table = "season_offsets"

    def __str__(self) -> str:
        return f"{self.country} {self.days:+d}"
