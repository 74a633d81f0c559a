"""Services are told who acts."""

import pytest

from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed


def test_an_actor_with_one_of_the_roles_may_go_on():
    Actor(user_id=1, role=Role.ADMIN).require(Role.DISPATCHER, Role.ADMIN)


def test_an_actor_with_another_role_is_stopped_and_told_which_ones_may():
    with pytest.raises(NotAllowed, match="only dispatcher, admin"):
        Actor(user_id=1, role=Role.COLLECTOR).require(Role.DISPATCHER, Role.ADMIN)
