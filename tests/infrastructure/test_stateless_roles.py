"""Each function's role word by word: what its grants say, of the resources that they mean, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest

from stacks.functions import FUNCTIONS, Function
from stacks.grants import GRANTS, Grant, grants_of
from stacks.stateless.permissions import arns_of
from stacks.tables import TABLES
from tests.support.stateless import Answering
from tests.support.synthesis import listed

Said = tuple[str, set[str], set[str], dict[str, dict[str, list[str]]]]


def arn(of: Answering, service: str, resource: str) -> str:
    return f"arn:<AWS::Partition>:{service}:{of.app.settings.region}:<AWS::AccountId>:{resource}"


def attribute(resource: str, name: str) -> str:
    return f"{resource.removesuffix('>')}.{name}>"


def meant(of: Answering, function: Function) -> dict[str, set[str]]:
    """The ARNs that a word stands for in the grants of a function, from what the stacks tell and functions are told."""
    group = of.told(of.function(function.name)["LoggingConfig"]["LogGroup"])
    failures = of.only("Lambda::EventSourceMapping")["DestinationConfig"]["OnFailure"]["Destination"]
    keys = of.app.templates["Stateful"]["Resources"][table(of, "keys").split(".")[1].removesuffix(">")]["Properties"]
    bucket = attribute(of.app.output("Stateful", "StatusBucket"), "Arn")
    return {
        **dict(tables(of)),
        "keys_encryption": {of.app.told("Stateful", keys["SSESpecification"]["KMSMasterKeyId"])},
        "status": {bucket},
        **{word: {f"{bucket}/{word.partition('/')[2]}"} for word in words() if word.startswith("status/")},
        **{f"sockets:{method}": {sockets(of, method)} for method in ("POST", "DELETE")},
        "cache": cache(of),
        "origin_secret": {of.app.output("Edge", "OriginSecretArn")},
        "failures:notify": {of.told(failures)},
        "logs": {attribute(group, "Arn")},
        "interfaces": {arn(of, "ec2", "*/*")},
        "*": {"*"},
    }


def words() -> set[str]:
    return {grant.resource for function in FUNCTIONS for grant in grants_of(function)}


def table(of: Answering, name: str) -> str:
    return of.app.output("Stateful", f"{name.capitalize()}Table")


def tables(of: Answering) -> Iterator[tuple[str, set[str]]]:
    for each in TABLES:
        if made := table(of, each.name):
            whole = attribute(made, "Arn")
            yield f"table:{each.name}", {whole}
            yield f"stream:{each.name}", {attribute(made, "StreamArn")}
            yield f"streams:{each.name}", {f"{whole}/stream/*"}
            yield from ((f"index:{each.name}/{index}", {f"{whole}/index/{index}"}) for index, _ in each.indexes)


def sockets(of: Answering, method: str) -> str:
    """Of the API that visitors are sent to."""
    host, stage = of.app.output("Edge", "WebSocketUrl").removeprefix("wss://").split("/")
    return arn(of, "execute-api", f"{host.partition('.execute-api')[0]}/{stage}/{method}/@connections/*")


def cache(of: Answering) -> set[str]:
    """The cache that functions are told, and the user that they come as."""
    told = of.function("admit")["Environment"]["Variables"]
    user = of.told(told["REDIS_URL"]).removeprefix("rediss://").partition("@")[0]
    return {
        arn(of, "elasticache", f"replicationgroup:{of.told(told['REDIS_CACHE'])}"),
        arn(of, "elasticache", f"user:{user}"),
    }


def asked(of: Answering, grant: Grant, resources: set[str]) -> Said:
    here = {"partition": "<AWS::Partition>", "region": of.app.settings.region, "account": "<AWS::AccountId>"}
    conditions = {
        operator: {key: [value.format(**here) for value in values] for key, values in keys.items()}
        for operator, keys in grant.conditions.items()
    }
    return grant.effect, set(grant.actions), resources, conditions


def said(of: Answering, statement: dict[str, Any]) -> Said:
    conditions = {
        operator: {key: [of.told(value) for value in listed(values)] for key, values in keys.items()}
        for operator, keys in statement.get("Condition", {}).items()
    }
    resources = {of.told(each) for each in listed(statement["Resource"])}
    return statement["Effect"], set(listed(statement["Action"])), resources, conditions


def test_there_are_grants_for_every_function_and_for_nothing_else() -> None:
    assert GRANTS.keys() == {function.name for function in FUNCTIONS}


def test_a_role_says_what_the_grants_say_of_what_they_mean_and_nothing_else(any_answering: Answering) -> None:
    absent = set() if any_answering.app.settings.sample_backend else {"table:seats"}
    for function in any_answering.deployed:
        known = meant(any_answering, function)
        grants = [grant for grant in grants_of(function) if grant.resource not in absent]
        wanted = [asked(any_answering, grant, known[grant.resource]) for grant in grants]
        assert [said(any_answering, each) for each in any_answering.role(function.name)] == wanted, function.name


def test_a_grant_on_something_unknown_fails_at_synthesis() -> None:
    with pytest.raises(KeyError, match="tabel:onsales"):
        arns_of(Grant("tabel:onsales", ()).resource, {"table:onsales": []})
