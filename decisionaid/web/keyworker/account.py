"""The keyworker's own sign-in; see `decisionaid.web.account`."""

from decisionaid.web import account
from decisionaid.web.keyworker import blueprint

account.add_to(blueprint)
