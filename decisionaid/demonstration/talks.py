"""How a demonstration's two people talk a comparison through, plan, and sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from decisionaid.casework import negotiating, planning, signing
from decisionaid.casework import safety as responding
from decisionaid.core.comparison import Kind, compare
from decisionaid.core.negotiation import Outcome
from decisionaid.core.plan import ActionKind
from decisionaid.core.safety import ResponseKind, Rules, rules
from decisionaid.core.sort import Party
from decisionaid.storage import sorts
from decisionaid.storage.models import Client, Plan, Round
from decisionaid.storage.sorts import Viewer
from decisionaid.web import plan_words

if TYPE_CHECKING:
    from decisionaid.demonstration.stories import Story

OUTCOMES = {
    Kind.CLIENT_FORWARD: Outcome.CLIENT_CHOICE,
    Kind.KEYWORKER_FORWARD: Outcome.DIFFER,
    Kind.RANK_GAP: Outcome.IN_BETWEEN,
}


@dataclass
class Talk:
    """The meeting after the two sorts of one round."""

    story: Story
    client: Client
    round_: Round

    def tell(self, cards: int, *, signed: bool) -> None:
        """Talk `cards` differences through; plan and sign when `signed`."""
        self._settle(cards)
        plan = planning.begin(
            self.story.db,
            self.round_,
            weeks_to_review=12,
            weeks_to_revisit=3,
            today=self.story.day,
            now=self.story.later(),
        )
        self._goals(plan)
        if signed:
            self._texts(plan)
            self._sign(plan)

    def _settle(self, cards: int) -> None:
        db, story = self.story.db, self.story
        sight = sorts.sight(db, self.round_, Viewer.TOGETHER)
        assert sight.client and sight.keyworker  # noqa: S101 - both finished and the client confirmed
        deck = [card.id for card in story.decks.cards("life-areas").cards]
        values = [sort.value(deck, self.round_.places) for sort in (sight.client, sight.keyworker)]
        for point in compare(*values).talk[:cards]:
            outcome = OUTCOMES.get(point.kind, Outcome.LEFT_OPEN)
            settled = negotiating.Settled(
                heard=self._said("heard", point.row.card) if outcome is Outcome.CLIENT_CHOICE else "",
                heard_right=True if outcome is Outcome.CLIENT_CHOICE else None,
                outcome=outcome,
                until=None,
                words="",
                reason=self._said("reasons", outcome, point.row.card) if outcome is not Outcome.CLIENT_CHOICE else "",
                heard_language=self.client.language,
                language=self.client.language,
            )
            negotiating.settle(
                db,
                self.round_,
                point.row.card,
                settled,
                client_rating=values[0].rating(point.row.card),
                seen_version=0,
                actor=story.keyworker.id,
                today=story.day,
                now=story.later(),
            )

    def _said(self, kind: str, *names: str) -> str:
        """What is written of a card in this client's language: by the first of the names that is told of."""
        told: dict[str, str] = self.story.words(self.client)[kind]
        return next((told[name] for name in names if name in told), told["other"])

    def _goals(self, plan: Plan) -> None:
        db, story, language = self.story.db, self.story, self.client.language
        for told in story.words(self.client)["goals"]:
            goal = planning.add_goal(
                db, plan, told["title"], card=told["card"], language=language, reason_for_fourth="", now=story.later()
            )
            words = {name: told[name] for name in ("success", "why", "support", "how_we_know")}
            planning.describe_goal(plan, goal, words, language=language, now=story.later())
            for action in told["actions"]:
                planning.add_action(db, plan, goal, self._action(action), language=language, now=story.later())

    def _action(self, told: list[object]) -> dict[str, object]:
        what, who, days, agency, kind = told
        by_when = self.story.day + timedelta(days=int(str(days)))
        who = str(who).replace("{client}", self.client.called)
        return {"what": what, "who": who, "by_when": by_when, "agency": agency, "kind": ActionKind(str(kind))}

    def _texts(self, plan: Plan) -> None:
        db, story, language = self.story.db, self.story, self.client.language
        words = story.words(self.client)
        planning.set_drinking(plan, "less", allocated=False, now=story.later())
        self._plan_advice(words["advice_with"])
        risk, reduces = words["risk"]
        planning.add_risk(db, plan, risk, reduces, explained=True, language=language, now=story.later())
        texts = {"what_matters": words["what_matters"], "drinking_words": words["option_words"], **words["texts"]}
        for name, text in texts.items():
            planning.set_text(db, plan, name, text, language=language, now=story.later())

    def _plan_advice(self, with_whom: str) -> None:
        story = self.story
        responding.respond(
            story.db,
            self.round_,
            ResponseKind.PLANNED,
            rules_=self._rules(),
            with_whom=with_whom,
            day=story.day + timedelta(days=7),
            language=self.client.language,
            actor=story.keyworker,
            today=story.day,
            now=story.later(),
        )

    def _rules(self) -> Rules:
        decks = self.story.decks
        check, options = decks.safety(plan_words.SAFETY_DECK), decks.options(plan_words.DRINKING_DECK)
        return rules(check, options, decks.cards(self.round_.deck_id))

    def _sign(self, plan: Plan) -> None:
        db, story = self.story.db, self.story
        db.flush()
        signing_ = signing.freeze(
            db,
            plan,
            story.press.text(db, plan, story.clock),
            rules=self._rules(),
            language=self.client.language,
            deck_digest=plan_words.digest(story.decks, self.round_),
            actor=story.keyworker,
            today=story.day,
            now=story.later(),
        )
        for party, name in ((Party.CLIENT, self.client.name), (Party.KEYWORKER, story.keyworker.name)):
            signing.sign(
                db,
                plan,
                signing_,
                party,
                signs=True,
                name=name,
                reason="",
                agreement=None,
                share_agreement=False,
                seen_hash=signing_.text_hash,
                rules=self._rules(),
                today=story.day,
                now=story.later(),
            )
        signing.keep_paper(db, signing_, story.press.paper(db, signing_, story.clock), story.later())
