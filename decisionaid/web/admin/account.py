"""The admin's own sign-in; see `decisionaid.web.account`."""

from decisionaid.web import account
from decisionaid.web.admin import blueprint

account.add_to(blueprint)
