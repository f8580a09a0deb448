"""The stateless stack of a deployment, by the names of its functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stacks.functions import FUNCTIONS, Function
from stacks.stateless.stack import Stateless
from tests.support.synthesis import Synthesised, of_kind

STACK = "Stateless"

Properties = dict[str, Any]


@dataclass(frozen=True)
class Answering:
    """What answers in a deployment."""

    app: Synthesised

    @property
    def stack(self) -> Stateless:
        """The stack itself."""
        return self.app.deployment.stateless

    @property
    def template(self) -> Mapping[str, Any]:
        """Its template."""
        return self.app.templates[STACK]

    def resources(self, kind: str) -> dict[str, Properties]:
        """The properties of every resource of a type by logical id. `kind` without `AWS::`."""
        return of_kind(self.template, kind)

    def only(self, kind: str) -> Properties:
        """The properties of the one resource of a type."""
        (found,) = self.resources(kind).values()
        return found

    def told(self, value: Any) -> str:
        """A value of the template as one text."""
        return self.app.told(STACK, value)

    def function(self, name: str) -> Properties:
        """One function by its name."""
        functions = self.resources("Lambda::Function").values()
        (found,) = [each for each in functions if each["Description"].endswith(f": {name}")]
        return found

    def role(self, name: str) -> list[dict[str, Any]]:
        """The statements of one function's role: there is no other policy of it."""
        reference = self.function(name)["Role"]["Fn::GetAtt"][0]
        (policy,) = self.template["Resources"][reference]["Properties"]["Policies"]
        statements: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
        return statements

    def logical_id(self, name: str) -> str:
        """The logical id of one function."""
        wanted = self.function(name)
        return next(found for found, made in self.resources("Lambda::Function").items() if made is wanted)

    @property
    def deployed(self) -> list[Function]:
        """The functions that there are."""
        return [function for function in FUNCTIONS if function.name in self.stack.functions]

    def invoked(self, value: object) -> str:
        """The name of the function that a value leads to, by itself or by its alias."""
        names = references(value)
        for alias, properties in self.resources("Lambda::Alias").items():
            names |= references(properties["FunctionName"]) if alias in names else set()
        (name,) = [function.name for function in self.deployed if self.logical_id(function.name) in names]
        return name


def references(value: object) -> set[str]:
    """The logical ids of its own template that a value refers to."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    if "Ref" in value:
        return {value["Ref"]}
    return {value["Fn::GetAtt"][0]} if "Fn::GetAtt" in value else references(list(value.values()))
