"""Who may log in to the cache: the functions, each with a token that its own role signs, and nobody else."""

from aws_cdk import aws_elasticache as elasticache
from constructs import Construct

from stacks.stateful.access import ACCESS, NO_ACCESS

ENGINE = "redis"
"""Of users and their group, whichever engine the cache has.

A Redis cache takes no group for Valkey, but a Valkey cache takes one for Redis: so the engine can be changed in place.
Such a group must have a user called `default`, or everybody could come in as the one that ElastiCache makes.
"""
NOBODY = "no-one"
"""After a deployment's own name, in the id of the user who may do nothing: names have no hyphen, so none ends so."""


class Users(Construct):
    """`user_name` is the functions' user; `group_id` is what the cache is told."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str) -> None:
        super().__init__(scope, construct_id)
        self.user_name = user_name(name)
        nobody = self._user("Nobody", f"{self.user_name}-{NOBODY}", "default", "no-password-required", NO_ACCESS)
        functions = self._user("Functions", self.user_name, self.user_name, "iam", ACCESS)
        group = elasticache.CfnUserGroup(
            self,
            "Group",
            engine=ENGINE,
            user_group_id=f"{self.user_name}-users",
            user_ids=[nobody.ref, functions.ref],
        )
        self.group_id = group.ref

    def _user(self, construct_id: str, user_id: str, name: str, proof: str, access: str) -> elasticache.CfnUser:
        return elasticache.CfnUser(
            self,
            construct_id,
            engine=ENGINE,
            user_id=user_id,
            user_name=name,
            authentication_mode={"Type": proof},
            access_string=access,
        )


def user_name(deployment: str) -> str:
    """A user's name and id, which must be the same, in small letters, and of its own in the account and Region."""
    own = deployment.lower()
    return own if own == "fairline" else f"fairline-{own}"
