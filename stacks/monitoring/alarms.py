"""All alarms of a deployment, and those that its profile has."""

from stacks.monitoring.alarm import Alarm
from stacks.monitoring.alarms_of_apis import apis
from stacks.monitoring.alarms_of_functions import functions
from stacks.monitoring.alarms_of_sales import sales
from stacks.monitoring.alarms_of_stores import stores
from stacks.monitoring.watched import Watched


def alarms(watched: Watched) -> list[Alarm]:
    """Those of the profile: `lean` has the essential ones, since each is paid for."""
    everything = [each for part in (sales, apis, stores, functions) for each in part(watched)]
    return [alarm for alarm in everything if alarm.essential or watched.settings.profile != "lean"]
